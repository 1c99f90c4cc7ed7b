import MatrixEngine

/// The options of `train`.
package struct TrainingOptions: Sendable {
  package var epochs: Int
  /// nil is the optimizer's default.
  package var learningRate: Double?
  /// nil is all examples at once.
  package var batchSize: Int?
  package var optimizer: Optimizer
  /// Whether each epoch draws a new order; not used when a batch is all examples.
  package var shuffle: Bool
  /// The history keeps every so many epochs, and the last.
  package var every: Int

  package init(
    epochs: Int = 100, learningRate: Double? = nil, batchSize: Int? = nil,
    optimizer: Optimizer = .sgd, shuffle: Bool = true, every: Int = 1
  ) {
    self.epochs = epochs
    self.learningRate = learningRate
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.shuffle = shuffle
    self.every = every
  }

  /// What `train` does where it is told nothing.
  package static let usual = TrainingOptions()

  /// The most rows a history may have.
  package static let mostRows = 5_000_000

  /// Throws: `NetworkError.option` for a value that makes no sense; `.tooManyRows`.
  func check() throws(NetworkError) {
    guard epochs >= 0 else {
      throw .option(name: "epochs", value: "\(epochs)", expected: "a whole number, 0 or more")
    }
    guard every >= 1 else {
      throw .option(name: "every", value: "\(every)", expected: "a whole number, 1 or more")
    }
    if let batchSize, batchSize < 1 {
      throw .option(
        name: "batch_size", value: "\(batchSize)", expected: "a whole number, 1 or more")
    }
    try TrainingOptions.check(learningRate: learningRate)
    guard epochs / every < TrainingOptions.mostRows else { throw .tooManyRows(epochs / every) }
  }

  static func check(learningRate: Double?) throws(NetworkError) {
    if let learningRate, !learningRate.isFinite {
      throw .option(name: "learning_rate", value: "\(learningRate)", expected: "a finite number")
    }
  }
}
