import JupyterProtocol

/// Frames the handling of every request: busy, execute_input, what the handler sends, the reply, idle.
///
/// Nothing else sends busy, execute_input and idle.
package struct Dispatcher: Sendable {
  private let outbox: any Outbox

  package init(outbox: any Outbox) { self.outbox = outbox }

  /// Handles a request. The handler returns the reply; nil where the protocol has none.
  package func serve(
    _ request: IncomingRequest, announcing cell: ExecuteInput? = nil,
    _ handle: () -> (any MessageContent)?
  ) {
    publish(Status(.busy), for: request)
    defer { publish(Status(.idle), for: request) }
    if let cell { publish(cell, for: request) }
    guard let reply = handle() else { return }
    let message = OutgoingMessage(
      reply, to: request.message.identities, parent: request.message.header)
    outbox.send(message, on: request.channel)
  }

  private func publish(_ content: some MessageContent, for request: IncomingRequest) {
    outbox.publish(OutgoingMessage(broadcast: content, parent: request.message.header))
  }
}
