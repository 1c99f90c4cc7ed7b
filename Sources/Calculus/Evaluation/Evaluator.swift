import MatrixEngine

/// Computes values, and in forward mode a directional derivative along with them.
///
/// The derivatives here are those of whole operations on arrays, written independently of
/// `DerivativeTable`: the two check each other. Every shared part is computed once.
package final class Evaluator {
  private struct Key: Hashable {
    let fingerprint: Fingerprint
    let positions: [Int]
  }
  private let values: [String: Tensor<Double>]
  private let tangents: [String: Tensor<Double>]
  private var sizes: [String: Int]
  private var done: [Key: Dual] = [:]
  /// Whether a quotient by a norm of 0 is an error: it is in a derivative.
  private let refusesZeroNorms: Bool
  /// How far each argument of max, relu, abs, norm and conditions is from its kink, in the order of the
  /// evaluation; nil where nobody asked.
  private(set) var kinkDistances: [Double]?
  /// Whether a matrix to the power −1 is an error: where a formula is somebody's, not a derivative of one.
  private let refusesInverses: Bool
  /// The symbols that it is differentiated by: a root or logarithm of 0 has no derivative.
  private let variables: Set<Symbol>
  /// The first function that was given an argument outside its domain.
  package private(set) var outsideDomain: DomainViolation?

  /// Values of names, and the direction in which they vary, for those that do.
  ///
  /// Throws: `CalculusError.valueShape`, `.sizesDiffer` when a value does not fit its symbol.
  package init(
    _ symbols: [Symbol], values: [String: Tensor<Double>], sizes: [String: Int] = [:],
    tangents: [String: Tensor<Double>] = [:], refusesZeroNorms: Bool = false,
    variables: Set<Symbol> = [], findsKinks: Bool = false, refusesInverses: Bool = false
  ) throws(CalculusError) {
    self.values = values
    self.tangents = tangents
    self.sizes = sizes
    self.refusesZeroNorms = refusesZeroNorms
    self.variables = variables
    self.refusesInverses = refusesInverses
    if findsKinks { kinkDistances = [] }
    for symbol in symbols {
      guard let value = values[symbol.name] else { continue }
      let declared = symbol.shape.dimensions
      guard declared.count == value.sizes.count else {
        throw .valueShape(name: symbol.name, declared: symbol.shape, given: value.sizes)
      }
      for (size, count) in zip(declared, value.sizes) {
        switch size {
        case .number(let expected):
          guard expected == count else {
            throw .valueShape(name: symbol.name, declared: symbol.shape, given: value.sizes)
          }
        case .name(let name):
          if let known = self.sizes[name], known != count {
            throw .sizesDiffer(name: name, first: .number(known), second: .number(count))
          }
          self.sizes[name] = count
        case .single:
          guard count == 1 else {
            throw .valueShape(name: symbol.name, declared: symbol.shape, given: value.sizes)
          }
        case .unknown, .made: break
        }
      }
    }
    try takeMadeSizes(of: symbols)
  }

  /// What n + 1 of a symbol says of n; it must agree with what others say.
  private func takeMadeSizes(of symbols: [Symbol]) throws(CalculusError) {
    for symbol in symbols {
      guard let value = values[symbol.name] else { continue }
      for (size, count) in zip(symbol.shape.dimensions, value.sizes) where size.isMade {
        let known = size.mapped { [sizes] in
          if case .name(let name) = $0, let size = sizes[name] { .number(size) } else { $0 }
        }
        guard known != .number(count) else { continue }
        guard case (.name(let name), .number(let solved))? = Dimension.solved(known, .number(count))
        else {
          throw .valueShape(name: symbol.name, declared: symbol.shape, given: value.sizes)
        }
        sizes[name] = solved
      }
    }
  }

  private func size(_ dimension: Dimension) throws(CalculusError) -> Int {
    switch dimension {
    case .number(let size): return size
    case .single: return 1
    case .name(let name):
      guard let size = sizes[name] else { throw .noValue(name: name) }
      return size
    case .unknown: throw .noValue(name: "a size")
    case .made: return Int(try evaluate(dimension.expression).entries[0])
    }
  }

  /// The value of an expression where the indices have these positions.
  package func evaluate(_ expression: Expression, _ positions: [String: Int] = [:])
    throws(CalculusError)
    -> Dual
  {
    switch expression.node {
    case .number(let number): return .constant(number.value)
    case .symbol, .constant, .size, .index: return try compute(expression, positions)
    default: break
    }
    let free = expression.freeIndices
    let key = Key(
      fingerprint: expression.fingerprint,
      positions: free.isEmpty ? [] : free.sorted().map { positions[$0] ?? 0 })
    if let known = done[key] { return known }
    let result = try compute(expression, positions)
    done[key] = result
    return result
  }

  private func compute(_ expression: Expression, _ positions: [String: Int])
    throws(CalculusError) -> Dual
  {
    func value(_ part: Expression) throws(CalculusError) -> Dual { try evaluate(part, positions) }
    switch expression.node {
    case .number(let number): return .constant(number.value)
    case .constant(let constant): return .constant(constant.value)
    case .size(let dimension): return .constant(Double(try size(dimension)))
    case .symbol(let symbol):
      guard let value = values[symbol.name] else { throw .noValue(name: symbol.name) }
      return Dual(value, tangent: tangents[symbol.name])
    case .index(let name):
      guard let position = positions[name] else { throw .noValue(name: name) }
      return .constant(Double(position))
    case .add(let parts): return try fold(parts, positions, +) { _, _ in (1, 1) }
    case .multiply(let parts): return try fold(parts, positions, *) { ($1, $0) }
    case .divide(let a, let b):
      let divisor = try value(b)
      if refusesZeroNorms, b.containsNorm, divisor.entries.contains(0) {
        throw .noDerivative(
          reason: "norm has no derivative at 0", help: "norm(x)^2 has one everywhere")
      }
      return try .combine(try value(a), divisor, /) { (1 / $1, -$0 / ($1 * $1)) }
    case .power(let a, let b): return try power(a, try value(a), try value(b))
    case .product(let a, let b): return try product(a, b, try value(a), try value(b), expression)
    case .transpose(let a):
      return try value(a).rearranged { x throws(CalculusError) in x.transposed() }
    case .function(let function, let a):
      if function.number == nil, let formula = try function.writtenOut(a) {
        return try value(formula)
      }
      return try self.function(function, a, try value(a))
    case .extremum(let kind, let a, let b):
      return try extremum(kind, a, b, try value(a), try value(b))
    case .reduce(let kind, let a, let axis): return try reduce(kind, try value(a), axis)
    case .softmax(let a): return try value(a).softmax
    case .diagonal(let a):
      return try value(a).rearranged { x throws(CalculusError) in
        if x.rank == 2 { return .vector(x.diagonalElements) }
        return try inEngine { () throws(MatrixError) in try .diagonal(x.storage) }
      }
    case .matrixFunction(let function, let a): return try value(a).applying(function)
    case .identity(let n):
      let n = try size(n)
      return Dual(try inEngine { () throws(MatrixError) in try .identity(n) })
    case .fill(let number, let shape): return try filled(shape, with: number.value)
    case .list(let parts): return try .stack(parts.map(value))
    case .compare(let comparison, let a, let b):
      let (x, y) = (try value(a), try value(b))
      if case .index = a.node {} else { try noteKinks(x, y) }
      return Dual(
        try Dual.combine(x, y, { comparison.holds($0, $1) ? 1 : 0 }, { _, _ in (0, 0) }).value)
    case .choose(let c, let a, let b):
      return try choose(try value(c), a, b, expression.shape, positions)
    case .entry(let a, let indices): return try entry(a, try value(a), indices, positions)
    case .arranged(let kind, let parts):
      var sizes: [Int] = []
      for dimension in expression.shape.dimensions { sizes.append(try size(dimension)) }
      return try .arranged(kind, parts.map(value), try CalculusError.shape(sizes))
    case .position(let kind, let a):
      let entries = try value(a).entries
      return .constant(Double(Dual.best(kind, entries) + 1))
    case .indexSum(let name, let from, let to, let body):
      return try indexSum(name, from, try size(to), body, positions)
    case .array(let name, let dimension, let body):
      return try array(name, try size(dimension), body, positions)
    case .call(let name, _, _): throw .noValue(name: name)
    case .named(_, let a), .steps(_, let a): return try value(a)
    }
  }

  /// How far two operands are from a tie, where somebody asks.
  private func noteKinks(_ x: Dual, _ y: Dual) throws(CalculusError) {
    guard kinkDistances != nil else { return }
    let gap = try Dual.combine(x, y, { ($0 - $1).magnitude }, { _, _ in (0, 0) })
    kinkDistances?.append(contentsOf: gap.entries)
  }

  /// Entry by entry takes long, and cannot be interrupted.
  private static let mostIndexedEntries = 200_000

  private func fold(
    _ parts: [Expression], _ positions: [String: Int], _ f: (Double, Double) -> Double,
    _ slopes: (Double, Double) -> (Double, Double)
  ) throws(CalculusError) -> Dual {
    guard let first = parts.first else { return .constant(0) }
    var result = try evaluate(first, positions)
    for part in parts.dropFirst() {
      result = try .combine(result, try evaluate(part, positions), f, slopes)
    }
    return result
  }

  private func filled(_ shape: ExpressionShape, with value: Double) throws(CalculusError) -> Dual {
    var sizes: [Int] = []
    for dimension in shape.dimensions { sizes.append(try size(dimension)) }
    let shape = try CalculusError.shape(sizes)
    return Dual(try inEngine { () throws(MatrixError) in try .filled(shape, with: value) })
  }

  // MARK: Operations on arrays

  private func power(_ a: Expression, _ base: Dual, _ exponent: Dual) throws(CalculusError) -> Dual
  {
    if refusesInverses, a.shape.isMatrix, exponent.shape.rank == 0, exponent.entries[0] == -1 {
      throw .inverseMeant(of: a)
    }
    if outsideDomain == nil, let negative = base.entries.first(where: { $0 < 0 }),
      let broken = exponent.entries.first(where: { $0 != $0.rounded() && $0.isFinite })
    {
      outsideDomain = DomainViolation(
        function: "x^\(Number(broken).text)", argument: negative, needs: "x >= 0", isPower: true)
    }
    return try .combine(base, exponent, Double.pow) { x, y in
      (y == 0 ? 0 : y * Double.pow(x, y - 1), Double.pow(x, y) * Double.log(x))
    }
  }

  private func extremum(
    _ kind: Extremum, _ a: Expression, _ b: Expression, _ x: Dual, _ y: Dual
  ) throws(CalculusError) -> Dual {
    // At a tie of a constant and a variable nothing moves.
    let isFlatAtTies =
      a.symbols.allSatisfy(\.isOuter) || b.symbols.allSatisfy(\.isOuter)
    let sign: Double = kind == .max ? 1 : -1
    try noteKinks(x, y)
    let slopes: (Double, Double) -> (Double, Double) = { u, v in
      if u == v { return isFlatAtTies ? (0, 0) : (1, 0) }
      return sign * u > sign * v ? (1, 0) : (0, 1)
    }
    return try .combine(x, y, { sign * $0 >= sign * $1 ? $0 : $1 }, slopes)
  }

  private func choose(
    _ condition: Dual, _ a: Expression, _ b: Expression, _ shape: ExpressionShape,
    _ positions: [String: Int]
  ) throws(CalculusError) -> Dual {
    if condition.shape.rank == 0 {
      // A branch may have fewer dimensions than the other.
      let chosen = try evaluate(condition.entries[0] != 0 ? a : b, positions)
      let zeros = try filled(shape, with: 0)
      if chosen.shape == zeros.shape { return chosen }
      return try .combine(chosen, zeros, { x, _ in x }, { _, _ in (1, 0) })
    }
    let (x, y) = (try evaluate(a, positions), try evaluate(b, positions))
    let first = try Dual.combine(
      condition, x, { $0 != 0 ? $1 : 0 }, { c, _ in (0, c != 0 ? 1 : 0) })
    let second = try Dual.combine(
      condition, y, { $0 == 0 ? $1 : 0 }, { c, _ in (0, c == 0 ? 1 : 0) })
    return try .combine(first, second, +) { _, _ in (1, 1) }
  }

  private func indexSum(
    _ name: String, _ from: Int, _ last: Int, _ body: Expression, _ positions: [String: Int]
  ) throws(CalculusError) -> Dual {
    guard from > -10_000_000, last < 10_000_000 else {
      throw .unsupported("a sum over \(from):\(last) is too long")
    }
    var inner = positions
    var total: Dual?
    for position in stride(from: from, through: last, by: 1) {
      inner[name] = position
      let next = try evaluate(body, inner)
      total =
        try total.map { sum throws(CalculusError) in
          try Dual.combine(sum, next, +) { _, _ in (1, 1) }
        } ?? next
    }
    return total ?? .constant(0)
  }

  private func array(
    _ name: String, _ count: Int, _ body: Expression, _ positions: [String: Int]
  ) throws(CalculusError) -> Dual {
    var inner = positions
    var entries: [Dual] = []
    for position in stride(from: 1, through: count, by: 1) {
      inner[name] = position
      entries.append(try evaluate(body, inner))
      guard entries.count * max(1, entries[0].entries.count) <= Evaluator.mostIndexedEntries else {
        throw .unsupported(
          "an array of more than \(Evaluator.mostIndexedEntries) entries that has no matrix notation is too large to calculate"
        )
      }
    }
    return try .stack(entries)
  }

  private func function(_ function: ElementFunction, _ a: Expression, _ x: Dual)
    throws(CalculusError) -> Dual
  {
    for kink in function.kinks {
      kinkDistances?.append(contentsOf: x.entries.map { ($0 - kink).magnitude })
    }
    if outsideDomain == nil, let domain = function.domain {
      let isOfSlope = !variables.isEmpty && !variables.isDisjoint(with: a.symbols)
      if let argument = x.entries.first(where: { domain.excludes($0, forSlope: isOfSlope) }) {
        outsideDomain = DomainViolation(
          function: function.name, argument: argument, isOfSlope: isOfSlope,
          isAtBound: !domain.excludes(argument), needs: domain.text(forSlope: isOfSlope))
      }
    }
    return try x.map(function.value) { x throws(CalculusError) in
      if let refusal = function.refusal { throw refusal }
      return function.slope(x) ?? .nan
    }
  }

  private func product(
    _ a: Expression, _ b: Expression, _ x: Dual, _ y: Dual, _ whole: Expression
  ) throws(CalculusError) -> Dual {
    // A vector is a row, but in front of a row it is a column.
    let isRow: Bool =
      switch (a.shape, b.shape) {
      case (.vector, .matrix(let rows, _)): !rows.isOne
      case (.vector, _): true
      default: false
      }
    func multiply(_ u: Tensor<Double>, _ v: Tensor<Double>) throws(CalculusError) -> Tensor<Double>
    {
      let left = isRow ? .row(u.storage) : u.asMatrix
      guard left.columns == v.rows else {
        throw .shapeMismatch(operation: "@", left: a.shape, right: b.shape)
      }
      let product = try inEngine { () throws(MatrixError) in
        try left.product(v.asMatrix)
      }
      switch whole.shape {
      case .scalar: return .scalar(product.storage[0])
      case .vector: return .vector(product.storage)
      default: return product
      }
    }
    let first = try x.tangent.map { dx throws(CalculusError) in try multiply(dx, y.value) }
    let second = try y.tangent.map { dy throws(CalculusError) in try multiply(x.value, dy) }
    let tangent: Tensor<Double>? =
      if let first, let second {
        try inEngine { () throws(MatrixError) in try first.adding(second) }
      } else { first ?? second }
    return Dual(try multiply(x.value, y.value), tangent: tangent)
  }

  private func reduce(_ kind: ExpressionReduction, _ x: Dual, _ axis: Int?) throws(CalculusError)
    -> Dual
  {
    let (groups, shape) = x.shape.groups(along: x.shape.rank > 1 ? axis.map { $0 - 1 } : nil)
    var values: [Double] = []
    var tangent: [Double] = []
    for group in groups {
      let t = group.map { x.tangent?.storage[$0] ?? 0 }
      let v = group.map { x.entries[$0] }
      switch kind {
      case .sum, .mean:
        let scale = kind == .sum ? 1 : Double(group.count)
        values.append(v.reduce(0, +) / scale)
        tangent.append(t.reduce(0, +) / scale)
      case .prod:
        values.append(v.reduce(1, *))
        // Every factor moves the product of the others, which no quotient gives where one is 0.
        var (before, behind) = (1.0, v.indices.map { _ in 1.0 })
        for j in v.indices.dropLast().reversed() { behind[j] = behind[j + 1] * v[j + 1] }
        var slope = 0.0
        for j in v.indices {
          if t[j] != 0 { slope += before * t[j] * behind[j] }
          before *= v[j]
        }
        tangent.append(slope)
      case .norm:
        let norm = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
        kinkDistances?.append(norm)
        values.append(norm)
        tangent.append(zip(v, t).reduce(0) { $0 + $1.0 * $1.1 } / norm)
      case .variance, .deviation:
        let count = Double(group.count)
        let mean = v.reduce(0, +) / count
        let variance = v.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let half = zip(v, t).reduce(0) { $0 + ($1.0 - mean) * $1.1 } / count
        if kind == .deviation { kinkDistances?.append(variance.squareRoot()) }
        values.append(kind == .variance ? variance : variance.squareRoot())
        tangent.append(kind == .variance ? 2 * half : half / variance.squareRoot())
      case .max, .min:
        guard !group.isEmpty else {
          throw .wrongShape(operation: kind.rawValue, shape: .scalar, expected: "some entries")
        }
        let best = Dual.best(kind == .max ? .max : .min, v)
        if kinkDistances != nil {
          let gaps = v.indices.filter { $0 != best }.map { (v[$0] - v[best]).magnitude }
          kinkDistances?.append(gaps.min() ?? .infinity)
        }
        values.append(v[best])
        tangent.append(t[best])
      }
    }
    return Dual(
      Tensor(shape, values), tangent: x.tangent == nil ? nil : Tensor(shape, tangent))
  }

  private func entry(
    _ a: Expression, _ x: Dual, _ indices: [EntryIndex], _ positions: [String: Int]
  ) throws(CalculusError) -> Dual {
    var choices: [Shape.Choice] = []
    for (axis, index) in indices.enumerated() {
      switch index {
      case .all: choices.append(.all)
      case .range(let first, let last):
        let (first, last, count) = (try size(first), try size(last), x.shape[axis])
        for place in [first, last] where place < 1 || place > count {
          throw .outOfRange(name: a.text, index: place, count: count)
        }
        choices.append(.several(Array(first - 1..<max(first - 1, last))))
      case .value(let value):
        let count = x.shape[axis]
        let position = try evaluate(value, positions).entries[0]
        guard position == position.rounded() else {
          throw .unsupported("an index is a whole number, not \(Number(position).text)")
        }
        guard position >= 1, position <= Double(count) else {
          throw .outOfRange(
            name: a.text, index: position.magnitude < 1e15 ? Int(position) : 0, count: count)
        }
        choices.append(.one(Int(position) - 1))
      }
    }
    let places = x.shape.places(choices)
    return try x.rearranged { x throws(CalculusError) in x.elements(at: places) }
  }
}

extension Expression {
  /// Whether a norm is a factor here.
  fileprivate var containsNorm: Bool {
    switch node {
    case .reduce(.norm, _, _): true
    case .multiply(let parts): parts.contains { $0.containsNorm }
    case .power(let a, _): a.containsNorm
    default: false
    }
  }
}
