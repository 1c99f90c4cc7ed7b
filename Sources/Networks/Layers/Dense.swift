import MatrixEngine

/// A line of a network block, before it is known what goes into the layer.
package protocol LayerDefinition: Sendable {
  /// The layer where an example has `inputs` values and `number` is its place, from 1.
  ///
  /// Throws: `NetworkError` for what does not fit, naming the layer.
  func layer(inputs: Int, number: Int) throws(NetworkError) -> any Layer
  /// The same where an example is an array of these sizes. A layer that does not look at them takes its numbers as
  /// they lie.
  func layer(sizes: [Int], number: Int) throws(NetworkError) -> any Layer
}

extension LayerDefinition {
  package func layer(sizes: [Int], number: Int) throws(NetworkError) -> any Layer {
    try layer(inputs: sizes.reduce(1, *), number: number)
  }
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
  package var biases: Biases
  /// The parameters that updates leave as they are, by their names.
  package var frozen: Set<String>

  package init(
    units: Int, activation: Activation, name: String? = nil, initializer: Initializer? = nil,
    weights: Tensor<Double>? = nil, biases: Biases = .each(nil), frozen: Set<String> = []
  ) {
    self.units = units
    self.activation = activation
    self.name = name
    self.initializer = initializer
    self.weights = weights
    self.biases = biases
    self.frozen = frozen
  }

  package func layer(inputs: Int, number: Int) throws(NetworkError) -> any Layer {
    try DenseLayer(self, sizes: [inputs], number: number)
  }

  package func layer(sizes: [Int], number: Int) throws(NetworkError) -> any Layer {
    try DenseLayer(self, sizes: sizes, number: number)
  }
}

/// What a dense layer adds to its sums.
package enum Biases: Sendable, Equatable {
  /// A number a unit: a vector of k, 1×k, or a number where k is 1; nil is 0.
  case each(Tensor<Double>?)
  /// One parameter for all units, with the number that it begins with.
  case shared(Double)
  /// Nothing.
  case none
}

extension LayerKind {
  package static let dense = LayerKind(
    "dense", summary: "a layer: units, activation; keywords W, b, init, frozen, name",
    usage: "dense 8, relu, name = \"hidden\"",
    form: "its size, an activation and options by name",
    formulas: ["z = x @ W + b", "a = h(z)"],
    arguments: [
      LayerArgument(
        "units", .whole, isPositional: true, isRequired: true, summary: "the number of units"),
      LayerArgument(
        "activation", .activation, isPositional: true, summary: "what each unit makes of its sum"),
      LayerArgument("W", .numbers, summary: "the weights, inputs × units"),
      LayerArgument(
        "b", .biases, summary: "the biases, one a unit; none, or shared(0.35) for one for all"),
      .initializer,
      .frozen(["W", "b"]),
    ]
  ) { arguments in
    Dense(
      units: arguments.whole("units") ?? 1,
      activation: arguments.activation("activation") ?? .identity,
      name: arguments.text("name"), initializer: arguments.initializer("init"),
      weights: arguments.numbers("W"), biases: arguments.biases("b") ?? .each(nil),
      frozen: arguments.parameters("frozen"))
  }
}
