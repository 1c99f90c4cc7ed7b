import Glibc
import JupyterProtocol
import Logging
import MatrixEngine

/// The process that `nabla kernel` is: a server with signals, a watch on its parent and an exit code.
package enum KernelProcess {
  /// Serves the connection file's sockets until the kernel is told to end. Does not return.
  package static func run(
    _ connection: ConnectionFile, language: any KernelLanguage, logger: Logger, parent: String?,
    makeHistory: @escaping @Sendable () throws -> any HistoryStore
  ) throws(ZeroMQError) -> Never {
    let server = try SocketServer(
      connection, language: language, logger: logger, makeHistory: makeHistory)
    let signals = SignalWatch.install()
    let parent = ParentWatch(environment: parent)
    server.run(polling: signals) { server in
      for event in SignalWatch.events(in: signals) {
        switch event {
        case .interrupt: server.interrupt()
        case .terminate: return false
        }
      }
      return !(parent?.isParentGone ?? false)
    }
    // A cell that does not end must not be met by the destructors of exit(3).
    fflush(nil)
    _exit(0)
  }
}
