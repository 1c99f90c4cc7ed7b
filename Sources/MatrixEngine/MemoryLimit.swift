import Glibc
import Synchronization

/// How much memory may be filled, where the system does not refuse it but ends the process that does.
///
/// `NABLA_MEMORY` (such as `500M` or `2G`) bounds what this process holds; a cgroup what its processes hold together;
/// and what the machine has left bounds everybody.
enum MemoryLimit {
  /// What is left of one limit, and its name.
  private struct Room {
    var bytes: Int
    var bound: String
  }

  private struct State {
    /// What was left when it was last looked at, and what has been granted since.
    var room: Room?
    var granted = 0
    var looked: ContinuousClock.Instant?
  }

  private static let state = Mutex(State())
  /// Looking takes some fifty microseconds, so what is left is believed for so long, while a quarter of it is not spent.
  private static let trust = Duration.milliseconds(20)

  /// Throws: `MemoryRefusal` when so many bytes more would not leave the reserve.
  static func check(_ bytes: Int, reserve: Int) throws(MemoryRefusal) {
    let refusal = state.withLock { state -> MemoryRefusal? in
      let now = ContinuousClock.now
      let isTrusted = state.looked.map { now - $0 < trust } ?? false
      let spent = state.granted + bytes + reserve
      if isTrusted, state.room.map({ $0.bytes / 4 > spent }) ?? true {
        state.granted += bytes
        return nil
      }
      state.looked = now
      state.room = rooms.min { $0.bytes < $1.bytes }
      state.granted = bytes
      guard let room = state.room, room.bytes - reserve < bytes else { return nil }
      state.granted = 0
      return MemoryRefusal(asked: bytes, available: max(0, room.bytes - reserve), bound: room.bound)
    }
    if let refusal { throw refusal }
  }

  /// The least limit that is set for this process, alone or with others; nil without one.
  static var whole: Int? { (groups.compactMap(\.limit) + [own].compactMap { $0 }).min() }

  /// What each limit leaves now.
  private static var rooms: [Room] {
    var rooms: [Room] = []
    if let own, let resident {
      rooms.append(Room(bytes: own - resident, bound: "\(text(own)) by NABLA_MEMORY"))
    }
    for group in groups {
      guard let limit = group.limit, let usage = group.usage else { continue }
      rooms.append(Room(bytes: limit - usage, bound: "\(text(limit)) by the container"))
    }
    if let machine { rooms.append(Room(bytes: machine, bound: "the machine's memory")) }
    return rooms
  }

  // MARK: - Limits

  private static let own = getenv("NABLA_MEMORY").flatMap { size(String(cString: $0)) }

  /// The bytes that a text such as `500M`, `1.5 GB` or `2GiB` means.
  static func size(_ text: String) -> Int? {
    let number = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(number.count).drop { $0 == " " }.uppercased()
    guard let value = Double(number), value > 0 else { return nil }
    let powers = ["": 0, "B": 0, "K": 1, "M": 2, "G": 3, "T": 4]
    let letter =
      unit.hasSuffix("IB") ? unit.dropLast(2) : unit.count > 1 ? unit.dropLast() : unit[...]
    guard let power = powers[String(letter)] else { return nil }
    var bytes = value
    for _ in 0..<power { bytes *= 1_024 }
    return bytes < 1e18 ? Int(bytes) : nil
  }

  /// A number of bytes as people say it.
  package static func text(_ bytes: Int) -> String {
    bytes >= 10 << 30 ? "\(bytes >> 30) GB" : "\(max(0, bytes) >> 20) MB"
  }

  /// What this process holds in memory; nil where there is no /proc.
  private static var resident: Int? {
    let fields = SystemFile.text(of: "/proc/self/statm").split(separator: " ")
    return fields.dropFirst().first.flatMap { Int($0) }.map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
  }

  /// What the machine can give without ending a process: of its memory and of its swap.
  private static var machine: Int? {
    let kilobytes = SystemFile.numbers(after: ["MemAvailable:", "SwapFree:"], in: "/proc/meminfo")
    return kilobytes[0].map { ($0 + (kilobytes[1] ?? 0)) << 10 }
  }

  // MARK: - Cgroups

  /// A control group that bounds the memory of its processes.
  private struct Group {
    let folder: String
    let limitFile: String
    let usageFile: String

    init(_ folder: String, limit: String, usage: String) {
      self.folder = folder
      limitFile = "\(folder)/\(limit)"
      usageFile = "\(folder)/\(usage)"
    }

    var limit: Int? { number(limitFile) }
    /// What its processes hold; pages of files that may go at any time do not count.
    var usage: Int? {
      guard let usage = number(usageFile) else { return nil }
      let cached = SystemFile.numbers(
        after: ["total_inactive_file ", "inactive_file "], in: "\(folder)/memory.stat")
      return max(0, usage - (cached[0] ?? cached[1] ?? 0))
    }

    private func number(_ file: String) -> Int? {
      // "max", and in the first version a number near 2⁶³, mean no limit.
      Int(SystemFile.text(of: file).filter { $0 != "\n" }).flatMap { $0 < 1 << 60 ? $0 : nil }
    }
  }

  /// The groups of this process that have a limit, from its own up to the root.
  private static let groups: [Group] = {
    var groups: [Group] = []
    for line in SystemFile.text(of: "/proc/self/cgroup").split(separator: "\n") {
      // number:controllers:path; the second version has no controllers.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isSecond = parts[1].isEmpty
      guard isSecond || parts[1].split(separator: ",").contains("memory") else { continue }
      let roots =
        isSecond ? ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] : ["/sys/fs/cgroup/memory"]
      var path = parts[2][...]
      while true {
        for root in roots {
          let folder = root + (path == "/" ? "" : path)
          groups.append(
            isSecond
              ? Group(folder, limit: "memory.max", usage: "memory.current")
              : Group(folder, limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes"))
        }
        guard let slash = path.lastIndex(of: "/"), path.count > 1 else { break }
        path = slash == path.startIndex ? "/" : path[..<slash]
      }
    }
    return groups.filter { $0.limit != nil }
  }()
}

extension MemoryRefusal: CustomStringConvertible {
  @usableFromInline package var description: String {
    "\(MemoryLimit.text(asked)) of memory are needed, and \(MemoryLimit.text(available)) are left"
  }
}
