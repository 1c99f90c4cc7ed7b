/// Why an expression, a derivative or a value does not exist.
package enum CalculusError: Error, Hashable, Sendable {
  /// The shapes of both operands do not fit the operation.
  case shapeMismatch(operation: String, left: ExpressionShape, right: ExpressionShape)
  /// The operation is not defined for this shape.
  case wrongShape(operation: String, shape: ExpressionShape, expected: String)
  /// Two sizes must be equal and one of them is still to be found; `SizeInference` takes these.
  case sizesMustAgree(Dimension, Dimension)
  /// Two values give one size name two sizes.
  case sizeConflict(name: String, first: Int, second: Int)
  /// A name of a derivative or evaluation that the expression does not know.
  case unknownName(String)
  /// A name that has no value where a number is wanted.
  case noValue(name: String)
  /// A value whose shape is not the declared one.
  case valueShape(name: String, declared: ExpressionShape, given: [Int])
  /// An index or range outside its bounds.
  case outOfRange(name: String, index: Int, count: Int)
  /// There is no derivative, with the reason.
  case noDerivative(reason: String, help: String)
  /// The operation cannot be written in this calculus.
  case unsupported(String)
}

extension CalculusError: CustomStringConvertible {
  /// The name of the language's error.
  package var name: String {
    switch self {
    case .shapeMismatch, .wrongShape, .sizesMustAgree, .sizeConflict, .valueShape: "ShapeError"
    case .unknownName, .noValue: "NameError"
    case .outOfRange: "ValueError"
    case .noDerivative: "GradientError"
    case .unsupported: "TypeError"
    }
  }

  /// One line, in the words of the language's messages.
  package var description: String {
    switch self {
    case .shapeMismatch(let operation, let left, let right):
      "\(operation): the shapes \(left) and \(right) do not fit"
    case .wrongShape(let operation, let shape, let expected):
      "\(operation) is given a shape of \(shape), but needs \(expected)"
    case .sizesMustAgree(let first, let second): "the sizes \(first) and \(second) must be equal"
    case .sizeConflict(let name, let first, let second):
      "the size \(name) would be both \(first) and \(second)"
    case .unknownName(let name): "\(name) does not occur"
    case .noValue(let name): "\(name) has no value"
    case .valueShape(let name, let declared, let given):
      "\(name) is declared as \(declared), but its value is "
        + (given.isEmpty ? "a number" : given.map(String.init).joined(separator: "×"))
    case .outOfRange(let name, let index, let count):
      "\(name): index \(index) does not exist, valid are 1 to \(count)"
    case .noDerivative(let reason, _): reason
    case .unsupported(let reason): reason
    }
  }

  /// How to go on, or nil.
  package var help: String? {
    if case .noDerivative(_, let help) = self, !help.isEmpty { return help }
    return nil
  }
}
