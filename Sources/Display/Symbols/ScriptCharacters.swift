/// The characters that Unicode has as subscripts and superscripts.
enum ScriptCharacters {
  private static let subscripts: [Character: Character] = table(
    "0123456789+-=()aehijklmnoprstuvxβγρφχ,", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ,")
  private static let superscripts: [Character: Character] = table(
    "0123456789+-−=()inTabcdefghjklmoprstuvwxyzβγδθ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿᵀᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵝᵞᵟᶿ"
  )
  private static let plainOfSubscript: [Character: Character] = Dictionary(
    subscripts.filter { $0.key != "," }.map { ($0.value, $0.key) }, uniquingKeysWith: { a, _ in a })

  private static func table(_ plain: String, _ raised: String) -> [Character: Character] {
    Dictionary(zip(plain, raised), uniquingKeysWith: { first, _ in first })
  }

  /// The text as Unicode subscripts, or nil where a character has none.
  static func subscripted(_ text: String) -> String? {
    // Indices are nearly always plain digits.
    guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
      return mapped(text, by: subscripts)
    }
    var result = ""
    for digit in text.utf8 {
      result.unicodeScalars.append(lowered(digit &- UInt8(ascii: "0")))
    }
    return result
  }

  /// ₀ to ₉.
  private static func lowered(_ digit: UInt8) -> Unicode.Scalar {
    Unicode.Scalar(0x2080 + UInt32(digit)) ?? "₀"
  }

  /// The text as Unicode superscripts, or nil where a character has none.
  static func superscripted(_ text: String) -> String? { mapped(text, by: superscripts) }

  /// The character that a Unicode subscript stands for, or nil for any other character.
  static func plain(subscript character: Character) -> Character? { plainOfSubscript[character] }

  private static func mapped(_ text: String, by table: [Character: Character]) -> String? {
    var result = ""
    for character in text {
      guard let image = table[character] else { return nil }
      result.append(image)
    }
    return result
  }
}
