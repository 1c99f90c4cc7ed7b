/// The characters that Unicode has as subscripts and superscripts.
package enum ScriptCharacters {
  private static let subscripts = table(
    "0123456789+-=()aehijklmnoprstuvxβγρφχ,", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ,")
  private static let superscripts = table(
    "0123456789+-−=()inTabcdefghjklmoprstuvwxyzβγδθ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿᵀᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵝᵞᵟᶿ")
  private static let plainOfSubscript = inverse(subscripts.filter { $0.key != "," })
  private static let plainOfSuperscript = inverse(superscripts.filter { $0.key != "−" })

  private static func table(_ plain: String, _ moved: String) -> [Character: Character] {
    Dictionary(zip(plain, moved), uniquingKeysWith: { first, _ in first })
  }

  private static func inverse(_ table: [Character: Character]) -> [Character: Character] {
    Dictionary(table.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
  }

  /// The text as Unicode subscripts, or nil where a character has none.
  package static func subscripted(_ text: String) -> String? {
    // Indices are nearly always plain digits.
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard text.utf8.allSatisfy(digits.contains) else { return mapped(text, by: subscripts) }
    var result = ""
    for digit in text.utf8 {
      result.unicodeScalars.append(
        Unicode.Scalar(0x2080 + UInt32(digit - digits.lowerBound)) ?? "₀")
    }
    return result
  }

  /// The text as Unicode superscripts, or nil where a character has none.
  package static func superscripted(_ text: String) -> String? { mapped(text, by: superscripts) }

  /// 12 → "₁₂".
  package static func low(_ number: Int) -> String { subscripted("\(number)") ?? "\(number)" }

  /// 12 → "¹²".
  package static func high(_ number: Int) -> String { superscripted("\(number)") ?? "\(number)" }

  /// The character that a Unicode subscript stands for, or nil for any other character.
  package static func plain(subscript character: Character) -> Character? {
    character.isASCII ? nil : plainOfSubscript[character]
  }

  /// The character that a Unicode superscript stands for, or nil for any other character.
  package static func plain(superscript character: Character) -> Character? {
    character.isASCII ? nil : plainOfSuperscript[character]
  }

  private static func mapped(_ text: String, by table: [Character: Character]) -> String? {
    var result = ""
    for character in text {
      guard let image = table[character] else { return nil }
      result.append(image)
    }
    return result
  }
}
