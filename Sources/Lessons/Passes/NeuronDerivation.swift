import Calculus
import Language
import MatrixEngine
import Networks

/// A run neuron by neuron, as on the slides: every line a symbol, its formula, the numbers put in, the value.
package struct NeuronDerivation {
  private let run: NetworkRun
  private let choice: NetworkChoice
  private let names: NetworkNames
  /// The example that is told, from 1.
  private let example: Int
  private var writer: LineWriter

  /// Sums of more terms than these are written as dot products.
  private static let longestSum = 8

  package init(
    _ run: NetworkRun, _ choice: NetworkChoice, usesW0: Bool, round: (@Sendable (Double) -> Double)?
  ) {
    self.run = run
    self.choice = choice
    names = NetworkNames(usesW0: usesW0, examples: run.examples)
    example = choice.example ?? 1
    writer = LineWriter(Derivation.Numbers([:], round: round))
    let x = run.forward.a[0]
    for input in 0..<x.columns {
      writer.values[names.a(0, input + 1, example)] = .scalar(x[example - 1, input])
    }
    if let y = run.targets {
      for output in 0..<y.columns {
        writer.values[names.target(output + 1, of: y.columns, example)] = .scalar(
          y[example - 1, output])
      }
    }
  }

  package var lines: [Derivation.Line] { writer.lines }
  /// What is left out, in words.
  package private(set) var folded: String?

  // MARK: - Forward

  /// Throws: as the formulas' values.
  mutating func addForward() throws(CalculusError) {
    for layer in 1...run.layers { try addForward(layer) }
  }

  private mutating func addForward(_ layer: Int) throws(CalculusError) {
    let units = run.units(layer)
    let activation = run.network.layers[layer - 1].activation
    let title = run.network.layers[layer - 1].name.map { " (\($0))" } ?? ""
    let step = Derivation.Step(
      "layer \(layer)\(title): \(units) \(units == 1 ? "neuron" : "neurons"), \(activation.notation)"
    )
    noteWeights(layer)
    for neuron in 1...units {
      let z = symbol(names.z(layer, neuron, example))
      let value = run.forward.z[layer - 1][example - 1, neuron - 1]
      guard isTold(layer, neuron) else {
        writer.values[z.name] = .scalar(value)
        continue
      }
      try writer.append(step, z, last: try netInput(layer, neuron), known: .scalar(value))
    }
    let isWhole = !activation.isElementwise
    for neuron in 1...units {
      let a = symbol(names.a(layer, neuron, example))
      let value = run.forward.a[layer][example - 1, neuron - 1]
      guard isTold(layer, neuron) else {
        writer.values[a.name] = .scalar(value)
        continue
      }
      try writer.append(
        step, a, last: try activated(layer, neuron),
        reason: isWhole && neuron == 1 ? "softmax: every net input by the sum of all" : "",
        known: .scalar(value))
    }
  }

  private func isTold(_ layer: Int, _ neuron: Int) -> Bool {
    choice.includes(layer: layer) && choice.includes(neuron: neuron)
  }

  private mutating func noteWeights(_ layer: Int) {
    let weights = run.network.allWeights[layer - 1]
    let biases = run.network.allBiases[layer - 1]
    for neuron in 0..<weights.columns {
      writer.values[names.parameter(layer, from: 0, to: neuron + 1)] = .scalar(biases[neuron])
      guard weights.rows <= Self.longestSum else {
        writer.values[names.weights(layer, to: neuron + 1)] = .vector(weights.column(neuron))
        continue
      }
      for input in 0..<weights.rows {
        writer.values[names.parameter(layer, from: input + 1, to: neuron + 1)] = .scalar(
          weights[input, neuron])
      }
    }
    if weights.rows > Self.longestSum {
      writer.values[names.layer(layer == 1 ? "x" : "a", layer - 1, example)] = .vector(
        run.forward.a[layer - 1].row(example - 1))
    }
  }

  /// b + w₁a₁ + w₂a₂ + …
  private func netInput(_ layer: Int, _ neuron: Int) throws(CalculusError) -> Expression {
    let inputs = run.units(layer - 1)
    let bias = expression(names.parameter(layer, from: 0, to: neuron))
    if inputs > Self.longestSum {
      let size = ExpressionShape.vector(.number(inputs))
      return try .add([
        bias,
        .dot(
          .symbol(names.weights(layer, to: neuron), size),
          .symbol(names.layer(layer == 1 ? "x" : "a", layer - 1, example), size)),
      ])
    }
    var terms = [bias]
    for input in 1...max(inputs, 1) {
      terms.append(
        expression(names.parameter(layer, from: input, to: neuron))
          * expression(names.a(layer - 1, input, example)))
    }
    return try .add(terms)
  }

  /// h(z); for softmax e^z over the sum of all.
  private func activated(_ layer: Int, _ neuron: Int) throws(CalculusError) -> Expression {
    let activation = run.network.layers[layer - 1].activation
    let z = expression(names.z(layer, neuron, example))
    if activation.isElementwise { return try activation.expression(z) }
    let units = run.units(layer)
    guard units > 1 else { return 1 }
    let powers = (1...units).map {
      Expression.function(.exp, expression(names.z(layer, $0, example)))
    }
    return try .divide(.function(.exp, z), .add(powers))
  }

  // MARK: - Loss

  /// The loss of the run; the outputs must have been told or noted.
  mutating func addLoss() throws(CalculusError) {
    guard let y = run.targets else { return }
    let last = run.layers
    noteActivations()
    var terms: [Expression] = []
    for output in 1...y.columns {
      terms.append(
        try run.network.loss.perOutput.substituting([
          Symbol("a"): expression(names.a(last, output, example)),
          Symbol("y"): expression(names.target(output, of: y.columns, example)),
        ]))
    }
    let whole: Expression = terms.count == 1 ? terms[0] : try .add(terms)
    let name = run.network.loss.name.split(separator: "_").joined(separator: " ")
    let isMean = run.examples > 1
    try writer.append(
      Derivation.Step("loss: \(name)"), symbol(isMean ? "L⁽\(ScriptDigits.high(example))⁾" : "L"),
      last: whole,
      reason: isMean ? "of example \(example); the loss is the mean over all \(run.examples)" : "",
      known: isMean ? nil : run.gradients.map { .scalar($0.loss) })
  }

  /// The values of the forward pass, for lines that use them without it being told.
  private mutating func noteActivations() {
    for layer in 1...run.layers {
      for neuron in 1...run.units(layer) {
        for (name, matrix) in [
          (names.z(layer, neuron, example), run.forward.z[layer - 1]),
          (names.a(layer, neuron, example), run.forward.a[layer]),
        ] where writer.values[name] == nil {
          writer.values[name] = .scalar(matrix[example - 1, neuron - 1])
        }
      }
    }
  }

  // MARK: - Backward

  /// The slides' steps: the output layer, its weights, the layer before, and so on.
  ///
  /// Throws: as the formulas' values.
  mutating func addBackward() throws(CalculusError) {
    noteActivations()
    if choice.layer == nil || choice.layer == run.layers { try addOutputGradient() }
    for layer in stride(from: run.layers, through: 1, by: -1) {
      noteWeights(layer)
      try addNeuronGradients(layer)
      try addWeightGradients(layer)
      if layer > 1 { try addActivationGradients(of: layer - 1) }
    }
  }

  /// ∂L/∂a of every output.
  private mutating func addOutputGradient() throws(CalculusError) {
    guard let y = run.targets, let gradients = run.gradients else { return }
    let last = run.layers
    let step = Derivation.Step("output layer gradient")
    for output in 1...y.columns {
      let a = symbol(names.a(last, output, example))
      let slope = try run.network.loss.perOutput.derivative(by: Symbol("a")).expression
        .substituting([
          Symbol("a"): .symbol(a),
          Symbol("y"): expression(names.target(output, of: y.columns, example)),
        ])
      let formula = run.examples == 1 ? slope : slope / .number(run.examples)
      let partial = symbol(names.partial(a.name))
      let value = gradients.a[last][example - 1, output - 1]
      guard choice.includes(neuron: output) else {
        writer.values[partial.name] = .scalar(value)
        continue
      }
      try writer.append(
        step, partial, last: formula,
        reason: run.examples == 1 ? "" : "the loss is a mean over \(run.examples) examples",
        known: .scalar(value))
    }
  }

  /// ∂a/∂z and ∂L/∂z of a layer's neurons.
  private mutating func addNeuronGradients(_ layer: Int) throws(CalculusError) {
    guard let gradients = run.gradients else { return }
    let activation = run.network.layers[layer - 1].activation
    let units = run.units(layer)
    let step = Derivation.Step(
      layer == run.layers ? "output layer gradient" : "layer \(layer) neuron gradients")
    for neuron in 1...units {
      let (z, a) = (names.z(layer, neuron, example), names.a(layer, neuron, example))
      let partial = symbol(names.partial(z))
      let value = gradients.z[layer - 1][example - 1, neuron - 1]
      guard isTold(layer, neuron) else {
        writer.values[partial.name] = .scalar(value)
        continue
      }
      if writer.values[names.partial(a)] == nil {
        writer.values[names.partial(a)] = .scalar(gradients.a[layer][example - 1, neuron - 1])
      }
      if activation.isElementwise {
        let slope = try slope(layer, neuron)
        try writer.append(step, symbol("∂\(a)/∂\(z)"), last: slope)
        if let fused = try fused(layer, neuron),
          !gradients.a[layer][example - 1, neuron - 1].isFinite
        {
          // The slide's factors overflow here; what they come to does not.
          try writer.append(
            step, partial, last: fused,
            reason: "the factors multiply to nan; cancelled they are finite", known: .scalar(value))
          continue
        }
        let product = expression(names.partial(a)) * expression("∂\(a)/∂\(z)")
        try writer.append(
          step, partial, last: product, reason: try fusedReason(layer, neuron),
          known: .scalar(value))
      } else {
        try writer.append(
          step, partial, last: try softmaxGradient(layer, neuron),
          reason: try fused(layer, neuron) == nil || neuron > 1
            ? "" : "softmax with cross entropy: the prediction error", known: .scalar(value))
      }
    }
  }

  /// h′(z), in terms of a where the activation allows: a(1 − a).
  private func slope(_ layer: Int, _ neuron: Int) throws(CalculusError) -> Expression {
    let activation = run.network.layers[layer - 1].activation
    let z = symbol(names.z(layer, neuron, example))
    let function = try activation.expression(.symbol(z))
    let slope = try function.derivative(by: z).expression
    let a = expression(names.a(layer, neuron, example))
    return try slope.replacingParts { $0 == function ? a : nil }
  }

  /// a − y where loss and activation cancel, over m; nil elsewhere.
  private func fused(_ layer: Int, _ neuron: Int) throws(CalculusError) -> Expression? {
    guard layer == run.layers, let y = run.targets,
      run.network.loss.fusedActivation == run.network.layers[layer - 1].activation.name,
      run.network.layers[layer - 1].activation != .identity
    else { return nil }
    let a = expression(names.a(layer, neuron, example))
    let target = expression(names.target(neuron, of: y.columns, example))
    let mass = (0..<y.columns).reduce(0.0) { $0 + y[example - 1, $1] }
    let scaled = y.columns > 1 && mass != 1 ? .number(mass) * a : a
    let difference = scaled - target
    return run.examples == 1 ? difference : difference / .number(run.examples)
  }

  private func fusedReason(_ layer: Int, _ neuron: Int) throws(CalculusError) -> String {
    guard let fused = try fused(layer, neuron) else { return "" }
    return "which is \(fused.text): the factors cancel"
  }

  /// ∂L/∂z of softmax: a(g − Σ g a), with cross entropy a − y.
  private func softmaxGradient(_ layer: Int, _ neuron: Int) throws(CalculusError) -> Expression {
    if let fused = try fused(layer, neuron) { return fused }
    let a = (1...run.units(layer)).map { names.a(layer, $0, example) }
    let products = a.map { expression(names.partial($0)) * expression($0) }
    let sum: Expression = products.count == 1 ? products[0] : try .add(products)
    return expression(a[neuron - 1]) * (expression(names.partial(a[neuron - 1])) - sum)
  }

  /// ∂L/∂b and ∂L/∂w of a layer; over several examples the sum of their shares.
  private mutating func addWeightGradients(_ layer: Int) throws(CalculusError) {
    guard let gradients = run.gradients else { return }
    let step = Derivation.Step("layer \(layer) weight gradients")
    let inputs = run.units(layer - 1)
    for neuron in 1...run.units(layer) where isTold(layer, neuron) {
      let told = min(inputs, Self.longestSum)
      if told < inputs {
        folded = "of \(inputs) weights a neuron, \(told) are shown; the gradients have all"
      }
      for input in 0...told {
        let name = names.parameter(layer, from: input, to: neuron)
        let value =
          input == 0
          ? gradients.biases[layer - 1][neuron - 1]
          : gradients.weights[layer - 1][input - 1, neuron - 1]
        let shares = try shares(layer, input, neuron)
        let isShort = run.examples <= Self.longestSum
        try writer.append(
          step, symbol(names.partial(name)), last: isShort ? try sum(shares) : shares[0],
          reason: isShort ? "" : "the share of example \(example) of \(run.examples)",
          known: isShort ? .scalar(value) : nil)
      }
    }
  }

  private func sum(_ terms: [Expression]) throws(CalculusError) -> Expression {
    terms.count == 1 ? terms[0] : try .add(terms)
  }

  /// ∂L/∂z · a of every example, or of the one that is told where they are many.
  private mutating func shares(_ layer: Int, _ input: Int, _ neuron: Int) throws(CalculusError)
    -> [Expression]
  {
    guard let gradients = run.gradients else { return [] }
    let examples = run.examples <= Self.longestSum ? Array(1...run.examples) : [example]
    return examples.map { example in
      let z = names.partial(names.z(layer, neuron, example))
      writer.values[z] =
        writer.values[z] ?? .scalar(gradients.z[layer - 1][example - 1, neuron - 1])
      guard input > 0 else { return expression(z) }
      let a = names.a(layer - 1, input, example)
      writer.values[a] =
        writer.values[a] ?? .scalar(run.forward.a[layer - 1][example - 1, input - 1])
      return expression(z) * expression(a)
    }
  }

  /// ∂L/∂a of a layer from ∂L/∂z of the next: every neuron behind it hands its share back.
  private mutating func addActivationGradients(of layer: Int) throws(CalculusError) {
    guard let gradients = run.gradients else { return }
    let step = Derivation.Step("back to layer \(layer)")
    let next = run.units(layer + 1)
    let weights = run.network.allWeights[layer]
    for neuron in 1...run.units(layer) {
      let partial = symbol(names.partial(names.a(layer, neuron, example)))
      let value = gradients.a[layer][example - 1, neuron - 1]
      guard isTold(layer, neuron) else {
        writer.values[partial.name] = .scalar(value)
        continue
      }
      let formula: Expression
      if next > Self.longestSum {
        let size = ExpressionShape.vector(.number(next))
        let errors = names.partial(names.layer("z", layer + 1, example))
        let from = names.weights(layer + 1, from: neuron)
        writer.values[errors] = .vector(gradients.z[layer].row(example - 1))
        writer.values[from] = .vector(weights.row(neuron - 1))
        formula = try .dot(.symbol(errors, size), .symbol(from, size))
      } else {
        var terms: [Expression] = []
        for other in 1...next {
          let z = names.partial(names.z(layer + 1, other, example))
          let w = names.parameter(layer + 1, from: neuron, to: other)
          writer.values[z] = writer.values[z] ?? .scalar(gradients.z[layer][example - 1, other - 1])
          writer.values[w] = writer.values[w] ?? .scalar(weights[neuron - 1, other - 1])
          terms.append(expression(z) * expression(w))
        }
        formula = try sum(terms)
      }
      try writer.append(step, partial, last: formula, known: .scalar(value))
    }
  }

  // MARK: - Names

  private func symbol(_ name: String) -> Symbol { Symbol(name) }
  private func expression(_ name: String) -> Expression { .symbol(name) }
}
