import Calculus

/// The names in a loss's definition.
extension Expression {
  private static let shape = ExpressionShape.matrix(.name("m"), .name("k"))
  /// A, the outputs: an example a row.
  package static let outputs = Expression.symbol("A", shape)
  /// Y, the targets.
  package static let targets = Expression.symbol("Y", shape)
  /// a, one output.
  package static let output = Expression.symbol("a")
  /// y, its target.
  package static let target = Expression.symbol("y")
  /// s, the sum of the targets of an example.
  package static let targetSum = Expression.symbol("s")
  /// m, how many examples there are.
  package static let exampleCount = Expression.size(.name("m"))

  /// The natural logarithm.
  static func ln(_ argument: Expression) -> Expression { .function(.ln, argument) }
}

extension Loss {
  /// The loss of m examples with k outputs: of the outputs A and the targets Y, m×k each.
  ///
  /// Throws: `CalculusError.unsupported` for a formula that does more than calculate with numbers.
  static func definition(_ perOutput: Expression) throws(CalculusError) -> Expression {
    let all = try perOutput.mapped([Symbol("a"): .outputs, Symbol("y"): .targets])
    guard case .multiply(let parts) = all.node, parts.count == 2, parts[0].number != nil else {
      return all.sum / .exampleCount
    }
    // A sign stands before the sum.
    return try .divide(.multiply([parts[0], parts[1].sum]), .exampleCount)
  }
}
