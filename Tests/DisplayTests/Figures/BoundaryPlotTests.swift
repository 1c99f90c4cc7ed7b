import Display
import JSONText
import MatrixEngine
import Notation
import Testing

@Suite("Decision boundaries")
struct BoundaryPlotTests {
  private func plot(
    columns: Int = 11, rows: Int = 11, _ field: (Double, Double) -> Double,
    examples: [BoundaryPlot.Example] = []
  ) throws -> BoundaryPlot {
    let grid = try BoundaryGrid(x: -1...1, y: -1...1, columns: columns, rows: rows)
    return try BoundaryPlot(
      x: "x", y: "y", grid: grid,
      field: .score(grid.places.map { field($0.x, $0.y) }, threshold: 0), classes: ["no", "yes"],
      examples: examples)
  }

  /// The lines of the decision, as lists of coordinates.
  private func decision(_ plot: BoundaryPlot) -> [[(x: Double, y: Double)]] {
    let paths = SVGPicture(plot.svg(numbers: .standard)).elements.filter {
      $0.name == "path" && $0.attributes["stroke-width"] == "2.4"
    }
    return paths.flatMap { path in
      (path.attributes["d"] ?? "").split(separator: "M").map { line in
        line.split(separator: "L").compactMap { point in
          let parts = point.split(separator: ",").compactMap { Double($0) }
          return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
      }
    }
  }

  @Test("the grid's places run by row from the lowest x and y, both ends included")
  func places() throws {
    let grid = try BoundaryGrid(x: 0...4, y: -1...1, columns: 3, rows: 2)
    #expect(grid.places.map(\.x) == [0, 2, 4, 0, 2, 4])
    #expect(grid.places.map(\.y) == [-1, -1, -1, 1, 1, 1])
    let around = try BoundaryGrid(aroundX: [0, 10], y: [5, 5])
    #expect(around.x == -1...11 && around.y == 4...6)
  }

  @Test("a straight border is one line from edge to edge")
  func straight() throws {
    let lines = try decision(plot { x, _ in x - 0.05 })
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    #expect(Set(line.map(\.x)).count == 1)
    #expect(line.count == 2)
  }

  @Test("a circle is one closed line, a ring two, an empty plane none")
  func closed() throws {
    let circle = try decision(plot(columns: 21, rows: 21) { 0.5 - $0 * $0 - $1 * $1 })
    #expect(circle.count == 1)
    #expect(circle[0].first?.x == circle[0].last?.x && circle[0].first?.y == circle[0].last?.y)
    let ring = try plot(columns: 41, rows: 41) { x, y in
      let radius = (x * x + y * y).squareRoot()
      return (radius - 0.3) * (0.8 - radius)
    }
    #expect(decision(ring).count == 2)
    #expect(try decision(plot { _, _ in 1 }).isEmpty)
    #expect(try decision(plot { _, _ in -1 }).isEmpty)
  }

  @Test("a saddle has two lines that do not meet")
  func saddle() throws {
    #expect(try decision(plot(columns: 2, rows: 2) { $0 * $1 + 0.1 }).count == 2)
    #expect(try decision(plot(columns: 2, rows: 2) { $0 * $1 - 0.1 }).count == 2)
  }

  @Test("the border of a circle is where it should be")
  func accuracy() throws {
    let plot = try plot(columns: 81, rows: 81) { 0.5 - $0 * $0 - $1 * $1 }
    let frame = try #require(
      SVGPicture(plot.svg(numbers: .standard)).elements.last {
        $0.name == "rect" && $0.number("height") == 460 && $0.attributes["fill"] == "none"
      })
    for point in try #require(decision(plot).first) {
      let x = (point.x - frame.number("x")) / frame.number("width") * 2 - 1
      let y = 1 - (point.y - frame.number("y")) / frame.number("height") * 2
      #expect(abs(x * x + y * y - 0.5) < 0.002)
    }
  }

  @Test("classes have different markers; an example on the wrong side has a ring")
  func examples() throws {
    let plot = try plot(
      { x, _ in x },
      examples: [
        .init(x: -0.5, y: 0, classIndex: 0), .init(x: 0.5, y: 0, classIndex: 1),
        .init(x: 0.7, y: 0.1, classIndex: 0, isWrong: true),
      ])
    let picture = SVGPicture(plot.svg(numbers: .standard))
    // Two examples and the legend are circles, two squares; a ring each for the example and the legend.
    #expect(
      picture.elements.count { $0.name == "circle" && $0.attributes["fill"] == "#d55e00" } == 3)
    #expect(picture.elements.count { $0.name == "path" && $0.attributes["fill"] == "#0072b2" } == 2)
    #expect(picture.elements.count { $0.name == "circle" && $0.attributes["fill"] == "none" } == 2)
    #expect(plot.text(numbers: .standard).contains("1 of 3 examples lie on the wrong side"))
    #expect(plot.text(numbers: .standard).contains("yes: 55 % of the area, 1 example"))
  }

  @Test("very many examples are thinned, and the plot says so")
  func thinning() throws {
    let plot = try plot(
      { x, _ in x },
      examples: (0..<10_000).map { .init(x: Double($0 % 100) / 100, y: 0, classIndex: $0 % 2) })
    #expect(
      SVGPicture(plot.svg(numbers: .standard)).texts.contains {
        $0.content.hasSuffix("of 10000 examples are drawn")
      })
  }

  @Test("what cannot be drawn is refused with its place")
  func refusals() throws {
    #expect(throws: FigureError.self) { try BoundaryGrid(x: 0...0, y: 0...1) }
    #expect(throws: FigureError.self) { try BoundaryGrid(x: 0...(.infinity), y: 0...1) }
    #expect(throws: FigureError.tooMany("columns of the grid", count: 500, limit: 200)) {
      try BoundaryGrid(x: 0...1, y: 0...1, columns: 500)
    }
    #expect(throws: FigureError.empty("the horizontal axis")) {
      try BoundaryGrid(aroundX: [], y: [])
    }
    let grid = try BoundaryGrid(x: 0...1, y: 0...1, columns: 2, rows: 2)
    func plot(
      _ field: BoundaryPlot.Field, _ classes: [SymbolText] = ["a", "b"],
      _ examples: [BoundaryPlot.Example] = []
    ) throws(FigureError) {
      _ = try BoundaryPlot(
        x: "x", y: "y", grid: grid, field: field, classes: classes, examples: examples)
    }
    #expect(throws: FigureError.wrongCount("the predictions", found: 3, expected: 4)) {
      try plot(.probability([1, 2, 3]))
    }
    #expect(
      throws: FigureError.notFinite(
        "the grid of predictions", .cell(row: 2, column: 1), value: .infinity)
    ) { try plot(.probability([1, 0, .infinity, 0])) }
    #expect(throws: FigureError.wrongCount("classes", found: 3, expected: 2)) {
      try plot(.probability([0, 0, 0, 0]), ["a", "b", "c"])
    }
    #expect(throws: FigureError.wrongCount("the columns of the predictions", found: 2, expected: 3))
    {
      try plot(.scores(Matrix(rows: 4, columns: 2, repeating: 0)), ["a", "b", "c"])
    }
    #expect(
      throws: FigureError.notFinite("the examples", .cell(row: 1, column: 2), value: -.infinity)
    ) {
      try plot(
        .probability([0, 0, 0, 0]), ["a", "b"], [.init(x: 0, y: -.infinity, classIndex: 0)])
    }
    #expect(
      throws: FigureError.outOfRange(
        "the class of the examples", .index(1), reason: "there are 2 classes")
    ) { try plot(.probability([0, 0, 0, 0]), ["a", "b"], [.init(x: 0, y: 0, classIndex: 2)]) }
  }
}
