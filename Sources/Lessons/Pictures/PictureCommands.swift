import Display
import Language
import MatrixEngine
import Syntax

/// Pictures: `diagram`, `heatmap`, `plot`, `image`, `boundary`, `landscape`, `graph`.
package enum PictureCommands {
  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "diagram", .picture,
      [
        .init("net", .any),
        .init(
          "detail", .word(DiagramDetail.allCases.map(\.rawValue)),
          default: .word(DiagramDetail.auto.rawValue), isKeywordOnly: true),
        .init(
          "neuron", .vector, default: .described("the whole network"), isKeywordOnly: true),
        .init(
          "layer", .whole(atLeast: 1), default: .described("the whole network"),
          isKeywordOnly: true),
      ],
      summary:
        "draws a network, with what a run, its gradients or an update has computed: detail = all every number, hover where one points, blocks a box a layer, auto as much as a page has room for; neuron = [2, 1] one neuron of layer 2, with its sum written out; layer = 2 a layer by itself, a recurrence unrolled, another with its lines",
      example: "diagram(forward(Lecture, x))"
    ) { (interpreter, call) throws(Diagnostic) in
      let value = call.value("net")
      let span = call.span(of: "net")
      guard let drawable = value.asked(for: (any Drawable).self) else {
        throw Diagnostic(
          .type,
          "diagram draws a network, a forward run, gradients or an update, not \(value.description)",
          at: span, help: "diagram(forward(net, x))")
      }
      if let neuron = try call.neuronPlace() {
        let figure = try drawable.diagram(of: neuron, in: interpreter, at: span)
        return .record(FigureRecord(figure: figure, description: "a diagram of a neuron"))
      }
      if let (number, place) = call.layerNumber() {
        let figure = try drawable.diagram(ofLayer: number, in: interpreter, at: place)
        return .record(FigureRecord(figure: figure, description: "a diagram of a layer"))
      }
      var figure = try drawable.diagram(in: interpreter, at: span)
      figure.detail = call.text("detail").flatMap(DiagramDetail.init) ?? .auto
      return .record(FigureRecord(figure: figure, description: "a diagram"))
    },
    BuiltIn(
      "heatmap", .picture,
      [
        .init("matrix", .numbers),
        .init("title", .text, default: .described("the expression"), isKeywordOnly: true),
        .init("names", .any, default: .described("numbers from 1"), isKeywordOnly: true),
        .init("rows", .any, default: .described("names"), isKeywordOnly: true),
        .init("columns", .any, default: .described("names"), isKeywordOnly: true),
      ],
      summary:
        "a matrix as colours with 0 in the middle, and its numbers where there is room; of an array every matrix, such as filters and feature maps; names = tokens(\"…\") puts names at both sides, rows and columns at one",
      example: "heatmap(W)"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.heatmap(call) },
    BuiltIn(
      "plot", .picture,
      [
        .init("f", .any), .init("from", .scalar, default: .number(-4), isKeywordOnly: true),
        .init("to", .scalar, default: .number(4), isKeywordOnly: true),
        .init("points", .boolean, default: .truth(false), isKeywordOnly: true),
        .init("title", .text, default: .text(""), isKeywordOnly: true),
        .init("xlabel", .text, default: .text(""), isKeywordOnly: true),
        .init("ylabel", .text, default: .text(""), isKeywordOnly: true),
        .init("log", .boolean, default: .truth(false), isKeywordOnly: true),
      ], isVariadic: true,
      summary:
        "functions of one number; plot(x, y) one vector over another, with points = true as a scatter; a dataset's classes; histories",
      example: "plot(sigmoid, sigmoid', from = -6, to = 6)"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.plot(call) },
    BuiltIn(
      "image", .picture,
      [
        .init("v", .any),
        .init("height", .whole(atLeast: 1), default: .described("that of the matrix")),
        .init("width", .whole(atLeast: 1), default: .described("that of the matrix")),
        .init("title", .text, default: .described("the expression"), isKeywordOnly: true),
      ],
      summary:
        "grey pixels: a matrix, the matrices of an array, or with height and width a vector; rows or columns that are images side by side",
      example: "image(dataset(digits).X[1:4, :], 8, 8)"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.image(call) },
    BuiltIn(
      "boundary", .picture, [.net, .x, .y],
      summary: "what a network of two inputs decides everywhere, with the examples",
      example: "boundary(N, dataset(xor))",
      behind: "network N { input 2; dense 2, tanh; dense 1 }"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.boundary(call) },
    BuiltIn(
      "landscape", .picture,
      [
        .net, .x, .init("Y", .expression, default: .described("")),
        .init(
          "span", .scalar, default: .described("2, or what the way needs"), isKeywordOnly: true),
      ], isVariadic: true,
      summary:
        "the loss over two parameters as contours, with the way of a History, an Update or a list of updates when given one",
      example: "landscape(net, X, Y, W[1][1,1], W[2][1,1])"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.landscape(call) },
    BuiltIn(
      "graph", .picture, [.init("f", .expression)], furtherNames: .keywords(.numbers),
      summary:
        "the computational graph of a function or expression: with x = 2 also its values and local derivatives",
      example: "graph(sigmoid, x = 0.5)"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.graph(call) },
  ]
}
