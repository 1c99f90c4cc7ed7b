import JupyterProtocol

/// The message that a thread is at, between its busy and its idle: what leaves by an open display or comm
/// meanwhile is that message's doing.
enum Cause {
  /// nil on threads that are at none.
  @TaskLocal static var current: MessageHeader?
}
