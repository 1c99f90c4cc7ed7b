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

extension Dual {
  /// det, trace, inverse, pseudoinverse of a matrix.
  ///
  /// Throws: `CalculusError.singular` for an inverse, or the change of a determinant, that does not exist.
  func applying(_ function: MatrixFunction) throws(CalculusError) -> Dual {
    try inEngine { () throws(MatrixError) in
      switch function {
      case .trace:
        let sum: (Tensor<Double>) -> Tensor<Double> = { .scalar($0.diagonalElements.reduce(0, +)) }
        return Dual(sum(value), tangent: tangent.map(sum))
      case .determinant:
        let determinant = try value.determinant()
        guard let tangent else { return Dual(.scalar(determinant)) }
        let change = try value.solved(for: tangent, operation: function.rawValue)
        return Dual(
          .scalar(determinant),
          tangent: .scalar(determinant * change.diagonalElements.reduce(0, +)))
      case .inverse:
        let inverse = try value.inverse()
        guard let tangent else { return Dual(inverse) }
        return Dual(
          inverse, tangent: try inverse.product(tangent).product(inverse).map { -$0 })
      case .pseudoinverse:
        let inverse = try value.pseudoinverse()
        guard let tangent else { return Dual(inverse) }
        // −P dA P + P Pᵀ dAᵀ (I − A P) + (I − P A) dAᵀ Pᵀ P
        let turned = tangent.transposed()
        let (m, n) = (value.rows, value.columns)
        let outside = try Tensor.identity(m).subtracting(value.product(inverse))
        let inside = try Tensor.identity(n).subtracting(inverse.product(value))
        let first = try inverse.product(tangent).product(inverse).map { -$0 }
        let second = try inverse.product(inverse.transposed()).product(turned).product(outside)
        let third = try inside.product(turned).product(inverse.transposed()).product(inverse)
        return Dual(inverse, tangent: try first.adding(second).adding(third))
      }
    }
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
