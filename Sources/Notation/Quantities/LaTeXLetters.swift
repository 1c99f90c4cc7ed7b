/// Letters and words of names in LaTeX's math mode, beside which a formula's printer puts the spaces.
enum LaTeXLetters {
  /// `\alpha` of α and `alpha`, `\hat{y}` of ŷ, `\Delta L` of ΔL; words are upright.
  static func written(_ base: String, isBold: Bool = false) -> String {
    let character = base.count == 1 ? base.first : nil
    if let command = GreekLetters.command(spelledOut: base)
      ?? character.flatMap({ GreekLetters.commands[$0] })
    {
      return isBold ? "\\boldsymbol{\\\(command)}" : "\\\(command)"
    }
    if let character, character != "_" {
      if let (letter, accent) = Accent.parts(of: character) {
        return "\\\(accent){\(written(String(letter), isBold: isBold))}"
      }
      return isBold ? "\\mathbf{\(base)}" : base
    }
    // ΔL is Δ of L.
    if base.first == "Δ" {
      return "\\Delta \(written(String(base.dropFirst()), isBold: isBold))"
    }
    let escaped = base.map { character in
      character == "_"
        ? "\\_" : GreekLetters.commands[character].map { "\\\($0) " } ?? String(character)
    }
    return "\\\(isBold ? "mathbf" : "mathrm"){\(escaped.joined())}"
  }

  /// Whether a base is one letter, or a Greek one spelled out.
  static func isLetter(_ base: String) -> Bool {
    base.count == 1 && base != "_" || GreekLetters.command(spelledOut: base) != nil
  }

  /// Whether it is set upright, as words are.
  static func isWord(_ base: String) -> Bool { !isLetter(base) && base.first != "Δ" }
}
