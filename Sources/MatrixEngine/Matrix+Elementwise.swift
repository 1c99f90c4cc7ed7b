/// How many elements are computed between two looks at the interrupt flag.
@usableFromInline let pollingStride = 1 << 15

extension Matrix {
  /// The function of every element.
  ///
  /// Throws: `MatrixError.interrupted`.
  @inlinable
  package func map(
    operation: String = "map", interrupt: InterruptFlag? = nil, _ function: (Scalar) -> Scalar
  ) throws(MatrixError) -> Matrix {
    var isFinished = true
    let elements = [Scalar](unsafeUninitializedCapacity: storage.count) { target, filled in
      storage.withUnsafeBufferPointer { source in
        while filled < source.count {
          if let interrupt, interrupt.isRaised {
            isFinished = false
            return
          }
          let end = Swift.min(source.count, filled + pollingStride)
          for i in filled..<end { target[i] = function(source[i]) }
          filled = end
        }
      }
    }
    guard isFinished else { throw .interrupted(operation: operation) }
    return Matrix(rows: rows, columns: columns, storage: elements)
  }

  /// The function of both operands' elements, with NumPy's broadcasting.
  ///
  /// Shape: `a: [m, n] or [1, n] or [m, 1] or [1, 1]`, `b` likewise `→ [m, n]`.
  /// Throws: `MatrixError.shapeMismatch` naming both shapes, `.tooLarge`, `.interrupted`.
  @inlinable
  package func combined(
    with other: Matrix, operation: String, interrupt: InterruptFlag? = nil,
    _ function: (Scalar, Scalar) -> Scalar
  ) throws(MatrixError) -> Matrix {
    let result = try shape.broadcast(with: other.shape, operation: operation)
    guard result.count > 0 else {
      return Matrix(rows: result.rows, columns: result.columns, storage: [])
    }
    let (leftRow, leftColumn) = (rows == 1 ? 0 : columns, columns == 1 ? 0 : 1)
    let (rightRow, rightColumn) = (other.rows == 1 ? 0 : other.columns, other.columns == 1 ? 0 : 1)
    // Whole rows between two polls, and equal shapes as one long row.
    let isFlat = shape == other.shape
    let (height, width) = isFlat ? (1, result.count) : (result.rows, result.columns)
    var elements: [Scalar] = []
    elements.reserveCapacity(result.count)
    var sincePoll = 0
    for i in 0..<height {
      var j = 0
      while j < width {
        if sincePoll >= pollingStride {
          if let interrupt, interrupt.isRaised { throw .interrupted(operation: operation) }
          sincePoll = 0
        }
        let end = Swift.min(width, j + pollingStride)
        storage.withUnsafeBufferPointer { left in
          other.storage.withUnsafeBufferPointer { right in
            if isFlat {
              for k in j..<end { elements.append(function(left[k], right[k])) }
            } else {
              for k in j..<end {
                elements.append(
                  function(
                    left[i * leftRow + k * leftColumn], right[i * rightRow + k * rightColumn]))
              }
            }
          }
        }
        sincePoll += end - j
        j = end
      }
    }
    return Matrix(rows: result.rows, columns: result.columns, storage: elements)
  }

  /// a + b with broadcasting.
  package func adding(_ other: Matrix, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Matrix
  { try combined(with: other, operation: "+", interrupt: interrupt) { $0 + $1 } }

  /// a − b with broadcasting.
  package func subtracting(_ other: Matrix, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Matrix
  { try combined(with: other, operation: "-", interrupt: interrupt) { $0 - $1 } }

  /// The Hadamard product a ⊙ b with broadcasting.
  package func multiplying(_ other: Matrix, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Matrix
  { try combined(with: other, operation: "⊙", interrupt: interrupt) { $0 * $1 } }

  /// a ⊘ b with broadcasting.
  package func dividing(by other: Matrix, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Matrix
  { try combined(with: other, operation: "/", interrupt: interrupt) { $0 / $1 } }

  /// a^b, element by element, with broadcasting.
  package func raised(to other: Matrix, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Matrix
  { try combined(with: other, operation: "^", interrupt: interrupt) { Scalar.pow($0, $1) } }

  /// Every element times `factor`.
  package func scaled(by factor: Scalar) -> Matrix {
    Matrix(rows: rows, columns: columns, storage: storage.map { $0 * factor })
  }

  /// The elements `low + i·(high − low)/(count − 1)`, both ends exact. Shape: `[count]`.
  ///
  /// Throws: `MatrixError.tooLarge` or `.negativeSize`.
  package static func linspace(from low: Scalar, to high: Scalar, count: Int)
    throws(MatrixError) -> [Scalar]
  {
    let shape = try Shape(count, 1).checked(for: "linspace")
    guard shape.rows > 1 else { return shape.rows == 1 ? [low] : [] }
    let last = Scalar(count - 1)
    return (0..<count).map { $0 == count - 1 ? high : low + (high - low) * (Scalar($0) / last) }
  }
}
