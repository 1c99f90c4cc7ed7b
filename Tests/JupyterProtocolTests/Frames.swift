import JSONText
import JupyterProtocol

/// A received message of a type and content, as a client would send it.
func received(_ type: String, _ content: JSONObject, header: JSONObject = [:]) throws
  -> ReceivedMessage
{
  var members: JSONObject = [
    "msg_id": "m1", "session": "s1", "username": "u", "msg_type": .string(type),
  ]
  for member in header.members { members[member.name] = member.value }
  return try ReceivedMessage(
    RawMessage(
      identities: [[1]], header: JSONValue.object(members).encoded, parentHeader: Array("{}".utf8),
      metadata: Array("{}".utf8), content: JSONValue.object(content).encoded))
}

/// The content of a message, as a client would read it.
func written(_ content: some MessageContent) throws -> JSONValue {
  try JSONParser.parse(OutgoingMessage(broadcast: content, parent: nil).content)
}
