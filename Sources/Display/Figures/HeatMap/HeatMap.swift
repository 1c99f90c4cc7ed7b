import MatrixEngine
import Notation

/// A matrix as coloured cells: blue above 0, orange below, white at 0.
///
/// A small matrix shows its numbers. In a medium one negative cells carry a dash, so that the sign
/// does not hang on colour alone; in a large one every cell stands for the mean of a block of entries.
package struct HeatMap: Figure {
  package let values: Matrix<Double>
  package let title: SymbolText
  /// What the numbers are, beside the legend.
  package let valueName: SymbolText
  package let rowTitle: SymbolText
  package let columnTitle: SymbolText
  package let rowLabels: [SymbolText]?
  package let columnLabels: [SymbolText]?

  /// A heat map; rows and columns count from 1 where they have no labels.
  ///
  /// Shape: `values: [m, n]`, `rowLabels: m`, `columnLabels: n`.
  /// Throws: `FigureError` if the matrix is empty, has an entry that is not finite, or if there is a
  /// wrong number of labels.
  package init(
    _ values: Matrix<Double>, title: SymbolText = "", valueName: SymbolText = "",
    rowTitle: SymbolText = "", columnTitle: SymbolText = "", rowLabels: [SymbolText]? = nil,
    columnLabels: [SymbolText]? = nil
  ) throws(FigureError) {
    guard !values.isEmpty else { throw .empty("the matrix") }
    try FigureError.requireFinite(
      rowMajor: values.storage, columns: values.columns, "the matrix")
    if let rowLabels {
      try FigureError.requireCount(rowLabels.count, values.rows, "the labels of the rows")
    }
    if let columnLabels {
      try FigureError.requireCount(columnLabels.count, values.columns, "the labels of the columns")
    }
    self.values = values
    self.title = title
    self.valueName = valueName
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
  }
}

extension HeatMap {
  /// A matrix with more rows or columns shows colours without numbers.
  static let numberLimit = 20
  /// A matrix with more rows or columns is drawn in blocks.
  static let cellLimit = 64

  /// The cells that are drawn.
  var blocks: MatrixBlocks { MatrixBlocks(values, limit: Self.cellLimit) }

  var showsNumbers: Bool {
    values.rows <= Self.numberLimit && values.columns <= Self.numberLimit
  }

  func rowLabel(_ block: Range<Int>) -> SymbolText { Self.label(block, rowLabels) }
  func columnLabel(_ block: Range<Int>) -> SymbolText { Self.label(block, columnLabels) }

  private static func label(_ block: Range<Int>, _ labels: [SymbolText]?) -> SymbolText {
    let first = labels?[block.lowerBound] ?? .words("\(block.lowerBound + 1)")
    guard block.count > 1 else { return first }
    return first + "–" + (labels?[block.upperBound - 1] ?? .words("\(block.upperBound)"))
  }

  /// What is not to be seen in the picture.
  var notes: [String] {
    let blocks = blocks
    guard blocks.isMerged else { return [] }
    let size = "\(blocks.rowSpan)×\(blocks.columnSpan)"
    return ["Each cell is the mean of up to \(size) of the \(values.shape) entries"]
  }

  package func text(numbers: NumberFormat) -> String {
    let entries = values.storage
    func place(_ index: Int) -> String {
      "row \(index / values.columns + 1), column \(index % values.columns + 1)"
    }
    let heading = title.isEmpty ? "Heat map" : title.text
    var lines = ["\(heading): \(values.shape) matrix"]
    if let least = entries.indices.min(by: { entries[$0] < entries[$1] }),
      let greatest = entries.indices.max(by: { entries[$0] < entries[$1] })
    {
      lines.append("  least \(numbers.text(entries[least])) at \(place(least))")
      lines.append("  greatest \(numbers.text(entries[greatest])) at \(place(greatest))")
    }
    let positive = entries.count { $0 > 0 }
    let negative = entries.count { $0 < 0 }
    let zero = entries.count - positive - negative
    lines.append("  \(positive) positive, \(negative) negative, \(zero) zero")
    return (lines + notes).joined(separator: "\n")
  }
}
