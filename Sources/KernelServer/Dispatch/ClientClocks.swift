import JupyterProtocol
import Synchronization

/// When messages were sent, as this kernel's clock tells the time.
///
/// A header says it by its client's clock, which may be slow, fast or coarse. The shortest way that a message of
/// that client has taken so far tells how its clock stands to this one.
final class ClientClocks: Sendable {
  private struct State {
    /// The least difference, in microseconds, between the arrival here and the date there, by session.
    var offsets: [String: Int] = [:]
  }

  /// In microseconds.
  private static let longestWay = 10_000_000

  private let epoch = Monotonic.now
  private let state = Mutex(State())

  /// The latest moment at which a message may have been sent; nil when its header does not say.
  func sendingTime(of header: MessageHeader, arrival: ContinuousClock.Instant)
    -> ContinuousClock.Instant?
  {
    guard let date = header.date else { return nil }
    let arrived = (arrival - epoch).nanoseconds / 1_000
    let (difference, overflow) = arrived.subtractingReportingOverflow(date.microseconds)
    guard !overflow else { return nil }
    let offset = state.withLock { state in
      if let least = state.offsets[header.session], least <= difference { return least }
      // A bound for a kernel whose clients come and go for months.
      if state.offsets.count >= 1_000 { state.offsets.removeAll() }
      state.offsets[header.session] = difference
      return difference
    }
    let early = difference - offset - date.uncertainty
    guard early < Self.longestWay else {
      // No message travels that long: the client's clock was set.
      state.withLock { $0.offsets[header.session] = difference }
      return arrival
    }
    return early <= 0 ? arrival : arrival - .microseconds(early)
  }
}
