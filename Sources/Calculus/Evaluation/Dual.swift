import MatrixEngine

/// A value and, in forward mode, its derivative in one direction.
package struct Dual {
  package let value: Tensor<Double>
  /// In the shape of the value; nil where it does not depend on what is varied.
  package let tangent: Tensor<Double>?

  var shape: Shape { value.shape }
  /// All entries, row by row.
  var entries: [Double] { value.storage }

  init(_ value: Tensor<Double>, tangent: Tensor<Double>? = nil) {
    self.value = value
    self.tangent = tangent
  }

  static func constant(_ value: Double) -> Dual { Dual(.scalar(value)) }

  /// A rearrangement, which is the same for the value and its derivative.
  func rearranged(_ change: (Tensor<Double>) throws(CalculusError) -> Tensor<Double>)
    throws(CalculusError) -> Dual
  {
    guard let tangent else { return Dual(try change(value)) }
    return Dual(try change(value), tangent: try change(tangent))
  }

  /// f of every entry.
  func map(_ f: (Double) -> Double, _ slope: (Double) throws(CalculusError) -> Double)
    throws(CalculusError) -> Dual
  {
    let result = Tensor(shape, entries.map(f))
    guard let tangent else { return Dual(result) }
    var moved = tangent
    for (place, x) in entries.enumerated() where moved.storage[place] != 0 {
      moved.storage[place] *= try slope(x)
    }
    return Dual(result, tangent: moved)
  }

  /// f of the entries of both, broadcast; `slopes` are the partial derivatives.
  ///
  /// Throws: `CalculusError.unsupported` for what would not fit into memory.
  static func combine(
    _ a: Dual, _ b: Dual, _ f: (Double, Double) -> Double,
    _ slopes: (Double, Double) -> (Double, Double)
  ) throws(CalculusError) -> Dual {
    try inEngine { () throws(MatrixError) in
      func join(
        _ a: Tensor<Double>, _ b: Tensor<Double>, _ f: (Double, Double) -> Double
      ) throws(MatrixError) -> Tensor<Double> { try a.combined(with: b, operation: "join", f) }
      func moved(_ tangent: Tensor<Double>?, _ slope: (Double, Double) -> Double)
        throws(MatrixError) -> Tensor<Double>?
      {
        guard let tangent else { return nil }
        return try join(try join(a.value, b.value, slope), tangent) { $1 == 0 ? 0 : $0 * $1 }
      }
      let (s, t) = (
        try moved(a.tangent) { slopes($0, $1).0 }, try moved(b.tangent) { slopes($0, $1).1 }
      )
      let value = try join(a.value, b.value, f)
      guard let s, let t else { return Dual(value, tangent: s ?? t) }
      return Dual(value, tangent: try s.adding(t))
    }
  }
}

extension CalculusError {
  /// Throws: `CalculusError.unsupported` for more dimensions than an array may have, `.tooLarge` for more entries.
  package static func shape(_ sizes: [Int]) throws(CalculusError) -> Shape {
    guard sizes.count <= Shape.largestRank else {
      throw .unsupported("an array may have \(Shape.largestRank) dimensions, not \(sizes.count)")
    }
    let shape = Shape(sizes)
    guard shape.isHeld else { throw .tooLarge(sizes) }
    return shape
  }
}

/// The bridge to the engine: its errors are what cannot be calculated.
func inEngine<Result>(_ compute: () throws(MatrixError) -> Result) throws(CalculusError) -> Result {
  do {
    return try compute()
  } catch .tooLarge(_, let shape) {
    throw .tooLarge(shape.sizes)
  } catch .outOfMemory(_, let refusal) {
    throw .outOfMemory(refusal)
  } catch .interrupted {
    throw .interrupted
  } catch .singular(let operation) {
    throw .singular(operation: operation)
  } catch {
    throw .unsupported("\(error)")
  }
}
