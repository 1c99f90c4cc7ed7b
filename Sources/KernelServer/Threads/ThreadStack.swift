import CLinux
import Glibc

/// The memory of a thread's stack.
///
/// A recursion that goes too deep touches most of it, and the system would leave that memory to the thread for good.
package struct ThreadStack {
  /// Its lowest address; 0 where the system does not say.
  private let start: UInt

  /// Below the caller so much stays, since most cells need it.
  private static let kept: UInt = 1 << 20

  /// That of the thread that asks.
  package init() {
    var length: UInt = 0
    start = nabla_stack_start(&length)
  }

  /// Gives what lies far below the caller back to the system. For the thread itself only.
  package func release() {
    var here: UInt8 = 0
    let place = withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) }
    let page = UInt(getpagesize())
    guard start > 0, place > start + Self.kept + page else { return }
    let end = (place - Self.kept) & ~(page - 1)
    madvise(UnsafeMutableRawPointer(bitPattern: start), Int(end - start), MADV_DONTNEED)
  }
}
