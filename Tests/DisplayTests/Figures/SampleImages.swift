import Display
import Glibc
import MatrixEngine
import Notation

extension SampleFigures {
  static func images() throws -> [Sample] {
    [
      ("image-single", try ImageGrid([wave(8, 8, 0)], title: "A wave")),
      (
        "image-several",
        try ImageGrid(
          (0..<11).map { wave(5, 7, Double($0)) }, title: "Waves",
          captions: (1...11).map { .words("no. \($0)") })
      ), ("image-flat", try ImageGrid([Matrix(rows: 1, columns: 300, repeating: 0.5)])),
      (
        "image-many",
        try ImageGrid((0..<130).map { wave(2, 2, Double($0)) })
      ),
    ]
  }

  private static func wave(_ rows: Int, _ columns: Int, _ phase: Double) -> Matrix<Double> {
    Matrix(
      rows: rows, columns: columns,
      storage: (0..<(rows * columns)).map { sin(Double($0) * 0.4 + phase) })
  }

  static func contours() throws -> [Sample] {
    func plot(
      _ value: (Double, Double) -> Double, way: [(x: Double, y: Double)], title: SymbolText = ""
    ) throws -> ContourPlot {
      let grid = try BoundaryGrid(x: -2...2, y: -3...3, columns: 31, rows: 31)
      return try ContourPlot(
        title: title, x: .quantity(.weight(from: 1, to: 1, layer: 1)), y: "b", grid: grid,
        values: grid.places.map { value($0.x, $0.y) }, valueName: "loss", way: way)
    }
    let way: [(x: Double, y: Double)] = (1...12).map { step in
      (x: -1.5 / Double(step), y: 2.5 / Double(step))
    }
    let bowl = try plot({ x, y in x * x + 3 * y * y }, way: way, title: "The loss of N")
    let waves = try plot({ x, y in sin(2 * x) * y }, way: [(0.5, 0.5)])
    let flat = try plot({ _, _ in 0.7 }, way: [])
    let wall = try plot({ x, y in x > 1 ? .infinity : x + y }, way: [(0, 0), (9, 9)])
    return [
      ("contour-bowl", bowl), ("contour-here", waves), ("contour-flat", flat),
      ("contour-wall", wall),
    ]
  }

  static func jumps() throws -> [Sample] {
    let x = (0...40).map { Double($0) / 10 - 2 }
    let staircase = Chart.Series(
      "floor", x: x, y: x.map { $0.rounded(.down) },
      jumps: (-1...1).map { step in
        .init(x: Double(step), left: Double(step - 1), right: Double(step), value: Double(step))
      })
    let hole = Chart.Series(
      "a value by itself", x: x, y: x.map { $0 == 0 ? 2 : 0.5 },
      jumps: [.init(x: 0, left: 0.5, right: 0.5, value: 2)])
    let circle = (0...24).map { Double($0) / 4 }
    return [
      (
        "chart-jumps",
        try Chart(x: FigureAxis(.variable("x")), y: FigureAxis("value"), series: [staircase, hole])
      ),
      (
        "chart-curve",
        try Chart(
          x: FigureAxis("cos"), y: FigureAxis("sin"),
          series: [Chart.Series("circle", x: circle.map(cos), y: circle.map(sin))])
      ),
    ]
  }
}
