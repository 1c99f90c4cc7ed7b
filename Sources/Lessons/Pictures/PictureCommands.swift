import Calculus
import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// Pictures: `diagram`, `heatmap`, `plot`, `boundary`, `graph`.
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
        .init("title", .text, default: .text(""), isKeywordOnly: true),
        .init("log", .boolean, default: .truth(false), isKeywordOnly: true),
      ], isVariadic: true,
      summary: "functions of one number, training histories, or vectors, as lines in one picture",
      example: "plot(sigmoid, sigmoid', from = -6, to = 6)"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.plot(call) },
    BuiltIn(
      "boundary", .picture, [.net, .x, .y],
      summary: "what a network of two inputs decides everywhere, with the examples",
      example: "boundary(N, dataset(xor))"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.boundary(call) },
    BuiltIn(
      "graph", .picture, [.init("f", .expression)], furtherNames: .keywords(.scalar),
      summary:
        "the computational graph of a function or expression: with x = 2 also its values and local derivatives",
      example: "graph(sigmoid, x = 0.5)"
    ) { (interpreter, call) throws(Diagnostic) in try interpreter.graph(call) },
  ]
}

extension Interpreter {
  // MARK: - Charts

  fileprivate func plot(_ call: Call) throws(Diagnostic) -> Value {
    let title = SymbolText.words(call.text("title") ?? "")
    let shown = [call["f"]].compactMap { $0 } + call.rest
    if let counted = try countedPlot(shown, title, call) { return .record(counted) }
    let (from, to) = (call.scalar("from"), call.scalar("to"))
    guard from.isFinite, to.isFinite, from < to else {
      throw Diagnostic(
        .value, "plot needs from < to, not \(plain(from)) and \(plain(to))", at: call.span)
    }
    var series: [Chart.Series] = []
    var isOfFunctions = false
    for argument in shown {
      let name = argument.syntax.map { oneLine($0.span) } ?? "value"
      switch argument.value {
      case .function(let function):
        isOfFunctions = true
        let count = 401
        let x = (0..<count).map { from + (to - from) * Double($0) / Double(count - 1) }
        series.append(
          Chart.Series(
            .words(name), x: x, y: try samples(of: function, at: x, argument.span, call.scope)))
      case .array(let array) where array.rank == 1:
        series.append(
          Chart.Series(
            .words(name), x: (1..<array.rows + 1).map(Double.init), y: array.storage,
            form: .linePoints))
      default:
        if let plotted = argument.value.asked(for: (any Plottable).self) {
          series += plotted.series(named: name, isAlone: false).panels.map(\.series)
          continue
        }
        throw Diagnostic(
          .type,
          "plot draws functions of one number, histories and vectors, not \(argument.value.description)",
          at: argument.span, help: "plot(sigmoid, sigmoid', from = -6, to = 6)")
      }
    }
    let all = series
    let label: SymbolText = isOfFunctions ? .variable("x") : "index"
    let isLogarithmic = call.boolean("log")
    let isSingle = all.count == 1
    let chart = try placed(call.span) { () throws(FigureError) in
      try Chart(
        title: title, x: FigureAxis(label),
        y: FigureAxis(
          isSingle ? all[0].name : "value", scale: isLogarithmic ? .logarithmic : .linear,
          span: isOfFunctions ? .trimmed : .data),
        series: all)
    }
    return .record(FigureRecord(figure: chart, description: "a plot"))
  }

  /// What counts epochs: one panel a quantity; nil where nothing of it does.
  private func countedPlot(
    _ shown: [Call.Argument], _ title: SymbolText, _ call: Call
  ) throws(Diagnostic) -> FigureRecord? {
    let plotted = shown.compactMap { argument in
      argument.value.asked(for: (any Plottable).self)?.series(
        named: argument.syntax.map { oneLine($0.span) } ?? "", isAlone: shown.count == 1)
    }.filter { $0.axis != nil }
    guard let first = plotted.first, let axis = first.axis else { return nil }
    guard plotted.count == shown.count, plotted.allSatisfy({ $0.axis == axis }) else {
      throw Diagnostic(
        .type, "histories and functions do not share an axis", at: call.span,
        help: "plot(history) draws the loss by epochs, plot(f) a function")
    }
    var panels: [(quantity: String, series: [Chart.Series])] = []
    for (quantity, series) in plotted.flatMap(\.panels) {
      if let index = panels.firstIndex(where: { $0.quantity == quantity }) {
        panels[index].series.append(series)
      } else {
        panels.append((quantity, [series]))
      }
    }
    let isOfOne = plotted.allSatisfy { $0.subject == first.subject }
    let heading: SymbolText =
      !title.text.isEmpty ? title : isOfOne ? .words("Training of \(first.subject)") : "Training"
    let (all, isLogarithmic) = (panels, call.boolean("log"))
    let chart = try placed(call.span) { () throws(FigureError) in
      try Chart(
        title: heading, x: FigureAxis(.words(axis)),
        panels: all.enumerated().map { index, panel in
          Chart.Panel(
            y: FigureAxis(
              .words(panel.quantity), scale: isLogarithmic && index == 0 ? .logarithmic : .linear),
            series: panel.series)
        })
    }
    return FigureRecord(figure: chart, description: "a plot")
  }

  /// A function's values, nan where it has none.
  private func samples(
    of function: FunctionValue, at x: [Double], _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> [Double] {
    var y: [Double] = []
    var firstMistake: Diagnostic?
    let outer = notes
    defer { notes = outer }
    for point in x {
      do throws(Diagnostic) {
        let value = try self.value(of: function, at: point, span, scope)
        guard let number = value.number else {
          throw Diagnostic(
            .type, "\(function.name) gives \(value.description), and plot needs a number", at: span)
        }
        y.append(number)
      } catch {
        guard error.name == .domain else {
          if error.name == .interrupt || firstMistake == nil && y.isEmpty { throw error }
          y.append(.nan)
          continue
        }
        firstMistake = firstMistake ?? error
        y.append(.nan)
      }
    }
    if let firstMistake, y.allSatisfy(\.isNaN) { throw firstMistake }
    return y
  }

  /// The value of any function of one number.
  func value(
    of function: FunctionValue, at x: Double, _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    switch function {
    case .user(let user):
      guard user.syntax.parameters.count == 1 else { throw needsOneParameter(function, span) }
      return try apply(user, [(.scalar(x), span)], span)
    case .formula(let formula):
      guard formula.parameters.count == 1 else { throw needsOneParameter(function, span) }
      return try value(of: formula, [(formula.parameters[0], .scalar(x), span)], span, scope)
    case .builtIn(let builtIn):
      guard builtIn.isElementwise || builtIn.positional.count == 1 else {
        throw needsOneParameter(function, span)
      }
      var call = Call(builtIn, span, scope)
      call.arguments[0] = Call.Argument(value: .scalar(x), syntax: nil, span: span)
      return try builtIn.evaluate(self, call)
    case .unknown(let name):
      throw Diagnostic(.type, "\(name) is an unknown function and has no values", at: span)
    }
  }

  private func needsOneParameter(_ function: FunctionValue, _ span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .type, "plot draws functions of one number, and \(function.name) is not one", at: span,
      help: "give the others a value: plot(f(y = 1))")
  }

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
    let isProbability = network.layers.last?.activation?.meaning == .probabilities
    let field: BoundaryPlot.Field =
      outputs.columns > 1
      ? .scores(outputs)
      : isProbability ? .probability(outputs.storage) : .score(outputs.storage, threshold: 0.5)
    var classes: [String]?
    for name in ["X", "Y"] {
      if case .dataset(let dataset) = call.value(name) { classes = dataset.classes }
    }
    let count = max(outputs.columns, 2)
    let names =
      classes.flatMap { $0.count == count ? $0 : nil }
      ?? (0..<count).map { outputs.columns > 1 ? "class \($0 + 1)" : "y = \($0)" }
    func classIndex(_ matrix: Matrix<Double>, _ row: Int) -> Int {
      guard matrix.columns > 1 else { return matrix[row, 0] >= 0.5 ? 1 : 0 }
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
