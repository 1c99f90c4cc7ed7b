import Display
import MatrixEngine
import Notation
import Testing

@Suite("Network diagrams")
struct NetworkDiagramTests {
  private func layer(_ count: Int) -> NetworkDiagram.Layer {
    .init("Layer", nodes: (0..<count).map { .init(.layered("a", 1, subscript: "\($0 + 1)")) })
  }

  private func picture(_ counts: [Int], _ detail: DiagramDetail = .auto) throws -> SVGPicture {
    let connections = zip(counts, counts.dropFirst()).map {
      NetworkDiagram.Connection(.init(weights: SampleFigures.wave($0, $1)))
    }
    return try SVGPicture(
      NetworkDiagram(layers: counts.map(layer), connections: connections, detail: detail)
        .svg(numbers: .standard))
  }

  @Test(
    "up to eight circles stand in a column; of more, the first four and the last, with the count",
    arguments: [
      (1, 1, nil), (8, 8, nil), (9, 5, 4), (64, 5, 59), (784, 5, 779),
    ] as [(Int, Int, Int?)])
  func elision(units: Int, drawn: Int, hidden: Int?) throws {
    let picture = try picture([units, 2], .hover)
    let large = picture.elements.filter { $0.name == "circle" && $0.number("r") > 20 }
    #expect(large.count == drawn + 2)
    let texts = picture.texts.map(\.content)
    #expect(texts.filter { $0.hasSuffix(" more") } == (hidden.map { ["\($0) more"] } ?? []))
    // The last node keeps its number.
    #expect(texts.contains("a\(units)[1]") || texts.contains("a[1]\(units)"))
    #expect(picture.count("line") >= drawn * 2)
  }

  @Test("the width of a line grows with its weight; colour and dash show its sign")
  func signs() throws {
    let picture = try SVGPicture(
      NetworkDiagram(
        layers: [layer(4), layer(1)],
        connections: [.init(.init(weights: Matrix(rows: 4, columns: 1, storage: [2, -1, 0.5, 0])))]
      ).svg(numbers: .standard))
    let lines = picture.elements.filter { $0.name == "line" }.prefix(4).map(\.attributes)
    // Positive ones have more blue than red.
    let blue = lines.map { line in
      (line["stroke"] ?? "").suffix(2) > (line["stroke"] ?? "").dropFirst().prefix(2)
    }
    #expect(blue == [true, false, true, false])
    #expect(lines.map { $0["stroke-dasharray"] != nil } == [false, true, false, true])
    let widths = lines.prefix(3).compactMap { $0["stroke-width"].flatMap(Double.init) }
    #expect(widths.count == 3 && widths[0] > widths[1] && widths[1] > widths[2])
    let texts = picture.texts.map(\.content)
    for name in ["positive", "negative", "zero"] { #expect(texts.contains(name)) }
  }

  @Test("few lines have numbers; many, and circles, say theirs to whoever points at them")
  func labels() throws {
    let few = try picture([2, 3]).texts.map(\.content)
    #expect(few.count { $0.contains("0.") || $0.contains("−0.") } >= 6)
    let many = try picture([6, 6])
    #expect(many.texts.map(\.content).contains("Point at a line or a circle to see its numbers"))
    #expect(many.count("title") >= 36)
  }

  @Test("a large network is a box a layer, with the shapes of its parameters")
  func boxes() throws {
    let texts = try picture([64, 32, 10]).texts.map(\.content)
    #expect(texts.contains("W 64×32") && texts.contains("W 32×10"))
    let small = try picture([2, 3, 1], .blocks).texts.map(\.content)
    #expect(small.contains("W 2×3") && small.contains("W 3×1"))
  }

  @Test("a unit that decides by a jump has its step drawn")
  func steps() throws {
    func paths(_ isStep: Bool) throws -> Int {
      let curve = ActivationCurve(values: [0, 0, 0, 1, 1, 1], isStep: isStep)
      let unit = NetworkDiagram.Layer("Output", nodes: [.init("o")], curve: curve)
      return try SVGPicture(
        NetworkDiagram(
          layers: [layer(2), unit], connections: [.init(.init(weights: SampleFigures.wave(2, 1)))]
        ).svg(numbers: .standard)
      ).count("path")
    }
    #expect(try paths(true) == 1)
    #expect(try paths(false) == 0)
  }

  @Test("an update shows old and new weights, a backward pass gradients at lines and circles")
  func changes() throws {
    let samples = try SampleFigures.networks()
    func texts(_ name: String) throws -> [String] {
      let figure = try #require(samples.first { $0.name == name }).figure
      return SVGPicture(figure.svg(numbers: .standard)).texts.map(\.content)
    }
    let update = try texts("network-update")
    #expect(update.contains("0.4000") && update.contains("→ 0.4139") && update.contains("→ 0.2455"))
    #expect(update.contains { $0.contains("most of all b1[3], by 0.0226") })
    let backward = try texts("network-backward")
    #expect(backward.contains("∂ −0.1394") && backward.contains("∂ −0.2261"))
    #expect(backward.contains("∂ is ∂L/∂z below a circle, ∂L/∂w at a line"))
    let forward = try texts("network-forward")
    for text in ["z 0.4748", "a 0.6165", "L = 0.2563", "y = 1"] { #expect(forward.contains(text)) }
  }

  @Test("a value that was not computed is a dash, and one that is not finite is shown")
  func missing() throws {
    let nodes: [NetworkDiagram.Node] = [
      .init("p", values: [.init("a", nil)]), .init("q", values: [.init("a", .nan)]),
      .init("r", values: [.init("a", -.infinity)]),
    ]
    let diagram = try NetworkDiagram(layers: [.init("Layer", nodes: nodes)], connections: [])
    let texts = SVGPicture(diagram.svg(numbers: .standard)).texts.map(\.content)
    for text in ["—", "nan", "−∞"] { #expect(texts.contains(text)) }
  }

  @Test("the text alternative names sizes, values and loss")
  func text() throws {
    let sample = try #require(try SampleFigures.networks().first { $0.name == "network-forward" })
    let text = sample.figure.text(numbers: .standard)
    #expect(text.hasPrefix("Lecture: 1 – 2 – 3 – 1\n"))
    #expect(text.contains("a₁^[2]: z 0.4748, a 0.6165"))
    #expect(text.contains("weights 2×3: 6 positive, 0 negative, magnitude at most 0.3000"))
    #expect(text.hasSuffix("L = 0.2563, y = 1"))
  }

  @Test("what cannot be drawn is refused with its place")
  func refusals() {
    func diagram(_ weights: Matrix<Double>, bias: [Double]? = nil) throws(FigureError) {
      _ = try NetworkDiagram(
        layers: [layer(2), layer(1)], connections: [.init(.init(weights: weights, bias: bias))])
    }
    #expect(throws: FigureError.empty("the network")) {
      try NetworkDiagram(layers: [], connections: [])
    }
    #expect(throws: FigureError.empty("Layer")) {
      try NetworkDiagram(layers: [layer(0)], connections: [])
    }
    #expect(throws: FigureError.wrongCount("connections between 2 layers", found: 0, expected: 1)) {
      try NetworkDiagram(layers: [layer(2), layer(1)], connections: [])
    }
    #expect(
      throws: FigureError.wrongCount("the rows of the weights of Layer", found: 3, expected: 2)
    ) { try diagram(Matrix(rows: 3, columns: 1, storage: [1, 2, 3])) }
    #expect(
      throws: FigureError.notFinite(
        "the weights of Layer", .cell(row: 2, column: 1), value: .infinity)
    ) { try diagram(Matrix(rows: 2, columns: 1, storage: [1, .infinity])) }
    #expect(
      throws: FigureError.notFinite(
        "the bias of the weights of Layer", .index(1), value: -.infinity)
    ) { try diagram(Matrix(rows: 2, columns: 1, storage: [1, 2]), bias: [-.infinity]) }
  }

  @Test("the close-up of a neuron writes its sum and its derivatives out")
  func closeUp() throws {
    let figure = try SampleFigures.closeUp()
    let text = figure.text(numbers: .standard)
    #expect(
      text.contains("= 0.2000·0.5744 + 0.1000·0.5987 + 0.3000 = 0.4748"), "\(text)")
    #expect(text.contains("= σ(0.4748) = 0.6165"))
    #expect(text.contains("= 0.5744·(-0.0214) = -0.0123"))
    let texts = SVGPicture(figure.svg(numbers: .standard)).texts.map(\.content)
    for part in ["Σ", "sigmoid", "∂ −0.0123", "inputs", "output"] { #expect(texts.contains(part)) }
  }
}
