import Display
import MatrixEngine
import Networks
import Syntax

extension Interpreter {
  /// How a statement shows its value.
  package enum StatementDisplay {
    /// As the cell's `execute_result`.
    case result
    /// As `display_data`.
    case display
    /// Not at all: inside a block.
    case hidden
  }

  package func run(_ statement: StatementSyntax, display: StatementDisplay) throws(Diagnostic) {
    switch statement.kind {
    case .expression(let expression):
      let value = try evaluate(expression, .global)
      if !statement.isSuppressed { show(value, of: expression, display) }
    case .assignment(let target, let value):
      try assign(target, evaluate(value, .global), value.span)
    case .definition(let function):
      try define(function)
    case .layer(let layer): try define(layer)
    case .parameters(let parameters):
      throw misplaced("parameter", parameters.first?.nameSpan ?? statement.span)
    case .running: throw misplaced("running", statement.span)
    case .network(let syntax):
      let network = try makeNetwork(syntax)
      noticeShadowing(network.name)
      noticeLoneShares(network)
      memory[network.name] = .network(network)
      if case .result = display {
        show(.record(SummaryRecord(network)), display)
      }
    case .perceptron(let syntax):
      let network = try makePerceptron(syntax)
      noticeShadowing(network.name)
      memory[network.name] = .network(network)
      if case .result = display {
        show(.record(SummaryRecord(network)), display)
      }
    case .forLoop(let variable, _, let range, let body):
      let turns = try turns(of: range, .global)
      noticeShadowing(variable)
      for index in 0..<turns.count {
        try checkInterrupt(statement.span)
        memory[variable] = turns[index]
        try runBlock(body)
      }
    case .whileLoop(let condition, let body):
      while try self.condition(condition, .global) {
        try checkInterrupt(statement.span)
        try runBlock(body)
      }
    case .conditional(let condition, let then, let otherwise):
      if try self.condition(condition, .global) {
        try runBlock(then)
      } else if let otherwise {
        try runBlock(otherwise)
      }
    case .set(let name, let nameSpan, let value):
      try set(name, nameSpan, value)
    case .attempt(let expression):
      try attempt(expression, display)
    case .symbols(let parameters): try declare(parameters)
    case .help(let name, let nameSpan):
      try showHelp(name, nameSpan, inPager: true)
    }
  }

  private func misplaced(_ word: String, _ span: SourceSpan) -> Diagnostic {
    Diagnostic(.syntax, "\(word) stands among the lines of a layer", at: span)
  }

  private func runBlock(_ statements: [StatementSyntax]) throws(Diagnostic) {
    for statement in statements {
      try checkInterrupt(statement.span)
      try announce(statement)
      let outer = notes
      notes = []
      try run(statement, display: .hidden)
      notes = Self.joined(outer, statement.isSuppressed ? [] : notes)
    }
  }

  private func define(_ function: FunctionSyntax) throws(Diagnostic) {
    var names: Set<String> = []
    for parameter in function.parameters where !names.insert(parameter.name).inserted {
      throw Diagnostic(
        .syntax, "\(function.name) has two parameters named \(parameter.name)", at: parameter.span)
    }
    noticeShadowing(function.name, byFunction: true)
    memory[function.name] = .function(
      .user(UserFunction(function, source: source, cell: cell)))
  }

  /// `try EXPR`: the value, or the error as a normal output; the cell goes on. A failing expression changes nothing.
  private func attempt(_ expression: ExpressionSyntax, _ display: StatementDisplay)
    throws(Diagnostic)
  {
    let mark = memory.mark()
    do {
      let value = try evaluate(expression, .global)
      memory.keep(since: mark)
      if display.isShown { show(value, of: expression, .display) }
    } catch {
      guard error.name != .interrupt else { throw error }
      memory.rollBack(to: mark)
      notes = []
      emit(.display(render(error), identity: nil))
    }
  }

  // MARK: - Settings

  private func set(_ name: String, _ nameSpan: SourceSpan, _ value: ExpressionSyntax)
    throws(Diagnostic)
  {
    switch name {
    case "digits": settings.digits = try wholeSetting(name, value, 0...15)
    case "seed":
      let seed = try wholeSetting(name, value, 0...Int.max)
      memory.random = RandomSource(seed: seed)
    case "carry":
      if case .name("off") = value.kind {
        settings.carry = nil
      } else {
        settings.carry = try wholeSetting(name, value, 0...15)
      }
    case "view": settings.view = try wordSetting(name, value)
    case "bias": settings.bias = try wordSetting(name, value)
    default:
      let known = Settings.names
      throw Diagnostic(
        .name, "there is no setting \(name)", at: nameSpan,
        label: Spelling.question(name, in: known),
        help: "the settings are \(known.joined(separator: ", "))")
    }
  }

  private func wholeSetting(
    _ name: String, _ value: ExpressionSyntax, _ range: ClosedRange<Int>
  ) throws(Diagnostic) -> Int {
    let number = try self.number(value, .global)
    guard let whole = Int(exactly: number), range.contains(whole) else {
      let most = range.upperBound == Int.max ? "" : " to \(range.upperBound)"
      throw Diagnostic(
        .value, "\(name) is a whole number from \(range.lowerBound)\(most), not \(plain(number))",
        at: value.span)
    }
    return whole
  }

  /// "auto, neuron or matrix"
  private static func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return "\(words.dropLast().joined(separator: ", ")) or \(last)"
  }

  private func wordSetting<Choice: CaseIterable & RawRepresentable<String>>(
    _ name: String, _ value: ExpressionSyntax
  ) throws(Diagnostic) -> Choice {
    let words = Choice.allCases.map(\.rawValue)
    let word: String? =
      switch value.kind {
      case .name(let name): name
      case .string(let text): text
      default: nil
      }
    guard let word, let choice = Choice(rawValue: word) else {
      throw Diagnostic(
        .value, "\(name) is \(Self.alternatives(words)), not \(written(value.span))",
        at: value.span,
        label: word.map { Spelling.question($0, in: words) } ?? "",
        help: "set \(name) = \(words[0])")
    }
    return choice
  }
}
