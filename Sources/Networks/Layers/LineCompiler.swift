import Calculus
import MatrixEngine

/// Makes instructions of formulas whose sizes are numbers.
struct LineCompiler {
  typealias Operand = LineProgram.Operand
  /// An operand with its sizes.
  struct Value {
    let operand: Operand
    let sizes: [Int]
  }

  private(set) var instructions: [LineProgram.Instruction] = []
  /// How many numbers an example takes so far.
  private(set) var total: Int
  private(set) var constants: [Double] = []
  private(set) var symbols: [String: Value]
  private var done: [Key: Value] = [:]
  /// What is done since the last line was over, in the numbers of an example.
  private var fresh: [(key: Key, places: Range<Int>)] = []
  private var numbers: [Double: Value] = [:]

  /// The positions of indices matter only where there are free ones.
  private struct Key: Hashable {
    let fingerprint: Fingerprint
    let positions: [Int]
  }

  /// `count` numbers of an example are taken already; `symbols` are what is known by name.
  init(count: Int, rows: Int, symbols: [String: Value]) {
    (total, self.rows, self.symbols) = (count, rows, symbols)
  }

  /// How many examples there are where the lines are of all of them.
  private let rows: Int

  /// What has a value from now on.
  mutating func name(_ name: String, _ value: Value) { symbols[name] = value }

  /// A quantity has a value from now on. Other lines that have the same formula are no users of it: what they hand back
  /// is not its derivative.
  mutating func close(_ name: String, _ value: Value) {
    self.name(name, value)
    // What it is a part of, or what is a part of it, is none of others' either.
    for (key, places) in fresh where places.overlaps(value.operand.places) { done[key] = nil }
    fresh = []
  }

  /// Numbers that never change.
  mutating func constant(_ tensor: Tensor<Double>) -> Value {
    if tensor.rank == 0, let known = numbers[tensor.storage[0]] { return known }
    let operand = Operand(
      region: .constants, start: constants.count, count: tensor.storage.count, moves: false)
    constants += tensor.storage
    let value = Value(operand: operand, sizes: tensor.sizes)
    if tensor.rank == 0 { numbers[tensor.storage[0]] = value }
    return value
  }

  /// A copy that is its own, with a derivative of its own: of what is only another look at what has a name already, or
  /// is the same for all examples.
  mutating func owned(_ value: Value) -> Value {
    let result = allocate(value.sizes, moves: true)
    emit(.copy(value.operand), result.operand)
    return result
  }

  /// How many numbers there were before a value was made: what stands before is another's.
  func isOwn(_ value: Value, since count: Int) -> Bool {
    value.operand.region == .example && value.operand.start >= count && value.operand.moves
  }

  private mutating func allocate(_ sizes: [Int], moves: Bool) -> Value {
    let number = sizes.reduce(1, *)
    defer { total += number }
    return Value(
      operand: Operand(region: .example, start: total, count: number, moves: moves), sizes: sizes)
  }

  private mutating func emit(_ step: LineProgram.Step, _ result: Operand) {
    instructions.append(LineProgram.Instruction(step: step, result: result))
  }

  /// A size as a number. A name is the number of examples, or of a single value: other sizes of layers are numbers.
  private func count(_ dimension: Dimension) -> Int {
    let known = dimension.mapped { size in
      size.count.map { .number($0) } ?? .number(size == LayerLine.batch ? rows : 1)
    }
    return known.count ?? 1
  }

  private func sizes(_ shape: ExpressionShape) -> [Int] { shape.dimensions.map(count) }

  // MARK: - Formulas

  /// Throws: `CalculusError.noValue`, `.unsupported`, `.outOfRange`, `.tooLarge`.
  mutating func value(of formula: Expression, _ positions: [String: Int] = [:])
    throws(CalculusError) -> Value
  {
    let key = Key(
      fingerprint: formula.fingerprint,
      positions: formula.freeIndices.isEmpty
        ? [] : formula.freeIndices.sorted().map { positions[$0] ?? 0 })
    if let known = done[key] { return known }
    // Before any product of sizes, so that none is beyond the whole numbers.
    _ = try CalculusError.shape(sizes(formula.shape))
    let result = try make(formula, positions)
    done[key] = result
    if result.operand.region == .example { fresh.append((key, result.operand.places)) }
    return result
  }

  private mutating func make(_ formula: Expression, _ positions: [String: Int])
    throws(CalculusError) -> Value
  {
    if formula.symbols.isEmpty, formula.freeIndices.isEmpty {
      return constant(try formula.value(at: [:], sizes: [LayerLine.batch.description: rows]))
    }
    switch formula.node {
    case .symbol(let symbol):
      guard let known = symbols[symbol.name] else { throw .noValue(name: symbol.name) }
      return known
    case .index(let name): return constant(.scalar(Double(positions[name] ?? 0)))
    case .named(_, let a), .steps(_, let a): return try value(of: a, positions)
    case .add(let parts): return try sum(parts, positions)
    case .multiply(let parts):
      return try fold(parts, positions) { .multiply($0) }
    case .divide(let a, let b): return try join(a, b, positions) { .divide($0) }
    case .power(let a, let b) where b.number == Number(2):
      return try join(a, a, positions) { .multiply($0) }
    case .power(let a, let b): return try join(a, b, positions) { .power($0) }
    case .extremum(let kind, let a, let b):
      // At a tie of a constant and a variable nothing moves.
      let isFlat = a.symbols.allSatisfy(\.isOuter) || b.symbols.allSatisfy(\.isOuter)
      return try join(a, b, positions) { .extremum(kind, $0, isFlatAtTies: isFlat) }
    case .compare(let comparison, let a, let b):
      return try join(a, b, positions, moves: false) { .compare(comparison, $0) }
    case .choose(let condition, let a, let b):
      let c = try value(of: condition, positions)
      let (first, second) = (try value(of: a, positions), try value(of: b, positions))
      return choice(c, first, second)
    case .function(let function, let a):
      if !function.hasOwnValues, let formula = try function.writtenOut(a) {
        return try value(of: formula, positions)
      }
      let argument = try value(of: a, positions)
      let result = allocate(argument.sizes, moves: argument.operand.moves)
      emit(.apply(function, function.differentiableKernel, argument.operand), result.operand)
      return result
    case .product(let a, let b): return try product(a, b, positions)
    case .transpose(let a): return transposed(try value(of: a, positions))
    case .reduce(let kind, let a, let axis):
      return reduced(try value(of: a, positions), kind, axis: axis)
    case .softmax(let a):
      let argument = try value(of: a, positions)
      guard let width = argument.sizes.last, width > 0 else { return argument }
      let result = allocate(argument.sizes, moves: argument.operand.moves)
      emit(.softmax(argument.operand, width: width), result.operand)
      return result
    case .diagonal(let a):
      let argument = try value(of: a, positions)
      let n = argument.sizes[0]
      return argument.sizes.count == 2
        ? gathered(argument, (0..<n).map { $0 * n + $0 }, sizes: [n])
        : gathered(argument, (0..<(n * n)).map { $0 % (n + 1) == 0 ? $0 / n : -1 }, sizes: [n, n])
    case .list(let parts):
      return try listed(
        parts.map2 { (part) throws(CalculusError) in try value(of: part, positions) })
    case .array(let name, let size, let body):
      return try listed(turns(name, 1, size, positions, body))
    case .indexSum(let name, let from, let to, let body):
      return summed(try turns(name, from, to, positions, body))
    case .entry(let a, let indices): return try entry(a, indices, positions)
    case .arranged(let kind, let parts): return try arranged(kind, parts, formula, positions)
    default: return try formulaStep(formula, positions)
    }
  }

  private mutating func turns(
    _ name: String, _ from: Int, _ to: Dimension, _ positions: [String: Int], _ body: Expression
  ) throws(CalculusError) -> [Value] {
    var inner = positions
    var values: [Value] = []
    for position in stride(from: from, through: count(to), by: 1) {
      inner[name] = position
      values.append(try value(of: body, inner))
    }
    return values
  }

  // MARK: - Element by element

  private mutating func sum(_ parts: [Expression], _ positions: [String: Int])
    throws(CalculusError) -> Value
  {
    var result = try value(of: parts[0], positions)
    for part in parts.dropFirst() {
      if case .multiply(let factors) = part.node, factors.count == 2,
        factors[0].number == .minusOne
      {
        result = joined(result, try value(of: factors[1], positions)) { .subtract($0) }
      } else {
        result = joined(result, try value(of: part, positions)) { .add($0) }
      }
    }
    return result
  }

  private mutating func fold(
    _ parts: [Expression], _ positions: [String: Int],
    _ step: (LineProgram.Pair) -> LineProgram.Step
  ) throws(CalculusError) -> Value {
    var result = try value(of: parts[0], positions)
    for part in parts.dropFirst() {
      result = joined(result, try value(of: part, positions), step)
    }
    return result
  }

  private mutating func join(
    _ a: Expression, _ b: Expression, _ positions: [String: Int], moves: Bool = true,
    _ step: (LineProgram.Pair) -> LineProgram.Step
  ) throws(CalculusError) -> Value {
    let (first, second) = (try value(of: a, positions), try value(of: b, positions))
    return joined(first, second, moves: moves, step)
  }

  private mutating func joined(
    _ a: Value, _ b: Value, moves: Bool = true, _ step: (LineProgram.Pair) -> LineProgram.Step
  ) -> Value {
    let sizes = Self.broadcast(a.sizes, b.sizes)
    let result = allocate(sizes, moves: moves && (a.operand.moves || b.operand.moves))
    emit(step(pair(a, b, in: sizes)), result.operand)
    return result
  }

  private func pair(_ a: Value, _ b: Value, in sizes: [Int]) -> LineProgram.Pair {
    LineProgram.Pair(
      a: a.operand, b: b.operand, first: Alignment(a.sizes, in: sizes),
      second: Alignment(b.sizes, in: sizes))
  }

  private mutating func choice(_ c: Value, _ a: Value, _ b: Value) -> Value {
    let sizes = Self.broadcast(c.sizes, Self.broadcast(a.sizes, b.sizes))
    let result = allocate(sizes, moves: a.operand.moves || b.operand.moves)
    emit(.choose(c.operand, Alignment(c.sizes, in: sizes), pair(a, b, in: sizes)), result.operand)
    return result
  }

  /// The sizes of what has been found to fit.
  private static func broadcast(_ a: [Int], _ b: [Int]) -> [Int] {
    var sizes = a.count < b.count ? b : a
    for place in stride(from: 1, through: min(a.count, b.count), by: 1) {
      let (p, q) = (a[a.count - place], b[b.count - place])
      sizes[sizes.count - place] = p == 1 ? q : p
    }
    return sizes
  }

  private mutating func summed(_ values: [Value]) -> Value {
    guard var result = values.first else { return constant(.scalar(0)) }
    for next in values.dropFirst() { result = joined(result, next) { .add($0) } }
    return result
  }

  // MARK: - Matrices

  private mutating func product(
    _ a: Expression, _ b: Expression, _ positions: [String: Int]
  ) throws(CalculusError) -> Value {
    func turned(_ part: Expression) -> Expression? {
      if case .transpose(let inner) = part.node, case .matrix = inner.shape { return inner }
      return nil
    }
    let x = try value(of: turned(a) ?? a, positions)
    let y = try value(of: turned(b) ?? b, positions)
    // A vector is a row, but in front of a row it is a column.
    let isColumn =
      if case (.vector, .matrix(let rows, _)) = (a.shape, b.shape) { rows == .number(1) } else {
        false
      }
    let left = sizes(a.shape)
    let (m, k): (Int, Int) =
      left.count == 2 ? (left[0], left[1]) : isColumn ? (left[0], 1) : (1, left[0])
    let right = sizes(b.shape)
    let n = right.count == 2 ? right[1] : 1
    let moves = x.operand.moves || y.operand.moves
    let shape = try Expression.product(a, b).shape
    let result = allocate(sizes(shape), moves: moves)
    emit(
      .product(
        LineProgram.Product(
          a: x.operand, b: y.operand, isATransposed: turned(a) != nil,
          isBTransposed: turned(b) != nil, m: m, k: k, n: n)), result.operand)
    return result
  }

  private mutating func transposed(_ value: Value) -> Value {
    switch value.sizes.count {
    case 1: return Value(operand: value.operand, sizes: [1, value.sizes[0]])
    case 2:
      let (m, n) = (value.sizes[0], value.sizes[1])
      if m == 1 || n == 1 { return Value(operand: value.operand, sizes: [n, m]) }
      return gathered(value, (0..<(m * n)).map { $0 % m * n + $0 / m }, sizes: [n, m])
    default: return value
    }
  }

  private mutating func reduced(_ value: Value, _ kind: ExpressionReduction, axis: Int?) -> Value {
    var sizes = value.sizes
    var (outer, number, inner) = (1, value.operand.count, 1)
    if let axis, sizes.count > 1 {
      outer = sizes[..<(axis - 1)].reduce(1, *)
      inner = sizes[axis...].reduce(1, *)
      number = sizes.remove(at: axis - 1)
    } else {
      sizes = []
    }
    let result = allocate(sizes, moves: value.operand.moves)
    emit(
      .reduce(
        LineProgram.Reduction(
          kind: kind, of: value.operand, outer: outer, count: number, inner: inner)),
      result.operand)
    return result
  }

  // MARK: - Entries

  /// Entries in another order; a run of them is a look at the same numbers.
  private mutating func gathered(
    _ value: Value, _ places: [Int], sizes: [Int], filling: Double = 0
  ) -> Value {
    if let first = places.first, first >= 0,
      places.indices.allSatisfy({ places[$0] == first + $0 })
    {
      return Value(operand: value.operand.part(first, places.count), sizes: sizes)
    }
    let result = allocate(sizes, moves: value.operand.moves)
    emit(.gather(value.operand, places, filling: filling), result.operand)
    return result
  }

  /// Parts of one shape, one behind the other.
  private mutating func listed(_ parts: [Value]) throws(CalculusError) -> Value {
    guard let first = parts.first else {
      throw .wrongShape(operation: "[ ]", shape: .scalar, expected: "at least one entry")
    }
    return behind(parts, sizes: [parts.count] + first.sizes)
  }

  private mutating func behind(_ parts: [Value], sizes: [Int]) -> Value {
    let result = allocate(sizes, moves: parts.contains(where: \.operand.moves))
    var start = 0
    for part in parts {
      let place = result.operand.part(start, part.operand.count)
      emit(
        .copy(part.operand),
        Operand(
          region: place.region, start: place.start, count: place.count, moves: part.operand.moves))
      start += part.operand.count
    }
    return result
  }

  private mutating func entry(
    _ a: Expression, _ indices: [EntryIndex], _ positions: [String: Int]
  ) throws(CalculusError) -> Value {
    let array = try value(of: a, positions)
    var choices: [Shape.Choice] = []
    var chooser: (axis: Int, index: Value)?
    for (axis, index) in indices.enumerated() {
      let size = array.sizes[axis]
      switch index {
      case .all: choices.append(.all)
      case .range(let first, let last):
        let (from, to) = (count(first), count(last))
        choices.append(.several(Array(max(0, from - 1)..<max(from - 1, min(to, size)))))
      case .value(let position):
        if position.symbols.isEmpty {
          let number = try known(position, positions)
          guard number >= 1, number <= size else {
            throw .outOfRange(name: a.text, index: number, count: size)
          }
          choices.append(.one(number - 1))
        } else {
          guard chooser == nil else {
            throw .unsupported("\(a.text) has two indices that depend on the example")
          }
          chooser = (axis, try value(of: position, positions))
          choices.append(.all)
        }
      }
    }
    let shape = Shape(array.sizes)
    if let chooser { return picked(array, shape, choices, chooser.axis, chooser.index) }
    let places = shape.places(choices)
    return gathered(array, places.positions, sizes: places.shape.sizes)
  }

  /// One of several parts, which a number chooses.
  private mutating func picked(
    _ array: Value, _ shape: Shape, _ choices: [Shape.Choice], _ axis: Int, _ index: Value
  ) -> Value {
    let number = array.sizes[axis]
    var parts: [Int] = []
    var sizes: [Int] = []
    for position in 0..<number {
      var chosen = choices
      chosen[axis] = .one(position)
      let places = shape.places(chosen)
      sizes = places.shape.sizes
      parts += places.positions
    }
    let whole = gathered(array, parts, sizes: [number] + sizes)
    let result = allocate(sizes, moves: array.operand.moves)
    emit(
      .pick(
        LineProgram.Choice(
          of: whole.operand, index: index.operand, count: number, width: result.operand.count)),
      result.operand)
    return result
  }

  /// A whole number that is known before anything runs.
  private func known(_ formula: Expression, _ positions: [String: Int]) throws(CalculusError) -> Int
  {
    if case .index(let name) = formula.node { return positions[name] ?? 0 }
    var bound = formula
    if !formula.freeIndices.isEmpty {
      bound = try formula.replacingParts {
        if case .index(let name) = $0.node { .number(positions[name] ?? 0) } else { nil }
      }
    }
    let number = try bound.value(at: [:]).storage[0]
    guard let whole = Int(exactly: number) else {
      throw .unsupported("an index is a whole number, not \(Number(number).text)")
    }
    return whole
  }

  private mutating func arranged(
    _ kind: Arrangement, _ parts: [Expression], _ formula: Expression, _ positions: [String: Int]
  ) throws(CalculusError) -> Value {
    let sizes = self.sizes(formula.shape)
    switch kind {
    case .reshape:
      return Value(operand: try value(of: parts[0], positions).operand, sizes: sizes)
    case .concat, .vstack:
      return behind(
        try parts.map2 { (part) throws(CalculusError) in try value(of: part, positions) },
        sizes: sizes)
    case .hstack:
      let values = try parts.map2 { (part) throws(CalculusError) in try value(of: part, positions) }
      let all = behind(values, sizes: sizes)
      var places: [Int] = []
      for row in 0..<sizes[0] {
        var start = 0
        for value in values {
          let width = value.sizes.count > 1 ? value.sizes[1] : 1
          places += (0..<width).map { start + row * width + $0 }
          start += value.operand.count
        }
      }
      return gathered(all, places, sizes: sizes)
    case .windows(let windows):
      let array = try value(of: parts[0], positions)
      return gathered(
        array, windows.places(over: array.sizes), sizes: sizes, filling: windows.filling)
    case .kron, .cross, .cumsum, .overlap: return try formulaStep(formula, positions)
    }
  }

  private mutating func formulaStep(_ formula: Expression, _ positions: [String: Int])
    throws(CalculusError) -> Value
  {
    let values = try formula.node.children.map2 { (part) throws(CalculusError) in
      try value(of: part, positions)
    }
    // The position of the largest entry does not move.
    let isStill = if case .position = formula.node { true } else { false }
    let operands = values.map {
      isStill
        ? Operand(
          region: $0.operand.region, start: $0.operand.start, count: $0.operand.count, moves: false)
        : $0.operand
    }
    let sizes = self.sizes(formula.shape)
    let step = try FormulaStep(
      formula, operands, sizes: values.map(\.sizes), resultSizes: sizes)
    let result = allocate(sizes, moves: operands.contains(where: \.moves))
    emit(.formula(step), result.operand)
    return result
  }
}
