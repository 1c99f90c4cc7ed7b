import CKernels

/// A dense layer as the kernels compute it: a = h(x·W + b).
package struct DenseStage<Scalar: MatrixScalar> {
  /// What is added to x·W, and where it lies among all parameters.
  package enum Bias {
    case none
    case each(at: Int)
    case shared(at: Int)
  }

  /// h, entry by entry: a kernel, or its formula of z with that of h′ of z and a.
  package enum Function {
    case kernel(VectorFunction)
    case formula(EntryProgram, slope: EntryProgram)
  }

  let inputs: Int
  let outputs: Int
  let weights: Int
  let bias: Bias
  let function: Function

  package init(inputs: Int, outputs: Int, weights: Int, bias: Bias, function: Function) {
    self.inputs = inputs
    self.outputs = outputs
    self.weights = weights
    self.bias = bias
    self.function = function
  }
}

/// A loss as the kernels compute it, of all outputs of a panel.
package enum DenseLoss<Scalar: MatrixScalar>: Sendable {
  /// Σ (a − y)²
  case squares
  /// From the net inputs of a sigmoid; of a softmax. The last layer has no other function then.
  case binaryCrossEntropy, crossEntropy
  /// Entry by entry, its formula of a and y, with that of ∂ by a.
  case formula(EntryProgram, slope: EntryProgram)
}

/// Which predictions count as right.
package enum DenseHits {
  case none, largest
  /// On the target's side of the middle.
  case entries(middle: Double, high: Double)
}

/// Forward, loss and backward of a network of dense layers in one call, on memory that is allocated once.
///
/// Examples are taken by panels that stay near the processor, and panels are shared by the team's threads; of a network
/// with many parameters all examples are one panel, and each product is shared. How they are cut and in which order sums
/// are taken follows from the sizes alone.
package final class DensePass<Scalar: MatrixScalar> {
  private let arena = Arena<Scalar>()
  private let stages: UnsafeMutablePointer<nabla_layer>
  private let stageCount: Int
  private let network: UnsafeMutablePointer<nabla_network>
  private let pass: UnsafeMutablePointer<nabla_pass>
  /// The gradients of all slots but the first; made when there is a second one.
  private lazy var slotGradients: Buffer<Scalar> = {
    let parameters = network.pointee.parameter_count
    return arena.allocate((DensePass.slots(of: parameters) - 1) * parameters)
  }()
  private let interrupt: InterruptFlag?
  /// What the records refer to.
  private var programs: [EntryProgram] = []
  /// How many rows the records are cut for.
  private var rows = 0
  private let units: Int

  /// `parameters`: how many there are in all. `factor`: what the loss is multiplied by.
  package init(
    _ layers: [DenseStage<Scalar>], loss: DenseLoss<Scalar>, factor: Double, parameters: Int,
    interrupt: InterruptFlag?
  ) {
    precondition(!layers.isEmpty)
    stages = .allocate(capacity: layers.count)
    stageCount = layers.count
    network = .allocate(capacity: 1)
    pass = .allocate(capacity: 1)
    self.interrupt = interrupt
    let (inputs, outputs) = (layers[0].inputs, layers[layers.count - 1].outputs)
    units = layers.reduce(inputs + outputs) { $0 + 3 * $1.outputs }
    var record = nabla_loss()
    record.factor = factor
    switch loss {
    case .squares: record.kind = nabla_loss_squares
    case .binaryCrossEntropy:
      (record.kind, record.is_fused) = (nabla_loss_binary_cross_entropy, true)
    case .crossEntropy: (record.kind, record.is_fused) = (nabla_loss_cross_entropy, true)
    case .formula(let value, let slope):
      record.kind = nabla_loss_formula
      (record.formula, record.slope) = (value.record, slope.record)
      programs += [value, slope]
    }
    for (place, layer) in layers.enumerated() {
      (stages + place).initialize(to: makeRecord(layer))
    }
    network.initialize(
      to: nabla_network(
        is_single: Scalar.self == Float.self, inputs: inputs, outputs: outputs,
        parameter_count: parameters, layer_count: layers.count, layers: stages, loss: record))
    pass.initialize(to: nabla_pass())
    pass.pointee.network = UnsafePointer(network)
    pass.pointee.flag = interrupt.map { UnsafePointer($0.memory) }
  }

  deinit {
    stages.deallocate()
    network.deallocate()
    pass.deallocate()
  }

  private func makeRecord(_ layer: DenseStage<Scalar>) -> nabla_layer {
    var record = nabla_layer()
    (record.inputs, record.outputs, record.weights) = (layer.inputs, layer.outputs, layer.weights)
    switch layer.bias {
    case .none: record.bias = nabla_bias_none
    case .each(let place): (record.bias, record.biases) = (nabla_bias_each, place)
    case .shared(let place): (record.bias, record.biases) = (nabla_bias_shared, place)
    }
    switch layer.function {
    case .kernel(let function):
      (record.activation, record.parameter) = (function.code, function.parameter)
    case .formula(let value, let slope):
      (record.formula, record.slope) = (value.record, slope.record)
      programs += [value, slope]
    }
    return record
  }

  /// The most slots whose gradients are summed up at the end: so many that they take a few megabytes.
  private static func slots(of parameters: Int) -> Int {
    let room = 2_000_000 / max(1, parameters * MemoryLayout<Scalar>.stride)
    return min(Int(NABLA_MOST_SLOTS), 1 + max(1, room))
  }

  /// The memory of a panel that is everybody's; made anew for a larger one.
  private var whole: Arena<Scalar>?
  private var wholeNumbers = 0

  /// Bytes of parameters from which on a panel is everybody's: the weights then no longer stay near the processor while
  /// a panel passes; and with few examples, whose panels no threads share, from where the products are worth their tasks.
  private static func fewestWholeBytes(_ rows: Int) -> Int { rows <= 16 ? 30_000 : 400_000 }
  /// Bytes of the quantities of such a panel.
  private static var mostWholeBytes: Int { 32 << 20 }

  private func cut(_ rows: Int) {
    self.rows = rows
    let parameters = network.pointee.parameter_count
    pass.pointee.rows = rows
    pass.pointee.is_whole =
      rows > 1
      && parameters * MemoryLayout<Scalar>.stride >= DensePass.fewestWholeBytes(rows)
    if pass.pointee.is_whole {
      cutWhole(rows)
    } else {
      cutPanels(rows, parameters)
    }
  }

  /// Cuts so many rows into panels that fill the processor's second cache, an even number of them where the work is
  /// worth a second thread.
  private func cutPanels(_ rows: Int, _ parameters: Int) {
    let most = max(16, 400_000 / (units * MemoryLayout<Scalar>.stride))
    let isShared = 6 * Double(rows) * Double(parameters) > 1.5e6 && rows > 16
    var panels = (rows + most - 1) / most
    if isShared { panels += panels % 2 }
    let panel = (rows + panels - 1) / panels
    pass.pointee.panel = panel
    pass.pointee.slots = min(DensePass.slots(of: parameters), (rows + panel - 1) / panel)
    pass.pointee.is_shared = isShared
  }

  /// Cuts so many rows into as few panels of equal height as the bound of their memory allows.
  private func cutWhole(_ rows: Int) {
    let most = max(64, DensePass.mostWholeBytes / (units * MemoryLayout<Scalar>.stride))
    let panels = (rows + most - 1) / most
    let panel = (rows + panels - 1) / panels
    pass.pointee.panel = panel
    pass.pointee.slots = 1
    pass.pointee.is_shared = true
    // The inputs are read where they lie.
    let numbers = (panel + 32) * (units - network.pointee.inputs) + 64
    guard numbers > wholeNumbers else { return }
    let memory = Arena<Scalar>()
    pass.pointee.memory = UnsafeMutableRawPointer(memory.allocate(numbers).base)
    (whole, wholeNumbers) = (memory, numbers)
  }

  /// The sum of the losses and how many predictions are right; nil when the flag was raised on the way.
  ///
  /// Shape: `x: [rows, inputs]`, `y: [rows, outputs]`. `gradients`: where they go, times `scale`; nil asks for none.
  package func run(
    _ x: Buffer<Scalar>, _ y: Buffer<Scalar>, rows: Int, parameters: Buffer<Scalar>,
    gradients: Buffer<Scalar>?, scale: Double
  ) -> (sum: Double, hits: Int)? {
    precondition(
      parameters.count >= network.pointee.parameter_count
        && gradients?.count ?? .max >= network.pointee.parameter_count)
    guard rows > 0 else { return (0, 0) }
    prepare(x, y, rows: rows, gradients: gradients, scale: scale)
    pass.pointee.parameters = UnsafeRawPointer(parameters.base)
    let isFinished = withExtendedLifetime(self) { nabla_run_pass(pass) }
    return isFinished ? (pass.pointee.sum, pass.pointee.hit_count) : nil
  }

  private func prepare(
    _ x: Buffer<Scalar>, _ y: Buffer<Scalar>, rows: Int, gradients: Buffer<Scalar>?, scale: Double
  ) {
    precondition(
      x.count >= rows * network.pointee.inputs && y.count >= rows * network.pointee.outputs)
    if rows != self.rows { cut(rows) }
    pass.pointee.x = UnsafeRawPointer(x.base)
    pass.pointee.y = UnsafeRawPointer(y.base)
    pass.pointee.gradients = gradients.map { UnsafeMutableRawPointer($0.base) }
    pass.pointee.slot_gradients =
      gradients != nil && pass.pointee.slots > 1 ? UnsafeMutableRawPointer(slotGradients.base) : nil
    pass.pointee.scale = scale
  }

  /// The most steps of one call.
  package static var mostSteps: Int { 256 }

  /// What the passes of the last call of `steps` gave.
  private lazy var stepSums = [Double](repeating: 0, count: Self.mostSteps)
  private lazy var stepHits = [Int](repeating: 0, count: Self.mostSteps)

  /// Up to `count` steps of a training, each a pass over all rows and the update by its gradients, after which old and
  /// new parameters have changed places.
  ///
  /// Shape: as `run`; `old, new, gradients: [parameters]`, `kept` as the update's. `made`: fewer than asked for where the
  /// flag was raised or a loss is not finite, or where the next update gave what is not: then `isWrong`.
  package func steps(
    _ x: Buffer<Scalar>, _ y: Buffer<Scalar>, rows: Int, old: Buffer<Scalar>, new: Buffer<Scalar>,
    gradients: Buffer<Scalar>, kept: Buffer<Scalar>, update: KernelUpdate, scale: Double, count: Int
  ) -> (made: Int, isWrong: Bool) {
    let parameters = network.pointee.parameter_count
    precondition(
      rows > 0 && old.count == parameters && gradients.count >= parameters && count >= 0)
    prepare(x, y, rows: rows, gradients: gradients, scale: scale)
    var record = update.record(old, gradients, into: new, kept: kept, stride: parameters)
    return stepSums.withUnsafeMutableBufferPointer { sums in
      stepHits.withUnsafeMutableBufferPointer { hits in
        withUnsafeMutablePointer(to: &record) { record in
          var steps = nabla_steps(
            pass: pass, update: record, count: min(count, sums.count), sums: sums.baseAddress,
            hits: hits.baseAddress, made: 0, is_wrong: false)
          withExtendedLifetime(self) { nabla_run_steps(&steps) }
          return (steps.made, steps.is_wrong)
        }
      }
    }
  }

  /// The sum of the losses and how many predictions were right in that step of the last call of `steps`, from 0.
  package func step(_ index: Int) -> (sum: Double, hits: Int) { (stepSums[index], stepHits[index]) }

  /// What counts as right from now on.
  package func count(_ hits: DenseHits) {
    switch hits {
    case .none: network.pointee.loss.hits = nabla_hits_none
    case .largest: network.pointee.loss.hits = nabla_hits_largest
    case .entries(let middle, let high):
      network.pointee.loss.hits = nabla_hits_entries
      network.pointee.loss.middle = middle
      network.pointee.loss.high = high
    }
  }
}
