extension Tensor {
  /// Row `index`, counted from 0. Shape: `[m, n] → [n]`.
  @specialized(where Scalar == Double)
  package func row(_ index: Int) -> [Scalar] {
    Array(storage[(index * columns)..<((index + 1) * columns)])
  }

  /// Column `index`, counted from 0. Shape: `[m, n] → [m]`.
  @specialized(where Scalar == Double)
  package func column(_ index: Int) -> [Scalar] {
    (0..<rows).map { storage[$0 * columns + index] }
  }

  /// The elements (i, i). Shape: `[m, n] → [min(m, n)]`.
  package var diagonalElements: [Scalar] { (0..<Swift.min(rows, columns)).map { self[$0, $0] } }

  /// Element `index`, counted from 0, of the array as a list. Shape: `[m, n] → [n]`, `[n] → []`.
  @specialized(where Scalar == Double)
  package func slice(_ index: Int) -> Tensor { Tensor(shape.without(0), row(index)) }

  /// aᵢⱼ → aⱼᵢ. Shape: `[m, n] → [n, m]`.
  @specialized(where Scalar == Double)
  package func transposed() -> Tensor { transposed(until: nil) }

  /// The same, with a look at the interrupt flag.
  ///
  /// Throws: `MatrixError.interrupted`.
  @specialized(where Scalar == Double)
  package func transposed(interrupt: InterruptFlag) throws(MatrixError) -> Tensor {
    let result = transposed(until: interrupt)
    if interrupt.isRaised { throw .interrupted(operation: "'") }
    return result
  }

  /// The transpose, or when the flag is raised on the way anything of its shape.
  @specialized(where Scalar == Double)
  private func transposed(until interrupt: InterruptFlag?) -> Tensor {
    if rows == 1 || columns == 1 {
      return Tensor(rows: columns, columns: rows, storage: storage)
    }
    let tile = 32
    let elements = [Scalar](unsafeUninitializedCapacity: storage.count) { target, count in
      storage.withUnsafeBufferPointer { source in
        for top in stride(from: 0, to: rows, by: tile) {
          if let interrupt, interrupt.isRaised { break }
          for left in stride(from: 0, to: columns, by: tile) {
            for i in top..<Swift.min(top + tile, rows) {
              for j in left..<Swift.min(left + tile, columns) {
                target[j * rows + i] = source[i * columns + j]
              }
            }
          }
        }
      }
      count = storage.count
    }
    return Tensor(rows: columns, columns: rows, storage: elements)
  }

  /// The array with a dimension, counted from 0, and its last one exchanged. Shape: of a matrix `[m, n] → [n, m]`.
  ///
  /// Throws: `MatrixError.interrupted`.
  @specialized(where Scalar == Double)
  package func swappingLast(with axis: Int, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Tensor
  {
    guard axis < rank - 1 else { return self }
    let (size, last) = (shape[axis], shape[rank - 1])
    let (outer, middle) = (shape.count(0..<axis), shape.count(axis + 1..<rank - 1))
    var swapped = shape
    (swapped[axis], swapped[rank - 1]) = (last, size)
    var elements: [Scalar] = []
    elements.reserveCapacity(storage.count)
    for i in 0..<outer {
      for j in 0..<last {
        for k in 0..<middle {
          if let interrupt, interrupt.isRaised { throw .interrupted(operation: "axis") }
          for l in 0..<size { elements.append(storage[((i * size + l) * middle + k) * last + j]) }
        }
      }
    }
    return Tensor(swapped, elements)
  }

  /// The Kronecker product: block (i, j) is aᵢⱼ·B. Shape: `[m, n], [p, q] → [mp, nq]`.
  ///
  /// Throws: `MatrixError.tooLarge`, `.interrupted`.
  @specialized(where Scalar == Double)
  package func kronecker(_ other: Tensor, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Tensor
  {
    let height = Shape(rows, other.rows).count
    let width = Shape(columns, other.columns).count
    let shape = try Shape(height, width).checked(for: "kron")
    var elements: [Scalar] = []
    elements.reserveCapacity(shape.count)
    for i in 0..<rows {
      for p in 0..<other.rows {
        if let interrupt, interrupt.isRaised { throw .interrupted(operation: "kron") }
        for j in 0..<columns {
          let factor = self[i, j]
          for q in 0..<other.columns { elements.append(factor * other[p, q]) }
        }
      }
    }
    return Tensor(shape, elements)
  }

  /// A matrix whose rows are written one after the other, with looks at the interrupt flag between them.
  ///
  /// `write` gives a row all of its elements. Shape: `[m, n]`.
  /// Throws: `MatrixError.interrupted`, `.tooLarge`, `.outOfMemory`.
  @inlinable
  package static func byRows(
    _ shape: Shape, operation: String, interrupt: InterruptFlag?,
    _ write: (_ row: Int, _ target: UnsafeMutableBufferPointer<Scalar>) -> Void
  ) throws(MatrixError) -> Tensor {
    let count = try shape.checked(for: operation).count
    try MemoryBudget.ask(count, numbersOf: MemoryLayout<Scalar>.stride, for: operation)
    let width = shape[shape.rank - 1]
    var isFinished = true
    var untilPoll = 0
    let elements = [Scalar](unsafeUninitializedCapacity: count) { target, filled in
      while filled < count {
        if untilPoll <= 0 {
          if let interrupt, interrupt.isRaised {
            isFinished = false
            return
          }
          untilPoll = pollingStride
        }
        write(filled / width, UnsafeMutableBufferPointer(rebasing: target[filled..<filled + width]))
        filled += width
        untilPoll -= width
      }
    }
    guard isFinished else { throw .interrupted(operation: operation) }
    return Tensor(shape, elements)
  }

  /// Arrays of one shape as the elements of a list. Shape: `[n], … → [m, n]`.
  ///
  /// Throws: `MatrixError.shapeMismatch` when the shapes differ; `.tooLarge`, `.tooManyDimensions`.
  @specialized(where Scalar == Double)
  package static func stacked(_ parts: [Tensor]) throws(MatrixError) -> Tensor {
    let inner = parts.first?.shape ?? Shape()
    for part in parts where part.shape != inner {
      throw .shapeMismatch(operation: "stack", left: inner, right: part.shape)
    }
    guard inner.rank < Shape.largestRank else { throw .tooManyDimensions(count: inner.rank + 1) }
    let shape = try Shape([parts.count] + inner.sizes).checked(for: "stack")
    var entries: [Scalar] = []
    entries.reserveCapacity(shape.count)
    for part in parts { entries += part.storage }
    return Tensor(shape, entries)
  }
}
