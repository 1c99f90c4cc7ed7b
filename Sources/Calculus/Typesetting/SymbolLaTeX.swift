/// Names as LaTeX: `ŷ` is \hat{y}, `x₁` x_{1}, `alpha` α; vectors are bold.
package enum SymbolLaTeX {
  /// A symbol: bold where it is a vector.
  package static func symbol(_ symbol: Symbol) -> String {
    name(symbol.name, isBold: symbol.shape.isVector)
  }

  /// A name as LaTeX.
  ///
  /// `z₁^[2]` is z_{1}^{[2]}, `a₁^[1]⁽³⁾` of example 3 a_{1}^{[1](3)}, `∂L/∂z₁^[2]` a fraction.
  package static func name(_ name: String, isBold: Bool = false) -> String {
    if let (of, by) = derivative(name) {
      return "\\frac{\\partial \(self.name(of))}{\\partial \(self.name(by, isBold: isBold))}"
    }
    if let cut = name.firstIndex(where: { $0 == "^" || $0 == "⁽" }), cut > name.startIndex {
      let upper = name[cut...].compactMap { superscripts[$0] ?? ($0 == "^" ? nil : $0) }
      return "\(self.name(String(name[..<cut]), isBold: isBold))^{\(String(upper))}"
    }
    let (base, subscripted) = split(name)
    let body = letters(base, isBold)
    return subscripted.isEmpty ? body : "\(body)_{\(subscripted)}"
  }

  /// The parts of `∂L/∂z`.
  private static func derivative(_ name: String) -> (of: String, by: String)? {
    guard name.first == "∂", let slash = name.firstIndex(of: "/") else { return nil }
    let below = name[name.index(after: slash)...]
    guard below.first == "∂" else { return nil }
    return (String(name[name.index(after: name.startIndex)..<slash]), String(below.dropFirst()))
  }

  private static let superscripts: [Character: Character] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
    "⁹": "9",
    "⁽": "(", "⁾": ")",
  ]

  /// The base and what is lowered: after `_`, subscript characters, digits at the end.
  private static func split(_ name: String) -> (String, String) {
    var base = ""
    var lowered = ""
    var isLowered = false
    for character in name {
      if let plain = subscripts[character] {
        lowered.append(plain)
        isLowered = true
      } else if isLowered {
        lowered.append(character == "_" ? "," : character)
      } else if character == "_", !base.isEmpty {
        isLowered = true
      } else {
        base.append(character)
      }
    }
    if lowered.isEmpty {
      let digits = base.reversed().prefix { $0.isASCII && $0.isNumber }
      if !digits.isEmpty, digits.count < base.count {
        lowered = String(digits.reversed())
        base.removeLast(digits.count)
      }
    }
    let isWord = lowered.count > 1 && lowered.contains { $0.isLetter }
    return (base, isWord ? "\\text{\(lowered)}" : lowered)
  }

  private static func letters(_ base: String, _ isBold: Bool) -> String {
    if let command = greekWords[base] ?? base.first.flatMap({ base.count == 1 ? greek[$0] : nil }) {
      return isBold ? "\\boldsymbol{\\\(command)}" : "\\\(command)"
    }
    if base.count == 1, let first = base.first {
      let scalars = Array(String(first).unicodeScalars)
      if let (letter, accent) = accented(first, scalars) {
        return "\\\(accent){\(letters(letter, isBold))}"
      }
      return isBold ? "\\mathbf{\(base)}" : base
    }
    let escaped = base.replacing("_", with: "\\_")
    return isBold ? "\\mathbf{\(escaped)}" : "\\mathit{\(escaped)}"
  }

  private static func accented(_ character: Character, _ scalars: [Unicode.Scalar])
    -> (String, String)?
  {
    if scalars.count == 2, let accent = accents[scalars[1]] { return (String(scalars[0]), accent) }
    if let hat = hats.firstIndex(of: character) {
      return (
        String(
          plainOfHats[
            plainOfHats.index(
              plainOfHats.startIndex, offsetBy: hats.distance(from: hats.startIndex, to: hat))]),
        "hat"
      )
    }
    return nil
  }

  private static let hats = "âĉêĝĥîĵôŝûŵŷẑ"
  private static let plainOfHats = "aceghijosuwyz"
  private static let accents: [Unicode.Scalar: String] = [
    "\u{302}": "hat", "\u{304}": "bar", "\u{303}": "tilde", "\u{307}": "dot",
  ]
  private static let subscripts: [Character: Character] = [
    "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8",
    "₉": "9", "ᵢ": "i", "ⱼ": "j", "ₖ": "k", "ₙ": "n", "ₘ": "m",
  ]
  private static let greekWords: [String: String] = Dictionary(
    uniqueKeysWithValues: greek.values.map { ($0, $0) })
  private static let greek: [Character: String] = [
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "varphi", "χ": "chi",
    "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Σ": "Sigma",
    "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
  ]
}
