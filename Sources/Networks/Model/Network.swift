import MatrixEngine

/// A neural network: its definition, its parameters and its random numbers.
///
/// A reference, as in the language: `step` and `train` change it, `copy` gives an independent one.
/// Computes in its own precision; its face is in Double. Layers, neurons and examples count from 1.
/// Confined to the evaluation thread.
package final class Network {
  package let identity: NetworkIdentity
  package private(set) var definition: NetworkDefinition
  /// As they were resolved, with every default filled in.
  package private(set) var layers: [any Layer]
  package let loss: Loss
  /// How many updates the parameters have had since the definition or `reset`.
  package internal(set) var updates = 0
  /// What the optimizer of the last updates keeps; nil before the first.
  package internal(set) var optimizerState: OptimizerState?
  private(set) var plan: NetworkPlan
  var engine: Engine
  var random: RandomSource

  /// The parameters, in the network's precision.
  enum Engine {
    case double(NetworkEngine<Double>)
    case float(NetworkEngine<Float>)
  }

  package var name: String { definition.name }
  package var inputs: Int { definition.inputs }
  package var outputs: Int { plan.outputs }
  package var inputSizes: [Int] { definition.inputSizes }
  package var outputSizes: [Int] { layers.last?.outputSizes ?? inputSizes }
  package var precision: Precision { definition.precision }
  package var parameterCount: Int { plan.parameterCount }
  /// Whether every layer makes a vector of a vector, the same in training, by its lines alone.
  package var isOfVectors: Bool {
    definition.residuals.isEmpty && layers.allSatisfy(\.isOfVectors)
  }
  /// Without the averages.
  package var learnedCount: Int {
    layers.flatMap(\.parameters).reduce(0) { $1.isAverage ? $0 : $0 + $1.count }
  }

  /// Checks a definition and draws what it does not give: weights layer by layer, row by row.
  ///
  /// Throws: `NetworkError.noLayers`, `.inputCount`, `.tooManyParameters`, and as the layers' definitions, naming the
  /// layer.
  package init(_ definition: NetworkDefinition, catalog: NetworkCatalog = .standard)
    throws(NetworkError)
  {
    identity = NetworkIdentity()
    self.definition = definition
    layers = try Network.resolve(definition)
    let endsInSum = definition.residuals.contains { $0.upperBound == definition.layers.count }
    loss = definition.loss ?? catalog.loss(for: endsInSum ? nil : layers.last?.activation)
    plan = NetworkPlan(
      inputSizes: definition.inputSizes, layers: layers, residuals: definition.residuals,
      loss: loss)
    engine = Network.engine(plan, definition.precision)
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
    optimizerState = state.optimizerState
    engine = Network.engine(plan, state.definition.precision)
    write(state.stored)
  }

  /// An independent network with these parameters, random numbers, count of updates and optimizer's state.
  package func copy() -> Network { Network(state) }

  /// Back to the definition's weights and random numbers.
  package func reset() {
    random = RandomSource(seed: definition.seed)
    updates = 0
    optimizerState = nil
    initializeParameters()
  }

  /// Lays it out for examples of other sizes, whose layers these are; its parameters stay, and what an optimizer keeps.
  ///
  /// Throws: as a definition; `NetworkError.sizeOfParameter` for a parameter that has another shape there.
  package func resize(to sizes: [Int], _ made: [any LayerDefinition]) throws(NetworkError) {
    var other = definition
    (other.inputSizes, other.layers) = (sizes, made)
    let layers = try Network.resolve(other)
    for (number, (old, new)) in zip(self.layers, layers).enumerated() {
      for (before, after) in zip(old.parameters, new.parameters) where before.sizes != after.sizes {
        throw .sizeOfParameter(name: after.name, layer: number + 1, before.sizes, after.sizes)
      }
    }
    let parameters = stored
    (definition, self.layers) = (other, layers)
    plan = NetworkPlan(
      inputSizes: sizes, layers: layers, residuals: other.residuals, loss: loss)
    engine = Network.engine(plan, other.precision)
    write(parameters)
  }

  private static func engine(_ plan: NetworkPlan, _ precision: Precision) -> Engine {
    switch precision {
    case .float64: .double(NetworkEngine(plan))
    case .float32: .float(NetworkEngine(plan))
    }
  }

  func countUpdates(_ number: Int) { updates += number }

  private static func resolve(_ definition: NetworkDefinition) throws(NetworkError)
    -> [any Layer]
  {
    for size in definition.inputSizes where size < 1 { throw .inputCount(size) }
    guard !definition.layers.isEmpty else { throw .noLayers }
    var sizes = definition.inputSizes
    var total = 0
    var result: [any Layer] = []
    for (index, line) in definition.layers.enumerated() {
      let layer = try line.layer(sizes: sizes, number: index + 1)
      guard layer.parameterCount <= NetworkPlan.mostParameters - total else {
        let largest = layer.parameters.max { $0.count < $1.count }
        throw .tooManyParameters(
          layer: index + 1, parameter: largest?.name ?? "", shape: largest?.shape ?? Shape(0, 0),
          most: NetworkPlan.mostParameters)
      }
      total += layer.parameterCount
      do {
        try MemoryBudget.ask(4 * layer.parameterCount * MemoryLayout<Double>.stride)
      } catch { throw .matrix(.outOfMemory(operation: definition.name, error)) }
      sizes = layer.outputSizes
      result.append(layer)
    }
    return result
  }

  private func initializeParameters() {
    for place in plan.layers {
      for (parameter, range) in place.parameters {
        write(parameter.initialValues(&random), at: range.lowerBound)
      }
    }
  }

  /// All parameters, as they are.
  var stored: StoredParameters {
    switch engine {
    case .double(let engine): .double(engine.numbers)
    case .float(let engine): .float(engine.numbers)
    }
  }

  func write(_ parameters: StoredParameters) {
    switch (engine, parameters) {
    case (.double(let engine), .double(let numbers)): engine.write(numbers)
    case (.float(let engine), .float(let numbers)): engine.write(numbers)
    // Of another precision.
    case (.double, .float(let numbers)): write(numbers.map(Double.init), at: 0)
    case (.float, .double(let numbers)): write(numbers, at: 0)
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

  /// Whether it may stand for an array of these sizes: sizes of 1 may be left out.
  func fits(_ sizes: [Int]) -> Bool {
    self.sizes == sizes
      || sizes.count > 2 && self.sizes.filter { $0 != 1 } == sizes.filter { $0 != 1 }
  }
}
