import CLinux
import Glibc
import JupyterProtocol
import Logging

/// The process that `nabla kernel` is: a server with signals, a watch on its parent and an exit code.
package struct KernelProcess {
  package var language: any KernelLanguage
  /// What it says of itself.
  package var information = KernelInfoReply.nabla
  package var logger: Logger
  /// The process to watch, as `JPY_PARENT_PID` declares it.
  package var parent: String?
  /// Whether a Jupyter server has started the kernel, which watches by a subscription of its own.
  package var isOfServer = false
  package var makeHistory: @Sendable () throws(HistoryError) -> any HistoryStore
  /// Where the kernel leaves a line should it crash, and finds those of earlier ones.
  package var crashFile: String?
  /// How long a launcher may take to acknowledge a registration.
  package var patience = Duration.seconds(10)
  /// Called with what other clients need to join a kernel that has found its ports by itself; returns what is
  /// to be done at the end.
  package var onRegistration: (ConnectionFile, _ kernelID: String) -> (() -> Void) = { _, _ in {} }

  package init(
    language: any KernelLanguage, logger: Logger, parent: String?,
    makeHistory: @escaping @Sendable () throws(HistoryError) -> any HistoryStore
  ) {
    self.language = language
    self.logger = logger
    self.parent = parent
    self.makeHistory = makeHistory
  }

  /// Serves until the kernel is told to end. Does not return.
  ///
  /// Throws: `ZeroMQError` when an address cannot be bound, `LauncherRegistration.Refusal`, `MissingResource`.
  package func run(_ startup: StartupFile) throws -> Never {
    try MissingResource.check()
    CrashReport.install(path: crashFile)
    let connection =
      switch startup {
      case .connection(let connection): connection
      case .registration(let registration): registration.connection
      }
    let news: (@Sendable () -> String?)? =
      if let crashFile { { CrashReport.takeNews(path: crashFile) } } else { nil }
    let server = try SocketServer(
      connection, language: language, information: information, logger: logger,
      launcherSubscriptions: isOfServer ? 1 : 0,
      news: news, makeHistory: makeHistory)
    let signals = SignalWatch.install()
    let parent = ParentWatch(environment: parent)
    var cleanUp: () -> Void = {}
    if case .registration(let registration) = startup {
      do {
        let isAcknowledged = try LauncherRegistration.register(
          server.connection, with: registration, patience: patience, polling: signals
        ) {
          SignalWatch.events(in: signals).contains(.terminate) || parent?.isParentGone ?? false
        }
        guard isAcknowledged else {
          server.close()
          _exit(0)
        }
      } catch {
        server.close()
        throw error
      }
      cleanUp = onRegistration(server.connection, registration.kernelID)
    }
    // What only the start and the first cells have used of the code is not to count as the kernel's memory for as long
    // as it lives.
    let start = Monotonic.now
    var forgetting = [start + .milliseconds(400), start + .seconds(3)][...]
    server.run(polling: signals) { server in
      if let moment = forgetting.first, Monotonic.now >= moment {
        forgetting.removeFirst()
        nabla_forget_code()
      }
      for event in SignalWatch.events(in: signals) {
        switch event {
        case .interrupt: server.interrupt()
        case .terminate: return false
        }
      }
      return !(parent?.isParentGone ?? false)
    }
    cleanUp()
    // A cell that does not end must not be met by the destructors of exit(3).
    fflush(nil)
    _exit(0)
  }
}
