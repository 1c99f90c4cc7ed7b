extension Tensor {
  /// A·B, or A·Bᵀ. Shape: `[m, k], [k, n] → [m, n]`.
  ///
  /// Throws: `MatrixError.shapeMismatch` when the inner sizes differ; `.tooLarge`; `.interrupted`,
  /// at most some 10 ms after the flag was raised.
  @specialized(where Scalar == Double)
  package func product(
    _ other: Tensor, transposesOther: Bool = false, interrupt: InterruptFlag? = nil
  ) throws(MatrixError) -> Tensor { try product(other, false, transposesOther, interrupt) }

  /// Aᵀ·B. Shape: `[k, m], [k, n] → [m, n]`. Throws: as `product`.
  @specialized(where Scalar == Double)
  package func transposedProduct(_ other: Tensor, interrupt: InterruptFlag? = nil)
    throws(MatrixError) -> Tensor
  { try product(other, true, false, interrupt) }

  /// The product of the blackboard: a vector is a row on the left, a column on the right and in front of a row.
  ///
  /// Shape: `[n], [n] → []`, `[m, k], [k] → [m]`, `[1, k], [k] → []`, `[k], [k, n] → [n]`, `[m], [1, n] → [m, n]`,
  /// `[m, k], [k, n] → [m, n]`.
  /// Throws: as `product`.
  @specialized(where Scalar == Double)
  package func times(_ other: Tensor, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Tensor
  {
    let isOuter = rank == 1 && other.rank == 2 && other.rows == 1
    let left = rank == 1 && !isOuter ? Tensor.row(storage) : asMatrix
    let right = other.asMatrix
    if rank == 1, other.rank == 1, rows == other.rows {
      return .scalar(zip(storage, other.storage).reduce(0) { $0 + $1.0 * $1.1 })
    }
    let product = try left.product(right, interrupt: interrupt)
    if isOuter || rank == 2 && other.rank == 2 { return product }
    return left.rows == 1 && other.rank == 1
      ? .scalar(product.storage[0]) : .vector(product.storage)
  }

  /// Of two matrices; arrays of other ranks are read as matrices.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func product(
    _ other: Tensor, _ transposesSelf: Bool, _ transposesOther: Bool, _ interrupt: InterruptFlag?
  ) throws(MatrixError) -> Tensor {
    let left = transposesSelf ? shape.transposed : shape
    let right = transposesOther ? other.shape.transposed : other.shape
    guard left.columns == right.rows else {
      throw .shapeMismatch(operation: "@", left: left, right: right)
    }
    let shape = try Shape(left.rows, right.columns).checked(for: "@")
    guard shape.count > 0 else {
      return Tensor(shape, [])
    }
    guard left.columns > 0 else {
      return Tensor(rows: shape.rows, columns: shape.columns, repeating: 0)
    }
    var isFinished = true
    let elements = [Scalar](unsafeUninitializedCapacity: shape.count) { target, count in
      count = shape.count
      guard let c = target.baseAddress else { return }
      storage.withUnsafeBufferPointer { first in
        other.storage.withUnsafeBufferPointer { second in
          guard let a = first.baseAddress, let b = second.baseAddress else { return }
          isFinished =
            ProductCall(
              m: left.rows, k: left.columns, n: right.columns,
              a: a, isATransposed: transposesSelf, b: b, isBTransposed: transposesOther,
              c: c, accumulates: false
            ).run(interrupt: interrupt)
        }
      }
    }
    guard isFinished else { throw .interrupted(operation: "@") }
    return Tensor(shape, elements)
  }
}
