/// Along which direction a reduction runs; the numbers are those of the language's `axis`.
@usableFromInline package enum ReductionAxis: Int, Sendable {
  /// `axis = 1`: down the columns, one result a column. Shape: `[m, n] → [1, n]`.
  case downColumns = 1
  /// `axis = 2`: along the rows, one result a row. Shape: `[m, n] → [m, 1]`.
  case alongRows = 2
}

/// A function of many elements to one. One entry serves the whole matrix and both axes.
@usableFromInline package enum Reduction: String, CaseIterable, Sendable {
  case sum, mean, max, min
  /// √Σx²: of all entries the Frobenius norm.
  case norm

  /// Whether it has a value when there is nothing to reduce.
  package var allowsEmpty: Bool { self == .sum || self == .norm }

  /// The value for `count` elements, `stride` apart from `start`. NaN spreads, as in NumPy.
  @inlinable
  func callAsFunction<Scalar: MatrixScalar>(
    _ elements: UnsafeBufferPointer<Scalar>, start: Int, stride: Int, count: Int
  ) -> Scalar {
    switch self {
    case .sum:
      return Reduction.sum(elements, start, stride, count) { $0 }
    case .mean:
      return Reduction.sum(elements, start, stride, count) { $0 } / Scalar(count)
    case .max:
      var best = elements[start]
      for i in 1..<Swift.max(1, count) {
        let x = elements[start + i * stride]
        if x > best || x.isNaN { best = x }
        if best.isNaN { return best }
      }
      return best
    case .min:
      var best = elements[start]
      for i in 1..<Swift.max(1, count) {
        let x = elements[start + i * stride]
        if x < best || x.isNaN { best = x }
        if best.isNaN { return best }
      }
      return best
    case .norm:
      let squares = Reduction.sum(elements, start, stride, count) { $0 * $0 }
      if squares.isFinite && squares >= Scalar.leastNormalMagnitude / Scalar.ulpOfOne {
        return squares.squareRoot()
      }
      // The squares overflowed or vanished: scale by the largest magnitude.
      var largest: Scalar = 0
      for i in 0..<count {
        let x = elements[start + i * stride].magnitude
        if x.isNaN { return x }
        if x > largest { largest = x }
      }
      guard largest > 0, largest.isFinite else { return largest }
      return largest
        * Reduction.sum(elements, start, stride, count) { ($0 / largest) * ($0 / largest) }
        .squareRoot()
    }
  }

  /// Σ f(x), pairwise over blocks, so that the error grows with log n; in order within a block.
  @inlinable
  static func sum<Scalar: MatrixScalar>(
    _ elements: UnsafeBufferPointer<Scalar>, _ start: Int, _ stride: Int, _ count: Int,
    _ function: (Scalar) -> Scalar
  ) -> Scalar {
    if count <= 256 {
      var total: Scalar = 0
      for i in 0..<count { total += function(elements[start + i * stride]) }
      return total
    }
    let half = count / 2
    return sum(elements, start, stride, half, function)
      + sum(elements, start + half * stride, stride, count - half, function)
  }
}

extension Matrix {
  /// One number of all entries.
  ///
  /// Throws: `MatrixError.empty` for a mean, max or min of nothing.
  package func reduced(by reduction: Reduction) throws(MatrixError) -> Scalar {
    guard !isEmpty || reduction.allowsEmpty else {
      throw .empty(operation: reduction.rawValue, shape: shape)
    }
    return storage.withUnsafeBufferPointer {
      reduction($0, start: 0, stride: 1, count: $0.count)
    }
  }

  /// One number a column, or one number a row.
  ///
  /// Shape: `[m, n] → [1, n]` down the columns, `[m, n] → [m, 1]` along the rows.
  /// Throws: `MatrixError.empty` for a mean, max or min of nothing.
  package func reduced(by reduction: Reduction, axis: ReductionAxis) throws(MatrixError) -> Matrix {
    let count = axis == .downColumns ? rows : columns
    guard count > 0 || reduction.allowsEmpty else {
      throw .empty(operation: reduction.rawValue, shape: shape)
    }
    return storage.withUnsafeBufferPointer { elements in
      switch axis {
      case .downColumns:
        Matrix(
          rows: 1, columns: columns,
          storage: (0..<columns).map {
            reduction(elements, start: $0, stride: columns, count: rows)
          })
      case .alongRows:
        Matrix(
          rows: rows, columns: 1,
          storage: (0..<rows).map {
            reduction(elements, start: $0 * columns, stride: 1, count: columns)
          })
      }
    }
  }

  /// The column, from 0, of each row's largest entry; the first at ties, a NaN before all.
  ///
  /// Throws: `MatrixError.empty` for rows without columns.
  package func argmaxByRow() throws(MatrixError) -> [Int] {
    guard columns > 0 else { throw .empty(operation: "argmax", shape: shape) }
    return (0..<rows).map { Matrix.argmax(storage[($0 * columns)..<(($0 + 1) * columns)]) }
  }

  /// The position, from 0, of the largest element; the first at ties, a NaN before all.
  package static func argmax(_ elements: ArraySlice<Scalar>) -> Int {
    var best = elements.startIndex
    for i in elements.indices {
      if elements[i].isNaN { return i - elements.startIndex }
      if elements[i] > elements[best] { best = i }
    }
    return best - elements.startIndex
  }

  /// e^(z − max z) / Σ e^(z − max z), row by row. Shape: `[m, n] → [m, n]`.
  package func softmaxByRow() -> Matrix {
    var result = self
    for i in 0..<rows {
      let row = (i * columns)..<((i + 1) * columns)
      let peak = storage[row].max() ?? 0
      var total: Scalar = 0
      for j in row {
        result.storage[j] = Scalar.exp(storage[j] - peak)
        total += result.storage[j]
      }
      for j in row { result.storage[j] /= total }
    }
    return result
  }
}
