import CZeroMQ

/// A failed call of libzmq.
package struct ZeroMQError: Error, Sendable, CustomStringConvertible {
  /// What was attempted, such as `bind tcp://127.0.0.1:5001`.
  package let operation: String
  package let code: Int32

  /// The error of the call that has just failed on this thread.
  init(_ operation: String) {
    self.operation = operation
    code = zmq_errno()
  }

  /// An error that is known before the call.
  init(_ operation: String, code: Int32) {
    self.operation = operation
    self.code = code
  }

  package var description: String {
    let reason = zmq_strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return "cannot \(operation): \(reason)"
  }
}
