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
    func number(_ size: Dimension) -> Dimension {
      if case .name(let name) = size, let count = known[name] { return .number(count) }
      return size
    }
    func literal(_ part: Expression) -> Expression? {
      if let entry = part.knownEntry(values, known) { return entry }
      guard case .symbol(let symbol) = part.node else { return nil }
      return values[symbol.name].flatMap(Expression.literal)
    }
    if let whole = try? resized(number).replacingParts(literal) { return whole }
    return try? replacingParts { part in
      if case .product(let x, let row) = part.node, case .vector(let n) = x.shape,
        case .matrix(let m, _) = row.shape, number(n).count == 1, number(m).count == 1
      {
        return x.timesRow(row, values, known)
      }
      return literal(part) ?? (part.symbols.isEmpty ? try? part.resized(number) : nil)
    }
  }

  /// A single value before a matrix of one row, as the number times the row: as arrays the two would be read as a column
  /// before a row.
  private func timesRow(
    _ row: Expression, _ values: [String: Tensor<Double>], _ sizes: [String: Int]
  ) -> Expression? {
    guard let x = try? value(at: values, sizes: sizes), x.storage.count == 1,
      let row = try? row.value(at: values, sizes: sizes),
      let entries = Expression.literal(.vector(row.storage))
    else { return nil }
    return try? .multiply([.number(x.storage[0]), entries])
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
