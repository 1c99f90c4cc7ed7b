import Notation

/// How tightly an expression's text binds: an operand that binds less tightly goes in parentheses.
enum Binding: Int, Comparable {
  case conditional, comparison, sum, product, sign, power, postfix, atom

  static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
}

extension Expression {
  /// The formula in the language's syntax: read again, it is the same function.
  package var text: String { TextPrinter(.exact).text(self) }

  /// The formula as text with its decimal numbers written in a style, for reading only.
  package func text(_ style: FormulaStyle) -> String {
    let text = TextPrinter(style).text(self)
    guard style.isDrawn else { return text }
    let drawn = text.replacing("*", with: "·").replacing(")·(", with: ")(")
      .replacing(" - ", with: " − ").replacing("(-", with: "(−")
    return drawn.hasPrefix("-") ? "−" + drawn.dropFirst() : drawn
  }
}

/// Prints expressions as text. One function; the cases are in the order of `Expression.Node`.
struct TextPrinter {
  typealias Printed = (text: String, binding: Binding)

  private let style: FormulaStyle

  init(_ style: FormulaStyle) { self.style = style }

  func text(_ expression: Expression) -> String { print(expression).text }

  /// `place` is that of the number that stands first, where one does.
  func print(_ expression: Expression, _ place: SignPlace = .alone) -> Printed {
    if let positive = withoutSign(expression) {
      return ("-" + signed(positive), .sign)
    }
    switch expression.node {
    case .number(let number): return numeral(number, place)
    case .constant(let constant): return (constant.rawValue, .atom)
    // a₁^[1] has its superscript already.
    case .symbol(let symbol): return (symbol.name, symbol.quantity.isLayered ? .power : .atom)
    case .size(let size): return (size.description, .atom)
    case .index(let name): return (name, .atom)
    case .add(let parts): return sum(parts)
    case .multiply(let parts): return multiply(parts, place)
    case .divide(let a, let b):
      let divisor = operand(b, .sign, b.number == nil ? .alone : .operand)
      return (
        factor(a, place) + "/" + (divisor.hasPrefix("-") ? "(\(divisor))" : divisor), .product
      )
    case .power(let a, let b):
      return (operand(a, .postfix) + "^" + operand(b, .power), .power)
    case .product(let a, let b):
      let sign = a.shape.isVector && b.shape.isVector ? " · " : " @ "
      return (
        (a.isHadamard ? "(\(text(a)))" : operand(a, .product)) + sign + operand(b, .sign), .product
      )
    case .transpose(let a):
      if case .transpose(let v) = a.node, case .vector = v.shape { return call("column", [v]) }
      return (operand(a, .postfix) + "'", .postfix)
    case .function(let function, let a):
      guard let parameter = function.parameter, parameter.value != parameter.standard else {
        return called(expression)
      }
      let value = numeral(parameter.value).text
      let keyword = parameter.standard == nil ? "" : "\(parameter.name) = "
      return ("\(function.name)(\(text(a)), \(keyword)\(value))", .postfix)
    case .extremum, .softmax, .diagonal, .matrixFunction: return called(expression)
    case .arranged(let kind, let parts): return arranged(kind, parts)
    case .reduce(let kind, let a, let axis):
      guard let axis else { return call(kind.rawValue, [a]) }
      return ("\(kind.rawValue)(\(text(a)), axis = \(axis))", .postfix)
    case .identity(let n): return ("eye(\(n))", .postfix)
    case .fill(let number, let shape): return fill(number, shape)
    case .list(let parts): return (list(parts), .atom)
    case .compare(let comparison, let a, let b):
      return ("\(operand(a, .sum)) \(comparison.rawValue) \(operand(b, .sum))", .comparison)
    case .choose(let c, let a, let b):
      // Entry by entry.
      guard c.shape == .scalar else { return call("where", [c, a, b]) }
      return ("if " + text(c) + " { " + text(a) + " } else { " + text(b) + " }", .conditional)
    case .entry(let a, let indices):
      if let (place, size) = expression.oneHot {
        return ("one_hot(\(text(place)), \(size))", .postfix)
      }
      let inside = indices.map { index in
        switch index {
        case .value(let value): text(value)
        case .range(let first, let last): "\(first.text):\(last.text)"
        case .all: ":"
        }
      }
      return (operand(a, .postfix) + "[" + inside.joined(separator: ", ") + "]", .postfix)
    case .position(let kind, let a): return call("argmax", [kind == .max ? a : .negate(a)])
    case .indexSum(let name, let from, let to, let body):
      let range = "for \(name) in \(from):\(to)"
      if case .choose(let taken, let a, let b) = body.node, b.isZero, taken.isTruth {
        return ("sum(\(text(a)) \(range) if \(text(taken)))", .postfix)
      }
      return ("sum(\(text(body)) \(range))", .postfix)
    case .array(let name, let size, let body):
      return ("[\(text(body)) for \(name) in 1:\(size)]", .atom)
    case .call(let name, let orders, let arguments):
      if arguments.count == 1 {
        return call(name + String(repeating: "'", count: orders[0]), arguments)
      }
      let suffix = orders.positions.map(String.init).joined()
      return call(suffix.isEmpty ? name : "\(name)_\(suffix)", arguments)
    case .named(_, let a), .steps(_, let a): return print(a, place)
    }
  }

  private func arranged(_ kind: Arrangement, _ parts: [Expression]) -> Printed {
    var arguments = parts.map { text($0.writtenOperand(of: kind)) }
    switch kind {
    case .reshape(let shape) where !parts[0].shape.isMatrix || !shape.isVector:
      arguments += shape.dimensions.map(\.text)
      return ("reshape(\(arguments.joined(separator: ", ")))", .postfix)
    case .cumsum(let axis?): arguments.append("axis = \(axis)")
    case .windows(let windows): arguments += windows.arguments
    case .overlap(let windows, let shape): arguments += windows.arguments(into: shape)
    default: break
    }
    return ("\(kind.name)(\(arguments.joined(separator: ", ")))", .postfix)
  }

  private func called(_ expression: Expression) -> Printed {
    let name = expression.node.call?.name ?? ""
    let sign = style.isDrawn ? ElementFunction.named(name)?.letter : nil
    return call(sign ?? name, expression.node.children)
  }

  private func call(_ name: String, _ arguments: [Expression]) -> Printed {
    (name + "(" + arguments.map(text).joined(separator: ", ") + ")", .postfix)
  }

  func numeral(_ number: Number, _ place: SignPlace = .alone) -> Printed {
    number.printed(style, place)
  }

  /// The formula behind a minus that stands first and stays there.
  private func withoutSign(_ expression: Expression) -> Expression? {
    isReplaceable(expression.firstNumber) ? nil : expression.withoutSign
  }

  /// Whether a number is written so that another can be put in its place. −1 as a factor is a sign.
  private func isReplaceable(_ number: (value: Number, isFactor: Bool)?) -> Bool {
    guard style.givesPlaces, let number else { return false }
    return !number.isFactor || number.value != .minusOne
  }

  /// An operand, in parentheses where it binds less tightly than `least`.
  private func operand(_ expression: Expression, _ least: Binding, _ place: SignPlace = .alone)
    -> String
  {
    if style.givesPlaces, let number = expression.number, least > .sign {
      return numeral(number, .operand).text
    }
    let (text, binding) = print(expression, place)
    return binding >= least ? text : "(" + text + ")"
  }

  /// What follows a minus: a product as it is, a sum or another minus in parentheses.
  private func signed(_ expression: Expression) -> String {
    let first = expression.firstNumber
    if let first, first.isFactor, isReplaceable(first) {
      return operand(expression, .product, .opening) + numeral(first.value, .closing).text
    }
    let text = operand(expression, .product, .operand)
    return text.hasPrefix("-") ? "(" + text + ")" : text
  }

  /// The first factor of an element-wise product or quotient: a matrix product goes in parentheses
  /// for the reader's sake.
  private func factor(_ expression: Expression, _ place: SignPlace) -> String {
    if case .product = expression.node { return "(" + text(expression) + ")" }
    if case .multiply(let parts) = expression.node, let last = parts.last,
      case .product = last.node
    {
      return "(" + text(expression) + ")"
    }
    return operand(expression, .product, place)
  }

  private func sum(_ parts: [Expression]) -> Printed {
    guard let first = parts.first else { return ("0", .atom) }
    if parts.count == 1 { return print(first) }
    var text = withoutSign(first) == nil ? operand(first, .product) : print(first).text
    for part in parts.dropFirst() {
      if isReplaceable(part.firstNumber) {
        text += " " + operand(part, .product, .term)
      } else if let positive = part.withoutSign {
        text += " - " + signed(positive)
      } else {
        text += " + " + operand(part, .product)
      }
    }
    return (text, .sum)
  }

  private func multiply(_ parts: [Expression], _ place: SignPlace) -> Printed {
    guard let first = parts.first else { return ("1", .atom) }
    if parts.count == 1 { return print(first, place) }
    var text = factor(first, place)
    var shape = first.shape
    for (i, part) in parts.enumerated().dropFirst() {
      let mixes = shape.isVector && part.shape.isMatrix || shape.isMatrix && part.shape.isVector
      // 2*(A x)ᵀ @ A needs no parentheses: scaling the first factor scales the product.
      let isScaledProduct: Bool
      if case .product = part.node {
        isScaledProduct = i == parts.count - 1 && shape == .scalar
      } else {
        isScaledProduct = false
      }
      text += mixes ? " ⊙ " : "*"
      text +=
        style.givesPlaces && part.number != nil
        ? print(part, .operand).text
        : part.number?.isNegative == true
          ? "(\(self.text(part)))" : operand(part, isScaledProduct ? .product : .sign)
      if part.shape != .scalar, !shape.isMatrix { shape = part.shape }
    }
    return (text, .product)
  }

  private func fill(_ number: Number, _ shape: ExpressionShape) -> Printed {
    let sizes = shape.dimensions.map(\.description).joined(separator: ", ")
    if number.isZero { return ("zeros(\(sizes))", .postfix) }
    if number.isOne { return ("ones(\(sizes))", .postfix) }
    let value = numeral(number)
    return ("\(value.binding < .product ? "(\(value.text))" : value.text)*ones(\(sizes))", .product)
  }

  private func list(_ parts: [Expression]) -> String {
    let rows = parts.map { part -> String? in
      guard case .list(let entries) = part.node, part.shape.isVector else { return nil }
      return entries.map(text).joined(separator: ", ")
    }
    let texts = rows.compactMap { $0 }
    if texts.count == parts.count, parts.count > 1 {
      return "[" + texts.joined(separator: "; ") + "]"
    }
    return "[" + parts.map(text).joined(separator: ", ") + "]"
  }
}

extension Expression {
  /// The number that stands first in a product or quotient, or is all of it.
  fileprivate var firstNumber: (value: Number, isFactor: Bool)? {
    switch node {
    case .number(let number): (number, false)
    case .multiply(let parts): parts.first?.number.map { ($0, true) }
    case .divide(let a, _): a.firstNumber.map { ($0.value, true) }
    default: nil
    }
  }
}

extension [Int] {
  /// The arguments that a function is differentiated by, from 1, of the order in every one: 1, 1, 2 of 2 and 1.
  var positions: [Int] {
    enumerated().flatMap { Array(repeating: $0.offset + 1, count: $0.element) }
  }
}

extension Number {
  /// As a person writes it: `3`, `2/3`, `0.5`.
  package var text: String { printed(.exact).text }

  func printed(_ style: FormulaStyle, _ place: SignPlace = .alone) -> TextPrinter.Printed {
    switch self {
    case .fraction(let p, 1) where style.givesPlaces:
      return (style.text(Double(p), place), p < 0 ? .sign : .atom)
    case .real(let value) where style.givesPlaces:
      return (style.text(value, place), value < 0 ? .sign : .atom)
    case .fraction(let p, 1): return ("\(p)", p < 0 ? .sign : .atom)
    case .fraction(let p, let q): return ("\(p)/\(q)", .product)
    case .real(let value):
      if value.isNaN { return ("nan", .atom) }
      if value.isInfinite { return (value < 0 ? "-inf" : "inf", value < 0 ? .sign : .atom) }
      return (style.text(value), value < 0 ? .sign : .atom)
    }
  }
}
