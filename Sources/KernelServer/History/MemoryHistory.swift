import Glibc
import JupyterProtocol
import Synchronization

/// A history that lasts as long as the kernel: one session, number 1.
package final class MemoryHistory: HistoryStore {
  private static let session = 1

  private let recorded = Mutex<[HistoryEntry]>([])

  package init() {}

  package func record(line: Int, input: String, output: String?) {
    let entry = HistoryEntry(session: Self.session, line: line, input: input, output: output)
    recorded.withLock { $0.append(entry) }
  }

  package func entries(_ access: HistoryRequest.Access) -> [HistoryEntry] {
    let all = recorded.withLock { $0 }
    switch access {
    case .tail(let count): return all.suffix(count)
    case .range(let session, let start, let stop):
      guard session == 0 || session == Self.session else { return [] }
      return all.filter { $0.line >= start && $0.line < stop ?? .max }
    case .search(let pattern, let count, let unique):
      var found = all.filter { Self.matches($0.input, pattern) }
      if unique {
        // Of equal inputs the latest stays.
        var inputs: Set<String> = []
        found = found.reversed().filter { inputs.insert($0.input).inserted }.reversed()
      }
      return count.map { found.suffix($0) } ?? found
    }
  }

  /// Whether a text matches a pattern in which `*` stands for any text and `?` for any character.
  static func matches(_ text: String, _ pattern: String) -> Bool { fnmatch(pattern, text, 0) == 0 }
}
