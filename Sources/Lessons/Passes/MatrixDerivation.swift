import Calculus
import Language
import MatrixEngine
import Networks

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
  package mutating func addForward() throws(CalculusError) {
    note("A^[0]", run.forward.input)
    for layer in 1...run.layers {
      noteParameters(layer)
      guard choice.includes(layer: layer) else {
        noteQuantities(layer)
        continue
      }
      if let told = run.layer(layer) as? any TellsItself {
        try told.tellForward(layer, in: &self)
      } else {
        try LineDerivation(run, layer).addForward(to: &writer)
        noteQuantities(layer)
      }
    }
  }

  /// Z = A·W + b, A = h(Z).
  mutating func addNeurons(_ layer: Int, _ activation: Activation) throws(CalculusError) {
    let step = Derivation.Step("layer \(layer): \(run.layer(layer).title)")
    try append(
      step, "Z^[\(layer)]",
      .add([.product(a(layer - 1), weights(layer)), bias(layer)]), run.netInput(layer),
      reason: layer == 1 ? "A^[0] is X; b is added to every row" : "")
    try append(
      step, "A^[\(layer)]", activation.expression(z(layer)), run.forward.output(of: layer),
      reason: activation.isElementwise ? "" : "row by row")
  }

  private mutating func noteParameters(_ layer: Int) {
    for value in run.network.parameterValues[layer - 1] {
      writer.values["\(value.parameter)^[\(layer)]"] = value.value.tensor
    }
  }

  private mutating func noteQuantities(_ layer: Int) {
    for quantity in run.forward.layers[layer - 1] {
      note("\(NetworkSymbol.matrixName(quantity.name))^[\(layer)]", quantity.values)
    }
  }

  private mutating func noteGradients(_ layer: Int, _ gradients: Gradients) {
    for quantity in gradients.trace.layers[layer - 1] {
      note("∂L/∂\(NetworkSymbol.matrixName(quantity.name))^[\(layer)]", quantity.values)
    }
  }

  private mutating func note(_ name: String, _ matrix: Matrix<Double>) {
    writer.values[name] = .matrix(matrix)
  }

  // MARK: - Loss

  mutating func addLoss() throws(CalculusError) {
    guard let y = run.targets else { return }
    note("Y", y)
    note("A^[\(run.layers)]", run.forward.output)
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
    note("Y", y)
    note("A^[0]", run.forward.input)
    for layer in 1...run.layers {
      noteQuantities(layer)
      noteParameters(layer)
    }
    let last = run.layers
    if choice.includes(layer: last) {
      try append(
        Derivation.Step("the loss by the outputs"), "∂L/∂A^[\(last)]", lossSlope(),
        gradients.trace.output,
        reason: "∂(\(last)) in the matrix note")
    }
    for layer in stride(from: last, through: 1, by: -1) {
      guard choice.includes(layer: layer) else {
        noteGradients(layer, gradients)
        note("∂L/∂A^[\(layer - 1)]", gradients.trace.output(of: layer - 1))
        continue
      }
      if let told = run.layer(layer) as? any TellsItself {
        try told.tellBackward(layer, in: &self)
      } else {
        try LineDerivation(run, layer).addBackward(to: &writer)
        note("∂L/∂A^[\(layer - 1)]", gradients.trace.output(of: layer - 1))
      }
    }
  }

  /// By Z, W, b and ∂(l − 1).
  mutating func addNeuronGradients(_ layer: Int, _ activation: Activation) throws(CalculusError) {
    guard let gradients = run.gradients else { return }
    let step = Derivation.Step("back through layer \(layer)")
    let delta = gradients.trace["z", layer] ?? run.netInput(layer)
    note("∂L/∂A^[\(layer)]", gradients.trace.output(of: layer))
    try addNetInputGradient(layer, step, activation, delta)
    let byZ = Expression.symbol("∂L/∂Z^[\(layer)]", shape(run.units(layer)))
    try append(
      step, "∂L/∂W^[\(layer)]", .product(.transpose(a(layer - 1)), byZ),
      gradients[parameter: "W", layer]?.matrix ?? delta, reason: "∂Z/∂W gives A^[\(layer - 1)]")
    if run.examples > 1 {
      try append(
        step, "∂L/∂b_i^[\(layer)]", byZ, delta, reason: "∂Z/∂b is 1: one row an example")
    }
    try writer.append(
      step, Symbol("∂L/∂b^[\(layer)]", .vector(.number(run.units(layer)))),
      last: try .reduce(.sum, byZ, axis: 1),
      reason: run.examples == 1
        ? "∂Z/∂b is 1" : "m × k summed over the examples to 1 × k",
      dimensions: "1×\(run.units(layer))", known: gradients[parameter: "b", layer]?.value.tensor,
      lies: true)
    try append(
      step, "∂L/∂A^[\(layer - 1)]", .product(byZ, .transpose(weights(layer))),
      gradients.trace.output(of: layer - 1),
      reason: layer == 1 ? "by the inputs" : "∂(\(layer - 1)) from ∂(\(layer))")
  }

  private mutating func addNetInputGradient(
    _ layer: Int, _ step: Derivation.Step, _ activation: Activation, _ value: Matrix<Double>
  ) throws(CalculusError) {
    let byA = Expression.symbol("∂L/∂A^[\(layer)]", shape(run.units(layer)))
    let fusion = layer == run.layers ? run.network.loss.fusion(with: activation) : nil
    let difference = try fusion?.slope?.mapped([Symbol("a"): a(layer), Symbol("y"): targets])
    if activation.isElementwise {
      let slope = try slope(layer, activation)
      let product = try Expression.multiply([
        .call("h", [z(layer)], orders: [1]), byA,
      ])
      try append(
        step, "∂L/∂Z^[\(layer)]", .multiply([slope, byA]), value,
        first: [.formula(product)],
        reason: difference.map { "which is (\($0.text))/m: the factors cancel" }
          ?? "element by element"
      )
    } else if let fusion, let difference {
      try append(
        step, "∂L/∂Z^[\(layer)]", .divide(difference, .number(run.examples)), value,
        reason: "\(fusion.remark), by m")
    } else {
      let all = ExpressionShape.vector(.name("k"))
      let formula = try activation.pullBack().byRows([
        Symbol("z", all): z(layer), Symbol("a", all): a(layer), Symbol("g", all): byA,
      ])
      try append(
        step, "∂L/∂Z^[\(layer)]", formula, value,
        reason: "the Jacobian of \(activation.name), row by row")
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
  private func a(_ layer: Int) -> Expression { .symbol("A^[\(layer)]", shape(run.units(layer))) }
  private func z(_ layer: Int) -> Expression { .symbol("Z^[\(layer)]", shape(run.units(layer))) }
  private func weights(_ layer: Int) -> Expression {
    .symbol(
      "W^[\(layer)]", .matrix(.number(run.units(layer - 1)), .number(run.units(layer))))
  }
  /// b, which is added to every row; of one example as the row that it is.
  private func bias(_ layer: Int) throws(CalculusError) -> Expression {
    let b = Expression.symbol("b^[\(layer)]", .vector(.number(run.units(layer))))
    return run.examples == 1 ? try .transpose(b) : b
  }
  private var targets: Expression { .symbol("Y", shape(run.units(run.layers))) }

  private mutating func append(
    _ step: Derivation.Step, _ name: String, _ formula: Expression,
    _ value: Matrix<Double>, first: [Derivation.RightSide] = [], reason: String = ""
  ) throws(CalculusError) {
    try writer.append(
      step, Symbol(name, .matrix(.number(value.rows), .number(value.columns))), first,
      last: formula, reason: reason, dimensions: "\(value.rows)×\(value.columns)",
      known: .matrix(value))
  }
}
