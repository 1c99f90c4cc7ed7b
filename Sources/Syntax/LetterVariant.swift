/// Other forms of letters, which read as the letter: ϵ is ε, µ is μ, 𝑥 is x, 𝐖 is W, 𝜕 is ∂; what is printed as one
/// form and pasted from there reads as its letters, ﬁ is fi.
enum LetterVariant {
  /// The letters that a scalar is a form of; nil for one that is itself.
  static func letters(_ scalar: Unicode.Scalar) -> String? {
    ligatures[scalar] ?? plain(scalar).map { String(Character($0)) }
  }

  private static let ligatures: [Unicode.Scalar: String] = [
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
  ]

  /// The letter (or digit, or sign) that a scalar is a form of; nil for one that is itself.
  static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0..<0xB5: nil
    case 0x1D400...0x1D7FF: mathematical(scalar.value).map(greek)
    default: single[scalar]
    }
  }

  private static func greek(_ scalar: Unicode.Scalar) -> Unicode.Scalar { single[scalar] ?? scalar }

  private static let single: [Unicode.Scalar: Unicode.Scalar] = [
    "\u{B5}": "μ", "ϵ": "ε", "ϕ": "φ", "ϑ": "θ", "ϱ": "ρ", "ϰ": "κ", "ϖ": "π", "ϴ": "Θ", "∆": "Δ",
    "ϐ": "β", "ϒ": "Υ", "ϲ": "ς", "Ϲ": "Σ", "ℼ": "π", "ℽ": "γ", "ℾ": "Γ", "ℿ": "Π", "ſ": "s",
    // Letters of the mathematical alphabets that stood elsewhere before.
    "ℎ": "h", "ℬ": "B", "ℰ": "E", "ℱ": "F", "ℋ": "H", "ℐ": "I", "ℒ": "L", "ℳ": "M", "ℛ": "R",
    "ℯ": "e", "ℊ": "g", "ℴ": "o", "ℭ": "C", "ℌ": "H", "ℑ": "I", "ℜ": "R", "ℨ": "Z", "ℂ": "C",
    "ⅅ": "D", "ⅆ": "d", "ⅇ": "e", "ⅈ": "i", "ⅉ": "j", "ℏ": "ħ", "ℹ": "i",
    "ℍ": "H", "ℕ": "N", "ℙ": "P", "ℚ": "Q", "ℝ": "R", "ℤ": "Z",
  ]

  /// The alphabets lie one behind the other, in the order of the letters.
  private static func mathematical(_ value: UInt32) -> Unicode.Scalar? {
    switch value {
    case 0x1D400...0x1D6A3:
      let letter = (value - 0x1D400) % 52
      return Unicode.Scalar(letter < 26 ? 0x41 + letter : 0x61 + letter - 26)
    case 0x1D6A4: return "ı"
    case 0x1D6A5: return "ȷ"
    case 0x1D7CA: return "Ϝ"
    case 0x1D7CB: return "ϝ"
    case 0x1D6A8...0x1D7C9:
      return greekOrder[Int(value - 0x1D6A8) % greekOrder.count]
    case 0x1D7CE...0x1D7FF: return Unicode.Scalar(0x30 + (value - 0x1D7CE) % 10)
    default: return nil
    }
  }

  private static let greekOrder = Array(
    "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ".unicodeScalars)
}
