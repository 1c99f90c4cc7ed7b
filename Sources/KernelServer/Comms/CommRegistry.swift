import JSONText
import JupyterProtocol
import Logging
import Synchronization

/// The open comms and the targets that clients may open.
final class CommRegistry: Sendable {
  private let targets: [String: CommTarget]
  private let outbox: any Outbox
  private let logger: Logger
  /// The open comms, in the order they were opened.
  private let comms = Mutex<[(commID: String, targetName: String)]>([])

  init(targets: [String: CommTarget], outbox: any Outbox, logger: Logger) {
    self.targets = targets
    self.outbox = outbox
    self.logger = logger
  }

  /// The open comms, of one target or of all.
  func open(target: String?) -> [(commID: String, targetName: String)] {
    comms.withLock { comms in
      comms.filter { target == nil || $0.targetName == target }
    }
  }

  // These three handle messages that have no reply, so they return nil to the dispatcher.

  /// A client opens a comm. One to an unknown target is closed at once, as the protocol says.
  func opened(_ content: CommOpen, _ request: IncomingRequest) -> (any MessageContent)? {
    guard let target = targets[content.targetName] else {
      logger.warning("there is no comm target \"\(content.targetName)\"")
      publish(CommClose(commID: content.commID), for: request)
      return nil
    }
    comms.withLock { comms in
      comms.removeAll { $0.commID == content.commID }
      comms.append((content.commID, content.targetName))
    }
    target(.opened(content)) { publish($0, for: request) }
    return nil
  }

  func received(_ content: CommMessage, _ request: IncomingRequest) -> (any MessageContent)? {
    guard let target = target(of: content.commID) else {
      logger.warning("there is no comm \"\(content.commID)\"")
      return nil
    }
    target(.received(content)) { publish($0, for: request) }
    return nil
  }

  func closed(_ content: CommClose, _ request: IncomingRequest) -> (any MessageContent)? {
    guard let target = target(of: content.commID) else { return nil }
    comms.withLock { $0.removeAll { $0.commID == content.commID } }
    target(.closed(content)) { publish($0, for: request) }
    return nil
  }

  private func target(of commID: String) -> CommTarget? {
    comms.withLock { comms in comms.first { $0.commID == commID } }
      .flatMap { targets[$0.targetName] }
  }

  private func publish(_ content: any MessageContent, for request: IncomingRequest) {
    var metadata: JSONObject = [:]
    var buffers: [[UInt8]] = []
    switch content {
    case let open as CommOpen: (metadata, buffers) = (open.metadata, open.buffers)
    case let message as CommMessage: (metadata, buffers) = (message.metadata, message.buffers)
    default: break
    }
    outbox.publish(
      OutgoingMessage(
        broadcast: content, parent: request.message.header, metadata: metadata, buffers: buffers))
  }
}
