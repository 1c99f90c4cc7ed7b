import ArgumentParser
import Glibc
import Language
import Session
import Syntax

/// `nabla format`: lays files of cells' text out anew.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "format",
    abstract: "Lay .nabla files out: indentation, spaces around signs, columns.",
    discussion:
      "No line is broken or joined, and what a program means stays as it is. A file that cannot be read as a program stays as it is too; the exit status tells."
  )

  @Flag(help: "Change nothing; tell which files would change, and fail if there are any.")
  var check = false

  @Argument(help: "The files; - is the standard input, which goes to the output.")
  var files: [String]

  func validate() throws {
    if files.isEmpty { throw ValidationError("name a file, or - for the standard input") }
  }

  func run() throws {
    var isGood = true
    let layers = Session().snapshot.layerWords
    for file in files {
      do {
        let text = String(decoding: try File.read(file == "-" ? "/dev/stdin" : file), as: UTF8.self)
        let laidOut = try formatted(text, layers)
        if check {
          guard laidOut != text else { continue }
          isGood = false
          print(file)
        } else if file == "-" {
          File.print(laidOut, to: STDOUT_FILENO)
        } else if laidOut != text {
          try File.write(Array(laidOut.utf8), to: file)
        }
      } catch {
        isGood = false
        File.print("\(file): \(error)\n", to: STDERR_FILENO)
      }
    }
    if !isGood { throw ExitCode.failure }
  }

  /// A mistake with its line, as compilers name them.
  private struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  private func formatted(_ text: String, _ layers: [LayerWord]) throws(Unreadable) -> String {
    do {
      let laidOut = try SourceFormatter.formatted(text, layers: layers)
      return laidOut.isEmpty || laidOut.utf8.last == UInt8(ascii: "\n") ? laidOut : laidOut + "\n"
    } catch {
      let line = SourceText(text).line(at: error.span?.start ?? 0)
      throw Unreadable(description: "line \(line): \(error.name.rawValue): \(error.message)")
    }
  }
}
