import JupyterProtocol
import Synchronization

/// Which cell shows the display of which name, so that a later value replaces it there: `display(W, id = "a")`.
///
/// A front end clears a cell's outputs when it runs again, and nobody sees an update of what was there. So that is
/// forgotten as a cell begins, and what it shows then is shown anew.
package final class DisplayPlaces: Sendable {
  /// The cell by display.
  private let cells = Mutex<[String: String]>([:])

  package init() {}

  /// A cell is about to show its first outputs, or has cleared them; others are deleted.
  package func forget(cell: String, deleted: [String] = []) {
    let gone = Set(deleted + [cell])
    cells.withLock { cells in cells = cells.filter { !gone.contains($0.value) } }
  }

  /// Whether a display is to be shown in this cell, rather than replaced in the cell that shows it.
  package func opens(_ display: String, in cell: String) -> Bool {
    cells.withLock { cells in
      guard cells[display] == nil else { return false }
      cells[display] = cell
      return true
    }
  }
}

extension IncomingRequest {
  /// What a front end says of the cell that it sent, or the cell's text.
  var cellIdentity: String {
    if let identity = message.metadata["cellId"]?.stringValue { return identity }
    return if case .execute(let cell) = request { cell.code } else { "" }
  }

  /// Cells that are no longer there.
  var deletedCells: [String] {
    message.metadata["deletedCells"]?.arrayValue?.compactMap(\.stringValue) ?? []
  }
}
