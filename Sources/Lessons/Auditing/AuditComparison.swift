import Calculus
import Display
import Language
import MatrixEngine
import Syntax

/// Whether two sides are equal, and if not, where.
enum AuditComparison {
  case holds(why: String)
  /// As far as rounded numbers can tell.
  case close(why: String)
  case differs(expected: String, why: String)
  case undecided(why: String)

  var isEqual: Bool {
    switch self {
    case .holds, .close: true
    case .differs, .undecided: false
    }
  }
}

/// Compares sides as formulas: by the calculus, then at points.
struct FormulaComparison {
  let names: AuditNames
  let format: NumberFormat
  /// With what wrong lines have made of names.
  var carried = false

  func compare(_ left: Expression, _ right: Expression) -> AuditComparison {
    if let difference = shapesDiffer(left.shape, right) { return difference }
    if !carried, left.treeSize + right.treeSize < Self.simplifiedSize,
      let difference = try? Expression.subtract(left, right).simplified(), difference.isZero
    {
      return .holds(why: "")
    }
    return names.values.isEmpty ? atPoints(left, right) : nearRun(left, right)
  }

  /// Larger differences are not simplified.
  private static let simplifiedSize = 300.0
  private static let points = 36
  private static let plainPoints = 8

  private func shapesDiffer(_ shape: ExpressionShape, _ right: Expression) -> AuditComparison? {
    guard shape != right.shape, !right.isZero else { return nil }
    let both = (shape.dimensions.asVector, right.shape.dimensions.asVector)
    // Sizes that are names on one side may be numbers on the other.
    let fit =
      both.0.count == both.1.count
      && zip(both.0, both.1).allSatisfy {
        $0.count == $1.count || !$0.isNumber || !$1.isNumber
      }
    guard !fit else { return nil }
    return .differs(
      expected: shape.kindText,
      why: "\(shape.sizeText) on the left, \(right.shape.sizeText) on the right")
  }

  // MARK: - At points

  /// At points of all names that nothing defines.
  private func atPoints(_ left: Expression, _ right: Expression) -> AuditComparison {
    var points = SamplePoints(
      of: names.bases(of: [left, right], carried: carried).map { .symbol($0) }
        + [left, right]
        .map { $0.withoutDefined(names) }, within: names.bounds,
      choosing: names.indices(of: [left, right]), turns: names.turns)
    var compared = 0
    for round in 0..<Self.points {
      if round == Self.points / 2 { points.changeSizes() }
      let values = points.next(isPlain: round < Self.plainPoints)
      let point = AuditNames.Point(values: values, sizes: points.sizes, carried: carried)
      switch difference(left, right, at: point) {
      case .none: continue
      case .same: compared += 1
      case .sizes(let a, let b):
        return .differs(expected: a, why: "\(a) on the left, \(b) on the right")
      case .differ(let a, let b, let entry):
        let place = points.text(values, format)
        return .differs(
          expected: format.shortText(a),
          why: Self.sentence(place, entry, format.shortText(a), format.shortText(b)))
      }
    }
    return compared > 0
      ? .holds(why: "")
      : .undecided(
        why: "no point was found where both sides have values; assume x in 0..1 narrows the search")
  }

  private static func sentence(_ place: String, _ entry: String, _ a: String, _ b: String) -> String
  {
    let head = place.isEmpty ? "" : "\(place): "
    return "\(head)\(entry)\(a) on the left, \(b) on the right"
  }

  // MARK: - Near a run

  /// At the run's numbers and around them. Names that the right side leaves out keep their numbers: where y is 1,
  /// −y/ŷ may be written −1/ŷ.
  private func nearRun(_ left: Expression, _ right: Expression) -> AuditComparison {
    let bases = names.bases(of: [left, right], carried: carried)
    let own = Set(names.bases(of: [right], carried: carried).map(\.name))
    let free = bases.filter {
      own.contains($0.name) || names.value($0.name, carried: carried) == nil
    }
    var drawn = SamplePoints(
      of: free.filter { names.value($0.name, carried: carried) == nil }.map { .symbol($0) },
      within: names.bounds, turns: names.turns)
    let runs = Dictionary(
      bases.compactMap { symbol in
        names.value(symbol.name, carried: carried).map { (symbol.name, $0) }
      },
      uniquingKeysWith: { first, _ in first })
    let sizes = drawn.sizes.merging(bases.sizes(in: runs)) { $1 }
    var compared = 0
    for round in 0..<Self.points {
      var values = drawn.next()
      for (place, symbol) in bases.enumerated() {
        guard let run = runs[symbol.name] else { continue }
        let isMoved = round > 0 && own.contains(symbol.name)
        values[symbol.name] =
          isMoved ? moved(run, names.bounds[symbol.name], round, seed: 7 * place + 31 * round) : run
      }
      let point = AuditNames.Point(values: values, sizes: sizes, carried: carried)
      switch difference(left, right, at: point) {
      case .none: continue
      case .same: compared += 1
      case .sizes(let a, let b):
        return .differs(expected: a, why: "\(a) on the left, \(b) on the right")
      case .differ(let a, let b, let entry):
        let place = round == 0 ? "with this run's numbers" : self.place(values, own)
        return .differs(
          expected: format.shortText(a),
          why: Self.sentence(place, entry, format.shortText(a), format.shortText(b)))
      }
    }
    return compared > 0 ? .holds(why: "") : .undecided(why: "no number was found for both sides")
  }

  /// `at y = 0.5, ŷ = 0.25`, of the numbers among the names of a side.
  private func place(_ values: [String: Tensor<Double>], _ own: Set<String>) -> String {
    let numbers = values.filter { own.contains($0.key) && $0.value.sizes.isEmpty }
      .sorted { $0.key < $1.key }.prefix(Self.mostNames)
      .map { "\($0.key) = \(format.shortText($0.value.storage[0]))" }
    return numbers.isEmpty ? "at other numbers" : "at \(numbers.joined(separator: ", "))"
  }

  private static let mostNames = 4

  /// Numbers near those of the run, where those between 0 and 1 stay there; and every third time far from them, so that
  /// all cases of a formula are met.
  private func moved(
    _ run: Tensor<Double>, _ bounds: OpenInterval?, _ round: Int, seed: Int
  ) -> Tensor<Double> {
    Tensor(
      run.shape,
      run.storage.enumerated().map { place, value in
        // Multiples of the golden ratio, between −2 and 2.
        let fraction = (Double(seed + 13 * place + 1) * 0.618_033_988_749_894_9)
          .truncatingRemainder(dividingBy: 1)
        let random = 4 * fraction - 2
        if let bounds { return bounds.contains(random) ? random : value }
        if round.isMultiple(of: 3) { return random * max(1, abs(value)) * 1.5 }
        if value > 0, value < 1 { return value + random / 4 * min(value, 1 - value) }
        return value + random / 4 * max(1, abs(value))
      })
  }

  // MARK: - One point

  private enum Difference {
    case same
    case differ(Double, Double, entry: String)
    case sizes(String, String)
    case none
  }

  private func difference(_ left: Expression, _ right: Expression, at point: AuditNames.Point)
    -> Difference
  {
    guard let a = names.value(of: left, at: point), let b = names.value(of: right, at: point)
    else { return .none }
    let isOne = a.storage.count == 1 && b.storage.count == 1
    guard a.sizes.asVector == b.sizes.asVector || isOne || b.storage.count == 1 && right.isZero
    else {
      let written = (left.shape.sizeText, right.shape.sizeText)
      guard written.0 == written.1 else { return .sizes(written.0, written.1) }
      let (p, q) = (a.sizes.map(String.init), b.sizes.map(String.init))
      return .sizes(p.joined(separator: "×"), q.joined(separator: "×"))
    }
    var found = Difference.none
    let scale = (a.storage + b.storage).reduce(1) { $1.isFinite ? max($0, abs($1)) : $0 }
    for (place, p) in a.storage.enumerated() {
      let q = b.storage.count == 1 ? b.storage[0] : b.storage[place]
      guard p.isFinite, q.isFinite else { continue }
      if abs(p - q) > 1e-9 * scale, abs(p - q) > allowance(left, right, at: point, place) {
        let entry = Expression.position(place, in: a.sizes).map(String.init)
        return .differ(
          p, q, entry: entry.isEmpty ? "" : "entry [\(entry.joined(separator: ","))] is ")
      }
      found = .same
    }
    return found
  }

  /// What rounded numbers in the formulas allow.
  private func allowance(
    _ left: Expression, _ right: Expression, at point: AuditNames.Point, _ place: Int
  ) -> Double {
    [left, right].reduce(0) { sum, side in
      sum + names.allowances(of: side, at: point, place: place)
    }
  }
}

extension AuditNames {
  /// How far a value may be off where every rounded number behind it is off by 1.5 units of its last digit.
  func allowances(of expression: Expression, at point: Point, place: Int) -> Double {
    let own = literals(of: expression, carried: point.carried, prefersValues: point.prefersValues)
    guard !own.isEmpty, let value = value(of: expression, at: point) else { return 0 }
    let number = value.storage[min(place, value.storage.count - 1)]
    var sum = 0.0
    for name in own {
      guard let literal = literals[name], let unit = literal.unit else { continue }
      var largest = 0.0
      for sign in [-1.5, 1.5] {
        var moved = point
        moved.values[name] = .scalar(literal.value + sign * unit)
        guard let other = self.value(of: expression, at: moved) else { continue }
        let difference = abs(other.storage[min(place, other.storage.count - 1)] - number)
        if difference.isFinite { largest = max(largest, difference) }
      }
      sum += largest
    }
    return sum
  }
}

extension [Dimension] {
  /// Those of a column are those of a vector.
  fileprivate var asVector: Self { count == 2 && last?.count == 1 ? dropLast() : self }
}

extension [Int] {
  /// Those of a column are those of a vector.
  fileprivate var asVector: Self { count == 2 && last == 1 ? dropLast() : self }
}

extension Expression {
  /// The expression, as long as nothing in it is defined; else a number, since only its sizes are asked for.
  fileprivate func withoutDefined(_ names: AuditNames) -> Expression {
    symbols.contains { names.formulas[$0.name] != nil || names.literals[$0.name] != nil }
      ? .number(0) : self
  }
}
