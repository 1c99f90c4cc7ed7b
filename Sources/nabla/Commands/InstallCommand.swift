import ArgumentParser
import KernelServer

/// `nabla install`: lets Jupyter know of the kernel, and JupyterLab of the language.
struct InstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install",
    abstract: "Let Jupyter know of the kernel, and JupyterLab colour its cells.")

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
    let colours = "\(try location.data)/\(LabExtension.folder)"
    try File.makeFolder("\(colours)/static")
    for (name, bytes) in LabExtension().files { try File.write(bytes, to: "\(colours)/\(name)") }
    print("Installed the colours for JupyterLab in \(colours)")
  }
}

/// `nabla uninstall`: takes the kernelspec away.
struct UninstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uninstall", abstract: "Take away again what install has brought.")

  @OptionGroup var location: KernelSpecLocation

  func run() throws {
    let folder = try location.folder
    guard try File.remove(KernelSpec.fileNames, in: folder) else {
      throw ValidationError("there is no kernelspec \"\(location.name)\" in \(folder)")
    }
    print("Removed the kernelspec \"\(location.name)\" from \(folder)")
    // Another kernelspec of this Jupyter goes on with the colours.
    guard try !location.hasOthers else { return }
    let colours = "\(try location.data)/\(LabExtension.folder)"
    _ = try File.remove(LabExtension.scripts, in: "\(colours)/static")
    if try File.remove([LabExtension.manifest], in: colours) {
      print("Removed the colours for JupyterLab from \(colours)")
    }
  }
}
