import Calculus
import Language
import MatrixEngine
import Networks
import Notation

/// A run as in the matrix note: every quantity of a layer once, with its formula, dimensions and value.
package struct MatrixDerivation {
  private let run: NetworkRun
  private let choice: NetworkChoice
  private var writer: LineWriter
  private let m: Dimension

  /// Matrices of more entries than these are not put into formulas.
  private static let largest = 24

  package init(_ run: NetworkRun, _ choice: NetworkChoice, round: (@Sendable (Double) -> Double)?) {
    self.run = run
    self.choice = choice
    m = .number(run.examples)
    writer = LineWriter(Derivation.Numbers([:], round: round))
  }

  package var lines: [Derivation.Line] { writer.lines }

  // MARK: - Forward

  /// Throws: as the formulas.
  mutating func addForward() throws(CalculusError) {
    note(Quantity("A", layer: 0), run.forward.a[0])
    for layer in 1...run.layers {
      noteParameters(layer)
      let units = run.units(layer)
      let activation = run.network.layers[layer - 1].activation
      guard choice.includes(layer: layer) else {
        note(Quantity("Z", layer: layer), run.forward.z[layer - 1])
        note(Quantity("A", layer: layer), run.forward.a[layer])
        continue
      }
      let step = Derivation.Step(
        "layer \(layer): \(units) \(units == 1 ? "neuron" : "neurons"), \(activation.notation)")
      try append(
        step, Quantity("Z", layer: layer),
        .add([.product(a(layer - 1), weights(layer)), bias(layer)]), run.forward.z[layer - 1],
        reason: layer == 1
          ? .quantity(Quantity("A", layer: 0)) + " is X; b is added to every row" : "")
      try append(
        step, Quantity("A", layer: layer), activation.expression(z(layer)), run.forward.a[layer],
        reason: activation.isElementwise ? "" : "row by row")
    }
  }

  private mutating func noteParameters(_ layer: Int) {
    note(Quantity("W", layer: layer), run.network.allWeights[layer - 1])
    writer.values[Quantity("b", layer: layer)] = .vector(run.network.allBiases[layer - 1])
  }

  private mutating func note(_ name: Quantity, _ matrix: Matrix<Double>) {
    writer.values[name] = matrix
  }

  // MARK: - Loss

  mutating func addLoss() throws(CalculusError) {
    guard let y = run.targets else { return }
    note(Quantity("Y"), y)
    note(Quantity("A", layer: run.layers), run.forward.a[run.layers])
    let loss = run.network.loss
    let formula = try loss.definition.fitting([
      Symbol("A", .matrix(.name("m"), .name("k"))): a(run.layers),
      Symbol("Y", .matrix(.name("m"), .name("k"))): targets,
    ])
    try writer.append(
      Derivation.Step("loss: \(loss.name.split(separator: "_").joined(separator: " "))"),
      Symbol("L"),
      last: formula, reason: run.examples == 1 ? "" : "the mean over \(run.examples) examples",
      known: run.gradients.map { .scalar($0.loss) })
  }

  // MARK: - Backward

  /// From the last layer back: ∂(l), then by Z, W, b, and ∂(l − 1).
  mutating func addBackward() throws(CalculusError) {
    guard let gradients = run.gradients, let y = run.targets else { return }
    note(Quantity("Y"), y)
    for layer in 0...run.layers {
      note(Quantity("A", layer: layer), run.forward.a[layer])
      if layer > 0 {
        note(Quantity("Z", layer: layer), run.forward.z[layer - 1])
        noteParameters(layer)
      }
    }
    let last = run.layers
    if choice.includes(layer: last) {
      try append(
        Derivation.Step("the loss by the outputs"), Quantity("A", layer: last).derivative(),
        lossSlope(),
        gradients.a[last],
        reason: "∂(\(last)) in the matrix note")
    } else {
      note(Quantity("A", layer: last).derivative(), gradients.a[last])
    }
    for layer in stride(from: last, through: 1, by: -1) {
      guard choice.includes(layer: layer) else {
        note(Quantity("Z", layer: layer).derivative(), gradients.z[layer - 1])
        note(Quantity("A", layer: layer - 1).derivative(), gradients.a[layer - 1])
        continue
      }
      let step = Derivation.Step("back through layer \(layer)")
      try addNetInputGradient(layer, step, gradients)
      let byZ = Expression.symbol(Quantity("Z", layer: layer).derivative(), shape(run.units(layer)))
      try append(
        step, Quantity("W", layer: layer).derivative(), .product(.transpose(a(layer - 1)), byZ),
        gradients.weights[layer - 1],
        reason: "∂Z/∂W gives " + .quantity(Quantity("A", layer: layer - 1)))
      if run.examples > 1 {
        try append(
          step, Quantity(name: "b_i").inLayer(layer).derivative(), byZ, gradients.z[layer - 1],
          reason: "∂Z/∂b is 1: one row an example")
      }
      try writer.append(
        step, Symbol(Quantity("b", layer: layer).derivative(), .vector(.number(run.units(layer)))),
        last: try .reduce(.sum, byZ, axis: 1),
        reason: run.examples == 1
          ? "∂Z/∂b is 1" : "m × k summed over the examples to 1 × k",
        dimensions: "1×\(run.units(layer))", known: .vector(gradients.biases[layer - 1]), lies: true
      )
      try append(
        step, Quantity("A", layer: layer - 1).derivative(),
        .product(byZ, .transpose(weights(layer))),
        gradients.a[layer - 1],
        reason: layer == 1 ? "by the inputs" : "∂(\(layer - 1)) from ∂(\(layer))")
    }
  }

  private mutating func addNetInputGradient(
    _ layer: Int, _ step: Derivation.Step, _ gradients: Gradients
  ) throws(CalculusError) {
    let activation = run.network.layers[layer - 1].activation
    let byA = Expression.symbol(Quantity("A", layer: layer).derivative(), shape(run.units(layer)))
    let isFused =
      layer == run.layers && run.network.loss.fusedActivation == activation.name
      && activation != .identity
    let difference = try? Expression.divide(
      .subtract(a(layer), targets), .number(run.examples))
    if activation.isElementwise {
      let slope = try slope(layer)
      let product = try Expression.multiply([
        .call("h", [z(layer)], orders: [1]), byA,
      ])
      try append(
        step, Quantity("Z", layer: layer).derivative(), .multiply([slope, byA]),
        gradients.z[layer - 1],
        first: [.formula(product)],
        reason: isFused
          ? "which is (" + .quantity(Quantity("A", layer: layer)) + " - Y)/m: the factors cancel"
          : "element by element"
      )
    } else if isFused, let difference {
      try append(
        step, Quantity("Z", layer: layer).derivative(), difference, gradients.z[layer - 1],
        reason: "softmax with cross entropy: the prediction error, by m")
    } else {
      // A ⊙ (∂(l) − the row sums of ∂(l) ⊙ A)
      let sums = try Expression.column(.reduce(.sum, .multiply([byA, a(layer)]), axis: 2))
      try append(
        step, Quantity("Z", layer: layer).derivative(),
        .multiply([a(layer), .subtract(byA, sums)]),
        gradients.z[layer - 1], reason: "the Jacobian of softmax, row by row")
    }
  }

  /// h′(Z), in terms of A where the activation allows.
  private func slope(_ layer: Int) throws(CalculusError) -> Expression {
    let activation = run.network.layers[layer - 1].activation
    let z = Symbol("z")
    let function = try activation.expression(.symbol(z))
    let slope = try function.derivative(by: z).expression
    let a = Symbol("a")
    let inA = try slope.replacingParts { $0 == function ? .symbol(a) : nil }
    return try Self.elementwise(inA, [a: self.a(layer), z: self.z(layer)])
  }

  /// A formula of numbers, applied to matrices; cases become products with conditions.
  private static func elementwise(_ formula: Expression, _ map: [Symbol: Expression])
    throws(CalculusError) -> Expression
  {
    if case .choose(let condition, let then, let otherwise) = formula.node,
      case .compare(let comparison, let a, let b) = condition.node
    {
      let cases = [(then, condition), (otherwise, try .compare(comparison.negated, a, b))]
      var terms: [Expression] = []
      for (value, condition) in cases where !value.isZero {
        terms.append(value.number == .one ? condition : try .multiply([value, condition]))
      }
      return try (terms.count == 1 ? terms[0] : .add(terms)).mapped(map)
    }
    let mapped = try formula.mapped(map)
    guard mapped.shape == .scalar, let shape = map.values.first?.shape else { return mapped }
    return mapped.number.map { .fill($0, shape) } ?? mapped
  }

  /// ∂L/∂A: the derivative of the loss's part for one output, over m.
  private func lossSlope() throws(CalculusError) -> Expression {
    let slope = try run.network.loss.perOutput.derivative(by: Symbol("a")).expression
    let mapped = try slope.mapped([Symbol("a"): a(run.layers), Symbol("y"): targets])
    return run.examples == 1 ? mapped : try .divide(mapped, .number(run.examples))
  }

  // MARK: - Names

  private func shape(_ columns: Int) -> ExpressionShape { .matrix(m, .number(columns)) }
  private func a(_ layer: Int) -> Expression {
    .symbol(Quantity("A", layer: layer), shape(run.units(layer)))
  }
  private func z(_ layer: Int) -> Expression {
    .symbol(Quantity("Z", layer: layer), shape(run.units(layer)))
  }
  private func weights(_ layer: Int) -> Expression {
    .symbol(
      Quantity("W", layer: layer), .matrix(.number(run.units(layer - 1)), .number(run.units(layer)))
    )
  }
  /// b, which is added to every row; of one example as the row that it is.
  private func bias(_ layer: Int) throws(CalculusError) -> Expression {
    let b = Expression.symbol(Quantity("b", layer: layer), .vector(.number(run.units(layer))))
    return run.examples == 1 ? try .transpose(b) : b
  }
  private var targets: Expression { .symbol("Y", shape(run.units(run.layers))) }

  private mutating func append(
    _ step: Derivation.Step, _ name: Quantity, _ formula: Expression,
    _ value: Matrix<Double>, first: [Derivation.RightSide] = [], reason: SymbolText = ""
  ) throws(CalculusError) {
    try writer.append(
      step, Symbol(name, .matrix(.number(value.rows), .number(value.columns))), first,
      last: formula, reason: reason, dimensions: "\(value.rows)×\(value.columns)",
      known: value)
  }
}
