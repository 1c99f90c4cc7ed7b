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
    /// The last date of each session.
    var dates: [String: Int] = [:]
  }

  /// In microseconds, as all numbers here.
  private static let second = 1_000_000
  private static let longestWay = 10_000_000

  private let epoch = Monotonic.now
  private let state = Mutex(State())

  /// The latest moment at which a message may have been sent; nil when its header does not say.
  ///
  /// A whole second comes from a clock that knows nothing finer, whatever zeros are written behind it, and a date
  /// that was there before from one that stands still: neither tells when a message was sent.
  func sendingTime(of header: MessageHeader, arrival: ContinuousClock.Instant)
    -> ContinuousClock.Instant?
  {
    guard let date = header.date else { return nil }
    let isNew = state.withLock { state in
      // A bound for a kernel whose clients come and go for months.
      if state.dates.count >= 1_000 { state.dates.removeAll() }
      return state.dates.updateValue(date.microseconds, forKey: header.session)
        != date.microseconds
    }
    guard isNew, !date.microseconds.isMultiple(of: Self.second) else { return nil }
    let arrived = (arrival - epoch).nanoseconds / 1_000
    let (difference, overflow) = arrived.subtractingReportingOverflow(date.microseconds)
    guard !overflow else { return nil }
    let offset = state.withLock { state in
      if let least = state.offsets[header.session], least <= difference { return least }
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
