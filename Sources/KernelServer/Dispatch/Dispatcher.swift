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
    outbox.publish(broadcast(Status(.busy), for: request))
    defer { outbox.publish(broadcast(Status(.idle), for: request)) }
    if let cell { outbox.publish(broadcast(cell, for: request)) }
    guard let reply = Cause.$current.withValue(request.message.header, operation: handle) else {
      return
    }
    outbox.send(
      OutgoingMessage(reply, to: request.message.identities, parent: request.message.header),
      on: request.channel)
  }

  private func broadcast(_ content: some MessageContent, for request: IncomingRequest)
    -> OutgoingMessage
  {
    OutgoingMessage(broadcast: content, parent: request.message.header)
  }
}
