import MatrixEngine

/// Looks on while a network is trained, and may end the training. Called on the training's thread, between two
/// updates; training waits meanwhile.
package protocol TrainingObserver: AnyObject {
  /// The least time from the end of one report to the next; asked for before each.
  var interval: Duration { get }

  /// How far training is. `network` has the parameters that it has reached; it is not to be changed.
  func observe(_ progress: TrainingProgress, of network: Network) -> TrainingWish
}

/// Whether an observer wants training to go on.
package enum TrainingWish: Sendable { case goOn, stop }

/// Where a training stands.
package struct TrainingProgress: Sendable, Equatable {
  /// How many epochs are over, of how many.
  package let epoch: Int
  package let epochs: Int
  /// How many examples have been presented, of all epochs together.
  package let examples: Int
  /// Of the latest batch, before its update; where a batch is all examples, of all with the present parameters.
  package let loss: Double
  /// Likewise; nil where accuracy has no meaning.
  package let accuracy: Double?
  /// The rows so far.
  package let history: TrainingHistory
}

/// Knows when an observer is to be told, and looks at the clock a few times an interval only, however short the
/// steps are: it counts them, and learns how many make a fitting part of the interval.
struct TrainingWatch {
  private let observer: any TrainingObserver
  private let network: Network
  private var interval: Duration
  /// Not before this moment.
  private var due: ContinuousClock.Instant
  private var lastLook: ContinuousClock.Instant
  /// After how many steps to look at the clock again.
  private(set) var stride = 1

  /// A step may take a thousand times longer than those before it; a training's end is never far.
  private static let longestStride = 1 << 16

  init(_ observer: any TrainingObserver, of network: Network) {
    self.observer = observer
    self.network = network
    interval = observer.interval
    lastLook = ContinuousClock.now
    due = lastLook + interval
  }

  /// Whether it is time for a report, `stride` steps after the last look.
  mutating func look() -> Bool {
    let now = ContinuousClock.now
    let elapsed = now - lastLook
    lastLook = now
    if elapsed < interval / 16 {
      stride = min(stride * 2, Self.longestStride)
    } else if elapsed > interval / 4 {
      stride = max(stride / 4, 1)
    }
    return now >= due
  }

  /// Tells the observer; true when it wants training to end.
  mutating func report(_ progress: TrainingProgress) -> Bool {
    let wish = observer.observe(progress, of: network)
    interval = observer.interval
    lastLook = ContinuousClock.now
    due = lastLook + interval
    return wish == .stop
  }
}

/// What is called with the examples and targets of a step. Shape: `[batch, n]`, `[batch, k]`.
package typealias BatchVisitor = (_ x: Matrix<Double>, _ y: Matrix<Double>) -> Void
