import Glibc
import KernelServer

/// Files and folders by the C library's means.
enum File {
  /// A failed operation, with the system's reason.
  struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ operation: String) {
      description = "cannot \(operation): \(String(cString: strerror(errno)))"
    }
  }

  static func read(_ path: String) throws(Failure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("read \(path)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &part, part.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure("read \(path)") }
      if count == 0 { return bytes }
      bytes.append(contentsOf: part[..<count])
    }
  }

  static func write(_ bytes: [UInt8], to path: String, permissions: mode_t = 0o644)
    throws(Failure)
  {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, permissions)
    guard descriptor >= 0 else { throw Failure("write \(path)") }
    defer { close(descriptor) }
    guard writeAll(bytes[...], to: descriptor) else { throw Failure("write \(path)") }
  }

  /// Writes text to an open file.
  static func write(_ text: String, to descriptor: Int32) throws(Failure) {
    guard writeAll(Array(text.utf8)[...], to: descriptor) else { throw Failure("write the output") }
  }

  /// Writes text to an open file; what cannot be written is lost.
  static func print(_ text: String, to descriptor: Int32) {
    _ = writeAll(Array(text.utf8)[...], to: descriptor)
  }

  private static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Makes a folder and those that it lies in.
  static func makeFolder(_ path: String) throws(Failure) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw Failure("make the folder \(path)")
    }
    try makeFolder(String(path[..<slash]))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw Failure("make the folder \(path)")
    }
  }

  /// Removes a file, if it is there.
  static func remove(_ path: String) { unlink(path) }

  /// Removes files of a folder and the folder, if nothing else is in it; false when there is no folder.
  static func remove(_ names: [String], in folder: String) throws(Failure) -> Bool {
    guard access(folder, F_OK) == 0 else { return false }
    for name in names where unlink("\(folder)/\(name)") != 0 && errno != ENOENT {
      throw Failure("remove \(folder)/\(name)")
    }
    guard rmdir(folder) == 0 || errno == ENOTEMPTY else { throw Failure("remove \(folder)") }
    return true
  }

  /// What lies in a folder; nothing where there is none.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Where this executable lies.
  static var executablePath: String {
    get throws(Failure) {
      var path = [CChar](repeating: 0, count: Int(PATH_MAX))
      var count = readlink("/proc/self/exe", &path, path.count)
      // Where there is no /proc: as it was called.
      if count < 0, let name = ProcessArguments.executable, realpath(name, &path) != nil {
        count = strlen(path)
      }
      guard count > 0 else { throw Failure("find the executable") }
      return String(decoding: path[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}

/// The environment's variables.
enum Environment {
  /// A variable's value; nil when it is not set or empty.
  static subscript(name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// Where programs keep the user's data; nil when the user has no home.
  ///
  /// Source: XDG Base Directory Specification.
  static var userData: String? {
    Self["XDG_DATA_HOME"] ?? Self["HOME"].map { "\($0)/.local/share" }
  }

  /// Where Jupyter keeps the user's files; nil when the user has no home.
  ///
  /// Source: Jupyter's documentation, "Jupyter paths".
  static var jupyterData: String? {
    Self["JUPYTER_DATA_DIR"] ?? userData.map { "\($0)/jupyter" }
  }

  /// Where Jupyter keeps the connection files of running kernels.
  static var jupyterRuntime: String? {
    Self["JUPYTER_RUNTIME_DIR"] ?? jupyterData.map { "\($0)/runtime" }
  }
}
