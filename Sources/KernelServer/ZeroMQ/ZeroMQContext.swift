import CZeroMQ
import Glibc

/// The context that sockets live in, with its one I/O thread.
///
/// Unchecked `Sendable` because the handle never changes and ZeroMQ's contexts may be used from any thread.
package final class ZeroMQContext: @unchecked Sendable {
  let handle: UnsafeMutableRawPointer

  package init() throws(ZeroMQError) {
    guard let handle = zmq_ctx_new() else { throw ZeroMQError("make a ZeroMQ context") }
    self.handle = handle
  }

  /// Waits until every socket is closed and what they sent has left, or their linger time is over.
  package func terminate() {
    while zmq_ctx_term(handle) != 0, zmq_errno() == EINTR {}
  }
}
