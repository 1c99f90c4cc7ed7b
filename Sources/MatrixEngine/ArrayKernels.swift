/// How the entries of an operand stand to those of a result that it is broadcast to.
@usableFromInline package enum Alignment: Sendable {
  case same
  /// One entry for all.
  case single
  /// The same run of entries again and again: a row under every row.
  case cycle(Int)
  /// Each entry so many times, one after the other: a column beside every column.
  case runs(Int)
  /// The place of the operand's entry for each of the result's.
  case places([Int])

  @inlinable @inline(__always)
  package func at(_ index: Int) -> Int {
    switch self {
    case .same: index
    case .single: 0
    case .cycle(let count): index % count
    case .runs(let count): index / count
    case .places(let places): places[index]
    }
  }

  /// How an array of some sizes is broadcast to others, which it fits; a vector lies as a row.
  package init(_ sizes: [Int], in whole: [Int]) {
    let (own, count) = (sizes.reduce(1, *), whole.reduce(1, *))
    if own == count {
      self = .same
    } else if own == 1 {
      self = .single
    } else if Array(whole.suffix(sizes.count)) == sizes {
      self = .cycle(own)
    } else if sizes.count == whole.count, let end = sizes.lastIndex(where: { $0 != 1 }),
      sizes[...end] == whole[...end]
    {
      self = .runs(whole[(end + 1)...].reduce(1, *))
    } else {
      let (small, large) = (Shape(sizes), Shape(whole))
      self = .places((0..<count).map { small.position(of: $0, in: large) })
    }
  }
}

/// Arrays of a few entries worked on in memory: forward, and back with what is added to their derivatives.
///
/// Every loop is over the entries of the result.
extension Buffer {
  /// result[i] = f(self[i], b[i]), each broadcast.
  @inlinable @inline(__always)
  package func join(
    _ own: Alignment, _ b: Buffer, _ others: Alignment, into result: Buffer,
    _ function: (Scalar, Scalar) -> Scalar
  ) {
    let count = result.count
    switch (own, others) {
    case (.same, .same):
      precondition(self.count >= count && b.count >= count)
      for i in 0..<count { result.base[i] = function(base[i], b.base[i]) }
    case (.same, .single):
      precondition(self.count >= count && b.count >= 1)
      let second = b.base[0]
      for i in 0..<count { result.base[i] = function(base[i], second) }
    case (.single, .same):
      precondition(self.count >= 1 && b.count >= count)
      let first = base[0]
      for i in 0..<count { result.base[i] = function(first, b.base[i]) }
    default:
      for i in 0..<count { result.base[i] = function(self[own.at(i)], b[others.at(i)]) }
    }
  }

  /// target[i] += gradient[i] · slope(self[i], b[i]), where the target lies as `aim` says.
  @inlinable @inline(__always)
  package func pull(
    _ own: Alignment, _ b: Buffer, _ others: Alignment, _ gradient: Buffer, into target: Buffer,
    as aim: Alignment, _ slope: (Scalar, Scalar, Scalar) -> Scalar
  ) {
    let count = gradient.count
    switch (own, others, aim) {
    case (.same, .same, .same):
      precondition(self.count >= count && b.count >= count && target.count >= count)
      for i in 0..<count { target.base[i] += slope(gradient.base[i], base[i], b.base[i]) }
    default:
      for i in 0..<count {
        target[aim.at(i)] += slope(gradient.base[i], self[own.at(i)], b[others.at(i)])
      }
    }
  }

  /// self[i] += b[i]
  @inlinable
  package func add(_ b: Buffer) {
    precondition(b.count >= count)
    for i in 0..<count { base[i] += b.base[i] }
  }

  /// result[i] = self[places[i]], and `filling` where that is outside.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func gather(_ places: [Int], into result: Buffer, filling: Scalar) {
    precondition(result.count >= places.count)
    for i in places.indices {
      let place = places[i]
      result.base[i] = place < 0 ? filling : self[place]
    }
  }

  /// result[places[i]] += self[i], but for places outside.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func scatter(_ places: [Int], into result: Buffer) {
    precondition(count >= places.count)
    for i in places.indices where places[i] >= 0 { result[places[i]] += base[i] }
  }

  /// The largest, or smallest, of `count` entries that lie `inner` apart, in `outer` runs of these. Shape: the result
  /// `[outer, inner]`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func extremes(
    largest: Bool, outer: Int, count length: Int, inner: Int, into result: Buffer
  ) {
    precondition(count >= outer * length * inner && result.count >= outer * inner && length > 0)
    forEachRun(outer, length, inner) { start, place in
      result.base[place] = base[extreme(start, length, inner, largest)]
    }
  }

  /// Adds a gradient to the first of the entries that `extremes` took.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func pullExtremes(
    largest: Bool, outer: Int, count length: Int, inner: Int, _ gradient: Buffer,
    into target: Buffer
  ) {
    precondition(count >= outer * length * inner && gradient.count >= outer * inner && length > 0)
    precondition(target.count >= outer * length * inner)
    forEachRun(outer, length, inner) { start, place in
      target.base[extreme(start, length, inner, largest)] += gradient.base[place]
    }
  }

  @inline(__always)
  private func forEachRun(
    _ outer: Int, _ length: Int, _ inner: Int, _ body: (_ start: Int, _ place: Int) -> Void
  ) {
    for run in 0..<outer {
      for offset in 0..<inner { body(run * length * inner + offset, run * inner + offset) }
    }
  }

  /// Where the first largest, or smallest, entry of a run lies.
  @inline(__always)
  private func extreme(_ start: Int, _ length: Int, _ inner: Int, _ largest: Bool) -> Int {
    var (best, found) = (start, base[start])
    var place = start
    for _ in 1..<length {
      place += inner
      let next = base[place]
      if largest ? next > found : next < found { (best, found) = (place, next) }
    }
    return best
  }

  /// The shares e^x / Σ e^x of each row. Shape: `[rows · width]`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func softmax(width: Int, into result: Buffer) {
    precondition(result.count >= count && width > 0)
    for start in stride(from: 0, to: count, by: width) {
      var largest = base[start]
      for i in start..<(start + width) where base[i] > largest { largest = base[i] }
      var sum: Scalar = 0
      for i in start..<(start + width) {
        let power = Scalar.exp(base[i] - largest)
        result.base[i] = power
        sum += power
      }
      for i in start..<(start + width) { result.base[i] /= sum }
    }
  }

  /// target += a ⊙ (g − Σ g ⊙ a) row by row, of the shares that are in this buffer.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package func pullSoftmax(width: Int, _ gradient: Buffer, into target: Buffer) {
    precondition(gradient.count >= count && target.count >= count && width > 0)
    for start in stride(from: 0, to: count, by: width) {
      var sum: Scalar = 0
      for i in start..<(start + width) { sum += gradient.base[i] * base[i] }
      for i in start..<(start + width) { target.base[i] += base[i] * (gradient.base[i] - sum) }
    }
  }
}
