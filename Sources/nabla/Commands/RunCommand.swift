import ArgumentParser
import Display
import Glibc
import KernelServer
import Language
import Networks
import Session
import Synchronization

/// `nabla run`: a file of cells' text, run as one cell.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a .nabla file and print what its notebook would show.")

  @Argument(help: "The file.")
  var file: String

  func run() throws {
    let source: [UInt8]
    do {
      source = try File.read(file)
    } catch {
      throw ValidationError("\(error)")
    }
    let (text, encoding) = WrittenText.decode(source)
    if let encoding {
      File.print("\(file) is no UTF-8; it is read as \(encoding)\n", to: STDERR_FILENO)
    }
    // Paths in a cell begin at the folder of its file, as they do in a notebook.
    if let slash = file.lastIndex(of: "/"), chdir(String(file[...slash])) != 0 {
      throw ValidationError("cannot enter the folder of \(file)")
    }
    do {
      try MissingResource.checkMemory()
    } catch {
      throw ValidationError("\(error)")
    }
    // On a stack as large as the kernel's, so that a file means the same here and there.
    let outcome = Mutex<(result: CellResult, failure: File.Failure?)>((.success, nil))
    let thread = PlainThread(name: "evaluation", stackSize: Shell.stackSize) {
      let host = TerminalHost()
      let result = Session().execute(text, host: host)
      host.end()
      outcome.withLock { $0 = (result, host.failure) }
    }
    thread.join()
    let (result, failure) = outcome.withLock { $0 }
    if let failure {
      File.print("nabla: \(failure)\n", to: STDERR_FILENO)
      throw ExitCode.failure
    }
    if case .failure(let report) = result {
      let text = report.traceback.joined(separator: "\n") + "\n"
      File.print(Terminal.text(text, on: STDERR_FILENO), to: STDERR_FILENO)
      throw ExitCode.failure
    }
  }
}

/// Prints the plain text of what a cell emits, and reads input from the terminal.
private final class TerminalHost: CellHost {
  /// What changes while the cell runs, in the order in which it was first shown: paper shows the end of it.
  private var changing: [(identity: String, bundle: MIMEBundle)] = []
  /// Why something could not be written; what was lost is not to go unnoticed.
  private(set) var failure: File.Failure?

  func emit(_ output: CellOutput) {
    switch output {
    case .stream(.stdout, let text): print(text, to: STDOUT_FILENO)
    case .stream(.stderr, let text): print(text, to: STDERR_FILENO)
    case .display(let bundle, let identity?), .updateDisplay(let bundle, let identity):
      if let index = changing.firstIndex(where: { $0.identity == identity }) {
        changing[index].bundle = bundle
      } else {
        changing.append((identity, bundle))
      }
    case .display(let bundle, nil), .result(let bundle), .page(let bundle): print(bundle)
    case .clear: changing = []
    }
  }

  private func print(_ bundle: MIMEBundle) {
    if let text = bundle.data[MIMEType.plain]?.stringValue {
      print(text + "\n", to: STDOUT_FILENO)
    }
  }

  private func print(_ text: String, to descriptor: Int32) {
    do throws(File.Failure) {
      try File.write(Terminal.text(text, on: descriptor), to: descriptor)
    } catch {
      failure = failure ?? error
    }
  }

  /// The cell has ended.
  func end() {
    for display in changing { print(display.bundle) }
    changing = []
  }

  func readLine(prompt: String) throws(InputUnavailable) -> String? {
    print(prompt, to: STDOUT_FILENO)
    guard let line = Swift.readLine() else { throw InputUnavailable() }
    return line
  }
}
