import Glibc
import Language
import Syntax

/// A number as somebody printed it: its value and its digits.
///
/// The digits come from the source text: `0.7740` has four decimals, so its unit is 0.0001.
/// Source: LANGUAGE.md §6, "compare".
package struct PrintedNumber {
  package var value: Double
  /// As it stands in the source, without its sign; nil when the number was computed, not written out.
  package var literal: String?

  package init(_ value: Double, literal: String? = nil) {
    self.value = value
    self.literal = literal
  }

  /// As it was written, else in full.
  var text: String {
    literal.map { (value.sign == .minus ? "-" : "") + $0 } ?? Interpreter.plain(value)
  }

  /// The worth of one unit of its last digit.
  package var unit: Double? { literal.map(Self.unit) }

  /// Whether it was written with a point or an exponent.
  var isDecimal: Bool { literal?.contains { $0 == "." || $0 == "e" || $0 == "E" } ?? false }

  /// Whether its last digits are those that the order of a sum may change: more than 12 of them.
  var isBeyondRounding: Bool {
    guard let literal else { return false }
    let mantissa = literal.lowercased().prefix { $0 != "e" }.filter(\.isNumber)
    return mantissa.drop { $0 == "0" }.count > Self.reliableDigits
  }

  private static let reliableDigits = 12

  /// What a number with more digits than that is judged to, relative to the larger of the two.
  package static let tolerance = 1e-12

  /// Whether it is the computed number as far as its digits can tell, where these are more than a sum keeps.
  func agreesBeyondRounding(with computed: Double) -> Bool {
    isBeyondRounding
      && abs(computed - value) <= Self.tolerance * max(abs(computed), abs(value))
  }

  /// The printed numbers of an expression, entry by entry; `values` are its computed entries.
  package static func read(_ expression: ExpressionSyntax?, values: [Double]) -> [PrintedNumber] {
    let literals = expression.map(literals) ?? []
    guard literals.count == values.count else {
      return values.map { PrintedNumber($0) }
    }
    return zip(values, literals).map { PrintedNumber($0, literal: $1) }
  }

  /// The worth of one unit of the last digit of a literal: `1.20e-3` → 0.00001.
  package static func unit(of literal: String) -> Double {
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
