import Calculus
import Language
import MatrixEngine
import Networks
import Notation

/// A run neuron by neuron, as on the slides: every line a symbol, its formula, the numbers put in, the value.
package struct NeuronDerivation {
  let run: NetworkRun
  private let choice: NetworkChoice
  let names: NetworkNames
  /// The example that is told, from 1.
  let example: Int
  var writer: LineWriter

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
    let x = run.forward.input
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
    for layer in 1...run.layers {
      if let told = run.layer(layer) as? any TellsItself {
        try told.tellForward(layer, in: &self)
      } else {
        if choice.includes(layer: layer) {
          joinEntries(of: layer - 1)
          try LineDerivation(run, layer, choice, isAlone: true).addForward(to: &writer)
          splitEntries(of: layer)
        }
        noteQuantities(layer)
      }
    }
  }

  /// The net inputs of a dense layer's neurons, then their activations.
  mutating func addNeurons(_ layer: Int, _ activation: Activation) throws(CalculusError) {
    let units = run.units(layer)
    let title = run.layer(layer).name.map { " (\($0))" } ?? ""
    let step = Derivation.Step("layer \(layer)\(title): \(run.layer(layer).title)")
    noteWeights(layer)
    for neuron in 1...units {
      let z = symbol(names.z(layer, neuron, example))
      let value = run.netInput(layer)[example - 1, neuron - 1]
      guard isTold(layer, neuron) else {
        writer.values[z.name] = .scalar(value)
        continue
      }
      try writer.append(step, z, last: try netInput(layer, neuron), known: .scalar(value))
    }
    let isWhole = !activation.isElementwise
    for neuron in 1...units {
      let a = symbol(names.a(layer, neuron, example))
      let value = run.forward.output(of: layer)[example - 1, neuron - 1]
      guard isTold(layer, neuron) else {
        writer.values[a.name] = .scalar(value)
        continue
      }
      try writer.append(
        step, a, last: try activated(layer, neuron, activation),
        reason: isWhole && neuron == 1 && !activation.remark.isEmpty
          ? .words("\(activation.name): \(activation.remark)") : "",
        known: .scalar(value))
    }
  }

  private func isTold(_ layer: Int, _ neuron: Int) -> Bool {
    choice.includes(layer: layer) && choice.includes(neuron: neuron)
  }

  private mutating func noteWeights(_ layer: Int) {
    let weights = run.parameter("W", layer)
    let biases = run.parameter("b", layer).storage
    for neuron in 0..<weights.columns {
      if let bias = bias(layer, neuron + 1) {
        writer.values[bias] = .scalar(biases[min(neuron, biases.count - 1)])
      }
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
        run.forward.output(of: layer - 1).row(example - 1))
    }
  }

  /// What is added to the sum of a neuron: its own bias, the one of its layer, or nothing.
  private func bias(_ layer: Int, _ neuron: Int) -> Quantity? {
    (run.layer(layer) as? DenseLayer)?.bias.map {
      names.parameter($0.place(neuron - 1, layer: layer))
    }
  }

  /// b + w₁a₁ + w₂a₂ + …, without b where there is none.
  private func netInput(_ layer: Int, _ neuron: Int) throws(CalculusError) -> Expression {
    let inputs = run.units(layer - 1)
    var terms = bias(layer, neuron).map { [expression($0)] } ?? []
    if inputs > Self.longestSum {
      let size = ExpressionShape.vector(.number(inputs))
      return try sum(
        terms + [
          .dot(
            .symbol(names.weights(layer, to: neuron), size),
            .symbol(names.layer(layer == 1 ? "x" : "a", layer - 1, example), size))
        ])
    }
    for input in 1...max(inputs, 1) {
      terms.append(
        expression(names.parameter(layer, from: input, to: neuron))
          * expression(names.a(layer - 1, input, example)))
    }
    return try sum(terms)
  }

  /// h(z), of a function of all net inputs the entry of this neuron.
  private func activated(_ layer: Int, _ neuron: Int, _ activation: Activation)
    throws(CalculusError) -> Expression
  {
    if activation.isElementwise {
      return try activation.expression(expression(names.z(layer, neuron, example)))
    }
    let formula = try activation.definition.entry(neuron - 1, of: vectors(layer))
    if case .divide(let a, let b) = formula.node, a == b { return 1 }
    return formula
  }

  /// The vectors z, a and g = ∂L/∂a of a layer, entry by entry.
  private func vectors(_ layer: Int) -> [Symbol: [Expression]] {
    let all = ExpressionShape.vector(.name("k"))
    let neurons = 1...run.units(layer)
    return [
      Symbol("z", all): neurons.map { expression(names.z(layer, $0, example)) },
      Symbol("a", all): neurons.map { expression(names.a(layer, $0, example)) },
      Symbol("g", all): neurons.map { expression(names.a(layer, $0, example).derivative()) },
    ]
  }

  // MARK: - Loss

  /// The loss of the run; the outputs must have been told or noted.
  mutating func addLoss() throws(CalculusError) {
    guard let y = run.targets else { return }
    noteActivations()
    let loss = run.network.loss
    var terms: [Expression] = []
    for output in 1...(loss.isElementwise ? y.columns : 1) {
      terms.append(try lossFormula(loss.part, output))
    }
    let sum = try sum(terms)
    let whole = loss.isPerEntry && y.columns > 1 ? sum / .number(y.columns) : sum
    let name = run.network.loss.title
    let isMean = run.examples > 1
    try writer.append(
      Derivation.Step("loss: \(name)"), symbol(Quantity("L", example: isMean ? example : nil)),
      last: whole,
      reason: isMean ? "of example \(example); the loss is the mean over all \(run.examples)" : "",
      known: isMean ? nil : run.gradients.map { .scalar($0.loss) })
  }

  /// A formula of a and y for one output of the example; of vectors its entry there, or, where it has no form by
  /// entries, with the vectors themselves.
  private mutating func lossFormula(_ formula: Expression, _ output: Int) throws(CalculusError)
    -> Expression
  {
    let (last, count) = (run.layers, run.units(run.layers))
    if run.network.loss.isElementwise {
      return try formula.substituting([
        Symbol("a"): expression(names.a(last, output, example)),
        Symbol("y"): expression(names.target(output, of: count, example)),
      ])
    }
    let all = ExpressionShape.vector(.name("k"))
    let entries = [
      Symbol("a", all): (1...count).map { expression(names.a(last, $0, example)) },
      Symbol("y", all): (1...count).map { expression(names.target($0, of: count, example)) },
    ]
    if count <= Self.longestSum, let written = try? formula.entry(output - 1, of: entries) {
      return written
    }
    let (a, y) = (names.layer("a", last, example), names.target(1, of: 1, example))
    writer.values[a] = .vector(run.forward.output.row(example - 1))
    writer.values[y] = run.targets.map { .vector($0.row(example - 1)) }
    let whole = try formula.fitting([
      Symbol("a", all): .symbol(a, .vector(.number(count))),
      Symbol("y", all): .symbol(y, .vector(.number(count))),
    ])
    return whole.shape == .scalar ? whole : try .entry(whole, [.value(.number(output))])
  }

  /// The values of the forward pass, for lines that use them without it being told.
  private mutating func noteActivations() {
    for layer in 1...run.layers { noteQuantities(layer) }
  }

  /// z and a of the neurons of a layer, as far as it has them.
  private mutating func noteQuantities(_ layer: Int) {
    for neuron in 1...run.units(layer) {
      for (name, matrix) in [
        (names.z(layer, neuron, example), run.forward["z", layer]),
        (names.a(layer, neuron, example), run.forward.output(of: layer)),
      ] where writer.values[name] == nil {
        writer.values[name] = matrix.map { .scalar($0[example - 1, neuron - 1]) }
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
      if let told = run.layer(layer) as? any TellsItself {
        try told.tellBackward(layer, in: &self)
      } else if choice.includes(layer: layer) {
        joinEntries(of: layer, isGradient: true)
        try LineDerivation(run, layer, choice, isAlone: true).addBackward(to: &writer)
        splitEntries(of: layer - 1, isGradient: true)
      }
    }
  }

  /// The way back through a dense layer: its neurons, its weights, the layer before.
  mutating func addGradients(_ layer: Int, _ activation: Activation) throws(CalculusError) {
    noteWeights(layer)
    try addNeuronGradients(layer, activation)
    try addWeightGradients(layer)
    if layer > 1 { try addActivationGradients(of: layer - 1) }
  }

  /// ∂L/∂a of every output.
  private mutating func addOutputGradient() throws(CalculusError) {
    guard let y = run.targets, let gradients = run.gradients else { return }
    let last = run.layers
    let step = Derivation.Step("output layer gradient")
    for output in 1...y.columns {
      let a = symbol(names.a(last, output, example))
      let loss = run.network.loss
      let slope = try lossFormula(
        loss.isElementwise
          ? loss.part.derivative(by: Symbol("a")).expression : loss.slope ?? .number(.nan), output)
      let formula = run.divisor == 1 ? slope : slope / .number(run.divisor)
      let partial = symbol(a.quantity.derivative())
      let value = gradients.trace.output[example - 1, output - 1]
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
  private mutating func addNeuronGradients(_ layer: Int, _ activation: Activation)
    throws(CalculusError)
  {
    guard let gradients = run.gradients?.trace, let byZ = gradients["z", layer] else { return }
    let byA = gradients.output(of: layer)
    let units = run.units(layer)
    let step = Derivation.Step(
      layer == run.layers ? "output layer gradient" : "layer \(layer) neuron gradients")
    for neuron in 1...units {
      let (z, a) = (names.z(layer, neuron, example), names.a(layer, neuron, example))
      let partial = symbol(z.derivative())
      let value = byZ[example - 1, neuron - 1]
      guard isTold(layer, neuron) else {
        writer.values[partial.name] = .scalar(value)
        continue
      }
      if writer.values[a.derivative()] == nil {
        writer.values[a.derivative()] = .scalar(byA[example - 1, neuron - 1])
      }
      if activation.isElementwise {
        let slope = try slope(layer, neuron, activation)
        try writer.append(step, symbol(z.derivative(of: a)), last: slope)
        if let fused = try fused(layer, neuron, activation),
          !byA[example - 1, neuron - 1].isFinite
        {
          // The slide's factors overflow here; what they come to does not.
          try writer.append(
            step, partial, last: fused,
            reason: "the factors multiply to nan; cancelled they are finite", known: .scalar(value))
          continue
        }
        if let exact = try exact(layer, neuron, activation) {
          try writer.append(
            step, partial, last: exact,
            reason: "the factors cancel; their difference has no digits left here",
            known: .scalar(value))
          continue
        }
        let product = expression(a.derivative()) * expression(z.derivative(of: a))
        try writer.append(
          step, partial, last: product, reason: try fusedReason(layer, neuron, activation),
          known: .scalar(value))
      } else {
        let fused = try fused(layer, neuron, activation)
        let formula: Expression
        if let fused {
          formula = fused
        } else {
          formula = try activation.pullBack().entry(neuron - 1, of: vectors(layer))
        }
        let remark = run.network.loss.fusion(with: activation)?.remark ?? ""
        try writer.append(
          step, partial, last: formula, reason: .words(fused == nil || neuron > 1 ? "" : remark),
          known: .scalar(value))
      }
    }
  }

  /// h′(z), in terms of a where the activation allows: a(1 − a).
  private func slope(_ layer: Int, _ neuron: Int, _ activation: Activation)
    throws(CalculusError) -> Expression
  {
    let z = symbol(names.z(layer, neuron, example))
    let function = try activation.expression(.symbol(z))
    let slope = try function.derivative(by: z).expression
    let a = expression(names.a(layer, neuron, example))
    return try slope.replacingParts { $0 == function ? a : nil }
  }

  /// a − y where loss and activation cancel, over m; nil elsewhere.
  private func fused(_ layer: Int, _ neuron: Int, _ activation: Activation)
    throws(CalculusError) -> Expression?
  {
    guard layer == run.layers, let y = run.targets else { return nil }
    let mass = (0..<y.columns).reduce(0.0) { $0 + y[example - 1, $1] }
    let difference = try run.network.loss.fusion(with: activation)?.slope(targetSum: mass)?
      .substituting([
        Symbol("a"): expression(names.a(layer, neuron, example)),
        Symbol("y"): expression(names.target(neuron, of: y.columns, example)),
      ])
    return run.divisor == 1 ? difference : difference.map { $0 / .number(run.divisor) }
  }

  /// The same by z where a is so near to its target that their difference has lost its digits; nil elsewhere.
  private func exact(_ layer: Int, _ neuron: Int, _ activation: Activation)
    throws(CalculusError) -> Expression?
  {
    guard layer == run.layers, let y = run.targets,
      let exact = run.network.loss.fusion(with: activation)?.exactSlope
    else { return nil }
    let a = run.forward.output(of: layer)[example - 1, neuron - 1]
    guard (a - y[example - 1, neuron - 1]).magnitude < 1e-12, a > 0.5 else { return nil }
    let formula = try exact.substituting([
      Symbol("z"): expression(names.z(layer, neuron, example)),
      Symbol("y"): expression(names.target(neuron, of: y.columns, example)),
    ])
    return run.divisor == 1 ? formula : formula / .number(run.divisor)
  }

  private func fusedReason(_ layer: Int, _ neuron: Int, _ activation: Activation)
    throws(CalculusError) -> SymbolText
  {
    guard let fused = try fused(layer, neuron, activation) else { return "" }
    let a = names.a(layer, neuron, example)
    return "which is " + SymbolText(fused.text, setting: a) + ": the factors cancel"
  }

  /// ∂L/∂b and ∂L/∂w of a layer; over several examples the sum of their shares.
  private mutating func addWeightGradients(_ layer: Int) throws(CalculusError) {
    guard let gradients = run.gradients else { return }
    let step = Derivation.Step("layer \(layer) weight gradients")
    let inputs = run.units(layer - 1)
    let naming = (run.layer(layer) as? DenseLayer)?.bias?.naming
    if naming == .sharedBias, choice.neuron == nil { try addSharedBiasGradient(layer, step) }
    for neuron in 1...run.units(layer) where isTold(layer, neuron) {
      let told = min(inputs, Self.longestSum)
      if told < inputs {
        folded = "of \(inputs) weights a neuron, \(told) are shown; the gradients have all"
      }
      for input in (naming == .bias ? 0 : 1)...max(told, 1) {
        let name = names.parameter(layer, from: input, to: neuron)
        let value =
          input == 0
          ? gradients[parameter: "b", layer]?.matrix[0, neuron - 1]
          : gradients[parameter: "W", layer]?.matrix[input - 1, neuron - 1]
        let shares = try shares(layer, input, neuron)
        let isShort = run.examples <= Self.longestSum
        try writer.append(
          step, symbol(name.derivative()), last: isShort ? try sum(shares) : shares[0],
          reason: isShort ? "" : "the share of example \(example) of \(run.examples)",
          known: isShort ? value.map { .scalar($0) } : nil)
      }
    }
  }

  /// ∂L/∂b of a bias that all neurons of a layer add: the sum of what each would give its own.
  private mutating func addSharedBiasGradient(_ layer: Int, _ step: Derivation.Step)
    throws(CalculusError)
  {
    guard let bias = bias(layer, 1) else { return }
    var terms: [Expression] = []
    for neuron in 1...run.units(layer) { terms += try shares(layer, 0, neuron) }
    let isWhole = run.examples <= Self.longestSum
    try writer.append(
      step, symbol(bias.derivative()), last: try sum(terms),
      reason: isWhole
        ? "one bias for all neurons: the sum of their shares"
        : "the shares of example \(example) of \(run.examples)",
      known: isWhole ? run.gradients?[parameter: "b", layer].map { .scalar($0.matrix[0, 0]) } : nil)
  }

  private func sum(_ terms: [Expression]) throws(CalculusError) -> Expression {
    terms.count == 1 ? terms[0] : try .add(terms)
  }

  /// ∂L/∂z · a of every example, or of the one that is told where they are many.
  private mutating func shares(_ layer: Int, _ input: Int, _ neuron: Int) throws(CalculusError)
    -> [Expression]
  {
    guard let byZ = run.gradients?.trace["z", layer] else { return [] }
    let examples = run.examples <= Self.longestSum ? Array(1...run.examples) : [example]
    return examples.map { example in
      let z = names.z(layer, neuron, example).derivative()
      writer.values[z] =
        writer.values[z] ?? .scalar(byZ[example - 1, neuron - 1])
      guard input > 0 else { return expression(z) }
      let a = names.a(layer - 1, input, example)
      writer.values[a] =
        writer.values[a] ?? .scalar(run.forward.output(of: layer - 1)[example - 1, input - 1])
      return expression(z) * expression(a)
    }
  }

  /// ∂L/∂a of a layer from ∂L/∂z of the next: every neuron behind it hands its share back.
  private mutating func addActivationGradients(of layer: Int) throws(CalculusError) {
    guard let gradients = run.gradients?.trace, let byZ = gradients["z", layer + 1] else { return }
    let step = Derivation.Step("back to layer \(layer)")
    let next = run.units(layer + 1)
    let weights = run.parameter("W", layer + 1)
    for neuron in 1...run.units(layer) {
      let partial = symbol(names.a(layer, neuron, example).derivative())
      let value = gradients.output(of: layer)[example - 1, neuron - 1]
      guard isTold(layer, neuron) else {
        writer.values[partial.name] = .scalar(value)
        continue
      }
      let formula: Expression
      if next > Self.longestSum {
        let size = ExpressionShape.vector(.number(next))
        let errors = names.layer("z", layer + 1, example).derivative()
        let from = names.weights(layer + 1, from: neuron)
        writer.values[errors] = .vector(byZ.row(example - 1))
        writer.values[from] = .vector(weights.row(neuron - 1))
        formula = try .dot(.symbol(errors, size), .symbol(from, size))
      } else {
        var terms: [Expression] = []
        for other in 1...next {
          let z = names.z(layer + 1, other, example).derivative()
          let w = names.parameter(layer + 1, from: neuron, to: other)
          writer.values[z] = writer.values[z] ?? .scalar(byZ[example - 1, other - 1])
          writer.values[w] = writer.values[w] ?? .scalar(weights[neuron - 1, other - 1])
          terms.append(expression(z) * expression(w))
        }
        formula = try sum(terms)
      }
      try writer.append(step, partial, last: formula, known: .scalar(value))
    }
  }

  // MARK: - Names

  private func symbol(_ name: Quantity) -> Symbol { Symbol(name) }
  private func expression(_ name: Quantity) -> Expression { .symbol(name) }
}
