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
    guard case (let subject, var notes)? = try explained(asRun: syntax, scope) else { return nil }
    let choice = try choice(options, of: subject, scope)
    let told = try subject.lines(choice, in: self, at: syntax.span)
    notes = told.notes + notes
    return DerivationRecord(
      derivation: Derivation(
        title: oneLine(syntax.span), lines: told.lines, result: told.lines.last?.formula ?? 0),
      notes: notes)
  }

  /// What a record, or the call of a command on networks, has to tell, with a remark where it worked on a copy.
  private func explained(asRun syntax: ExpressionSyntax, _ scope: Scope) throws(Diagnostic)
    -> (any Explainable, notes: [String])?
  {
    let value: Value
    switch syntax.kind {
    case .parenthesized(let inner): return try explained(asRun: inner, scope)
    case .call(let callee, let arguments):
      guard case .name(let name) = callee.kind, scope[name] == nil, memory[name] == nil,
        let builtIn = vocabulary.builtIn(named: name), builtIn.group == .network
      else { return nil }
      return try explained(builtIn, arguments, syntax, scope)
    case .name(let name):
      guard case .record? = scope[name] ?? memory[name] else { return nil }
      value = try evaluate(syntax, scope)
    case .member, .index: value = try evaluate(syntax, scope)
    default: return nil
    }
    guard case .record(let record) = value else { return nil }
    guard let told = value.asked(for: (any Explainable).self) else {
      throw nothingToExplain(record.description, syntax.span)
    }
    return (told, [])
  }

  private func explained(
    _ builtIn: BuiltIn, _ arguments: [ArgumentSyntax], _ syntax: ExpressionSyntax, _ scope: Scope
  ) throws(Diagnostic) -> (any Explainable, notes: [String])? {
    var call = try match(arguments, to: builtIn, syntax.span, scope)
    // What changes a network works on a copy.
    var notes: [String] = []
    if case .network(let network) = call.value("net"),
      let index = call.arguments.firstIndex(where: {
        if case .network? = $0?.value { true } else { false }
      })
    {
      call.arguments[index]?.value = .network(network.copy())
      if builtIn.effect == .changesTheNetwork {
        notes = ["worked on a copy: \(network.name) is as it was"]
      }
    }
    let outer = self.notes
    defer { self.notes = outer }
    if let telling = builtIn.telling { return (try telling(self, call), notes) }
    guard let told = try builtIn.evaluate(self, call).asked(for: (any Explainable).self) else {
      throw nothingToExplain(builtIn.name, syntax.span)
    }
    return (told, notes)
  }

  private func nothingToExplain(_ what: String, _ span: SourceSpan) -> Diagnostic {
    Diagnostic(.gradient, "\(what) has nothing to explain", at: span, help: Self.explainable)
  }

  // MARK: - Options

  private func choice(
    _ options: [ArgumentSyntax], of subject: any Explainable, _ scope: Scope
  ) throws(Diagnostic) -> NetworkChoice {
    var choice = NetworkChoice()
    let (network, examples) = subject.explained
    for option in options {
      guard case .keyword(let name, let nameSpan, let value) = option else {
        throw Diagnostic(
          .syntax, "an option of explain is name = value", at: option.span,
          help: "explain backward(net, x, y), layer = 2, neuron = 1")
      }
      let known = ExplainOption.parts.map(\.rawValue)
      guard known.contains(name) else {
        throw Diagnostic(
          .name, "explain of a network has no option \(name)", at: nameSpan,
          label: Spelling.question(name, in: known),
          help:
            "its options are \((known + [ExplainOption.reveal.rawValue]).joined(separator: ", "))")
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
        limit = (examples, "there are examples")
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
}

extension Derivation.Line {
  /// The last formula that the quantity equals.
  fileprivate var formula: Expression? {
    if case .formula(let formula)? = equals.last { formula } else { nil }
  }
}
