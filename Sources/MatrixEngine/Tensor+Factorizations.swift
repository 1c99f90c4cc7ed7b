/// What follows from taking a matrix apart: determinant, inverse, solutions; rank and pseudoinverse.
extension Tensor {
  /// det A. Shape: `[n, n] → scalar`. 0 where A is singular as `inverse` tells it.
  ///
  /// Throws: `MatrixError.shapeMismatch` for a matrix that is not square; `.interrupted`.
  @specialized(where Scalar == Double)
  package func determinant(interrupt: InterruptFlag? = nil) throws(MatrixError) -> Scalar {
    guard storage.allSatisfy(\.isFinite) else { return .nan }
    return try Elimination(self, "det", interrupt).determinant
  }

  /// A⁻¹. Shape: `[n, n] → [n, n]`. Of a matrix with NaN or infinities every element is NaN.
  ///
  /// Throws: `MatrixError.shapeMismatch` for a matrix that is not square; `.singular`; `.interrupted`.
  @specialized(where Scalar == Double)
  package func inverse(interrupt: InterruptFlag? = nil) throws(MatrixError) -> Tensor {
    var unit = Tensor(rows: rows, columns: columns, repeating: 0)
    for i in 0..<min(rows, columns) { unit[i, i] = 1 }
    return try solved(for: unit, operation: "inv", interrupt: interrupt)
  }

  /// X of A X = B. Shape: `[n, n], [n, k] → [n, k]`; a vector of n gives a vector of n.
  ///
  /// Throws: `MatrixError.shapeMismatch`; `.singular` where no pivot of a column is larger than what rounding leaves,
  /// n·ε times the column's largest element; `.interrupted`.
  @specialized(where Scalar == Double)
  package func solved(
    for right: Tensor, operation: String = "solve", interrupt: InterruptFlag? = nil
  ) throws(MatrixError) -> Tensor {
    guard rows == right.rows else {
      throw .shapeMismatch(operation: operation, left: shape, right: right.shape)
    }
    guard rows == columns else {
      throw .shapeMismatch(operation: operation, left: shape, right: shape.transposed)
    }
    guard storage.allSatisfy(\.isFinite) else { return Tensor(right.shape, repeating: .nan) }
    let elimination = try Elimination(self, operation, interrupt)
    guard !elimination.isSingular else { throw .singular(operation: operation) }
    return try elimination.solution(right, interrupt)
  }

  /// A⁺, the pseudoinverse of Moore and Penrose. Shape: `[m, n] → [n, m]`.
  ///
  /// Singular values up to max(m, n)·ε times the largest count as 0.
  /// Throws: `MatrixError.interrupted`.
  @specialized(where Scalar == Double)
  package func pseudoinverse(interrupt: InterruptFlag? = nil) throws(MatrixError) -> Tensor {
    guard storage.allSatisfy(\.isFinite) else {
      return Tensor(shape.transposed, repeating: .nan)
    }
    let parts = try SingularValues(self, "pinv", interrupt)
    return try parts.scaledRight.product(parts.left.transposed())
  }

  /// How many columns, or rows, do not depend on each other.
  ///
  /// Throws: `MatrixError.interrupted`.
  @specialized(where Scalar == Double)
  package func rank(interrupt: InterruptFlag? = nil) throws(MatrixError) -> Int {
    try SingularValues(self, "rank", interrupt).rank
  }
}

/// A = PᵀLU, with the largest pivot of each column.
private struct Elimination<Scalar: MatrixScalar> {
  private let operation: String
  /// U, and below its diagonal the factors of L.
  private var factors: Tensor<Scalar>
  /// The row of A that stands in each row.
  private var order: [Int]
  private(set) var determinant: Scalar = 1
  private(set) var isSingular = false

  init(_ matrix: Tensor<Scalar>, _ operation: String, _ interrupt: InterruptFlag?)
    throws(MatrixError)
  {
    let n = matrix.rows
    guard n == matrix.columns else {
      throw .shapeMismatch(
        operation: operation, left: matrix.shape, right: matrix.shape.transposed)
    }
    self.operation = operation
    factors = matrix
    order = Array(0..<n)
    for column in 0..<n {
      if let interrupt, interrupt.isRaised { throw .interrupted(operation: operation) }
      let largest = (0..<n).reduce(0) { max($0, matrix[$1, column].magnitude) }
      var pivot = column
      for row in column..<n where factors[row, column].magnitude > factors[pivot, column].magnitude
      {
        pivot = row
      }
      guard factors[pivot, column].magnitude > Scalar(n) * Scalar.ulpOfOne * largest else {
        (determinant, isSingular) = (0, true)
        return
      }
      if pivot != column {
        for j in 0..<n { factors.storage.swapAt(pivot * n + j, column * n + j) }
        order.swapAt(pivot, column)
        determinant = -determinant
      }
      determinant *= factors[column, column]
      factors.storage.withUnsafeMutableBufferPointer { factors in
        for row in column + 1..<max(n, column + 1) {
          let factor = factors[row * n + column] / factors[column * n + column]
          factors[row * n + column] = factor
          guard factor != 0 else { continue }
          for j in column + 1..<n { factors[row * n + j] -= factor * factors[column * n + j] }
        }
      }
    }
  }

  /// X of A X = B for each column of B.
  func solution(_ right: Tensor<Scalar>, _ interrupt: InterruptFlag?) throws(MatrixError)
    -> Tensor<Scalar>
  {
    let (n, count) = (order.count, right.columns)
    var result = right
    for (row, from) in order.enumerated() {
      for j in 0..<count { result.storage[row * count + j] = right.storage[from * count + j] }
    }
    func subtract(_ factor: Scalar, _ row: Int, from other: Int) {
      guard factor != 0 else { return }
      result.storage.withUnsafeMutableBufferPointer { result in
        for j in 0..<count { result[other * count + j] -= factor * result[row * count + j] }
      }
    }
    for row in 0..<n {
      if let interrupt, interrupt.isRaised { throw .interrupted(operation: operation) }
      for other in 0..<row { subtract(factors[row, other], other, from: row) }
    }
    for row in (0..<n).reversed() {
      if let interrupt, interrupt.isRaised { throw .interrupted(operation: operation) }
      for other in row + 1..<n { subtract(factors[row, other], other, from: row) }
      for j in 0..<count { result.storage[row * count + j] /= factors[row, row] }
    }
    return result
  }
}

/// A = U Σ Vᵀ by rotations of pairs of columns until all are orthogonal (Hestenes; one-sided Jacobi).
private struct SingularValues<Scalar: MatrixScalar> {
  /// The columns of U.
  private(set) var left: Tensor<Scalar>
  private var right: Tensor<Scalar>
  private var values: [Scalar] = []
  /// The largest that counts as 0.
  private var least: Scalar = 0

  var rank: Int { values.count { $0 > least } }

  /// V Σ⁺
  var scaledRight: Tensor<Scalar> {
    var result = right
    for (j, value) in values.enumerated() {
      for i in 0..<right.rows { result[i, j] = value > least ? right[i, j] / value : 0 }
    }
    return result
  }

  /// Sweeps after which rotations no longer change anything but the last digits.
  private static var mostSweeps: Int { 60 }

  init(_ matrix: Tensor<Scalar>, _ operation: String, _ interrupt: InterruptFlag?)
    throws(MatrixError)
  {
    let (m, n) = (matrix.rows, matrix.columns)
    left = matrix
    right = try .identity(n)
    for _ in 0..<Self.mostSweeps {
      var isDone = true
      for p in 0..<n {
        if let interrupt, interrupt.isRaised { throw .interrupted(operation: operation) }
        for q in p + 1..<n where rotate(p, q) { isDone = false }
      }
      if isDone { break }
    }
    values = (0..<n).map { j in
      (0..<m).reduce(Scalar.zero) { $0 + left[$1, j] * left[$1, j] }.squareRoot()
    }
    least = Scalar(max(m, n)) * Scalar.ulpOfOne * (values.max() ?? 0)
    for (j, value) in values.enumerated() where value > 0 {
      for i in 0..<m { left[i, j] /= value }
    }
  }

  /// Makes two columns orthogonal; false where they are.
  private mutating func rotate(_ p: Int, _ q: Int) -> Bool {
    var (a, b, c) = (Scalar.zero, Scalar.zero, Scalar.zero)
    for i in 0..<left.rows {
      a += left[i, p] * left[i, p]
      b += left[i, q] * left[i, q]
      c += left[i, p] * left[i, q]
    }
    guard c.magnitude > Scalar.ulpOfOne * (a * b).squareRoot() else { return false }
    let ratio = (b - a) / (2 * c)
    let t = (ratio < 0 ? -1 : 1) / (ratio.magnitude + (1 + ratio * ratio).squareRoot())
    let cosine = 1 / (1 + t * t).squareRoot()
    left.rotateColumns(p, q, cosine, t * cosine)
    right.rotateColumns(p, q, cosine, t * cosine)
    return true
  }
}

extension Tensor {
  fileprivate mutating func rotateColumns(
    _ p: Int, _ q: Int, _ cosine: Scalar, _ sine: Scalar
  ) {
    for i in 0..<rows {
      let (x, y) = (self[i, p], self[i, q])
      self[i, p] = cosine * x - sine * y
      self[i, q] = sine * x + cosine * y
    }
  }
}
