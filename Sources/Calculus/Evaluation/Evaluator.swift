import MatrixEngine

/// Computes values, and in forward mode a directional derivative along with them.
///
/// The derivatives here are those of whole operations on arrays, written independently of
/// `DerivativeTable`: the two check each other. Every shared part is computed once.
final class Evaluator {
  private struct Key: Hashable {
    let fingerprint: Fingerprint
    let positions: [Int]
  }
  private let values: [String: Tensor]
  private let tangents: [String: [Double]]
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
  private(set) var outsideDomain: DomainViolation?

  /// Values of names, and the direction in which they vary, for those that do.
  ///
  /// Throws: `CalculusError.valueShape`, `.sizeConflict` when a value does not fit its symbol.
  init(
    _ symbols: [Symbol], values: [String: Tensor], sizes: [String: Int] = [:],
    tangents: [String: [Double]] = [:], refusesZeroNorms: Bool = false,
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
            throw .sizeConflict(name: name, first: known, second: count)
          }
          self.sizes[name] = count
        case .unknown: break
        }
      }
    }
  }

  private func size(_ dimension: Dimension) throws(CalculusError) -> Int {
    switch dimension {
    case .number(let size): return size
    case .name(let name):
      guard let size = sizes[name] else { throw .noValue(name: name) }
      return size
    case .unknown: throw .noValue(name: "a size")
    }
  }

  /// The value of an expression where the indices have these positions.
  func evaluate(_ expression: Expression, _ positions: [String: Int] = [:]) throws(CalculusError)
    -> Dual
  {
    let key = Key(
      fingerprint: expression.fingerprint,
      positions: expression.freeIndices.sorted().map { positions[$0] ?? 0 })
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
      return Dual(sizes: value.sizes, values: value.values, tangent: tangents[symbol.name])
    case .index(let name):
      guard let position = positions[name] else { throw .noValue(name: name) }
      return .constant(Double(position))
    case .add(let parts):
      return try fold(parts, positions, +) { _, _ in (1, 1) }
    case .multiply(let parts):
      return try fold(parts, positions, *) { ($1, $0) }
    case .divide(let a, let b):
      let divisor = try value(b)
      if refusesZeroNorms, b.containsNorm, divisor.values.contains(0) {
        throw .noDerivative(
          reason: "norm has no derivative at 0", help: "norm(x)^2 has one everywhere")
      }
      return try combine(try value(a), divisor, /) { (1 / $1, -$0 / ($1 * $1)) }
    case .power(let a, let b):
      let (base, exponent) = (try value(a), try value(b))
      if refusesInverses, a.shape.isMatrix, exponent.sizes.isEmpty, exponent.values[0] == -1 {
        throw .inverseMeant(of: a)
      }
      if outsideDomain == nil, let negative = base.values.first(where: { $0 < 0 }),
        let broken = exponent.values.first(where: { $0 != $0.rounded() && $0.isFinite })
      {
        outsideDomain = DomainViolation(
          function: "x^\(Number(broken).text)", argument: negative, needsPositive: false)
      }
      return try combine(base, exponent, Double.pow) { x, y in
        (y == 0 ? 0 : y * Double.pow(x, y - 1), Double.pow(x, y) * Double.log(x))
      }
    case .product(let a, let b): return try product(a, b, try value(a), try value(b), expression)
    case .transpose(let a): return transpose(try value(a), isVector: a.shape.isVector)
    case .function(let function, let a):
      let inner = try value(a)
      if let kink = function.kink {
        kinkDistances?.append(contentsOf: inner.values.map { ($0 - kink).magnitude })
      }
      if [.ln, .log10, .sqrt].contains(function.kind), outsideDomain == nil {
        let isStrict = !variables.isEmpty && !variables.isDisjoint(with: a.symbols)
        if let argument = inner.values.first(where: { isStrict ? $0 <= 0 : $0 < 0 }) {
          outsideDomain = DomainViolation(
            function: function.name, argument: argument, needsPositive: isStrict)
        }
      }
      return try inner.map(function.value) { x throws(CalculusError) in
        guard let slope = function.slope(x) else { throw DerivativeTable.throughStep }
        return slope
      }
    case .extremum(let kind, let a, let b):
      let isConstant = (
        a.symbols.allSatisfy(\.isOuter), b.symbols.allSatisfy(\.isOuter)
      )
      let sign: Double = kind == .max ? 1 : -1
      let (x, y) = (try value(a), try value(b))
      try noteKinks(x, y)
      return try combine(
        x, y, { sign * $0 >= sign * $1 ? $0 : $1 },
        { u, v in
          if u == v { return isConstant.0 || isConstant.1 ? (0, 0) : (1, 0) }
          return sign * u > sign * v ? (1, 0) : (0, 1)
        })
    case .reduce(let kind, let a, let axis): return try reduce(kind, try value(a), axis)
    case .softmax(let a): return softmax(try value(a))
    case .diagonal(let a):
      let inner = try value(a)
      _ = try count([inner.sizes[0], inner.sizes[0]])
      return diagonal(inner)
    case .identity(let n):
      let n = try size(n)
      _ = try count([n, n])
      return Dual(
        sizes: [n, n], values: (0..<n * n).map { $0 / n == $0 % n ? 1 : 0 }, tangent: nil)
    case .fill(let number, let shape):
      var counts: [Int] = []
      for dimension in shape.dimensions { counts.append(try size(dimension)) }
      return Dual(
        sizes: counts, values: Array(repeating: number.value, count: try count(counts)),
        tangent: nil)
    case .list(let parts):
      var entries: [Dual] = []
      for part in parts { entries.append(try value(part)) }
      return Evaluator.stack(entries)
    case .compare(let comparison, let a, let b):
      let (x, y) = (try value(a), try value(b))
      let isOfIndices: Bool = if case .index = a.node { true } else { false }
      if !isOfIndices { try noteKinks(x, y) }
      let result = try combine(x, y, { comparison.holds($0, $1) ? 1 : 0 }, { _, _ in (0, 0) })
      return Dual(sizes: result.sizes, values: result.values, tangent: nil)
    case .choose(let c, let a, let b):
      let condition = try value(c)
      if condition.values.count == 1, c.shape == .scalar {
        let chosen = try value(condition.values[0] != 0 ? a : b)
        // A branch may have fewer dimensions than the other.
        var sizes: [Int] = []
        for dimension in expression.shape.dimensions { sizes.append(try size(dimension)) }
        if chosen.sizes == sizes { return chosen }
        let zeros = Dual(
          sizes: sizes, values: Array(repeating: 0, count: try count(sizes)), tangent: nil)
        return try combine(chosen, zeros, { x, _ in x }, { _, _ in (1, 0) })
      }
      let (x, y) = (try value(a), try value(b))
      let first = try combine(condition, x, { $0 != 0 ? $1 : 0 }, { c, _ in (0, c != 0 ? 1 : 0) })
      let second = try combine(condition, y, { $0 == 0 ? $1 : 0 }, { c, _ in (0, c == 0 ? 1 : 0) })
      return try combine(first, second, +) { _, _ in (1, 1) }
    case .entry(let a, let indices): return try entry(a, try value(a), indices, positions)
    case .position(let kind, let a):
      let entries = try value(a).values
      return .constant(Double(Evaluator.best(kind, entries, entries.indices) + 1))
    case .indexSum(let name, let from, let to, let body):
      var inner = positions
      var total: Dual?
      let last = try size(to)
      guard from > -10_000_000, last < 10_000_000 else {
        throw .unsupported("a sum over \(from):\(last) is too long")
      }
      for position in stride(from: from, through: last, by: 1) {
        inner[name] = position
        let next = try evaluate(body, inner)
        if let sum = total {
          total = try combine(sum, next, +) { _, _ in (1, 1) }
        } else {
          total = next
        }
      }
      return total ?? .constant(0)
    case .array(let name, let dimension, let body):
      var inner = positions
      var entries: [Dual] = []
      for position in stride(from: 1, through: try size(dimension), by: 1) {
        inner[name] = position
        entries.append(try evaluate(body, inner))
        let total = try count([entries.count] + entries[0].sizes)
        guard total <= Evaluator.mostIndexedEntries else {
          throw .unsupported(
            "an array of more than \(Evaluator.mostIndexedEntries) entries that has no matrix notation is too large to calculate"
          )
        }
      }
      return Evaluator.stack(entries)
    case .call(let name, _, _): throw .noValue(name: name)
    case .named(_, let a), .steps(_, let a): return try value(a)
    }
  }

  /// How far two operands are from a tie, where somebody asks.
  private func noteKinks(_ x: Dual, _ y: Dual) throws(CalculusError) {
    guard kinkDistances != nil else { return }
    let gap = try combine(x, y, { ($0 - $1).magnitude }, { _, _ in (0, 0) })
    kinkDistances?.append(contentsOf: gap.values)
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
      result = try combine(result, try evaluate(part, positions), f, slopes)
    }
    return result
  }

  /// `Dual.combine`, refusing what would not fit into memory.
  private func combine(
    _ a: Dual, _ b: Dual, _ f: (Double, Double) -> Double,
    _ slopes: (Double, Double) -> (Double, Double)
  ) throws(CalculusError) -> Dual {
    _ = try count(Dual.broadcast(a.sizes, b.sizes))
    return .combine(a, b, f, slopes)
  }

  /// How many entries an array has.
  ///
  /// Throws: `CalculusError.unsupported` for more than a matrix may have.
  private func count(_ sizes: [Int]) throws(CalculusError) -> Int {
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= Shape.largestCount else {
        throw .unsupported(
          "\(sizes.map(String.init).joined(separator: "×")) is more than \(Shape.largestCount) entries"
        )
      }
      count = product
    }
    return count
  }

  // MARK: Operations on arrays

  private func product(
    _ a: Expression, _ b: Expression, _ x: Dual, _ y: Dual, _ whole: Expression
  ) throws(CalculusError) -> Dual {
    let left: [Int]
    let right: [Int]
    switch (a.shape, b.shape) {
    case (.vector, .vector): (left, right) = ([1, x.values.count], [y.values.count, 1])
    case (_, .vector): (left, right) = (x.sizes, [y.values.count, 1])
    case (.vector, .matrix(let rows, _)):
      left = rows.isOne ? [x.values.count, 1] : [1, x.values.count]
      right = y.sizes
    default: (left, right) = (x.sizes, y.sizes)
    }
    guard left[1] == right[0] else {
      throw .shapeMismatch(operation: "@", left: a.shape, right: b.shape)
    }
    func multiply(_ u: [Double], _ v: [Double]) throws(CalculusError) -> [Double] {
      do {
        return try Matrix(rows: left[0], columns: left[1], storage: u)
          .product(Matrix(rows: right[0], columns: right[1], storage: v)).storage
      } catch { throw .unsupported("\(error)") }
    }
    let values = try multiply(x.values, y.values)
    var tangent: [Double]?
    if let dx = x.tangent { tangent = try multiply(dx, y.values) }
    if let dy = y.tangent {
      let part = try multiply(x.values, dy)
      tangent = tangent.map { zip($0, part).map(+) } ?? part
    }
    var sizes = [left[0], right[1]]
    switch whole.shape {
    case .scalar: sizes = []
    case .vector: sizes = [values.count]
    default: break
    }
    return Dual(sizes: sizes, values: values, tangent: tangent)
  }

  private func transpose(_ x: Dual, isVector: Bool) -> Dual {
    if isVector { return x.with(sizes: [1, x.values.count]) }
    let (m, n) = (x.sizes[0], x.sizes[1])
    let order = (0..<m * n).map { $0 % m * n + $0 / m }
    return Dual(
      sizes: [n, m], values: order.map { x.values[$0] },
      tangent: x.tangent.map { t in order.map { t[$0] } })
  }

  private func diagonal(_ x: Dual) -> Dual {
    let n = x.sizes[0]
    if x.sizes.count == 2 {
      let order = (0..<n).map { $0 * n + $0 }
      return Dual(
        sizes: [n], values: order.map { x.values[$0] },
        tangent: x.tangent.map { t in order.map { t[$0] } })
    }
    func spread(_ v: [Double]) -> [Double] {
      (0..<n * n).map { $0 / n == $0 % n ? v[$0 / n] : 0 }
    }
    return Dual(sizes: [n, n], values: spread(x.values), tangent: x.tangent.map(spread))
  }

  private static func stack(_ entries: [Dual]) -> Dual {
    let isVarying = entries.contains { $0.tangent != nil }
    return Dual(
      sizes: [entries.count] + (entries.first?.sizes ?? []), values: entries.flatMap(\.values),
      tangent: isVarying
        ? entries.flatMap { $0.tangent ?? Array(repeating: 0, count: $0.values.count) } : nil)
  }

  /// The positions that a reduction takes together, and the sizes of its result.
  private func groups(_ sizes: [Int], _ axis: Int?) -> (groups: [[Int]], sizes: [Int]) {
    guard let axis, sizes.count == 2 else { return ([Array(0..<sizes.reduce(1, *))], []) }
    let (m, n) = (sizes[0], sizes[1])
    if axis == 1 { return ((0..<n).map { j in (0..<m).map { $0 * n + j } }, [n]) }
    return ((0..<m).map { i in (0..<n).map { i * n + $0 } }, [m])
  }

  private static func best(_ kind: Extremum, _ values: [Double], _ group: some Sequence<Int>) -> Int
  {
    var best = -1
    for i in group
    where best < 0 || (kind == .max ? values[i] > values[best] : values[i] < values[best]) {
      best = i
    }
    return best
  }

  private func reduce(_ kind: ExpressionReduction, _ x: Dual, _ axis: Int?) throws(CalculusError)
    -> Dual
  {
    let (groups, sizes) = groups(x.sizes, axis)
    var values: [Double] = []
    var tangent: [Double] = []
    for group in groups {
      let t = group.map { x.tangent?[$0] ?? 0 }
      let v = group.map { x.values[$0] }
      switch kind {
      case .sum, .mean:
        let scale = kind == .sum ? 1 : Double(group.count)
        values.append(v.reduce(0, +) / scale)
        tangent.append(t.reduce(0, +) / scale)
      case .norm:
        let norm = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
        kinkDistances?.append(norm)
        values.append(norm)
        tangent.append(zip(v, t).reduce(0) { $0 + $1.0 * $1.1 } / norm)
      case .max, .min:
        guard !group.isEmpty else {
          throw .wrongShape(operation: kind.rawValue, shape: .scalar, expected: "some entries")
        }
        let best = Evaluator.best(kind == .max ? .max : .min, v, v.indices)
        if kinkDistances != nil {
          let gaps = v.indices.filter { $0 != best }.map { (v[$0] - v[best]).magnitude }
          kinkDistances?.append(gaps.min() ?? .infinity)
        }
        values.append(v[best])
        tangent.append(t[best])
      }
    }
    return Dual(sizes: sizes, values: values, tangent: x.tangent == nil ? nil : tangent)
  }

  private func softmax(_ x: Dual) -> Dual {
    let n = x.sizes.last ?? 1
    var values: [Double] = []
    var tangent: [Double] = []
    for start in stride(from: 0, to: x.values.count, by: max(1, n)) {
      let row = x.values[start..<start + n]
      let largest = row.max() ?? 0
      let powers = row.map { Double.exp($0 - largest) }
      let total = powers.reduce(0, +)
      let shares = powers.map { $0 / total }
      values += shares
      if let t = x.tangent {
        let mean = zip(shares, t[start..<start + n]).reduce(0) { $0 + $1.0 * $1.1 }
        tangent += zip(shares, t[start..<start + n]).map { $0 * ($1 - mean) }
      }
    }
    return Dual(sizes: x.sizes, values: values, tangent: x.tangent == nil ? nil : tangent)
  }

  private func entry(
    _ a: Expression, _ x: Dual, _ indices: [EntryIndex], _ positions: [String: Int]
  ) throws(CalculusError) -> Dual {
    var offsets = [0]
    var sizes: [Int] = []
    for (axis, index) in indices.enumerated() {
      let count = x.sizes[axis]
      switch index {
      case .all:
        sizes.append(count)
        offsets = offsets.flatMap { base in (0..<count).map { base * count + $0 } }
      case .value(let value):
        let position = try evaluate(value, positions).values[0]
        guard position >= 1, position <= Double(count), position == position.rounded() else {
          throw .outOfRange(
            name: a.text, index: position.magnitude < 1e15 ? Int(position) : 0, count: count)
        }
        offsets = offsets.map { $0 * count + Int(position) - 1 }
      }
    }
    return Dual(
      sizes: sizes, values: offsets.map { x.values[$0] },
      tangent: x.tangent.map { t in offsets.map { t[$0] } })
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
