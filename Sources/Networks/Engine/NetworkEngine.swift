import MatrixEngine

/// The numbers of a network in one precision, and everything computed with them.
///
/// `Network` gives it the language's face; matrices cross here, in Double.
final class NetworkEngine<Scalar: NetworkScalar> {
  let plan: NetworkPlan
  private let arena = Arena<Scalar>()
  /// The parameters, where `plan` says. Shape: `[plan.parameterCount]`.
  private(set) var parameters: Buffer<Scalar>
  /// The memory the next update writes to; it then changes places with `parameters`.
  private(set) var spareParameters: Buffer<Scalar>

  init(_ plan: NetworkPlan) {
    self.plan = plan
    parameters = arena.allocate(plan.parameterCount)
    spareParameters = arena.allocate(plan.parameterCount)
  }

  /// Takes back what an update wrote for frozen parameters.
  @inline(__always)
  func keepFrozenParameters() {
    for range in plan.frozen {
      spareParameters.part(range.lowerBound, range.count)
        .copy(from: parameters.part(range.lowerBound, range.count))
    }
  }

  /// Makes what an update wrote the parameters, or takes it back.
  @inline(__always)
  func swapParameters() { swap(&parameters, &spareParameters) }

  func read(_ places: Range<Int>) -> [Double] {
    parameters.part(places.lowerBound, places.count).doubles
  }

  /// All parameters. Shape: `[plan.parameterCount]`.
  var numbers: [Scalar] { parameters.elements }

  func write(_ numbers: [Scalar]) { parameters.copy(from: numbers) }

  func write(_ values: [Double], at start: Int) {
    parameters.part(start, values.count).fill(from: values)
  }
}

extension NetworkEngine {
  /// The forward pass of all rows of x.
  ///
  /// Throws: `NetworkError.interrupted`, `.matrix(.tooLarge)`.
  func forward(
    _ x: Matrix<Double>, isTraining: Bool = false, draw: Int = 0, interrupt: InterruptFlag?
  ) throws(NetworkError) -> Trace {
    try plan.checkResultSize(examples: x.rows, operation: "forward")
    var recorder = TraceRecorder()
    try forEachPanel(x, isTraining: isTraining, draw: draw, interrupt) { workspace, rows in
      recorder.add(workspace, rows: rows)
    }
    return recorder.trace(input: x, sizes: plan.inputSizes)
  }

  /// The output of all rows of x, keeping nothing else.
  ///
  /// Throws: `NetworkError.interrupted`.
  func predict(_ x: Matrix<Double>, interrupt: InterruptFlag?) throws(NetworkError)
    -> Matrix<Double>
  {
    var output: [Double] = []
    output.reserveCapacity(x.rows * plan.outputs)
    try forEachPanel(x, interrupt) { workspace, rows in
      output += workspace.output.values.part(0, rows * plan.outputs).doubles
    }
    return Matrix(rows: x.rows, columns: plan.outputs, storage: output)
  }

  /// Runs the forward pass panel by panel and hands the workspace to the body after each.
  private func forEachPanel(
    _ x: Matrix<Double>, isTraining: Bool = false, draw: Int = 0, _ interrupt: InterruptFlag?,
    _ body: (Workspace<Scalar>, Int) -> Void
  ) throws(NetworkError) {
    let m = x.rows
    let height = plan.panelHeight(examples: m)
    let workspace = Workspace<Scalar>(
      plan, capacity: height, needsGradients: false, interrupt: interrupt)
    workspace.draws.number = draw
    let panel = Arena<Scalar>()
    defer { panel.keepAlive() }
    let input = panel.allocate(height * plan.inputs)
    var row = 0
    while row < m {
      if let interrupt, interrupt.isRaised { throw .interrupted }
      let rows = min(height, m - row)
      input.fill(from: x.rowSlice(row, rows))
      workspace.forward(input, rows: rows, parameters: parameters, isTraining: isTraining)
      if workspace.isCutShort { throw .interrupted }
      body(workspace, rows)
      row += rows
    }
  }

  /// The mean loss of all rows of x, y, and the share of right predictions.
  ///
  /// Throws: `NetworkError.interrupted`, `.prediction`.
  func score(
    _ x: Matrix<Double>, _ y: Matrix<Double>, rule: AccuracyRule, interrupt: InterruptFlag?
  ) throws(NetworkError) -> Score {
    let data = TrainingData<Scalar>(x, y, rule, interrupt: interrupt)
    if let dense: DensePass<Scalar> = plan.densePass(interrupt) {
      return try data.score(dense, parameters: parameters, interrupt)
    }
    let workspace = Workspace<Scalar>(
      plan, capacity: plan.panelHeight(examples: x.rows), needsGradients: false,
      keepsQuantities: false, interrupt: interrupt)
    return try data.score(workspace, parameters: parameters)
  }

  /// The mean loss of all rows of x, y with each row of values in some places of the parameters, where they stay; nan
  /// where there is none.
  ///
  /// Throws: `NetworkError.interrupted`.
  func losses(
    _ x: Matrix<Double>, _ y: Matrix<Double>, places: [Int], values: [[Double]],
    interrupt: InterruptFlag?
  ) throws(NetworkError) -> [Double] {
    let data = TrainingData<Scalar>(x, y, .none, interrupt: interrupt)
    let workspace = Workspace<Scalar>(
      plan, capacity: plan.panelHeight(examples: x.rows), needsGradients: false,
      keepsQuantities: false, interrupt: interrupt)
    return try values.map2 { (numbers) throws(NetworkError) in
      for (place, number) in zip(places, numbers) { write([number], at: place) }
      do throws(NetworkError) {
        return try data.score(workspace, parameters: parameters).loss
      } catch {
        guard case .interrupted = error else { return .nan }
        throw error
      }
    }
  }

  /// The backward pass of all rows of x, y: gradients of the mean loss.
  ///
  /// Throws: `NetworkError.interrupted`, `.prediction`. The caller has asked `plan.gradientRefusal`.
  func gradients(
    _ x: Matrix<Double>, _ y: Matrix<Double>, draw: Int = 0, interrupt: InterruptFlag?
  ) throws(NetworkError) -> Gradients {
    try plan.checkResultSize(examples: x.rows, operation: "backward")
    let m = x.rows
    let height = plan.panelHeight(examples: m)
    let workspace = Workspace<Scalar>(
      plan, capacity: height, needsGradients: true, needsInputGradient: true,
      interrupt: interrupt)
    workspace.draws.number = draw
    let panel = Arena<Scalar>()
    defer { panel.keepAlive() }
    let input = panel.allocate(height * plan.inputs)
    let target = panel.allocate(height * plan.outputs)
    let gradients = panel.allocate(plan.parameterCount)
    let scale = 1 / Scalar(m)
    var total: Scalar = 0
    var inputGradient: [Double] = []
    var recorder = TraceRecorder()
    var steepest = plan.layers.map { Array(repeating: 0.0, count: $0.layer.outputs) }
    var row = 0
    while row < m {
      if let interrupt, interrupt.isRaised { throw .interrupted }
      let rows = min(height, m - row)
      input.fill(from: x.rowSlice(row, rows))
      target.fill(from: y.rowSlice(row, rows))
      let y = target.part(0, rows * plan.outputs)
      workspace.forward(input, rows: rows, parameters: parameters, isTraining: true)
      if workspace.isCutShort { throw .interrupted }
      total += try workspace.lossSum(y, rows: rows, firstExample: row)
      workspace.backward(
        input, y, rows: rows, scale: scale, parameters: parameters, gradients: gradients,
        adds: row > 0, toInput: true)
      if workspace.isCutShort { throw .interrupted }
      workspace.outputGradient(y, rows: rows, scale: scale)
      inputGradient += workspace.inputGradient.part(0, rows * plan.inputs).doubles
      recorder.add(workspace, rows: rows, gradients: true)
      for l in plan.layers.indices {
        collectSlopes(layer: l, workspace.activated(l, input), rows: rows, into: &steepest[l])
      }
      row += rows
    }
    return Gradients(
      trace: recorder.trace(
        input: Matrix(rows: m, columns: plan.inputs, storage: inputGradient),
        sizes: plan.inputSizes),
      parameters: plan.parameterValues { gradients.part($0.lowerBound, $0.count).doubles },
      loss: Double(total * scale),
      units: zip(plan.layers, steepest).map {
        UnitHealth($0.layer.activation, steepestSlopes: $1)
      })
  }

  /// The largest |h′(z)| over the examples, unit by unit. Shape: `z: [rows, units]`.
  private func collectSlopes(
    layer l: Int, _ z: Buffer<Scalar>, rows: Int, into steepest: inout [Double]
  ) {
    guard let activation = plan.layers[l].layer.activation, UnitHealth.concerns(activation) else {
      return
    }
    let units = steepest.count
    for i in 0..<(rows * units) {
      let slope = activation.slope(Double(z[i]))
      let unit = i % units
      steepest[unit] = max(steepest[unit], slope.magnitude)
    }
  }
}

/// Collects the quantities of a run, panel by panel.
private struct TraceRecorder {
  private struct Recorded {
    let name: String
    let columns: Int
    let sizes: [Int]
    let member: FamilyMember?
    let isShared: Bool
    var entries: [Double]
  }

  private var layers: [[Recorded]] = []
  /// What comes out behind the last layer, where that is something else than it gives.
  private var sum: [Double]?

  /// Adds what the passes of a panel left: values, or gradients.
  mutating func add<Scalar: NetworkScalar>(
    _ workspace: Workspace<Scalar>, rows: Int, gradients: Bool = false
  ) {
    func entries(_ quantity: PassQuantity<Scalar>) -> [Double] {
      (gradients ? quantity.gradients : quantity.values)
        .part(0, (quantity.isShared ? 1 : rows) * quantity.columns).doubles
    }
    if workspace.plan.endsInSum {
      sum = (sum ?? []) + entries(workspace.output)
    }
    guard !layers.isEmpty else {
      layers = workspace.layers.map { layer in
        layer.passes.quantities.map {
          Recorded(
            name: $0.name, columns: $0.columns, sizes: $0.sizes, member: $0.member,
            isShared: $0.isShared, entries: entries($0))
        }
      }
      return
    }
    for (l, layer) in workspace.layers.enumerated() {
      for (q, quantity) in layer.passes.quantities.enumerated() where !quantity.isShared {
        layers[l][q].entries += entries(quantity)
      }
    }
  }

  func trace(input: Matrix<Double>, sizes: [Int]) -> Trace {
    Trace(
      input: input, inputSizes: sizes,
      layers: layers.map { quantities in
        quantities.map {
          Trace.Quantity(
            $0.name,
            Matrix(
              rows: $0.isShared ? 1 : input.rows, columns: $0.columns, storage: $0.entries),
            sizes: $0.sizes, member: $0.member, isShared: $0.isShared)
        }
      },
      sum: sum.map { Matrix(rows: input.rows, columns: $0.count / max(input.rows, 1), storage: $0) }
    )
  }
}

/// A mean loss and the share of right predictions, nil where accuracy has no meaning.
struct Score {
  var loss: Double
  var accuracy: Double?
}

extension Matrix<Double> {
  /// The elements of `count` rows from `start` on.
  func rowSlice(_ start: Int, _ count: Int) -> [Double] {
    start == 0 && count == rows
      ? storage : Array(storage[(start * columns)..<((start + count) * columns)])
  }
}
