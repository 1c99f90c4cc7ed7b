import Glibc
import Syntax

/// A number as somebody printed it: its value and the worth of one unit of its last digit.
///
/// The digits come from the source text: `0.7740` has four decimals, so its unit is 0.0001.
/// Source: LANGUAGE.md §6, "compare".
struct PrintedNumber {
  var value: Double
  /// nil when the number was computed, not written out.
  var unit: Double?
  /// Whether it was written with a point or an exponent.
  var isDecimal: Bool

  /// The printed numbers of an expression, entry by entry; `values` are its computed entries.
  static func read(_ expression: ExpressionSyntax?, values: [Double]) -> [PrintedNumber] {
    let literals = expression.map(literals) ?? []
    guard literals.count == values.count else {
      return values.map { PrintedNumber(value: $0, unit: nil, isDecimal: false) }
    }
    return zip(values, literals).map { value, literal in
      guard let literal else { return PrintedNumber(value: value, unit: nil, isDecimal: false) }
      return PrintedNumber(
        value: value, unit: unit(of: literal),
        isDecimal: literal.contains { $0 == "." || $0 == "e" || $0 == "E" })
    }
  }

  /// The worth of one unit of the last digit of a literal: `1.20e-3` → 0.00001.
  static func unit(of literal: String) -> Double {
    let parts = literal.lowercased().split(separator: "e", maxSplits: 1)
    let mantissa = parts.first ?? ""
    let decimals =
      mantissa.firstIndex(of: ".").map { mantissa.distance(from: $0, to: mantissa.endIndex) - 1 }
      ?? 0
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return pow(10, Double(exponent - decimals))
  }

  /// The literals of a number, a vector or a matrix that is written out; nil for an entry that is computed.
  private static func literals(_ expression: ExpressionSyntax) -> [String?] {
    switch expression.kind {
    case .number(_, let literal): [literal]
    case .negative(let inner), .parenthesized(let inner): literals(inner)
    case .prime(let inner), .transpose(let inner): literals(inner)
    case .brackets(let rows): rows.flatMap { $0.flatMap(literals) }
    default: [nil]
    }
  }

  /// Whether an expression is made of literals and operators alone.
  static func isLiteral(_ expression: ExpressionSyntax) -> Bool {
    switch expression.kind {
    case .number: true
    case .negative(let inner), .parenthesized(let inner): isLiteral(inner)
    case .power(let a, let b), .juxtaposition(let a, let b): isLiteral(a) && isLiteral(b)
    case .chain(let first, let links):
      isLiteral(first) && links.allSatisfy { isLiteral($0.operand) }
    case .brackets(let rows): rows.allSatisfy { $0.allSatisfy(isLiteral) }
    case .call(let callee, let arguments):
      // A function of literals, such as ln(0.7740), is as much a calculation on the slide as a sum.
      if case .name = callee.kind {
        arguments.allSatisfy { argument in
          if case .positional(let expression) = argument { isLiteral(expression) } else { false }
        }
      } else {
        false
      }
    default: false
    }
  }
}
