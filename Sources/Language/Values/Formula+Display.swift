import Calculus
import Display
import JSONText
import Notation

/// How a formula is shown: the formula itself, then its shape, why it has it, and what it is a function of.
extension Formula {
  /// In input syntax; what is said of it follows as comments, so that the whole can be pasted into a cell.
  package var text: String {
    ([expressionText] + facts.map { "# \($0)" }).joined(separator: "\n")
  }

  package var bundle: MIMEBundle {
    var bundle = MIMEBundle(plain: text)
    if !isTooLong {
      let facts = facts
      let remarks =
        facts.isEmpty ? "" : "\n\n\(LaTeXText.inline(facts.joined(separator: "; ")))"
      let isGradient = if case .gradient = origin { true } else { false }
      let style = FormulaStyle.exact.withTimes(usesTimes)
      let latex = (isGradient ? expression.lying : expression).latex(style)
      // What was typed is not its own equal in another order.
      let name = latexName
      let isTyped = if case .expression = origin { name.sorted() == latex.sorted() } else { false }
      bundle.data[MIMEType.latex] = .string(
        (isTyped ? "$$\(name)$$" : Self.displayed(name, latex)) + remarks)
    }
    return bundle
  }

  /// Name and formula, in several rows where a page has no room for one.
  private static func displayed(_ name: String, _ formula: String) -> String {
    let whole = "\(name) = \(formula)"
    guard LaTeXWidth.columns(of: whole) > AlignedRows.pageWidth else { return "$$\(whole)$$" }
    var rows = AlignedRows()
    rows.append(chain: [name, formula])
    return rows.latex
  }

  private var expressionText: String {
    isTooLong
      ? "# a formula of \(Int(min(expression.treeSize, 1e15))) parts, too long to write out"
      : expression.text
  }

  private var isTooLong: Bool { expression.treeSize > 5_000 }

  private var facts: [String] {
    if case .symbol(let symbol) = origin { return ["a symbol: \(symbol.kindText)"] }
    let outer = outerSymbols
    var facts: [String] = []
    if !isPlainlyNumbers(parameters + outer) {
      facts.append(expression.shape.sizeText)
      if !parameters.isEmpty { facts[0] += ", of \(parameters.kindsText)" }
      if !outer.isEmpty { facts[0] += "; with \(outer.kindsText)" }
    }
    if let remark { facts.append(remark) }
    return facts
  }

  /// Whether it is a number of numbers that all stand in it, which is no news.
  private func isPlainlyNumbers(_ symbols: [Symbol]) -> Bool {
    let seen = Set(expression.symbols)
    return expression.shape == .scalar && !symbols.isEmpty
      && symbols.allSatisfy { $0.shape == .scalar && $0.structure == nil && seen.contains($0) }
  }

  /// The left side: `\frac{\partial f}{\partial x}`.
  private var latexName: String {
    switch origin {
    case .symbol(let symbol): symbol.written.latex
    case .expression(let subject): subject.latex
    case .derivative(let subject, let variables): subject.latexDerivative(variables)
    case .total(let subject, let symbol, _):
      Written.derivative(of: subject.factor, by: [symbol.written], .total).latex
    case .gradient(let subject, _): "\\nabla \(subject.factor.latex)"
    case .jacobian(let subjects, let symbols):
      subjects.count == 1 && symbols.count == 1
        ? subjects[0].latexDerivative([.init(symbol: symbols[0])]) : "J"
    case .hessian(let subject, _): "\\nabla^{2} \(subject.factor.latex)"
    }
  }
}

extension Formula.Subject {
  package var latex: String {
    name.map { SymbolLaTeX.function($0, of: expression) } ?? expression.latex
  }

  /// With parentheses, unless it is a name.
  var factor: Written {
    name.map { Written(text: $0, latex: latex) } ?? expression.written().parenthesized
  }

  func latexDerivative(_ variables: [Formula.Variable]) -> String {
    let by = variables.map(\.written)
    return name == nil
      ? "\(Written.derivative(of: nil, by: by).latex) \(factor.latex)"
      : Written.derivative(of: factor, by: by).latex
  }
}

extension Formula.Variable {
  package var written: Written {
    entry.isEmpty
      ? symbol.written
      : .entry(
        symbol.quantity,
        entry.map { index in
          switch index {
          case .value(let value): value.written()
          case .range(let first, let last):
            Written(text: "\(first):\(last)", latex: "\(first):\(last)")
          case .all: Written(text: ":", latex: ":")
          }
        })
  }
}
