import JupyterProtocol

/// Which cells a failed cell takes with it: those that were sent before the client could know of it.
///
/// A front end sends the cells of a "Run All" at once, so when one fails, some wait in the queue and some
/// may still be on their way. The latter are told from cells sent later by the date in their header.
package struct FailureRule: Sendable {
  /// How long after a failure cells sent before it may arrive.
  static let window = Duration.milliseconds(100)

  private var failure: (moment: ContinuousClock.Instant, date: Timestamp)?

  package init() {}

  /// A cell with `stop_on_error` has failed, and nobody has been told yet.
  package mutating func cellFailed(
    at moment: ContinuousClock.Instant = Monotonic.now, date: Timestamp = .now
  ) {
    failure = (moment, date)
  }

  /// Whether a cell is not to run any more.
  package func aborts(arrival: ContinuousClock.Instant, date: Timestamp?) -> Bool {
    guard let failure else { return false }
    if arrival <= failure.moment { return true }
    guard let date, arrival <= failure.moment + Self.window else { return false }
    return date < failure.date
  }
}
