/// A calculation line by line, as data: what stands left, what it equals, with numbers, and why.
///
/// Nothing here is rendered; a renderer walks the lines.
package struct Derivation: Sendable {
  package let title: String
  package let lines: [Line]
  /// The result, as it would be without a derivation.
  package let result: Expression

  package struct Line: Sendable {
    /// Which part of the method the line belongs to.
    package let step: Step
    package let quantity: Quantity
    /// What the quantity equals, from the definition to the simplest form.
    package let equals: [RightSide]
    /// The last formula with its numbers put in, if there are numbers.
    package let substituted: Expression?
    package let value: Tensor?
    /// Why, in a sentence.
    package let reason: String
    /// The rule in LaTeX, or empty.
    package let rule: String
    /// `m×n` of a derivative, or the shapes of a product `m×k · k×n`; empty for definitions.
    package let dimensions: String
  }

  /// The parts of the lecture's method, in order.
  package enum Step: String, Sendable {
    case define = "introduce intermediate variables"
    case local = "differentiate each"
    case combine = "multiply and add"
    case substitute = "substitute back and simplify"
  }

  /// What stands to the left of the first equals sign.
  package enum Quantity: Hashable, Sendable {
    case name(Symbol)
    /// ∂of/∂by, with the indices of an entry.
    case partial(of: Symbol, by: Symbol, entry: [String] = [])
    /// d of/d by: through all intermediate variables.
    case total(of: Symbol, by: Symbol)
  }

  /// One thing that a quantity equals.
  package enum RightSide: Sendable {
    case formula(Expression)
    /// A sum of products of derivatives by name: ∂f/∂u · ∂u/∂x + …
    case chain([[Quantity]])
    /// The same with the derivatives put in, not multiplied out.
    case products([[Expression]])
    /// ∂/∂by of a formula.
    case derivativeOf(Expression, by: Symbol, entry: [String])
    /// scale · Σ over an index of ∂/∂by of a formula: the derivative moved inside the sum.
    case sumOfDerivatives(
      scale: Expression?, index: String, size: Dimension, Expression, by: Symbol, entry: [String])
  }
}

extension Derivation.Quantity {
  /// As it is written in text: `u₁`, `∂f/∂x`, `∂y/∂w[j]`, `df/dx`.
  package var text: String {
    switch self {
    case .name(let symbol): symbol.name
    case .partial(let of, let by, let entry):
      "∂\(of.name)/∂\(by.name)" + (entry.isEmpty ? "" : "[\(entry.joined(separator: ", "))]")
    case .total(let of, let by): "d\(of.name)/d\(by.name)"
    }
  }

  package var latex: String {
    switch self {
    case .name(let symbol): return SymbolLaTeX.symbol(symbol)
    case .partial(let of, let by, let entry):
      let lower = entry.isEmpty ? SymbolLaTeX.symbol(by) : SymbolLaTeX.name(by.name)
      let index = entry.isEmpty ? "" : "_{\(entry.joined(separator: " "))}"
      return "\\frac{\\partial \(SymbolLaTeX.symbol(of))}{\\partial \(lower)\(index)}"
    case .total(let of, let by):
      return "\\frac{d \(SymbolLaTeX.symbol(of))}{d \(SymbolLaTeX.symbol(by))}"
    }
  }
}

extension Derivation.RightSide {
  package var text: String {
    switch self {
    case .formula(let formula): formula.text
    case .chain(let terms):
      terms.map { $0.map(\.text).joined(separator: " · ") }.joined(separator: " + ")
    case .products(let terms):
      terms.map { term in
        term.count == 1 ? term[0].text : term.map { "(\($0.text))" }.joined(separator: " · ")
      }.joined(separator: " + ")
    case .derivativeOf(let formula, let by, let entry):
      Derivation.RightSide.operatorText(by, entry) + "(\(formula.text))"
    case .sumOfDerivatives(let scale, let index, let size, let formula, let by, let entry):
      Derivation.RightSide.scaleText(scale) + "sum("
        + Derivation.RightSide.operatorText(by, entry)
        + "(\(formula.text)) for \(index) in 1:\(size))"
    }
  }

  package var latex: String {
    switch self {
    case .formula(let formula): formula.latex
    case .chain(let terms):
      terms.map { $0.map(\.latex).joined(separator: " \\, ") }.joined(separator: " + ")
    case .products(let terms):
      terms.map { term in
        term.count == 1
          ? term[0].latex : term.map { "\\left(\($0.latex)\\right)" }.joined(separator: " \\, ")
      }.joined(separator: " + ")
    case .derivativeOf(let formula, let by, let entry):
      Derivation.RightSide.operatorLaTeX(by, entry) + " \\left(\(formula.latex)\\right)"
    case .sumOfDerivatives(let scale, let index, let size, let formula, let by, let entry):
      (scale.map { $0.number == .one ? "" : $0.latex + " " } ?? "")
        + "\\sum_{\(index)=1}^{\(size)} " + Derivation.RightSide.operatorLaTeX(by, entry)
        + " \\left(\(formula.latex)\\right)"
    }
  }

  private static func scaleText(_ scale: Expression?) -> String {
    guard let scale, scale.number != .one else { return "" }
    return scale.text + "*"
  }

  private static func operatorText(_ by: Symbol, _ entry: [String]) -> String {
    "∂/∂\(by.name)" + (entry.isEmpty ? "" : "[\(entry.joined(separator: ", "))]")
  }

  private static func operatorLaTeX(_ by: Symbol, _ entry: [String]) -> String {
    let lower = entry.isEmpty ? SymbolLaTeX.symbol(by) : SymbolLaTeX.name(by.name)
    let index = entry.isEmpty ? "" : "_{\(entry.joined(separator: " "))}"
    return "\\frac{\\partial}{\\partial \(lower)\(index)}"
  }
}
