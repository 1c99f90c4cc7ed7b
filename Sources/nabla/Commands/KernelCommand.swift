import ArgumentParser
import Glibc
import JupyterProtocol
import KernelServer
import Logging

/// `nabla kernel`: what Jupyter starts.
struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Serve a notebook. Jupyter starts this; people need not.")

  @Option(name: [.customLong("connection-file"), .customShort("f")], help: "Where to listen.")
  var connectionFile: String

  @Option(
    help: """
      The file that inputs are kept in; "none" keeps them as long as the kernel. The default is NABLA_HISTORY, \
      else nabla/history.sqlite where the user's data is.
      """)
  var history: String?

  func run() throws {
    let connection: ConnectionFile
    do {
      connection = try ConnectionFile(json: try File.read(connectionFile))
    } catch {
      throw ValidationError("\(connectionFile): \(error)")
    }
    let logger = Logger(label: "nabla") { StreamLogHandler.standardError(label: $0) }
    let historyPath = historyPath
    do {
      try KernelProcess.run(
        connection, language: NablaLanguage(), logger: logger,
        parent: Environment["JPY_PARENT_PID"],
        makeHistory: {
          guard let historyPath else { return MemoryHistory() }
          return try SQLiteHistory(path: historyPath)
        })
    } catch {
      logger.critical("\(error)")
      throw ExitCode.failure
    }
  }

  /// nil when the history is to last as long as the kernel.
  private var historyPath: String? {
    let standard = Environment.userData.map { "\($0)/nabla/history.sqlite" }
    guard let path = history ?? Environment["NABLA_HISTORY"] ?? standard, path != "none" else {
      return nil
    }
    return path
  }
}
