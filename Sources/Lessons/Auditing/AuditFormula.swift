import Calculus
import Language
import MatrixEngine
import Syntax

/// One side of an equality, read: as it was written, and as a formula.
struct AuditFormula {
  /// As it was written, on one line.
  let text: String
  /// With its quantities as names.
  let syntax: ExpressionSyntax
  /// Rounded numbers in it are symbols.
  let expression: Expression
  /// Whether it is made of numbers alone.
  let isNumeric: Bool
  /// Whether `≈` stands before it.
  var isRounded = false
  /// Of one that is: the same with a symbol in the place of each number, in the order of the text.
  var pattern: Expression?

  /// The numbers of one that is nothing but numbers written out: `0.3`, `[1, 2; 3, 4]`.
  var printed: [PrintedNumber]? { isNumeric ? syntax.printedNumbers : nil }

  /// The name that it is, where it is one.
  var name: String? {
    switch syntax.kind {
    case .name(let name): name
    case .parenthesized(let inner):
      AuditFormula(
        text: text, syntax: inner, expression: expression, isNumeric: isNumeric
      ).name
    default: nil
    }
  }
}

extension ExpressionSyntax {
  /// Whether it is nothing but numbers written out.
  var isPrinted: Bool { printedNumbers != nil }

  /// The numbers of one that is.
  var printedNumbers: [PrintedNumber]? {
    var found: [PrintedNumber] = []
    func visit(_ part: ExpressionSyntax, _ sign: Double) -> Bool {
      switch part.kind {
      case .number(let value, let literal):
        found.append(PrintedNumber(sign * value, literal: literal))
        return true
      case .negative(let inner): return visit(inner, -sign)
      case .parenthesized(let inner): return visit(inner, sign)
      case .brackets(let rows): return rows.allSatisfy { $0.allSatisfy { visit($0, sign) } }
      case .prime(let inner), .transpose(let inner):
        // A row is its vector's numbers; of a matrix the order would change.
        guard case .brackets(let rows) = inner.kind, rows.count == 1 else { return false }
        return visit(inner, sign)
      default: return false
      }
    }
    return visit(self, 1) ? found : nil
  }
}

extension AuditFormula {
  /// The symbol of the number that stands at a place among the numbers of a side.
  static func slotName(_ place: Int) -> String { "\u{2060}slot\(place)" }
}

extension PrintedNumber {
  /// Whether it may have been rounded: a decimal of three digits or more.
  var isRounded: Bool {
    guard let literal, isDecimal else { return false }
    let mantissa = literal.lowercased().prefix { $0 != "e" }.filter(\.isNumber)
    return mantissa.drop { $0 == "0" }.count >= 3
  }

  /// Whether it stands for a number: by compare's rule, where that number has more digits than are printed. A whole
  /// number, and a number that the digits hold whole, is what it is; `isRounded` says of a whole one that it is rounded.
  func verdict(of computed: Double, isRounded: Bool = false) -> Verdict {
    if value == computed || agreesBeyondRounding(with: computed)
      || value.isNaN && computed.isNaN
    {
      return .holds
    }
    let difference = abs(computed - value)
    guard difference.isFinite else { return .fails }
    if difference <= 1e-9 * max(abs(computed), abs(value)) { return .holds }
    guard isDecimal || isRounded, let unit else { return .fails }
    let nearest = (computed / unit).rounded() * unit
    let isShort = abs(computed - nearest) <= 1e-9 * max(abs(computed), unit)
    return Verdict(computed: computed, printed: self, closeWithin: isShort ? 0.5 : 1.5)
  }
}

/// Unknown functions as known ones, any that have nothing in common: what holds for them holds for all.
enum StandInFunctions {
  /// The expression with a smooth function in the place of each function of which nothing is known.
  static func standing(in expression: Expression) -> Expression {
    guard expression.parts.contains(where: { if case .call = $0.node { true } else { false } })
    else { return expression }
    let result = try? expression.replacingParts { part in
      guard case .call(let name, let orders, let arguments) = part.node else { return nil }
      let inner = arguments.map(standing)
      return try? value(name, orders, inner)
    }
    return result ?? expression
  }

  /// sin(a·u + b) + c·u², summed over the arguments, with numbers of the name's own; differentiated as asked.
  private static func value(_ name: String, _ orders: [Int], _ arguments: [Expression])
    throws(CalculusError) -> Expression
  {
    let seed = name.unicodeScalars.reduce(7) { ($0 * 31 + Int($1.value)) % 9973 }
    let places = arguments.indices.map { Symbol("u\u{2060}\($0)") }
    var terms: [Expression] = []
    for (place, symbol) in places.enumerated() {
      let own = Double(seed % 89 + 13 * place)
      let inner = try Expression.add([
        .multiply([.number(1.1 + own / 100), .symbol(symbol)]), .number(0.3 + own / 70),
      ])
      terms.append(.function(.sin, inner))
      terms.append(
        try .multiply([.number(0.2 + own / 130), .power(.symbol(symbol), .number(2))]))
    }
    if places.count > 1 { terms.append(try .multiply(places.map { .symbol($0) })) }
    var result: Expression = terms.count == 1 ? terms[0] : try .add(terms)
    for (symbol, order) in zip(places, orders) {
      for _ in 0..<order { result = try result.derivative(by: symbol).expression }
    }
    let map = Dictionary(uniqueKeysWithValues: zip(places, arguments))
    return try result.mapped(map)
  }
}
