/// Why a message from the wire is dropped.
package enum WireError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No `<IDS|MSG>` frame.
  case noDelimiter
  /// Fewer than five frames after the delimiter.
  case tooFewFrames(Int)
  case wrongSignature
  /// A message with this signature has been received before.
  case replayed
  /// One of the four JSON frames does not hold a JSON object.
  case malformed(Part)
  /// The header lacks this member, or it is no string.
  case headerWithout(String)

  package enum Part: String, Sendable {
    case header
    case parentHeader = "parent header"
    case metadata
    case content
  }

  package var description: String {
    switch self {
    case .noDelimiter: "no <IDS|MSG> frame"
    case .tooFewFrames(let count): "only \(count) frames after <IDS|MSG>"
    case .wrongSignature: "wrong signature"
    case .replayed: "a signature that was received before"
    case .malformed(let part): "its \(part.rawValue) is no JSON object"
    case .headerWithout(let name): "its header has no text \"\(name)\""
    }
  }
}
