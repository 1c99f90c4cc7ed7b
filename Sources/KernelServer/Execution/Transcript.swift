import JupyterProtocol
import Language
import Synchronization

/// What a cell has shown so far, so that it can be shown again when something that stood below it has gone: a front end
/// can only clear all outputs of a cell.
final class Transcript: Sendable {
  enum Entry: Sendable {
    case text(String, stream: StreamName)
    case display(MIMEContent, identity: String?)
    case result(MIMEContent)
  }

  private struct State {
    var entries: [Entry] = []
    var size = 0
  }

  private let state = Mutex(State())

  /// How many bytes are remembered; a cell that shows more shows nothing that is to go again.
  private static let room = 8 << 20

  var entries: [Entry] { state.withLock { $0.entries } }
  var isEmpty: Bool { state.withLock { $0.entries.isEmpty } }
  /// Whether everything is remembered.
  var isWhole: Bool { state.withLock { $0.size <= Self.room } }

  func add(_ entry: Entry) {
    state.withLock { state in
      state.size += entry.size
      guard state.size <= Self.room else {
        state.entries = []
        return
      }
      if case .text(let text, let stream) = entry, case .text(var all, stream)? = state.entries.last
      {
        // Taken out while it grows, so that it is not copied.
        state.entries.removeLast()
        all += text
        state.entries.append(.text(all, stream: stream))
      } else {
        state.entries.append(entry)
      }
    }
  }

  /// A display shows something else now.
  func replace(_ identity: String, with content: MIMEContent) {
    state.withLock { state in
      for index in state.entries.indices {
        if case .display(_, identity) = state.entries[index] {
          state.entries[index] = .display(content, identity: identity)
        }
      }
    }
  }

  /// The cell has cleared its outputs.
  func clear() { state.withLock { $0 = State() } }
}

extension Transcript.Entry {
  /// About how many bytes it has.
  fileprivate var size: Int {
    switch self {
    case .text(let text, _): text.utf8.count
    case .display(let content, _), .result(let content):
      content.data.members.reduce(64) { $0 + ($1.value.stringValue?.utf8.count ?? 4_096) }
    }
  }
}
