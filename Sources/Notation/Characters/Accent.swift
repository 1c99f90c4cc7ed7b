/// A mark on a letter, as in ŷ: the scalar that combines with the letter, and its name, which is its command in LaTeX.
enum Accent {
  static let all: [(name: String, mark: Unicode.Scalar)] = [
    ("hat", "\u{302}"), ("bar", "\u{304}"), ("tilde", "\u{303}"), ("dot", "\u{307}"),
    ("ddot", "\u{308}"), ("vec", "\u{20D7}"), ("check", "\u{30C}"), ("breve", "\u{306}"),
    ("overbar", "\u{305}"), ("underbar", "\u{332}"),
  ]

  /// y and `hat` of ŷ, whether it is one scalar or two; nil for a letter without an accent that LaTeX has.
  static func parts(of character: Character) -> (letter: Character, command: String)? {
    let scalars = character.unicodeScalars
    if scalars.count == 2, let mark = scalars.last, let first = scalars.first,
      let command = commands[mark]
    {
      return (Character(first), command)
    }
    return character.isASCII ? nil : composed[character]
  }

  private static let commands: [Unicode.Scalar: String] = {
    var table: [Unicode.Scalar: String] = [:]
    for (name, mark) in all where name != "underbar" {
      table[mark] = name == "overbar" ? "bar" : name
    }
    return table
  }()

  /// Letters that are one scalar with their mark. A character equals the two scalars that it stands for.
  private static let composed: [Character: (letter: Character, command: String)] = {
    var table: [Character: (letter: Character, command: String)] = [:]
    for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" {
      for (command, mark) in all.prefix(4) {
        table[Character("\(letter)\(Character(mark))")] = (letter, command)
      }
    }
    return table
  }()
}
