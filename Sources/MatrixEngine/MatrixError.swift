/// Why an operation on matrices has no result, with its name and the shapes it was given.
@usableFromInline package enum MatrixError: Error, Hashable, Sendable {
  /// The shapes do not fit the operation: an inner dimension, a broadcast, a concatenation.
  case shapeMismatch(operation: String, left: Shape, right: Shape)
  /// A row or column, counted from 1, that the matrix does not have.
  case outOfRange(operation: String, axis: Axis, index: Int, count: Int)
  /// An operation that needs at least one element was given none.
  case empty(operation: String, shape: Shape)
  /// The result would have more than `Shape.largestCount` elements.
  case tooLarge(operation: String, rows: Int, columns: Int)
  /// A number of rows or columns is negative.
  case negativeSize(operation: String, rows: Int, columns: Int)
  /// A matrix that has no inverse, or none that its digits could tell.
  case singular(operation: String)
  /// The interrupt flag was raised.
  case interrupted(operation: String)

  @usableFromInline package enum Axis: String, Sendable { case row, column }
}

extension MatrixError: CustomStringConvertible {
  /// One line, in the words of the language's messages.
  @usableFromInline package var description: String {
    switch self {
    case .shapeMismatch(let operation, let left, let right):
      "\(operation): the shapes \(left) and \(right) do not fit"
    case .outOfRange(let operation, let axis, let index, let count):
      count == 0
        ? "\(operation): \(axis.rawValue) \(index) does not exist, there are no \(axis.rawValue)s"
        : "\(operation): \(axis.rawValue) \(index) does not exist, valid are 1 to \(count)"
    case .empty(let operation, let shape):
      "\(operation) of a matrix without elements (\(shape))"
    case .tooLarge(let operation, let rows, let columns):
      "\(operation): \(rows)×\(columns) is more than \(Shape.largestCount) elements"
    case .negativeSize(let operation, let rows, let columns):
      "\(operation): a \(rows)×\(columns) matrix does not exist"
    case .singular(let operation):
      "\(operation) of a singular matrix: its columns depend on each other"
    case .interrupted(let operation):
      "\(operation) was interrupted"
    }
  }
}
