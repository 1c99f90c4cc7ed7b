import MatrixEngine

/// The numbers of a network in one precision, and everything computed with them.
///
/// `Network` gives it the language's face; matrices cross here, in Double.
final class DenseEngine<Scalar: NetworkScalar> {
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

  /// Makes what an update wrote the parameters, or takes it back.
  @inline(__always)
  func swapParameters() { swap(&parameters, &spareParameters) }

  func read(_ places: Range<Int>) -> [Double] {
    parameters.part(places.lowerBound, places.count).doubles
  }

  func write(_ values: [Double], at start: Int) {
    parameters.part(start, values.count).fill(from: values)
  }
}

extension DenseEngine {
  /// The forward pass of all rows of x.
  ///
  /// Throws: `NetworkError.interrupted`, `.matrix(.tooLarge)`.
  func forward(_ x: Matrix<Double>, interrupt: InterruptFlag?) throws(NetworkError) -> ForwardPass {
    try plan.checkResultSize(examples: x.rows, operation: "forward")
    var z = plan.layers.map { _ in [Double]() }
    var a = z
    for l in plan.layers.indices {
      z[l].reserveCapacity(x.rows * plan.layers[l].units)
      a[l].reserveCapacity(x.rows * plan.layers[l].units)
    }
    try forEachPanel(x, interrupt) { workspace, rows in
      for l in plan.layers.indices {
        z[l] += workspace.layers[l].z.part(0, rows * plan.layers[l].units).doubles
        a[l] += workspace.layers[l].a.part(0, rows * plan.layers[l].units).doubles
      }
    }
    return ForwardPass(
      z: zip(plan.layers, z).map { Matrix(rows: x.rows, columns: $0.units, storage: $1) },
      a: [x] + zip(plan.layers, a).map { Matrix(rows: x.rows, columns: $0.units, storage: $1) })
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
      output += workspace.layers[plan.layers.count - 1].a.part(0, rows * plan.outputs).doubles
    }
    return Matrix(rows: x.rows, columns: plan.outputs, storage: output)
  }

  /// Runs the forward pass panel by panel and hands the workspace to the body after each.
  private func forEachPanel(
    _ x: Matrix<Double>, _ interrupt: InterruptFlag?, _ body: (Workspace<Scalar>, Int) -> Void
  ) throws(NetworkError) {
    let m = x.rows
    let height = plan.panelHeight(examples: m)
    let workspace = Workspace<Scalar>(
      plan, capacity: height, needsGradients: false, interrupt: interrupt)
    let panel = Arena<Scalar>()
    defer { panel.keepAlive() }
    let input = panel.allocate(height * plan.inputs)
    var row = 0
    while row < m {
      if let interrupt, interrupt.isRaised { throw .interrupted }
      let rows = min(height, m - row)
      input.fill(from: x.rowSlice(row, rows))
      workspace.forward(input, rows: rows, parameters: parameters)
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
    let workspace = Workspace<Scalar>(
      plan, capacity: plan.panelHeight(examples: x.rows), needsGradients: false,
      interrupt: interrupt)
    return try data.score(workspace, parameters: parameters)
  }

  /// The backward pass of all rows of x, y: gradients of the mean loss.
  ///
  /// Throws: `NetworkError.interrupted`, `.prediction`. The caller has asked `plan.gradientRefusal`.
  func gradients(_ x: Matrix<Double>, _ y: Matrix<Double>, interrupt: InterruptFlag?)
    throws(NetworkError) -> Gradients
  {
    try plan.checkResultSize(examples: x.rows, operation: "backward")
    let m = x.rows
    let height = plan.panelHeight(examples: m)
    let workspace = Workspace<Scalar>(
      plan, capacity: height, needsGradients: true, needsInputGradient: true,
      interrupt: interrupt)
    let panel = Arena<Scalar>()
    defer { panel.keepAlive() }
    let input = panel.allocate(height * plan.inputs)
    let target = panel.allocate(height * plan.outputs)
    let gradients = panel.allocate(plan.parameterCount)
    let scale = 1 / Scalar(m)
    var total: Scalar = 0
    var inputGradient: [Double] = []
    var gradientZ = plan.layers.map { _ in [Double]() }
    var gradientA = gradientZ
    var steepest = plan.layers.map { Array(repeating: 0.0, count: $0.units) }
    var row = 0
    while row < m {
      if let interrupt, interrupt.isRaised { throw .interrupted }
      let rows = min(height, m - row)
      input.fill(from: x.rowSlice(row, rows))
      target.fill(from: y.rowSlice(row, rows))
      let y = target.part(0, rows * plan.outputs)
      workspace.forward(input, rows: rows, parameters: parameters)
      if workspace.isCutShort { throw .interrupted }
      total += try workspace.lossSum(y, rows: rows, firstExample: row)
      workspace.backward(
        input, y, rows: rows, scale: scale, parameters: parameters, gradients: gradients,
        adds: row > 0, toInput: true)
      if workspace.isCutShort { throw .interrupted }
      workspace.outputGradient(y, rows: rows, scale: scale)
      inputGradient += workspace.inputGradient.part(0, rows * plan.inputs).doubles
      for l in plan.layers.indices {
        let count = rows * plan.layers[l].units
        gradientZ[l] += workspace.layers[l].gradientZ.part(0, count).doubles
        gradientA[l] += workspace.layers[l].gradientA.part(0, count).doubles
        collectSlopes(layer: l, workspace.layers[l], rows: rows, into: &steepest[l])
      }
      row += rows
    }
    let layers = plan.layers.indices
    return Gradients(
      weights: layers.map { l in
        let layer = plan.layers[l]
        return Matrix(
          rows: layer.inputs, columns: layer.units,
          storage: gradients.part(layer.weightStart, layer.inputs * layer.units).doubles)
      },
      biases: layers.map {
        gradients.part(plan.layers[$0].biasStart, plan.layers[$0].units).doubles
      },
      z: layers.map { Matrix(rows: m, columns: plan.layers[$0].units, storage: gradientZ[$0]) },
      a: [Matrix(rows: m, columns: plan.inputs, storage: inputGradient)]
        + layers.map { Matrix(rows: m, columns: plan.layers[$0].units, storage: gradientA[$0]) },
      loss: Double(total * scale),
      units: zip(plan.layers, steepest).map { UnitHealth($0.activation, steepestSlopes: $1) })
  }

  /// The largest |h′(z)| over the examples, unit by unit.
  private func collectSlopes(
    layer l: Int, _ layer: Workspace<Scalar>.Layer, rows: Int, into steepest: inout [Double]
  ) {
    let activation = plan.layers[l].activation
    guard activation.isElementwise, UnitHealth.concerns(activation) else { return }
    for i in 0..<(rows * layer.units) {
      let slope = (try? activation.derivative(Double(layer.z[i]))) ?? 0
      steepest[i % layer.units] = max(steepest[i % layer.units], slope.magnitude)
    }
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
