import Glibc

/// What the system tells of processes in the files of `/proc` and `/sys`.
package enum SystemFile {
  /// The whole text; empty where there is no such file.
  package static func text(of path: String) -> String {
    String(decoding: bytes(of: path), as: UTF8.self)
  }

  /// The whole numbers behind words that begin a line, such as `MemFree:` in `MemFree:   1024 kB`; nil where the word
  /// or the file is missing.
  static func numbers(after labels: [StaticString], in path: String) -> [Int?] {
    var numbers = [Int?](repeating: nil, count: labels.count)
    for line in bytes(of: path).split(separator: UInt8(ascii: "\n")) {
      for (index, label) in labels.enumerated() {
        let word = UnsafeBufferPointer(start: label.utf8Start, count: label.utf8CodeUnitCount)
        guard line.starts(with: word) else { continue }
        let digits = line.dropFirst(word.count).drop { $0 == UInt8(ascii: " ") }
          .prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        numbers[index] = Int(String(decoding: digits, as: UTF8.self))
      }
    }
    return numbers
  }

  private static func bytes(of path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 13)
    while case let count = read(descriptor, &part, part.count), count > 0 {
      bytes.append(contentsOf: part[..<count])
    }
    return bytes
  }
}
