import MatrixEngine

/// The memory and the two passes of a network over a panel of examples.
///
/// Everything is allocated once; `forward` and `backward` allocate nothing. This is the one place
/// where a network computes: results for display, training and checks all come from here.
/// With an interrupt flag long products may end early, with nothing in the buffers that may be used: see `isCutShort`.
/// Shape: with r rows in the panel, `z`, `a`, `gradientZ`, `gradientA` of layer l: `[r, kₗ]`.
final class Workspace<Scalar: NetworkScalar> {
  struct Layer {
    let inputs: Int
    let units: Int
    let weightStart: Int
    let kernels: ActivationKernels<Scalar>
    let z: Buffer<Scalar>
    let a: Buffer<Scalar>
    let gradientZ: Buffer<Scalar>
    let gradientA: Buffer<Scalar>
  }

  let plan: NetworkPlan
  /// The most rows a pass may have.
  let capacity: Int
  let layers: [Layer]
  /// ∂L/∂x, when `backward` was asked for it. Shape: `[r, n]`.
  let inputGradient: Buffer<Scalar>
  private let arena = Arena<Scalar>()
  private let loss: LossKernels<Scalar>
  /// The loss from the net inputs of the last layer, where it goes together with its activation.
  private let fused: FusedLossKernels<Scalar>?
  private let checksPredictions: Bool
  private let outputs: Int
  private let interrupt: InterruptFlag?
  /// The same flag, or nil where no product is so long that it looks at it.
  private let productInterrupt: InterruptFlag?

  init(
    _ plan: NetworkPlan, capacity: Int, needsGradients: Bool, needsInputGradient: Bool = false,
    interrupt: InterruptFlag?
  ) {
    self.interrupt = interrupt
    productInterrupt =
      plan.layers.contains { DenseKernels<Scalar>.isLong(m: capacity, n: $0.inputs, k: $0.units) }
      ? interrupt : nil
    let arena = self.arena
    self.plan = plan
    self.capacity = capacity
    layers = plan.layers.map { layer in
      let count = capacity * layer.units
      let gradientCount = needsGradients ? count : 0
      return Layer(
        inputs: layer.inputs, units: layer.units, weightStart: layer.weightStart,
        kernels: Scalar.kernels(of: layer.activation),
        z: arena.allocate(count), a: arena.allocate(count),
        gradientZ: arena.allocate(gradientCount), gradientA: arena.allocate(gradientCount))
    }
    inputGradient = arena.allocate(needsInputGradient ? capacity * plan.inputs : 0)
    loss = Scalar.kernels(of: plan.loss)
    fused = plan.isFused ? loss.fused : nil
    checksPredictions = fused == nil && plan.loss.predictions != .all
    outputs = plan.outputs
  }

  /// Whether the flag is raised: to be asked before a panel.
  @inline(__always)
  var isInterrupted: Bool { interrupt?.isRaised ?? false }

  /// Whether products may have ended early: what the last pass left is then not to be used.
  @inline(__always)
  var isCutShort: Bool { productInterrupt?.isRaised ?? false }

  /// Zˡ = Aˡ⁻¹·Wˡ + bˡ and Aˡ = h(Zˡ), layer by layer. Shape: `x: [rows, n]`.
  @inline(__always)
  func forward(_ x: Buffer<Scalar>, rows: Int, parameters: Buffer<Scalar>) {
    var input = x
    for l in layers.indices {
      let (n, k) = (layers[l].inputs, layers[l].units)
      let z = layers[l].z.part(0, rows * k)
      let start = layers[l].weightStart
      DenseKernels.affine(
        input, parameters.part(start, n * k), parameters.part(start + n * k, k), into: z,
        m: rows, n: n, k: k, interrupt: productInterrupt)
      input = layers[l].a
      layers[l].kernels.apply(z, input, k)
    }
  }

  /// The sum of the losses of the panel's examples, after `forward`. Shape: `y: [rows, k]`.
  ///
  /// Throws: `NetworkError.prediction` for an output that the loss has no value for.
  @inline(__always)
  func lossSum(_ y: Buffer<Scalar>, rows: Int, firstExample: Int) throws(NetworkError) -> Scalar {
    let last = layers.count - 1
    let k = layers[last].units
    if let fused { return fused.value(layers[last].z.part(0, rows * k), y, k) }
    let a = layers[last].a.part(0, rows * k)
    if checksPredictions {
      if let error = plan.loss.predictionError(
        in: a, columns: k, firstExample: firstExample, source: plan.lastActivation?.name ?? "")
      {
        throw error
      }
    }
    return loss.value(a, y, k)
  }

  /// ∂L/∂Z and ∂L/∂A of every layer and the gradients of the parameters, after `forward`.
  ///
  /// `scale` is 1/m of the whole batch; `adds` adds to the gradients of the panels before.
  /// With a fused loss, ∂L/∂A of the last layer is not part of the way; see `outputGradient`.
  @inline(__always)
  func backward(
    _ x: Buffer<Scalar>, _ y: Buffer<Scalar>, rows: Int, scale: Scalar,
    parameters: Buffer<Scalar>, gradients: Buffer<Scalar>, adds: Bool, toInput: Bool = false
  ) {
    let last = layers.count - 1
    for l in stride(from: last, through: 0, by: -1) {
      let (n, k) = (layers[l].inputs, layers[l].units)
      let gradientZ = layers[l].gradientZ.part(0, rows * k)
      let a = layers[l].a.part(0, rows * k)
      if l == last, let fused {
        fused.gradient(a, y, scale, k, gradientZ)
      } else {
        let gradientA = layers[l].gradientA.part(0, rows * k)
        if l == last { loss.gradient(a, y, scale, gradientA) }
        layers[l].kernels.pullBack(layers[l].z, a, gradientA, gradientZ, k)
      }
      let start = layers[l].weightStart
      DenseKernels.parameterGradients(
        l == 0 ? x : layers[l - 1].a, gradientZ, weights: gradients.part(start, n * k),
        biases: gradients.part(start + n * k, k), m: rows, n: n, k: k, adds: adds,
        interrupt: productInterrupt)
      if l > 0 || toInput {
        DenseKernels.inputGradient(
          gradientZ, parameters.part(start, n * k),
          into: l == 0 ? inputGradient : layers[l - 1].gradientA, m: rows, n: n, k: k,
          interrupt: productInterrupt)
      }
    }
  }

  /// The slide's factor ∂L/∂ŷ of the last layer, with a fused loss too, after `forward`.
  func outputGradient(_ y: Buffer<Scalar>, rows: Int, scale: Scalar) {
    let last = layers.count - 1
    let count = rows * layers[last].units
    loss.gradient(
      layers[last].a.part(0, count), y, scale, layers[last].gradientA.part(0, count))
  }
}
