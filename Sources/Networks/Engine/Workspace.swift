import MatrixEngine

/// The memory and the two passes of a network over a panel of examples.
///
/// Everything is allocated once; `forward` and `backward` allocate nothing. This is the one place
/// where a network computes: results for display, training and checks all come from here.
/// With an interrupt flag long products may end early, with nothing in the buffers that may be used: see `isCutShort`.
final class Workspace<Scalar: NetworkScalar> {
  struct Layer {
    let start: Int
    let count: Int
    let passes: LayerPasses<Scalar>
    let output: PassQuantity<Scalar>
  }

  let plan: NetworkPlan
  /// The most rows a pass may have.
  let capacity: Int
  let layers: [Layer]
  /// ∂L/∂x, when `backward` was asked for it. Shape: `[r, n]`.
  let inputGradient: Buffer<Scalar>
  /// All of it in one call, for who looks at nothing on the way.
  private(set) lazy var dense: DensePass<Scalar>? = plan.densePass(interrupt)
  private let arena = Arena<Scalar>()
  private let loss: LossKernels<Scalar>
  /// The loss from the net inputs of the last layer, where it goes together with its activation.
  private let fused: FusedLossKernels<Scalar>?
  private let netInput: PassQuantity<Scalar>?
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
    let memory = PassMemory<Scalar>(
      arena: arena, capacity: capacity, needsGradients: needsGradients, interrupt: interrupt)
    self.plan = plan
    self.capacity = capacity
    layers = plan.layers.map { place in
      let passes = Scalar.passes(of: place.layer, in: memory)
      return Layer(start: place.start, count: place.count, passes: passes, output: passes.output)
    }
    productInterrupt = layers.contains { $0.passes.endsEarly } ? interrupt : nil
    inputGradient = arena.allocate(needsInputGradient ? capacity * plan.inputs : 0)
    loss = Scalar.kernels(of: plan.loss)
    netInput = layers.last?.passes.netInput
    fused = plan.isFused && netInput != nil ? loss.fused : nil
    checksPredictions = fused == nil && plan.loss.predictions != .all
    outputs = plan.outputs
  }

  /// Whether the flag is raised: to be asked before a panel.
  @inline(__always)
  var isInterrupted: Bool { interrupt?.isRaised ?? false }

  /// Whether products may have ended early: what the last pass left is then not to be used.
  @inline(__always)
  var isCutShort: Bool { productInterrupt?.isRaised ?? false }

  /// Layer by layer: the quantities of each. Shape: `x: [rows, n]`.
  @inline(__always)
  func forward(_ x: Buffer<Scalar>, rows: Int, parameters: Buffer<Scalar>) {
    var input = x
    for l in layers.indices {
      layers[l].passes.forward(
        ForwardCall(
          x: input, rows: rows, parameters: parameters.part(layers[l].start, layers[l].count)))
      input = layers[l].output.values
    }
  }

  /// The sum of the losses of the panel's examples, after `forward`. Shape: `y: [rows, k]`.
  ///
  /// Throws: `NetworkError.prediction` for an output that the loss has no value for.
  @inline(__always)
  func lossSum(_ y: Buffer<Scalar>, rows: Int, firstExample: Int) throws(NetworkError) -> Scalar {
    let k = outputs
    if let fused, let netInput { return fused.value(netInput.values.part(0, rows * k), y, k) }
    let a = output.values.part(0, rows * k)
    if checksPredictions {
      if let error = plan.loss.predictionError(
        in: a, columns: k, firstExample: firstExample, source: source)
      {
        throw error
      }
    }
    return loss.value(a, y, k)
  }

  /// What made the outputs, for messages.
  private var source: String {
    plan.lastActivation?.name ?? plan.layers.last?.layer.kind ?? ""
  }

  /// What the last layer gives.
  var output: PassQuantity<Scalar> { layers[layers.count - 1].output }

  /// ∂L by the quantities of every layer and by the parameters, after `forward`.
  ///
  /// `scale` is 1/m of the whole batch; `adds` adds to the gradients of the panels before.
  /// With a fused loss, ∂L/∂A of the last layer is not part of the way; see `outputGradient`.
  @inline(__always)
  func backward(
    _ x: Buffer<Scalar>, _ y: Buffer<Scalar>, rows: Int, scale: Scalar,
    parameters: Buffer<Scalar>, gradients: Buffer<Scalar>, adds: Bool, toInput: Bool = false
  ) {
    let last = layers.count - 1
    let a = output.values.part(0, rows * outputs)
    if let fused, let netInput {
      let count = rows * outputs
      fused.gradient(
        netInput.values.part(0, count), a, y, scale, outputs, netInput.gradients.part(0, count))
    } else {
      loss.gradient(a, y, scale, outputs, output.gradients.part(0, rows * outputs))
    }
    for l in stride(from: last, through: 0, by: -1) {
      layers[l].passes.backward(
        BackwardCall(
          x: l == 0 ? x : layers[l - 1].output.values, rows: rows,
          parameters: parameters.part(layers[l].start, layers[l].count),
          gradients: gradients.part(layers[l].start, layers[l].count), adds: adds,
          startsAtNetInput: l == last && fused != nil,
          inputGradient: l > 0 ? layers[l - 1].output.gradients : toInput ? inputGradient : nil))
    }
  }

  /// The slide's factor ∂L/∂ŷ of the last layer, with a fused loss too, after `forward`.
  func outputGradient(_ y: Buffer<Scalar>, rows: Int, scale: Scalar) {
    let count = rows * outputs
    loss.gradient(
      output.values.part(0, count), y, scale, outputs, output.gradients.part(0, count))
  }
}
