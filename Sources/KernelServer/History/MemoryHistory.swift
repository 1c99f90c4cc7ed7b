import JupyterProtocol

/// A history that lasts as long as the kernel, of the latest cells.
package final class MemoryHistory: HistoryStore {
  private var sessions = 0
  private var recorded: [HistoryEntry] = []

  /// More are not kept; they are forgotten in pieces, so that the rest does not move with every cell.
  private static let most = 10_000

  package init() {}

  package func beginSession() -> Int {
    sessions += 1
    return sessions
  }

  package func append(_ entries: [HistoryEntry]) {
    recorded += entries
    if recorded.count > Self.most + Self.most / 4 {
      recorded.removeFirst(recorded.count - Self.most)
    }
  }

  package func entries(_ access: HistoryRequest.Access, from session: Int?) -> [HistoryEntry] {
    switch access {
    case .tail(let count): return recorded.suffix(count)
    case .range(let number, let start, let stop):
      let wanted = number > 0 ? number : (session ?? sessions + 1) + number
      return recorded.filter {
        $0.session == wanted && $0.line >= start && $0.line < stop ?? .max
      }
    case .search(let pattern, let count, let unique):
      let pattern = HistoryPattern(pattern)
      var found = recorded.filter { pattern.matches($0.input) }
      if unique {
        // Of equal inputs the latest stays.
        var inputs: Set<String> = []
        found = found.reversed().filter { inputs.insert($0.input).inserted }.reversed()
      }
      return count.map { found.suffix($0) } ?? found
    }
  }
}
