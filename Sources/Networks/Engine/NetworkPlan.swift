import MatrixEngine

/// A checked network without its numbers: its layers, and where the parameters of each lie.
///
/// All parameters lie in one run of memory, layer by layer, each layer's in their order and row by row.
final class NetworkPlan: Sendable {
  /// A layer and its part of the parameters.
  struct Place: Sendable {
    let layer: any Layer
    let start: Int
    let count: Int
    /// Where each parameter lies.
    let parameters: [(parameter: LayerParameter, range: Range<Int>)]

    var range: Range<Int> { start..<(start + count) }

    init(_ layer: any Layer, at start: Int) {
      self.layer = layer
      self.start = start
      var next = start
      parameters = layer.parameters.map { parameter in
        defer { next += parameter.count }
        return (parameter, next..<(next + parameter.count))
      }
      count = next - start
    }
  }

  let inputSizes: [Int]
  let inputs: Int
  let layers: [Place]
  /// The layers, from 1, to whose last output is added what goes into the first; inner ones first.
  let residuals: [ClosedRange<Int>]
  let loss: Loss
  /// Whether the loss is computed from the net inputs of the last layer.
  let isFused: Bool
  let parameterCount: Int
  /// Where the parameters lie that updates leave as they are.
  let frozen: [Range<Int>]

  /// The most parameters a network may have; training holds five numbers for each.
  static let mostParameters = 1 << 24

  let outputs: Int
  /// Additions and multiplications of one example's forward and backward pass, roughly.
  let operationsPerExample: Int
  /// How many numbers one example is on its way: inputs and the outputs of all layers.
  let units: Int
  /// Whether a layer switches at a net input, so that a tie there decides something.
  let hasThresholds: Bool
  var lastActivation: Activation? { endsInSum ? nil : layers.last?.layer.activation }
  /// Whether something is added to what the last layer gives.
  let endsInSum: Bool
  /// How many outputs the loss takes together: of one that goes by row, those of a row.
  let lossWidth: Int
  /// How many outputs make a row: all of a vector.
  let rowWidth: Int
  private let seesWholeBatch: Bool
  private let numbersPerExample: Int
  /// What the outputs say.
  var meaning: OutputMeaning { lastActivation?.meaning ?? .numbers }

  init(
    inputSizes: [Int], layers: [any Layer], residuals: [ClosedRange<Int>] = [], loss: Loss
  ) {
    self.residuals = residuals
    var start = 0
    self.layers = layers.map { layer in
      let place = Place(layer, at: start)
      start += place.count
      return place
    }
    self.inputSizes = inputSizes
    inputs = inputSizes.reduce(1, *)
    outputs = layers.last?.outputs ?? 0
    self.loss = loss
    endsInSum = residuals.contains { $0.upperBound == layers.count }
    // What is added behind the last activation parts it from the loss.
    isFused = !endsInSum && loss.fusion(with: layers.last?.activation) != nil
    let outputSizes = layers.last?.outputSizes ?? inputSizes
    rowWidth = outputSizes.count > 1 ? outputSizes[outputSizes.count - 1] : outputs
    lossWidth = loss.takesClassNumbers ? rowWidth : outputs
    seesWholeBatch = layers.contains(where: \.seesWholeBatch)
    numbersPerExample = layers.reduce(0) { $0 + $1.numbersPerExample }
    parameterCount = start
    operationsPerExample = layers.reduce(0) { $0 + $1.operationsPerExample }
    units = layers.reduce(inputs) { $0 + $1.outputs }
    hasThresholds = layers.contains { $0.activation?.threshold != nil }
    frozen = self.layers.flatMap(\.parameters).filter(\.parameter.isFrozen).map(\.range)
  }

  /// How many examples are computed together: some 5 ms of work, in memory that stays near the processor; but
  /// enough that the weights of a wide network, which every panel rearranges for its products, are used often.
  ///
  /// What sees the whole batch has all of them.
  func panelHeight(examples: Int) -> Int {
    if seesWholeBatch { return max(1, examples) }
    let byWork = min(4096, max(512, 200_000_000 / max(1, operationsPerExample)))
    let byMemory = max(1, NetworkPlan.mostPanelNumbers / max(1, numbersPerExample))
    return max(1, min(examples, min(byWork, byMemory)))
  }

  /// The numbers of a panel: they stay in memory that is quick to reach.
  private static let mostPanelNumbers = 1 << 22

  /// Whether passes in training are others than those that predict.
  var changesInTraining: Bool { layers.contains { $0.layer.linesInTraining != nil } }

  /// What passes and a training allocate, roughly and at most: parameters with their gradients and an optimizer's
  /// state, the examples in the precision of the network, and a panel of quantities and their gradients.
  func workingBytes(examples: Int) -> Int {
    let numbers =
      6 * parameterCount + examples * (inputs + outputs) + 4 * panelHeight(examples: examples)
      * units
    return numbers * MemoryLayout<Double>.stride
  }

  /// Refuses to keep a number for every unit and example where they are too many.
  ///
  /// Throws: `NetworkError.matrix(.tooLarge)`.
  func checkResultSize(examples: Int, operation: String) throws(NetworkError) {
    do {
      _ = try Shape(examples, units).checked(for: operation)
    } catch { throw .matrix(error) }
  }

  /// The first layer that lets no gradient through, or a loss where none begins, as an error.
  var gradientRefusal: NetworkError? {
    for (index, place) in layers.enumerated() {
      if let (name, refusal) = place.layer.gradientRefusal {
        return .notDifferentiable(layer: index + 1, activation: name, refusal)
      }
    }
    return loss.gradientRefusal.map { .notDifferentiable(layer: 0, activation: loss.name, $0) }
  }
}

/// The precisions a network computes in, each with its kernels.
protocol NetworkScalar: MatrixScalar {
  static func passes(of layer: any Layer, in memory: PassMemory<Self>) -> LayerPasses<Self>
  static func kernels(of loss: Loss) -> LossKernels<Self>
  static func stage(of layer: any Layer, at start: Int, appliesFunction: Bool) -> DenseStage<Self>?
  static func update(of optimizer: Optimizer) -> @Sendable (UpdateStep<Self>) -> Void
}

extension Double: NetworkScalar {
  static func passes(of layer: any Layer, in memory: PassMemory<Double>) -> LayerPasses<Double> {
    layer.passes(in: memory)
  }
  static func kernels(of loss: Loss) -> LossKernels<Double> { loss.double }
  static func stage(of layer: any Layer, at start: Int, appliesFunction: Bool)
    -> DenseStage<Double>?
  { layer.stage(at: start, appliesFunction: appliesFunction) }
  static func update(of optimizer: Optimizer) -> @Sendable (UpdateStep<Double>) -> Void {
    optimizer.kernels.double
  }
}

extension Float: NetworkScalar {
  static func passes(of layer: any Layer, in memory: PassMemory<Float>) -> LayerPasses<Float> {
    layer.passes(in: memory)
  }
  static func kernels(of loss: Loss) -> LossKernels<Float> { loss.float }
  static func stage(of layer: any Layer, at start: Int, appliesFunction: Bool)
    -> DenseStage<Float>?
  { layer.stage(at: start, appliesFunction: appliesFunction) }
  static func update(of optimizer: Optimizer) -> @Sendable (UpdateStep<Float>) -> Void {
    optimizer.kernels.float
  }
}
