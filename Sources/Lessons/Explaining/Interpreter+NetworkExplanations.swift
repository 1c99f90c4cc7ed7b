import Calculus
import Language
import MatrixEngine
import Networks
import Syntax

/// `explain` of runs of networks: of a call, which works on a copy, or of the record that a call returned.
extension Interpreter {
  /// nil for what is no run of a network.
  func networkExplanation(
    _ syntax: ExpressionSyntax, _ options: [ArgumentSyntax], _ scope: Scope
  ) throws(Diagnostic) -> DerivationRecord? {
    guard let run = try explainedRun(syntax, scope) else { return nil }
    let choice = try choice(options, of: run, scope)
    do throws(CalculusError) {
      return try explanation(run, choice, oneLine(syntax.span))
    } catch {
      throw Diagnostic(error, at: syntax.span)
    }
  }

  /// A run that is explained, and what was asked of it.
  private enum ExplainedRun {
    case forward(NetworkRun)
    case loss(NetworkRun)
    case backward(NetworkRun)
    case step(UpdateResult, isCopy: Bool)
    case perceptron(PerceptronHistoryRecord, isCopy: Bool)

    var network: NetworkState {
      switch self {
      case .forward(let run), .loss(let run), .backward(let run): run.network
      case .step(let update, _): update.old
      case .perceptron(let record, _): record.start
      }
    }

    var examples: Int {
      switch self {
      case .forward(let run), .loss(let run), .backward(let run): run.examples
      case .step: 1
      case .perceptron(let record, _): record.x.rows
      }
    }
  }

  private func explainedRun(_ syntax: ExpressionSyntax, _ scope: Scope) throws(Diagnostic)
    -> ExplainedRun?
  {
    switch syntax.kind {
    case .parenthesized(let inner): return try explainedRun(inner, scope)
    case .call(let callee, let arguments):
      guard case .name(let name) = callee.kind, scope[name] == nil, memory[name] == nil,
        let builtIn = vocabulary.builtIn(named: name), builtIn.group == .network
      else { return nil }
      return try explainedRun(builtIn, arguments, syntax, scope)
    case .name(let name):
      guard case .record(let record)? = scope[name] ?? memory[name] else { return nil }
      return try explainedRun(record, syntax.span)
    case .member, .index:
      guard case .record(let record) = try evaluate(syntax, scope) else { return nil }
      return try explainedRun(record, syntax.span)
    default: return nil
    }
  }

  private func explainedRun(
    _ builtIn: BuiltIn, _ arguments: [ArgumentSyntax], _ syntax: ExpressionSyntax, _ scope: Scope
  ) throws(Diagnostic) -> ExplainedRun? {
    guard ["forward", "predict", "loss", "backward", "step", "train"].contains(builtIn.name) else {
      throw Diagnostic(
        .gradient, "\(builtIn.name) has nothing to explain", at: syntax.span,
        help: Self.explainable)
    }
    var call = try match(arguments, to: builtIn, syntax.span, scope)
    // What changes a network works on a copy.
    if case .network(let network) = call.value("net"),
      let index = call.arguments.firstIndex(where: {
        if case .network? = $0?.value { true } else { false }
      })
    {
      call.arguments[index]?.value = .network(network.copy())
    }
    switch builtIn.name {
    case "forward", "predict": return .forward(try run(try examples(call), nil, call.span))
    case "loss", "backward":
      let (examples, y) = try examplesAndTargets(call)
      let run = try run(examples, y, call.span)
      return builtIn.name == "loss" ? .loss(run) : .backward(run)
    case "train" where call.text("rule") != "perceptron":
      throw Diagnostic(
        .gradient, "a training of many updates has no single derivation", at: syntax.span,
        help: "explain step(…) tells one update, train(…, rule = perceptron) the perceptron's")
    default:
      guard case .record(let record) = try builtIn.evaluate(self, call) else { return nil }
      switch record {
      case let update as UpdateRecord: return .step(update.update, isCopy: true)
      case let history as PerceptronHistoryRecord: return .perceptron(history, isCopy: true)
      default: return nil
      }
    }
  }

  private func run(_ examples: Examples, _ y: Matrix<Double>?, _ span: SourceSpan)
    throws(Diagnostic) -> NetworkRun
  {
    try networks(span) { () throws(NetworkError) in
      let forward = try examples.network.forward(examples.x, interrupt: interrupt)
      guard let y else { return NetworkRun(network: examples.network.state, forward: forward) }
      return NetworkRun(
        network: examples.network.state, forward: forward, targets: y,
        gradients: try examples.network.backward(examples.x, y, interrupt: interrupt))
    }
  }

  private func explainedRun(_ record: any Record, _ span: SourceSpan) throws(Diagnostic)
    -> ExplainedRun
  {
    switch record {
    case let record as ForwardRecord:
      return .forward(
        NetworkRun(network: record.network, forward: record.trace))
    case let record as GradientsRecord:
      let forward = try networks(span) { () throws(NetworkError) in
        try Network(record.network).forward(record.x, interrupt: interrupt)
      }
      return .backward(
        NetworkRun(
          network: record.network, forward: forward, targets: record.y,
          gradients: record.gradients))
    case let record as UpdateRecord: return .step(record.update, isCopy: false)
    case let record as PerceptronHistoryRecord: return .perceptron(record, isCopy: false)
    default:
      throw Diagnostic(
        .gradient, "\(record.description) has nothing to explain", at: span,
        help: Self.explainable)
    }
  }

  // MARK: - Options

  private func choice(
    _ options: [ArgumentSyntax], of run: ExplainedRun, _ scope: Scope
  ) throws(Diagnostic) -> NetworkChoice {
    var choice = NetworkChoice()
    let network = run.network
    for option in options {
      guard case .keyword(let name, let nameSpan, let value) = option else {
        throw Diagnostic(
          .syntax, "an option of explain is name = value", at: option.span,
          help: "explain backward(net, x, y), layer = 2, neuron = 1")
      }
      guard ["layer", "neuron", "example"].contains(name) else {
        throw Diagnostic(
          .name, "explain of a network has no option \(name)", at: nameSpan,
          label: Spelling.question(name, in: ["layer", "neuron", "example"]),
          help: "its options are layer, neuron, example")
      }
      let number = try self.number(value, scope)
      let limit: (count: Int, owner: String)
      switch name {
      case "layer":
        limit = (network.layers.count, "\(network.name) has layers")
        choice.layer = Int(exactly: number)
      case "neuron":
        let units = choice.layer.flatMap {
          $0 <= network.layers.count ? network.layers[$0 - 1].outputs : nil
        }
        limit = (
          units ?? network.layers.map(\.outputs).max() ?? 1, "\(network.name) has neurons there"
        )
        choice.neuron = Int(exactly: number)
      default:
        limit = (run.examples, "there are examples")
        choice.example = Int(exactly: number)
      }
      guard let whole = Int(exactly: number), whole >= 1, whole <= limit.count else {
        throw Diagnostic(
          .value, "there is no \(name) \(plain(number))", at: value.span,
          label: "\(limit.owner) 1 to \(limit.count)")
      }
    }
    return choice
  }

  // MARK: - Lines

  private func explanation(_ run: ExplainedRun, _ choice: NetworkChoice, _ title: String)
    throws(CalculusError) -> DerivationRecord
  {
    let usesW0 = settings.bias == .w0
    var notes: [String] = []
    let lines: [Derivation.Line]
    switch run {
    case .forward(let told), .loss(let told), .backward(let told):
      let showsNeurons =
        NetworkOutline(told.network).showsNeurons(settings, examples: told.examples)
        || choice.neuron != nil || choice.example != nil && settings.view != .matrix
      let result = try self.lines(of: run, told, choice, asNeurons: showsNeurons)
      lines = result.lines
      if let folded = result.folded { notes.append(folded) }
      if !showsNeurons {
        notes.append("layer = …, neuron = …, example = … show single neurons with their numbers")
      } else if told.examples > 1, choice.example == nil {
        notes.append("example 1 of \(told.examples); example = … takes another")
      }
    case .step(let update, let isCopy):
      var derivation = UpdateDerivation(update, choice, usesW0: usesW0, round: carrying)
      try derivation.add()
      lines = derivation.lines
      if isCopy { notes.append("worked on a copy: \(update.old.name) is as it was") }
    case .perceptron(let record, let isCopy):
      let start = record.start
      var derivation = PerceptronDerivation(
        record.history, record.x,
        from: (
          start.parameterValues[0][0].value.storage,
          start.parameterValues[0].last?.value.storage.first ?? 0
        ), choice,
        usesW0: usesW0, round: carrying)
      try derivation.add(start.layers[0].activation ?? .unitStep)
      lines = derivation.lines
      if let folded = derivation.folded { notes.append(folded) }
      if isCopy { notes.append("worked on a copy: \(start.name) is as it was") }
    }
    return DerivationRecord(
      derivation: Derivation(title: title, lines: lines, result: lines.last?.formula ?? 0),
      notes: notes)
  }

  private func lines(
    of run: ExplainedRun, _ told: NetworkRun, _ choice: NetworkChoice, asNeurons: Bool
  ) throws(CalculusError) -> (lines: [Derivation.Line], folded: String?) {
    if asNeurons {
      var derivation = NeuronDerivation(
        told, choice, usesW0: settings.bias == .w0, round: carrying)
      switch run {
      case .forward: try derivation.addForward()
      case .loss: try derivation.addLoss()
      default: try derivation.addBackward()
      }
      return (derivation.lines, derivation.folded)
    }
    var derivation = MatrixDerivation(told, choice, round: carrying)
    switch run {
    case .forward: try derivation.addForward()
    case .loss: try derivation.addLoss()
    default: try derivation.addBackward()
    }
    return (derivation.lines, nil)
  }
}

extension Derivation.Line {
  /// The last formula that the quantity equals.
  fileprivate var formula: Expression? {
    if case .formula(let formula)? = equals.last { formula } else { nil }
  }
}
