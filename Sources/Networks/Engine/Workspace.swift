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
  /// Which pass in training it is.
  let draws = PassDraws()
  /// The most rows a pass may have.
  let capacity: Int
  let layers: [Layer]
  /// Of layers to whose output is added what went into layers before: the sums. Empty where there is no such layer.
  private let sums: [PassQuantity<Scalar>?]
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
  /// How many outputs the loss takes together: of one that goes by row, those of a row.
  private let lossWidth: Int
  let interrupt: InterruptFlag?
  /// The same flag, or nil where no product is so long that it looks at it.
  private let productInterrupt: InterruptFlag?

  init(
    _ plan: NetworkPlan, capacity: Int, needsGradients: Bool, needsInputGradient: Bool = false,
    keepsQuantities: Bool = true, interrupt: InterruptFlag?
  ) {
    self.interrupt = interrupt
    let memory = PassMemory<Scalar>(
      arena: arena, capacity: capacity, needsGradients: needsGradients,
      keepsQuantities: keepsQuantities, interrupt: interrupt, draws: draws)
    self.plan = plan
    self.capacity = capacity
    let layers = plan.layers.map { place in
      let passes = Scalar.passes(of: place.layer, in: memory)
      return Layer(start: place.start, count: place.count, passes: passes, output: passes.output)
    }
    self.layers = layers
    sums =
      plan.residuals.isEmpty
      ? []
      : layers.indices.map { index in
        guard plan.residuals.contains(where: { $0.upperBound == index + 1 }) else { return nil }
        let output = layers[index].output
        return memory.quantity(LayerLine.output, columns: output.columns, sizes: output.sizes)
      }
    productInterrupt = layers.contains { $0.passes.endsEarly } ? interrupt : nil
    inputGradient = arena.allocate(needsInputGradient ? capacity * plan.inputs : 0)
    loss = Scalar.kernels(of: plan.loss)
    netInput = plan.endsInSum ? nil : layers.last?.passes.netInput
    fused = plan.isFused && netInput != nil ? loss.fused : nil
    checksPredictions = fused == nil && plan.loss.predictions != .all
    outputs = plan.outputs
    lossWidth = plan.lossWidth
  }

  /// Whether the flag is raised: to be asked before a panel.
  @inline(__always)
  var isInterrupted: Bool { interrupt?.isRaised ?? false }

  /// Whether products may have ended early: what the last pass left is then not to be used.
  @inline(__always)
  var isCutShort: Bool { productInterrupt?.isRaised ?? false }

  /// Layer by layer: the quantities of each. Shape: `x: [rows, n]`.
  @inline(__always)
  func forward(
    _ x: Buffer<Scalar>, rows: Int, parameters: Buffer<Scalar>, isTraining: Bool = false
  ) {
    var input = x
    for l in layers.indices {
      layers[l].passes.forward(
        ForwardCall(
          x: input, rows: rows, parameters: parameters.part(layers[l].start, layers[l].count),
          isTraining: isTraining))
      addResiduals(endingAt: l, x, rows: rows)
      input = passed(l).values
    }
  }

  /// What goes on from layer l, from 0: its output, or the sum of this and of what went into layers before.
  @inline(__always)
  private func passed(_ l: Int) -> PassQuantity<Scalar> {
    sums.isEmpty ? layers[l].output : sums[l] ?? layers[l].output
  }

  /// What went into layer l, from 0.
  private func entering(_ l: Int, _ x: Buffer<Scalar>) -> Buffer<Scalar> {
    l == 0 ? x : passed(l - 1).values
  }

  /// What layer l, from 0, applies its activation to: its net inputs, or, where it is nothing but an activation, what
  /// went in. Shape: `[rows, units]`.
  func activated(_ l: Int, _ x: Buffer<Scalar>) -> Buffer<Scalar> {
    layers[l].passes.netInput?.values ?? entering(l, x)
  }

  @inline(__always)
  private func addResiduals(endingAt l: Int, _ x: Buffer<Scalar>, rows: Int) {
    guard !plan.residuals.isEmpty else { return }
    let count = rows * layers[l].output.columns
    var isFirst = true
    for residual in plan.residuals where residual.upperBound == l + 1 {
      let sum = passed(l).values.part(0, count)
      if isFirst { sum.copy(from: layers[l].output.values.part(0, count)) }
      isFirst = false
      sum.add(entering(residual.lowerBound - 1, x).part(0, count))
    }
  }

  /// On the way back: what the sum behind layer l changes the loss by, its output does.
  @inline(__always)
  private func splitResiduals(endingAt l: Int, rows: Int) {
    guard plan.residuals.contains(where: { $0.upperBound == l + 1 }) else { return }
    let count = rows * layers[l].output.columns
    layers[l].output.gradients.copy(from: passed(l).gradients.part(0, count))
  }

  /// And what went in does.
  @inline(__always)
  private func addResiduals(beginningAt l: Int, to target: Buffer<Scalar>?, rows: Int) {
    guard let target else { return }
    for residual in plan.residuals where residual.lowerBound == l + 1 {
      let sum = passed(residual.upperBound - 1)
      let count = rows * sum.columns
      target.part(0, count).add(sum.gradients.part(0, count))
    }
  }

  /// Moves the averages that layers keep by what the last pass in training gave.
  func moveAverages(in parameters: Buffer<Scalar>) {
    for layer in layers {
      layer.passes.moveAverages?(parameters.part(layer.start, layer.count))
    }
  }

  /// The sum of the losses of the panel's examples, after `forward`. Shape: `y: [rows, k]`.
  ///
  /// Throws: `NetworkError.prediction` for an output that the loss has no value for.
  @inline(__always)
  func lossSum(_ y: Buffer<Scalar>, rows: Int, firstExample: Int) throws(NetworkError) -> Scalar {
    let k = outputs
    if let fused, let netInput {
      return fused.value(netInput.values.part(0, rows * k), y, lossWidth)
    }
    let a = output.values.part(0, rows * k)
    if checksPredictions {
      if let error = plan.loss.predictionError(
        in: a, columns: k, firstExample: firstExample, source: source)
      {
        throw error
      }
    }
    return loss.value(a, y, lossWidth)
  }

  /// What made the outputs, for messages.
  private var source: String {
    plan.lastActivation?.name ?? plan.layers.last?.layer.kind ?? ""
  }

  /// What the last layer gives.
  var output: PassQuantity<Scalar> { passed(layers.count - 1) }

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
        netInput.values.part(0, count), a, y, scale, lossWidth, netInput.gradients.part(0, count))
    } else {
      loss.gradient(a, y, scale, lossWidth, output.gradients.part(0, rows * outputs))
    }
    for l in stride(from: last, through: 0, by: -1) {
      splitResiduals(endingAt: l, rows: rows)
      let target = l > 0 ? passed(l - 1).gradients : toInput ? inputGradient : nil
      layers[l].passes.backward(
        BackwardCall(
          x: entering(l, x), rows: rows,
          parameters: parameters.part(layers[l].start, layers[l].count),
          gradients: gradients.part(layers[l].start, layers[l].count), adds: adds,
          startsAtNetInput: l == last && fused != nil,
          inputGradient: target))
      addResiduals(beginningAt: l, to: target, rows: rows)
    }
  }

  /// The slide's factor ∂L/∂ŷ of the last layer, with a fused loss too, after `forward`.
  func outputGradient(_ y: Buffer<Scalar>, rows: Int, scale: Scalar) {
    let count = rows * outputs
    loss.gradient(
      output.values.part(0, count), y, scale, lossWidth, output.gradients.part(0, count))
  }
}
