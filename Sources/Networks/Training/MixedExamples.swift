import MatrixEngine

/// Examples of several sizes with their targets, for a network whose input has a free size: those of one size
/// together, and the layers laid out for them.
///
/// The parameters are the same for all sizes, so that every plan has them at the same places.
package struct MixedExamples: Sendable, Equatable {
  struct Group: Sendable, Equatable {
    let plan: NetworkPlan
    let x: Matrix<Double>
    let y: Matrix<Double>

    static func == (one: Group, other: Group) -> Bool { one.x == other.x && one.y == other.y }
  }

  /// Where an example lies.
  struct Place: Sendable, Hashable {
    let group: Int
    let row: Int
  }

  let groups: [Group]
  /// Of every example, in their order.
  let places: [Place]
  /// When a prediction counts as right, which the targets of all decide.
  let rule: AccuracyRule

  package var count: Int { places.count }

  /// What one size brings: the network laid out for it, the numbers of its examples among all, from 0, and these.
  package struct Part {
    let network: Network
    let numbers: [Int]
    let x: Matrix<Double>
    let y: Matrix<Double>

    package init(_ network: Network, numbers: [Int], x: Matrix<Double>, y: Matrix<Double>) {
      (self.network, self.numbers) = (network, numbers)
      (self.x, self.y) = (x, y)
    }
  }

  /// Throws: as `Network.loss` of each part; `NetworkError.wholeBatch` for a layer that looks at all examples together,
  /// or keeps averages over them; `.noExamples`.
  package init(_ parts: [Part]) throws(NetworkError) {
    guard let first = parts.first else { throw .noExamples }
    for part in parts { try part.network.check(part.x, part.y) }
    if let layer = first.network.layers.firstIndex(where: {
      $0.seesWholeBatch || $0.parameters.contains(where: \.isAverage)
    }) {
      throw .wholeBatch(layer: layer + 1, kind: first.network.layers[layer].kind)
    }
    groups = parts.map { Group(plan: $0.network.plan, x: $0.x, y: $0.y) }
    var places = Array(
      repeating: Place(group: 0, row: 0), count: parts.reduce(0) { $0 + $1.numbers.count })
    for (group, part) in parts.enumerated() {
      for (row, number) in part.numbers.enumerated() {
        places[number] = Place(group: group, row: row)
      }
    }
    self.places = places
    rule = AccuracyRule(first.network.plan, targets: .row(parts.flatMap(\.y.storage)))
  }
}

/// Passes over examples of several sizes, on memory allocated before they begin.
final class MixedPass<Scalar: NetworkScalar> {
  private struct Group {
    let workspace: Workspace<Scalar>
    let data: TrainingData<Scalar>
    /// A panel. Shape: `[capacity, n]`, `[capacity, k]`.
    let x: Buffer<Scalar>
    let y: Buffer<Scalar>
  }

  private let examples: MixedExamples
  private let groups: [Group]
  private let arena = Arena<Scalar>()
  private let interrupt: InterruptFlag?

  init(_ examples: MixedExamples, needsGradients: Bool, interrupt: InterruptFlag?) {
    self.examples = examples
    self.interrupt = interrupt
    let arena = arena
    groups = examples.groups.map { group in
      let capacity = group.plan.panelHeight(examples: group.x.rows)
      return Group(
        workspace: Workspace(
          group.plan, capacity: capacity, needsGradients: needsGradients, keepsQuantities: false,
          interrupt: interrupt),
        data: TrainingData(group.x, group.y, examples.rule, interrupt: interrupt),
        x: arena.allocate(capacity * group.plan.inputs),
        y: arena.allocate(capacity * group.plan.outputs))
    }
  }

  /// Loss and accuracy of some of the examples, by their numbers from 0, and, if asked, the gradients of their mean loss,
  /// from a pass in training; nil when interrupted.
  ///
  /// Throws: `NetworkError.prediction`.
  func score(
    _ numbers: some Sequence<Int>, parameters: Buffer<Scalar>, gradients: Buffer<Scalar>? = nil,
    draw: Int = 0
  ) throws(NetworkError) -> Score? {
    var rows = groups.map { _ in [Int]() }
    for number in numbers {
      let place = examples.places[number]
      rows[place.group].append(place.row)
    }
    let count = rows.reduce(0) { $0 + $1.count }
    let scale = 1 / Scalar(count)
    var (sum, hits, judged): (Scalar, Int, Int) = (0, 0, 0)
    var adds = false
    for (group, rows) in zip(groups, rows) {
      let (workspace, data) = (group.workspace, group.data)
      workspace.draws.number = draw
      judged += data.rule.total(Shape(rows.count, data.outputs))
      var start = 0
      while start < rows.count {
        if let interrupt, interrupt.isRaised { return nil }
        let panel = rows[start..<min(start + workspace.capacity, rows.count)]
        DenseKernels.gather(data.x, rows: panel, width: data.inputs, into: group.x)
        DenseKernels.gather(data.y, rows: panel, width: data.outputs, into: group.y)
        let y = group.y.part(0, panel.count * data.outputs)
        workspace.forward(
          group.x, rows: panel.count, parameters: parameters, isTraining: gradients != nil)
        if workspace.isCutShort { return nil }
        sum += try workspace.lossSum(y, rows: panel.count, firstExample: start)
        hits += data.hits(workspace, y, rows: panel.count)
        if let gradients {
          workspace.backward(
            group.x, y, rows: panel.count, scale: scale, parameters: parameters,
            gradients: gradients, adds: adds)
          if workspace.isCutShort { return nil }
          adds = true
        }
        start += panel.count
      }
    }
    return Score(
      loss: Double(sum * scale), accuracy: judged == 0 ? nil : Double(hits) / Double(judged))
  }

  /// The same of all of them.
  func score(parameters: Buffer<Scalar>) throws(NetworkError) -> Score? {
    try score(0..<examples.count, parameters: parameters)
  }
}

extension NetworkEngine {
  /// The same parameters on another plan that has them at the same places.
  fileprivate func laidOut(_ plan: NetworkPlan) -> NetworkEngine {
    let other = NetworkEngine(plan)
    other.write(numbers)
    return other
  }
}

extension Network {
  /// Loss, accuracy and confusion matrix of examples of several sizes. Throws: as `loss`.
  package func evaluate(_ examples: MixedExamples, interrupt: InterruptFlag? = nil)
    throws(NetworkError) -> Evaluation
  {
    let score = try score(examples, interrupt: interrupt)
    var confusion: Confusion?
    for group in examples.groups {
      guard var counts = confusion ?? Confusion(examples.rule, outputs: group.plan.outputs) else {
        break
      }
      try counts.add(predict(group, interrupt), group.y)
      confusion = counts
    }
    return Evaluation(
      loss: score.loss, accuracy: score.accuracy, confusion: confusion?.counts,
      examples: examples.count)
  }

  private func predict(_ group: MixedExamples.Group, _ interrupt: InterruptFlag?)
    throws(NetworkError) -> Matrix<Double>
  {
    switch engine {
    case .double(let engine):
      try engine.laidOut(group.plan).predict(group.x, interrupt: interrupt)
    case .float(let engine):
      try engine.laidOut(group.plan).predict(group.x, interrupt: interrupt)
    }
  }

  /// The mean loss of examples of several sizes, with a penalty on the weights. Throws: as that of examples of one size.
  package func loss(
    _ examples: MixedExamples, penalty: Penalty = .none, interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> Double {
    try penalty.check()
    return try score(examples, interrupt: interrupt).loss + value(of: penalty)
  }

  private func score(_ examples: MixedExamples, interrupt: InterruptFlag?) throws(NetworkError)
    -> Score
  {
    let score =
      switch engine {
      case .double(let engine):
        try MixedPass<Double>(examples, needsGradients: false, interrupt: interrupt)
          .score(parameters: engine.parameters)
      case .float(let engine):
        try MixedPass<Float>(examples, needsGradients: false, interrupt: interrupt)
          .score(parameters: engine.parameters)
      }
    guard let score else { throw .interrupted }
    return score
  }
}
