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
    var length: UInt = 0
    let start = nabla_stack_start(&length)
    floor = start == 0 ? 0 : start + min(Self.reserve, length / 2)
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
