/// One entry of a formula, in entries of its symbols: what a window, a row and a column bring to it, number by number.
extension Expression {
  /// The entry at a place, each index counted from 1.
  ///
  /// Throws: `CalculusError.unsupported` for an operation that does more than calculate entry by entry and add up.
  package func entryForm(at place: [Int]) throws(CalculusError) -> Expression {
    func entry(_ part: Expression) throws(CalculusError) -> Expression {
      try part.entryForm(at: part.shape.stretchedPlace(place))
    }
    func entries(_ parts: [Expression]) throws(CalculusError) -> [Expression] {
      var result: [Expression] = []
      for part in parts { result.append(try entry(part)) }
      return result
    }
    switch node {
    case .symbol(let symbol):
      guard !place.isEmpty else { return self }
      return try .entry(.symbol(symbol), place.map { .value(.number($0)) })
    case .number, .constant, .size: return self
    case .fill(let number, _): return .number(number)
    case .identity: return .number(place[0] == place[1] ? 1 : 0)
    case .add(let parts): return try Self.total(entries(parts))
    case .multiply(let parts): return try Self.factors(entries(parts))
    case .divide(let a, let b): return try .divide(entry(a), entry(b))
    case .power(let a, let b): return try .power(entry(a), entry(b))
    case .function(let function, let a): return .function(function, try entry(a))
    case .extremum(let kind, let a, let b): return try .extremum(kind, entry(a), entry(b))
    case .compare(let comparison, let a, let b):
      return try .compare(comparison, entry(a), entry(b))
    case .choose(let c, let a, let b): return try .choose(entry(c), entry(a), entry(b))
    case .transpose(let a):
      return try a.entryForm(at: a.shape.isVector ? [place[1]] : place.reversed())
    case .named(_, let a), .steps(_, let a): return try a.entryForm(at: place)
    case .product(let a, let b): return try productEntry(a, b, place)
    case .reduce(let kind, let a, let axis): return try reducedEntry(kind, a, axis, place)
    case .list(let parts): return try parts[place[0] - 1].entryForm(at: Array(place.dropFirst()))
    case .array(let index, _, let body):
      return try body.replacing(index: index, by: place[0]).entryForm(at: Array(place.dropFirst()))
    case .entry(let a, let indices): return try chosenEntry(a, indices, place)
    case .arranged(let kind, let parts): return try arrangedEntry(kind, parts[0], place)
    default: throw .unsupported("\(text) has no form entry by entry")
    }
  }

  private static func total(_ terms: [Expression]) throws(CalculusError) -> Expression {
    let present = terms.filter { !$0.isZero }
    return present.count < 2 ? present.first ?? 0 : try .add(present)
  }

  private static func factors(_ parts: [Expression]) throws(CalculusError) -> Expression {
    parts.contains(where: \.isZero) ? 0 : try .times(parts)
  }

  private func productEntry(_ a: Expression, _ b: Expression, _ place: [Int])
    throws(CalculusError) -> Expression
  {
    let (left, right) = (a.shape.dimensions, b.shape.dimensions)
    // A vector in front of a row is a column: their outer product.
    let isOuter = left.count == 1 && right.count == 2 && right[0].isOne
    let summed = isOuter ? 1 : left.last?.count ?? 1
    var terms: [Expression] = []
    for k in stride(from: 1, through: summed, by: 1) {
      let row = isOuter || left.count == 2 ? [place[0]] : []
      let first = try a.entryForm(at: isOuter ? row : row + [k])
      let second = try b.entryForm(at: right.count == 2 ? [k, place[place.count - 1]] : [k])
      terms.append(try Self.factors([first, second]))
    }
    return try Self.total(terms)
  }

  private func reducedEntry(
    _ kind: ExpressionReduction, _ a: Expression, _ axis: Int?, _ place: [Int]
  ) throws(CalculusError) -> Expression {
    let sizes = a.shape.dimensions.map { $0.count ?? 1 }
    var entries: [Expression] = []
    if let axis {
      for k in stride(from: 1, through: sizes[axis - 1], by: 1) {
        var inner = place
        inner.insert(k, at: axis - 1)
        entries.append(try a.entryForm(at: inner))
      }
    } else {
      for k in 0..<sizes.reduce(1, *) {
        entries.append(try a.entryForm(at: Self.position(k, in: sizes)))
      }
    }
    switch kind {
    case .sum: return try Self.total(entries)
    case .mean: return try .divide(Self.total(entries), .number(entries.count))
    case .max, .min: return try .reduce(kind, .list(entries))
    default: throw .unsupported("\(kind.rawValue) has no form entry by entry")
    }
  }

  private func chosenEntry(_ a: Expression, _ indices: [EntryIndex], _ place: [Int])
    throws(CalculusError) -> Expression
  {
    var left = place[...]
    var inner: [Int] = []
    for index in indices {
      switch index {
      case .all: inner.append(left.popFirst() ?? 1)
      case .range(let first, _):
        inner.append((first.expression.wholeNumber ?? 1) + (left.popFirst() ?? 1) - 1)
      case .value(let position):
        guard let number = position.wholeNumber else {
          throw .unsupported("\(text) has no form entry by entry")
        }
        inner.append(number)
      }
    }
    return try a.entryForm(at: inner)
  }

  private func arrangedEntry(_ kind: Arrangement, _ a: Expression, _ place: [Int])
    throws(CalculusError) -> Expression
  {
    let own = shape.dimensions.map { $0.count ?? 1 }
    let sizes = a.shape.dimensions.map { $0.count ?? 1 }
    let flat = zip(place, own).reduce(0) { $0 * $1.1 + $1.0 - 1 }
    switch kind {
    case .reshape: return try a.entryForm(at: Self.position(flat, in: sizes))
    case .windows(let windows):
      let source = windows.places(over: sizes)[flat]
      return source < 0
        ? .number(windows.filling) : try a.entryForm(at: Self.position(source, in: sizes))
    case .overlap(let windows, _):
      var terms: [Expression] = []
      for (seen, source) in windows.places(over: own).enumerated() where source == flat {
        terms.append(try a.entryForm(at: Self.position(seen, in: sizes)))
      }
      return try Self.total(terms)
    default: throw .unsupported("\(kind.name) has no form entry by entry")
    }
  }
}

extension ExpressionShape {
  /// Where an operand of this shape has what a larger array that it is stretched to has at a place.
  fileprivate func stretchedPlace(_ place: [Int]) -> [Int] {
    let sizes = dimensions
    return zip(sizes, place.suffix(sizes.count)).map { $0.stretches ? 1 : $1 }
  }
}
