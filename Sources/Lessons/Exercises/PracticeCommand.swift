import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// `practice(2, 3, 1, activation = relu, seed = 4)`: a network, an input and a target whose solution has short numbers.
enum PracticeCommand {
  static let builtIn = BuiltIn(
    "practice", .network,
    [
      .init("inputs", .whole(atLeast: 1)), .init("units", .whole(atLeast: 1)),
      .init("activation", .expression, default: .word("relu"), isKeywordOnly: true)
        .written(as: "activation = relu"),
      .init("seed", .any, default: .whole(0), isKeywordOnly: true)
        .written(as: "seed = 3, or seed = \"name\""),
    ], isVariadic: true,
    summary:
      "a network with the sizes of its layers, an input and a target whose numbers stay short, forward, backward and in a step with η = 0.1: for pencil and paper",
    gives: .init(
      "a Practice", members: PracticeRecord.members, columns: PracticeRecord.columnNames),
    example: "practice(2, 3, 1, activation = relu, seed = 4)"
  ) { (interpreter, call) throws(Diagnostic) in
    let sizes = call.all.filter { $0.value.number != nil && $0.span != call["seed"]?.span }
      .compactMap { $0.value.number.flatMap(Int.init(exactly:)) }
    let entries = zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    guard entries <= mostWeights else {
      throw Diagnostic(
        .limit, "a network of \(entries) weights is too large for pencil and paper", at: call.span,
        label: "at most \(mostWeights)")
    }
    let activation: Activation
    if let syntax = call["activation"]?.syntax {
      activation = try interpreter.activation(syntax)
    } else {
      activation = .relu
    }
    let random = RandomSource(seed: try interpreter.seed(call))
    var search = PracticeSearch(sizes: sizes, activation: activation, random: random)
    guard
      let found = try interpreter.placed(
        call.span, { () throws(NetworkError) in try search.found(interpreter.interrupt) })
    else {
      throw Diagnostic(.value, "no network of these sizes was found", at: call.span)
    }
    if !found.isShort {
      interpreter.note(
        "the values of \(activation.name) are no short numbers: weights, inputs and the first net inputs are; set carry = 4 calculates with four decimals, as slides do"
      )
    }
    return .record(found.record)
  }

  private static let mostWeights = 200
}

/// Draws networks of whole numbers until everything in their solution is short.
private struct PracticeSearch {
  let sizes: [Int]
  let activation: Activation
  var random: RandomSource

  struct Found {
    let record: PracticeRecord
    /// Whether the numbers of the forward pass are short, and whether all are.
    let isForwardShort: Bool
    let isShort: Bool
    /// What part of the loss a step leaves; where most gradients are 0, much more.
    let rest: Double

    func isBetter(than other: Found) -> Bool {
      isShort == other.isShort ? rest < other.rest : isShort
    }
  }

  /// As many as find one for every seed: leaky rectifiers, whose products are long, need some hundreds.
  private static let mostDraws = 1_500
  /// After as many draws it is known whether more can help: only where of so many the forward pass is short.
  private static let firstDraws = 200
  private static let promising = 10

  init(sizes: [Int], activation: Activation, random: RandomSource) {
    self.sizes = sizes
    self.activation = activation
    self.random = random
  }

  /// nil where no draw can be run.
  ///
  /// Throws: what ends a pass.
  mutating func found(_ interrupt: InterruptFlag) throws(NetworkError) -> Found? {
    var best: Found?
    var hopeful = 0
    for draw in 0..<Self.mostDraws {
      if draw == Self.firstDraws, hopeful < Self.promising { break }
      let next = try drawn(interrupt)
      if next.isShort, next.rest < 1 { return next }
      if next.isForwardShort { hopeful += 1 }
      if best.map(next.isBetter) ?? true { best = next }
    }
    return best
  }

  private mutating func pick(_ numbers: [Double]) -> Double {
    numbers[min(Int(random.uniform() * Double(numbers.count)), numbers.count - 1)]
  }

  private mutating func drawn(_ interrupt: InterruptFlag) throws(NetworkError) -> Found {
    var layers: [any LayerDefinition] = []
    let last = sizes.count - 1
    for (place, units) in sizes.enumerated().dropFirst() {
      let inputs = sizes[place - 1]
      let weights = (0..<(inputs * units)).map { _ in pick([-2, -1, -1, 1, 1, 2]) }
      let biases = (0..<units).map { _ in pick([-1, 0, 0, 1, 1]) }
      layers.append(
        Dense(
          units: units, activation: place == last && hasGradient ? .identity : activation,
          weights: Tensor(Shape([inputs, units]), weights), biases: .each(.vector(biases))))
    }
    var definition = NetworkDefinition(name: "Practice", inputs: sizes[0], layers: layers)
    definition.loss = .meanSquaredError
    let network = try Network(definition)
    let x = (0..<sizes[0]).map { _ in pick([-1, -1, 1, 1, 2]) }
    let input = Matrix(rows: 1, columns: x.count, storage: x)
    let forward = try network.forward(input, interrupt: interrupt)
    // In deep networks the error is such that η times every gradient is a whole number: products of decimals in
    // layer after layer would be long.
    let errors: [Double] = sizes.count > 3 ? [-5, 5] : [-2, -1, -1, 1, 1, 2]
    let y = forward.output.storage.map { ($0 - pick(errors)) }
    let target = Matrix(rows: 1, columns: y.count, storage: y)
    var numbers = forward.layers.joined().flatMap(\.values.storage) + y
    let isForwardShort = numbers.allSatisfy(Self.isShort)
    var rest = 0.0
    if hasGradient {
      let result = try Network(network.state).step(input, target, interrupt: interrupt)
      let gradients = result.gradients.parameters.joined().flatMap(\.value.storage)
      numbers += result.gradients.trace.layers.joined().flatMap(\.values.storage) + gradients
      numbers += result.new.parameterValues.joined().flatMap(\.value.storage)
      numbers += [result.before, result.after]
      let idle = gradients.count(where: { $0 == 0 }) * 2 > gradients.count
      rest = result.after / max(result.before, 1e-9) + (idle ? 1000 : 0)
    }
    let isShort = numbers.allSatisfy(Self.isShort)
    let record = PracticeRecord(
      network: network.state, x: x, y: isShort ? y : y.map { ($0 * 10).rounded() / 10 })
    return Found(
      record: record, isForwardShort: isForwardShort, isShort: isShort, rest: rest)
  }

  /// Whether steps can be taken at all: a function that jumps has no gradient.
  private var hasGradient: Bool { activation.gradientRefusal == nil }

  /// Whether four decimals hold it whole.
  private static func isShort(_ number: Double) -> Bool {
    guard number.isFinite, abs(number) < 10_000 else { return false }
    return abs(number * 10_000 - (number * 10_000).rounded()) < 1e-6
  }
}

/// What `practice` returns: `.net`, `.x`, `.y`.
package struct PracticeRecord: Record {
  let network: NetworkState
  let x: [Double]
  let y: [Double]

  package static let members = ["net", "x", "y"]
  package static let columnNames = ["quantity", "index", "value"]

  package var kindName: String { "Practice" }
  package var description: String { "a network to practise on" }
  package var memberNames: [String] { Self.members }
  package var columnNames: [String] { Self.columnNames }

  package func member(_ name: String) -> Value? {
    switch name {
    case "net": .network(Network(network))
    case "x": .vector(x)
    case "y": .vector(y)
    default: nil
    }
  }

  /// Everything that is given, in the order of the layers.
  private var given: [(quantity: Quantity, value: Double)] {
    var all: [(quantity: Quantity, value: Double)] = x.enumerated().map {
      (Quantity("x", index: "\($0 + 1)"), $1)
    }
    for (layer, values) in network.parameterValues.enumerated() {
      for value in values {
        let matrix = value.matrix
        for row in 0..<matrix.rows {
          for column in 0..<matrix.columns {
            let input = value.naming == .weight ? row + 1 : 0
            all.append(
              (
                .parameter(from: input, to: column + 1, layer: layer + 1, biasIsWeight: false),
                matrix[row, column]
              ))
          }
        }
      }
    }
    return all + y.enumerated().map { (Quantity("y", index: y.count > 1 ? "\($0 + 1)" : nil), $1) }
  }

  package var tidy: TidyTable {
    TidyTable([
      TidyColumn("quantity", strings: given.map(\.quantity.text)),
      TidyColumn("index", integers: Array(1...given.count)),
      TidyColumn("value", numbers: given.map(\.value)),
    ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let given = given
    return Table(
      caption: .words(
        "Practice: \(network.layers.map(\.title).joined(separator: "; "))"),
      columns: [
        TableColumn("given", symbols: given.map { .quantity($0.quantity) }),
        TableColumn("value", numbers: given.map(\.value)),
      ], visibleRows: 60
    ).bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}
