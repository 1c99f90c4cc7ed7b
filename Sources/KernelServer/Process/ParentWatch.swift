import Glibc

/// Notices that the process which started the kernel is gone.
///
/// Source: jupyter_client sets `JPY_PARENT_PID`. Whoever inherits an orphan, its pid differs; it need not
/// be 1. Behind a wrapper the parent is the wrapper from the start, so the declared process itself is
/// looked for as well.
struct ParentWatch {
  private let declared: pid_t
  private let original: pid_t

  /// nil when no parent was declared.
  init?(environment value: String?) {
    guard let value, let declared = pid_t(value), declared > 1 else { return nil }
    self.declared = declared
    original = getppid()
  }

  var isParentGone: Bool {
    getppid() != original || (kill(declared, 0) != 0 && errno == ESRCH)
  }
}
