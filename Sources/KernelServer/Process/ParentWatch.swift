import Glibc
import MatrixEngine

/// Notices that the process which started the kernel is gone.
///
/// Source: jupyter_client sets `JPY_PARENT_PID`. What it declares counts only if it is the kernel's parent at the
/// start, or behind wrappers the parent of that: a number that was inherited, or that comes from another space of
/// pids, is some other process's or nobody's. Whoever inherits an orphan, its pid differs; it need not be 1.
struct ParentWatch {
  private let declared: pid_t
  private let original: pid_t

  /// nil when no parent was declared, or none that started this process.
  init?(environment value: String?) {
    guard let value, let declared = pid_t(value), declared > 0 else { return nil }
    let original = getppid()
    guard declared == original || Self.isAncestor(declared, of: original) else { return nil }
    self.declared = declared
    self.original = original
  }

  var isParentGone: Bool {
    getppid() != original || (kill(declared, 0) != 0 && errno == ESRCH)
  }

  /// How many wrappers there may be between the kernel and what it was started by.
  private static let mostWrappers = 16

  /// Whether a process descends from another, as far as `/proc` knows.
  private static func isAncestor(_ declared: pid_t, of process: pid_t) -> Bool {
    var process = process
    for _ in 0..<mostWrappers where process > 1 {
      guard let parent = parent(of: process) else { return false }
      if parent == declared { return true }
      process = parent
    }
    return false
  }

  private static func parent(of process: pid_t) -> pid_t? {
    // pid (name) state parent …: a name may hold anything.
    let fields = SystemFile.text(of: "/proc/\(process)/stat").split(separator: ")").last?
      .split(separator: " ")
    return fields?.dropFirst().first.flatMap { pid_t($0) }
  }
}
