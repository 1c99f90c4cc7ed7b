import MatrixEngine

extension Expression {
  /// Whether it is written as 0 everywhere.
  package var isZero: Bool {
    switch node {
    case .number(let number), .fill(let number, _): number.isZero
    default: false
    }
  }

  /// A value as an expression: a number, a list of numbers, of rows, of matrices.
  package static func literal(_ value: Tensor<Double>) -> Expression? {
    switch value.sizes.count {
    case 0: return .number(value.storage[0])
    case 1: return try? .list(value.storage.map { .number($0) })
    case 2:
      let columns = value.sizes[1]
      let rows = (0..<value.sizes[0]).map { i in
        try? Expression.list(value.storage[i * columns..<(i + 1) * columns].map { .number($0) })
      }
      return try? .list(rows.compactMap { $0 })
    default:
      let rest = Array(value.sizes.dropFirst())
      let count = rest.reduce(1, *)
      var parts: [Expression] = []
      for place in 0..<value.sizes[0] {
        let entries = Array(value.storage[place * count..<(place + 1) * count])
        guard let part = literal(Tensor(Shape(rest), entries)) else { return nil }
        parts.append(part)
      }
      return try? .list(parts, mayBeArray: true)
    }
  }

  /// The formula with its numbers put in: values for the symbols that have one, sizes as numbers.
  ///
  /// nil where that has no notation, as for an empty vector.
  package func puttingIn(_ values: [String: Tensor<Double>], sizes: [String: Int] = [:])
    -> Expression?
  {
    let known = sizes.merging(symbols.sizes(in: values)) { $1 }
    let resized = try? resized { size in
      if case .name(let name) = size, let count = known[name] { return .number(count) }
      return size
    }
    return try? resized?.replacingParts { part in
      if let entry = part.knownEntry(values, known) { return entry }
      if case .symbol(let symbol) = part.node {
        return values[symbol.name].flatMap(Expression.literal)
      }
      return nil
    }
  }

  /// The number, or the row, that an entry of something known is: x[1] is 2, not [2, −1][1].
  private func knownEntry(_ values: [String: Tensor<Double>], _ sizes: [String: Int]) -> Expression?
  {
    guard case .entry(let array, let indices) = node else { return nil }
    switch array.withoutNames.node {
    case .symbol(let symbol) where values[symbol.name] != nil: break
    case .identity: break
    default: return nil
    }
    for case .value(let index) in indices
    where !index.freeIndices.isEmpty || index.symbols.contains(where: { values[$0.name] == nil }) {
      return nil
    }
    return (try? value(at: values, sizes: sizes)).flatMap(Expression.literal)
  }
}
