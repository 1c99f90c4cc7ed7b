import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// `landscape`: the loss over two parameters of a network.
extension Interpreter {
  /// The loss on a grid around where the network stands, or around the way of an update.
  ///
  /// Throws: a TypeError where not two numbers of the network are named, or for a way that keeps no weights.
  func landscape(_ call: Call) throws(Diagnostic) -> Value {
    var call = call
    var named = [call["Y"]].compactMap { $0 } + call.rest
    let y = call.builtIn.parameters.firstIndex { $0.name == "Y" } ?? 2
    call.arguments[y] = nil
    if case .dataset = call.value("X") {
    } else if let syntax = named.first?.syntax {
      call.arguments[y] = named.removeFirst()
      call.arguments[y]?.value = try evaluate(syntax, call.scope)
    }
    let (examples, targets) = try examplesAndTargets(call)
    guard let first = named.first?.syntax, let second = named.dropFirst().first?.syntax else {
      throw Diagnostic(
        .type, "landscape needs two parameters of \(examples.network.name)", at: call.span,
        help: "landscape(net, X, Y, W[1][1,1], W[2][1,1])")
    }
    guard oneLine(first.span) != oneLine(second.span) else {
      throw Diagnostic(
        .value, "landscape needs two parameters, but these are one", at: second.span,
        help: "landscape(net, X, Y, W[1][1,1], W[2][1,1])")
    }
    guard named.count <= 3 else { throw tooMany(call.builtIn, named[3].span) }
    let states = try named.dropFirst(2).first.map2 { (way) throws(Diagnostic) in
      try networks(of: way, call.scope)
    }
    let view = try LossView(examples, targets, (first, second), self)
    let way = try (states ?? [examples.network.state]).map2 { (state) throws(Diagnostic) in
      try view.place(in: state)
    }
    let half = call.has("span") ? call.scalar("span") : nil
    if let half, !(half > 0 && half.isFinite) {
      throw Diagnostic(.value, "span is a positive number", at: call.span(of: "span"))
    }
    // A loss of many examples by many parameters is asked for at fewer places.
    let side = examples.x.rows * examples.network.parameterCount > 200_000 ? 31 : 49
    let grid = try placed(call.span) { () throws(FigureError) in
      try BoundaryGrid(
        x: Self.range(way.map(\.x), half), y: Self.range(way.map(\.y), half), columns: side,
        rows: side)
    }
    let values = try view.losses(on: grid, call.span)
    let figure = try placed(call.span) { () throws(FigureError) in
      try ContourPlot(
        title: .words("The loss of \(examples.network.name)"), x: label(first), y: label(second),
        grid: grid, values: values, valueName: "loss", way: way,
        updates: states.flatMap { $0.count < 2 ? nil : $0[$0.count - 1].updates - $0[0].updates })
    }
    return .record(FigureRecord(figure: figure, description: "a loss landscape"))
  }

  /// The states that an update, or a list of them, went through.
  private func networks(of argument: Call.Argument, _ scope: Scope) throws(Diagnostic)
    -> [NetworkState]
  {
    let value = try argument.syntax.map2 { (syntax) throws(Diagnostic) in
      try evaluate(syntax, scope)
    }
    guard let value, let states = value.asked(for: (any WithWay).self)?.states, !states.isEmpty
    else {
      throw Diagnostic(
        .type,
        "\(value?.description ?? "this") keeps no weights to draw a way through the landscape",
        at: argument.span,
        help:
          "h = train(net, X, Y) and u = [step(net, X, Y) for i in 1:20] keep them: landscape(…, h)")
    }
    return states
  }

  /// Around the places of a way, so that its surroundings are seen too.
  private static func range(_ places: [Double], _ half: Double?) -> ClosedRange<Double> {
    let (least, most) = (places.min() ?? 0, places.max() ?? 0)
    let center = (least + most) / 2
    let reach =
      half ?? (least < most ? max((most - least) * 0.9, 1) : max(2, abs(center) * 1.5))
    return (center - reach)...(center + reach)
  }

  /// w₁₁^[1] of `W[1][1,1]`, b₁^[2] of `b[2][1]`; any other path as it is written.
  private func label(_ path: ExpressionSyntax) -> SymbolText {
    guard case .index(let base, let entry) = path.kind, case .index(_, let layer) = base.kind,
      let number = layer.first?.literal, let neuron = entry.last?.literal,
      let input = entry.count == 1 ? 0 : entry[0].literal
    else { return .words(oneLine(path.span)) }
    return .quantity(
      .parameter(
        from: input, to: neuron, layer: number, biasIsWeight: settings.bias == .w0))
  }
}

extension IndexSyntax {
  /// The whole number that it is written as.
  fileprivate var literal: Int? {
    if case .expression(let expression) = self, case .number(let value, _) = expression.kind {
      Int(exactly: value)
    } else {
      nil
    }
  }
}

extension UpdateRecord: WithWay {
  package var states: [NetworkState] { [update.old, update.new] }
}

extension ListValue: WithWay {
  /// Of a list of updates, each from where the one before it ended; nothing where something else is in it.
  package var states: [NetworkState] {
    let parts = elements.map { $0.asked(for: (any WithWay).self)?.states ?? [] }
    guard !parts.contains(where: \.isEmpty) else { return [] }
    return parts.enumerated().flatMap { $0 == 0 ? $1 : Array($1.dropFirst()) }
  }
}

/// The loss of a copy of a network as a function of two of its parameters.
private struct LossView {
  private let network: Network
  private let examples: Examples
  private let targets: Matrix<Double>
  private let paths: [ExpressionSyntax]
  private let interpreter: Interpreter

  /// Throws: a TypeError where a path is not one number; as the path.
  init(
    _ examples: Examples, _ targets: Matrix<Double>, _ paths: (ExpressionSyntax, ExpressionSyntax),
    _ interpreter: Interpreter
  ) throws(Diagnostic) {
    self.examples = examples
    self.targets = targets
    self.paths = [paths.0, paths.1]
    self.interpreter = interpreter
    network = examples.network.copy()
  }

  /// What the two parameters are in a state of the network.
  func place(in state: NetworkState) throws(Diagnostic) -> (x: Double, y: Double) {
    let parts = ParametersOfCopy(Network(state), interpreter)
    defer { parts.end() }
    let numbers = try paths.map2 { (path) throws(Diagnostic) in
      let value = try parts.value(path)
      guard let number = value.number else {
        throw Diagnostic(
          .type, "a landscape goes over single numbers, and this is \(value.description)",
          at: path.span, help: "landscape(net, X, Y, W[1][1,1], W[2][1,1])")
      }
      return number
    }
    return (numbers[0], numbers[1])
  }

  func losses(on grid: BoundaryGrid, _ span: SourceSpan) throws(Diagnostic) -> [Double] {
    let places = try paths.map2 { (path) throws(Diagnostic) in try place(of: path) }
    let values = grid.places.map { [$0.x, $0.y] }
    let losses = try? network.losses(
      examples.x, targets, places: places, values: values, interrupt: interpreter.interrupt)
    try interpreter.checkInterrupt(span)
    return losses ?? values.map { _ in .nan }
  }

  /// Where among all parameters the one is that a path names: the one that an assignment changes.
  private func place(of path: ExpressionSyntax) throws(Diagnostic) -> Int {
    let parts = ParametersOfCopy(network, interpreter)
    defer { parts.end() }
    let states = try [0.0, 1].map2 { (number) throws(Diagnostic) in
      try parts.assign(path, .scalar(number), path.span)
      return network.state.parameters
    }
    return states[0].indices.first { states[0][$0] != states[1][$0] } ?? 0
  }
}
