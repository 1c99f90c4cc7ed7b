import JupyterProtocol

/// Which cells a failed cell takes with it: those that its client sent before it could know of the failure.
///
/// A front end sends the cells of a "Run All" at once, so when one fails, some wait in the queue and some
/// may still be on their way. The latter are told from cells sent later by the date in their header. Cells of
/// other clients have nothing to do with it.
package struct FailureRule: Sendable {
  /// How long after a failure cells sent before it may arrive.
  static let window = Duration.milliseconds(100)

  /// When a cell of each client failed last, by its session.
  private var failures: [String: ContinuousClock.Instant] = [:]

  package init() {}

  /// A cell with `stop_on_error` has failed, and nobody has been told yet.
  package mutating func cellFailed(
    of session: String, at moment: ContinuousClock.Instant = Monotonic.now
  ) {
    // A bound for a kernel whose clients come and go for months.
    if failures.count >= 1_000 { failures.removeAll() }
    failures[session] = moment
  }

  /// Whether a cell is not to run any more; `sent` is nil where nobody knows.
  package func aborts(
    _ session: String, arrival: ContinuousClock.Instant, sent: ContinuousClock.Instant?
  ) -> Bool {
    guard let failure = failures[session] else { return false }
    if arrival <= failure { return true }
    guard let sent, arrival <= failure + Self.window else { return false }
    return sent < failure
  }
}
