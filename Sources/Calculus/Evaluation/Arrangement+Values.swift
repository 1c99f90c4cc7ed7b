import MatrixEngine

extension Arrangement {
  /// The array made of arrays, whose shapes fit.
  ///
  /// Throws: `CalculusError.unsupported` for more than fits into memory; `.interrupted`.
  package func value(
    of parts: [Tensor<Double>], _ shape: Shape, interrupt: InterruptFlag? = nil
  ) throws(CalculusError) -> Tensor<Double> {
    switch self {
    case .concat, .vstack:
      var entries: [Double] = []
      entries.reserveCapacity(shape.count)
      for part in parts {
        for start in stride(from: 0, to: part.storage.count, by: 0x10000) {
          if let interrupt, interrupt.isRaised { throw .interrupted }
          entries += part.storage[start..<min(start + 0x10000, part.storage.count)]
        }
      }
      return Tensor(shape, entries)
    case .hstack:
      var entries: [Double] = []
      entries.reserveCapacity(shape.count)
      for row in 0..<shape[0] {
        if let interrupt, interrupt.isRaised { throw .interrupted }
        for part in parts {
          let width = part.asMatrix.columns
          entries += part.storage[row * width..<(row + 1) * width]
        }
      }
      return Tensor(shape, entries)
    case .reshape: return parts[0].reshaped(shape)
    case .kron:
      let product = try inEngine { () throws(MatrixError) in
        try parts[0].asMatrix.kronecker(parts[1].asMatrix, interrupt: interrupt)
      }
      return product.reshaped(shape)
    case .cross:
      let (a, b) = (parts[0].storage, parts[1].storage)
      return .vector([
        a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0],
      ])
    case .windows(let windows):
      let storage = parts[0].storage
      return Tensor(
        shape,
        windows.places(over: parts[0].sizes).map { $0 < 0 ? windows.filling : storage[$0] })
    case .overlap(let windows, _):
      var sums = Tensor(shape, repeating: 0)
      for (place, number) in zip(windows.places(over: shape.sizes), parts[0].storage)
      where place >= 0 { sums.storage[place] += number }
      return sums
    case .cumsum(let axis):
      // How many entries are added up, and how far apart they stand.
      let size = axis.map { shape[$0 - 1] } ?? shape.count
      let stride = axis.map { shape.count($0..<shape.rank) } ?? 1
      let entries = parts[0].storage
      var sums: [Double] = []
      sums.reserveCapacity(entries.count)
      for place in entries.indices {
        if place & 0xFFFF == 0, let interrupt, interrupt.isRaised { throw .interrupted }
        sums.append(
          place / stride % size == 0 ? entries[place] : sums[place - stride] + entries[place])
      }
      return Tensor(shape, sums)
    }
  }
}

extension Dual {
  /// An arrangement of operands, with its derivative: linear in all of them, or in each of two.
  static func arranged(_ kind: Arrangement, _ parts: [Dual], _ shape: Shape) throws(CalculusError)
    -> Dual
  {
    let values = parts.map(\.value)
    let value = try kind.value(of: values, shape)
    guard parts.contains(where: { $0.tangent != nil }) else { return Dual(value) }
    let tangents = parts.map { $0.tangent ?? Tensor($0.shape, repeating: 0) }
    guard kind.isProduct else {
      return Dual(value, tangent: try kind.ofTangents.value(of: tangents, shape))
    }
    let first = try kind.value(of: [tangents[0], values[1]], shape)
    let second = try kind.value(of: [values[0], tangents[1]], shape)
    return Dual(
      value, tangent: try inEngine { () throws(MatrixError) in try first.adding(second) })
  }
}
