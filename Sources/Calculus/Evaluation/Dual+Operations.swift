/// Operations on whole arrays, with their derivatives in one direction.
extension Dual {
  func transposed(isVector: Bool) -> Dual {
    if isVector { return with(sizes: [1, values.count]) }
    let (m, n) = (sizes[0], sizes[1])
    return taking((0..<m * n).map { $0 % m * n + $0 / m }, sizes: [n, m])
  }

  /// Of a vector the diagonal matrix, of a matrix its diagonal.
  var diagonal: Dual {
    let n = sizes[0]
    if sizes.count == 2 { return taking((0..<n).map { $0 * n + $0 }, sizes: [n]) }
    func spread(_ v: [Double]) -> [Double] {
      (0..<n * n).map { $0 / n == $0 % n ? v[$0 / n] : 0 }
    }
    return Dual(sizes: [n, n], values: spread(values), tangent: tangent.map(spread))
  }

  /// The entries at these positions.
  func taking(_ positions: [Int], sizes: [Int]) -> Dual {
    Dual(
      sizes: sizes, values: positions.map { values[$0] },
      tangent: tangent.map { t in positions.map { t[$0] } })
  }

  /// Arrays of one shape, one behind the other.
  static func stack(_ entries: [Dual]) -> Dual {
    let isVarying = entries.contains { $0.tangent != nil }
    return Dual(
      sizes: [entries.count] + (entries.first?.sizes ?? []), values: entries.flatMap(\.values),
      tangent: isVarying
        ? entries.flatMap { $0.tangent ?? Array(repeating: 0, count: $0.values.count) } : nil)
  }

  /// The positions that a reduction takes together, and the sizes of its result.
  func groups(along axis: Int?) -> (groups: [[Int]], sizes: [Int]) {
    guard let axis, sizes.count == 2 else { return ([Array(0..<sizes.reduce(1, *))], []) }
    let (m, n) = (sizes[0], sizes[1])
    if axis == 1 { return ((0..<n).map { j in (0..<m).map { $0 * n + j } }, [n]) }
    return ((0..<m).map { i in (0..<n).map { i * n + $0 } }, [m])
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
    let n = sizes.last ?? 1
    var shares: [Double] = []
    var moved: [Double] = []
    for start in stride(from: 0, to: values.count, by: max(1, n)) {
      let row = values[start..<start + n]
      let largest = row.max() ?? 0
      let powers = row.map { Double.exp($0 - largest) }
      let total = powers.reduce(0, +)
      let share = powers.map { $0 / total }
      shares += share
      guard let slopes = tangent?[start..<start + n] else { continue }
      let mean = zip(share, slopes).reduce(0) { $0 + $1.0 * $1.1 }
      moved += zip(share, slopes).map { $0 * ($1 - mean) }
    }
    return Dual(sizes: sizes, values: shares, tangent: tangent == nil ? nil : moved)
  }
}
