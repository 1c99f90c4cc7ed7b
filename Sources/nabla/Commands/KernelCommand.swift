import ArgumentParser
import Glibc
import JupyterProtocol
import KernelServer
import Logging
import Session

/// `nabla kernel`: what Jupyter starts.
struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Serve a notebook. Jupyter starts this; people need not.")

  @Option(name: [.customLong("connection-file"), .customShort("f")], help: "Where to listen.")
  var connectionFile: String

  func run() throws {
    let connection: ConnectionFile
    do {
      connection = try ConnectionFile(json: try File.read(connectionFile))
    } catch {
      throw ValidationError("\(connectionFile): \(error)")
    }
    let logger = Logger(label: "nabla") { StreamLogHandler.standardError(label: $0) }
    do {
      try KernelProcess.run(
        connection, logger: logger, parent: Environment["JPY_PARENT_PID"],
        makeEvaluator: { Session(interrupt: $0) })
    } catch {
      logger.critical("\(error)")
      throw ExitCode.failure
    }
  }
}
