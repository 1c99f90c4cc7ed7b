/// A part of ∂L by something: of all of it, or of the entries at some places.
package struct GradientShare {
  /// Which entries along an index, counted from 1.
  enum Place: Hashable {
    case one(Int)
    case from(Int, Int)
    case all

    /// The entries among `count`.
    func span(_ count: Int) -> ClosedRange<Int> {
      switch self {
      case .one(let index): index...index
      case .from(let first, let last): first...max(first, last)
      case .all: 1...max(count, 1)
      }
    }
  }

  package let formula: Expression
  /// One an index; none where it is of all entries.
  let places: [Place]

  /// Of all entries.
  package init(_ formula: Expression) { self.init(formula, at: []) }

  init(_ formula: Expression, at places: [Place]) {
    self.formula = formula
    self.places = places.allSatisfy { $0 == .all } ? [] : places
  }

  /// The sum of shares, entries side by side where they lie so.
  ///
  /// Throws: `CalculusError.unsupported` for arrays that are too long to be written out.
  package static func sum(_ shares: [GradientShare], _ shape: ExpressionShape)
    throws(CalculusError) -> Expression
  {
    var terms = shares.filter(\.places.isEmpty).map(\.formula)
    var left = try joined(shares.filter { !$0.places.isEmpty })
    let sizes = shape.dimensions.map { $0.count ?? 1 }
    while !left.isEmpty {
      var chosen: [GradientShare] = []
      var others: [GradientShare] = []
      for share in left {
        if chosen.contains(where: { $0.overlaps(share, sizes) }) {
          others.append(share)
        } else {
          chosen.append(share)
        }
      }
      terms.append(try assembled(chosen, sizes))
      left = others
    }
    return try sum(terms) ?? .fill(.zero, shape)
  }

  private static func sum(_ terms: [Expression]) throws(CalculusError) -> Expression? {
    terms.count < 2 ? terms.first : try .add(terms)
  }

  /// Those of the same entries as one.
  private static func joined(_ shares: [GradientShare]) throws(CalculusError) -> [GradientShare] {
    var order: [[Place]] = []
    var formulas: [[Place]: [Expression]] = [:]
    for share in shares {
      if formulas[share.places] == nil { order.append(share.places) }
      formulas[share.places, default: []].append(share.formula)
    }
    var result: [GradientShare] = []
    for places in order {
      if let sum = try sum(formulas[places] ?? []) { result.append(.init(sum, at: places)) }
    }
    return result
  }

  private func overlaps(_ other: GradientShare, _ sizes: [Int]) -> Bool {
    zip(zip(places, other.places), sizes).allSatisfy { places, count in
      places.0.span(count).overlaps(places.1.span(count))
    }
  }

  // MARK: - Side by side

  /// Longer arrays are not listed, unless most of their parts have shares of their own: those of a long recurrence.
  private static func longest(_ shares: [GradientShare]) -> Int { max(64, 2 * shares.count) }

  /// Shares that do not overlap, with zeros between them.
  private static func assembled(_ shares: [GradientShare], _ sizes: [Int]) throws(CalculusError)
    -> Expression
  {
    guard shares.contains(where: { !$0.places.isEmpty }) else {
      return shares.first?.formula ?? zeros(sizes)
    }
    if sizes.count == 1 { return try line(shares, sizes[0]) }
    if sizes.count == 2 {
      if shares.allSatisfy({ $0.places[0] == .all }) {
        return try stacked(shares, along: 1, sizes)
      }
      let areRanges = shares.contains { if case .from = $0.places[0] { true } else { false } }
      if areRanges, shares.allSatisfy({ $0.places[1] == .all }) {
        return try stacked(shares, along: 0, sizes)
      }
    }
    if sizes.count > 2, shares.allSatisfy({ $0.places[0] == .all }) {
      return try along(shares, sizes)
    }
    guard sizes[0] <= longest(shares) else {
      throw .unsupported("an array of \(sizes[0]) parts is too long to be written out")
    }
    var parts: [Expression] = []
    for index in stride(from: 1, through: sizes[0], by: 1) {
      var inside: [GradientShare] = []
      for share in shares {
        let span = share.places[0].span(sizes[0])
        guard span.contains(index) else { continue }
        let rest = Array(share.places.dropFirst())
        if case .one = share.places[0] {
          inside.append(GradientShare(share.formula, at: rest))
        } else {
          inside.append(
            GradientShare(try share.formula.slice(index - span.lowerBound + 1), at: rest))
        }
      }
      parts.append(try assembled(inside, Array(sizes.dropFirst())))
    }
    return try .list(parts, mayBeArray: true)
  }

  /// Shares that go through all of the first index: what lies beside one another, for each place of it.
  private static func along(_ shares: [GradientShare], _ sizes: [Int]) throws(CalculusError)
    -> Expression
  {
    let letters = ["p", "q", "r"]
    let index = letters[min(sizes.count - 3, letters.count - 1)]
    var inside: [GradientShare] = []
    for share in shares {
      let rest = share.formula.shape.dimensions.dropFirst().map { _ in EntryIndex.all }
      inside.append(
        GradientShare(
          try .entry(share.formula, [.value(.index(index))] + rest),
          at: Array(share.places.dropFirst())))
    }
    return try .array(
      index, .number(sizes[0]), assembled(inside, Array(sizes.dropFirst())))
  }

  /// A vector.
  private static func line(_ shares: [GradientShare], _ count: Int) throws(CalculusError)
    -> Expression
  {
    let areNumbers = shares.allSatisfy { if case .one = $0.places[0] { true } else { false } }
    let inOrder = shares.sorted {
      $0.places[0].span(count).lowerBound < $1.places[0].span(count).lowerBound
    }
    var parts: [Expression] = []
    var next = 1
    func fill(upTo end: Int) {
      guard end > next else { return }
      if areNumbers {
        parts += (next..<end).map { _ in Expression.number(0) }
      } else {
        parts.append(zeros([end - next]))
      }
    }
    for share in inOrder {
      let span = share.places[0].span(count)
      fill(upTo: span.lowerBound)
      parts.append(share.formula)
      next = span.upperBound + 1
    }
    fill(upTo: count + 1)
    guard areNumbers else {
      return parts.count == 1 ? parts[0] : try .arranged(.concat, parts)
    }
    guard parts.count <= longest(shares) else {
      throw .unsupported("a vector of \(parts.count) is too long to be written out")
    }
    return try .list(parts)
  }

  /// Matrices beside (1) or below (0) one another.
  private static func stacked(_ shares: [GradientShare], along axis: Int, _ sizes: [Int])
    throws(CalculusError) -> Expression
  {
    func span(_ share: GradientShare) -> ClosedRange<Int> { share.places[axis].span(sizes[axis]) }
    var parts: [Expression] = []
    var next = 1
    func fill(upTo end: Int) {
      guard end > next else { return }
      parts.append(zeros(axis == 0 ? [end - next, sizes[1]] : [sizes[0], end - next]))
    }
    for share in shares.sorted(by: { span($0).lowerBound < span($1).lowerBound }) {
      fill(upTo: span(share).lowerBound)
      parts.append(share.formula)
      next = span(share).upperBound + 1
    }
    fill(upTo: sizes[axis] + 1)
    return parts.count == 1 && parts[0].shape.dimensions.count == 2
      ? parts[0] : try .arranged(axis == 0 ? .vstack : .hstack, parts)
  }

  private static func zeros(_ sizes: [Int]) -> Expression {
    .fill(.zero, ExpressionShape(sizes.map { .number($0) }))
  }
}
