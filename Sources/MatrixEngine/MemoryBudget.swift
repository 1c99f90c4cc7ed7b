import Glibc
import Synchronization

/// Why an allocation is not made: what was asked for and what there is, in bytes.
@usableFromInline package struct MemoryRefusal: Error, Hashable, Sendable {
  package let asked: Int
  package let available: Int
  /// What sets the bound: `ulimit -v`, `NABLA_MEMORY`…
  package let bound: String
}

/// The owner of this process's memory: large allocations ask it first, since one that fails ends the process.
///
/// The system itself is asked whether it would give so much address space (`ulimit -v`, `ulimit -d`, strict
/// overcommitment), and `MemoryLimit` how much of it may be filled (`NABLA_MEMORY`, cgroups, the machine).
@usableFromInline package enum MemoryBudget {
  /// What is smaller does not ask, but counts.
  private static let smallest = 1 << 14
  /// So much of what did not ask is as good as one that does.
  private static let mostUnasked = 1 << 20
  private static let unasked = Atomic<Int>(0)
  /// When `check` looked last, in nanoseconds, and for how long that is believed: small things fill no reserve meanwhile.
  private static let looked = Atomic<Int>(0)
  private static let trust = 1_000_000

  /// Kept for what nobody asks for: messages, displays, the system's own. Where there is little, less.
  private static let reserve: Int = {
    var reserve = 128 << 20
    let whole = MemoryLimit.whole ?? .max
    while reserve > 24 << 20, 8 * reserve > whole || !isMappable(8 * reserve) { reserve /= 2 }
    return max(reserve, 24 << 20)
  }()

  /// Throws: `MemoryRefusal` where there is no room for so many bytes more.
  package static func ask(_ bytes: Int) throws(MemoryRefusal) {
    guard bytes >= smallest else { return }
    if bytes < mostUnasked {
      guard unasked.wrappingAdd(bytes, ordering: .relaxed).newValue >= mostUnasked else { return }
      unasked.store(0, ordering: .relaxed)
    }
    try askSystem(bytes)
  }

  /// The same for an array of so many numbers.
  @usableFromInline
  static func ask(_ count: Int, numbersOf size: Int, for operation: String) throws(MatrixError) {
    do {
      try ask(count.multipliedReportingOverflow(by: size).partialValue)
    } catch { throw .outOfMemory(operation: operation, error) }
  }

  /// Throws: `MemoryRefusal` where even small things may not find room soon.
  package static func check() throws(MemoryRefusal) {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = time.tv_sec * 1_000_000_000 + time.tv_nsec
    guard now - looked.load(ordering: .relaxed) > trust else { return }
    looked.store(now, ordering: .relaxed)
    guard !isMappable(reserve / 2) else { return try MemoryLimit.check(0, reserve: reserve / 2) }
    throw MemoryRefusal(asked: reserve / 2, available: 0, bound: addressBound)
  }

  private static func askSystem(_ bytes: Int) throws(MemoryRefusal) {
    let (whole, overflows) = bytes.addingReportingOverflow(reserve)
    guard !overflows, isMappable(whole) else {
      throw MemoryRefusal(asked: bytes, available: mappable, bound: addressBound)
    }
    try MemoryLimit.check(bytes, reserve: reserve)
  }

  /// Whether the system would give so many bytes in one piece now.
  package static func isMappable(_ bytes: Int, reservesNothing: Bool = false) -> Bool {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | (reservesNothing ? MAP_NORESERVE : 0)
    guard let place = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0), place != MAP_FAILED
    else { return false }
    munmap(place, bytes)
    return true
  }

  /// How many bytes can be asked for, to a megabyte.
  private static var mappable: Int {
    var (low, high) = (0, 1 << 40)
    while high - low > 1 << 20 {
      let middle = (low + high) / 2
      if isMappable(middle + reserve) { low = middle } else { high = middle }
    }
    return low
  }

  /// What bounds the address space, in words.
  private static var addressBound: String {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    guard limit.rlim_cur < rlim_t(Int.max) else { return "the system's memory" }
    return "\(MemoryLimit.text(Int(limit.rlim_cur))) by ulimit -v"
  }

  /// The largest half, quarter… of a stack that leaves seven eighths of the address space to others.
  package static func stackSize(_ wanted: Int) -> Int {
    var size = wanted
    while size > 1 << 20, !isMappable(8 * size, reservesNothing: true) { size /= 2 }
    return size
  }
}
