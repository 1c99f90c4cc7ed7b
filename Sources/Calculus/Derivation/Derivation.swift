import MatrixEngine
import Notation

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
    package let title: LeftSide?
    package let lines: [Line]

    package init(title: LeftSide?, lines: [Line]) {
      self.title = title
      self.lines = lines
    }
  }

  package struct Line: Sendable {
    /// Which part of the method the line belongs to.
    package let step: Step
    package let quantity: LeftSide
    /// What the quantity equals, from the definition to the simplest form.
    package let equals: [RightSide]
    /// The last formula with its numbers put in, if there are numbers.
    package let substituted: Expression?
    /// The numbers that the symbols of the last formula have, in the order of their appearance.
    package let numbers: [(symbol: Symbol, value: Tensor<Double>)]
    package let value: Tensor<Double>?
    /// Why, in a sentence.
    package let reason: SymbolText
    /// The rule in LaTeX, or empty.
    package let rule: String
    /// `m×n` of a derivative, or the shapes of a product `m×k · k×n`; empty for definitions.
    package let dimensions: String
    /// Whether a vector is typeset as a row here, as slides set gradients and biases.
    package let lies: Bool

    /// The numbers of the last formula by the names that have them.
    package var operands: [String: Tensor<Double>] {
      Dictionary(
        numbers.map { ($0.symbol.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
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
  package enum LeftSide: Hashable, Sendable {
    case name(Symbol)
    /// ∂of/∂by, with the indices of an entry.
    case partial(of: Symbol, by: Symbol, entry: [String] = [])
    /// ∂of[i]/∂by[j]
    case partialOfEntry(of: Symbol, [String], by: Symbol, entry: [String])
    /// of[i]
    case entry(of: Symbol, [String])
    /// d of: its change when the variable changes.
    case differential(of: Expression)
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
    case chain([[LeftSide]])
    /// The same with the derivatives put in, not multiplied out.
    case products([[Expression]])
    /// ∂/∂by of a formula.
    case derivativeOf(Expression, by: Symbol, entry: [String])
    /// scale · Σ over an index of ∂/∂by of a formula: the derivative moved inside the sum.
    case sumOfDerivatives(
      scale: Expression?, index: String, size: Dimension, Expression, by: Symbol, entry: [String])
  }
}

extension Derivation.LeftSide {
  /// As it is written: `u₁`, `∂f/∂x`, `∂y/∂w[j]`, `df/dx`.
  package var written: Written {
    switch self {
    case .name(let symbol): symbol.written
    case .partial(let of, let by, let entry): .derivative(of: of.written, by: [by.written(entry)])
    case .partialOfEntry(let of, let own, let by, let entry):
      .derivative(of: of.written(own), by: [by.written(entry)])
    case .entry(let of, let own): of.written(own)
    case .differential(let of):
      Written(text: "d", latex: "d ")
        + (of.node.children.isEmpty ? of.written() : of.written().parenthesized)
    case .total(let of, let by): .derivative(of: of.written, by: [by.written], .total)
    case .higher(let of, let by): .derivative(of: of.written, by: by.map(\.written))
    case .gradient(let of): Written(text: "∇", latex: "\\nabla ") + of.written
    case .hessian(let of): Written(text: "∇²", latex: "\\nabla^{2} ") + of.written
    case .jacobian: Written(text: "J", latex: "J")
    }
  }
}

extension Derivation.RightSide {
  package func written(_ style: FormulaStyle = .exact) -> Written {
    switch self {
    case .formula(let formula): return formula.written(style)
    case .chain(let terms):
      return terms.map {
        $0.map(\.written).joined(Written(text: " · ", latex: " \\, "))
      }.joined(.plus)
    case .products(let terms):
      return terms.map { term in
        term.map { factor in
          term.count == 1 || factor.isFactor
            ? factor.written(style) : factor.written(style).parenthesized
        }.joined(Written(text: " · ", latex: " \\cdot "))
      }.joined(.plus)
    case .derivativeOf(let formula, let by, let entry):
      return Self.derivative(of: formula, by, entry, style)
    case .sumOfDerivatives(let scale, let index, let size, let formula, let by, let entry):
      let inner = Self.derivative(of: formula, by, entry, style)
      let sum = Written(
        text: "sum(\(inner.text) for \(index) in 1:\(size))",
        latex: "\\sum_{\(index)=1}^{\(size)} \(inner.latex)")
      guard let scale, scale.number != .one else { return sum }
      return scale.written(style) + Written(text: "*", latex: " ") + sum
    }
  }

  /// ∂/∂by(formula)
  private static func derivative(
    of formula: Expression, _ by: Symbol, _ entry: [String], _ style: FormulaStyle
  ) -> Written {
    .derivative(of: nil, by: [by.written(entry)]) + Written(text: "", latex: " ")
      + formula.written(style).parenthesized
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
