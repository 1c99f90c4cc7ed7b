import CLinux
import Glibc
import MatrixEngine

/// What a kernel cannot begin without and the system does not give: said before ZeroMQ or a thread, which would abort,
/// finds out.
package struct MissingResource: Error, CustomStringConvertible {
  package let description: String

  /// Files, sockets and events of an idle kernel with one client, and some for a second one and a history.
  private static let descriptors = 64
  /// Threads with small stacks, sockets, a session and its first cells.
  private static let bytes = 96 << 20

  /// Throws: a `MissingResource` where a kernel could not serve.
  static func check() throws(MissingResource) {
    guard WakeSignal.areAvailable(count: descriptors) else {
      throw MissingResource(
        description: """
          fewer than \(descriptors) more files may be open at once, and a kernel needs as many \
          (ulimit -n says how many a process may open)
          """)
    }
    try checkMemory()
  }

  /// The same for what runs cells without serving anybody.
  package static func checkMemory() throws(MissingResource) {
    guard MemoryBudget.isMappable(bytes) else {
      throw MissingResource(
        description: """
          less than \(bytes >> 20) MB of address space are left to begin with \
          (ulimit -v says in kB how much a process may have)
          """)
    }
    if !MemoryBudget.isMappable(16 << 30, reservesNothing: true) {
      // Each thread would set aside 64 MB for what it allocates.
      nabla_share_one_heap()
    }
  }
}
