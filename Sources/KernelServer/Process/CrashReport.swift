import CLinux
import Glibc
import MatrixEngine
import Synchronization

/// What a kernel leaves behind that ends against its will: one line with its version, the running cell and where it
/// was, in a file and on stderr.
///
/// The handler runs in a process that may be broken, so it allocates nothing, takes no lock, and works on memory that
/// was there before (signal-safety(7)). Where it was stands as distances from the executable's beginning, for addr2line.
package enum CrashReport {
  private static let signals = [
    (SIGSEGV, "SIGSEGV"), (SIGILL, "SIGILL"), (SIGBUS, "SIGBUS"), (SIGABRT, "SIGABRT"),
    (SIGFPE, "SIGFPE"), (SIGTRAP, "SIGTRAP"), (SIGSYS, "SIGSYS"),
  ]
  private static let mostFrames = 48
  private static let size = 4_096

  /// What the handler uses; everything is made before it is installed.
  private struct Memory {
    let line: UnsafeMutablePointer<UInt8>
    let frames: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    /// The file's name, ended by 0; nil where nothing is to be written.
    let path: UnsafeMutablePointer<CChar>?
    /// What the line begins with, ended by 0.
    let beginning: UnsafeMutablePointer<CChar>
    let base: UInt
  }

  nonisolated(unsafe) private static var memory: Memory?
  /// The cell that runs, or 0.
  private static let cell = Atomic<Int>(0)

  /// A cell begins or, with 0, ends.
  static func note(cell number: Int) { cell.store(number, ordering: .relaxed) }

  /// Lets crashes be reported into a file; to be called once, before there are other threads.
  package static func install(path: String?) {
    memory = Memory(
      line: .allocate(capacity: size), frames: .allocate(capacity: mostFrames),
      path: path.map { strdup($0) }, beginning: strdup("nabla \(NablaVersion.text)"),
      base: nabla_executable_start())
    // The first walk loads a library, which a handler must not.
    if let memory { backtrace(memory.frames, 1) }
    _ = SignalStack()
    var action = sigaction()
    action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_ONSTACK
    action.__sigaction_handler.sa_handler = handler
    for (signal, _) in signals { sigaction(signal, &action, nil) }
  }

  /// Reports, and lets the signal end the process as it would have: the handler is gone with its first call.
  private static let handler: @convention(c) (Int32) -> Void = { signal in
    guard let memory = CrashReport.memory else { return }
    var writer = LineWriter(memory.line, size: CrashReport.size)
    writer.append(memory.beginning)
    writer.append(" pid ")
    writer.append(UInt(getpid()), radix: 10)
    writer.append(" time ")
    writer.append(UInt(time(nil)), radix: 10)
    writer.append(" cell ")
    writer.append(UInt(CrashReport.cell.load(ordering: .relaxed)), radix: 10)
    writer.append(" signal ")
    writer.append(UInt(signal), radix: 10)
    writer.append(" at")
    let count = Int(backtrace(memory.frames, Int32(CrashReport.mostFrames)))
    for index in 0..<max(0, count) {
      let address = UInt(bitPattern: memory.frames[index])
      writer.append(address >= memory.base && address - memory.base < 1 << 30 ? " +" : " ")
      writer.append(
        address >= memory.base && address - memory.base < 1 << 30 ? address - memory.base : address,
        radix: 16)
    }
    writer.append("\n")
    if let path = memory.path {
      let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
      if file >= 0 {
        // In one piece, so that lines of several kernels do not mix.
        write(file, memory.line, writer.count)
        fsync(file)
        close(file)
      }
    }
    // A log that nobody reads must not keep the process.
    var log = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    if poll(&log, 1, 0) == 1 { write(STDERR_FILENO, memory.line, writer.count) }
    // One that another process has sent does not come again by itself.
    raise(signal)
  }

  // MARK: - Afterwards

  /// What earlier kernels have left in the file, in words for the next user; nil when that is nothing. Said once: the
  /// lines go to a second file, where they stay for who looks for the cause.
  package static func takeNews(path: String) -> String? {
    let taken = "\(path).told"
    let mine = "\(path).\(getpid())"
    // Of kernels that begin at once, one gets the file.
    guard rename(path, mine) == 0 else { return nil }
    let lines = SystemFile.text(of: mine).split(separator: "\n").filter { $0.hasPrefix("nabla ") }
    rename(mine, taken)
    guard let last = lines.last else { return nil }
    let fields = last.split(separator: " ")
    func number(behind name: Substring) -> Int? {
      fields.firstIndex(of: name).flatMap { $0 + 1 < fields.count ? Int(fields[$0 + 1]) : nil }
    }
    let name = signals.first { Int($0.0) == number(behind: "signal") }?.1 ?? "a signal"
    let cell = number(behind: "cell").flatMap { $0 > 0 ? "while cell \($0) ran" : nil }
    return """
      [an earlier kernel has ended by itself (\(name)) \(cell ?? "between cells"); that should not happen, and \
      \(taken) tells where it was]

      """
  }
}

/// Writes into memory that is there, up to its end.
private struct LineWriter {
  private let start: UnsafeMutablePointer<UInt8>
  private let size: Int
  private(set) var count = 0

  init(_ start: UnsafeMutablePointer<UInt8>, size: Int) {
    self.start = start
    self.size = size
  }

  private mutating func append(_ byte: UInt8) {
    // The last place is kept for the line's end.
    guard count < size - 1 || byte == UInt8(ascii: "\n") && count < size else { return }
    start[count] = byte
    count += 1
  }

  mutating func append(_ text: StaticString) {
    for index in 0..<text.utf8CodeUnitCount { append(text.utf8Start[index]) }
  }

  mutating func append(_ text: UnsafePointer<CChar>) {
    var index = 0
    while text[index] != 0 {
      append(UInt8(bitPattern: text[index]))
      index += 1
    }
  }

  mutating func append(_ number: UInt, radix: UInt) {
    var divisor: UInt = 1
    while number / divisor >= radix { divisor *= radix }
    while divisor > 0 {
      let digit = UInt8(truncatingIfNeeded: number / divisor % radix)
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      divisor /= radix
    }
  }
}
