/// Why an operation on matrices has no result, with its name and the shapes it was given.
@usableFromInline package enum MatrixError: Error, Hashable, Sendable {
  /// The shapes do not fit the operation: an inner dimension, a broadcast, a concatenation.
  case shapeMismatch(operation: String, left: Shape, right: Shape)
  /// An operation that needs at least one element was given none.
  case empty(operation: String, shape: Shape)
  /// The result would have more than `Shape.largestCount` elements.
  case tooLarge(operation: String, shape: Shape)
  /// There is no memory for the result.
  case outOfMemory(operation: String, MemoryRefusal)
  /// The result would have more than `Shape.largestRank` dimensions.
  case tooManyDimensions(count: Int)
  /// A size is negative.
  case negativeSize(operation: String, shape: Shape)
  /// A matrix that has no inverse, or none that its digits could tell.
  case singular(operation: String)
  /// The interrupt flag was raised.
  case interrupted(operation: String)
}

extension MatrixError: CustomStringConvertible {
  /// One line, in the words of the language's messages.
  @usableFromInline package var description: String {
    switch self {
    case .shapeMismatch(let operation, let left, let right):
      "\(operation): the shapes \(left) and \(right) do not fit"
    case .empty(let operation, let shape):
      "\(operation) of a matrix without elements (\(shape))"
    case .tooLarge(let operation, let shape):
      "\(operation): \(shape) is more than \(Shape.largestCount) elements"
    case .outOfMemory(let operation, let refusal): "\(operation): \(refusal)"
    case .tooManyDimensions(let count):
      "an array has at most \(Shape.largestRank) dimensions, not \(count)"
    case .negativeSize(let operation, let shape):
      "\(operation): a \(shape) matrix does not exist"
    case .singular(let operation):
      "\(operation) of a singular matrix: its columns depend on each other"
    case .interrupted(let operation):
      "\(operation) was interrupted"
    }
  }
}
