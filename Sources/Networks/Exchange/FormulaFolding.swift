import Calculus
import MatrixEngine

extension Expression {
  /// The number that a formula without symbols is; nil of one that has some, or is no single number.
  var constant: Double? {
    guard shape == .scalar, symbols.isEmpty, freeIndices.isEmpty else { return nil }
    return (try? value(at: [:], sizes: [:]))?.storage.first
  }

  /// What an entry-by-entry function is where a format has no name for it: its formula, of its argument.
  static func writtenOut(
    _ function: ElementFunction, of argument: Expression,
    by own: [ElementFunction: Expression] = [:]
  ) throws(CalculusError) -> Expression? {
    if let formula = own[function] { return try formula.mapped([Symbol("u"): argument]) }
    return try function.writtenOut(argument)
  }
}

/// Why a formula cannot be written in a format.
struct UnwritableFormula: Error {
  /// The part that has no form there, in the language's notation.
  let part: String

  init(_ expression: Expression) {
    let text = expression.text
    part = text.count <= 60 ? text : "\(text.prefix(58))…"
  }
}
