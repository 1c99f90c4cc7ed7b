extension Tensor {
  /// A⁻¹, by elimination with the largest pivot of each column. Shape: `[n, n] → [n, n]`.
  ///
  /// Of a matrix with NaN or infinities every element is NaN.
  /// Throws: `MatrixError.shapeMismatch` for a matrix that is not square; `.singular` where no pivot of a column is
  /// larger than what rounding leaves, n·ε times the column's largest element; `.interrupted`.
  package func inverse(interrupt: InterruptFlag? = nil) throws(MatrixError) -> Tensor {
    let n = rows
    guard n == columns else {
      throw .shapeMismatch(operation: "inv", left: shape, right: shape.transposed)
    }
    guard storage.allSatisfy(\.isFinite) else {
      return Tensor(rows: n, columns: n, repeating: .nan)
    }
    var left = storage
    var right = [Scalar](repeating: 0, count: n * n)
    for i in 0..<n { right[i * n + i] = 1 }
    for column in 0..<n {
      let largest = (0..<n).reduce(0) { max($0, storage[$1 * n + column].magnitude) }
      let least = Scalar(n) * Scalar.ulpOfOne * largest
      if let interrupt, interrupt.isRaised { throw .interrupted(operation: "inv") }
      var pivot = column
      for row in column..<n
      where left[row * n + column].magnitude > left[pivot * n + column].magnitude {
        pivot = row
      }
      guard left[pivot * n + column].magnitude > least else { throw .singular(operation: "inv") }
      let scale = 1 / left[pivot * n + column]
      for j in 0..<n {
        left.swapAt(pivot * n + j, column * n + j)
        right.swapAt(pivot * n + j, column * n + j)
        left[column * n + j] *= scale
        right[column * n + j] *= scale
      }
      for row in 0..<n where row != column {
        let factor = left[row * n + column]
        guard factor != 0 else { continue }
        for j in 0..<n {
          left[row * n + j] -= factor * left[column * n + j]
          right[row * n + j] -= factor * right[column * n + j]
        }
      }
    }
    return Tensor(rows: n, columns: n, storage: right)
  }
}
