import Glibc
import Synchronization

/// Work of a thread of its own that nobody has to wait for: it goes on when its owner has given it up.
package final class DetachedWork: Sendable {
  private let outcome = Mutex<Int32?>(nil)
  private let body: @Sendable () -> Int32

  private init(_ body: @escaping @Sendable () -> Int32) { self.body = body }

  /// Begins it; where the system gives no thread, does it at once.
  package static func begin(_ body: @escaping @Sendable () -> Int32) -> DetachedWork {
    let work = DetachedWork(body)
    let retained = Unmanaged.passRetained(work)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<DetachedWork>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, retained.toOpaque())
    if failure != 0 {
      retained.release()
      work.run()
    }
    return work
  }

  private func run() {
    let code = body()
    outcome.withLock { $0 = code }
  }

  /// What it gave, if it ends within that time.
  package func result(waiting limit: Duration) -> Int32? {
    let clock = ContinuousClock()
    let end = clock.now + limit
    var pause: UInt32 = 50
    while true {
      if let code = outcome.withLock({ $0 }) { return code }
      guard clock.now < end else { return nil }
      usleep(pause)
      pause = min(2 * pause, 2_000)
    }
  }
}
