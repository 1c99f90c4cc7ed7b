import MatrixEngine

/// A value and, in forward mode, its derivative in one direction.
struct Dual {
  let sizes: [Int]
  let values: [Double]
  /// nil where it does not depend on what is varied.
  let tangent: [Double]?

  static func constant(_ value: Double) -> Dual { Dual(sizes: [], values: [value], tangent: nil) }

  func with(sizes: [Int]) -> Dual { Dual(sizes: sizes, values: values, tangent: tangent) }

  /// f of every entry.
  func map(_ f: (Double) -> Double, _ slope: (Double) throws(CalculusError) -> Double)
    throws(CalculusError) -> Dual
  {
    var moved: [Double]?
    if let tangent {
      var result: [Double] = []
      for (x, t) in zip(values, tangent) { result.append(t == 0 ? 0 : try slope(x) * t) }
      moved = result
    }
    return Dual(sizes: sizes, values: values.map(f), tangent: moved)
  }

  /// f of the entries of both, broadcast; `slopes` are the partial derivatives.
  static func combine(
    _ a: Dual, _ b: Dual, _ f: (Double, Double) -> Double,
    _ slopes: (Double, Double) -> (Double, Double)
  ) -> Dual {
    let sizes = broadcast(a.sizes, b.sizes)
    let (p, q) = (offsets(a.sizes, in: sizes), offsets(b.sizes, in: sizes))
    var values: [Double] = []
    values.reserveCapacity(p.count)
    for (i, j) in zip(p, q) { values.append(f(a.values[i], b.values[j])) }
    guard a.tangent != nil || b.tangent != nil else {
      return Dual(sizes: sizes, values: values, tangent: nil)
    }
    var tangent: [Double] = []
    tangent.reserveCapacity(p.count)
    for (i, j) in zip(p, q) {
      let (da, db) = slopes(a.values[i], b.values[j])
      let (s, t) = (a.tangent?[i] ?? 0, b.tangent?[j] ?? 0)
      tangent.append((s == 0 ? 0 : da * s) + (t == 0 ? 0 : db * t))
    }
    return Dual(sizes: sizes, values: values, tangent: tangent)
  }

  static func broadcast(_ a: [Int], _ b: [Int]) -> [Int] {
    if a == b || b.isEmpty { return a }
    if a.isEmpty { return b }
    if a.count != b.count { return a.count > b.count ? a : b }
    return zip(a, b).map { $0 == 1 ? $1 : $0 }
  }

  /// Where the entries of an array stand when it is broadcast: a vector runs along a matrix's rows.
  static func offsets(_ own: [Int], in sizes: [Int]) -> [Int] {
    let count = sizes.reduce(1, *)
    if own == sizes { return Array(0..<count) }
    if own.isEmpty { return [Int](repeating: 0, count: count) }
    var result = [0]
    for (axis, size) in sizes.enumerated() {
      let own = axis >= sizes.count - own.count ? own[axis - (sizes.count - own.count)] : 0
      result = result.flatMap { base in
        (0..<size).map { own == 0 ? base : base * own + (own == 1 ? 0 : $0) }
      }
    }
    return result
  }
}
