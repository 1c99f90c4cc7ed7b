/// A function of many elements to one. One entry serves the whole array and every axis.
@usableFromInline package enum Reduction: String, CaseIterable, Sendable {
  case sum, mean, max, min
  /// √Σx²: of all entries the Frobenius norm.
  case norm
  case prod

  /// Whether it has a value when there is nothing to reduce.
  package var allowsEmpty: Bool { self == .sum || self == .norm || self == .prod }

  /// The value for `count` elements, `stride` apart from `start`. NaN spreads, as in NumPy.
  @inlinable
  func value<Scalar: MatrixScalar>(
    of elements: UnsafeBufferPointer<Scalar>, start: Int, stride: Int, count: Int
  ) -> Scalar {
    switch self {
    case .sum:
      return Reduction.sum(elements, start, stride, count) { $0 }
    case .prod:
      var product: Scalar = 1
      for i in 0..<count { product *= elements[start + i * stride] }
      return product
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

extension Tensor {
  /// One number of all entries.
  ///
  /// Throws: `MatrixError.empty` for a mean, max or min of nothing.
  package func reduced(by reduction: Reduction) throws(MatrixError) -> Scalar {
    guard !isEmpty || reduction.allowsEmpty else {
      throw .empty(operation: reduction.rawValue, shape: shape)
    }
    return storage.withUnsafeBufferPointer {
      reduction.value(of: $0, start: 0, stride: 1, count: $0.count)
    }
  }

  /// One number for all elements along a dimension, counted from 0, which goes.
  ///
  /// Shape: `[m, n] → [n]` down the columns (0), `[m, n] → [m]` along the rows (1).
  /// Throws: `MatrixError.empty` for a mean, max or min of nothing.
  package func reduced(by reduction: Reduction, axis: Int) throws(MatrixError) -> Tensor {
    let count = shape[axis]
    guard count > 0 || reduction.allowsEmpty else {
      throw .empty(operation: reduction.rawValue, shape: shape)
    }
    let (outer, inner) = (shape.count(0..<axis), shape.count(axis + 1..<rank))
    let results = storage.withUnsafeBufferPointer { elements in
      (0..<outer * inner).map {
        reduction.value(
          of: elements, start: $0 / inner * count * inner + $0 % inner, stride: inner, count: count)
      }
    }
    return Tensor(shape.without(axis), results)
  }

  /// How many elements there are along the last dimension: the entries of a row, or of a vector.
  private var width: Int { rank == 0 ? 1 : shape[rank - 1] }

  /// The place, from 0, of each row's largest element, or of a vector's; the first at ties, a NaN before all.
  ///
  /// Throws: `MatrixError.empty` for rows without elements.
  package func argmaxByRow() throws(MatrixError) -> [Int] {
    guard width > 0 else { throw .empty(operation: "argmax", shape: shape) }
    return stride(from: 0, to: storage.count, by: width).map {
      Tensor.argmax(storage[$0..<$0 + width])
    }
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

  /// e^(z − max z) / Σ e^(z − max z) along the last dimension: of a matrix row by row.
  package func softmaxByRow() -> Tensor {
    var result = self
    for start in stride(from: 0, to: storage.count, by: Swift.max(1, width)) {
      let row = start..<start + width
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
