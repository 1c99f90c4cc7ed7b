import ArgumentParser
import Glibc
import JupyterProtocol
import KernelServer
import Logging

/// `nabla kernel`: what Jupyter starts.
struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Serve a notebook. Jupyter starts this; people need not.")

  @Option(
    name: [.customLong("connection-file"), .customShort("f")],
    help: "Where to listen, or whom to tell: a connection or a registration file.")
  var connectionFile: String

  @Option(
    name: .customLong("registration-timeout"),
    help: "How many seconds the launcher has to acknowledge a registration.")
  var registrationTimeout = 10.0

  @Option(
    help: """
      The file that inputs are kept in; "none" keeps them as long as the kernel. The default is NABLA_HISTORY, \
      else nabla/history.sqlite where the user's data is.
      """)
  var history: String?

  @Option(help: "The lexer of Pygments that colours the pages of notebooks.")
  var lexer = "julia"

  @Argument(parsing: .allUnrecognized, help: .hidden)
  var unknown: [String] = []

  func run() throws {
    let startup: StartupFile
    do {
      startup = try StartupFile(json: try File.read(connectionFile))
    } catch {
      throw ValidationError("\(connectionFile): \(error)")
    }
    let logger = BackgroundLog().logger("nabla")
    // Clients put their own words behind the kernelspec's, as `jupyter run` does with a file's name.
    if !unknown.isEmpty {
      logger.warning("passed over: \(unknown.joined(separator: " "))")
    }
    let historyPath = historyPath
    var process = KernelProcess(
      language: NablaLanguage(), logger: logger, parent: Environment["JPY_PARENT_PID"],
      makeHistory: { () throws(HistoryError) in
        guard let historyPath else { return MemoryHistory() }
        return try SQLiteHistory(path: historyPath)
      })
    process.information = .nabla(lexer: lexer)
    process.crashFile = historyPath.map { path in
      path.lastIndex(of: "/").map { "\(path[...$0])crashes.txt" } ?? "crashes.txt"
    }
    // Source: jupyter_server, sessionmanager.py.
    process.isOfServer = Environment["JPY_SESSION_NAME"] != nil
    process.patience = .seconds(registrationTimeout)
    process.onRegistration = Self.leaveConnectionFile
    do {
      try process.run(startup)
    } catch {
      // Not by the log, which may not have the time to say it.
      File.print("nabla: \(error)\n", to: STDERR_FILENO)
      throw ExitCode.failure
    }
  }

  /// Writes where the kernel listens into Jupyter's runtime folder, for clients that join later. What cannot be
  /// written costs those clients, not the kernel.
  private static func leaveConnectionFile(_ connection: ConnectionFile, kernelID: String)
    -> () -> Void
  {
    let isPlain = kernelID.utf8.allSatisfy { $0 != UInt8(ascii: "/") && $0 != 0 }
    guard isPlain, let folder = Environment.jupyterRuntime else { return {} }
    let path = "\(folder)/kernel-\(kernelID).json"
    try? File.makeFolder(folder)
    try? File.write(connection.json, to: path, permissions: 0o600)
    return { File.remove(path) }
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
