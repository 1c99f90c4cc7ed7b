import MatrixEngine

/// A line of a network block, before it is known what goes into the layer.
package protocol LayerDefinition: Sendable {
  /// The layer where an example has `inputs` values and `number` is its place, from 1.
  ///
  /// Throws: `NetworkError` for what does not fit, naming the layer.
  func layer(inputs: Int, number: Int) throws(NetworkError) -> any Layer
}

/// A `dense` line.
package struct Dense: LayerDefinition, Equatable {
  package var units: Int
  package var activation: Activation
  package var name: String?
  /// How the weights are drawn when `weights` is nil; nil is the activation's default.
  package var initializer: Initializer?
  /// W: n×k, or a vector where n or k is 1, or a number where both are.
  package var weights: Tensor<Double>?
  /// b: a vector of k, 1×k, or a number where k is 1.
  package var biases: Tensor<Double>?

  package init(
    units: Int, activation: Activation, name: String? = nil, initializer: Initializer? = nil,
    weights: Tensor<Double>? = nil, biases: Tensor<Double>? = nil
  ) {
    self.units = units
    self.activation = activation
    self.name = name
    self.initializer = initializer
    self.weights = weights
    self.biases = biases
  }

  package func layer(inputs: Int, number: Int) throws(NetworkError) -> any Layer {
    try DenseLayer(self, inputs: inputs, number: number)
  }
}

extension LayerKind {
  package static let dense = LayerKind(
    "dense", summary: "a layer: units, activation; keywords W, b, init, name",
    usage: "dense 8, relu, name = \"hidden\"",
    form: "its size, an activation and options by name",
    formulas: ["z = x @ W + b", "a = h(z)"],
    arguments: [
      LayerArgument(
        "units", .whole, isPositional: true, isRequired: true, summary: "the number of units"),
      LayerArgument(
        "activation", .activation, isPositional: true, summary: "what each unit makes of its sum"),
      LayerArgument("W", .numbers, summary: "the weights, inputs × units"),
      LayerArgument("b", .numbers, summary: "the biases, one a unit"),
      .initializer,
    ]
  ) { arguments in
    Dense(
      units: arguments.whole("units") ?? 1,
      activation: arguments.activation("activation") ?? .identity,
      name: arguments.text("name"), initializer: arguments.initializer("init"),
      weights: arguments.numbers("W"), biases: arguments.numbers("b"))
  }
}
