import MatrixEngine

/// Examples and targets in a network's precision. Shape: `x: [m, n]`, `y: [m, k]`.
final class TrainingData<Scalar: NetworkScalar> {
  let count: Int
  let inputs: Int
  let outputs: Int
  let x: Buffer<Scalar>
  let y: Buffer<Scalar>
  let rule: AccuracyRule
  private let arena = Arena<Scalar>()

  /// Copies the examples. When the flag is raised meanwhile the copy is not complete; every loop
  /// over it looks at the flag first.
  init(
    _ x: Matrix<Double>, _ y: Matrix<Double>, _ rule: AccuracyRule, interrupt: InterruptFlag?
  ) {
    count = x.rows
    inputs = x.columns
    outputs = y.columns
    self.x = arena.allocate(x.storage.count)
    self.y = arena.allocate(y.storage.count)
    self.x.fill(from: x.storage, interrupt: interrupt)
    self.y.fill(from: y.storage, interrupt: interrupt)
    self.rule = rule
  }

  /// The mean loss and the accuracy, panel by panel.
  ///
  /// Throws: `NetworkError.interrupted`, `.prediction`.
  func score(
    _ workspace: Workspace<Scalar>, parameters: Buffer<Scalar>, isTraining: Bool = false
  ) throws(NetworkError) -> Score {
    if let dense = workspace.dense {
      return try score(dense, parameters: parameters, workspace.interrupt)
    }
    var total: Scalar = 0
    var hits = 0
    var row = 0
    while row < count {
      if workspace.isInterrupted { throw .interrupted }
      let rows = min(workspace.capacity, count - row)
      let targets = y.part(row * outputs, rows * outputs)
      workspace.forward(
        x.part(row * inputs, rows * inputs), rows: rows, parameters: parameters,
        isTraining: isTraining)
      if workspace.isCutShort { throw .interrupted }
      total += try workspace.lossSum(targets, rows: rows, firstExample: row)
      hits += self.hits(workspace, targets, rows: rows)
      row += rows
    }
    return score(sum: total, hits: hits)
  }

  /// The same in one call, for who looks at nothing on the way.
  func score(
    _ dense: DensePass<Scalar>, parameters: Buffer<Scalar>, _ interrupt: InterruptFlag?
  ) throws(NetworkError) -> Score {
    if let interrupt, interrupt.isRaised { throw .interrupted }
    dense.count(rule.hits)
    guard
      let found = dense.run(
        x, y, rows: count, parameters: parameters, gradients: nil, scale: 1 / Double(count))
    else { throw .interrupted }
    return score(sum: Scalar(found.sum), hits: found.hits)
  }

  /// How many predictions of the panel are right, after `forward`.
  @inline(__always)
  func hits(_ workspace: Workspace<Scalar>, _ targets: Buffer<Scalar>, rows: Int) -> Int {
    guard rule != .none else { return 0 }
    return rule.hits(workspace.output.values.part(0, rows * outputs), targets)
  }

  @inline(__always)
  func score(sum: Scalar, hits: Int) -> Score {
    let total = rule.total(Shape(count, outputs))
    return Score(
      loss: Double(sum * (1 / Scalar(count))),
      accuracy: total == 0 ? nil : Double(hits) / Double(total))
  }
}
