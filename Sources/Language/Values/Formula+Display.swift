import Calculus
import Display
import JSONText

/// How a formula is shown: the formula itself, then its shape, why it has it, and what it is a function of.
extension Formula {
  /// In input syntax; what is said of it follows as comments, so that the whole can be pasted into a cell.
  package var text: String {
    ([expressionText] + facts.map { "# \($0)" }).joined(separator: "\n")
  }

  package var bundle: MIMEBundle {
    var bundle = MIMEBundle(plain: text)
    if !isTooLong {
      let remarks = "\n\n\(LaTeXText.escaped(facts.joined(separator: "; ")))"
      let isGradient = if case .gradient = origin { true } else { false }
      let style = FormulaStyle.exact.withTimes(usesTimes)
      let latex = (isGradient ? expression.lying : expression).latex(style)
      bundle.data[MIMEType.latex] = .string("$$\(latexName) = \(latex)$$\(remarks)")
    }
    return bundle
  }

  private var expressionText: String {
    isTooLong
      ? "# a formula of \(Int(min(expression.treeSize, 1e15))) parts, too long to write out"
      : expression.text
  }

  private var isTooLong: Bool { expression.treeSize > 5_000 }

  private var facts: [String] {
    if case .symbol(let symbol) = origin { return ["a symbol: \(symbol.shape.kindText)"] }
    var facts = ["\(expression.shape.sizeText), of \(parameters.kindsText)"]
    if parameters.isEmpty { facts = [expression.shape.sizeText] }
    let outer = outerSymbols
    if !outer.isEmpty { facts[0] += "; with \(outer.kindsText)" }
    if let remark { facts.append(remark) }
    return facts
  }

  /// The left side: `\frac{\partial f}{\partial x}`.
  private var latexName: String {
    switch origin {
    case .symbol(let symbol): SymbolLaTeX.symbol(symbol)
    case .expression(let subject): subject.latex
    case .derivative(let subject, let variables): subject.latexDerivative(variables)
    case .total(let subject, let symbol, _):
      "\\frac{d \(subject.latexFactor)}{d \(SymbolLaTeX.symbol(symbol))}"
    case .gradient(let subject, _): "\\nabla \(subject.latexFactor)"
    case .jacobian(let subjects, let symbols):
      subjects.count == 1 && symbols.count == 1
        ? subjects[0].latexDerivative([.init(symbol: symbols[0])]) : "J"
    case .hessian(let subject, _): "\\nabla^{2} \(subject.latexFactor)"
    }
  }
}

extension Formula.Subject {
  package var latex: String { name.map { SymbolLaTeX.function($0) } ?? expression.latex }

  /// With parentheses, unless it is a name.
  var latexFactor: String {
    name == nil ? "\\left(\(expression.latex)\\right)" : latex
  }

  func latexDerivative(_ variables: [Formula.Variable]) -> String {
    var below = ""
    var powers: [(variable: String, count: Int)] = []
    for variable in variables {
      let text = variable.latex
      if powers.last?.variable == text {
        powers[powers.count - 1].count += 1
      } else {
        powers.append((text, 1))
      }
    }
    for (variable, count) in powers {
      below += "\\partial \(variable)" + (count > 1 ? "^{\(count)}" : "") + " "
    }
    let order = variables.count > 1 ? "^{\(variables.count)}" : ""
    below = below.trimmingSuffix(" ")
    return name == nil
      ? "\\frac{\\partial\(order)}{\(below)} \(latexFactor)"
      : "\\frac{\\partial\(order) \(latex)}{\(below)}"
  }
}

extension Formula.Variable {
  package var latex: String {
    guard !entry.isEmpty else { return SymbolLaTeX.symbol(symbol) }
    let indices = entry.map { index in
      switch index {
      case .value(let value): value.latex
      case .all: ":"
      }
    }
    return "\(SymbolLaTeX.name(symbol.name))_{\(indices.joined(separator: " "))}"
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: Character) -> String {
    last == suffix ? String(dropLast()) : self
  }
}
