import Calculus
import MatrixEngine

/// The options of `train`.
package struct TrainingOptions: Sendable {
  package var epochs: Int
  /// nil is the optimizer's default.
  package var learningRate: LearningRate?
  /// nil is all examples at once.
  package var batchSize: Int?
  package var optimizer: Optimizer
  /// Whether each epoch draws a new order; not used when a batch is all examples.
  package var shuffle: Bool
  /// The history keeps every so many epochs, and the last.
  package var every: Int
  /// What loss and gradients contain besides.
  package var penalty: Penalty
  /// The largest norm that the gradients of an update may have; nil is any.
  package var clip: Double?
  /// Examples and targets that are looked at and not trained on. Shape: `[p, n]`, `[p, k]`.
  package var validation: (x: Matrix<Double>, y: Matrix<Double>)?
  /// Training ends when the loss, that of the validation where there is one, has not fallen for so many epochs; the
  /// best weights are kept. nil is never.
  package var patience: Int?
  /// The history keeps the weights every so many epochs; nil is as often as there is room for.
  package var keep: Int?

  package init(
    epochs: Int = 100, learningRate: LearningRate? = nil, batchSize: Int? = nil,
    optimizer: Optimizer = .sgd, shuffle: Bool = true, every: Int = 1, penalty: Penalty = .none,
    clip: Double? = nil, validation: (x: Matrix<Double>, y: Matrix<Double>)? = nil,
    patience: Int? = nil, keep: Int? = nil
  ) {
    self.epochs = epochs
    self.learningRate = learningRate
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.shuffle = shuffle
    self.every = every
    self.penalty = penalty
    self.clip = clip
    self.validation = validation
    self.patience = patience
    self.keep = keep
  }

  /// The learning rate, or the optimizer's own.
  var rate: LearningRate { learningRate ?? .constant(optimizer.defaultLearningRate) }

  /// What `train` does where it is told nothing.
  package static let usual = TrainingOptions()

  /// The most rows a history may have.
  package static let mostRows = 5_000_000

  /// Throws: `NetworkError.option` for a value that makes no sense; `.tooManyRows`.
  func check(layers: Int) throws(NetworkError) {
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
    if let patience, patience < 1 {
      throw .option(name: "patience", value: "\(patience)", expected: "a whole number, 1 or more")
    }
    if let keep, keep < 1 {
      throw .option(name: "keep", value: "\(keep)", expected: "a whole number, 1 or more")
    }
    try checkUpdates(layers: layers)
    guard epochs / every < TrainingOptions.mostRows else { throw .tooManyRows(epochs / every) }
  }

  /// Of a single update. Throws: as `check`.
  func checkUpdates(layers: Int) throws(NetworkError) {
    try rate.check(layers: layers)
    try penalty.check()
    if let clip, !(clip > 0) {
      throw .option(name: "clip", value: Number(clip).text, expected: "a number above 0")
    }
  }
}
