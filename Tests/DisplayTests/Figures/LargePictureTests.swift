import Display
import Glibc
import MatrixEngine
import Notation
import Testing

/// Pictures of much data stay small enough for a notebook, and are made before anybody notices.
@Suite("Large pictures", .serialized)
struct LargePictureTests {
  private static func wave(_ count: Int, _ step: Double) -> [Double] {
    (0..<count).map { sin(Double($0) * step) * cos(Double($0) * 0.7 * step + 1) }
  }

  private static func image(_ side: Int, _ phase: Double) -> Matrix<Double> {
    Matrix(
      rows: side, columns: side,
      storage: (0..<(side * side)).map { sin(Double($0 * $0 % 97) + phase) })
  }

  /// As a written digit is: mostly nothing.
  private static func digit(_ side: Int, _ phase: Double) -> Matrix<Double> {
    Matrix(
      rows: side, columns: side,
      storage: (0..<(side * side)).map { max(0, sin(Double($0) * 0.11 + phase) - 0.7) })
  }

  private static func chart(_ form: Chart.Series.Form, _ count: Int) throws -> Chart {
    try Chart(
      x: FigureAxis("x"), y: FigureAxis("y"),
      series: ["one", "two", "three"].enumerated().map { index, name in
        Chart.Series(
          .words(name), x: wave(count, 1.7 + Double(index)), y: wave(count, 3.1), form: form)
      })
  }

  static func pictures() throws -> [(name: String, figure: any Figure)] {
    [
      ("points", try chart(.points, 5_000)), ("few points", try chart(.points, 300)),
      (
        "a long line",
        try Chart(
          x: FigureAxis("i"), y: FigureAxis("y"),
          series: [
            Chart.Series(
              "noise", x: (0..<3_000).map(Double.init), y: wave(3_000, 2.9), form: .linePoints)
          ])
      ),
      ("a large map", try HeatMap(image(200, 0))), ("a map with dashes", try HeatMap(image(50, 0))),
      ("an image", try ImageGrid([image(160, 0)])),
      ("digits", try ImageGrid((0..<60).map { digit(28, Double($0)) })),
      ("noise", try ImageGrid((0..<40).map { image(28, Double($0)) })),
      ("small images", try ImageGrid((0..<60).map { image(8, Double($0)) })),
    ]
  }

  @Test("SVG and PNG have 60 kB at most")
  func sizes() throws {
    for (name, figure) in try Self.pictures() + FigureTests.samples {
      let drawing = figure.drawing(numbers: .standard)
      #expect(drawing.svg.utf8.count <= 60_000, "\(name)")
      #expect(drawing.png.count <= 60_000, "\(name)")
    }
  }

  /// Upper bounds with room for slow machines; they are tight in release mode only.
  @Test("no picture takes long, in all its forms together")
  func times() throws {
    // A sanitizer's checks take most of the time.
    guard getenv("NABLA_SANITIZER") == nil else { return }
    let clock = ContinuousClock()
    for (pictures, limit) in [(FigureTests.samples, 100), (try Self.pictures(), 300)] {
      for (name, figure) in pictures {
        let time = (0..<5).map { _ in clock.measure { _ = figure.bundle() } }.min() ?? .zero
        print("\(name): \(time)")
        #expect(time < .milliseconds(limit), "\(name)")
      }
    }
  }

  @Test("many shapes that look alike say so once, and a map of many cells is one image")
  func terse() throws {
    let pictures = try Self.pictures()
    let points = SVGPicture(pictures[0].figure.svg(numbers: .standard))
    let circles = points.elements.filter { $0.name == "circle" }
    #expect(circles.count > 150 && circles.count { $0.attributes["fill"] == nil } > 150)
    let map = SVGPicture(pictures[3].figure.svg(numbers: .standard))
    let image = try #require(map.elements.first { $0.name == "image" })
    let address = try #require(image.attributes["href"])
    #expect(address.hasPrefix("data:image/png;base64,"))
    #expect(image.attributes["image-rendering"] == "pixelated")
  }
}
