import CLinux
import Glibc

/// How far down the running thread's stack the evaluation may go.
///
/// A user function that calls itself, or calls in deep expressions, uses stack for every level; how much
/// depends on the build and on the expression. So not the levels are counted but the room that is left.
package struct StackGuard {
  /// The lowest address that an evaluation may reach.
  private let floor: UInt
  private let thread = pthread_self()
  /// Kept free for built-in functions, products and the rendering of a value.
  private static let reserve: UInt = 512 << 10

  /// The limits of the thread that asks.
  package init() {
    var attributes = pthread_attr_t()
    guard pthread_getattr_np(pthread_self(), &attributes) == 0 else {
      floor = 0
      return
    }
    defer { pthread_attr_destroy(&attributes) }
    var base: UnsafeMutableRawPointer?
    var size = 0
    pthread_attr_getstack(&attributes, &base, &size)
    floor = UInt(bitPattern: base) + min(Self.reserve, UInt(size) / 2)
  }

  /// This guard while the thread is the same; its limits do not change, and asking for them takes time.
  package var current: StackGuard { thread == pthread_self() ? self : StackGuard() }

  /// Whether the caller may go deeper. The address of a local variable is where the stack is.
  @inline(__always)
  var hasRoom: Bool {
    var here: UInt8 = 0
    return withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) } > floor
  }
}
