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
    ) { (session, call) throws(Diagnostic) in
      let value = call.value("net")
      let span = call.span(of: "net")
      let pass = try session.drawnPass(of: value, span)
      let figure = try session.figure(span) { () throws(FigureError) in
        try NetworkPictures.diagram(of: value, pass)
      }
      guard let figure else {
        throw Diagnostic(
          .type,
          "diagram draws a network, a forward run, gradients or an update, not \(value.description)",
          at: span, help: "diagram(forward(net, x))")
      }
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
    ) { (session, call) throws(Diagnostic) in
      let span = call.span(of: "matrix")
      let matrix: Matrix<Double>
      switch call.value("matrix") {
      case .array(let array): matrix = array.rank == 1 ? .row(array.storage) : array
      case let value: matrix = .row([value.number ?? 0])
      }
      let written = call["matrix"]?.syntax.map { session.oneLine($0.span) } ?? ""
      let title = call.text("title") ?? written
      let figure = try session.figure(span) { () throws(FigureError) in
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
    ) { (session, call) throws(Diagnostic) in try session.plot(call) },
    BuiltIn(
      "boundary", .picture, [.net, .x, .y],
      summary: "what a network of two inputs decides everywhere, with the examples",
      example: "boundary(N, dataset(xor))"
    ) { (session, call) throws(Diagnostic) in try session.boundary(call) },
    BuiltIn(
      "graph", .picture, [.init("f", .expression)], furtherNames: .keywords(.scalar),
      summary:
        "the computational graph of a function or expression: with x = 2 also its values and local derivatives",
      example: "graph(sigmoid, x = 0.5)"
    ) { (session, call) throws(Diagnostic) in try session.graph(call) },
  ]
}

extension Interpreter {
  /// The bridge to the figures: what cannot be drawn becomes a diagnostic.
  package func figure<Result>(_ span: SourceSpan, _ make: () throws(FigureError) -> Result)
    throws(Diagnostic) -> Result
  {
    do {
      return try make()
    } catch {
      throw Diagnostic(.value, "\(error)", at: span)
    }
  }

  /// The forward pass that belongs to gradients, of the example that their diagram shows; nil for anything else.
  fileprivate func drawnPass(of value: Value, _ span: SourceSpan) throws(Diagnostic) -> Trace? {
    guard case .record(let record as GradientsRecord) = value, record.x.rows > 0 else { return nil }
    return try networks(span) { () throws(NetworkError) in
      try Network(record.network).forward(.row(record.x.row(0)), interrupt: interrupt)
    }
  }

  // MARK: - Charts

  fileprivate func plot(_ call: Call) throws(Diagnostic) -> Value {
    let title = SymbolText.words(call.text("title") ?? "")
    let shown = [call["f"]].compactMap { $0 } + call.rest
    let histories = shown.compactMap { argument -> (Call.Argument, HistoryRecord)? in
      guard case .record(let record) = argument.value, let history = record as? HistoryRecord
      else { return nil }
      return (argument, history)
    }
    if !histories.isEmpty {
      guard histories.count == shown.count else {
        throw Diagnostic(
          .type, "histories and functions do not share an axis", at: call.span,
          help: "plot(history) draws the loss by epochs, plot(f) a function")
      }
      return .record(
        FigureRecord(
          figure: try chart(
            of: histories, title, isLogarithmic: call.boolean("log"), call.span),
          description: "a plot"))
    }
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
      case .record(let record as PerceptronHistoryRecord):
        let errors = record.history.errors
        series.append(
          Chart.Series(
            .words("errors of \(name)"), x: errors.indices.map { Double($0 + 1) },
            y: errors.map(Double.init), form: .linePoints))
      case .array(let array) where array.rank == 1:
        series.append(
          Chart.Series(
            .words(name), x: (1..<array.rows + 1).map(Double.init), y: array.storage,
            form: .linePoints))
      default:
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
    let chart = try figure(call.span) { () throws(FigureError) in
      try Chart(
        title: title, x: FigureAxis(label),
        y: FigureAxis(
          isSingle ? all[0].name : "value", scale: isLogarithmic ? .logarithmic : .linear,
          span: isOfFunctions ? .trimmed : .data),
        series: all)
    }
    return .record(FigureRecord(figure: chart, description: "a plot"))
  }

  /// The loss by epochs, below it the accuracy where there is one.
  private func chart(
    of histories: [(Call.Argument, HistoryRecord)], _ title: SymbolText, isLogarithmic: Bool,
    _ span: SourceSpan
  ) throws(Diagnostic) -> Chart {
    var losses: [Chart.Series] = []
    var accuracies: [Chart.Series] = []
    for (argument, record) in histories {
      let name: SymbolText = .words(
        histories.count == 1
          ? "training" : argument.syntax.map { oneLine($0.span) } ?? record.outline.name)
      let epochs = record.history.epochs.map(Double.init)
      losses.append(Chart.Series(name, x: epochs, y: record.history.loss))
      if record.history.accuracy.contains(where: { $0 != nil }) {
        accuracies.append(
          Chart.Series(name, x: epochs, y: record.history.accuracy.map { $0 ?? .nan }))
      }
    }
    let (lossSeries, accuracySeries) = (losses, accuracies)
    let networks = Set(histories.map(\.1.outline.name))
    let heading: SymbolText =
      !title.text.isEmpty
      ? title
      : networks.count == 1 ? .words("Training of \(histories[0].1.outline.name)") : "Training"
    return try figure(span) { () throws(FigureError) in
      var panels = [
        Chart.Panel(
          y: FigureAxis("loss", scale: isLogarithmic ? .logarithmic : .linear), series: lossSeries)
      ]
      if !accuracySeries.isEmpty {
        panels.append(Chart.Panel(y: FigureAxis("accuracy"), series: accuracySeries))
      }
      return try Chart(title: heading, x: FigureAxis("epoch"), panels: panels)
    }
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
  private func value(
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
    let grid = try figure(call.span(of: "X")) { () throws(FigureError) in
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
    let (outputs, own) = try networks(call.span) { () throws(NetworkError) in
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
    let plot = try figure(call.span) { () throws(FigureError) in
      try BoundaryPlot(
        title: .words("What \(network.name) decides"), x: outline.nodeName(0, 1),
        y: outline.nodeName(0, 2), grid: grid, field: field,
        classes: names.map { .words($0) }, examples: drawn)
    }
    return .record(FigureRecord(figure: plot, description: "a decision boundary"))
  }
}

/// Diagrams of networks and of what runs have computed.
package enum NetworkPictures {
  /// nil for what is no network and no record of one; `pass` is the forward pass of gradients.
  package static func diagram(of value: Value, _ pass: Trace?) throws(FigureError)
    -> NetworkDiagram?
  {
    switch value {
    case .network(let network):
      let outline = NetworkOutline(network)
      return try outline.diagram(
        weights: connections(network.state),
        nodes: { NetworkDiagram.Node(outline.nodeName($0, $1)) },
        title: .words(network.name))
    case .record(let record as ForwardRecord):
      let outline = record.outline
      return try outline.diagram(
        weights: connections(record.network),
        nodes: { node($0, $1, outline, record.trace) },
        title: .words("Forward pass of \(outline.name)\(firstOf(record.trace.examples))"))
    case .record(let record as GradientsRecord):
      guard let pass else { return nil }
      return try diagram(of: record, pass)
    case .record(let record as UpdateRecord):
      let outline = record.outline
      return try outline.diagram(
        weights: connections(record.update.old, new: record.update.new),
        nodes: { NetworkDiagram.Node(outline.nodeName($0, $1)) },
        loss: .init("L", record.update.before, newValue: record.update.after),
        title: .words("Update of \(outline.name): old → new"))
    default: return nil
    }
  }

  private static func diagram(of record: GradientsRecord, _ pass: Trace) throws(FigureError)
    -> NetworkDiagram
  {
    let outline = record.outline
    return try outline.diagram(
      weights: connections(record.network, gradients: record.gradients),
      nodes: { (layer, neuron) in
        var node = self.node(layer, neuron, outline, pass)
        if layer > 0 { node.gradient = gradient(record.gradients.trace, layer, neuron) }
        return node
      },
      loss: .init(
        "L", record.gradients.loss,
        note: record.y.rows == 1 && record.y.columns == 1
          ? .words("y = \(Interpreter.plain(record.y[0, 0]))") : ""),
      title: .words("Gradients of \(outline.name)\(firstOf(record.x.rows))"))
  }

  private static func firstOf(_ examples: Int) -> String {
    examples == 1 ? "" : ", example 1 of \(examples)"
  }

  private static func node(
    _ layer: Int, _ neuron: Int, _ outline: NetworkOutline, _ pass: Trace
  ) -> NetworkDiagram.Node {
    let quantities = layer > 0 ? pass.layers[layer - 1] : []
    var values = quantities.compactMap { quantity -> NetworkDiagram.Value? in
      guard neuron <= quantity.values.columns else { return nil }
      return .init(.words(quantity.name), quantity.values[0, neuron - 1])
    }
    if layer == 0 { values = [.init("x", pass.input[0, neuron - 1])] }
    return NetworkDiagram.Node(outline.nodeName(layer, neuron), values: values)
  }

  /// ∂L by the first quantity of a layer that each of its neurons has: a dense layer's net input.
  private static func gradient(_ trace: Trace, _ layer: Int, _ neuron: Int) -> Double? {
    let quantities = trace.layers[layer - 1]
    let units = quantities.last?.values.columns
    return quantities.first { $0.values.columns == units }?.values[0, neuron - 1]
  }

  private static func connections(
    _ state: NetworkState, gradients: Gradients? = nil, new: NetworkState? = nil
  ) -> [NetworkDiagram.Connection] {
    state.layers.enumerated().map { index, layer in
      let values = state.parameterValues[index]
      guard let parameters = NetworkDiagram.Parameters(values, of: layer) else {
        return LayerLinks(layer, values).connection
      }
      return NetworkDiagram.Connection(
        parameters,
        gradients: gradients.flatMap { .init($0.parameters[index], of: layer) },
        new: new.flatMap { .init($0.parameterValues[index], of: layer) })
    }
  }
}

extension NetworkDiagram.Parameters {
  /// The weights and biases that a layer has by name; nil where it has no weights.
  fileprivate init?(_ values: [ParameterValue], of layer: any Layer) {
    guard let weights = values.first(where: { $0.naming == .weight })?.matrix else { return nil }
    self.init(
      weights: weights, bias: values.first { $0.naming == .bias }?.value.storage)
  }
}

/// The lines of a layer that has no weights: which outputs depend on which inputs, and by which factor where that is
/// the same for every example.
private struct LayerLinks {
  let connection: NetworkDiagram.Connection

  init(_ layer: any Layer, _ values: [ParameterValue]) {
    let x = Symbol("x", .vector(.number(layer.inputs)))
    let slope = LayerLinks.output(layer).flatMap { try? $0.derivative(by: x) }
    var known: [String: Tensor<Double>] = [:]
    for value in values { known[value.parameter] = value.value }
    let factors = slope.flatMap { slope in
      slope.expression.symbols.contains(x)
        ? nil : try? slope.expression.value(at: known).storage
    }
    let count = layer.inputs * layer.outputs
    var weights = Matrix<Double>(rows: layer.inputs, columns: layer.outputs, repeating: 0)
    for input in 0..<layer.inputs {
      for output in 0..<layer.outputs {
        guard let factors, factors.count == count else { continue }
        weights[input, output] = factors[output * layer.inputs + input]
      }
    }
    connection = NetworkDiagram.Connection(
      .init(weights: weights), isOneToOne: slope?.isDiagonal ?? false,
      hasValues: factors?.count == count)
  }

  /// The output of a layer as a formula of x and the parameters.
  private static func output(_ layer: any Layer) -> Expression? {
    guard let last = layer.lines.last else { return nil }
    let inner = layer.lines.dropLast().map {
      (symbol: Symbol($0.quantity, $0.formula.shape), formula: $0.formula)
    }
    var formula: Expression? = last.formula
    for (symbol, definition) in inner.reversed() {
      formula = formula.flatMap { try? $0.substituting([symbol: definition]) }
    }
    return formula
  }
}
