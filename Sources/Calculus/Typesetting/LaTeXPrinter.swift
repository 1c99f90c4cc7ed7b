import Notation

extension Expression {
  /// The formula in the LaTeX that MathJax, KaTeX and LaTeX share; products by juxtaposition.
  package var latex: String { latex(.exact) }

  /// The same in a style.
  package func latex(_ style: FormulaStyle) -> String {
    var style = style
    style.usesTimes = style.usesTimes || usesTimes
    return LaTeXPrinter(style).latex(self)
  }
}

extension Expression {
  /// A vector of listed entries as a row, to be typeset lying as gradients are on slides; anything else as it is.
  package var lying: Expression {
    guard shape.isVector, listedEntries != nil, let row = try? Expression.transpose(self) else {
      return self
    }
    return row
  }

  /// Whether this is a condition as such: its value is told behind a second equals sign in brackets only.
  package var isCondition: Bool {
    if case .compare = withoutNames.node { return shape == .scalar }
    return false
  }
}

/// Prints expressions as LaTeX. One function; the cases are in the order of `Expression.Node`.
struct LaTeXPrinter {
  typealias Printed = (text: String, binding: Binding)

  private let style: FormulaStyle

  init(_ style: FormulaStyle) { self.style = style }

  func latex(_ expression: Expression) -> String { print(expression).text }

  func print(_ expression: Expression) -> Printed {
    if let positive = expression.withoutSign {
      return ("-" + signed(positive), .sign)
    }
    switch expression.node {
    case .number(let number): return numeral(number)
    case .constant(let constant): return (constant == .pi ? "\\pi" : "e", .atom)
    case .symbol(let symbol):
      // A^{[2]} has its superscript already: its square needs parentheses.
      return (symbol.written.latex, symbol.quantity.isRaised ? .power : .atom)
    case .size(let size): return (Quantity(name: size.description).latex(), .atom)
    case .index(let name): return (Quantity(name: name).latex(), .atom)
    // A vector joins a matrix as a row.
    case .add(let parts): return sum(expression.shape.isMatrix ? parts.map(\.lying) : parts)
    case .multiply(let parts):
      return multiply(expression.shape.isMatrix ? parts.map(\.lying) : parts)
    case .divide(let a, let b):
      if b.shape != .scalar, a.shape != .scalar {
        return (operand(a, .product) + " \\oslash " + operand(b, .power), .product)
      }
      return ("\\frac{\(latex(a))}{\(latex(b))}", .product)
    case .power(let a, let b): return power(a, b)
    case .product(let a, let b):
      let isDot = a.shape.isVector && b.shape.isVector
      let left = a.isHadamard ? parenthesized(latex(a)) : operand(a, .product)
      return (left + (isDot ? " \\cdot " : " ") + operand(b, .power), .product)
    case .transpose(let a):
      if case .transpose(let v) = a.node, case .vector = v.shape { return print(v) }
      // A row of numbers is written as one.
      if case .list(let entries) = a.node, entries.allSatisfy({ $0.shape == .scalar }) {
        return (
          "\\begin{bmatrix} \(entries.map { latex($0) }.joined(separator: " & ")) \\end{bmatrix}",
          .atom
        )
      }
      if case .matrixFunction(.inverse, let inner) = a.node {
        return (operand(inner, .postfix) + "^{-\\top}", .power)
      }
      return (operand(a, .postfix) + "^{\\top}", .power)
    case .function(let function, let a): return self.function(function, a)
    case .matrixFunction(.inverse, let a): return (operand(a, .postfix) + "^{-1}", .power)
    case .matrixFunction(.pseudoinverse, let a): return (operand(a, .postfix) + "^{+}", .power)
    case .extremum, .softmax, .diagonal, .matrixFunction:
      return call(expression.node.call?.sign ?? "", expression.node.children)
    case .arranged(.cross, let parts):
      return (operand(parts[0], .power) + " \\times " + operand(parts[1], .power), .product)
    case .arranged(let kind, let parts):
      return call(expression.node.call?.sign ?? "", parts.map { $0.writtenOperand(of: kind) })
    case .reduce(let kind, let a, let axis):
      let lowered = axis.map { "_{\($0)}" } ?? ""
      switch kind {
      case .norm: return ("\\left\\lVert \(latex(a)) \\right\\rVert\(lowered)", .postfix)
      case .max, .min: return call("\\\(kind.rawValue)\(lowered)", [a])
      default: return call("\\operatorname{\(kind.rawValue)}\(lowered)", [a])
      }
    case .identity: return ("I", .atom)
    case .fill(let number, let shape): return fill(number, shape)
    case .list(let parts): return list(parts)
    case .compare(let comparison, let a, let b): return compare(comparison, a, b)
    case .choose(let c, let a, let b): return (cases(c, a, b), .conditional)
    case .entry(let a, let indices):
      if let (place, _) = expression.oneHot {
        return ("\\mathbf{e}_{\(latex(place))}", .atom)
      }
      return entry(a, indices)
    case .position(let kind, let a): return call("\\operatorname{arg\(kind.rawValue)}", [a])
    case .indexSum(let name, let from, let to, let body):
      return ("\\sum_{\(name)=\(from)}^{\(to)} \(operand(body, .product))", .sum)
    case .array: return array(expression)
    case .call(let name, let orders, let arguments):
      let function = Quantity(name: name).latex()
      if arguments.count == 1 {
        return call(function + String(repeating: "'", count: orders[0]), arguments)
      }
      return call(orders.positions.map { "\\partial_{\($0)} " }.joined() + function, arguments)
    case .named(_, let a), .steps(_, let a): return print(a)
    }
  }

  private func parenthesized(_ text: String) -> String { "\\left(\(text)\\right)" }

  private func call(_ name: String, _ arguments: [Expression]) -> Printed {
    (name + parenthesized(arguments.map(latex).joined(separator: ", ")), .postfix)
  }

  func numeral(_ number: Number) -> Printed {
    switch number {
    case .fraction(let p, 1): return ("\(p)", p < 0 ? .sign : .atom)
    case .fraction(let p, let q):
      return (p < 0 ? "-\\frac{\(-p)}{\(q)}" : "\\frac{\(p)}{\(q)}", p < 0 ? .sign : .product)
    case .real(let value):
      if value.isNaN { return ("\\text{nan}", .atom) }
      if value.isInfinite { return (value < 0 ? "-\\infty" : "\\infty", value < 0 ? .sign : .atom) }
      let text = style.text(value)
      let parts = text.split(separator: "e")
      if parts.count == 2, let exponent = Int(parts[1]) {
        return ("\(parts[0]) \\cdot 10^{\(exponent)}", .product)
      }
      return (text, value < 0 ? .sign : .atom)
    }
  }

  /// An operand, in parentheses where it binds less tightly; a condition in brackets (Iverson's).
  private func operand(_ expression: Expression, _ least: Binding) -> String {
    let (text, binding) = print(expression)
    if binding >= least { return text }
    if binding == .comparison { return "\\left[\(text)\\right]" }
    return parenthesized(text)
  }

  private func sum(_ parts: [Expression]) -> Printed {
    guard let first = parts.first else { return ("0", .atom) }
    if parts.count == 1 { return print(first) }
    var text = first.withoutSign == nil ? operand(first, .product) : latex(first)
    for part in parts.dropFirst() {
      if let positive = part.withoutSign {
        text += " - " + signed(positive)
      } else {
        text += " + " + operand(part, .product)
      }
    }
    return (text, .sum)
  }

  /// What follows a minus: a product as it is, a sum or another minus in parentheses.
  private func signed(_ expression: Expression) -> String {
    let text = operand(expression, .product)
    return text.hasPrefix("-") ? parenthesized(text) : text
  }

  private func multiply(_ parts: [Expression]) -> Printed {
    guard let first = parts.first else { return ("1", .atom) }
    if parts.count == 1 { return print(first) }
    var text = operand(first, .product)
    var isArray = first.shape != .scalar
    var isWord = first.isWord
    for (i, part) in parts.enumerated().dropFirst() {
      let isProduct: Bool
      switch part.node {
      case .product: isProduct = i == parts.count - 1 && !isArray
      case .divide: isProduct = part.shape == .scalar
      default: isProduct = false
      }
      let next = operand(part, isProduct ? .product : .power)
      let mustSeparate = next.first?.isNumber ?? false
      text +=
        isArray && part.shape != .scalar
        ? (style.usesTimes ? " \\otimes " : " \\odot ")
        : mustSeparate ? " \\cdot " : isWord || part.isWord ? " \\, " : " "
      text += next
      isWord = part.isWord
      isArray = isArray || part.shape != .scalar
    }
    return (text, .product)
  }

  private func power(_ a: Expression, _ b: Expression) -> Printed {
    if case .function(let function, let u) = a.node {
      switch function.spelling.form {
      case .raisedCall:
        guard let n = b.number?.integer, n > 1 else { break }
        return ("\(function.spelling.sign)^{\(n)}" + parenthesized(latex(u)), .power)
      case .exponential: return (parenthesized(latex(a)) + "^{\(latex(b))}", .power)
      default: break
      }
    }
    return (operand(a, .postfix) + "^{\(latex(b))}", .power)
  }

  private func function(_ function: ElementFunction, _ a: Expression) -> Printed {
    switch function.spelling.form {
    case .exponential(let base): return ("\(base)^{\(latex(a))}", .power)
    case .around(let left, let right): return (left + latex(a) + right, .postfix)
    case .call, .raisedCall:
      if let parameter = function.parameter, parameter.standard == nil {
        return call(function.spelling.sign, [a, .number(parameter.value)])
      }
      // A parameter of 0, as the threshold of a step, is the usual one.
      let parameter = function.parameter.flatMap { $0.value.isZero ? nil : $0.value }
      let lowered = parameter.map { "_{\(numeral($0).text)}" } ?? ""
      return call(function.spelling.sign + lowered, [a])
    }
  }

  private func fill(_ number: Number, _ shape: ExpressionShape) -> Printed {
    var lowered = ""
    if case .matrix(let m, let n) = shape {
      if m.isOne { return fillVector(number, "^{\\top}") }
      lowered = "_{\(m) \\times \(n)}"
    }
    return fillVector(number, lowered)
  }

  private func fillVector(_ number: Number, _ suffix: String) -> Printed {
    if number.isZero || number.isOne {
      let digit = number.isZero ? "\\mathbf{0}" : "\\mathbf{1}"
      return (digit + suffix, suffix.hasPrefix("^") ? .power : .atom)
    }
    return ("\(operand(.number(number), .product)) \\mathbf{1}\(suffix)", .product)
  }

  private func list(_ parts: [Expression]) -> Printed {
    let rows = parts.map { part -> String in
      if case .list(let entries) = part.node, part.shape.isVector {
        return entries.map(latex).joined(separator: " & ")
      }
      return part.shape.isVector ? operand(part, .postfix) + "^{\\top}" : latex(part)
    }
    // Fractions of neighbouring rows would touch.
    let end = rows.contains { $0.contains("\\frac") } ? " \\\\[4pt] " : " \\\\ "
    return ("\\begin{bmatrix} \(rows.joined(separator: end)) \\end{bmatrix}", .atom)
  }

  /// A condition; whether two indices are the same is Kronecker's δ.
  private func compare(_ comparison: Comparison, _ a: Expression, _ b: Expression) -> Printed {
    if comparison == .equal, case .index(let i) = a.node {
      switch b.node {
      case .index(let j): return ("\\delta_{\(i) \(j)}", .atom)
      case .number(let j): return ("\\delta_{\(i) \(numeral(j).text)}", .atom)
      default: break
      }
    }
    return (relation(comparison, a, b), .comparison)
  }

  private func relation(_ comparison: Comparison, _ a: Expression, _ b: Expression) -> String {
    "\(operand(a, .sum)) \(sign(comparison)) \(operand(b, .sum))"
  }

  private func cases(_ c: Expression, _ a: Expression, _ b: Expression) -> String {
    var otherwise = "\\text{otherwise}"
    if case .compare(let comparison, let x, let y) = c.node {
      otherwise = relation(comparison.negated, x, y)
    }
    let (first, second) = (latex(a), latex(b))
    let end = (first + second).contains("\\frac") ? "\\\\[4pt]" : "\\\\"
    return
      "\\begin{cases} \(first) & \(latex(c)) \(end) \(second) & \(otherwise) \\end{cases}"
  }

  private func sign(_ comparison: Comparison) -> String {
    switch comparison {
    case .lessOrEqual: "\\le"
    case .greaterOrEqual: "\\ge"
    case .notEqual: "\\ne"
    case .equal: "="
    case .less, .greater: comparison.rawValue
    }
  }

  private func entry(_ a: Expression, _ indices: [EntryIndex]) -> Printed {
    let texts = indices.map { index in
      switch index {
      case .value(let value): latex(value)
      case .range(let first, let last): "\(latex(first.expression)):\(latex(last.expression))"
      case .all: ":"
      }
    }
    let isShort = texts.allSatisfy { $0.count == 1 && $0 != ":" }
    let lowered = texts.joined(separator: isShort ? " " : ", ")
    var base = operand(a, .atom)
    if case .symbol(let symbol) = a.node {
      // An entry of a bold vector is not bold.
      base = symbol.quantity.latex()
    }
    if base.hasSuffix("}"), base.contains("_{") { return ("{\(base)}_{\(lowered)}", .postfix) }
    return ("\(base)_{\(lowered)}", .postfix)
  }

  /// Nested generators as one bracket with its indices.
  private func array(_ expression: Expression) -> Printed {
    var names: [String] = []
    var body = expression
    while case .array(let name, _, let inner) = body.node {
      names.append(name)
      body = inner
    }
    return ("\\left[\(latex(body))\\right]_{\(names.joined(separator: " "))}", .postfix)
  }
}

extension Expression {
  /// Whether it is a name of several letters: beside another one it needs a space.
  fileprivate var isWord: Bool {
    guard case .symbol(let symbol) = node else { return false }
    return symbol.quantity.isWord
  }
}
