/// Names as LaTeX: `ŷ` is \hat{y}, `x₁` x_{1}, `alpha` α; vectors are bold.
package enum SymbolLaTeX {
  /// A symbol: bold where it is a vector.
  package static func symbol(_ symbol: Symbol) -> String {
    name(symbol.name, isBold: symbol.shape.isVector)
  }

  /// A name as LaTeX.
  ///
  /// `z₁^[2]` is z_{1}^{[2]}, `b₁^[3]_new` b_{1,new}^{[3]}, `a₁^[1]⁽³⁾` of example 3 a_{1}^{[1](3)}, `∂L/∂z₁^[2]` a
  /// fraction. Behind one letter `_` lowers what follows; a name of several letters is upright and whole.
  package static func name(_ name: String, isBold: Bool = false) -> String {
    if let (of, by) = derivative(name) {
      return "\\frac{\\partial \(self.name(of))}{\\partial \(self.name(by, isBold: isBold))}"
    }
    var upper = ""
    var own = name
    var behind = ""
    if let cut = name.firstIndex(where: { $0 == "^" || $0 == "⁽" }), cut > name.startIndex {
      own = String(name[..<cut])
      let end = name[cut...].firstIndex(of: "_") ?? name.endIndex
      upper = String(name[cut..<end].compactMap { superscripts[$0] ?? ($0 == "^" ? nil : $0) })
      behind = String(name[end...].drop { $0 == "_" })
    }
    var (base, lowered) = split(own)
    if !behind.isEmpty { lowered.append(behind) }
    let lower = lowered.map { part in
      if part.count == 1 { return letters(part, false) }
      return part.contains(where: \.isLetter) ? "\\text{\(part)}" : part
    }
    return letters(base, isBold) + (lower.isEmpty ? "" : "_{\(lower.joined(separator: ","))}")
      + (upper.isEmpty ? "" : "^{\(upper)}")
  }

  /// The name of a function: σ for `sigmoid`, ReLU for `relu`, as in its formula.
  package static func function(_ name: String, of formula: Expression) -> String {
    if let call = formula.node.call, call.name == name { return call.sign }
    return ElementFunction.named(name)?.spelling.sign ?? self.name(name)
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

  /// The base and what is lowered: subscript characters, digits at the end, and behind one letter what follows `_`.
  private static func split(_ name: String) -> (base: String, lowered: [String]) {
    var base = ""
    var lowered: [String] = []
    for character in name {
      if let plain = subscripts[character] {
        if lowered.isEmpty { lowered.append("") }
        lowered[lowered.count - 1].append(plain)
      } else if character == "_", !lowered.isEmpty || isLetter(base) {
        lowered.append("")
      } else if lowered.isEmpty {
        base.append(character)
      } else {
        lowered[lowered.count - 1].append(character)
      }
    }
    if lowered.isEmpty {
      let digits = base.reversed().prefix { $0.isASCII && $0.isNumber }
      if !digits.isEmpty, digits.count < base.count {
        lowered = [String(digits.reversed())]
        base.removeLast(digits.count)
        if base.last == "_", base.count > 1 { base.removeLast() }
      }
    }
    // w_ and a__b are names of their own, not w and a_b.
    return lowered.contains("") ? (name, []) : (base, lowered)
  }

  /// Whether a base is one letter, or a Greek one spelled out.
  private static func isLetter(_ base: String) -> Bool {
    base.count == 1 && base != "_" || GreekLetters.commandsOfTwins[base] != nil
  }

  private static func letters(_ base: String, _ isBold: Bool) -> String {
    if let command = GreekLetters.commandsOfTwins[base]
      ?? base.first.flatMap({ base.count == 1 ? GreekLetters.commands[$0] : nil })
    {
      return isBold ? "\\boldsymbol{\\\(command)}" : "\\\(command)"
    }
    if base.count == 1, let first = base.first, first != "_" {
      let scalars = Array(String(first).unicodeScalars)
      if let (letter, accent) = accented(first, scalars) {
        return "\\\(accent){\(letters(letter, isBold))}"
      }
      return isBold ? "\\mathbf{\(base)}" : base
    }
    // ΔL is Δ of L.
    if base.first == "Δ" { return "\\Delta \(letters(String(base.dropFirst()), isBold))" }
    let escaped = base.map { character in
      character == "_"
        ? "\\_" : GreekLetters.commands[character].map { "\\\($0) " } ?? String(character)
    }
    return "\\\(isBold ? "mathbf" : "mathrm"){\(escaped.joined())}"
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
}
