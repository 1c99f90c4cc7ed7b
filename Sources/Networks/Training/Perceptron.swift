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
    package let bias: Double
    package let weights: [Double]
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
  /// has no error. Changes the network; every example that changes the weights counts an update.
  ///
  /// Shape: `x: [m, n]`, `y: [m, 1]`.
  /// Throws: `NetworkError.notAPerceptron` for anything but one unit_step neuron and targets 0, 1;
  /// `.option`, `.tooManyRows`, `.inputShape`, `.targetShape`.
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
    guard let activation = plan.lastActivation, activation.meaning == .decisions else {
      throw .notAPerceptron(
        reason: "the activation of \(name) is \(plan.lastActivation?.name ?? "")")
    }
    guard layers[0].parameters.last?.naming == .bias else {
      throw .notAPerceptron(reason: "\(name) has no bias of its own")
    }
    try check(x, y)
    try TrainingOptions.check(learningRate: learningRate)
    guard epochs >= 0 else {
      throw .option(name: "epochs", value: "\(epochs)", expected: "a whole number, 0 or more")
    }
    let rowCount = Shape(epochs, x.rows).count
    guard rowCount <= TrainingOptions.mostRows else { throw .tooManyRows(rowCount) }
    for (i, target) in y.storage.enumerated() where target != 0 && target != 1 {
      throw .option(
        name: "the target of example \(i + 1)",
        value: target == target.rounded() && target.magnitude < 1e9
          ? "\(Int(target))" : "\(target)",
        expected: "0 or 1")
    }
    let history: PerceptronHistory
    switch engine {
    case .double(let engine):
      history = engine.trainPerceptron(x, y, activation, epochs, learningRate, interrupt)
    case .float(let engine):
      history = engine.trainPerceptron(x, y, activation, epochs, learningRate, interrupt)
    }
    countUpdates(history.errors.reduce(0, +))
    return history
  }
}

extension NetworkEngine {
  fileprivate func trainPerceptron(
    _ x: Matrix<Double>, _ y: Matrix<Double>, _ activation: Activation, _ epochs: Int,
    _ learningRate: Double, _ interrupt: InterruptFlag?
  ) -> PerceptronHistory {
    let n = plan.inputs
    let rate = Scalar(learningRate)
    var history = PerceptronHistory(learningRate: learningRate)
    for epoch in stride(from: 1, through: epochs, by: 1) {
      var wrong = 0
      for i in 0..<x.rows {
        if let interrupt, interrupt.isRaised {
          history.errors.append(wrong)
          history.outcome = .interrupted(epoch: epoch)
          return history
        }
        // The bias comes last in memory and is added last, as in Z = X·W + b.
        var z: Scalar = 0
        for j in 0..<n { z += Scalar(x[i, j]) * parameters[j] }
        z += parameters[n]
        let output = activation.value(Double(z))
        let error = y[i, 0] - output
        if error != 0 {
          wrong += 1
          for j in 0..<n { parameters[j] += rate * Scalar(error) * Scalar(x[i, j]) }
          parameters[n] += rate * Scalar(error)
        }
        history.rows.append(
          PerceptronHistory.Row(
            epoch: epoch, example: i + 1, z: Double(z), output: output, target: y[i, 0],
            error: error, bias: Double(parameters[n]), weights: read(0..<n)))
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
