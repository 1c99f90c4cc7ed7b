import Display
import Glibc
import MatrixEngine
import Notation

extension SampleFigures {
  static func boundaries() throws -> [Sample] {
    [
      ("boundary-moons", try moons()), ("boundary-perceptron", try line()),
      ("boundary-three", try three()), ("boundary-rings", try rings()),
    ]
  }

  private static func axis(_ index: Int) -> SymbolText {
    .scripted(.variable("x"), subscript: .words("\(index)"), superscript: nil)
  }

  private static func moons() throws -> BoundaryPlot {
    let first = (0..<30).map { index -> (Double, Double) in
      let angle = Double(index) / 29 * 3.1
      return (cos(angle) + 0.2 * sin(Double(index) * 7), sin(angle) + 0.25 * cos(Double(index) * 5))
    }
    let second = first.map { (1 - $0.0, 0.4 - $0.1) }
    let points = first + second
    let grid = try BoundaryGrid(
      aroundX: points.map(\.0), y: points.map(\.1), columns: 51, rows: 51)
    func probability(_ x: Double, _ y: Double) -> Double {
      sigmoid(6 * (0.25 - y + 0.7 * sin(3.1 * (x - 0.5) + 3.14)))
    }
    return try BoundaryPlot(
      title: "Moons, net of 2 – 8 – 1", x: axis(1), y: axis(2), grid: grid,
      field: .probability(grid.places.map { probability($0.x, $0.y) }),
      classes: ["class 0", "class 1"],
      examples: points.enumerated().map { index, point in
        let classIndex = index < 30 ? 0 : 1
        let decided = probability(point.0, point.1) >= 0.5 ? 1 : 0
        return .init(
          x: point.0, y: point.1, classIndex: classIndex, isWrong: decided != classIndex)
      })
  }

  private static func line() throws -> BoundaryPlot {
    let grid = try BoundaryGrid(x: -0.5...1.5, y: -0.5...1.5, columns: 21, rows: 21)
    return try BoundaryPlot(
      x: axis(1), y: axis(2), grid: grid,
      field: .score(grid.places.map { $0.x + $0.y }, threshold: 1.5), classes: ["0", "1"],
      examples: [(0, 0), (0, 1), (1, 0), (1, 1)].map {
        .init(x: $0.0, y: $0.1, classIndex: $0.0 + $0.1 > 1.5 ? 1 : 0)
      })
  }

  private static func three() throws -> BoundaryPlot {
    let grid = try BoundaryGrid(x: 4...8, y: 2...4.5, columns: 61, rows: 61)
    let centers = [(5.0, 3.4), (5.9, 2.8), (6.6, 3.0)]
    let scores = grid.places.flatMap { place in
      centers.map { -pow(place.x - $0.0, 2) - pow(place.y - $0.1, 2) }
    }
    let examples = centers.enumerated().flatMap { index, center in
      (0..<12).map { number -> BoundaryPlot.Example in
        let x = center.0 + 0.4 * sin(Double(number) * 2.4)
        let y = center.1 + 0.4 * cos(Double(number) * 1.7)
        return .init(x: x, y: y, classIndex: index)
      }
    }
    return try BoundaryPlot(
      title: "Iris", x: "sepal length (cm)", y: "sepal width (cm)", grid: grid,
      field: .scores(Matrix(rows: 61 * 61, columns: 3, storage: scores)),
      classes: ["setosa", "versicolor", "virginica"],
      examples: examples)
  }

  /// A region with a hole, and a saddle.
  private static func rings() throws -> BoundaryPlot {
    let grid = try BoundaryGrid(x: -2...2, y: -2...2, columns: 41, rows: 41)
    return try BoundaryPlot(
      x: axis(1), y: axis(2), grid: grid,
      field: .probability(
        grid.places.map { sigmoid(8 * cos(2.5 * ($0.x * $0.x + $0.y * $0.y).squareRoot())) }),
      classes: ["outer", "inner"])
  }
}
