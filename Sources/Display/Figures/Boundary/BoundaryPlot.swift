import MatrixEngine
import Notation

/// What a classifier says everywhere in a plane: coloured regions, the line at which it decides, and the
/// examples.
package struct BoundaryPlot: Figure {
  /// What the classifier says at the places of a grid, in their order.
  package enum Field: Sendable, Equatable {
    /// The probability of the second of two classes, which is decided for from 0.5 on.
    case probability([Double])
    /// A number that decides for the second of two classes from a threshold on.
    case score([Double], threshold: Double)
    /// A number for every class; the largest decides, the first at ties.
    ///
    /// Shape: `[places, classes]`.
    case scores(Matrix<Double>)
  }

  /// A labelled example.
  package struct Example: Sendable, Hashable {
    package var x: Double
    package var y: Double
    /// The position of its class among the plot's, from 0.
    package var classIndex: Int
    /// Whether the classifier decides for another class.
    package var isWrong: Bool

    package init(x: Double, y: Double, classIndex: Int, isWrong: Bool = false) {
      self.x = x
      self.y = y
      self.classIndex = classIndex
      self.isWrong = isWrong
    }
  }

  package let title: SymbolText
  package let xLabel: SymbolText
  package let yLabel: SymbolText
  package let grid: BoundaryGrid
  package let field: Field
  package let classes: [SymbolText]
  package let examples: [Example]
  /// For two classes, a number that is 0 where the decision changes and above it for the second: where it grows evenly,
  /// the line is straight, however steep the field is there.
  package let margin: [Double]?

  /// A plot.
  ///
  /// Shape: `margin: [places]`
  /// Throws: `FigureError` if a number is missing or not finite, if there are other than two classes for
  /// a probability or a score, or if an example has a class that is not there.
  package init(
    title: SymbolText = "", x: SymbolText, y: SymbolText, grid: BoundaryGrid, field: Field,
    classes: [SymbolText], examples: [Example] = [], margin: [Double]? = nil
  ) throws(FigureError) {
    guard !classes.isEmpty else { throw .empty("the list of classes") }
    let places = grid.columns * grid.rows
    if let margin {
      try FigureError.requireCount(margin.count, places, "the margins")
      try FigureError.requireFinite(rowMajor: margin, columns: grid.columns, "the grid of margins")
    }
    switch field {
    case .probability(let values), .score(let values, _):
      try FigureError.requireCount(values.count, places, "the predictions")
      try FigureError.requireFinite(
        rowMajor: values, columns: grid.columns, "the grid of predictions")
      try FigureError.requireCount(classes.count, 2, "classes")
      if case .score(_, let threshold) = field, !threshold.isFinite {
        throw .outOfRange("the threshold", nil, reason: "it is not finite")
      }
    case .scores(let matrix):
      try FigureError.requireCount(matrix.rows, places, "the predictions")
      try FigureError.requireCount(matrix.columns, classes.count, "the columns of the predictions")
      try FigureError.requireFinite(
        rowMajor: matrix.storage, columns: max(matrix.columns, 1), "the predictions")
    }
    for (index, example) in examples.enumerated() {
      for (column, value) in [example.x, example.y].enumerated() where !value.isFinite {
        throw .notFinite("the examples", .cell(row: index + 1, column: column + 1), value: value)
      }
      guard classes.indices.contains(example.classIndex) else {
        throw .outOfRange(
          "the class of the examples", .index(index + 1),
          reason: "there are \(classes.count) classes")
      }
    }
    self.title = title
    xLabel = x
    yLabel = y
    self.grid = grid
    self.field = field
    self.classes = classes
    self.examples = examples
    self.margin = margin
  }
}

extension BoundaryPlot {
  /// The position of the class that is decided for at a place of the grid.
  func decision(_ place: Int) -> Int {
    switch field {
    case .probability(let values): values[place] >= 0.5 ? 1 : 0
    case .score(let values, let threshold): values[place] >= threshold ? 1 : 0
    case .scores(let matrix): matrix.largestColumn(place)
    }
  }

  /// The outlines of the regions, by class. Of two classes that are told by one number, both have the
  /// same border.
  var regions: [ContourLines] {
    classes.indices.map { index in
      ContourLines(margin(index), columns: grid.columns, rows: grid.rows, level: 0)
    }
  }

  /// By how much a class wins or loses everywhere: 0 at its border.
  private func margin(_ classIndex: Int) -> [Double] {
    if let margin, classes.count == 2 { return classIndex == 1 ? margin : margin.map { -$0 } }
    return switch field {
    case .probability(let values): values.map { classIndex == 1 ? $0 - 0.5 : 0.5 - $0 }
    case .score(let values, let threshold):
      values.map { classIndex == 1 ? $0 - threshold : threshold - $0 }
    case .scores(let matrix):
      (0..<matrix.rows).map { row in
        var best = -Double.infinity
        for column in 0..<matrix.columns where column != classIndex {
          best = max(best, matrix[row, column])
        }
        return best.isFinite ? matrix[row, classIndex] - best : 1
      }
    }
  }

  /// The examples that are drawn: all, or every second, third… of very many.
  var drawnExamples: [Example] {
    let step = max((examples.count + Self.exampleLimit - 1) / Self.exampleLimit, 1)
    return stride(from: 0, to: examples.count, by: step).map { examples[$0] }
  }

  private static let exampleLimit = 1_500

  /// What the picture does not say by itself.
  var notes: [SymbolText] {
    var notes: [SymbolText] = []
    if case .probability = field {
      notes.append("Each shade is a tenth of the probability of " + classes[1])
    }
    let drawn = drawnExamples.count
    if drawn < examples.count {
      notes.append(.words("\(drawn) of \(examples.count) examples are drawn"))
    }
    return notes
  }

  package func text(numbers: NumberFormat) -> String {
    let heading = title.isEmpty ? "Decision boundary" : title.text
    func range(_ range: ClosedRange<Double>) -> String {
      "\(numbers.text(range.lowerBound)) to \(numbers.text(range.upperBound))"
    }
    var lines = [
      "\(heading): \(xLabel.text) from \(range(grid.x)), \(yLabel.text) from \(range(grid.y))"
    ]
    let places = grid.columns * grid.rows
    let decisions = (0..<places).map(decision)
    for (index, name) in classes.enumerated() {
      let area = Double(decisions.count { $0 == index }) / Double(places) * 100
      let count = examples.count { $0.classIndex == index }
      let percent = NumberFormat.standard.format(area, style: .decimals(0)).text
      lines.append(
        "  \(name.text): \(percent) % of the area, \(count.counted("example"))")
    }
    let wrong = examples.count { $0.isWrong }
    if wrong > 0 { lines.append("  \(wrong) of \(examples.count) examples lie on the wrong side") }
    return lines.joined(separator: "\n")
  }
}

extension Matrix<Double> {
  /// The column of the largest entry of a row, the first at ties.
  fileprivate func largestColumn(_ row: Int) -> Int {
    (0..<columns).reduce(0) { self[row, $1] > self[row, $0] ? $1 : $0 }
  }
}
