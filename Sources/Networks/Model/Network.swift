import MatrixEngine

/// A neural network: its definition, its parameters and its random numbers.
///
/// A reference, as in the language: `step` and `train` change it, `copy` gives an independent one.
/// Computes in its own precision; its face is in Double. Layers, neurons and examples count from 1.
/// Confined to the evaluation thread.
package final class Network {
  /// A layer as it was resolved: every default filled in.
  package struct Layer: Sendable {
    /// From 1.
    package let number: Int
    /// The name it was given, or nil.
    package let name: String?
    package let inputs: Int
    package let units: Int
    package let activation: Activation
    package let initializer: Initializer
    /// Whether the definition gives the weights, so that nothing is drawn.
    package let hasGivenWeights: Bool

    package var weightShape: Shape { Shape(inputs, units) }
    package var parameterCount: Int { (inputs + 1) * units }
  }

  package let identity: NetworkIdentity
  package let definition: NetworkDefinition
  package let layers: [Layer]
  package let loss: Loss
  /// How many updates the parameters have had since the definition or `reset`.
  package internal(set) var updates = 0
  let plan: NetworkPlan
  var engine: Engine
  var random: RandomSource

  /// The parameters, in the network's precision.
  enum Engine {
    case double(DenseEngine<Double>)
    case float(DenseEngine<Float>)
  }

  package var name: String { definition.name }
  package var inputs: Int { definition.inputs }
  package var outputs: Int { plan.outputs }
  package var precision: Precision { definition.precision }
  package var parameterCount: Int { plan.parameterCount }

  /// Checks a definition and draws what it does not give: weights layer by layer, row by row.
  ///
  /// Throws: `NetworkError.noLayers`, `.inputCount`, `.units`, `.tooManyParameters`,
  /// `.weightShape`, `.biasShape`, naming the layer.
  package init(_ definition: NetworkDefinition) throws(NetworkError) {
    identity = NetworkIdentity()
    self.definition = definition
    layers = try Network.resolve(definition)
    loss =
      definition.loss ?? .default(for: layers.last?.activation ?? .identity)
    plan = NetworkPlan(
      inputs: definition.inputs, layers: layers.map { ($0.units, $0.activation) }, loss: loss)
    engine =
      switch definition.precision {
      case .float64: .double(DenseEngine(plan))
      case .float32: .float(DenseEngine(plan))
      }
    random = RandomSource(seed: definition.seed)
    initializeParameters()
  }

  /// A network in the given state. It shares nothing with the one that was in it before, whose replica it is
  /// when it takes that one's identity.
  package init(_ state: NetworkState, identity: NetworkIdentity = NetworkIdentity()) {
    self.identity = identity
    definition = state.definition
    layers = state.layers
    loss = state.loss
    plan = state.plan
    random = state.random
    updates = state.updates
    engine =
      switch state.definition.precision {
      case .float64: .double(DenseEngine(plan))
      case .float32: .float(DenseEngine(plan))
      }
    write(state.parameters, at: 0)
  }

  /// An independent network with these parameters, random numbers and count of updates.
  package func copy() -> Network { Network(state) }

  /// Back to the definition's weights and random numbers.
  package func reset() {
    random = RandomSource(seed: definition.seed)
    updates = 0
    initializeParameters()
  }

  func countUpdates(_ number: Int) { updates += number }

  private static func resolve(_ definition: NetworkDefinition) throws(NetworkError) -> [Layer] {
    guard definition.inputs >= 1 else { throw .inputCount(definition.inputs) }
    guard !definition.layers.isEmpty else { throw .noLayers }
    var width = definition.inputs
    var total = 0
    var result: [Layer] = []
    for (index, layer) in definition.layers.enumerated() {
      let number = index + 1
      guard layer.units >= 1 else { throw .units(layer: number, count: layer.units) }
      let shape = Shape(width, layer.units)
      guard shape.count <= NetworkPlan.mostParameters - layer.units - total else {
        throw .tooManyParameters(layer: number, shape: shape)
      }
      total += shape.count + layer.units
      if let weights = layer.weights, !weights.fits(shape) {
        throw .weightShape(layer: number, given: weights, inputs: width, units: layer.units)
      }
      if let biases = layer.biases, !biases.fits(Shape(1, layer.units)) {
        throw .biasShape(layer: number, given: biases, units: layer.units)
      }
      result.append(
        Layer(
          number: number, name: layer.name, inputs: width, units: layer.units,
          activation: layer.activation,
          initializer: layer.initializer ?? layer.activation.initializer,
          hasGivenWeights: layer.weights != nil))
      width = layer.units
    }
    return result
  }

  private func initializeParameters() {
    for (layer, given) in zip(layers, definition.layers) {
      let weights =
        given.weights?.storage
        ?? layer.initializer.weights(inputs: layer.inputs, units: layer.units, from: &random)
      let biases = given.biases?.storage ?? Array(repeating: 0, count: layer.units)
      let start = plan.layers[layer.number - 1].weightStart
      write(weights + biases, at: start)
    }
  }

  func read(_ places: Range<Int>) -> [Double] {
    switch engine {
    case .double(let engine): engine.read(places)
    case .float(let engine): engine.read(places)
    }
  }

  func write(_ values: [Double], at start: Int) {
    switch engine {
    case .double(let engine): engine.write(values, at: start)
    case .float(let engine): engine.write(values, at: start)
    }
  }
}

extension Tensor {
  /// Whether it may stand for parameters of this shape: the matrix itself, a vector where one size
  /// is 1, a number where both are.
  func fits(_ shape: Shape) -> Bool {
    rank < 2
      ? storage.count == shape.count && (shape.rows == 1 || shape.columns == 1)
      : self.shape == shape
  }
}
