import Calculus
import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

extension Network: Drawable {
  package func diagram(in interpreter: Interpreter, at span: SourceSpan) throws(Diagnostic)
    -> NetworkDiagram
  {
    let outline = NetworkOutline(self)
    return try interpreter.placed(span) { () throws(FigureError) in
      try outline.diagram(
        weights: NetworkPictures.connections(state),
        nodes: { NetworkDiagram.Node(outline.nodeName($0, $1)) }, title: .words(name))
    }
  }

  package func diagram(
    of neuron: NeuronPlace, in interpreter: Interpreter, at span: SourceSpan
  ) throws(Diagnostic) -> NeuronDiagram {
    try NeuronScene(outline: NetworkOutline(self), state: state)
      .diagram(of: neuron, in: interpreter, at: span)
  }

  package func diagram(ofLayer number: Int, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> any Figure
  {
    try LayerScene(outline: NetworkOutline(self))
      .diagram(of: number, in: interpreter, at: span)
  }
}

extension ForwardRecord: Drawable {
  package func diagram(in interpreter: Interpreter, at span: SourceSpan) throws(Diagnostic)
    -> NetworkDiagram
  {
    try interpreter.placed(span) { () throws(FigureError) in
      try outline.diagram(
        weights: NetworkPictures.connections(network),
        nodes: { NetworkPictures.node($0, $1, outline, trace) },
        maps: { NetworkPictures.maps($0, trace) },
        title: .words(
          "Forward pass of \(outline.name)\(NetworkPictures.firstOf(trace.examples))"))
    }
  }

  package func diagram(
    of neuron: NeuronPlace, in interpreter: Interpreter, at span: SourceSpan
  ) throws(Diagnostic) -> NeuronDiagram {
    try NeuronScene(outline: outline, state: network, pass: trace, examples: trace.examples)
      .diagram(of: neuron, in: interpreter, at: span)
  }

  package func diagram(ofLayer number: Int, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> any Figure
  {
    try LayerScene(outline: outline, pass: trace)
      .diagram(of: number, in: interpreter, at: span)
  }
}

extension GradientsRecord: Drawable {
  /// Of the first example.
  package func diagram(in interpreter: Interpreter, at span: SourceSpan) throws(Diagnostic)
    -> NetworkDiagram
  {
    let pass = try firstPass(in: interpreter, at: span)
    return try interpreter.placed(span) { () throws(FigureError) in
      try outline.diagram(
        weights: NetworkPictures.connections(network, gradients: gradients),
        nodes: { (layer, neuron) in
          var node = NetworkPictures.node(layer, neuron, outline, pass)
          if layer > 0 { node.gradient = NetworkPictures.gradient(gradients.trace, layer, neuron) }
          return node
        },
        maps: { NetworkPictures.maps($0, pass) },
        loss: .init(
          "L", gradients.loss,
          note: y.rows == 1 && y.columns == 1
            ? .words("y = \(Interpreter.plain(y[0, 0]))") : ""),
        title: .words("Gradients of \(outline.name)\(NetworkPictures.firstOf(x.rows))"))
    }
  }

  package func diagram(
    of neuron: NeuronPlace, in interpreter: Interpreter, at span: SourceSpan
  ) throws(Diagnostic) -> NeuronDiagram {
    try NeuronScene(
      outline: outline, state: network, pass: firstPass(in: interpreter, at: span),
      gradients: gradients, examples: x.rows
    ).diagram(of: neuron, in: interpreter, at: span)
  }

  package func diagram(ofLayer number: Int, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> any Figure
  {
    try LayerScene(
      outline: outline, pass: firstPass(in: interpreter, at: span), gradients: gradients
    )
    .diagram(of: number, in: interpreter, at: span)
  }
}

extension GradientsRecord {
  /// The way forward of the first example.
  fileprivate func firstPass(in interpreter: Interpreter, at span: SourceSpan) throws(Diagnostic)
    -> Trace
  {
    try interpreter.placed(span) { () throws(NetworkError) in
      try Network(network).forward(.row(x.row(0)), interrupt: interpreter.interrupt)
    }
  }
}

extension UpdateRecord: Drawable {
  package func diagram(in interpreter: Interpreter, at span: SourceSpan) throws(Diagnostic)
    -> NetworkDiagram
  {
    try interpreter.placed(span) { () throws(FigureError) in
      try outline.diagram(
        weights: NetworkPictures.connections(update.old, new: update.new),
        nodes: { NetworkDiagram.Node(outline.nodeName($0, $1)) },
        loss: .init("L", update.before, newValue: update.after),
        title: .words("Update of \(outline.name): old → new"))
    }
  }

  package func diagram(
    of neuron: NeuronPlace, in interpreter: Interpreter, at span: SourceSpan
  ) throws(Diagnostic) -> NeuronDiagram {
    try NeuronScene(
      outline: outline, state: update.old, gradients: update.gradients, new: update.new,
      examples: update.gradients.trace.examples
    ).diagram(of: neuron, in: interpreter, at: span)
  }

  package func diagram(ofLayer number: Int, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> any Figure
  {
    try LayerScene(outline: outline)
      .diagram(of: number, in: interpreter, at: span)
  }
}

extension HistoryRecord: Plottable {
  package func series(named name: String, isAlone: Bool) -> PlottedSeries {
    let label: SymbolText = .words(isAlone ? "training" : name.isEmpty ? outline.name : name)
    let epochs = history.epochs.map(Double.init)
    let validation: SymbolText = isAlone ? "validation" : label + ", validation"
    var panels: [(String, Chart.Series)] = []
    func add(_ quantity: String, _ numbers: [Double?], _ validated: [Double?]) {
      for (label, numbers) in [(label, numbers), (validation, validated)]
      where numbers.contains(where: { $0 != nil }) {
        panels.append((quantity, Chart.Series(label, x: epochs, y: numbers.map { $0 ?? .nan })))
      }
    }
    add("loss", history.loss, history.validationLoss)
    add("accuracy", history.accuracy, history.validationAccuracy)
    return PlottedSeries(axis: "epoch", subject: outline.name, panels: panels)
  }
}

extension PerceptronHistoryRecord: Plottable {
  package func series(named name: String, isAlone: Bool) -> PlottedSeries {
    let errors = Chart.Series(
      .words("errors of \(name)"), x: history.errors.indices.map { Double($0 + 1) },
      y: history.errors.map(Double.init), form: .linePoints)
    return PlottedSeries(axis: nil, subject: outline.name, panels: [("errors", errors)])
  }
}

/// Parts of the diagrams of networks.
private enum NetworkPictures {
  static func firstOf(_ examples: Int) -> String {
    examples == 1 ? "" : ", example 1 of \(examples)"
  }

  static func node(
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

  /// The matrices that a layer gives of the first example; none of a vector.
  static func maps(_ layer: Int, _ pass: Trace) -> [Matrix<Double>] {
    guard let found = pass.quantity(Trace.output, layer: layer), found.values.rows > 0 else {
      return []
    }
    let array = Tensor(Shape(found.sizes), found.values.row(0))
    guard array.storage.allSatisfy(\.isFinite) else { return [] }
    return array.rank == 2 ? [array] : MatricesOfArray(array)?.matrices ?? []
  }

  /// ∂L by the first quantity of a layer that each of its neurons has: a dense layer's net input.
  static func gradient(_ trace: Trace, _ layer: Int, _ neuron: Int) -> Double? {
    let quantities = trace.layers[layer - 1]
    let units = quantities.last?.values.columns
    return quantities.first { $0.values.columns == units }?.values[0, neuron - 1]
  }

  static func connections(
    _ state: NetworkState, gradients: Gradients? = nil, new: NetworkState? = nil
  ) -> [NetworkDiagram.Connection] {
    let holdsArrays = state.layers.contains { $0.inputSizes.count > 1 || $0.outputSizes.count > 1 }
    return state.layers.enumerated().map { index, layer in
      let values = state.parameterValues[index]
      var connection =
        NetworkDiagram.Parameters(values, of: layer).map { parameters in
          NetworkDiagram.Connection(
            parameters,
            gradients: gradients.flatMap { .init($0.parameters[index], of: layer) },
            new: new.flatMap { .init($0.parameterValues[index], of: layer) })
        } ?? (holdsArrays ? .unknown : LayerLinks(layer, values).connection)
      if holdsArrays, !connection.hasValues || connection.gradients == nil {
        addStrengths(index, layer, state, gradients, new, to: &connection)
      }
      connection.count = values.filter { !$0.isAverage(of: layer) }
        .reduce(0) { $0 + $1.value.storage.count }
      connection.shapes = layer.parameters.map { parameter in
        let sizes = parameter.sizes.map(String.init).joined(separator: "×")
        return .variable(parameter.name) + .words(sizes.isEmpty ? "" : " \(sizes)")
      }
      return connection
    }
  }
}

extension NetworkPictures {
  /// How large the gradients of a layer are whose parameters belong to no single line, and what an update changes.
  fileprivate static func addStrengths(
    _ index: Int, _ layer: any Layer, _ state: NetworkState, _ gradients: Gradients?,
    _ new: NetworkState?, to connection: inout NetworkDiagram.Connection
  ) {
    if let gradients, new == nil {
      connection.gradientNorms = gradients.parameters[index].map { found in
        let squares = found.value.storage.reduce(0) { $0 + $1 * $1 }
        return .init(.variable(found.parameter), squares.squareRoot())
      }
    }
    guard let new, connection.new == nil else { return }
    let changes = zip(state.parameterValues[index], new.parameterValues[index]).flatMap {
      old, new in
      zip(old.value.storage, new.value.storage).map { abs($0 - $1) }
    }
    connection.largestChange = changes.max()
  }
}

extension ParameterValue {
  /// Whether it is no parameter that is learned.
  fileprivate func isAverage(of layer: any Layer) -> Bool {
    layer.parameter(named: parameter)?.isAverage ?? false
  }
}

extension NetworkDiagram.Connection {
  /// Of layers that are drawn as boxes.
  fileprivate static var unknown: Self {
    .init(.init(weights: Matrix(rows: 0, columns: 0, storage: [])), hasValues: false)
  }
}

extension NetworkDiagram.Parameters {
  /// The weights and biases that a layer has by name; nil where it has no weights, or each of them serves several
  /// connections, as in a dense layer on the rows of a matrix.
  init?(_ values: [ParameterValue], of layer: any Layer) {
    guard let weights = values.first(where: { $0.naming == .weight })?.matrix,
      (weights.rows, weights.columns) == (layer.inputs, layer.outputs)
    else { return nil }
    // A bias that all units share has a line to each of them.
    let shared = values.first { $0.naming == .sharedBias }?.value.storage.first
    self.init(
      weights: weights,
      bias: values.first { $0.naming == .bias }?.value.storage
        ?? shared.map { Array(repeating: $0, count: weights.columns) })
  }
}

/// The lines of a layer that has no weights: which outputs depend on which inputs, and by which factor where that is
/// the same for every example.
private struct LayerLinks {
  let connection: NetworkDiagram.Connection

  /// A layer of more lines is drawn as a box, which has no use for them.
  private static let mostLines = 4096

  init(_ layer: any Layer, _ values: [ParameterValue]) {
    guard layer.inputs * layer.outputs <= Self.mostLines else {
      connection = .unknown
      return
    }
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
  static func output(_ layer: any Layer) -> Expression? {
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
