import Notation

/// One neuron from close by, as lectures draw it: inputs, weights, sum and activation apart, with the sum written out.
package struct NeuronDiagram: Figure {
  /// A weight or a bias.
  package struct Parameter: Sendable, Hashable {
    package var name: SymbolText
    package var value: Double
    /// ∂L by it, where a way back is drawn.
    package var gradient: Double?
    /// Its value after an update.
    package var new: Double?

    package init(
      _ name: SymbolText, _ value: Double, gradient: Double? = nil, new: Double? = nil
    ) {
      self.name = name
      self.value = value
      self.gradient = gradient
      self.new = new
    }
  }

  /// A quantity that a run computes.
  package struct Quantity: Sendable, Hashable {
    package var name: SymbolText
    package var value: Double?
    package var gradient: Double?

    package init(_ name: SymbolText, _ value: Double? = nil, gradient: Double? = nil) {
      self.name = name
      self.value = value
      self.gradient = gradient
    }
  }

  package struct Input: Sendable, Hashable {
    package var quantity: Quantity
    package var weight: Parameter

    package init(_ quantity: Quantity, weight: Parameter) {
      self.quantity = quantity
      self.weight = weight
    }
  }

  /// What is made of the sum.
  package struct Activation: Sendable {
    /// As the layer's line says it: `leaky_relu(0.2)`.
    package var name: SymbolText
    package var curve: ActivationCurve?
    /// The function of a sum as formulas write it, such as σ(z); nil: the output is the sum.
    package var applied: (@Sendable (SymbolText) -> SymbolText)?
    /// Whether it takes the sums of other neurons too, so that no formula of this one alone says it.
    package var hidesSum = false

    package init(
      _ name: SymbolText, curve: ActivationCurve? = nil,
      applied: (@Sendable (SymbolText) -> SymbolText)? = nil
    ) {
      self.name = name
      self.curve = curve
      self.applied = applied
    }
  }

  package let title: SymbolText
  package let inputs: [Input]
  package let bias: Parameter?
  package let sum: Quantity
  package let output: Quantity
  package let activation: Activation
  /// Whether ∂L/∂w is the input times ∂L/∂z: where the loss is that of one example.
  package let isOfOneExample: Bool

  /// Throws: `FigureError` if there is no input, or a weight is not finite.
  package init(
    title: SymbolText, inputs: [Input], bias: Parameter?, sum: Quantity, output: Quantity,
    activation: Activation, isOfOneExample: Bool = true
  ) throws(FigureError) {
    guard !inputs.isEmpty else { throw .empty("the neuron") }
    try FigureError.requireFinite(
      inputs.map(\.weight.value) + (bias.map { [$0.value] } ?? []), "the weights of the neuron")
    self.title = title
    self.inputs = inputs
    self.bias = bias
    self.sum = sum
    self.output = output
    self.activation = activation
    self.isOfOneExample = isOfOneExample
  }

  package func text(numbers: NumberFormat) -> String {
    var lines = [title.text]
    for formula in NeuronFormulas(self, numbers).lines {
      // As cells write numbers.
      lines.append("  " + formula.parts.map(\.text).joined().replacing("−", with: "-"))
    }
    for parameter in inputs.map(\.weight) + [bias].compactMap({ $0 }) {
      var text = "  \(parameter.name.text) = \(numbers.text(parameter.value))"
      if let new = parameter.new { text += " → \(numbers.text(new))" }
      if let gradient = parameter.gradient {
        text += ", ∂L/∂\(parameter.name.text) = \(numbers.text(gradient))"
      }
      lines.append(text)
    }
    return lines.joined(separator: "\n")
  }
}

/// The lines below the picture: the sum, the activation and the derivatives, with their numbers put in.
struct NeuronFormulas {
  struct Line {
    /// May be broken between any two of them.
    var parts: [SymbolText]
    var isGradient = false
  }

  private(set) var lines: [Line] = []

  init(_ neuron: NeuronDiagram, _ numbers: NumberFormat) {
    lines.append(Self.sum(neuron, numbers))
    if let line = Self.output(neuron, numbers) { lines.append(line) }
    lines += Self.gradients(neuron, numbers)
  }

  /// z = w₁·x₁ + … + b = 0.2·0.5 + … + 0.1 = 0.3.
  private static func sum(_ neuron: NeuronDiagram, _ numbers: NumberFormat) -> Line {
    var parts = [neuron.sum.name + .sign(.equals)]
    parts += joined(
      neuron, term: { $0.weight.name + "·" + $0.quantity.name }, bias: { $0.name })
    let hasValues = neuron.inputs.allSatisfy { $0.quantity.value != nil }
    parts.append(.sign(.equals))
    parts += joined(
      neuron,
      term: { input in
        factor(input.weight.value, numbers) + "·"
          + (input.quantity.value.map { factor($0, numbers) } ?? input.quantity.name)
      }, bias: { factor($0.value, numbers) })
    if hasValues, let value = neuron.sum.value {
      parts.append(.sign(.equals) + numbers.symbol(value))
    }
    return Line(parts: parts)
  }

  private static func output(_ neuron: NeuronDiagram, _ numbers: NumberFormat) -> Line? {
    var parts = [neuron.output.name]
    if let applied = neuron.activation.applied {
      parts.append(.sign(.equals) + applied(neuron.sum.name))
      if let sum = neuron.sum.value {
        parts.append(.sign(.equals) + applied(numbers.symbol(sum)))
      }
    } else if neuron.activation.hidesSum {
      parts.append(" by " + neuron.activation.name + " of all sums of the layer")
    } else if neuron.sum.name != neuron.output.name {
      parts.append(.sign(.equals) + neuron.sum.name)
    } else {
      return nil
    }
    if let value = neuron.output.value {
      parts.append(.sign(.equals) + numbers.symbol(value))
    }
    return Line(parts: parts)
  }

  /// ∂L/∂w₁ = x₁ · ∂L/∂z = 0.5·(−0.1) = −0.05.
  private static func gradients(_ neuron: NeuronDiagram, _ numbers: NumberFormat) -> [Line] {
    func partial(_ name: SymbolText) -> SymbolText { .partial(.variable("L"), by: name) }
    var lines: [Line] = []
    if let gradient = neuron.sum.gradient {
      lines.append(
        Line(
          parts: [partial(neuron.sum.name) + .sign(.equals) + numbers.symbol(gradient)],
          isGradient: true))
    }
    for place in Elision(count: neuron.inputs.count).places {
      guard case .node(let index) = place, let gradient = neuron.inputs[index].weight.gradient
      else { continue }
      let input = neuron.inputs[index]
      var parts = [partial(input.weight.name)]
      if neuron.isOfOneExample, let value = input.quantity.value, let z = neuron.sum.gradient {
        parts.append(.sign(.equals) + input.quantity.name + "·" + partial(neuron.sum.name))
        parts.append(.sign(.equals) + factor(value, numbers) + "·" + factor(z, numbers))
      }
      parts.append(.sign(.equals) + numbers.symbol(gradient))
      lines.append(Line(parts: parts, isGradient: true))
    }
    return lines
  }

  /// The terms of the inputs that are shown, and the bias, with plus signs between them.
  private static func joined(
    _ neuron: NeuronDiagram, term: (NeuronDiagram.Input) -> SymbolText,
    bias: (NeuronDiagram.Parameter) -> SymbolText
  ) -> [SymbolText] {
    var terms = Elision(count: neuron.inputs.count).places.map { place -> SymbolText in
      switch place {
      case .node(let index): term(neuron.inputs[index])
      case .gap: "…"
      }
    }
    if let parameter = neuron.bias { terms.append(bias(parameter)) }
    return terms.enumerated().map { $0 == 0 ? $1 : .sign(.plus) + $1 }
  }

  /// A number as a factor or a summand: a negative one in brackets.
  private static func factor(_ value: Double, _ numbers: NumberFormat) -> SymbolText {
    let symbol = numbers.symbol(value)
    return value < 0 ? .enclosed(symbol, .round) : symbol
  }
}
