import Display
import JSONText
import MatrixEngine
import Notation
import Testing

@Suite("Heat maps")
struct HeatMapTests {
  @Test("a small matrix shows each of its numbers as tables do")
  func numbers() throws {
    let values = [0.2, -0.3, 0.00263, 1, 2.5e-9, 0]
    let map = try HeatMap(Matrix(rows: 2, columns: 3, storage: values))
    let texts = SVGPicture(map.svg(numbers: .standard)).texts.map {
      $0.content.replacing("\u{2009}", with: " ")
    }
    for text in ["0.2000", "−0.3000", "0.00263", "1", "2.5 × 10−9", "0"] {
      #expect(texts.contains(text), "\(text)")
    }
  }

  @Test(
    "numbers are shown up to 20 rows and columns",
    arguments: [(20, 20, true), (21, 20, false), (3, 21, false)])
  func limit(rows: Int, columns: Int, showsNumbers: Bool) throws {
    let map = try HeatMap(SampleFigures.wave(rows, columns))
    let count = SVGPicture(map.svg(numbers: .standard)).texts.count
    #expect((count > rows * columns) == showsNumbers)
  }

  @Test("a large matrix is drawn in blocks, in few elements, and says so")
  func blocks() throws {
    let map = try HeatMap(SampleFigures.wave(784, 128))
    let svg = map.svg(numbers: .standard)
    let picture = SVGPicture(svg)
    #expect(picture.count("path") + picture.count("rect") < 200)
    #expect(svg.utf8.count < 150_000)
    #expect(
      picture.texts.contains {
        $0.content == "Each cell is the mean of up to 13×2 of the 784×128 entries"
      })
    let rows = map.vegaLite(numbers: .standard)?["data"]?["values"]?.arrayValue ?? []
    #expect(rows.count == 61 * 64)
  }

  @Test("a block has the mean of its entries, also at the edge and where sums would overflow")
  func means() throws {
    // 65 rows make blocks of two; the last block has one row.
    let storage = (0..<65).map { $0 == 64 ? 7.0 : $0 < 2 ? 1.5e308 : Double($0) }
    let map = try HeatMap(Matrix(rows: 65, columns: 1, storage: storage))
    let values = (map.vegaLite(numbers: .standard)?["data"]?["values"]?.arrayValue ?? [])
      .compactMap { $0["value"]?.numberValue }
    #expect(values.count == 33)
    #expect(values[0] == 1.5e308 && values[1] == 2.5 && values[32] == 7)
  }

  @Test("the scale is centred at 0: equal magnitudes are equally far from white")
  func centred() throws {
    let map = try HeatMap(Matrix(rows: 1, columns: 3, storage: [-2, 0, 2]))
    let large = try HeatMap(
      Matrix(rows: 30, columns: 30, storage: (0..<900).map { $0 == 7 ? -2 : 1 }))
    let scale = large.vegaLite(numbers: .standard)?["layer"]?.arrayValue?.first?["encoding"]?[
      "color"]?["scale"]
    #expect(scale?["domain"] == .array([.number(-2), .number(0), .number(2)]))
    let fills = SVGPicture(map.svg(numbers: .standard)).elements
      .filter { $0.name == "path" && $0.attributes["shape-rendering"] == nil }
      .compactMap { $0.attributes["fill"] }
    #expect(
      fills == [-1, 0, 1].map { Palette.diverging($0).hexadecimal })
  }

  @Test(
    "the bar of colours is as tall as the map, and lies below a low one", arguments: [1, 2, 8, 30])
  func bar(rows: Int) throws {
    let map = try HeatMap(
      Matrix(rows: rows, columns: 30, storage: (0..<(30 * rows)).map { Double($0) - 9 }))
    let frames = SVGPicture(map.svg(numbers: .standard)).elements.filter {
      $0.name == "rect" && $0.attributes["fill"] == "none"
    }
    let (cells, bar) = (try #require(frames.first), try #require(frames.last))
    if bar.number("y") == cells.number("y") {
      #expect(bar.number("height") == cells.number("height"))
    } else {
      #expect(bar.number("y") >= cells.number("y") + cells.number("height"))
      #expect(cells.number("height") < 60)
    }
  }

  @Test(
    "the bar of colours has no side of 0 on which there are no numbers",
    arguments: [
      ([0.0, 0.25, 1.0], 0.0, 1.0), ([-4, -1, -2], -4, 0), ([-1, 0, 3], -3, 3), ([0, 0, 0], 0, 1),
    ])
  func sides(values: [Double], least: Double, greatest: Double) throws {
    let large = try HeatMap(
      Matrix(rows: 30, columns: 30, storage: (0..<900).map { values[$0 % 3] }))
    let domain = large.vegaLite(numbers: .standard)?["layer"]?.arrayValue?.first?["encoding"]?[
      "color"]?["scale"]?["domain"]?.arrayValue?.compactMap(\.numberValue)
    #expect(domain == [least, (least + greatest) / 2, greatest])
    let texts = SVGPicture(large.svg(numbers: .standard)).texts.map(\.content)
    #expect(texts.contains { $0.hasPrefix("−") } == (least < 0), "\(texts)")
  }

  @Test("labels name rows and columns; a title is escaped")
  func labels() throws {
    let map = try HeatMap(
      Matrix(rows: 1, columns: 2, storage: [1, 2]), title: "<a> & $b$",
      rowLabels: [.layered("a", 1, subscript: "1")], columnLabels: ["yes", "no"])
    let svg = map.svg(numbers: .standard)
    let texts = SVGPicture(svg).texts.map(\.content)
    #expect(texts.contains("<a> & $b$") && texts.contains("yes") && texts.contains("no"))
    #expect(svg.contains("&lt;a&gt; &amp; <tspan>$</tspan>b<tspan>$</tspan>"))
    // The narrower script first, then back to the left for the other.
    #expect(
      svg.contains(
        "<tspan font-style=\"italic\">a</tspan><tspan dy=\"4.48\" font-size=\"12\">1</tspan><tspan dx=\"-7.63\" dy=\"-12.48\" font-size=\"12\">[1]</tspan>"
      ))
  }

  @Test("what cannot be drawn is refused with its place")
  func refusals() {
    #expect(throws: FigureError.empty("the matrix")) {
      try HeatMap(Matrix(rows: 0, columns: 3, storage: []))
    }
    #expect(
      throws: FigureError.notFinite("the matrix", .cell(row: 2, column: 1), value: -.infinity)
    ) {
      try HeatMap(Matrix(rows: 2, columns: 3, storage: [1, 2, 3, -.infinity, 5, 6]))
    }
    #expect(throws: FigureError.wrongCount("the labels of the rows", found: 1, expected: 2)) {
      try HeatMap(Matrix(rows: 2, columns: 1, storage: [1, 2]), rowLabels: ["a"])
    }
  }
}
