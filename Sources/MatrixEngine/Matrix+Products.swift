extension Matrix {
  /// A·B. Shape: `[m, k], [k, n] → [m, n]`.
  ///
  /// Throws: `MatrixError.shapeMismatch` when the inner sizes differ; `.tooLarge`; `.interrupted`,
  /// at most some 10 ms after the flag was raised.
  package func product(_ other: Matrix, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Matrix
  { try product(other, false, false, interrupt) }

  /// Aᵀ·B. Shape: `[k, m], [k, n] → [m, n]`. Throws: as `product`.
  package func transposedProduct(_ other: Matrix, interrupt: InterruptFlag? = nil)
    throws(MatrixError) -> Matrix
  { try product(other, true, false, interrupt) }

  /// A·Bᵀ. Shape: `[m, k], [n, k] → [m, n]`. Throws: as `product`.
  package func productTransposed(_ other: Matrix, interrupt: InterruptFlag? = nil)
    throws(MatrixError) -> Matrix
  { try product(other, false, true, interrupt) }

  /// A·v. Shape: `[m, n], [n] → [m]`. Throws: `MatrixError.shapeMismatch`, v as n×1.
  package func product(_ vector: [Scalar], interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> [Scalar]
  { try product(.column(vector), false, false, interrupt).storage }

  /// v·A, with v as a row. Shape: `[m], [m, n] → [n]`. Throws: `MatrixError.shapeMismatch`.
  package static func product(
    _ vector: [Scalar], _ matrix: Matrix, interrupt: InterruptFlag? = nil
  ) throws(MatrixError) -> [Scalar] {
    try Matrix.row(vector).product(matrix, false, false, interrupt).storage
  }

  /// Σ uᵢvᵢ, summed in order. Throws: `MatrixError.shapeMismatch` when the lengths differ.
  package static func dot(_ u: [Scalar], _ v: [Scalar]) throws(MatrixError) -> Scalar {
    guard u.count == v.count else {
      throw .shapeMismatch(
        operation: "·", left: Shape(u.count, 1), right: Shape(v.count, 1))
    }
    var total: Scalar = 0
    for i in u.indices { total += u[i] * v[i] }
    return total
  }

  /// The outer product u·vᵀ. Shape: `[m], [n] → [m, n]`. Throws: `MatrixError.tooLarge`.
  package static func outer(_ u: [Scalar], _ v: [Scalar]) throws(MatrixError) -> Matrix {
    try Matrix.column(u).product(.row(v), false, false, nil)
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func product(
    _ other: Matrix, _ transposesSelf: Bool, _ transposesOther: Bool, _ interrupt: InterruptFlag?
  ) throws(MatrixError) -> Matrix {
    let left = transposesSelf ? shape.transposed : shape
    let right = transposesOther ? other.shape.transposed : other.shape
    guard left.columns == right.rows else {
      throw .shapeMismatch(operation: "@", left: left, right: right)
    }
    let shape = try Shape(left.rows, right.columns).checked(for: "@")
    guard shape.count > 0 else {
      return Matrix(rows: shape.rows, columns: shape.columns, storage: [])
    }
    guard left.columns > 0 else {
      return Matrix(rows: shape.rows, columns: shape.columns, repeating: 0)
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
    return Matrix(rows: shape.rows, columns: shape.columns, storage: elements)
  }
}
