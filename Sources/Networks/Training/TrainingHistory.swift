/// How a training ended.
package enum TrainingOutcome: Sendable, Equatable {
  case completed
  /// The interrupt flag was raised; the network keeps what it was after the given epoch.
  case interrupted(epoch: Int)
  /// The loss had not fallen for some epochs before the given one.
  case early(epoch: Int)
  /// An observer ended it in the given epoch; the network keeps its updates so far.
  case stopped(epoch: Int)
  /// Loss or weights were no longer finite in the given epoch; the network keeps the last weights
  /// with a finite loss. `loss` is the value that stopped it.
  case notFinite(epoch: Int, loss: Double)
}

/// Loss and accuracy of the whole X, Y after epochs, 0 being before the first.
///
/// Invariant: the lists have equal lengths, but for those of a validation that there was not, which are empty; all
/// values belong to weights the network had.
package struct TrainingHistory: Sendable, Equatable {
  package internal(set) var epochs: [Int] = []
  package internal(set) var loss: [Double] = []
  /// nil where accuracy has no meaning (see LANGUAGE.md §6).
  package internal(set) var accuracy: [Double?] = []
  /// The same of the validation's examples, without a penalty.
  package internal(set) var validationLoss: [Double] = []
  package internal(set) var validationAccuracy: [Double?] = []
  /// The epoch whose weights were kept because they were the best; nil where nobody asked for the best.
  package internal(set) var best: Int?
  package internal(set) var outcome: TrainingOutcome = .completed
  /// How many updates of the weights were made and kept.
  package internal(set) var updates = 0
  package let optimizer: Optimizer
  package let learningRate: LearningRate
  package let penalty: Penalty
  package let clip: Double?
  /// From where each epoch's network can be had again.
  var memory: TrainingMemory

  init(_ options: TrainingOptions, _ memory: TrainingMemory) {
    self.memory = memory
    optimizer = options.optimizer
    learningRate = options.rate
    penalty = options.penalty
    clip = options.clip
  }

  mutating func append(epoch: Int, _ score: Score, validation: Score? = nil) {
    epochs.append(epoch)
    loss.append(score.loss)
    accuracy.append(score.accuracy)
    if let validation {
      validationLoss.append(validation.loss)
      validationAccuracy.append(validation.accuracy)
    }
  }
}
