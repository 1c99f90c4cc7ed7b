/// A function of many elements to one. One entry serves the whole array and every axis.
package enum Reduction: Hashable, CaseIterable, Sendable {
  case sum, mean, max, min
  /// √Σx²: of all entries the Frobenius norm.
  case norm
  /// The middle one in order of size, or the mean of the two in the middle.
  case median
  /// The mean of the squared distances from the mean; of a sample with divisor n − 1.
  case variance(ofSample: Bool)
  /// The root of the variance.
  case deviation(ofSample: Bool)
  /// How many elements are not 0.
  case count
  case prod

  package static let allCases: [Reduction] =
    [.sum, .mean, .max, .min, .norm, .median, .count, .prod]
    + [false, true].flatMap { [.variance(ofSample: $0), .deviation(ofSample: $0)] }

  /// Its name in the language.
  package var name: String {
    switch self {
    case .sum: "sum"
    case .mean: "mean"
    case .max: "max"
    case .min: "min"
    case .norm: "norm"
    case .median: "median"
    case .variance: "var"
    case .deviation: "std"
    case .count: "count"
    case .prod: "prod"
    }
  }

  /// Whether it has a value when there is nothing to reduce.
  package var allowsEmpty: Bool { [.sum, .norm, .count, .prod].contains(self) }

  /// The value for `count` elements, `stride` apart from `start`. NaN spreads, as in NumPy. It may end early, and
  /// give anything, when the interrupt flag is raised.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func value<Scalar: MatrixScalar>(
    of elements: UnsafeBufferPointer<Scalar>, start: Int, stride: Int, count: Int,
    interrupt: InterruptFlag?
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
    case .median:
      let line =
        stride == 1
        ? UnsafeBufferPointer(rebasing: elements[start..<start + count]).ordered(until: interrupt)
        : (0..<count).map { elements[start + $0 * stride] }
          .withUnsafeBufferPointer { $0.ordered(until: interrupt) }
      guard let sorted = line else { return .nan }
      if sorted[count - 1].isNaN { return .nan }
      let middle = sorted[count / 2]
      return count % 2 == 1 ? middle : (sorted[count / 2 - 1] + middle) / 2
    case .variance(let ofSample):
      let mean = Reduction.sum(elements, start, stride, count) { $0 } / Scalar(count)
      let squares = Reduction.sum(elements, start, stride, count) { ($0 - mean) * ($0 - mean) }
      return squares / Scalar(ofSample ? count - 1 : count)
    case .deviation(let ofSample):
      return Reduction.variance(ofSample: ofSample)
        .value(of: elements, start: start, stride: stride, count: count, interrupt: interrupt)
        .squareRoot()
    case .count:
      return Reduction.sum(elements, start, stride, count) { $0 == 0 ? 0 : 1 }
    }
  }

  /// Σ f(x), pairwise over blocks, so that the error grows with log n; in order within a block.
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
  /// Throws: `MatrixError.empty` for a mean, max or min of nothing; `.interrupted`.
  @specialized(where Scalar == Double)
  package func reduced(by reduction: Reduction, interrupt: InterruptFlag? = nil)
    throws(MatrixError) -> Scalar
  {
    guard !isEmpty || reduction.allowsEmpty else {
      throw .empty(operation: reduction.name, shape: shape)
    }
    let result = storage.withUnsafeBufferPointer {
      reduction.value(of: $0, start: 0, stride: 1, count: $0.count, interrupt: interrupt)
    }
    if let interrupt, interrupt.isRaised { throw .interrupted(operation: reduction.name) }
    return result
  }

  /// One number for all elements along a dimension, counted from 0, which goes.
  ///
  /// Shape: `[m, n] → [n]` down the columns (0), `[m, n] → [m]` along the rows (1).
  /// Throws: `MatrixError.empty` for a mean, max or min of nothing; `.interrupted`.
  @specialized(where Scalar == Double)
  package func reduced(by reduction: Reduction, axis: Int, interrupt: InterruptFlag? = nil)
    throws(MatrixError) -> Tensor
  {
    let count = shape[axis]
    guard count > 0 || reduction.allowsEmpty else {
      throw .empty(operation: reduction.name, shape: shape)
    }
    let (outer, inner) = (shape.count(0..<axis), shape.count(axis + 1..<rank))
    let results = storage.withUnsafeBufferPointer { elements in
      (0..<outer * inner).map { line -> Scalar in
        if let interrupt, interrupt.isRaised { return 0 }
        return reduction.value(
          of: elements, start: line / inner * count * inner + line % inner, stride: inner,
          count: count, interrupt: interrupt)
      }
    }
    if let interrupt, interrupt.isRaised { throw .interrupted(operation: reduction.name) }
    return Tensor(shape.without(axis), results)
  }

  /// How many elements there are along the last dimension: the entries of a row, or of a vector.
  private var width: Int { rank == 0 ? 1 : shape[rank - 1] }

  /// The place, from 0, of each row's largest element, or of a vector's; the first at ties, a NaN before all.
  ///
  /// Throws: `MatrixError.empty` for rows without elements.
  @specialized(where Scalar == Double)
  package func argmaxByRow() throws(MatrixError) -> [Int] {
    guard width > 0 else { throw .empty(operation: "argmax", shape: shape) }
    return stride(from: 0, to: storage.count, by: width).map {
      Tensor.argmax(storage[$0..<$0 + width])
    }
  }

  /// The elements of every row, or of a vector, in order of size; NaN at the end, as in NumPy.
  ///
  /// Throws: `MatrixError.interrupted`.
  @specialized(where Scalar == Double)
  package func sortedByRow(isDescending: Bool = false, interrupt: InterruptFlag? = nil)
    throws(MatrixError) -> Tensor
  {
    if rank <= 1 {
      let line = try storage.ordered(for: "sort", interrupt: interrupt)
      return Tensor(shape, isDescending ? line.reversed() : line)
    }
    var result = Tensor(shape, storage)
    for start in stride(from: 0, to: storage.count, by: Swift.max(1, width)) {
      var row = try Array(storage[start..<start + width])
        .ordered(for: "sort", interrupt: interrupt)
      if let interrupt, interrupt.isRaised { throw .interrupted(operation: "sort") }
      if isDescending { row.reverse() }
      result.storage.replaceSubrange(start..<start + width, with: row)
    }
    return result
  }

  /// The different elements in order of size; one NaN at the end.
  ///
  /// Throws: `MatrixError.interrupted`.
  @specialized(where Scalar == Double)
  package func distinct(interrupt: InterruptFlag? = nil) throws(MatrixError) -> [Scalar] {
    var result: [Scalar] = []
    for element in try storage.ordered(for: "unique", interrupt: interrupt) {
      if let last = result.last, last == element || last.isNaN { continue }
      result.append(element)
    }
    return result
  }

  /// The position, from 0, of the largest element; the first at ties, a NaN before all.
  @specialized(where Scalar == Double)
  package static func argmax(_ elements: ArraySlice<Scalar>) -> Int {
    var best = elements.startIndex
    for i in elements.indices {
      if elements[i].isNaN { return i - elements.startIndex }
      if elements[i] > elements[best] { best = i }
    }
    return best - elements.startIndex
  }

  /// e^(z − max z) / Σ e^(z − max z) along the last dimension: of a matrix row by row.
  @specialized(where Scalar == Double)
  package func softmaxByRow() -> Tensor {
    var result = Tensor(shape, storage)
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

extension MatrixScalar {
  /// The order of size, with NaN behind all numbers.
  static func nanLast(_ a: Self, _ b: Self) -> Bool { a < b || b.isNaN && !a.isNaN }
}
