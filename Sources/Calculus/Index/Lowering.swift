/// Turns matrix notation into index notation: the entry of an expression at given indices.
final class Lowering {
  let source: IndexSource
  private struct Key: Hashable {
    let fingerprint: Fingerprint
    let indices: [Index]
    let environment: [String: Index]
  }
  private var done: [Key: Term] = [:]
  /// Terms that stand in for symbols of numbers.
  private let known: [Symbol: Term]
  /// The symbol that is differentiated by: its entries are independent of each other, and arrangements without it stay
  /// whole, as constants. nil: none, and nothing is constant.
  private let variable: Symbol?
  /// The sums as they stand in the formula: `x - 1` is not to come back as `1 - x`.
  private(set) var sums: Set<Fingerprint> = []
  /// What means are taken of in the formula.
  private(set) var means: Set<Expression> = []
  /// The variances of the formula, times the number of what they are taken of, by their sums of squares.
  private(set) var variances: [Fingerprint: Term] = [:]

  init(_ source: IndexSource, _ known: [Symbol: Term] = [:], by variable: Symbol? = nil) {
    self.source = source
    self.known = known
    self.variable = variable
  }

  /// The indices of a result of this shape.
  static func outputs(_ shape: ExpressionShape, from first: Int = 0) -> [Index] {
    shape.dimensions.enumerated().map { IndexSource.output(first + $0.offset, $0.element) }
  }

  /// The entry of `expression` at `indices`, one for each of its dimensions.
  ///
  /// Throws: `CalculusError.unsupported` for a sum over a part of a symbolic range.
  func lower(
    _ expression: Expression, at indices: [Index], _ environment: [String: Index] = [:]
  ) throws(CalculusError) -> Term {
    let used = environment.filter { expression.freeIndices.contains($0.key) }
    let key = Key(fingerprint: expression.fingerprint, indices: indices, environment: used)
    if let term = done[key] { return term }
    let term = try lowered(expression, indices, used)
    done[key] = term
    return term
  }

  private func lowered(
    _ expression: Expression, _ indices: [Index], _ environment: [String: Index]
  ) throws(CalculusError) -> Term {
    /// An element-wise operand, broadcast to the result.
    func operand(_ part: Expression) throws(CalculusError) -> Term {
      try lower(part, at: Lowering.broadcast(part.shape, indices), environment)
    }
    switch expression.node {
    case .number(let number):
      guard number.value.isFinite else {
        throw .noDerivative(
          reason:
            "\(number.value.isNaN ? "nan" : "inf") has no place in a formula that is differentiated",
          help: "")
      }
      return .number(number)
    case .constant(let constant): return .constant(constant)
    case .symbol(let symbol):
      return known[symbol] ?? .entry(symbol == variable ? symbol.unstructured : symbol, indices)
    case .size(let size): return .size(size)
    case .index(let name): return .position(index(name, environment))
    case .add(let parts):
      let sum = Term.add(try parts.map(operand))
      sums.insert(sum.fingerprint)
      return sum
    case .multiply(let parts): return .multiply(try parts.map(operand))
    case .divide(let a, let b):
      return .divide(try operand(a), try nonzero(try operand(b), in: expression))
    case .power(let a, let b): return .power(try operand(a), try operand(b))
    case .product(let a, let b): return try product(a, b, indices, environment)
    case .transpose(let a):
      if case .vector = a.shape { return try lower(a, at: [indices[1]], environment) }
      return try lower(a, at: [indices[1], indices[0]], environment)
    case .function(let function, let a): return .function(function, try operand(a))
    case .extremum(let kind, let a, let b): return .extremum(kind, try operand(a), try operand(b))
    case .compare(let comparison, let a, let b):
      if comparison == .equal, case .index(let name) = a.node,
        case .position(let kind, let vector) = b.node
      {
        return try isExtremum(kind, vector, at: index(name, environment), environment)
      }
      return .compare(comparison, try operand(a), try operand(b))
    case .choose(let c, let a, let b) where Lowering.isFactor(c, else: b, environment):
      return .multiply([try operand(c), try operand(a)])
    case .choose(let c, let a, let b):
      return .choose(try operand(c), try operand(a), try operand(b))
    case .reduce(let kind, let a, let axis):
      return try reduce(kind, a, axis, indices, environment)
    case .softmax(let a):
      let bound = source.fresh(a.shape.dimensions[indices.count - 1])
      let inner = Array(indices.dropLast()) + [bound]
      return .softmax(
        bound, try lower(a, at: inner, environment), at: indices[indices.count - 1])
    case .matrixFunction(let function, let a):
      let inner = a.shape.dimensions.map { source.fresh($0) }
      return .matrix(function, inner, try lower(a, at: inner, environment), at: indices)
    case .diagonal(let a):
      if indices.count == 1 { return try lower(a, at: [indices[0], indices[0]], environment) }
      return .multiply([
        .delta(indices[0], indices[1]), try lower(a, at: [indices[0]], environment),
      ])
    case .identity: return .delta(indices[0], indices[1])
    case .fill(let number, _): return .number(number)
    case .list(let parts): return try list(parts, indices, environment)
    case .entry(let a, let selection): return try entry(a, selection, indices, environment)
    case .position: throw .unsupported("argmax can only be compared with an index here")
    case .indexSum(let name, let from, let to, let body):
      return try indexSum(name, from, to, body, indices, environment)
    case .array(let name, _, let body):
      var inner = environment
      inner[name] = indices[0]
      return try lower(body, at: Array(indices.dropFirst()), inner)
    case .call(let name, let orders, let arguments):
      return .call(name, orders, try arguments.map(operand))
    case .named(_, let a), .steps(_, let a): return try lower(a, at: indices, environment)
    case .arranged where isConstant(expression): return Term(.constantEntry(expression, indices))
    case .arranged(let kind, let parts): return try arranged(kind, parts, indices, environment)
    }
  }

  private func nonzero(_ divisor: Term, in quotient: Expression) throws(CalculusError) -> Term {
    guard divisor.isZero else { return divisor }
    throw .noDerivative(reason: "\(quotient.text) divides by 0, so it has no derivative", help: "")
  }

  /// Under an index a condition is a factor, so that a sum sees what it leaves.
  private static func isFactor(
    _ condition: Expression, else other: Expression, _ environment: [String: Index]
  ) -> Bool {
    other.isZero && condition.isTruth && !environment.isEmpty && !condition.freeIndices.isEmpty
  }

  /// The indices of an operand that is broadcast to a result with `indices`.
  static func broadcast(_ shape: ExpressionShape, _ indices: [Index]) -> [Index] {
    let sizes = shape.dimensions
    let last = indices.suffix(sizes.count)
    return zip(sizes, last).map { $0.isOne ? .literal(1) : $1 }
  }

  private func index(_ name: String, _ environment: [String: Index]) -> Index {
    environment[name] ?? Index(kind: .named(name), dimension: .name("|\(name)|"))
  }

  private func product(
    _ a: Expression, _ b: Expression, _ indices: [Index], _ environment: [String: Index]
  ) throws(CalculusError) -> Term {
    let left: [Index]
    let right: [Index]
    let summed: Index
    switch (a.shape, b.shape) {
    case (.vector(let n), .vector):
      summed = source.fresh(n)
      (left, right) = ([summed], [summed])
    case (.matrix(let m, let k), .vector):
      summed = source.fresh(k)
      (left, right) = ([m.isOne ? .literal(1) : indices[0], summed], [summed])
    case (.vector(let n), .matrix(let m, _)):
      if m.isOne {
        summed = .literal(1)
        (left, right) = ([indices[0]], [.literal(1), indices[1]])
      } else {
        summed = source.fresh(n)
        (left, right) = ([summed], [summed, indices[0]])
      }
    case (.matrix(_, let k), .matrix):
      summed = source.fresh(k)
      (left, right) = ([indices[0], summed], [summed, indices[1]])
    default: throw .shapeMismatch(operation: "@", left: a.shape, right: b.shape)
    }
    return .sum(
      summed,
      .multiply([try lower(a, at: left, environment), try lower(b, at: right, environment)])
    )
  }

  private func reduce(
    _ kind: ExpressionReduction, _ a: Expression, _ axis: Int?, _ indices: [Index],
    _ environment: [String: Index]
  ) throws(CalculusError) -> Term {
    var reduced = Array(a.shape.dimensions.indices)
    // Axis 1 runs down the columns and keeps the column index; of arrays all others are kept.
    if let axis { reduced = [axis - 1] }
    let kept = a.shape.dimensions.indices.filter { !reduced.contains($0) }
    func entries() throws(CalculusError) -> (bound: [Index], body: Term) {
      var inner = a.shape.dimensions.map { source.fresh($0) }
      for (place, index) in zip(kept, indices) { inner[place] = index }
      return (reduced.map { inner[$0] }, try lower(a, at: inner, environment))
    }
    if kind == .prod, isConstant(a) {
      return Term(.constantEntry(try .reduce(kind, a, axis: axis), indices))
    }
    let (bound, body) = try entries()
    let count = Term.multiply(reduced.map { .size(a.shape.dimensions[$0]) })
    switch kind {
    case .prod: return bound.reversed().reduce(body) { product($1, $0) }

    case .sum: return .sum(bound, body)
    case .mean:
      means.insert(a)
      return .divide(.sum(bound, body), count)
    case .variance, .deviation:
      let others = try entries()
      let distance = Term.subtract(body, .divide(.sum(others.bound, others.body), count))
      let squares = Term.sum(bound, .power(distance, .number(2)))
      let variance = Term.divide(squares, count)
      means.insert(a)
      if axis == nil {
        variances[squares.fingerprint] = .multiply([
          count, Term(.constantEntry(try .reduce(.variance, a), [])),
        ])
      }
      return kind == .variance ? variance : .power(variance, .number(.ratio(1, 2)))
    case .norm: return .power(.sum(bound, .power(body, .number(2))), .number(.ratio(1, 2)))
    case .max: return .reduce(.max, bound, body)
    case .min: return .reduce(.min, bound, body)
    }
  }

  /// Π over an index, written out where it is short.
  private func product(_ index: Index, _ body: Term) -> Term {
    guard case .number(let count) = index.dimension, count <= 12, !index.isFixed else {
      return .product(index, body)
    }
    return .multiply((0..<count).map { body.substituting([index: .literal($0 + 1)]) })
  }

  /// Whether an expression has nothing that is differentiated by, and no index of a generator.
  private func isConstant(_ expression: Expression) -> Bool {
    expression.freeIndices.isEmpty && known.isEmpty
      && !(variable.map(expression.symbols.contains) ?? false)
  }

  private func isExtremum(
    _ kind: Extremum, _ vector: Expression, at: Index, _ environment: [String: Index]
  ) throws(CalculusError) -> Term {
    let bound = source.fresh(vector.shape.dimensions[0])
    return .isExtremum(kind, bound, try lower(vector, at: [bound], environment), at: at)
  }

  private func list(
    _ parts: [Expression], _ indices: [Index], _ environment: [String: Index]
  ) throws(CalculusError) -> Term {
    let rest = Array(indices.dropFirst())
    if case .literal(let i) = indices[0].kind {
      guard parts.indices.contains(i - 1) else {
        throw .outOfRange(name: "[ ]", index: i, count: parts.count)
      }
      return try lower(parts[i - 1], at: rest, environment)
    }
    var terms: [Term] = []
    for (i, part) in parts.enumerated() {
      terms.append(
        .multiply([.delta(.literal(i + 1), indices[0]), try lower(part, at: rest, environment)]))
    }
    return .add(terms)
  }

  private func entry(
    _ a: Expression, _ selection: [EntryIndex], _ indices: [Index],
    _ environment: [String: Index]
  ) throws(CalculusError) -> Term {
    var left = indices[...]
    var inner: [Index] = []
    for (i, choice) in selection.enumerated() {
      switch choice {
      case .all:
        if let next = left.popFirst() { inner.append(next) }
      case .range(let first, _):
        let size = a.shape.dimensions[i]
        if let next = left.popFirst() {
          inner.append(.shifted(next, by: first - .number(1), in: size))
        }
      case .value(let value):
        let size = a.shape.dimensions[i]
        if case .index(let name) = value.node, let known = environment[name] {
          inner.append(known)
        } else if case .index = value.node, size.isOne {
          inner.append(.literal(1))
        } else if case .position(let kind, let vector) = value.node, case .identity = a.node,
          i == 0, case .all = selection[1], let at = indices.first
        {
          return try isExtremum(kind, vector, at: at, environment)
        } else if let index = Index(value, over: size) {
          inner.append(index)
        } else {
          throw .unsupported("an index must be a number or the name of an index here")
        }
      }
    }
    return try lower(a, at: inner, environment)
  }

  private func indexSum(
    _ name: String, _ from: Int, _ to: Dimension, _ body: Expression, _ indices: [Index],
    _ environment: [String: Index]
  ) throws(CalculusError) -> Term {
    var inner = environment
    let use = body.use(ofIndex: name)
    if from == 1, use.dimensions.allSatisfy({ !to.isNumber || $0 == to }) {
      let index = source.fresh(to)
      inner[name] = index
      return .sum(index, try lower(body, at: indices, inner))
    }
    guard case .number(let last) = to, from > -1_000_000, last < 1_000_000, last - from < 1000
    else {
      throw .unsupported("a sum over a symbolic range begins at 1")
    }
    var terms: [Term] = []
    for position in stride(from: from, through: last, by: 1) {
      inner[name] = .literal(position)
      terms.append(try lower(body, at: indices, inner))
    }
    return .add(terms)
  }
}
