import MatrixEngine

/// A checked network without its numbers: sizes, functions and where each parameter lies.
///
/// All parameters lie in one run of memory: W of layer 1 row by row, b of layer 1, W of layer 2…
struct NetworkPlan: Sendable {
  struct Layer: Sendable {
    let inputs: Int
    let units: Int
    let activation: Activation
    let weightStart: Int
    var biasStart: Int { weightStart + inputs * units }
    var weightRange: Range<Int> { weightStart..<biasStart }
    var biasRange: Range<Int> { biasStart..<(biasStart + units) }
  }

  let inputs: Int
  let layers: [Layer]
  let loss: Loss
  /// Whether the loss is computed from the net inputs of the last layer.
  let isFused: Bool
  let parameterCount: Int

  /// The most parameters a network may have; training holds five numbers for each.
  static let mostParameters = 1 << 24

  var outputs: Int { layers.last?.units ?? 0 }
  var lastActivation: Activation? { layers.last?.activation }
  /// What the outputs say.
  var meaning: OutputMeaning { lastActivation?.meaning ?? .numbers }

  init(inputs: Int, layers: [(units: Int, activation: Activation)], loss: Loss) {
    var width = inputs
    var start = 0
    self.layers = layers.map { layer in
      defer {
        start += (width + 1) * layer.units
        width = layer.units
      }
      return Layer(
        inputs: width, units: layer.units, activation: layer.activation, weightStart: start)
    }
    self.inputs = inputs
    self.loss = loss
    isFused = loss.fusion(with: layers.last?.activation) != nil
    parameterCount = start
  }

  /// Additions and multiplications of one example's forward and backward pass, roughly.
  var operationsPerExample: Int {
    layers.reduce(0) { $0 + 6 * $1.inputs * $1.units + 60 * $1.units }
  }

  /// How many examples are computed together: some 5 ms of work, in memory that stays near the processor; but
  /// enough that the weights of a wide network, which every panel rearranges for its products, are used often.
  func panelHeight(examples: Int) -> Int {
    max(1, min(examples, min(4096, max(512, 200_000_000 / max(1, operationsPerExample)))))
  }

  /// Refuses to keep a number for every unit and example where they are too many.
  ///
  /// Throws: `NetworkError.matrix(.tooLarge)`.
  func checkResultSize(examples: Int, operation: String) throws(NetworkError) {
    do {
      let units = layers.reduce(inputs) { $0 + $1.units }
      _ = try Shape(examples, units).checked(for: operation)
    } catch { throw .matrix(error) }
  }

  /// The first layer that lets no gradient through, as an error.
  var gradientRefusal: NetworkError? {
    for (index, layer) in layers.enumerated() {
      if layer.activation.gradientRefusal != nil {
        return .notDifferentiable(layer: index + 1, activation: layer.activation)
      }
    }
    return nil
  }
}

/// The precisions a network computes in, each with its kernels.
protocol NetworkScalar: MatrixScalar {
  static func kernels(of activation: Activation) -> ActivationKernels<Self>
  static func kernels(of loss: Loss) -> LossKernels<Self>
  static func kernel(of optimizer: Optimizer) -> UpdateKernel<Self>
}

extension Double: NetworkScalar {
  static func kernels(of activation: Activation) -> ActivationKernels<Double> { activation.double }
  static func kernels(of loss: Loss) -> LossKernels<Double> { loss.double }
  static func kernel(of optimizer: Optimizer) -> UpdateKernel<Double> { optimizer.double }
}

extension Float: NetworkScalar {
  static func kernels(of activation: Activation) -> ActivationKernels<Float> { activation.float }
  static func kernels(of loss: Loss) -> LossKernels<Float> { loss.float }
  static func kernel(of optimizer: Optimizer) -> UpdateKernel<Float> { optimizer.float }
}
