import Calculus
import MatrixEngine

/// A program's instructions in a format of arrays with an example a row. Arrays go by names there.
///
/// Shape: all arrays `[examples, count]`, what is the same for all examples `[1, count]`.
protocol ProgramTarget {
  /// A formula of numbers, entry by entry; the symbols are `operands`.
  mutating func entries(_ formula: Expression, of operands: [String: String])
    throws(UnwritableFormula) -> String
  /// Numbers that never change.
  mutating func constants(_ numbers: [Double]) -> String
  /// The entries at some places, from 0.
  mutating func gather(_ array: String, _ places: [Int]) -> String
  /// op(A)·op(B) of the entries read as matrices: `[m, k]`, `[k, n] → [m, n]`, transposed where they lie so.
  mutating func product(_ a: String, _ b: String, _ product: LineProgram.Product) -> String
  /// A reduction of the entries read as `[outer, count, inner]` along the middle.
  mutating func reduce(_ array: String, _ reduction: LineProgram.Reduction) -> String
  mutating func softmax(_ array: String, width: Int, count: Int) -> String
  /// Arrays with an entry for every example, side by side.
  mutating func concatenate(_ arrays: [String]) -> String
}

/// Writes the lines of a layer by its program: what has no short form for all examples at once.
struct ProgramWriter<Target: ProgramTarget> {
  typealias Operand = LineProgram.Operand

  private var target: Target
  /// What stands where in the memory of an example.
  private var places: [(start: Int, count: Int, name: String)] = []
  private let parameters: [(start: Int, count: Int, name: String)]
  /// What is the same for all examples.
  private var shared: Set<String>
  private let input: String
  private let numbers: [Double]
  private static var symbols: (u: Expression, v: Expression, w: Expression) {
    (.symbol("u"), .symbol("v"), .symbol("w"))
  }

  /// What `layer` gives of the input in prediction. `parameters` are their names, in the order of the layer's.
  ///
  /// Throws: `UnwritableFormula` for a line that the format has no form of.
  static func output(
    of layer: any Layer, input: String, parameters names: [String], to target: inout Target
  ) throws(UnwritableFormula) -> String {
    guard let program = layer.program(rows: 1, isTraining: false) else {
      throw UnwritableFormula(layer.input)
    }
    var writer = ProgramWriter(layer, program, input, names, target)
    for instruction in program.instructions { try writer.write(instruction, layer) }
    let output = try writer.name(of: program.output.operand, layer)
    let own = try writer.forEveryExample(output)
    target = writer.target
    return own
  }

  private init(
    _ layer: any Layer, _ program: LineProgram, _ input: String, _ names: [String],
    _ target: Target
  ) {
    self.target = target
    places = [(program.input.start, program.input.count, input)]
    numbers = program.constants
    var parameters: [(start: Int, count: Int, name: String)] = []
    var start = 0
    for (parameter, name) in zip(layer.parameters, names) {
      parameters.append((start, parameter.count, name))
      start += parameter.count
    }
    self.parameters = parameters
    self.input = input
    shared = Set(names)
  }

  /// The array of an operand: a result, or a part of one.
  private mutating func name(of operand: Operand, _ layer: any Layer) throws(UnwritableFormula)
    -> String
  {
    let known: [(start: Int, count: Int, name: String)]
    switch operand.region {
    case .constants:
      let name = target.constants(
        Array(numbers[operand.start..<(operand.start + operand.count)]))
      shared.insert(name)
      return name
    case .parameters: known = parameters
    case .example: known = places
    }
    // Results that lie side by side may be looked at as one.
    let end = operand.start + operand.count
    var (start, parts) = (operand.start, [String]())
    while start < end {
      guard let place = known.last(where: { $0.start <= start && start < $0.start + $0.count })
      else { throw UnwritableFormula(layer.input) }
      let stop = min(end, place.start + place.count)
      parts.append(part(of: place, start, stop))
      start = stop
    }
    if parts.count == 1 { return parts[0] }
    var own: [String] = []
    for part in parts { own.append(try forEveryExample(part)) }
    return target.concatenate(own)
  }

  private mutating func part(
    of place: (start: Int, count: Int, name: String), _ start: Int, _ end: Int
  ) -> String {
    if place.start == start, place.count == end - start { return place.name }
    let part = target.gather(place.name, Array((start - place.start)..<(end - place.start)))
    if shared.contains(place.name) { shared.insert(part) }
    return part
  }

  /// What is the same for all examples, once for each.
  private mutating func forEveryExample(_ array: String) throws(UnwritableFormula) -> String {
    guard shared.contains(array) else { return array }
    let (u, v, _) = Self.symbols
    return try target.entries(
      made { () throws(CalculusError) in try .choose(.compare(.equal, v, v), u, u) },
      of: ["u": array, "v": target.gather(input, [0])])
  }

  private mutating func write(_ instruction: LineProgram.Instruction, _ layer: any Layer)
    throws(UnwritableFormula)
  {
    let result = try value(of: instruction.step, count: instruction.result.count, layer)
    if !instruction.step.operands.contains(where: { $0.region == .example && !isShared($0) }) {
      shared.insert(result)
    }
    places.append((instruction.result.start, instruction.result.count, result))
  }

  /// Whether an operand is the same for all examples.
  private func isShared(_ operand: Operand) -> Bool {
    let end = operand.start + operand.count
    return places.filter { $0.start < end && operand.start < $0.start + $0.count }
      .allSatisfy { shared.contains($0.name) }
  }

  private mutating func value(of step: LineProgram.Step, count: Int, _ layer: any Layer)
    throws(UnwritableFormula) -> String
  {
    let (u, v, w) = Self.symbols
    switch step {
    case .add(let pair): return try join(pair, u + v, count, layer)
    case .subtract(let pair): return try join(pair, u - v, count, layer)
    case .multiply(let pair): return try join(pair, u * v, count, layer)
    case .divide(let pair): return try join(pair, u / v, count, layer)
    case .power(let pair):
      return try join(pair, try made { () throws(CalculusError) in try .power(u, v) }, count, layer)
    case .extremum(let kind, let pair, _):
      return try join(
        pair, try made { () throws(CalculusError) in try .extremum(kind, u, v) }, count, layer)
    case .compare(let comparison, let pair):
      return try join(
        pair, try made { () throws(CalculusError) in try .compare(comparison, u, v) }, count, layer)
    case .choose(let condition, let own, let pair):
      let operands = [
        "w": try aligned(condition, own, count, layer),
        "u": try aligned(pair.a, pair.first, count, layer),
        "v": try aligned(pair.b, pair.second, count, layer),
      ]
      return try target.entries(
        try made { () throws(CalculusError) in try .choose(w, u, v) }, of: operands)
    case .apply(let function, _, let a):
      return try target.entries(.function(function, u), of: ["u": try name(of: a, layer)])
    case .product(let product):
      return target.product(
        try name(of: product.a, layer), try name(of: product.b, layer), product)
    case .copy(let a): return try name(of: a, layer)
    case .gather(let a, let places, let filling):
      let gathered = target.gather(try name(of: a, layer), places.map { max($0, 0) })
      guard places.contains(where: { $0 < 0 }) else { return gathered }
      let operands = [
        "w": target.constants(places.map { $0 < 0 ? 0 : 1 }), "u": gathered,
        "v": target.constants([filling]),
      ]
      return try target.entries(
        try made { () throws(CalculusError) in try .choose(w, u, v) }, of: operands)
    case .reduce(let reduction):
      return try reduce(reduction, try name(of: reduction.of, layer))
    case .softmax(let a, let width):
      return target.softmax(try name(of: a, layer), width: width, count: count)
    case .pick(let choice): return try pick(choice, layer)
    case .formula: throw UnwritableFormula(layer.lines.last?.formula ?? layer.input)
    }
  }

  /// A formula of symbols, which always has a shape.
  private func made(_ formula: () throws(CalculusError) -> Expression) throws(UnwritableFormula)
    -> Expression
  {
    do { return try formula() } catch { throw UnwritableFormula(.symbol("u")) }
  }

  /// An operand with an entry for each of the result's; one alone stands for all.
  private mutating func aligned(
    _ operand: Operand, _ alignment: Alignment, _ count: Int, _ layer: any Layer
  ) throws(UnwritableFormula) -> String {
    let name = try name(of: operand, layer)
    if operand.count == 1 { return name }
    let places = (0..<count).map(alignment.at)
    return places == Array(0..<operand.count) ? name : target.gather(name, places)
  }

  private mutating func join(
    _ pair: LineProgram.Pair, _ formula: Expression, _ count: Int, _ layer: any Layer
  ) throws(UnwritableFormula) -> String {
    let operands = [
      "u": try aligned(pair.a, pair.first, count, layer),
      "v": try aligned(pair.b, pair.second, count, layer),
    ]
    return try target.entries(formula, of: operands)
  }

  /// A variance is written out, since formats divide it by other numbers.
  private mutating func reduce(_ reduction: LineProgram.Reduction, _ array: String)
    throws(UnwritableFormula) -> String
  {
    guard reduction.kind == .variance || reduction.kind == .deviation else {
      return target.reduce(array, reduction)
    }
    let (u, v, _) = Self.symbols
    let mean = target.reduce(array, reduction.with(.mean))
    let places = (0..<reduction.outer * reduction.count * reduction.inner).map {
      $0 / (reduction.count * reduction.inner) * reduction.inner + $0 % reduction.inner
    }
    let squares = try target.entries(
      (u - v).raised(to: 2), of: ["u": array, "v": target.gather(mean, places)])
    let variance = target.reduce(squares, reduction.with(.mean))
    return reduction.kind == .variance
      ? variance : try target.entries(.function(.sqrt, u), of: ["u": variance])
  }

  /// The part that a number chooses: 1 where it is chosen, 0 elsewhere, before the parts as rows.
  private mutating func pick(_ choice: LineProgram.Choice, _ layer: any Layer)
    throws(UnwritableFormula) -> String
  {
    let (u, v, _) = Self.symbols
    let chosen = try target.entries(
      try made { () throws(CalculusError) in try .compare(.equal, u, v) },
      of: [
        "u": try name(of: choice.index, layer),
        "v": target.constants((1...max(choice.count, 1)).map(Double.init)),
      ])
    return target.product(
      chosen, try name(of: choice.of, layer),
      LineProgram.Product(
        a: choice.index, b: choice.of, isATransposed: false, isBTransposed: false, m: 1,
        k: choice.count, n: choice.width))
  }
}

extension LineProgram.Reduction {
  /// The same with another kind.
  fileprivate func with(_ kind: ExpressionReduction) -> LineProgram.Reduction {
    LineProgram.Reduction(kind: kind, of: of, outer: outer, count: count, inner: inner)
  }
}

extension LineProgram.Step {
  /// What it reads.
  fileprivate var operands: [LineProgram.Operand] {
    switch self {
    case .add(let pair), .subtract(let pair), .multiply(let pair), .divide(let pair),
      .power(let pair), .extremum(_, let pair, _), .compare(_, let pair):
      [pair.a, pair.b]
    case .choose(let condition, _, let pair): [condition, pair.a, pair.b]
    case .apply(_, _, let a), .copy(let a), .gather(let a, _, _), .softmax(let a, _): [a]
    case .product(let product): [product.a, product.b]
    case .reduce(let reduction): [reduction.of]
    case .pick(let choice): [choice.of, choice.index]
    case .formula(let step): step.operands
    }
  }
}
