extension Matrix {
  /// Row `index`, counted from 0. Shape: `[m, n] → [n]`.
  package func row(_ index: Int) -> [Scalar] {
    Array(storage[(index * columns)..<((index + 1) * columns)])
  }

  /// Column `index`, counted from 0. Shape: `[m, n] → [m]`.
  package func column(_ index: Int) -> [Scalar] {
    (0..<rows).map { storage[$0 * columns + index] }
  }

  /// The elements (i, i). Shape: `[m, n] → [min(m, n)]`.
  package var diagonalElements: [Scalar] { (0..<Swift.min(rows, columns)).map { self[$0, $0] } }

  /// The entries of the given rows and columns, counted from 0, in the given order; nil is all.
  ///
  /// Throws: `MatrixError.outOfRange` with the index counted from 1; `.tooLarge`.
  package func selecting(rows rowIndices: [Int]?, columns columnIndices: [Int]?)
    throws(MatrixError) -> Matrix
  {
    let rowIndices = rowIndices ?? Array(0..<rows)
    let columnIndices = columnIndices ?? Array(0..<columns)
    try checkIndices(rowIndices, columnIndices)
    let shape = try Shape(rowIndices.count, columnIndices.count).checked(for: "index")
    var elements: [Scalar] = []
    elements.reserveCapacity(shape.count)
    for i in rowIndices {
      for j in columnIndices { elements.append(storage[i * columns + j]) }
    }
    return Matrix(rows: shape.rows, columns: shape.columns, storage: elements)
  }

  /// Puts `value` at the given rows and columns, counted from 0; nil is all. A 1×1 value fills.
  ///
  /// Throws: `MatrixError.outOfRange`; `.shapeMismatch` when the value does not fill the places.
  /// On error nothing has changed.
  package mutating func assign(
    _ value: Matrix, rows rowIndices: [Int]?, columns columnIndices: [Int]?
  ) throws(MatrixError) {
    let rowIndices = rowIndices ?? Array(0..<rows)
    let columnIndices = columnIndices ?? Array(0..<columns)
    try checkIndices(rowIndices, columnIndices)
    let places = Shape(rowIndices.count, columnIndices.count)
    let fills = value.shape == Shape(1, 1)
    guard fills || value.shape == places else {
      throw .shapeMismatch(operation: "assign", left: places, right: value.shape)
    }
    for (p, i) in rowIndices.enumerated() {
      for (q, j) in columnIndices.enumerated() {
        storage[i * columns + j] =
          fills ? value.storage[0] : value.storage[p * value.columns + q]
      }
    }
  }

  private func checkIndices(_ rowIndices: [Int], _ columnIndices: [Int]) throws(MatrixError) {
    for i in rowIndices where i < 0 || i >= rows {
      throw .outOfRange(operation: "index", axis: .row, index: i + 1, count: rows)
    }
    for j in columnIndices where j < 0 || j >= columns {
      throw .outOfRange(operation: "index", axis: .column, index: j + 1, count: columns)
    }
  }

  /// aᵢⱼ → aⱼᵢ. Shape: `[m, n] → [n, m]`.
  package func transposed() -> Matrix {
    if rows == 1 || columns == 1 {
      return Matrix(rows: columns, columns: rows, storage: storage)
    }
    let tile = 32
    let elements = [Scalar](unsafeUninitializedCapacity: storage.count) { target, count in
      storage.withUnsafeBufferPointer { source in
        for top in stride(from: 0, to: rows, by: tile) {
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
    return Matrix(rows: columns, columns: rows, storage: elements)
  }

  /// The Kronecker product: block (i, j) is aᵢⱼ·B. Shape: `[m, n], [p, q] → [mp, nq]`.
  ///
  /// Throws: `MatrixError.tooLarge`, `.interrupted`.
  package func kronecker(_ other: Matrix, interrupt: InterruptFlag? = nil) throws(MatrixError)
    -> Matrix
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
    return Matrix(rows: shape.rows, columns: shape.columns, storage: elements)
  }

  /// One below the other. Shape: `[m₁, n], [m₂, n], … → [Σm, n]`.
  ///
  /// Throws: `MatrixError.shapeMismatch` when the numbers of columns differ; `.tooLarge`.
  package static func stackedRows(_ parts: [Matrix]) throws(MatrixError) -> Matrix {
    guard let first = parts.first else { return Matrix(rows: 0, columns: 0, storage: []) }
    var total = 0
    for part in parts {
      guard part.columns == first.columns else {
        throw .shapeMismatch(operation: "concat", left: first.shape, right: part.shape)
      }
      total += part.rows
    }
    let shape = try Shape(total, first.columns).checked(for: "concat")
    return Matrix(
      rows: shape.rows, columns: shape.columns, storage: Array(parts.map(\.storage).joined()))
  }

  /// One beside the other. Shape: `[m, n₁], [m, n₂], … → [m, Σn]`.
  ///
  /// Throws: `MatrixError.shapeMismatch` when the numbers of rows differ; `.tooLarge`.
  package static func joinedColumns(_ parts: [Matrix]) throws(MatrixError) -> Matrix {
    guard let first = parts.first else { return Matrix(rows: 0, columns: 0, storage: []) }
    var total = 0
    for part in parts {
      guard part.rows == first.rows else {
        throw .shapeMismatch(operation: "concat", left: first.shape, right: part.shape)
      }
      total += part.columns
    }
    let shape = try Shape(first.rows, total).checked(for: "concat")
    var elements: [Scalar] = []
    elements.reserveCapacity(shape.count)
    for i in 0..<first.rows {
      for part in parts {
        elements.append(contentsOf: part.storage[(i * part.columns)..<((i + 1) * part.columns)])
      }
    }
    return Matrix(rows: shape.rows, columns: shape.columns, storage: elements)
  }
}
