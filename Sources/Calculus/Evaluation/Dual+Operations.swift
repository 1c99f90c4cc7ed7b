import MatrixEngine

/// Operations on whole arrays, with their derivatives in one direction.
extension Dual {
  /// Arrays of one shape, one behind the other.
  ///
  /// Throws: `CalculusError.unsupported` for more dimensions than an array may have.
  static func stack(_ entries: [Dual]) throws(CalculusError) -> Dual {
    _ = try CalculusError.shape([entries.count] + (entries.first?.shape.sizes ?? []))
    let isVarying = entries.contains { $0.tangent != nil }
    return try inEngine { () throws(MatrixError) in
      Dual(
        try .stacked(entries.map(\.value)),
        tangent: isVarying
          ? try .stacked(entries.map { $0.tangent ?? Tensor($0.shape, repeating: 0) }) : nil)
    }
  }

  /// The position of the first largest or smallest; −1 for none.
  static func best(_ kind: Extremum, _ values: [Double]) -> Int {
    var best = -1
    for i in values.indices
    where best < 0 || (kind == .max ? values[i] > values[best] : values[i] < values[best]) {
      best = i
    }
    return best
  }

  /// softmax of every row.
  var softmax: Dual {
    let shares = value.softmaxByRow()
    guard var tangent else { return Dual(shares) }
    let n = max(1, shape.sizes.last ?? 1)
    for start in stride(from: 0, to: shares.storage.count, by: n) {
      let row = start..<start + n
      let mean = row.reduce(0) { $0 + shares.storage[$1] * tangent.storage[$1] }
      for j in row { tangent.storage[j] = shares.storage[j] * (tangent.storage[j] - mean) }
    }
    return Dual(shares, tangent: tangent)
  }
}

extension Shape {
  /// The positions that a reduction along a dimension takes together, and the shape of its result; nil takes all.
  func groups(along axis: Int?) -> (groups: [[Int]], shape: Shape) {
    guard let axis else { return ([Array(0..<count)], Shape()) }
    let (size, inner) = (self[axis], count(axis + 1..<rank))
    let starts = (0..<count(0..<axis) * inner).map { $0 / inner * size * inner + $0 % inner }
    return (starts.map { start in (0..<size).map { start + $0 * inner } }, without(axis))
  }
}
