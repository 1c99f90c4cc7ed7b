import Glibc

/// A stack for the signal handlers of the thread that makes it, where the thread's own has overflowed.
struct SignalStack {
  /// Enough for a handler and its walk up the stack.
  private static let size = 64 << 10
  private let memory: UnsafeMutableRawPointer?

  init() {
    memory = malloc(Self.size)
    var stack = stack_t()
    stack.ss_sp = memory
    stack.ss_size = Self.size
    if memory != nil { sigaltstack(&stack, nil) }
  }

  /// To be called on the same thread, at its end.
  func remove() {
    var stack = stack_t()
    stack.ss_flags = Int32(SS_DISABLE)
    sigaltstack(&stack, nil)
    free(memory)
  }
}
