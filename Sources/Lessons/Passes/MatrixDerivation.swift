import Calculus
import Language
import MatrixEngine
import Networks
import Notation

/// A run as in the matrix note: every quantity of a layer once, with its formula, dimensions and value.
package struct MatrixDerivation {
  private let run: NetworkRun
  private let choice: NetworkChoice
  package var writer: LineWriter
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
  package mutating func addForward() throws(CalculusError) {
    note(Quantity("A", layer: 0), run.forward.input)
    for layer in 1...run.layers {
      noteParameters(layer)
      guard choice.includes(layer: layer) else {
        noteQuantities(layer)
        continue
      }
      if let told = run.layer(layer) as? any TellsItself {
        try told.tellForward(layer, in: &self)
      } else {
        try LineDerivation(run, layer, choice).addForward(to: &writer)
        noteQuantities(layer)
      }
    }
  }

  /// Z = A·W + b, A = h(Z).
  mutating func addNeurons(_ layer: Int, _ activation: Activation) throws(CalculusError) {
    let step = Derivation.Step("layer \(layer): \(run.layer(layer).title)")
    let product = try Expression.product(a(layer - 1), weights(layer))
    let bias = try bias(layer)
    try append(
      step, Quantity("Z", layer: layer),
      bias.map2 { b throws(CalculusError) in
        try .add([product, b])
      } ?? product, run.netInput(layer),
      reason: layer == 1
        ? .quantity(Quantity("A", layer: 0))
          + .words(bias == nil ? " is X" : " is X; b is added to every row") : "")
    try append(
      step, Quantity("A", layer: layer), activation.expression(z(layer)),
      run.forward.output(of: layer),
      reason: activation.isElementwise ? "" : "row by row")
  }

  private mutating func noteParameters(_ layer: Int) {
    for value in run.network.parameterValues[layer - 1] {
      guard run.layer(layer).parameter(named: value.parameter)?.isAverage == false else { continue }
      writer.values[Quantity(value.parameter, layer: layer)] =
        value.naming == .sharedBias ? .scalar(value.value.storage[0]) : value.value
    }
  }

  private mutating func noteQuantities(_ layer: Int) {
    for quantity in run.forward.layers[layer - 1] {
      note(Quantity(NetworkSymbol.matrixName(quantity.name), layer: layer), quantity.values)
    }
  }

  private mutating func noteGradients(_ layer: Int, _ gradients: Gradients) {
    for quantity in gradients.trace.layers[layer - 1] {
      note(
        Quantity(NetworkSymbol.matrixName(quantity.name), layer: layer).derivative(),
        quantity.values)
    }
  }

  /// Keeps a value of the run where no line has given another one, rounded on the way.
  private mutating func note(_ name: Quantity, _ matrix: Matrix<Double>) {
    writer.values[name] = writer.values[name] ?? matrix
  }

  // MARK: - Loss

  mutating func addLoss() throws(CalculusError) {
    guard let y = run.targets else { return }
    note(Quantity("Y"), y)
    note(Quantity("A", layer: run.layers), run.forward.output)
    let loss = run.network.loss
    let formula = try loss.definition.fitting([
      Symbol("A", .matrix(.name("m"), .name("k"))): a(run.layers),
      Symbol("Y", .matrix(.name("m"), .name("k"))): targets,
    ])
    try writer.append(
      Derivation.Step("loss: \(loss.title)"),
      Symbol("L"),
      last: formula, reason: run.examples == 1 ? "" : "the mean over \(run.examples) examples",
      known: run.gradients.map { .scalar($0.loss) })
  }

  // MARK: - Backward

  /// From the last layer back: ∂(l), then by its quantities, its parameters, and ∂(l − 1).
  package mutating func addBackward() throws(CalculusError) {
    guard let gradients = run.gradients, let y = run.targets else { return }
    note(Quantity("Y"), y)
    note(Quantity("A", layer: 0), run.forward.input)
    for layer in 1...run.layers {
      noteQuantities(layer)
      noteParameters(layer)
    }
    let last = run.layers
    if choice.includes(layer: last) {
      try append(
        Derivation.Step("the loss by the outputs"), Quantity("A", layer: last).derivative(),
        lossSlope(),
        gradients.trace.output,
        reason: "∂(\(last)) in the matrix note")
    }
    for layer in stride(from: last, through: 1, by: -1) {
      guard choice.includes(layer: layer) else {
        noteGradients(layer, gradients)
        note(Quantity("A", layer: layer - 1).derivative(), gradients.trace.output(of: layer - 1))
        continue
      }
      if let told = run.layer(layer) as? any TellsItself {
        try told.tellBackward(layer, in: &self)
      } else {
        try LineDerivation(run, layer, choice).addBackward(to: &writer)
        note(Quantity("A", layer: layer - 1).derivative(), gradients.trace.output(of: layer - 1))
      }
    }
  }

  /// By Z, W, b and ∂(l − 1).
  mutating func addNeuronGradients(_ layer: Int, _ activation: Activation) throws(CalculusError) {
    guard let gradients = run.gradients else { return }
    let step = Derivation.Step("back through layer \(layer)")
    let delta = gradients.trace["z", layer] ?? run.netInput(layer)
    note(Quantity("A", layer: layer).derivative(), gradients.trace.output(of: layer))
    try addNetInputGradient(layer, step, activation, delta)
    let byZ = Expression.symbol(Quantity("Z", layer: layer).derivative(), shape(run.units(layer)))
    try append(
      step, Quantity("W", layer: layer).derivative(), .product(.transpose(a(layer - 1)), byZ),
      gradients[parameter: "W", layer]?.matrix ?? delta,
      reason: "∂Z/∂W gives " + .quantity(Quantity("A", layer: layer - 1)))
    try addBiasGradient(layer, step, byZ, delta)
    try append(
      step, Quantity("A", layer: layer - 1).derivative(), .product(byZ, .transpose(weights(layer))),
      gradients.trace.output(of: layer - 1),
      reason: layer == 1 ? "by the inputs" : "∂(\(layer - 1)) from ∂(\(layer))")
  }

  /// By b: a row an example, then summed; one bias for all units sums over these too. Nothing without biases.
  private mutating func addBiasGradient(
    _ layer: Int, _ step: Derivation.Step, _ byZ: Expression, _ delta: Matrix<Double>
  ) throws(CalculusError) {
    guard let bias = (run.layer(layer) as? DenseLayer)?.bias,
      let known = run.gradients?[parameter: bias.name, layer]?.value
    else { return }
    if bias.naming == .sharedBias {
      return try writer.append(
        step, Symbol(Quantity(bias.name, layer: layer).derivative()), last: byZ.sum,
        reason: "one bias for all units: the sum over units and examples",
        known: .scalar(known.storage[0]))
    }
    if run.examples > 1 {
      try append(
        step, Quantity(name: "b_i").inLayer(layer).derivative(), byZ, delta,
        reason: "∂Z/∂b is 1: one row an example")
    }
    try writer.append(
      step, Symbol(Quantity("b", layer: layer).derivative(), .vector(.number(run.units(layer)))),
      last: try .reduce(.sum, byZ, axis: 1),
      reason: run.examples == 1
        ? "∂Z/∂b is 1" : "m × k summed over the examples to 1 × k",
      dimensions: "1×\(run.units(layer))", known: known, lies: true)
  }

  private mutating func addNetInputGradient(
    _ layer: Int, _ step: Derivation.Step, _ activation: Activation, _ value: Matrix<Double>
  ) throws(CalculusError) {
    let byA = Expression.symbol(Quantity("A", layer: layer).derivative(), shape(run.units(layer)))
    let fusion = layer == run.layers ? run.network.loss.fusion(with: activation) : nil
    let difference = try fusion?.slope?.mapped([Symbol("a"): a(layer), Symbol("y"): targets])
    if activation.isElementwise {
      let slope = try slope(layer, activation)
      let product = try Expression.multiply([
        .call("h", [z(layer)], orders: [1]), byA,
      ])
      try append(
        step, Quantity("Z", layer: layer).derivative(), .multiply([slope, byA]), value,
        first: [.formula(product)],
        reason: difference.map {
          "which is (" + SymbolText($0.text, setting: Quantity("A", layer: layer))
            + ")/m: the factors cancel"
        } ?? "element by element"
      )
    } else if let fusion, let difference {
      try append(
        step, Quantity("Z", layer: layer).derivative(), .divide(difference, .number(run.divisor)),
        value,
        reason: .words("\(fusion.remark), by m"))
    } else {
      let all = ExpressionShape.vector(.name("k"))
      let formula = try activation.pullBack().byRows([
        Symbol("z", all): z(layer), Symbol("a", all): a(layer), Symbol("g", all): byA,
      ])
      try append(
        step, Quantity("Z", layer: layer).derivative(), formula, value,
        reason: .words("the Jacobian of \(activation.name), row by row"))
    }
  }

  /// h′(Z), in terms of A where the activation allows.
  private func slope(_ layer: Int, _ activation: Activation) throws(CalculusError) -> Expression {
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
    let mapped = try formula.mappedByCases(map)
    guard mapped.shape == .scalar, let shape = map.values.first?.shape else { return mapped }
    return mapped.number.map { .fill($0, shape) } ?? mapped
  }

  /// ∂L/∂A: the derivative of the loss's part for one output, over m.
  private func lossSlope() throws(CalculusError) -> Expression {
    let loss = run.network.loss
    let mapped: Expression
    if loss.isElementwise {
      let slope = try loss.part.derivative(by: Symbol("a")).expression
      mapped = try Self.elementwise(slope, [Symbol("a"): a(run.layers), Symbol("y"): targets])
    } else {
      let all = ExpressionShape.vector(.name("k"))
      mapped = try (loss.slope ?? .number(.nan)).byRows([
        Symbol("a", all): a(run.layers), Symbol("y", all): targets,
      ])
    }
    return run.divisor == 1 ? mapped : try .divide(mapped, .number(run.divisor))
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
  /// b, which is added to every row; of one example as the row that it is. nil where there is none.
  private func bias(_ layer: Int) throws(CalculusError) -> Expression? {
    guard let bias = (run.layer(layer) as? DenseLayer)?.bias else { return nil }
    let name = Quantity(bias.name, layer: layer)
    if bias.naming == .sharedBias { return .symbol(name) }
    let b = Expression.symbol(name, .vector(.number(run.units(layer))))
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
