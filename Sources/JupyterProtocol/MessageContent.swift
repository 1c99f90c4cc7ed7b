import JSONText

/// The content of a message that the kernel sends.
package protocol MessageContent: Sendable {
  var messageType: MessageType { get }

  /// Writes the members of the content's JSON object.
  func write(to members: inout JSONWriter)

  /// What goes with the content; nothing, but for comms.
  var metadata: JSONObject { get }
  var buffers: [[UInt8]] { get }
}

extension MessageContent {
  package var metadata: JSONObject { [:] }
  package var buffers: [[UInt8]] { [] }
}

/// What is wrong with a request's content: an error reply's `evalue`.
package struct ContentError: Error, Sendable, Equatable {
  package let message: String
}

/// Reads the members of a request's content, which a client may have left out or spoilt.
struct ContentReader {
  let content: JSONObject
  let type: MessageType

  func text(_ name: String) throws(ContentError) -> String {
    try read(name, "a text", \.stringValue)
  }

  func text(_ name: String, default standard: String) throws(ContentError) -> String {
    try read(name, "a text", default: standard, \.stringValue)
  }

  func flag(_ name: String, default standard: Bool) throws(ContentError) -> Bool {
    try read(name, "true or false", default: standard, \.booleanValue)
  }

  func integer(_ name: String, default standard: Int) throws(ContentError) -> Int {
    try read(name, "a whole number", default: standard, \.integerValue)
  }

  func object(_ name: String) throws(ContentError) -> JSONObject {
    try read(name, "an object", default: [:], \.objectValue)
  }

  /// A member that may be absent or null.
  private func read<Value>(
    _ name: String, _ kind: String, default standard: Value, _ value: (JSONValue) -> Value?
  ) throws(ContentError) -> Value {
    switch content[name] {
    case nil, .null?: return standard
    default: return try read(name, kind, value)
    }
  }

  private func read<Value>(_ name: String, _ kind: String, _ value: (JSONValue) -> Value?)
    throws(ContentError) -> Value
  {
    guard let value = content[name].flatMap(value) else {
      throw ContentError(message: "the member \"\(name)\" of a \(type.rawValue) must be \(kind)")
    }
    return value
  }
}
