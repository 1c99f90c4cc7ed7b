import ArgumentParser
import KernelServer

/// `nabla install`: lets Jupyter know of the kernel.
struct InstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Let Jupyter know of the kernel, by a kernelspec.")

  @OptionGroup var location: KernelSpecLocation

  @Option(name: .customLong("display-name"), help: "The name in launchers.")
  var displayName: String?

  func run() throws {
    let folder = try location.folder
    let specification = try KernelSpec(
      executable: try File.executablePath, displayName: displayName)
    try File.makeFolder(folder)
    for (name, bytes) in specification.files {
      try File.write(bytes, to: "\(folder)/\(name)")
    }
    print("Installed the kernelspec \"\(location.name)\" in \(folder)")
  }
}

/// `nabla uninstall`: takes the kernelspec away.
struct UninstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uninstall", abstract: "Take the kernelspec away again.")

  @OptionGroup var location: KernelSpecLocation

  func run() throws {
    let folder = try location.folder
    guard try File.remove(KernelSpec.fileNames, in: folder) else {
      throw ValidationError("there is no kernelspec \"\(location.name)\" in \(folder)")
    }
    print("Removed the kernelspec \"\(location.name)\" from \(folder)")
  }
}
