/// How many elements are computed between two looks at the interrupt flag.
@usableFromInline let pollingStride = 1 << 15

extension Tensor {
  /// The function of every element.
  ///
  /// Throws: `MatrixError.interrupted`, `.outOfMemory`.
  @inlinable
  package func map(
    operation: String = "map", interrupt: InterruptFlag? = nil, _ function: (Scalar) -> Scalar
  ) throws(MatrixError) -> Tensor {
    try MemoryBudget.ask(storage.count, numbersOf: MemoryLayout<Scalar>.stride, for: operation)
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
    return Tensor(shape, elements)
  }

  /// The function of both operands' elements, with NumPy's broadcasting.
  ///
  /// Shape: `a: [m, n]`, `b: [m, n], [1, n], [m, 1], [n] or [] → [m, n]`, and so for any rank.
  /// Throws: `MatrixError.shapeMismatch` naming both shapes, `.tooLarge`, `.interrupted`.
  @inlinable
  package func combined(
    with other: Tensor, operation: String, interrupt: InterruptFlag? = nil,
    _ function: (Scalar, Scalar) -> Scalar
  ) throws(MatrixError) -> Tensor {
    let whole = try shape.broadcast(with: other.shape, operation: operation)
    let count = whole.count
    // Row after row, and equal shapes as one long row.
    let isFlat = shape == other.shape
    let last = Swift.max(whole.rank, 1) - 1
    let width = isFlat ? count : whole[last]
    let (left, right) = (shape.strides(in: whole), other.shape.strides(in: whole))
    let (leftStep, rightStep) = (left[last], right[last])
    var isFinished = true
    let elements = [Scalar](unsafeUninitializedCapacity: count) { target, filled in
      storage.withUnsafeBufferPointer { a in
        other.storage.withUnsafeBufferPointer { b in
          var index = InlineArray<8, Int>(repeating: 0)
          var (p, q) = (0, 0)
          var (column, untilPoll) = (0, pollingStride)
          while filled < count {
            if untilPoll <= 0 {
              if let interrupt, interrupt.isRaised {
                isFinished = false
                return
              }
              untilPoll = pollingStride
            }
            let end = Swift.min(width, column + pollingStride)
            let base = filled - column
            if isFlat {
              for k in column..<end { target[k] = function(a[k], b[k]) }
            } else {
              for k in column..<end {
                target[base + k] = function(a[p + k * leftStep], b[q + k * rightStep])
              }
            }
            filled = base + end
            untilPoll -= end - column
            column = end
            guard column == width else { continue }
            column = 0
            var axis = last - 1
            while axis >= 0 {
              index[axis] += 1
              p += left[axis]
              q += right[axis]
              if index[axis] < whole[axis] { break }
              p -= left[axis] * index[axis]
              q -= right[axis] * index[axis]
              index[axis] = 0
              axis -= 1
            }
          }
        }
      }
    }
    guard isFinished else { throw .interrupted(operation: operation) }
    return Tensor(whole, elements)
  }

  /// a + b with broadcasting.
  @specialized(where Scalar == Double)
  package func adding(_ other: Tensor, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Tensor
  { try combined(with: other, operation: "+", interrupt: interrupt) { $0 + $1 } }

  /// a − b with broadcasting.
  @specialized(where Scalar == Double)
  package func subtracting(_ other: Tensor, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Tensor
  { try combined(with: other, operation: "-", interrupt: interrupt) { $0 - $1 } }

  /// Every element times `factor`.
  @specialized(where Scalar == Double)
  package func scaled(by factor: Scalar) -> Tensor {
    Tensor(shape, storage.map { $0 * factor })
  }
}
