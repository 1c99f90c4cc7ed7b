import CLinux
import Glibc
import Synchronization

/// Turns the signals that a kernel gets into a count that the main thread reads.
///
/// The handlers run on whichever thread the system picks, the kernels' team among them, and do nothing but add
/// to an eventfd: 1 for an interrupt, 2³² for an end.
enum SignalWatch {
  enum Event: Sendable { case interrupt, terminate }

  private static let counter = Atomic<Int32>(-1)
  private static let termination: UInt64 = 1 << 32

  /// Installs the handlers and returns what to poll.
  static func install() -> Int32 {
    let descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    counter.store(descriptor, ordering: .releasing)
    var action = sigaction()
    action.sa_flags = SA_RESTART
    action.__sigaction_handler.sa_handler = { signal in
      let savedError = errno
      var amount = signal == SIGINT ? 1 : SignalWatch.termination
      write(SignalWatch.counter.load(ordering: .acquiring), &amount, 8)
      errno = savedError
    }
    for signal in [SIGINT, SIGTERM] { sigaction(signal, &action, nil) }
    // Who started the kernel by nohup wants it to outlive the terminal.
    var inherited = sigaction()
    sigaction(SIGHUP, nil, &inherited)
    let isIgnored = unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self) == 1
    if !isIgnored { sigaction(SIGHUP, &action, nil) }
    // A log that nobody reads must not end the kernel.
    signal(SIGPIPE, SIG_IGN)
    return descriptor
  }

  /// What has come in since the last call.
  static func events(in descriptor: Int32) -> [Event] {
    var count: UInt64 = 0
    while read(descriptor, &count, 8) < 0 {
      guard errno == EINTR else { return [] }
    }
    if count >= termination { return [.terminate] }
    return count > 0 ? [.interrupt] : []
  }
}
