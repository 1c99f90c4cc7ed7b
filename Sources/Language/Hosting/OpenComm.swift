import JSONText
import Syntax

/// A channel to an object in the front end, such as a slider. Any thread may send, also after the cell has ended;
/// once either side has closed it, nothing happens.
package protocol OpenComm: Sendable {
  var identity: String { get }

  /// Sends a message; where a thread is answering another one, as its doing.
  func send(_ content: CommContent)

  /// Ends it; the handler is not told.
  func close(_ data: JSONObject)
}

/// What a message of a comm carries, in either direction.
package struct CommContent: Sendable, Equatable {
  package var data: JSONObject
  package var metadata: JSONObject
  /// Bytes beside the data, which says what they are.
  package var buffers: [[UInt8]]

  package init(_ data: JSONObject, metadata: JSONObject = [:], buffers: [[UInt8]] = []) {
    self.data = data
    self.metadata = metadata
    self.buffers = buffers
  }
}

/// What the front end does with a comm.
package enum CommEvent: Sendable, Equatable {
  case opened(CommContent)
  case received(CommContent)
  case closed(CommContent)
}

/// What the language does about it: a statement of the interpreter that is handed over, which displays through its
/// host.
///
/// That need not be the one that opened the comm: a message to a subshell is answered there while a cell runs
/// elsewhere. So a handler brings along values, and finds everything else in the interpreter.
package typealias CommHandler =
  @Sendable (_ event: CommEvent, _ comm: any OpenComm, _ interpreter: Interpreter)
  throws(Diagnostic) -> Void
