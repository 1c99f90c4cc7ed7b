/// Arrays made of others, in index notation: indices that are shifted, joined and taken apart.
extension Lowering {
  func arranged(
    _ kind: Arrangement, _ parts: [Expression], _ indices: [Index],
    _ environment: [String: Index]
  ) throws(CalculusError) -> Term {
    switch kind {
    case .concat, .vstack: return try stacked(parts, along: 0, indices, environment)
    case .hstack: return try stacked(parts, along: 1, indices, environment)
    case .reshape(let shape): return try reshaped(parts[0], shape, indices, environment)
    case .kron:
      let factors = try [true, false].map { (isFirst) throws(CalculusError) in
        let inner = indices.enumerated().map { axis, index in
          index.part(
            isRow: isFirst, parts[0].shape.dimensions[axis], parts[1].shape.dimensions[axis])
        }
        return try lower(parts[isFirst ? 0 : 1], at: inner, environment)
      }
      return .multiply(factors)
    case .cross:
      let (j, k) = (source.fresh(.number(3)), source.fresh(.number(3)))
      return .sum(
        [j, k],
        .multiply([
          .permutation(indices[0], j, k), try lower(parts[0], at: [j], environment),
          try lower(parts[1], at: [k], environment),
        ]))
    case .windows, .overlap:
      throw .unsupported(
        "\(kind.name) has no derivative in index notation; a layer's lines may hold it")
    case .cumsum(let axis):
      let place = (axis ?? 1) - 1
      let index = source.fresh(parts[0].shape.dimensions[place])
      var inner = indices
      inner[place] = index
      return .sum(
        index,
        .multiply([
          .compare(.lessOrEqual, .position(index), .position(indices[place])),
          try lower(parts[0], at: inner, environment),
        ]))
    }
  }

  /// Σ_k δ(i, k + shift) a_k for every part: what stands at i of parts one behind the other.
  private func stacked(
    _ parts: [Expression], along axis: Int, _ indices: [Index], _ environment: [String: Index]
  ) throws(CalculusError) -> Term {
    var shift = Dimension.number(0)
    var terms: [Term] = []
    let total = parts.reduce(.number(0)) {
      $0 + ($1.shape.dimensions.isEmpty ? .number(1) : $1.shape.dimensions[axis])
    }
    for part in parts {
      let size = part.shape.dimensions.isEmpty ? .number(1) : part.shape.dimensions[axis]
      let index = source.fresh(size)
      var inner = indices
      inner[axis] = index
      let body = try lower(part, at: part.shape == .scalar ? [] : inner, environment)
      let place = Index.shifted(index, by: shift, in: total)
      terms.append(.sum(index, .multiply([.delta(indices[axis], place), body])))
      shift = shift + size
    }
    return .add(terms)
  }

  private func reshaped(
    _ array: Expression, _ shape: ExpressionShape, _ indices: [Index],
    _ environment: [String: Index]
  ) throws(CalculusError) -> Term {
    let (old, new) = (array.shape.dimensions, shape.dimensions)
    guard old.count <= 2, new.count <= 2 else {
      throw .unsupported("reshape in a formula makes vectors and matrices")
    }
    let flat = new.count == 2 ? Index.joined(indices[0], indices[1], new[0], new[1]) : indices[0]
    guard old.count == 2 else { return try lower(array, at: [flat], environment) }
    let places = [true, false].map { flat.part(isRow: $0, old[0], old[1]) }
    return try lower(array, at: places, environment)
  }
}
