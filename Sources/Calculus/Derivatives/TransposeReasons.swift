import Notation

extension Expression {
  /// Why transposes stand in the products of a formula: the shapes that must meet, and the index that is summed. Of the
  /// first products that have one.
  package var transposeReasons: [SymbolText] {
    var found: [SymbolText] = []
    for part in parts {
      guard case .product(let a, let b) = part.node, let reason = Self.transposeReason(a, b),
        !found.contains(where: { $0.text == reason.text })
      else { continue }
      found.append(reason)
      if found.count == Self.mostReasons { break }
    }
    return found
  }

  private static let mostReasons = 1

  private static func transposeReason(_ a: Expression, _ b: Expression) -> SymbolText? {
    let shape = (try? Expression.product(a, b).shape) ?? .scalar
    guard shape.dimensions.contains(where: { $0.count != 1 }) else { return nil }
    func shapes() -> SymbolText {
      return .words("\(a.shape.sizes) · \(b.shape.sizes) = \(shape.sizes): ")
    }
    switch (a.node, b.node) {
    case (.transpose(let inner), _) where inner.shape.isMatrix && !b.shape.dimensions.isEmpty:
      let rows = inner.shape.dimensions[0]
      let other = b.shape.isVector ? "entries of " : ""
      return shapes() + .transposed(inner.briefly("the first"))
        + .words(" since the sum runs over the \(rows.counted("row")) of ")
        + inner.briefly("the first")
        + .words(" and \(other)") + b.briefly("the second")
    case (_, .transpose(let inner)) where inner.shape.isMatrix && a.shape.isMatrix:
      let columns = inner.shape.dimensions[1]
      return shapes() + .transposed(inner.briefly("the second"))
        + .words(" since the sum runs over the \(columns.counted("column")) of ")
        + a.briefly("the first") + " and " + inner.briefly("the second")
    case (_, .transpose(let inner)) where inner.shape.isVector && a.shape.isVector:
      return shapes() + "every entry of " + a.briefly("the first") + " by every entry of "
        + inner.briefly("the second")
    default: return nil
    }
  }

  /// Its name, or where it has none its place in words.
  private func briefly(_ place: String) -> SymbolText {
    switch withoutNames.node {
    case .symbol(let symbol): .quantity(symbol.quantity)
    case .transpose(let inner): .transposed(inner.briefly(place))
    case .arranged(.reshape, let parts): parts[0].briefly(place)
    case .entry(let array, _): array.briefly(place)
    case .divide(let a, let b) where b.shape == .scalar: a.briefly(place)
    default: .words(place + " factor")
    }
  }

  /// Whether it is what windows see of an array, and nothing else.
  package var isWindows: Bool {
    if case .arranged(.windows, _) = node { true } else { false }
  }

  /// Whether it looks at an array through windows, or lays them back.
  package var goesThroughWindows: Bool {
    parts.contains { part in
      switch part.node {
      case .arranged(.windows, _), .arranged(.overlap, _): true
      default: false
      }
    }
  }
}

extension Dimension {
  /// "3 rows", "n columns"
  fileprivate func counted(_ noun: String) -> String {
    count.map { $0.counted(noun) } ?? "\(text) \(noun)s"
  }
}

extension ExpressionShape {
  /// `3×2`; a vector is a column in front of a row, else it counts as one.
  fileprivate var sizes: String {
    isVector ? "\(dimensions[0].text)" : dimensions.map(\.text).joined(separator: "×")
  }
}
