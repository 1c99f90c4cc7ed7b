import MatrixEngine

/// One `dense` line of a network.
package struct LayerDefinition: Sendable, Equatable {
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
}

/// What a `network` or `perceptron` block says. `Network(_:)` checks it.
package struct NetworkDefinition: Sendable, Equatable {
  package var name: String
  package var inputs: Int
  /// The names of the inputs, when the block gives them.
  package var inputNames: [String]?
  package var layers: [LayerDefinition]
  /// nil is the default of the last activation: sigmoid → bce, softmax → cce, else mse.
  package var loss: Loss?
  package var seed: Int
  package var precision: Precision

  package init(
    name: String, inputs: Int, inputNames: [String]? = nil, layers: [LayerDefinition],
    loss: Loss? = nil, seed: Int = 0, precision: Precision = .float64
  ) {
    self.name = name
    self.inputs = inputs
    self.inputNames = inputNames
    self.layers = layers
    self.loss = loss
    self.seed = seed
    self.precision = precision
  }

  /// `perceptron P { input 2; threshold 0 }`: one unit_step neuron, all weights 0.
  ///
  /// Source: lecture 3, "Perceptron".
  package static func perceptron(
    name: String, inputs: Int, inputNames: [String]? = nil, threshold: Double = 0
  ) -> NetworkDefinition {
    NetworkDefinition(
      name: name, inputs: inputs, inputNames: inputNames,
      layers: [
        LayerDefinition(
          units: 1, activation: .unitStep(threshold: threshold), initializer: .zeros)
      ])
  }
}
