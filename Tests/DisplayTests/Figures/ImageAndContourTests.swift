import Display
import JSONText
import MatrixEngine
import Notation
import Testing

@Suite("Images, contours and jumps")
struct ImageAndContourTests {
  private func sample(_ name: String) throws -> any Figure {
    try #require(FigureTests.samples.first { $0.name == name }).figure
  }

  @Test("the least pixel is white, the greatest black, and what lies between is grey")
  func greys() throws {
    let image = try ImageGrid([Matrix(rows: 1, columns: 3, storage: [0, 5, 10])])
    let svg = image.svg(numbers: .standard)
    let pixels = svg.split(separator: "\n").filter { $0.contains("crispEdges") }
    #expect(pixels.count == 3)
    #expect(pixels[0].contains("#ffffff") && pixels[2].contains("#000000"))
    #expect(pixels[1].contains("#808080"))
    #expect(image.text(numbers: .standard) == "Image: 1×3 pixels\n  White is 0, black 10")
  }

  @Test("of very many images the first are drawn, and a note says so")
  func many() throws {
    let text = try sample("image-many").text(numbers: .standard)
    #expect(text.contains("130 images of 2×2 pixels"))
    #expect(text.contains("The first 100 of 130 images are drawn"))
  }

  @Test("images without pixels, of different shapes, with holes or too few captions are refused")
  func refused() throws {
    let small = Matrix(rows: 1, columns: 2, storage: [1.0, 2.0])
    #expect(throws: FigureError.empty("the image")) { try ImageGrid([]) }
    #expect(throws: FigureError.empty("the image")) {
      try ImageGrid([Matrix(rows: 0, columns: 3, storage: [])])
    }
    #expect(throws: FigureError.wrongCount("the rows of image 2", found: 2, expected: 1)) {
      try ImageGrid([small, Matrix(rows: 2, columns: 2, repeating: 0)])
    }
    #expect(throws: FigureError.wrongCount("the captions", found: 1, expected: 2)) {
      try ImageGrid([small, small], captions: ["a"])
    }
    #expect(throws: FigureError.self) {
      try ImageGrid([Matrix(rows: 1, columns: 1, storage: [.nan])])
    }
  }

  @Test("contours say where the number is least, and where the way leads")
  func contours() throws {
    let text = try sample("contour-bowl").text(numbers: .standard)
    #expect(text.contains("least loss 0 at w₁₁^[1] = 0, b = 0"))
    #expect(text.contains("11 updates from w₁₁^[1] = -1.5000, b = 2.5000"))
    #expect(try sample("contour-here").text(numbers: .standard).contains("the network is at"))
    let wall = try sample("contour-wall").svg(numbers: .standard)
    #expect(wall.contains("places it is not finite"))
  }

  @Test("values that are missing, nowhere finite or a way without a place are refused")
  func refusedContours() throws {
    let grid = try BoundaryGrid(x: 0...1, y: 0...1, columns: 2, rows: 2)
    func plot(_ values: [Double], _ way: [(x: Double, y: Double)] = []) throws -> ContourPlot {
      try ContourPlot(x: "u", y: "v", grid: grid, values: values, valueName: "loss", way: way)
    }
    #expect(throws: FigureError.wrongCount("the values", found: 1, expected: 4)) { try plot([1]) }
    #expect(throws: FigureError.outOfRange("loss", nil, reason: "it is nowhere finite")) {
      try plot([.nan, .infinity, .nan, .nan])
    }
    #expect(throws: FigureError.self) { try plot([1, 2, 3, 4], [(.nan, 0)]) }
  }

  @Test(
    "a jump is a gap with an open and a filled dot; no line crosses it and no note speaks of it")
  func jumps() throws {
    let chart = try sample("chart-jumps")
    let picture = try SVGPicture(chart.svg(numbers: .standard))
    let dots = picture.elements.filter { $0.name == "circle" && $0.number("stroke-width") == 2 }
    // Three steps with two dots each, and one value by itself with its hole.
    #expect(dots.count == 8)
    #expect(dots.count { $0.attributes["fill"] == Palette.background.hexadecimal } == 4)
    let text = chart.text(numbers: .standard)
    #expect(text.contains("jumps at -1 (-2 to -1), 0 (-1 to 0), 1 (0 to 1)"))
    #expect(text.contains("jumps at 0 (0.5000 to 0.5000, there 2)"))
    #expect(!text.contains("gaps"))
    let rows = try #require(chart.vegaLite(numbers: .standard)?["data"]?["values"]?.arrayValue)
    #expect(rows.count { $0["form"]?.stringValue == "jump" } == 8)
    #expect(rows.count { $0["y"] == .null } == 4)
  }

  @Test("a line whose x turns back is drawn in the order of its points")
  func order() throws {
    let spec = try #require(try sample("chart-curve").vegaLite(numbers: .standard))
    let layer = try #require(spec["layer"]?.arrayValue?.first)
    #expect(layer["encoding"]?["order"]?["field"]?.stringValue == "place")
    let plain = try #require(try sample("chart-functions").vegaLite(numbers: .standard))
    #expect(plain["layer"]?.arrayValue?.first?["encoding"]?["order"] == nil)
  }
}
