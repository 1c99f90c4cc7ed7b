/// How a training ended.
package enum TrainingOutcome: Sendable, Equatable {
  case completed
  /// The interrupt flag was raised in the given epoch; the network keeps its updates so far.
  case interrupted(epoch: Int)
  /// An observer ended it in the given epoch; the network keeps its updates so far.
  case stopped(epoch: Int)
  /// Loss or weights were no longer finite in the given epoch; the network keeps the last weights
  /// with a finite loss. `loss` is the value that stopped it.
  case notFinite(epoch: Int, loss: Double)
}

/// Loss and accuracy of the whole X, Y after epochs, 0 being before the first.
///
/// Invariant: the three lists have equal lengths; all values belong to weights the network had.
package struct TrainingHistory: Sendable, Equatable {
  package internal(set) var epochs: [Int] = []
  package internal(set) var loss: [Double] = []
  /// nil where accuracy has no meaning (see LANGUAGE.md §6).
  package internal(set) var accuracy: [Double?] = []
  package internal(set) var outcome: TrainingOutcome = .completed
  /// How many updates of the weights were made and kept.
  package internal(set) var updates = 0
  package let optimizer: Optimizer
  package let learningRate: Double

  init(optimizer: Optimizer, learningRate: Double) {
    self.optimizer = optimizer
    self.learningRate = learningRate
  }

  mutating func append(epoch: Int, _ score: Score) {
    epochs.append(epoch)
    loss.append(score.loss)
    accuracy.append(score.accuracy)
  }
}
