import MatrixEngine

/// A calculation line by line, as data: what stands left, what it equals, with numbers, and why.
///
/// Nothing here is rendered; a renderer walks the lines.
package struct Derivation: Sendable {
  package let title: String
  package let sections: [Section]
  /// The result, as it would be without a derivation.
  package let result: Expression

  package init(title: String, sections: [Section], result: Expression) {
    self.title = title
    self.sections = sections
    self.result = result
  }

  package init(title: String, lines: [Line], result: Expression) {
    self.init(title: title, sections: [Section(title: nil, lines: lines)], result: result)
  }

  package var lines: [Line] { sections.flatMap(\.lines) }

  /// The lines for one quantity, where a derivation has several: the derivative by one variable of many.
  package struct Section: Sendable {
    package let title: Quantity?
    package let lines: [Line]

    package init(title: Quantity?, lines: [Line]) {
      self.title = title
      self.lines = lines
    }
  }

  package struct Line: Sendable {
    /// Which part of the method the line belongs to.
    package let step: Step
    package let quantity: Quantity
    /// What the quantity equals, from the definition to the simplest form.
    package let equals: [RightSide]
    /// The last formula with its numbers put in, if there are numbers.
    package let substituted: Expression?
    package let value: Tensor<Double>?
    /// Why, in a sentence.
    package let reason: String
    /// The rule in LaTeX, or empty.
    package let rule: String
    /// `m×n` of a derivative, or the shapes of a product `m×k · k×n`; empty for definitions.
    package let dimensions: String
    /// Whether a vector is typeset as a row here, as slides set gradients and biases.
    package let lies: Bool
  }

  /// The numbers that are put in: values of symbols, and how intermediate values are rounded, if they are.
  package struct Numbers: Sendable {
    package var values: [String: Tensor<Double>]
    package var round: (@Sendable (Double) -> Double)?

    package static let none = Numbers([:])

    package init(
      _ values: [String: Tensor<Double>], round: (@Sendable (Double) -> Double)? = nil
    ) {
      self.values = values
      self.round = round
    }
  }

  /// A part of a calculation; lines of one step stand under its name.
  package struct Step: Hashable, Sendable {
    package let name: String
    package init(_ name: String) { self.name = name }

    /// The function as it is, where it needs no intermediate variables.
    static let function = Step("the function")
    static let define = Step("introduce intermediate variables")
    static let evaluate = Step("calculate")
    static let differentiate = Step("differentiate")
    static let local = Step("differentiate each")
    static let combine = Step("multiply and add")
    static let collect = Step("put the parts together")

    /// Whether its lines are values of functions, not derivatives.
    package var isOfValues: Bool { [.function, .define, .evaluate].contains(self) }
  }

  /// What stands to the left of the first equals sign.
  package enum Quantity: Hashable, Sendable {
    case name(Symbol)
    /// ∂of/∂by, with the indices of an entry.
    case partial(of: Symbol, by: Symbol, entry: [String] = [])
    /// ∂of[i]/∂by[j]
    case partialOfEntry(of: Symbol, [String], by: Symbol, entry: [String])
    /// of[i]
    case entry(of: Symbol, [String])
    /// d of/d by: through all intermediate variables.
    case total(of: Symbol, by: Symbol)
    /// ∂ⁿof/∂by…, n > 1.
    case higher(of: Symbol, by: [Symbol])
    /// ∇of
    case gradient(of: Symbol)
    /// ∇²of: the Hessian.
    case hessian(of: Symbol)
    /// J: the Jacobian of several functions.
    case jacobian
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
    case .partialOfEntry(let of, let own, let by, let entry):
      "∂\(of.name)[\(own.joined(separator: ", "))]/∂\(by.name)"
        + (entry.isEmpty ? "" : "[\(entry.joined(separator: ", "))]")
    case .entry(let of, let own): "\(of.name)[\(own.joined(separator: ", "))]"
    case .total(let of, let by): "d\(of.name)/d\(by.name)"
    case .higher(let of, let by):
      "∂" + Self.superscript(by.count) + of.name + "/"
        + Self.runs(by).map { "∂\($0.symbol.name)" + Self.superscript($0.count) }.joined()
    case .gradient(let of): "∇\(of.name)"
    case .hessian(let of): "∇²\(of.name)"
    case .jacobian: "J"
    }
  }

  private static func entryLaTeX(_ symbol: Symbol, _ indices: [String]) -> String {
    indices.isEmpty
      ? SymbolLaTeX.symbol(symbol)
      : "\(SymbolLaTeX.name(symbol.name))_{\(indices.joined(separator: " "))}"
  }

  private static func superscript(_ count: Int) -> String {
    count == 1 ? "" : ScriptDigits.high(count)
  }

  /// Equal variables one after the other, with how many they are.
  private static func runs(_ symbols: [Symbol]) -> [(symbol: Symbol, count: Int)] {
    var runs: [(symbol: Symbol, count: Int)] = []
    for symbol in symbols {
      if runs.last?.symbol == symbol {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((symbol, 1))
      }
    }
    return runs
  }

  package var latex: String {
    switch self {
    case .name(let symbol): return SymbolLaTeX.symbol(symbol)
    case .partial(let of, let by, let entry):
      let lower = entry.isEmpty ? SymbolLaTeX.symbol(by) : SymbolLaTeX.name(by.name)
      let index = entry.isEmpty ? "" : "_{\(entry.joined(separator: " "))}"
      return "\\frac{\\partial \(SymbolLaTeX.symbol(of))}{\\partial \(lower)\(index)}"
    case .partialOfEntry(let of, let own, let by, let entry):
      return
        "\\frac{\\partial \(Self.entryLaTeX(of, own))}{\\partial \(Self.entryLaTeX(by, entry))}"
    case .entry(let of, let own): return Self.entryLaTeX(of, own)
    case .total(let of, let by):
      return "\\frac{d \(SymbolLaTeX.symbol(of))}{d \(SymbolLaTeX.symbol(by))}"
    case .higher(let of, let by):
      let below = Self.runs(by).map { variable, count in
        "\\partial \(SymbolLaTeX.symbol(variable))" + (count == 1 ? "" : "^{\(count)}")
      }
      return
        "\\frac{\\partial^{\(by.count)} \(SymbolLaTeX.symbol(of))}{\(below.joined(separator: " "))}"
    case .gradient(let of): return "\\nabla \(SymbolLaTeX.symbol(of))"
    case .hessian(let of): return "\\nabla^{2} \(SymbolLaTeX.symbol(of))"
    case .jacobian: return "J"
    }
  }
}

extension Derivation.RightSide {
  package func text(_ style: FormulaStyle = .exact) -> String {
    switch self {
    case .formula(let formula): formula.text(style)
    case .chain(let terms):
      terms.map { $0.map(\.text).joined(separator: " · ") }.joined(separator: " + ")
    case .products(let terms):
      terms.map { term in
        term.count == 1
          ? term[0].text(style)
          : term.map { $0.isFactor ? $0.text(style) : "(\($0.text(style)))" }
            .joined(separator: " · ")
      }.joined(separator: " + ")
    case .derivativeOf(let formula, let by, let entry):
      Self.operatorText(by, entry) + "(\(formula.text(style)))"
    case .sumOfDerivatives(let scale, let index, let size, let formula, let by, let entry):
      Self.scale(scale, { $0.text(style) + "*" }) + "sum("
        + Self.operatorText(by, entry)
        + "(\(formula.text(style))) for \(index) in 1:\(size))"
    }
  }

  package func latex(_ style: FormulaStyle = .exact) -> String {
    switch self {
    case .formula(let formula): formula.latex(style)
    case .chain(let terms):
      terms.map { $0.map(\.latex).joined(separator: " \\, ") }.joined(separator: " + ")
    case .products(let terms):
      terms.map { term in
        term.count == 1
          ? term[0].latex(style)
          : term.map {
            $0.isFactor ? $0.latex(style) : "\\left(\($0.latex(style))\\right)"
          }.joined(separator: " \\cdot ")
      }.joined(separator: " + ")
    case .derivativeOf(let formula, let by, let entry):
      Self.operatorLaTeX(by, entry) + " \\left(\(formula.latex(style))\\right)"
    case .sumOfDerivatives(let scale, let index, let size, let formula, let by, let entry):
      Self.scale(scale, { $0.latex(style) + " " })
        + "\\sum_{\(index)=1}^{\(size)} " + Self.operatorLaTeX(by, entry)
        + " \\left(\(formula.latex(style))\\right)"
    }
  }

  private static func scale(_ scale: Expression?, _ write: (Expression) -> String) -> String {
    guard let scale, scale.number != .one else { return "" }
    return write(scale)
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

extension Expression {
  /// Whether it stands in a product without parentheses.
  fileprivate var isFactor: Bool {
    switch node {
    case .number(let number): number.value >= 0
    case .constant, .symbol, .size, .identity, .fill, .list, .diagonal, .entry: true
    case .transpose(let inner): inner.isFactor
    default: false
    }
  }
}
