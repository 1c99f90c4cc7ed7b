import Calculus
import MatrixEngine
import Notation

/// The perceptron rule, example by example.
package struct PerceptronHistory: Sendable, Equatable {
  /// What `train(…, rule = perceptron)` does where it is told nothing.
  package static let usualEpochs = 20
  package static let usualLearningRate = 1.0

  /// One presentation of an example: z before the update, b and w after it.
  package struct Row: Sendable, Equatable {
    package let epoch: Int
    package let example: Int
    package let z: Double
    package let output: Double
    package let target: Double
    /// target − output
    package let error: Double
    /// nil where there is none.
    package let bias: Double?
    package let weights: [Double]
    /// Whether z is the threshold but for rounding, and counts as on it.
    package let isTie: Bool
  }

  package internal(set) var rows: [Row] = []
  /// How many examples were wrong, epoch by epoch.
  package internal(set) var errors: [Int] = []
  /// Whether the last epoch had no error.
  package internal(set) var converged = false
  package internal(set) var outcome: TrainingOutcome = .completed
  package let learningRate: Double
}

extension Network {
  /// Trains a perceptron: w ← w + η(t − o)x, b ← b + η(t − o), examples in order, until an epoch
  /// has no error. What is frozen stays. Changes the network; every example that is wrong counts an update.
  ///
  /// Shape: `x: [m, n]`, `y: [m, 1]`.
  /// Throws: `NetworkError.notAPerceptron` for anything but one unit_step neuron; `.notAnOutput` for
  /// other targets; `.option`, `.tooManyRows`, `.inputShape`, `.targetShape`.
  /// Source: Rosenblatt (1958); lecture 3, "Perceptron".
  package func trainPerceptron(
    _ x: Matrix<Double>, _ y: Matrix<Double>, epochs: Int = PerceptronHistory.usualEpochs,
    learningRate: Double = PerceptronHistory.usualLearningRate,
    interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> PerceptronHistory {
    guard layers.count == 1, outputs == 1 else {
      throw .notAPerceptron(
        reason: "\(name) has \(layers.count.counted("layer")) and "
          + outputs.counted("output"))
    }
    guard let activation = plan.lastActivation, let threshold = activation.threshold else {
      throw .notAPerceptron(
        reason: "the activation of \(name) is \(plan.lastActivation?.name ?? "")")
    }
    try check(x, y)
    try LearningRate.constant(learningRate).check(layers: 1)
    guard epochs >= 0 else {
      throw .option(name: "epochs", value: "\(epochs)", expected: "a whole number, 0 or more")
    }
    let rowCount = Shape(epochs, x.rows).count
    guard rowCount <= TrainingOptions.mostRows else { throw .tooManyRows(rowCount) }
    let (low, high) = (threshold.low, threshold.high)
    let domain = Interval(lower: low, upper: high, isOpen: false, isPair: true)
    for (i, target) in y.storage.enumerated() where domain.excludes(target) {
      let given = Set(y.storage.filter(\.isFinite)).sorted().map { Number($0).text }
      throw .notAnOutput(
        example: i + 1, value: target, outputs: domain.words,
        help: given.count == 2
          ? "write outputs \(given[0]), \(given[1]) in its block, so that these are its outputs"
          : "its targets are what it can give; outputs -1, 1 in its block makes them signs")
    }
    let history: PerceptronHistory
    switch engine {
    case .double(let engine):
      history = engine.trainPerceptron(x, y, threshold, epochs, learningRate, interrupt)
    case .float(let engine):
      history = engine.trainPerceptron(x, y, threshold, epochs, learningRate, interrupt)
    }
    optimizerState = nil
    countUpdates(history.errors.reduce(0, +))
    return history
  }
}

extension NetworkEngine {
  fileprivate func trainPerceptron(
    _ x: Matrix<Double>, _ y: Matrix<Double>, _ threshold: Threshold, _ epochs: Int,
    _ learningRate: Double, _ interrupt: InterruptFlag?
  ) -> PerceptronHistory {
    let n = plan.inputs
    let rate = Scalar(learningRate)
    let unit = UnitStep(threshold: threshold)
    let hasBias = plan.parameterCount > n
    let moved = (0..<plan.parameterCount).filter { place in
      !plan.frozen.contains { $0.contains(place) }
    }
    var history = PerceptronHistory(learningRate: learningRate)
    for epoch in stride(from: 1, through: epochs, by: 1) {
      var wrong = 0
      let before = read(0..<plan.parameterCount)
      for i in 0..<x.rows {
        if let interrupt, interrupt.isRaised {
          // Back to the end of the last whole epoch.
          write(before, at: 0)
          history.rows.removeLast(i)
          history.outcome = .interrupted(epoch: epoch - 1)
          return history
        }
        // The bias comes last in memory and is added last, as in Z = X·W + b.
        let bias = hasBias ? parameters[n] : 0
        var z: Scalar = 0
        var largest = max(bias.magnitude, Scalar(threshold.value).magnitude)
        for j in 0..<n {
          let term = Scalar(x[i, j]) * parameters[j]
          z += term
          largest = max(largest, term.magnitude)
        }
        z += bias
        let isTie = z != Scalar(threshold.value) && threshold.isTie(z, largest: largest)
        if isTie { z = Scalar(threshold.value) }
        let output = unit.value(Double(z))
        let error = y[i, 0] - output
        if error != 0 {
          wrong += 1
          for j in moved { parameters[j] += rate * Scalar(error) * (j < n ? Scalar(x[i, j]) : 1) }
        }
        history.rows.append(
          PerceptronHistory.Row(
            epoch: epoch, example: i + 1, z: Double(z), output: output, target: y[i, 0],
            error: error, bias: hasBias ? Double(parameters[n]) : nil, weights: read(0..<n),
            isTie: isTie))
      }
      history.errors.append(wrong)
      if wrong == 0 {
        history.converged = true
        break
      }
    }
    return history
  }
}
