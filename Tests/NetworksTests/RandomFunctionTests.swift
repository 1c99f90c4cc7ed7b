import Calculus
import MatrixEngine
import Networks
import Testing

/// Formulas for activations and losses, made at random.
private struct RandomFormulas {
  var source: RandomSource

  mutating func choice(_ count: Int) -> Int {
    min(count - 1, Int(source.uniform(from: 0, to: Double(count))))
  }

  mutating func number() -> Expression {
    .number((source.uniform(from: 0.2, to: 2) * 8).rounded() / 8)
  }

  /// A formula of numbers that grows slowly, out of the given leaves.
  mutating func formula(_ leaves: [Expression], depth: Int) -> Expression {
    if depth == 0 { return choice(5) == 0 ? number() : leaves[choice(leaves.count)] }
    let a = formula(leaves, depth: depth - 1)
    switch choice(10) {
    case 0: return a + formula(leaves, depth: depth - 1)
    case 1: return .function(.tanh, a) * formula(leaves, depth: depth - 1)
    case 2: return a / (number() + formula(leaves, depth: depth - 1).raised(to: 2))
    case 3: return bounded[choice(bounded.count)](a)
    case 4: return .function(.ln, 1 + a.raised(to: 2))
    case 5: return .function(.exp, -a.raised(to: 2))
    case 6:
      return (try? .extremum(.max, number() / 10 * a, a)) ?? a
    case 7:
      let b = formula(leaves, depth: depth - 1)
      return .choosing(.greater, a, number() / 4, then: a, else: .function(.sin, b))
    case 8: return .function(smooth[choice(smooth.count)], a)
    default: return .function(.sqrt, 1 + a.raised(to: 2)) - number()
    }
  }

  private var bounded: [(Expression) -> Expression] {
    [
      { .function(.sigmoid, $0) }, { .function(.sin, $0) }, { .function(.cos, $0) },
      { .function(.erf, $0) }, { .function(.softsign, $0) },
    ]
  }
  private let smooth: [ElementFunction] = [.silu, .gelu, .softplus, .elu, .hardTanh, .abs]

  /// A formula with a derivative that is not 0 everywhere.
  mutating func activation(_ name: String) -> Activation {
    while true {
      let h = formula([.netInput], depth: 3)
      guard h.symbols == [Symbol("z")],
        let made = try? Activation(
          name: name, formula: h, of: Symbol("z"))
      else { continue }
      if made.gradientRefusal == nil { return made }
    }
  }

  /// Of numbers, or of vectors.
  mutating func loss(_ name: String, ofVectors: Bool) -> Loss {
    while true {
      let part = formula([.output, .target, .output - .target], depth: 3)
      guard Set(part.symbols) == [Symbol("a"), Symbol("y")] else { continue }
      let made: Loss?
      if ofVectors {
        let all = ExpressionShape.vector(.name("n"))
        let (a, y) = (Symbol("p", all), Symbol("t", all))
        let vectors = try? part.mapped([
          Symbol("a"): .symbol(a), Symbol("y"): .symbol(y),
        ])
        let whole = vectors.flatMap { v in
          try? Expression.function(.sqrt, 1 + v.raised(to: 2).sum) + .softmax(.symbol(a)).sum
        }
        made = whole.flatMap { try? Loss(name: name, formula: $0, target: y, output: a) }
      } else {
        made = try? Loss(name: name, formula: part, target: Symbol("y"), output: Symbol("a"))
      }
      if let made, made.gradientRefusal == nil { return made }
    }
  }
}

@Suite("Activations and losses as any formulas")
struct RandomFunctionTests {
  /// The loss as one formula of the parameters W1, b1, W2, … and of X, Y.
  private func whole(_ network: Network, _ h: [Activation], examples m: Int) throws -> Expression {
    var a = Expression.symbol("X", .matrix(.number(m), .number(network.inputs)))
    for (index, layer) in network.layers.enumerated() {
      let sizes = [layer.inputs, layer.outputs].map { Dimension.number($0) }
      var z = try Expression.product(a, .symbol("W\(index + 1)", .matrix(sizes[0], sizes[1])))
      if let bias = (layer as? DenseLayer)?.bias {
        z = try .add([
          z, .symbol("b\(index + 1)", bias.naming == .sharedBias ? .scalar : .vector(sizes[1])),
        ])
      }
      a = try h[index].definition.mapped([Symbol("z"): z])
    }
    let shape = ExpressionShape.matrix(.name("m"), .name("k"))
    return try network.loss.definition.fitting([
      Symbol("A", shape): a, Symbol("Y", shape): .symbol("Y", a.shape),
    ])
  }

  /// The derivative in a random direction, by dual numbers whose rules are written apart from those of the formulas,
  /// against the gradients of the network's passes.
  @Test("200 random networks: the gradients are those of dual numbers", arguments: 0..<200)
  func gradients(_ seed: Int) throws {
    var random = RandomFormulas(source: RandomSource(seed: seed))
    let units = [1 + random.choice(3), 1 + random.choice(3)]
    let h = units.indices.map { random.activation("h\($0)") }
    let loss = random.loss("e", ofVectors: seed % 3 == 0)
    let biases: [Biases] = [.each(nil), .shared(0.25), .none]
    let network = try Network(
      NetworkDefinition(
        name: "N", inputs: 2,
        layers: zip(units, h).enumerated().map { index, layer in
          Dense(
            units: layer.0, activation: layer.1, initializer: .normal(deviation: 0.7),
            biases: biases[(seed + index) % 3])
        }, loss: seed % 3 != 0 && seed % 2 == 0 ? loss.perEntry : loss, seed: seed))
    let m = 3
    let (x, y) = (Samples.random(m, 2, seed: seed + 1), Samples.random(m, units[1], seed: seed + 2))
    let gradients = try network.backward(x, y)
    var values: [String: Tensor<Double>] = ["X": x, "Y": y]
    var tangents: [String: Tensor<Double>] = [:]
    var expected = 0.0
    var size = 0.0
    for (index, layer) in network.layers.enumerated() {
      for parameter in layer.parameters {
        let name = "\(parameter.name)\(index + 1)"
        let value = try network.parameter(parameter.name, layer: index + 1)
        let direction = value.storage.map { _ in random.source.uniform(from: -1, to: 1) }
        let gradient = try #require(gradients[parameter: parameter.name, index + 1]).value
        for (g, v) in zip(gradient.storage, direction) {
          expected += g * v
          size += abs(g * v)
        }
        let isNumber = parameter.naming == .sharedBias
        values[name] = isNumber ? .scalar(value.storage[0]) : value
        tangents[name] = isNumber ? .scalar(direction[0]) : Tensor(value.shape, direction)
      }
    }
    let formula = try whole(network, h, examples: m)
    let evaluator = try Evaluator(
      formula.symbols, values: values, sizes: ["m": m, "k": units[1]], tangents: tangents)
    let dual = try evaluator.evaluate(formula)
    let found = dual.tangent?.storage[0] ?? 0
    #expect(abs(found - expected) <= 1e-12 * max(1, size), "\(h.map(\.formula)) \(loss.formula)")
    #expect(
      abs(dual.value.storage[0] - gradients.loss) <= 1e-12 * max(1, abs(gradients.loss)))
    #expect(try network.gradientCheck(x, y).entries.allSatisfy { $0.analytic.isFinite })
  }

  @Test("a formula in the place of a built-in function trains alike", arguments: Precision.allCases)
  func training(_ precision: Precision) throws {
    func network(_ h: Activation, _ loss: Loss) throws -> Network {
      try Samples.network(2, [(5, h), (2, .identity)], loss: loss, seed: 3, precision: precision)
    }
    let h = try Activation(
      name: "h", formula: .function(.tanh, .symbol("x")), of: Symbol("x"))
    let e = try Loss(
      name: "e", formula: (.symbol("t") - .symbol("o")).raised(to: 2), target: Symbol("t"),
      output: Symbol("o"))
    let (own, known) = (try network(h, e), try network(.tanh, .meanSquaredError))
    let (x, y) = (Samples.random(700, 2, seed: 1), Samples.random(700, 2, seed: 2))
    for network in [own, known] {
      _ = try network.train(x, y, TrainingOptions(epochs: 5, batchSize: 60, optimizer: .adam))
    }
    let tolerance = precision == .float64 ? 1e-12 : 1e-4
    for (a, b) in zip(try own.predict(x).storage, try known.predict(x).storage) {
      #expect(abs(a - b) < tolerance)
    }
  }
}
