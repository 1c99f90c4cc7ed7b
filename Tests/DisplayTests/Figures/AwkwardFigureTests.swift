import Display
import JSONText
import MatrixEngine
import Notation
import Testing

@Suite("Figures with awkward texts and numbers")
struct AwkwardFigureTests {
  /// Texts that a person may well choose for a name.
  static let words: [SymbolText] = [
    .words(String(repeating: "very long name ", count: 12)), "<&\">]]>", "line\nbreak\u{1}",
    "back\\slash 'q'", "$x$ $y$", "名前", .partial(.variable("L"), by: .layered("W", 3)), "",
  ]

  private func check(_ figure: any Figure, _ word: SymbolText) throws {
    let svg = figure.svg(numbers: NumberFormat(digits: 12))
    try Markup.parse(svg)
    let picture = SVGPicture(svg)
    for text in picture.texts {
      let box = text.box(part: 0.85)
      #expect(box.left >= -2 && box.right <= picture.width + 2, "\(text.content)")
      #expect(box.top >= 0 && box.bottom <= picture.height, "\(text.content)")
    }
    // A new line would end a string in Vega's expressions.
    if let chart = figure.vegaLite(numbers: .standard)?.text {
      #expect(!chart.contains("\\n") && !chart.contains("\\u0001"))
    }
  }

  @Test("charts", arguments: words)
  func charts(word: SymbolText) throws {
    let axis = FigureAxis(word, unit: "m/s")
    try check(
      Chart(
        title: word, x: axis, y: axis,
        series: [
          Chart.Series(word, x: [0, 1e15], y: [-1.7e-300, 3]),
          Chart.Series("b", x: [0, 1], y: [1, 2]),
        ], notes: [word]), word)
  }

  @Test("heat maps", arguments: words)
  func heatMaps(word: SymbolText) throws {
    for columns in [3, 25] {
      let storage = (0..<(2 * columns)).map { 1.23456789e-9 * Double($0 - 4) }
      try check(
        HeatMap(
          Matrix(rows: 2, columns: columns, storage: storage), title: word, valueName: word,
          rowTitle: word, columnTitle: word, rowLabels: [word, word],
          columnLabels: Array(repeating: word, count: columns)), word)
    }
  }

  @Test("network diagrams", arguments: words)
  func networks(word: SymbolText) throws {
    func layer(_ count: Int) -> NetworkDiagram.Layer {
      .init(
        word, caption: word,
        nodes: (0..<count).map { _ in
          .init(word, values: [.init("z", -1.23456e-7), .init("a", .nan)], gradient: 1.0 / 3)
        })
    }
    let parameters = NetworkDiagram.Parameters(
      weights: Matrix(rows: 2, columns: 3, repeating: -1.0 / 3), bias: [1e300, 0, 1e-300])
    try check(
      NetworkDiagram(
        title: word, layers: [layer(2), layer(3)],
        connections: [
          .init(
            parameters, names: Array(repeating: word, count: 9), gradients: parameters,
            new: parameters)
        ], loss: .init(word, .infinity, newValue: .nan, note: word)), word)
  }

  @Test("boundaries", arguments: words)
  func boundaries(word: SymbolText) throws {
    let grid = try BoundaryGrid(x: -1e300...1e300, y: 0...1e-200, columns: 3, rows: 3)
    try check(
      BoundaryPlot(
        title: word, x: word, y: word, grid: grid,
        field: .scores(Matrix(rows: 9, columns: 3, storage: (0..<27).map { Double($0 % 5) })),
        classes: [word, "b", "c"], examples: [.init(x: 1e308, y: -1e308, classIndex: 2)]), word)
  }

  @Test("graphs", arguments: words)
  func graphs(word: SymbolText) throws {
    // A constant that has an input is no constant, but has to be drawn.
    try check(
      GraphDiagram(
        title: word,
        nodes: [
          .init(word, .input, value: .scalar(1.0 / 3), gradient: .scalar(-1e-300)),
          .init(word, .constant, value: .scalar(.nan)),
          .init(word, .output),
        ],
        edges: [
          .init(from: 0, to: 1, label: word, value: 1e300), .init(from: 0, to: 1, label: word),
          .init(from: 1, to: 2, value: -1.0 / 3), .init(from: 0, to: 2, label: word),
        ], gradientName: word), word)
  }
}
