import Notation

/// Which scalars make up names, spaces and superscripts.
enum CharacterClass {
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  static func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte == 0x5F }

  static func isASCIIName(_ byte: UInt8) -> Bool { isASCIILetter(byte) || isDigit(byte) }

  /// Whether a name can begin with it: a letter of any script that is no superscript.
  static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x80: return isASCIILetter(UInt8(scalar.value))
    case 0x391...0x3C9: return true
    // ∆, the increment, stands for the letter.
    case 0x2206: return true
    default: break
    }
    guard !isSuperscriptLetter(scalar), !isInvisible(scalar) else { return false }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .letterNumber:
      return true
    default: return false
    }
  }

  /// Whether a name can go on with it: letters, digits, combining marks, subscripts.
  static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x80: return isASCIIName(UInt8(scalar.value))
    case 0x2080...0x208E: return true
    default: break
    }
    if beginsName(scalar) { return true }
    guard !isInvisible(scalar) else { return false }
    switch scalar.properties.generalCategory {
    case .decimalNumber, .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return false
    }
  }

  /// The ASCII digit or sign, or the letter, that stands raised: `²` is `2`, `⁻` is `-`, `ⁿ` is `n`.
  static func raised(_ scalar: Unicode.Scalar) -> Character? {
    guard let plain = ScriptCharacters.plain(superscript: Character(scalar)) else { return nil }
    return "0123456789-+ni()".contains(plain) ? plain : nil
  }

  /// Raised letters (`ᵇ`, `ᵀ`), which are no part of a name.
  static func isSuperscriptLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAA, 0xBA, 0x2B0...0x2B8, 0x2E0...0x2E4, 0x1D2C...0x1D61, 0x1D78, 0x1D9B...0x1DBF,
      0x2071, 0x207F:
      true
    default: false
    }
  }

  /// Marks that show nothing.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.generalCategory == .format
  }

  /// Spaces of any kind, and marks that show nothing, which copied text brings along.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0B, 0x0C, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200B, 0x202F, 0x205F, 0x2060,
      0x3000, 0xFEFF:
      true
    default: false
    }
  }
}
