import Display
import MatrixEngine
import Notation

extension SampleFigures {
  static func graphs() throws -> [Sample] {
    [
      ("graph-chain", try chain()), ("graph-values", try neuron()),
      ("graph-skip", try skipping()), ("graph-arrays", try arrays()),
    ]
  }

  private static let x = SymbolText.variable("x")

  private static func u(_ index: Int) -> SymbolText {
    .scripted(.variable("u"), subscript: .words("\(index)"), superscript: nil)
  }

  private static func power(_ base: SymbolText, _ exponent: String) -> SymbolText {
    .scripted(base, subscript: nil, superscript: .words(exponent))
  }

  /// graph(f) of f(x) = sin(x²)
  private static func chain() throws -> GraphDiagram {
    try GraphDiagram(
      title: .variable("f") + .enclosed(x, .round) + .sign(.equals) + "sin(" + power(x, "2") + ")",
      nodes: [
        .init(x, .input), .init(u(1) + .sign(.equals) + power(x, "2")),
        .init(.variable("f") + .sign(.equals) + "sin " + u(1), .output),
      ],
      edges: [
        .init(from: 0, to: 1, label: "2" + x), .init(from: 1, to: 2, label: "cos " + u(1)),
      ])
  }

  /// graph(f, x = …) of f(x: vector, A: matrix) = sum((A @ x)^2)
  private static func arrays() throws -> GraphDiagram {
    try GraphDiagram(
      title: "Arrays",
      nodes: [
        .init("A", .input, value: Matrix(rows: 2, columns: 2, storage: [1, -2, 0.5, 3])),
        .init(x, .input, value: .vector([1, 2]), gradient: .vector([1, 60])),
        .init("@", value: .vector([-3, 6.5])), .init("^2", value: .vector([9, 42.25])),
        .init("B", .constant, value: Matrix(rows: 8, columns: 9, repeating: 0)),
        .init("sum", .output, value: .scalar(51.25), gradient: .scalar(1)),
      ],
      edges: [
        .init(from: 0, to: 2), .init(from: 1, to: 2, label: "A"), .init(from: 2, to: 3),
        .init(from: 3, to: 5), .init(from: 4, to: 5),
      ])
  }

  /// The loss of a neuron at numbers, with the derivatives of the loss in the nodes.
  private static func neuron() throws -> GraphDiagram {
    let (w, b, y, z, a, loss) = (
      SymbolText.variable("w"), SymbolText.variable("b"), SymbolText.variable("y"),
      SymbolText.variable("z"), SymbolText.variable("a"), SymbolText.variable("L")
    )
    return try GraphDiagram(
      title: "One neuron",
      nodes: [
        .init(x, .input, value: .scalar(2), gradient: .scalar(-0.0451)),
        .init(w, .input, value: .scalar(0.1), gradient: .scalar(-0.9003)),
        .init(b, .input, value: .scalar(0.1), gradient: .scalar(-0.4502)),
        .init(u(1) + .sign(.equals) + w + x, value: .scalar(0.2), gradient: .scalar(-0.4502)),
        .init(
          z + .sign(.equals) + u(1) + .sign(.plus) + b, value: .scalar(0.3),
          gradient: .scalar(-0.4502)),
        .init(
          a + .sign(.equals) + .variable("σ") + .enclosed(z, .round), value: .scalar(0.5744),
          gradient: .scalar(-1.8415)),
        .init(y, .constant, value: .scalar(1.5)),
        .init(
          loss + .sign(.equals) + power(.enclosed(a + .sign(.minus) + y, .round), "2"), .output,
          value: .scalar(0.8566), gradient: .scalar(1)),
      ],
      edges: [
        .init(from: 0, to: 3, label: w, value: 0.1), .init(from: 1, to: 3, label: x, value: 2),
        .init(from: 3, to: 4, label: "1", value: 1), .init(from: 2, to: 4, label: "1", value: 1),
        .init(
          from: 4, to: 5, label: a + .enclosed("1" + .sign(.minus) + a, .round), value: 0.2445),
        .init(
          from: 5, to: 7, label: "2" + .enclosed(a + .sign(.minus) + y, .round), value: -1.8512),
        .init(from: 6, to: 7),
      ], gradientName: .partial(loss, by: "node"))
  }

  /// Arrows that pass layers, two arrows between the same nodes, and crossings to be avoided.
  private static func skipping() throws -> GraphDiagram {
    let y = SymbolText.variable("y")
    return try GraphDiagram(
      nodes: [
        .init(x, .input), .init(y, .input), .init(u(1) + .sign(.equals) + y + .sign(.dot) + y),
        .init(u(2) + .sign(.equals) + x + .sign(.plus) + u(1)),
        .init(u(3) + .sign(.equals) + "exp " + u(2)),
        .init(u(4) + .sign(.equals) + u(3) + .sign(.dot) + x),
        .init(.variable("f") + .sign(.equals) + u(4) + .sign(.plus) + y, .output),
      ],
      edges: [
        .init(from: 1, to: 2, label: y), .init(from: 1, to: 2, label: y),
        .init(from: 0, to: 3, label: "1"), .init(from: 2, to: 3, label: "1"),
        .init(from: 3, to: 4, label: u(3)), .init(from: 4, to: 5, label: x),
        .init(from: 0, to: 5, label: u(3)), .init(from: 5, to: 6, label: "1"),
        .init(from: 1, to: 6, label: "1"),
      ])
  }
}
