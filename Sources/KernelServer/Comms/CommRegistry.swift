import JSONText
import JupyterProtocol
import Language
import Logging
import Synchronization

/// The open comms, whichever side has opened them, and the targets that clients may open.
final class CommRegistry: Sendable {
  private struct Entry: Sendable {
    let target: String
    let handler: CommHandler
    /// Whether the kernel has opened it.
    let isOwn: Bool
    /// Comms are listed in the order they were opened.
    let number: Int
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var count = 0

    mutating func add(
      _ identity: String, _ target: String, _ handler: @escaping CommHandler, isOwn: Bool
    ) {
      count += 1
      entries[identity] = Entry(target: target, handler: handler, isOwn: isOwn, number: count)
    }
  }

  private let targets: [String: CommHandler]
  private let outbox: any Outbox
  private let logger: Logger
  private let state = Mutex(State())

  init(targets: [String: CommHandler], outbox: any Outbox, logger: Logger) {
    self.targets = targets
    self.outbox = outbox
    self.logger = logger
  }

  /// The open comms, of one target or of all.
  func open(target: String?) -> [(commID: String, targetName: String)] {
    state.withLock { state in
      state.entries.filter { target == nil || $1.target == target }
        .sorted { $0.value.number < $1.value.number }
        .map { ($0.key, $0.value.target) }
    }
  }

  /// Forgets all comms, and with them their handlers: the kernel ends.
  func close() { state.withLock { $0.entries = [:] } }

  // MARK: - The kernel's side

  /// Opens a comm to a target of the clients', on behalf of a message.
  func open(
    _ target: String, _ content: CommContent, for cause: MessageHeader,
    handler: @escaping CommHandler
  ) -> any OpenComm {
    let identity = String(UInt128.random(in: 0 ... .max), radix: 16)
    state.withLock { $0.add(identity, target, handler, isOwn: true) }
    publish(CommMessage(.open(target: target), commID: identity, content), for: cause)
    return Comm(identity: identity, registry: self, cause: cause)
  }

  fileprivate func isOpen(_ identity: String) -> Bool {
    state.withLock { $0.entries[identity] != nil }
  }

  /// False when it was not open any more.
  fileprivate func remove(_ identity: String) -> Bool {
    state.withLock { $0.entries.removeValue(forKey: identity) != nil }
  }

  fileprivate func publish(_ message: CommMessage, for cause: MessageHeader) {
    outbox.publish(OutgoingMessage(broadcast: message, parent: cause))
  }

  // MARK: - The clients' side

  /// A client's message as a call of the handler that is to answer it.
  struct Call {
    let handler: CommHandler
    let event: CommEvent
    let comm: any OpenComm
  }

  /// Takes a client's message in; nil when there is nothing to be done about it.
  ///
  /// A comm that a client opens to an unknown target is closed at once, as the protocol says; messages of
  /// unknown comms are passed over.
  func take(_ message: CommMessage, of cause: MessageHeader) -> Call? {
    let content = CommContent(message.data, metadata: message.metadata, buffers: message.buffers)
    let handler: CommHandler?
    let event: CommEvent
    switch message.kind {
    case .open(let target):
      guard let answer = targets[target] else {
        logger.warning("there is no comm target \"\(target)\"")
        publish(CommMessage(.close, commID: message.commID), for: cause)
        return nil
      }
      let isNew = state.withLock { state in
        // A client has no business with the identity of a comm of the kernel's.
        if state.entries[message.commID]?.isOwn == true { return false }
        state.add(message.commID, target, answer, isOwn: false)
        return true
      }
      (handler, event) = (isNew ? answer : nil, .opened(content))
    case .message:
      handler = state.withLock { $0.entries[message.commID]?.handler }
      event = .received(content)
    case .close:
      handler = state.withLock { $0.entries.removeValue(forKey: message.commID)?.handler }
      event = .closed(content)
    }
    guard let handler else {
      logger.warning(
        "a \(message.messageType.rawValue) for the comm \"\(message.commID)\" is passed over")
      return nil
    }
    return Call(
      handler: handler, event: event,
      comm: Comm(identity: message.commID, registry: self, cause: cause))
  }
}

/// One side's hold on an open comm.
private struct Comm: OpenComm {
  let identity: String
  let registry: CommRegistry
  /// The message that it comes from; what is sent on a thread that is at no message is that one's doing.
  let cause: MessageHeader

  func send(_ content: CommContent) {
    guard registry.isOpen(identity) else { return }
    registry.publish(
      CommMessage(.message, commID: identity, content), for: Cause.current ?? cause)
  }

  func close(_ data: JSONObject) {
    guard registry.remove(identity) else { return }
    registry.publish(
      CommMessage(.close, commID: identity, data: data), for: Cause.current ?? cause)
  }
}

extension CommMessage {
  fileprivate init(_ kind: Kind, commID: String, _ content: CommContent) {
    self.init(
      kind, commID: commID, data: content.data, metadata: content.metadata,
      buffers: content.buffers)
  }
}
