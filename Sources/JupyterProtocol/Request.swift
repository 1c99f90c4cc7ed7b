/// What a client asks for, on shell or control.
package enum Request: Sendable {
  case kernelInfo
  case execute(ExecuteRequest)
  case inspect(InspectRequest)
  case complete(CompleteRequest)
  case isComplete(IsCompleteRequest)
  case findings(FindingsRequest)
  case format(FormatRequest)
  case history(HistoryRequest)
  case connect
  case commInfo(CommInfoRequest)
  case comm(CommMessage)
  case interrupt
  case usage
  case createSubshell
  case deleteSubshell(DeleteSubshellRequest)
  case listSubshells
  case debug(DebugRequest)
  case shutdown(ShutdownRequest)
  /// A type that is no request of this protocol; it gets busy and idle, and no reply.
  case unknown(String)

  /// Understands the content of a message by its type.
  ///
  /// Throws: `ContentError` when a member that the request needs is missing or of the wrong kind.
  package init(_ message: ReceivedMessage) throws(ContentError) {
    guard let type = MessageType(rawValue: message.header.typeName) else {
      self = .unknown(message.header.typeName)
      return
    }
    guard message.hasObject else {
      throw ContentError(message: "the content of a \(type.rawValue) must be a JSON object")
    }
    let reader = ContentReader(content: message.content, type: type)
    switch type {
    case .kernelInfoRequest: self = .kernelInfo
    case .executeRequest: self = .execute(try ExecuteRequest(reader))
    case .inspectRequest: self = .inspect(try InspectRequest(reader))
    case .completeRequest: self = .complete(try CompleteRequest(reader))
    case .isCompleteRequest: self = .isComplete(try IsCompleteRequest(reader))
    case .findingsRequest: self = .findings(try FindingsRequest(reader))
    case .formatRequest: self = .format(try FormatRequest(reader))
    case .historyRequest: self = .history(try HistoryRequest(reader))
    case .connectRequest: self = .connect
    case .commInfoRequest: self = .commInfo(try CommInfoRequest(reader))
    case .commOpen, .commMessage, .commClose: self = .comm(try CommMessage(reader, message))
    case .interruptRequest: self = .interrupt
    case .usageRequest: self = .usage
    case .createSubshellRequest: self = .createSubshell
    case .deleteSubshellRequest: self = .deleteSubshell(try DeleteSubshellRequest(reader))
    case .listSubshellsRequest: self = .listSubshells
    case .debugRequest: self = .debug(try DebugRequest(reader))
    case .shutdownRequest: self = .shutdown(ShutdownRequest(reader))
    default: self = .unknown(message.header.typeName)
    }
  }
}
