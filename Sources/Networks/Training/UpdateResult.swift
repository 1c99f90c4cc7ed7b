import MatrixEngine

/// What one `step` did.
package struct UpdateResult: Sendable {
  package let old: NetworkState
  package let new: NetworkState
  /// At the old weights.
  package let gradients: Gradients
  /// The mean loss at the old weights, and at the new.
  package let before: Double
  package let after: Double
  package let optimizer: Optimizer
  package let learningRate: LearningRate
  /// The bound of the gradients' norm, nil where there was none.
  package let clip: Double?
  /// The number of this update among those of the optimizer, from 1.
  package let number: Int
  /// What the bound multiplied the gradients by: 1 where it did nothing.
  package let clipFactor: Double

  init(
    old: NetworkState, new: NetworkState, gradients: Gradients, before: Double, after: Double,
    optimizer: Optimizer, learningRate: LearningRate, clip: Double?
  ) {
    self.old = old
    self.new = new
    self.gradients = gradients
    self.before = before
    self.after = after
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.clip = clip
    number = new.optimizerState?.count ?? 1
    let flat = gradients.parameters.joined().flatMap(\.value.storage)
    clipFactor = clip.map { old.plan.clipFactor(of: flat, $0) } ?? 1
  }

  /// What every line of the optimizer gave for every parameter, in the order of memory. Shape: `[lines][parameters]`.
  package var lines: [[Double]] {
    let flat = gradients.parameters.joined().flatMap(\.value.storage)
    return Network(old).lines(
      of: optimizer, gradients: clipFactor < 1 ? flat.map { clipFactor * $0 } : flat,
      rates: learningRate.rates(epoch: number - 1), new: new)
  }

  /// The learning rate of a layer, from 1.
  package func learningRate(layer: Int) -> Double {
    learningRate.rates(epoch: number - 1)[layer - 1]
  }

  /// Every entry of every parameter, in the order in which they lie in memory.
  package var changes: [ParameterChange] {
    var result: [ParameterChange] = []
    let (old, new) = (old.parameterValues, new.parameterValues)
    let kept = self.old.optimizerState.flatMap { $0.optimizer == optimizer ? $0.kept : nil }
    let count = self.old.plan.parameterCount
    let (lines, places) = (lines, optimizer.kept.indices)
    for (l, layer) in self.old.layers.enumerated() {
      for (position, parameter) in layer.parameters.enumerated() {
        let before = old[l][position].value.storage
        let gradient = gradients.parameters[l][position].value.storage
        let after = new[l][position].value.storage
        for i in before.indices {
          let index = result.count
          result.append(
            ParameterChange(
              place: parameter.place(i, layer: l + 1), offset: i, old: before[i],
              gradient: clipFactor * gradient[i], new: after[i], lines: lines.map { $0[index] },
              kept: places.map { kept?[$0 * count + index] ?? 0 }))
        }
      }
    }
    return result
  }

  /// Whether a parameter is one that updates leave as it is.
  package func keeps(_ place: ParameterPlace) -> Bool {
    old.layers[place.layer - 1].parameter(named: place.parameter)?.isFrozen ?? false
  }

  /// Whether a parameter is an average, which training moves and no gradient does.
  package func isAverage(_ place: ParameterPlace) -> Bool {
    old.layers[place.layer - 1].parameter(named: place.parameter)?.isAverage ?? false
  }

  /// The changes of parameters that are not frozen.
  private var moves: [ParameterChange] { changes.filter { !keeps($0.place) } }

  /// The change of largest magnitude, the first at ties.
  package var largest: ParameterChange? {
    moves.reduce(nil) { best, next in
      guard let best else { return next }
      return next.magnitude > best.magnitude ? next : best
    }
  }

  /// The change of smallest magnitude, the first at ties.
  package var smallest: ParameterChange? {
    moves.reduce(nil) { best, next in
      guard let best else { return next }
      return next.magnitude < best.magnitude ? next : best
    }
  }
}

/// One entry of a parameter before and after an update.
package struct ParameterChange: Sendable, Equatable {
  package let place: ParameterPlace
  /// Where it stands in its parameter, row by row from 0.
  package let offset: Int
  package let old: Double
  /// As the update used it, bounded.
  package let gradient: Double
  package let new: Double
  /// What the lines of the optimizer gave, in their order.
  package let lines: [Double]
  /// What it had kept before, in the order of its kept lines.
  package let kept: [Double]

  package var change: Double { new - old }
  package var magnitude: Double { change.magnitude }
}

extension Network {
  /// What the lines of an optimizer give from this network on, in double precision; what it keeps and the new
  /// parameters are those of the update that was made.
  fileprivate func lines(
    of optimizer: Optimizer, gradients: [Double], rates: UpdateRates, new: NetworkState
  ) -> [[Double]] {
    let state = state(of: optimizer)
    let arena = Arena<Double>()
    defer { arena.keepAlive() }
    let total = plan.parameterCount
    let old = arena.allocate(read(0..<total))
    let gradients = arena.allocate(gradients)
    let kept = arena.allocate(state.kept)
    let result = arena.allocate(total)
    let formulas = FormulaUpdate(lines: optimizer.lines, coefficients: optimizer.coefficients)
    var lines = optimizer.lines.map { _ in [Double]() }
    guard !optimizer.lines.dropLast().isEmpty else { return [new.parameters] }
    let all = UpdateStep(
      old: old, gradients: gradients, new: result, state: kept, number: state.count + 1,
      learningRate: rates[0])
    all.forEachRate(rates, plan) { part in
      for (line, values) in formulas.values(part).enumerated() { lines[line] += values }
    }
    lines[lines.count - 1] = new.parameters
    var place = 0
    for (line, value) in optimizer.lines.enumerated() where value.isKept {
      lines[line] = Array(new.optimizerState?.kept[(place * total)..<((place + 1) * total)] ?? [])
      place += 1
    }
    return lines
  }
}
