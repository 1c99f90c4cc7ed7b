import Glibc
import MatrixEngine

/// Writes a file beside the one that it is to replace, and puts it in its place when all of it is on the disk: whatever
/// fails, the old file stands. What is no regular file, such as a named pipe, is written to.
final class FileWriter {
  private let path: String
  private let descriptor: Int32
  private var isOpen = true
  /// Where the bytes go until they are complete; nil where they go into the file itself.
  private let beside: String?
  private let interrupt: InterruptFlag?
  private var waiting: [UInt8] = []
  /// How long the other end of a pipe is waited for between two looks at the interrupt flag.
  private static let patience: Int32 = 20

  /// Replaces a file's content by what the body appends.
  ///
  /// Throws: `DataError.file` with the system's reason, `.interrupted`, what the body throws.
  static func replace(
    _ path: String, interrupt: InterruptFlag?, _ body: (FileWriter) throws(DataError) -> Void
  ) throws(DataError) {
    let writer = try FileWriter(path, interrupt)
    do {
      try body(writer)
      try writer.finish()
    } catch {
      writer.abandon()
      throw error
    }
  }

  private init(_ path: String, _ interrupt: InterruptFlag?) throws(DataError) {
    self.path = path
    self.interrupt = interrupt
    var status = stat()
    let isThere = stat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT != S_IFREG {
      beside = nil
      descriptor = try FileWriter.openEnd(path, interrupt)
      return
    }
    // A link stays one: what it leads to is replaced.
    let target = FileWriter.resolved(path)
    if isThere, access(target, W_OK) != 0 { throw .file(path: path, reason: FileAccess.reason()) }
    let slash = target.lastIndex(of: "/").map { target.index(after: $0) } ?? target.startIndex
    let suffix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let name = "\(target[..<slash]).\(target[slash...].prefix(100)).\(suffix)"
    descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .file(path: path, reason: FileAccess.reason()) }
    beside = name
    if isThere { fchmod(descriptor, status.st_mode & 0o7777) }
  }

  private static func resolved(_ path: String) -> String {
    guard let target = realpath(path, nil) else { return path }
    defer { free(target) }
    return String(cString: target)
  }

  /// Opens a pipe or a device as soon as there is somebody at its other end.
  private static func openEnd(_ path: String, _ interrupt: InterruptFlag?) throws(DataError)
    -> Int32
  {
    while true {
      let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if descriptor >= 0 { return descriptor }
      guard errno == ENXIO || errno == EINTR else {
        throw .file(path: path, reason: FileAccess.reason())
      }
      if interrupt?.isRaised == true { throw .interrupted }
      poll(nil, 0, patience)
    }
  }

  func append(_ bytes: some Collection<UInt8>) throws(DataError) {
    waiting.append(contentsOf: bytes)
    if waiting.count >= FileAccess.partSize { try flush() }
  }

  /// Lets the body add bytes at the end of those that wait.
  func append(_ body: (inout [UInt8]) -> Void) throws(DataError) {
    body(&waiting)
    if waiting.count >= FileAccess.partSize { try flush() }
  }

  /// Throws: `DataError.interrupted`.
  func checkInterrupt() throws(DataError) {
    if interrupt?.isRaised == true { throw .interrupted }
  }

  private func flush() throws(DataError) {
    var start = 0
    while start < waiting.count {
      try checkInterrupt()
      let wanted = min(FileAccess.partSize, waiting.count - start)
      let count = waiting.withUnsafeBytes { source in
        Glibc.write(descriptor, source.baseAddress.map { $0 + start }, wanted)
      }
      if count < 0 && (errno == EAGAIN || errno == EINTR) {
        var end = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&end, 1, FileWriter.patience)
        continue
      }
      guard count > 0 else { throw .file(path: path, reason: FileAccess.reason()) }
      start += count
    }
    waiting.removeAll(keepingCapacity: true)
  }

  private func finish() throws(DataError) {
    try flush()
    if beside != nil { try sync() }
    isOpen = false
    guard close(descriptor) == 0 else { throw .file(path: path, reason: FileAccess.reason()) }
    guard let beside else { return }
    let target = FileWriter.resolved(path)
    guard rename(beside, target) == 0 else {
      throw .file(path: path, reason: FileAccess.reason())
    }
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "."
    let place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if place >= 0 {
      fsync(place)
      close(place)
    }
  }

  /// Brings everything to the disk, which may take seconds: a thread waits for it, so that an interrupt need not.
  private func sync() throws(DataError) {
    let copy = dup(descriptor)
    guard copy >= 0 else { throw .file(path: path, reason: FileAccess.reason()) }
    let outcome = DetachedWork.begin {
      let code = fsync(copy) == 0 ? 0 : errno
      close(copy)
      return code
    }
    while true {
      if let code = outcome.result(waiting: .milliseconds(Int(FileWriter.patience))) {
        guard code == 0 || code == EINVAL else {
          throw .file(path: path, reason: FileAccess.reason(code))
        }
        return
      }
      try checkInterrupt()
    }
  }

  private func abandon() {
    if isOpen { close(descriptor) }
    if let beside { unlink(beside) }
  }
}
