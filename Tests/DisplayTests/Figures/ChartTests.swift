import Display
import Glibc
import JSONText
import MatrixEngine
import Notation
import Testing

@Suite("Charts")
struct ChartTests {
  private func moving(_ heights: [Double], title: SymbolText = "") throws -> [Chart] {
    try heights.map { height in
      try Chart(
        title: title, x: FigureAxis("x"), y: FigureAxis("y"),
        series: [Chart.Series("f", x: [0, 1, 2], y: [0, height / 2, height])])
    }
  }

  @Test("axes that stay hold all that is shown, as long as the beginning is to be seen")
  func frames() throws {
    let charts = try moving([1, -2, 3])
    let frame = try #require(ChartFrame(charts))
    let framed = charts.map { SVGPicture($0.framed(by: frame).svg(numbers: .standard)) }
    let labels = framed.map { ticks($0, anchor: "end") }
    #expect(labels[0] == ["−2", "−1", "0", "1", "2", "3"])
    #expect(Set(labels).count == 1)
    // A hundred times as high: the beginning keeps its share, and what is left out is said.
    let far = try moving([1, 100])
    let narrow = try #require(ChartFrame(far))
    let pictures = far.map { SVGPicture($0.framed(by: narrow).svg(numbers: .standard)) }
    #expect(ticks(pictures[0], anchor: "end").last == "6")
    for picture in pictures {
      #expect(picture.texts.contains { $0.content.contains("is cut off") })
    }
    // However far from 0 it is.
    let high = try [0.01, 2].map { height in
      try Chart(
        x: FigureAxis("x"), y: FigureAxis("y"),
        series: [Chart.Series("f", x: [0, 1], y: [1000, 1000 + height])])
    }
    let place = try #require(ChartFrame(high))
    let tall = SVGPicture(high[0].framed(by: place).svg(numbers: .standard))
    #expect(
      ticks(tall, anchor: "end").compactMap(Double.init).allSatisfy { (999.9...1000.1) ~= $0 })
    #expect(tall.starts(stroke: "#0072b2") == 1)
    #expect(
      tall.texts.contains { $0.content.contains("999.94 … 1000.07 is cut off") }, "\(tall.texts)")
    // From a level line one cannot tell how high the rest may be.
    let flat = try #require(ChartFrame(moving([0, 100, 80])))
    let level = try SVGPicture(moving([0])[0].framed(by: flat).svg(numbers: .standard))
    #expect(ticks(level, anchor: "end").last == "100")
  }

  @Test("a steep line and the segments of data are drawn from edge to edge, a pole is not")
  func steepLines() throws {
    func paths(_ y: [Double], isFunction: Bool) throws -> Int {
      let x = y.indices.map { Double($0) }
      let chart = try Chart(
        x: FigureAxis("x"), y: FigureAxis("y", span: .fixed(-1...1)),
        series: [Chart.Series("f", x: x, y: y, isFunction: isFunction)])
      return SVGPicture(chart.svg(numbers: .standard)).elements
        .filter { $0.name == "path" && $0.attributes["fill"] == "none" }.count
    }
    #expect(try paths((-40...40).map { Double($0) / 2 }, isFunction: true) == 1)
    #expect(try paths([-5, 5, -5], isFunction: false) == 1)
    #expect(try paths([-5, -50, 50, 5], isFunction: true) == 0)
    // Numbers that overflow when distances are reckoned.
    #expect(try paths([0, 0.5, 1e290, 1e299], isFunction: true) == 1)
  }

  @Test("a chart of another kind keeps its own axes")
  func otherFrames() throws {
    let frame = try #require(ChartFrame(moving([1, 2])))
    let other = try Chart(
      x: FigureAxis("x"), y: FigureAxis("y"), series: [Chart.Series("g", x: [0, 1], y: [0, 50])])
    #expect(other.framed(by: frame) == other)
    #expect(try ChartFrame(moving([1]) + [other]) == nil)
    let panels = try Chart(
      x: FigureAxis("x"),
      panels: [1, 2].map {
        Chart.Panel(y: FigureAxis("y"), series: [Chart.Series("f", x: [0, 1], y: [0, $0])])
      })
    #expect(ChartFrame([panels]) == nil)
  }

  private func chart(
    x: ClosedRange<Double> = 0...1, y: ClosedRange<Double> = 0...1,
    scale: FigureAxis.Scale = .linear
  ) throws -> SVGPicture {
    let chart = try Chart(
      x: FigureAxis("x", span: .fixed(x)), y: FigureAxis("y", scale: scale, span: .fixed(y)),
      series: [
        Chart.Series("f", x: [x.lowerBound, x.upperBound], y: [y.lowerBound, y.upperBound])
      ])
    return SVGPicture(chart.svg(numbers: .standard))
  }

  /// The labels of an axis: those of the horizontal one stand in the middle of their ticks.
  private func ticks(_ picture: SVGPicture, anchor: String) -> [String] {
    picture.texts.filter { $0.size == 16 && $0.anchor == anchor }.map(\.content)
  }

  @Test(
    "ticks are multiples of 1, 2 or 5 with the decimals that they need",
    arguments: [
      (0, 1, ["0", "1"]),
      (-6, 6, ["−6", "−4", "−2", "0", "2", "4", "6"]),
      (0, 100, ["0", "20", "40", "60", "80", "100"]),
      (0.1, 0.35, ["0.10", "0.15", "0.20", "0.25", "0.30", "0.35"]),
      (-0.3, 0.3, ["−0.3", "−0.2", "−0.1", "0", "0.1", "0.2", "0.3"]),
      (
        1000.001, 1000.002,
        ["1000.0010", "1000.0012", "1000.0014", "1000.0016", "1000.0018", "1000.0020"]
      ),
      (
        0, 3e-7,
        ["0", "0.5 × 10−7", "1.0 × 10−7", "1.5 × 10−7", "2.0 × 10−7", "2.5 × 10−7", "3.0 × 10−7"]
      ),
      (0, 2e9, ["0", "0.5 × 109", "1.0 × 109", "1.5 × 109", "2.0 × 109"]),
    ] as [(Double, Double, [String])])
  func linearTicks(lower: Double, upper: Double, labels: [String]) throws {
    let shown = try ticks(chart(y: lower...upper), anchor: "end").map {
      $0.replacing("\u{2009}", with: " ")
    }
    #expect(shown == labels)
  }

  @Test(
    "a logarithmic axis has powers of ten, or 1, 2, 5 where it is short",
    arguments: [
      (1e-3, 1e3, ["0.001", "0.01", "0.1", "1", "10", "100", "1000"]),
      (1e-7, 1e-2, ["10−7", "10−6", "10−5", "10−4", "10−3", "10−2"]),
      (0.5, 9, ["0.5", "1", "2", "5"]),
      (0.26, 0.31, ["0.26", "0.27", "0.28", "0.29", "0.30", "0.31"]),
    ] as [(Double, Double, [String])])
  func logarithmicTicks(lower: Double, upper: Double, labels: [String]) throws {
    #expect(
      try ticks(chart(y: lower...upper, scale: .logarithmic), anchor: "end") == labels)
  }

  @Test("the ticks of any range are few, in order, and apart", arguments: 0..<300)
  func anyRange(round: Int) throws {
    var random = SeededGenerator(state: UInt64(round))
    let power = Double.random(in: -300...298, using: &random)
    let lower = Double.random(in: -1...1, using: &random) * pow(10, power)
    let extent = Double.random(in: 0.01...10, using: &random) * pow(10, power)
    let labels = try ticks(chart(x: lower...(lower + extent)), anchor: "middle")
    #expect((2...11).contains(labels.count), "\(lower), \(extent)")
    #expect(Set(labels).count == labels.count)
  }

  @Test(
    "a series that is constant, single or very large still has a chart",
    arguments: [
      [3.0, 3, 3], [0, 0, 0], [-1e300, 0, 1e300], [5e-324, 0, 0], [1e15, 1e15 + 1, 1e15],
    ] as [[Double]])
  func extremes(values: [Double]) throws {
    let chart = try Chart(
      x: FigureAxis("x"), y: FigureAxis("y"),
      series: [
        Chart.Series("f", x: [1, 2, 3], y: values),
        Chart.Series("g", x: [2], y: [values[1]], form: .points),
      ])
    let svg = chart.svg(numbers: .standard)
    try Markup.parse(svg)
    #expect(SVGPicture(svg).texts.count > 4)
  }

  @Test("a value that is not finite leaves a gap, and the text says so")
  func gaps() throws {
    let chart = try Chart(
      x: FigureAxis("epoch"), y: FigureAxis("loss"),
      series: [
        Chart.Series("f", x: [1, 2, 3, 4, 5, 6, 7], y: [1, 2, .nan, 2, 4, .infinity, 3])
      ])
    #expect(SVGPicture(chart.svg(numbers: .standard)).starts(stroke: "#0072b2") == 2)
    #expect(chart.text(numbers: .standard).contains("2 of 7 values are not finite"))
    let rows = chart.vegaLite(numbers: .standard)?["data"]?["values"]?.arrayValue ?? []
    #expect(
      rows.map { $0["y"] == .null } == [false, false, true, false, false, true, false])
  }

  @Test("a point between two gaps is seen, also where others have no marker")
  func lonely() throws {
    let values = (0..<100).map { $0 == 49 || $0 == 51 ? Double.nan : Double($0) }
    let chart = try Chart(
      x: FigureAxis("x"), y: FigureAxis("y"),
      series: [Chart.Series("f", x: (0..<100).map(Double.init), y: values)])
    #expect(SVGPicture(chart.svg(numbers: .standard)).count("circle") == 1)
  }

  @Test("no line joins the two sides of a pole")
  func pole() throws {
    let x = (0...80).map { Double($0 - 40) / 10 + 0.01 }
    let chart = try Chart(
      x: FigureAxis("x"), y: FigureAxis("y", span: .trimmed),
      series: [Chart.Series("1/x", x: x, y: x.map { 1 / $0 }, isFunction: true)])
    #expect(SVGPicture(chart.svg(numbers: .standard)).starts(stroke: "#0072b2") == 2)
    #expect(chart.text(numbers: .standard).contains("is cut off"))
  }

  @Test("a long series keeps its extremes in far fewer points")
  func decimation() throws {
    var values = (0..<100_000).map { sin(Double($0) / 300) }
    values[54_321] = 9
    let chart = try Chart(
      x: FigureAxis("step"), y: FigureAxis("loss"),
      series: [Chart.Series("f", x: (0..<100_000).map(Double.init), y: values)])
    let svg = chart.svg(numbers: .standard)
    #expect(svg.utf8.count < 80_000)
    let rows = chart.vegaLite(numbers: .standard)?["data"]?["values"]?.arrayValue ?? []
    #expect(rows.count < 3_000)
    #expect(rows.contains { $0["y"] == .number(9) })
    #expect(chart.text(numbers: .standard).contains("greatest 9 at 54321"))
  }

  @Test(
    "a chart of very many points is no larger than a notebook can bear",
    arguments: [Chart.Series.Form.line, .points, .linePoints], [true, false])
  func many(form: Chart.Series.Form, isOrdered: Bool) throws {
    var source = RandomSource(seed: 5)
    var x = (0..<100_000).map { _ in source.uniform() }
    if isOrdered { x.sort() }
    let y = x.map { place in place < 0.01 ? .nan : source.uniform() }
    let chart = try Chart(
      x: FigureAxis("x", span: .fixed(0...1)), y: FigureAxis("y", span: .fixed(0...1)),
      series: [
        Chart.Series("f", x: x, y: y, form: form),
        Chart.Series("g", x: x, y: y.map { 1 - $0 }, form: form),
      ])
    let vegaLite = try #require(chart.vegaLite(numbers: .standard))
    #expect(vegaLite.encoded.count < 1 << 20)
    #expect(chart.svg(numbers: .standard).utf8.count < 1 << 20)
  }

  @Test("a line has no more points than it needs; a straight one has two")
  func thinned() throws {
    let x = (0...400).map { Double($0) / 50 - 4 }
    func points(_ y: [Double]) throws -> Int {
      let chart = try Chart(
        x: FigureAxis("x"), y: FigureAxis("y"), series: [Chart.Series("f", x: x, y: y)])
      let path = SVGPicture(chart.svg(numbers: .standard)).elements.first {
        $0.name == "path" && $0.attributes["stroke"] == "#0072b2"
      }
      return (path?.attributes["d"] ?? "").count { $0 == "L" } + 1
    }
    #expect(try points(x.map { 2 * $0 + 1 }) == 2)
    #expect(try points(x.map { max($0, 0) }) == 3)
    #expect((15...80).contains(try points(x.map { 1 / (1 + exp(-$0)) })))
  }

  @Test("counts have ticks at whole numbers only")
  func wholeTicks() throws {
    let chart = try Chart(
      x: FigureAxis("epoch"), y: FigureAxis("errors"),
      series: [Chart.Series("f", x: [1, 2, 3, 4], y: [3, 2, 1, 0], form: .linePoints)])
    let texts = try SVGPicture(chart.svg(numbers: .standard)).texts.map(\.content)
    #expect(texts.filter { Double($0) != nil }.allSatisfy { !$0.contains(".") })
    #expect(texts.contains("4"))
  }

  @Test("what is pointed at in JupyterLab is cut off at the frame by the numbers, not by the frame")
  func unclipped() throws {
    let x = (0...400).map { Double($0) / 50 - 4 }
    let chart = try Chart(
      x: FigureAxis("x"), y: FigureAxis("y", span: .fixed(-1...1)),
      series: [Chart.Series("x³", x: x, y: x.map { $0 * $0 * $0 })])
    let spec = try #require(chart.vegaLite(numbers: .standard))
    #expect(!spec.text.contains("\"clip\""))
    let rows = spec["data"]?["values"]?.arrayValue ?? []
    let y = rows.compactMap { $0["y"]?.numberValue }
    #expect(y.min() == -1 && y.max() == 1)
  }

  @Test("series have different colours, dashes and markers")
  func looks() throws {
    let series = (0..<6).map { index in
      Chart.Series(.words("s\(index)"), x: [0, 1], y: [Double(index), Double(index) + 1])
    }
    let picture = try SVGPicture(
      Chart(x: FigureAxis("x"), y: FigureAxis("y"), series: series).svg(numbers: .standard))
    let lines = picture.elements.filter { $0.name == "path" && $0.attributes["fill"] == "none" }
    let looks = lines.map {
      ($0.attributes["stroke"] ?? "") + " " + ($0.attributes["stroke-dasharray"] ?? "")
    }
    #expect(looks.count == 6 && Set(looks).count == 6)
    #expect(picture.texts.map(\.content).filter { $0.hasPrefix("s") }.count == 6)
  }

  @Test("what cannot be drawn is refused")
  func refusals() throws {
    let axis = FigureAxis("x")
    func chart(
      _ x: [Double], _ y: [Double], _ yAxis: FigureAxis = FigureAxis("y")
    ) throws(FigureError) -> Chart {
      try Chart(x: axis, y: yAxis, series: [Chart.Series("f", x: x, y: y)])
    }
    #expect(throws: FigureError.empty("the chart")) { try Chart(x: axis, panels: []) }
    #expect(throws: FigureError.empty("the chart")) { try Chart(x: axis, y: axis, series: []) }
    #expect(throws: FigureError.empty("f")) { try chart([], []) }
    #expect(throws: FigureError.wrongCount("the values of f", found: 1, expected: 2)) {
      try chart([1, 2], [1])
    }
    #expect(throws: FigureError.notFinite("the horizontal axis", .index(2), value: .infinity)) {
      try chart([1, .infinity], [1, 2])
    }
    let nothing = FigureError.outOfRange(
      "f", nil, reason: "none of the values has a place on the axes")
    #expect(throws: nothing) { try chart([1, 2], [.nan, .infinity]) }
    #expect(throws: nothing) { try chart([1, 2], [0, -1], FigureAxis("y", scale: .logarithmic)) }
    #expect(throws: FigureError.self) { try chart([1], [1], FigureAxis("y", span: .fixed(2...2))) }
    let many = (0...30).map { Chart.Series(.words("s\($0)"), x: [0], y: [0]) }
    #expect(throws: FigureError.tooMany("series", count: 31, limit: 30)) {
      try Chart(x: axis, y: axis, series: many)
    }
  }

  @Test("a logarithmic axis says what it leaves out")
  func logarithmicGaps() throws {
    let chart = try Chart(
      x: FigureAxis("x"), y: FigureAxis("y", scale: .logarithmic),
      series: [Chart.Series("f", x: [1, 2, 3], y: [0, 1, 10])])
    #expect(chart.text(numbers: .standard).contains("f: 1 of 3 values is not above 0"))
  }
}
