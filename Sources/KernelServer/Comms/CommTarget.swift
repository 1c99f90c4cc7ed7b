import JSONText
import JupyterProtocol

/// What happens to a comm, as its target is told.
package enum CommEvent: Sendable {
  case opened(CommOpen)
  case received(CommMessage)
  case closed(CommClose)
}

/// The kernel's side of a kind of comm; called on the thread of the shell that the message is for.
///
/// `send` publishes a `comm_open`, `comm_msg` or `comm_close` that answers the event.
package typealias CommTarget =
  @Sendable (_ event: CommEvent, _ send: (any MessageContent) -> Void) -> Void
