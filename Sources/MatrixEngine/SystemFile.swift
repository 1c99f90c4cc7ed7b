import Glibc

/// What the system tells of processes in the files of `/proc` and `/sys`.
package enum SystemFile {
  /// The whole text; empty where there is no such file.
  package static func text(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 13)
    while case let count = read(descriptor, &part, part.count), count > 0 {
      bytes.append(contentsOf: part[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
