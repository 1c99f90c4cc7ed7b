import Glibc
import JupyterProtocol
import Logging
import Synchronization

/// Writes log messages to a descriptor on a thread of its own: where nobody reads them, they wait there, and
/// not the threads that have something to say.
package final class BackgroundLog: Sendable {
  /// More lines than these are not kept waiting.
  private static let most = 1_000

  private struct State {
    var lines: [String] = []
    var dropped = 0
    var thread: PlainThread?
  }

  private let descriptor: Int32
  private let state = Mutex(State())
  private let signal = WakeSignal()

  package init(descriptor: Int32 = STDERR_FILENO) { self.descriptor = descriptor }

  /// A logger whose messages go here.
  package func logger(_ label: String) -> Logger {
    Logger(label: label) { Handler(label: $0, log: self) }
  }

  fileprivate func write(_ line: String) {
    state.withLock { state in
      if state.lines.count >= Self.most {
        state.dropped += 1
      } else {
        if state.dropped > 0 {
          state.lines.append("(\(state.dropped) messages were left out)\n")
          state.dropped = 0
        }
        state.lines.append(line)
      }
      // Most kernels have nothing to say.
      if state.thread == nil {
        state.thread = PlainThread(name: "log", stackSize: 1 << 18) { [self] in run() }
      }
    }
    signal.raise()
  }

  private func run() {
    while true {
      signal.wait()
      signal.clear()
      let lines = state.withLock { state in
        defer { state.lines = [] }
        return state.lines
      }
      for line in lines { write(Array(line.utf8)) }
    }
  }

  private func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  private struct Handler: LogHandler {
    let label: String
    let log: BackgroundLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      log.write("\(Timestamp.now.iso8601) \(event.level) \(label): \(event.message)\n")
    }
  }
}
