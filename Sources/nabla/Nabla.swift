import ArgumentParser
import KernelServer

@main
struct Nabla: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nabla",
    abstract: "A Jupyter kernel that lets you see inside a small neural network.",
    version: "nabla \(NablaVersion.text)",
    subcommands: [
      KernelCommand.self, InstallCommand.self, UninstallCommand.self, RunCommand.self,
      FormatCommand.self, ReferenceCommand.self,
    ])

  static func main() {
    main(CommandLine.arguments.isEmpty ? ProcessArguments.onStack : nil)
  }
}
