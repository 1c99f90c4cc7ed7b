import ArgumentParser
import Glibc
import JSONText

/// Where a kernelspec is installed, as the options say.
///
/// Source: Jupyter's documentation, "Kernel specs" and "Jupyter paths".
struct KernelSpecLocation: ParsableArguments {
  @Flag(help: "For this user only (the default).")
  var user = false

  @Option(help: "For an environment or system with this prefix.")
  var prefix: String?

  @Flag(name: .customLong("sys-prefix"), help: "For the environment of the python3 in use.")
  var sysPrefix = false

  @Option(help: "The name of the kernelspec.")
  var name = "nabla"

  func validate() throws {
    guard [user, prefix != nil, sysPrefix].count(where: { $0 }) <= 1 else {
      throw ValidationError("--user, --prefix and --sys-prefix exclude each other")
    }
    let isAllowed = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isAllowed, !name.allSatisfy({ $0 == "." }) else {
      throw ValidationError("a kernelspec's name has letters, digits and . _ - only")
    }
  }

  /// The kernelspec's own folder.
  var folder: String { get throws { "\(try data)/kernels/\(name)" } }

  /// Where the Jupyter in question looks for kernelspecs, extensions and the like.
  var data: String {
    get throws {
      if let prefix { return "\(prefix)/share/jupyter" }
      if sysPrefix { return "\(try pythonPrefix())/share/jupyter" }
      return try userData()
    }
  }

  /// Whether this Jupyter has another kernelspec of the language.
  var hasOthers: Bool {
    get throws {
      let kernels = "\(try data)/kernels"
      return File.names(in: kernels).contains { other in
        guard other != name, let bytes = try? File.read("\(kernels)/\(other)/kernel.json"),
          let specification = try? JSONParser.parse(bytes)
        else { return false }
        return specification["language"] == "nabla"
      }
    }
  }

  private func userData() throws -> String {
    guard let folder = Environment.jupyterData else {
      throw ValidationError("HOME is not set: say where by --prefix")
    }
    return folder
  }

  /// Python's `sys.prefix`: the active virtual environment, or what python3 belongs to.
  private func pythonPrefix() throws -> String {
    guard let stream = popen("python3 -c 'import sys; print(sys.prefix)'", "r") else {
      throw ValidationError("python3 cannot be started")
    }
    var bytes: [UInt8] = []
    while case let byte = fgetc(stream), byte != EOF {
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    let isSuccess = pclose(stream) == 0
    let prefix = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    guard isSuccess, !prefix.isEmpty else {
      throw ValidationError("python3 does not tell its prefix: say it by --prefix")
    }
    return prefix
  }
}
