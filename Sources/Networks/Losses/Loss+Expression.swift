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
  /// m, how many examples there are.
  package static let exampleCount = Expression.size(.name("m"))

  /// The natural logarithm.
  static func ln(_ argument: Expression) -> Expression { .function(.ln, argument) }
}

extension Loss {
  /// What one output changes the loss of one example by, `∂/∂a` of `perOutput` in input notation; nil where the
  /// formula has no derivative.
  package var slopeText: String? {
    (try? perOutput.derivative(by: Symbol("a")))?.expression.text
  }
}
