import JupyterProtocol
import Synchronization

/// Frames the handling of every request: busy, execute_input, what the handler sends, the reply, idle.
///
/// Nothing else sends busy, execute_input and idle. Front ends take the latest of these for the kernel's own state,
/// whatever request it belongs to; so after the idle of another request a busy follows as long as a cell runs. It
/// names no parent: it is not the cell's doing, and what looks at a cell's messages is to see its own.
package struct Dispatcher: Sendable {
  private let outbox: any Outbox
  private let cells = RunningCells()

  package init(outbox: any Outbox) { self.outbox = outbox }

  /// Handles a request. The handler returns the reply; nil where the protocol has none.
  package func serve(
    _ request: IncomingRequest, announcing cell: ExecuteInput? = nil,
    _ handle: () -> (any MessageContent)?
  ) {
    let isCell = if case .execute = request.request { true } else { false }
    cells.change(by: isCell ? 1 : 0) { _ in outbox.publish(broadcast(Status(.busy), for: request)) }
    defer {
      cells.change(by: isCell ? -1 : 0) { areRunning in
        outbox.publish(broadcast(Status(.idle), for: request))
        if areRunning { outbox.publish(OutgoingMessage(broadcast: Status(.busy), parent: nil)) }
      }
    }
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

/// How many cells run, in all shells together.
private final class RunningCells: Sendable {
  private let count = Mutex(0)

  /// A cell begins or ends, or neither; what is told of it meanwhile is told in one order with all others.
  func change(by number: Int, _ tell: (_ areRunning: Bool) -> Void) {
    count.withLock { count in
      count += number
      tell(count > 0)
    }
  }
}
