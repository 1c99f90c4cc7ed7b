/// Why a picture cannot be drawn. Rows, columns and entries count from 1.
package enum FigureError: Error, Equatable, Sendable {
  /// There is nothing to draw: `the matrix` has no entries.
  case empty(String)
  /// An entry that has to be finite is not.
  case notFinite(String, FigureEntry, value: Double)
  /// Two things that belong together differ in number.
  case wrongCount(String, found: Int, expected: Int)
  /// An entry lies outside what it may be: a class number, an index, a range.
  case outOfRange(String, FigureEntry?, reason: String)
  /// The nodes of a graph depend on each other in a circle; their names, in its order.
  case circle([String])
  /// More than a reader could see.
  case tooMany(String, count: Int, limit: Int)
}

/// Which entry of its input an error speaks of.
package enum FigureEntry: Equatable, Sendable {
  case index(Int)
  case cell(row: Int, column: Int)
}

extension FigureEntry: CustomStringConvertible {
  package var description: String {
    switch self {
    case .index(let index): "entry \(index)"
    case .cell(let row, let column): "row \(row), column \(column)"
    }
  }
}

extension FigureError: CustomStringConvertible {
  /// One sentence without its full stop, as an error's `evalue`.
  package var description: String {
    switch self {
    case .empty(let what): "there is nothing to draw: \(what) has no entries"
    case .notFinite(let what, let entry, let value):
      "\(what) has \(NumberFormat.standard.text(value)) at \(entry), and only finite numbers can be drawn"
    case .wrongCount(let what, let found, let expected):
      "\(what): \(found) where \(expected) are needed"
    case .outOfRange(let what, let entry, let reason):
      entry.map { "\(what), \($0): \(reason)" } ?? "\(what): \(reason)"
    case .circle(let names):
      "the graph has no beginning: \((names + names.prefix(1)).joined(separator: " → "))"
    case .tooMany(let what, let count, let limit):
      "\(count) \(what) are too many for a picture; it shows at most \(limit)"
    }
  }
}

extension FigureError {
  /// Refuses a list that has an entry which is not finite.
  static func requireFinite(_ values: [Double], _ what: String) throws(FigureError) {
    for (index, value) in values.enumerated() where !value.isFinite {
      throw .notFinite(what, .index(index + 1), value: value)
    }
  }

  /// Refuses rows of `columns` numbers that hold an entry which is not finite.
  static func requireFinite(
    rowMajor values: [Double], columns: Int, _ what: String
  ) throws(FigureError) {
    for (index, value) in values.enumerated() where !value.isFinite {
      let cell = FigureEntry.cell(row: index / columns + 1, column: index % columns + 1)
      throw .notFinite(what, cell, value: value)
    }
  }

  /// Refuses a list that is not as long as it has to be.
  static func requireCount(
    _ found: Int, _ expected: Int, _ what: @autoclosure () -> String
  ) throws(FigureError) {
    guard found == expected else { throw .wrongCount(what(), found: found, expected: expected) }
  }
}
