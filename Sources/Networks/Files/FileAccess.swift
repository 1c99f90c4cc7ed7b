import Glibc
import MatrixEngine

/// Files and folders by the C library's means.
package enum FileAccess {
  /// How many bytes are read or written between two looks at the interrupt flag.
  static let partSize = 1 << 20

  /// The whole file, or its beginning of at most so many bytes.
  ///
  /// Throws: `DataError.file` with the system's reason, `.tooLarge`.
  package static func read(_ path: String, atMost most: Int = .max) throws(DataError) -> [UInt8] {
    try ByteSource(path: path).bytes(atMost: most)
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
    try FileWriter.replace(path, interrupt: nil) { writer throws(DataError) in
      try writer.append(bytes)
    }
  }

  /// The system's words for the last error, such as `no such file or directory`.
  static func reason(_ code: Int32 = errno) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    let words = String(cString: text)
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}

/// Bytes that are read in parts, from any place and by several threads: of a regular file, or of memory.
final class ByteSource: Sendable {
  /// The most bytes that are read as one piece: half a gigabyte.
  static let largestPiece = 1 << 29

  let path: String
  let count: Int
  private let descriptor: Int32
  private let memory: [UInt8]
  let interrupt: InterruptFlag?

  /// Throws: `DataError.file` with the system's reason.
  init(path: String, interrupt: InterruptFlag? = nil) throws(DataError) {
    // Not to wait for the other end of a named pipe.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(path: path, reason: FileAccess.reason()) }
    var status = stat()
    var refusal: String?
    if fstat(descriptor, &status) != 0 {
      refusal = FileAccess.reason()
    } else if status.st_mode & S_IFMT == S_IFDIR {
      refusal = "is a directory"
    } else if status.st_mode & S_IFMT != S_IFREG {
      refusal = "is no regular file"
    }
    if let refusal {
      close(descriptor)
      throw .file(path: path, reason: refusal)
    }
    self.path = path
    self.interrupt = interrupt
    self.descriptor = descriptor
    count = Int(status.st_size)
    memory = []
  }

  init(_ bytes: [UInt8], path: String, interrupt: InterruptFlag? = nil) {
    self.path = path
    self.interrupt = interrupt
    descriptor = -1
    memory = bytes
    count = bytes.count
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Puts bytes into a part of `target`; fewer than asked for at the end. Returns how many.
  ///
  /// Throws: `DataError.file`, `.interrupted`.
  func read(from offset: Int, into target: inout [UInt8], _ part: Range<Int>) throws(DataError)
    -> Int
  {
    if interrupt?.isRaised == true { throw .interrupted }
    guard descriptor >= 0 else {
      let end = min(count, offset + part.count)
      guard offset < end else { return 0 }
      target.replaceSubrange(
        part.lowerBound..<part.lowerBound + end - offset, with: memory[offset..<end])
      return end - offset
    }
    var filled = 0
    while filled < part.count {
      let wanted = min(FileAccess.partSize, part.count - filled)
      let got = target.withUnsafeMutableBytes { bytes in
        pread(
          descriptor, bytes.baseAddress.map { $0 + part.lowerBound + filled }, wanted,
          off_t(offset + filled))
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw .file(path: path, reason: FileAccess.reason()) }
      if got == 0 { break }
      filled += got
      if interrupt?.isRaised == true { throw .interrupted }
    }
    return filled
  }

  /// A piece of the bytes as an array; shorter where they end.
  ///
  /// Throws: `DataError.tooLarge` for a piece of more than half a gigabyte.
  func bytes(from offset: Int = 0, atMost most: Int = .max) throws(DataError) -> [UInt8] {
    let size = min(max(0, count - offset), most)
    guard size <= ByteSource.largestPiece else { throw .tooLarge(path: path, bytes: size) }
    if descriptor < 0 { return Array(memory[min(offset, count)..<min(offset, count) + size]) }
    var bytes = [UInt8](repeating: 0, count: size)
    let filled = try read(from: offset, into: &bytes, 0..<size)
    bytes.removeLast(size - filled)
    return bytes
  }

  /// Numbers of eight bytes, lowest byte first, from the file straight into the memory where they stay; fewer where
  /// it ends. Precondition: the bytes are a file's.
  ///
  /// Throws: `DataError.file`, `.interrupted`.
  func doubles(from offset: Int, count wanted: Int) throws(DataError) -> [Double] {
    var failure: DataError?
    let numbers = [Double](unsafeUninitializedCapacity: wanted) { target, filled in
      let bytes = UnsafeMutableRawBufferPointer(target)
      var position = 0
      while position < bytes.count {
        let got = pread(
          descriptor, bytes.baseAddress.map { $0 + position },
          min(4 * FileAccess.partSize, bytes.count - position), off_t(offset + position))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = .file(path: path, reason: FileAccess.reason()) }
        if interrupt?.isRaised == true { failure = .interrupted }
        guard got > 0, failure == nil else { break }
        position += got
      }
      filled = position / 8
    }
    if let failure { throw failure }
    return numbers
  }
}
