import MatrixEngine

/// Why an expression, a derivative or a value does not exist.
package enum CalculusError: Error, Hashable, Sendable {
  /// The shapes of both operands do not fit the operation.
  case shapeMismatch(operation: String, left: ExpressionShape, right: ExpressionShape)
  /// A vector beside an n×1 matrix, element by element: entry by entry or every pair?
  case columnMeetsVector
  /// The operation is not defined for this shape.
  case wrongShape(operation: String, shape: ExpressionShape, expected: String)
  /// Two sizes must be equal and one of them is still to be found; `SizeInference` takes these.
  case sizesMustAgree(Dimension, Dimension)
  /// One size would have to be two.
  case sizesDiffer(name: String, first: Dimension, second: Dimension)
  /// A name of a derivative or evaluation that the expression does not know.
  case unknownName(String)
  /// A name that has no value where a number is wanted.
  case noValue(name: String)
  /// A value whose shape is not the declared one.
  case valueShape(name: String, declared: ExpressionShape, given: [Int])
  /// An index or range outside its bounds.
  case outOfRange(name: String, index: Int, count: Int)
  /// An argument outside the domain of a function, or of its derivative.
  case outsideDomain(DomainViolation)
  /// A matrix without an inverse, where the operation needs one.
  case singular(operation: String)
  /// A matrix to the power −1: the inverse, or the reciprocals of its entries?
  case inverseMeant(matrix: String, reciprocals: String)
  /// There is no derivative, with the reason.
  case noDerivative(reason: String, help: String)
  /// A value of these sizes would have more entries than an array may have.
  case tooLarge([Int])
  /// There is no memory for a value.
  case outOfMemory(MemoryRefusal)
  /// Somebody has asked the computation to stop.
  case interrupted
  /// The operation cannot be written in this calculus.
  case unsupported(String)
}

/// A function that was given an argument outside its domain, or where it has no derivative.
package struct DomainViolation: Hashable, Sendable {
  package let function: String
  package let argument: Double
  /// Whether it is the derivative that is asked for.
  package var isOfSlope = false
  /// Whether there is a value, but no derivative.
  var isAtBound = false
  /// The arguments that it takes: `x >= 0`.
  let needs: String
  /// Whether the function is a power, whose name has an x already.
  var isPower = false
}

extension CalculusError: CustomStringConvertible {
  /// The name of the language's error.
  package var name: String {
    switch self {
    case .shapeMismatch, .columnMeetsVector, .wrongShape, .sizesMustAgree, .sizesDiffer,
      .valueShape:
      "ShapeError"
    case .unknownName, .noValue: "NameError"
    case .outOfRange: "ValueError"
    case .outsideDomain, .singular: "DomainError"
    case .noDerivative: "GradientError"
    case .outOfMemory, .tooLarge: "LimitError"
    case .interrupted: "InterruptError"
    case .inverseMeant, .unsupported: "TypeError"
    }
  }

  /// One line, in the words of the language's messages.
  package var description: String {
    switch self {
    case .shapeMismatch(let operation, let left, let right):
      "\(operation): the shapes \(left.messageText) and \(right.messageText) do not fit"
    case .columnMeetsVector: "a vector and a column (n×1) do not mix element by element"
    case .wrongShape(let operation, let shape, let expected):
      "\(operation) is given \(shape.sizeText), but needs \(expected)"
    case .sizesMustAgree(let first, let second): "the sizes \(first) and \(second) must be equal"
    case .sizesDiffer(let name, let first, let second):
      "the size \(name) would be both \(first) and \(second)"
    case .unknownName(let name): "\(name) does not occur"
    case .noValue(let name): "\(name) has no value"
    case .valueShape(let name, let declared, let given):
      "\(name) is \(declared.sizeText) here, but its value is "
        + (given.isEmpty
          ? "a number"
          : given.count == 1
            ? "a vector of \(given[0])" : given.map(String.init).joined(separator: "×"))
    case .outOfRange(let name, let index, let count):
      "\(name): index \(index) does not exist, "
        + (count == Int.max ? "indices begin at 1" : "valid are 1 to \(count)")
    case .outsideDomain(let violation):
      violation.isPower
        ? "\(violation.function) needs \(violation.needs)"
        : violation.isAtBound
          ? "\(violation.function) has no derivative at \(Number(violation.argument).text)"
          : "\(violation.function) of \(Number(violation.argument).text) is not a real number"
    case .singular(let operation):
      "\(operation) of a singular matrix: its columns depend on each other"
    case .inverseMeant: "the power -1 of a matrix could mean two things"
    case .noDerivative(let reason, _): reason
    case .tooLarge(let sizes):
      "\(sizes.map(String.init).joined(separator: "×")) is more than \(Shape.largestCount) entries"
    case .outOfMemory(let refusal): refusal.description
    case .interrupted: "it was interrupted"
    case .unsupported(let reason): reason
    }
  }

  /// How to go on, or nil.
  package var help: String? {
    switch self {
    case .noDerivative(_, let help) where !help.isEmpty: help
    case .columnMeetsVector:
      "entry by entry: column(v) beside the column; every pair: v'; a vector of one entry is v: vector(1)"
    case .inverseMeant(let matrix, let reciprocals):
      "inv(\(matrix)) is the inverse matrix, \(reciprocals) has the reciprocal of every entry"
    case .outsideDomain(let violation):
      "\(violation.function)\(violation.isOfSlope ? "'" : "")(x) needs \(violation.needs)"
    default: nil
    }
  }
}
