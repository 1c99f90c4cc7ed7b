import Calculus
import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// Pictures: `diagram`, `heatmap`, `plot`, `image`, `boundary`, `landscape`, `graph`.
package enum PictureCommands {
  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "diagram", .picture, [.init("net", .any)],
      summary:
        "draws a network, with what a run, its gradients or an update has computed: weights on the lines, values in the circles",
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
      let figure = try drawable.diagram(in: interpreter, at: span)
      return .record(FigureRecord(figure: figure, description: "a diagram"))
    },
    BuiltIn(
      "heatmap", .picture,
      [
        .init("matrix", .numbers),
        .init("title", .text, default: .described("the expression"), isKeywordOnly: true),
      ],
      summary: "a matrix as colours with 0 in the middle, and its numbers where there is room",
      example: "heatmap(W)"
    ) { (interpreter, call) throws(Diagnostic) in
      let span = call.span(of: "matrix")
      let matrix: Matrix<Double>
      switch call.value("matrix") {
      case .array(let array) where array.rank > 2:
        throw Diagnostic(
          .shape, "heatmap draws a matrix, not \(array.description)", at: span,
          help: "image(…) draws all its matrices, A[1, :, :] is the first of them")
      case .array(let array): matrix = array.rank == 1 ? .row(array.storage) : array
      case let value: matrix = .row([value.number ?? 0])
      }
      let written = call["matrix"]?.syntax.map { interpreter.oneLine($0.span) } ?? ""
      let title = call.text("title") ?? written
      let figure = try interpreter.placed(span) { () throws(FigureError) in
        try HeatMap(matrix, title: .words(title), rowTitle: "row", columnTitle: "column")
      }
      return .record(FigureRecord(figure: figure, description: "a heat map"))
    },
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
        "grey pixels: a matrix, or with height and width a vector; rows or columns that are images side by side",
      example: "image(dataset(digits).X[1:20, :], 8, 8)"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.image(call) },
    BuiltIn(
      "boundary", .picture, [.net, .x, .y],
      summary: "what a network of two inputs decides everywhere, with the examples",
      example: "boundary(N, dataset(xor))"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.boundary(call) },
    BuiltIn(
      "landscape", .picture,
      [
        .net, .x, .init("Y", .expression, default: .described("")),
        .init(
          "span", .scalar, default: .described("2, or what the way needs"), isKeywordOnly: true),
      ], isVariadic: true,
      summary:
        "the loss over two parameters as contours, with the way of an Update, or of a list of them, when given one",
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

extension Interpreter {
  // MARK: - Decision boundaries

  fileprivate func boundary(_ call: Call) throws(Diagnostic) -> Value {
    let (examples, y) = try examplesAndTargets(call)
    let network = examples.network
    guard network.inputs == 2 else {
      throw Diagnostic(
        .shape, "boundary draws a plane, but \(network.name) has \(network.inputs) inputs",
        at: call.span(of: "net"), help: "a network of two inputs can be drawn")
    }
    let x = examples.x
    let grid = try placed(call.span(of: "X")) { () throws(FigureError) in
      try BoundaryGrid(aroundX: x.column(0), y: x.column(1))
    }
    var points: [Double] = []
    points.reserveCapacity(grid.columns * grid.rows * 2)
    for place in 0..<(grid.columns * grid.rows) {
      let (column, row) = (place % grid.columns, place / grid.columns)
      points.append(
        grid.x.lowerBound
          + (grid.x.upperBound - grid.x.lowerBound) * Double(column) / Double(grid.columns - 1))
      points.append(
        grid.y.lowerBound
          + (grid.y.upperBound - grid.y.lowerBound) * Double(row) / Double(grid.rows - 1))
    }
    let places = Matrix(rows: grid.columns * grid.rows, columns: 2, storage: points)
    let (outputs, own) = try placed(call.span) { () throws(NetworkError) in
      (
        try network.predict(places, interrupt: interrupt),
        try network.predict(x, interrupt: interrupt)
      )
    }
    let (low, high) = network.twoTargets(among: y)
    let middle = (low + high) / 2
    let isProbability =
      network.layers.last?.activation?.meaning == .probabilities && middle == 0.5
    let field: BoundaryPlot.Field =
      outputs.columns > 1
      ? .scores(outputs)
      : isProbability ? .probability(outputs.storage) : .score(outputs.storage, threshold: middle)
    var classes: [String]?
    for name in ["X", "Y"] {
      if case .dataset(let dataset) = call.value(name) { classes = dataset.classes }
    }
    let count = max(outputs.columns, 2)
    let names =
      classes.flatMap { $0.count == count ? $0 : nil }
      ?? (outputs.columns > 1
        ? (1...count).map { "class \($0)" } : [low, high].map { "y = \(plain($0))" })
    func classIndex(_ matrix: Matrix<Double>, _ row: Int) -> Int {
      guard matrix.columns > 1 else { return matrix[row, 0] >= middle ? 1 : 0 }
      return (0..<matrix.columns).max { matrix[row, $0] < matrix[row, $1] } ?? 0
    }
    let drawn = (0..<x.rows).map { row in
      BoundaryPlot.Example(
        x: x[row, 0], y: x[row, 1], classIndex: classIndex(y, row),
        isWrong: classIndex(own, row) != classIndex(y, row))
    }
    let outline = NetworkOutline(network)
    let plot = try placed(call.span) { () throws(FigureError) in
      try BoundaryPlot(
        title: .words("What \(network.name) decides"), x: outline.nodeName(0, 1),
        y: outline.nodeName(0, 2), grid: grid, field: field,
        classes: names.map { .words($0) }, examples: drawn)
    }
    return .record(FigureRecord(figure: plot, description: "a decision boundary"))
  }
}

extension Network {
  /// The two numbers between which one output decides: what it can give, else what its loss is for, else the two that
  /// its targets are, else 0 and 1.
  fileprivate func twoTargets(among y: Matrix<Double>) -> (low: Double, high: Double) {
    if case .decisions(let low, let high)? = layers.last?.activation?.meaning { return (low, high) }
    if loss.targets.isPair { return (loss.targets.lower, loss.targets.upper) }
    let values = Set(y.storage).sorted()
    return values.count == 2 ? (values[0], values[1]) : (0, 1)
  }
}
