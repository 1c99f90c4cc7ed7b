/// Names and words inside a LaTeX formula.
enum LaTeXMath {
  /// A variable: one letter in italics, Greek by its command, accents as `\hat{y}`; longer names
  /// upright.
  static func append(variable name: String, to output: inout String) {
    guard name.count == 1 else { return append(words: name, to: &output) }
    if let (letter, accent) = name.first.flatMap(Accent.parts) {
      output += "\\\(accent){"
      for scalar in letter.unicodeScalars { output += mathematical(scalar) }
      output += "}"
    } else {
      for scalar in name.unicodeScalars { output += mathematical(scalar) }
    }
  }

  /// Figures and single letters, as subscripts have them.
  static func append(indices text: String, to output: inout String) {
    guard !text.utf8.allSatisfy(isFigure) else {
      output += text
      return
    }
    for scalar in text.unicodeScalars { output += mathematical(scalar) }
  }

  /// Words in a formula: figures and brackets as they are, an identifier upright, else `\text`.
  static func append(words text: String, to output: inout String) {
    if text.utf8.allSatisfy(isFigure) {
      output += text
    } else if text.utf8.allSatisfy(isNamePart) {
      output += "\\mathrm{"
      for byte in text.utf8 {
        output += byte == UInt8(ascii: "_") ? "\\_" : String(Character(Unicode.Scalar(byte)))
      }
      output += "}"
    } else if text.unicodeScalars.allSatisfy({ $0.isASCII == false && command(for: $0) != nil }) {
      for scalar in text.unicodeScalars { output += mathematical(scalar) }
    } else {
      output += "\\text{"
      LaTeXText.append(text, to: &output)
      output += "}"
    }
  }

  /// The math-mode command for a character that text fonts lack, or nil.
  static func command(for scalar: Unicode.Scalar) -> String? {
    scalar.isASCII ? nil : commands[scalar]
  }

  /// One character in math mode; a command ends in an empty group, so that letters may follow.
  private static func mathematical(_ scalar: Unicode.Scalar) -> String {
    if let command = command(for: scalar) {
      return command.hasSuffix("}") ? command : command + " "
    }
    switch scalar {
    case "#", "$", "%", "&", "_", "{", "}": return "\\\(scalar)"
    case "\\": return "\\backslash "
    case "~", "^": return "\\text{\(LaTeXText.escaped(String(Character(scalar))))}"
    default: return String(Character(scalar))
    }
  }

  private static func isFigure(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "("), UInt8(ascii: ")"),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: "."),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: ":"):
      true
    default: false
    }
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static let commands: [Unicode.Scalar: String] = {
    var table: [Unicode.Scalar: String] = [:]
    func add(_ character: Character, _ latex: String) {
      if let scalar = character.unicodeScalars.first { table[scalar] = latex }
    }
    for (letter, command) in GreekLetters.commands { add(letter, "\\\(command)") }
    for character in "0123456789+-=()aehijklmnoprstuvx" {
      ScriptCharacters.subscripted("\(character)").map { add(Character($0), "{}_{\(character)}") }
    }
    for character in "0123456789+-=()in" {
      ScriptCharacters.superscripted("\(character)").map { add(Character($0), "{}^{\(character)}") }
    }
    for (sign, latex) in MathSign.commands { add(sign, latex) }
    return table
  }()
}
