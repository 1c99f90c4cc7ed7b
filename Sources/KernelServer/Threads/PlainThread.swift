import CLinux
import Glibc
import MatrixEngine

/// A POSIX thread with a name and a stack of a given size.
///
/// Not a task: Swift's cooperative pool must never block, and these threads do little else.
package final class PlainThread: Sendable {
  private let finished: WakeSignal

  /// Starts a thread that the kernel cannot do without. Where the system refuses so large a stack, it gets the
  /// largest half, quarter… of it that can be had.
  package init(name: String, stackSize: Int = 1 << 20, _ body: @escaping @Sendable () -> Void) {
    guard let finished = Self.started(name: name, stackSize: stackSize, body) else {
      preconditionFailure("the system has no room for another thread")
    }
    self.finished = finished
  }

  /// The same for one that it can do without; nil when there is no room for it.
  package init?(
    trying name: String, stackSize: Int = 1 << 20, _ body: @escaping @Sendable () -> Void
  ) {
    guard let finished = Self.started(name: name, stackSize: stackSize, body) else { return nil }
    self.finished = finished
  }

  /// What is raised at the end of the thread; nil when none could be started.
  private static func started(
    name: String, stackSize: Int, _ body: @escaping @Sendable () -> Void
  ) -> WakeSignal? {
    let finished = WakeSignal()
    let work = Work {
      pthread_setname_np(pthread_self(), String(name.prefix(15)))
      let stack = SignalStack()
      body()
      stack.remove()
      finished.raise()
    }
    // Where the address space is limited, a stack is no reason that nothing else finds room.
    var size = MemoryBudget.stackSize(stackSize)
    while size >= 1 << 16 {
      if start(work, stackSize: size) { return finished }
      size /= 2
    }
    return nil
  }

  /// Waits until the thread has ended; false when the time ran out.
  @discardableResult
  package func join(milliseconds: Int? = nil) -> Bool { finished.wait(milliseconds: milliseconds) }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func start(_ work: Work, stackSize: Int) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let retained = Unmanaged.passRetained(work)
    var thread = pthread_t()
    let result = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, retained.toOpaque())
    if result != 0 { retained.release() }
    return result == 0
  }
}
