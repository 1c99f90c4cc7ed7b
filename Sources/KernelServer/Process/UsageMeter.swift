import Glibc
import JSONText
import JupyterProtocol
import MatrixEngine
import Synchronization

/// Reads what this process and its host use from the system's `/proc`.
///
/// Percentages are of the time since the last reading, at first since the kernel began.
final class UsageMeter: Sendable {
  private struct Reading: Sendable {
    var moment = Monotonic.nanoseconds
    /// Nanoseconds of processor time that this process has had.
    var own = 0
    /// Ticks of all processors, and those in which they had nothing to do.
    var host: (all: Int, idle: Int)?
  }

  private let last: Mutex<Reading>

  init() { last = Mutex(Self.reading()) }

  var usage: UsageReply {
    let now = Self.reading()
    let before = last.withLock { last in
      let before = last
      last = now
      return before
    }
    let elapsed = max(1, now.moment - before.moment)
    var host: Double?
    if let a = before.host, let b = now.host, b.all > a.all {
      host = 100 * (1 - Double(b.idle - a.idle) / Double(b.all - a.all))
    }
    return UsageReply(
      hostname: Self.hostname, pid: Int(getpid()),
      kernelCPU: rounded(100 * Double(now.own - before.own) / Double(elapsed)),
      kernelMemory: Self.memory, processorCount: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
      hostCPU: host.map(rounded), hostMemory: Self.hostMemory)
  }

  private func rounded(_ percent: Double) -> Double { max(0, (percent * 10).rounded() / 10) }

  private static func reading() -> Reading {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    var reading = Reading()
    reading.own = time.tv_sec * 1_000_000_000 + time.tv_nsec
    // The first line: cpu user nice system idle iowait irq softirq steal …
    let line = SystemFile.text(of: "/proc/stat").prefix { $0 != "\n" }
    let ticks = line.split(separator: " ").dropFirst().compactMap { Int($0) }
    if ticks.count >= 5 {
      reading.host = (ticks.prefix(8).reduce(0, +), ticks[3] + ticks[4])
    }
    return reading
  }

  private static var hostname: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The process's share of memory: what it shares with others counts in part.
  private static var memory: Int? {
    if let share = values(in: "/proc/self/smaps_rollup")["Pss"] { return share }
    let pages = SystemFile.text(of: "/proc/self/statm").split(separator: " ").dropFirst().first
    return pages.flatMap { Int($0) }.map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
  }

  private static var hostMemory: [(name: String, value: JSONValue)] {
    let values = values(in: "/proc/meminfo")
    guard let total = values["MemTotal"], total > 0 else { return [] }
    let available = values["MemAvailable"] ?? values["MemFree"] ?? 0
    let percent = (1_000 * Double(total - available) / Double(total)).rounded() / 10
    var members: [(name: String, value: JSONValue)] = [
      ("total", .integer(total)), ("available", .integer(available)),
      ("percent", .number(percent)), ("used", .integer(total - available)),
    ]
    for (name, key) in [
      ("free", "MemFree"), ("active", "Active"), ("inactive", "Inactive"), ("buffers", "Buffers"),
      ("cached", "Cached"), ("shared", "Shmem"), ("slab", "Slab"),
    ] { members.append((name, .integer(values[key] ?? 0))) }
    return members
  }

  /// The values of `name: 123 kB`, in bytes.
  private static func values(in path: String) -> [String: Int] {
    var values: [String: Int] = [:]
    for line in SystemFile.text(of: path).split(separator: "\n") {
      let parts = line.split(whereSeparator: { $0 == ":" || $0 == " " })
      if parts.count >= 2, let value = Int(parts[1]) { values[String(parts[0])] = value << 10 }
    }
    return values
  }
}
