import Glibc

/// Whole files as bytes.
package enum FileAccess {
  /// The most bytes a file may have: half a gigabyte.
  package static let largestSize = 1 << 29

  /// The whole file, or its beginning of at most so many bytes.
  ///
  /// Throws: `DataError.file` with the system's reason, `.tooLarge`.
  package static func read(_ path: String, atMost most: Int = .max) throws(DataError) -> [UInt8] {
    // Not to wait for the other end of a named pipe.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK)
    guard descriptor >= 0 else { throw .file(path: path, reason: reason()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .file(path: path, reason: reason()) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .file(path: path, reason: "is a directory")
    default: throw .file(path: path, reason: "is no regular file")
    }
    let size = min(Int(status.st_size), most)
    guard size <= largestSize else { throw .tooLarge(path: path, bytes: size) }
    var bytes = [UInt8](repeating: 0, count: size)
    var filled = 0
    while filled < size {
      let count = bytes.withUnsafeMutableBytes { target in
        Glibc.read(descriptor, target.baseAddress.map { $0 + filled }, size - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .file(path: path, reason: reason()) }
      if count == 0 { break }
      filled += count
    }
    bytes.removeLast(size - filled)
    return bytes
  }

  /// What is in a folder; nothing when it cannot be read.
  static func entries(of folder: String) -> [(name: String, isFolder: Bool)] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var entries: [(name: String, isFolder: Bool)] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      var status = stat()
      let isFolder = stat("\(folder)/\(name)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      entries.append((name, isFolder))
    }
    return entries
  }

  /// Replaces the file's content. Throws: `DataError.file` with the system's reason.
  package static func write(_ bytes: [UInt8], to path: String) throws(DataError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw .file(path: path, reason: reason()) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { source in
        Glibc.write(descriptor, source.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let why = reason()
        close(descriptor)
        throw .file(path: path, reason: why)
      }
      written += count
    }
    guard close(descriptor) == 0 else { throw .file(path: path, reason: reason()) }
  }

  /// The system's words for the last error, such as `no such file or directory`.
  private static func reason() -> String {
    guard let text = strerror(errno) else { return "error \(errno)" }
    let words = String(cString: text)
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}
