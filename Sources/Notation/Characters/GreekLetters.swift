/// Greek letters: the character and its name, which is its command in LaTeX where LaTeX has one.
package enum GreekLetters {
  /// Every letter, in the order of the alphabet; then variants; then capitals.
  static let all: [(name: String, character: Character)] = pairs(
    """
    alpha=α beta=β gamma=γ delta=δ epsilon=ϵ zeta=ζ eta=η theta=θ iota=ι kappa=κ lambda=λ mu=μ \
    nu=ν xi=ξ omicron=ο pi=π rho=ρ sigma=σ tau=τ upsilon=υ phi=ϕ chi=χ psi=ψ omega=ω \
    varepsilon=ε vartheta=ϑ varkappa=ϰ varpi=ϖ varrho=ϱ varsigma=ς varphi=φ \
    Alpha=Α Beta=Β Gamma=Γ Delta=Δ Epsilon=Ε Zeta=Ζ Eta=Η Theta=Θ Iota=Ι Kappa=Κ Lambda=Λ Mu=Μ \
    Nu=Ν Xi=Ξ Omicron=Ο Pi=Π Rho=Ρ Sigma=Σ Tau=Τ Upsilon=Υ Phi=Φ Chi=Χ Psi=Ψ Omega=Ω
    """)

  /// Letters that look like Latin ones, for which LaTeX has no command.
  private static let withoutCommand = Set<Character>("οΑΒΕΖΗΙΚΜΝΟΡΤΧ")

  /// `\varepsilon` of ε, without the backslash.
  static let commands: [Character: String] = Dictionary(
    all.filter { !withoutCommand.contains($0.character) }.map { ($0.character, $0.name) }
      + [("ℓ", "ell")], uniquingKeysWith: { first, _ in first })

  /// The command of a letter that is spelled out as a name: `alpha`; `epsilon` and `phi` are ε and φ there, as on
  /// keyboards.
  static func command(spelledOut name: String) -> String? { spelledOut[name] }

  private static let spelledOut: [String: String] = {
    var table = ["epsilon": "varepsilon", "phi": "varphi"]
    for (name, character) in all
    where commands[character] != nil && table[name] == nil && !name.hasPrefix("var") {
      table[name] = name
    }
    return table
  }()

  /// How a name is spelled otherwise: `gamma` of γ, `gamma_1` of γ_1.
  package static func twins(of name: String) -> [String] {
    guard let first = name.first, let spelled = all.first(where: { $0.character == first })
    else { return [] }
    let plain = spelled.name.hasPrefix("var") ? String(spelled.name.dropFirst(3)) : spelled.name
    return [plain + name.dropFirst()]
  }

  /// The name among others that is meant by one, which may be spelled otherwise.
  package static func twin(of name: String, among names: [String]) -> String {
    names.contains(name)
      ? name
      : names.first { twins(of: $0).contains(name) || twins(of: name).contains($0) } ?? name
  }

  /// `name=character` after `name=character`.
  static func pairs(_ text: String) -> [(name: String, character: Character)] {
    text.split(separator: " ").compactMap { pair in
      pair.last.map { (String(pair.dropLast(2)), $0) }
    }
  }
}
