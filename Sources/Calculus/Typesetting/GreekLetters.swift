/// Greek letters: the character, its ASCII twin, and its command in LaTeX.
package enum GreekLetters {
  private static let letters: [(character: Character, twin: String, command: String)] =
    [
      ("ε", "epsilon", "varepsilon"), ("φ", "phi", "varphi"), ("ς", "ς", "varsigma"),
      ("ϵ", "ϵ", "epsilon"), ("ϕ", "ϕ", "phi"),
      ("ϑ", "ϑ", "vartheta"), ("ℓ", "ℓ", "ell"),
    ]
    + zip(
      "αβγδζηθικλμνξπρστυχψωΓΔΘΛΞΠΣΦΨΩ",
      [
        "alpha", "beta", "gamma", "delta", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
        "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "chi", "psi", "omega", "Gamma", "Delta",
        "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega",
      ]
    ).map { ($0, $1, $1) }

  /// `\varepsilon` of ε, without the backslash.
  package static let commands: [Character: String] = Dictionary(
    letters.map { ($0.character, $0.command) }, uniquingKeysWith: { first, _ in first })

  /// The command of a letter that is spelled out: `varepsilon` of `epsilon`.
  static let commandsOfTwins: [String: String] = Dictionary(
    letters.map { ($0.twin, $0.command) }, uniquingKeysWith: { first, _ in first })
}
