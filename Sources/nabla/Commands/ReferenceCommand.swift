import ArgumentParser
import Glibc

/// `nabla reference`: the notebook of the language, from the registries.
struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Print the reference of the language as a notebook: every word with an example.")

  func run() throws {
    try File.write(String(decoding: ReferenceNotebook.bytes, as: UTF8.self), to: STDOUT_FILENO)
  }
}
