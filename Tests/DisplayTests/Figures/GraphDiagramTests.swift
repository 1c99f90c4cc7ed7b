import Display
import Testing

@Suite("Computational graphs")
struct GraphDiagramTests {
  /// A graph whose nodes are named by their positions.
  private func graph(_ count: Int, _ edges: [(Int, Int)]) throws -> GraphDiagram {
    try GraphDiagram(
      nodes: (0..<count).map { .init(.words("n\($0)")) },
      edges: edges.map { .init(from: $0.0, to: $0.1, label: .words("d\($0.0)\($0.1)")) })
  }

  private func places(_ picture: SVGPicture) -> [String: SVGPicture.Text] {
    Dictionary(picture.texts.map { ($0.content, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static let shapes: [(Int, [(Int, Int)])] = [
    (1, []), (2, [(0, 1)]), (4, [(0, 1), (0, 2), (1, 3), (2, 3), (0, 3)]),
    (6, [(0, 3), (1, 4), (2, 5), (0, 5), (2, 3)]),
    (7, [(0, 2), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5), (1, 6), (5, 6), (0, 6)]),
    (9, [(8, 7), (7, 6), (6, 5), (5, 4), (4, 3), (3, 2), (2, 1), (1, 0), (8, 0), (7, 0), (6, 1)]),
  ]

  @Test("arrows run from left to right", arguments: shapes.indices)
  func direction(index: Int) throws {
    let (count, edges) = Self.shapes[index]
    let places = try places(SVGPicture(graph(count, edges).svg(numbers: .standard)))
    for (from, to) in edges {
      let start = try #require(places["n\(from)"])
      let end = try #require(places["n\(to)"])
      #expect(start.x < end.x, "\(from) to \(to)")
    }
  }

  @Test("labels cover neither nodes nor each other", arguments: shapes.indices)
  func labels(index: Int) throws {
    let (count, edges) = Self.shapes[index]
    let picture = try SVGPicture(graph(count, edges).svg(numbers: .standard))
    // Nodes have a frame, the patches behind labels do not.
    let nodes = picture.elements.filter { $0.name == "rect" && $0.attributes["stroke"] != nil }
    #expect(nodes.count == count)
    let labels = picture.texts.filter { $0.content.hasPrefix("d") }
    #expect(labels.count == edges.count)
    for label in labels {
      let box = label.box()
      for node in nodes {
        let across =
          min(box.right, node.number("x") + node.number("width")) - max(box.left, node.number("x"))
        let down =
          min(box.bottom, node.number("y") + node.number("height")) - max(box.top, node.number("y"))
        #expect(across <= 0 || down <= 0, "\(label.content)")
      }
    }
  }

  @Test("an order without crossings is found")
  func crossings() throws {
    // Drawn in the order of the positions, the arrows would cross.
    let places = try places(SVGPicture(graph(4, [(0, 3), (1, 2)]).svg(numbers: .standard)))
    let starts = try #require(places["n0"]).y - #require(places["n1"]).y
    let ends = try #require(places["n3"]).y - #require(places["n2"]).y
    #expect(starts * ends > 0)
  }

  @Test("values, derivatives and their numbers are in the picture and in the text")
  func values() throws {
    let sample = try #require(try SampleFigures.graphs().first { $0.name == "graph-values" })
    let texts = SVGPicture(sample.figure.svg(numbers: .standard)).texts.map(\.content)
    for text in ["0.5744", "∂ −1.8415", "x = 2", "a(1 − a) = 0.2445", "1"] {
      #expect(texts.contains(text), "\(text)")
    }
    let text = sample.figure.text(numbers: .standard)
    #expect(text.contains("u₁ = wx = 0.2000  from x (w = 0.1000), w (x = 2); ∂ -0.4502"))
  }

  @Test("what cannot be drawn is refused")
  func refusals() {
    #expect(throws: FigureError.empty("the graph")) { try graph(0, []) }
    #expect(throws: FigureError.circle(["n1", "n2", "n3"])) {
      try graph(5, [(0, 1), (1, 2), (2, 3), (3, 1), (3, 4)])
    }
    #expect(throws: FigureError.circle(["n0"])) { try graph(1, [(0, 0)]) }
    #expect(
      throws: FigureError.outOfRange(
        "the arrows", .index(1), reason: "there is no node at position 7")
    ) { try graph(2, [(0, 7)]) }
    #expect(throws: FigureError.tooMany("nodes", count: 121, limit: 120)) { try graph(121, []) }
  }

  @Test("a deep and a wide graph are drawn in time", arguments: [true, false])
  func large(isDeep: Bool) throws {
    let edges = (1..<100).map { (isDeep ? $0 - 1 : $0 % 7, $0) }.filter {
      $0.0 != $0.1 && $0.0 < $0.1
    }
    let graph = try graph(100, edges)
    let clock = ContinuousClock()
    var svg = ""
    let time = clock.measure { svg = graph.svg(numbers: .standard) }
    print("100 nodes: \(time)")
    #expect(time < .seconds(20))
    try Markup.parse(svg)
  }
}
