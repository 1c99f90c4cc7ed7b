import Language
import MatrixEngine
import Networks
import Syntax

/// What an exercise was made of, in lines of the language: a notebook that is handed out makes it anew.
struct ExerciseSource: Sendable {
  /// What its names stood for, in an order in which each is known before it is used.
  let definitions: [String]
  /// `exercise forward(net, x), blanks = 6, seed = 3`
  let statement: String
}

extension Interpreter {
  /// nil where something in it has no lines: a dataset that was loaded, a layer of arrays.
  func source(
    ofExercise subject: ExpressionSyntax, _ options: [(name: String, value: ExpressionSyntax)],
    blanks: Int, seed: Value, _ scope: Scope
  ) -> ExerciseSource? {
    // The names of a call that is running are gone later.
    guard scope.names.isEmpty else { return nil }
    var writer = DefinitionWriter(interpreter: self)
    guard let call = writer.text(subject) else { return nil }
    var statement = "exercise \(call)"
    for option in options {
      guard let text = writer.text(option.value) else { return nil }
      statement += ", \(option.name) = \(text)"
    }
    statement += ", blanks = \(blanks)"
    if let seed = seed.literal { statement += ", seed = \(seed)" }
    return ExerciseSource(definitions: writer.lines, statement: statement)
  }
}

/// Writes what names stand for as lines that give it to them.
private struct DefinitionWriter {
  let interpreter: Interpreter
  private(set) var lines: [String] = []
  private var written: Set<String> = []

  init(interpreter: Interpreter) { self.interpreter = interpreter }

  /// An expression as it was written; parts of records, which have no lines, as the values that they are.
  mutating func text(_ expression: ExpressionSyntax) -> String? {
    if case .call(let callee, let arguments) = expression.kind {
      guard let function = text(callee) else { return nil }
      var parts: [String] = []
      for argument in arguments {
        switch argument {
        case .positional(let value):
          guard let part = text(value) else { return nil }
          parts.append(part)
        case .keyword(let name, _, let value):
          guard let part = text(value) else { return nil }
          parts.append("\(name) = \(part)")
        default: parts.append(interpreter.oneLine(argument.span))
        }
      }
      return "\(function)(\(parts.joined(separator: ", ")))"
    }
    let before = (lines, written)
    let statement = StatementSyntax(.expression(expression), expression.span)
    if StatementNames(of: [statement]).reads.sorted().allSatisfy({ define($0) }) {
      return interpreter.oneLine(expression.span)
    }
    (lines, written) = before
    guard let value = try? interpreter.evaluate(expression, .global) else { return nil }
    if case .network(let network) = value { return define(network) ? network.name : nil }
    return value.literal
  }

  /// Whether the name has its value by a line above, or by itself.
  private mutating func define(_ name: String) -> Bool {
    guard let value = interpreter.memory[name], written.insert(name).inserted else { return true }
    switch value {
    case .network(let network):
      guard define(network) else { return false }
      if network.name != name { lines.append("\(name) = \(network.name)") }
    case .function(.user(let function)):
      guard StatementNames(of: function.syntax).reads.sorted().allSatisfy({ define($0) }) else {
        return false
      }
      lines.append(function.text)
    default:
      guard let literal = value.literal else { return false }
      lines.append("\(name) = \(literal)")
    }
    return true
  }

  private mutating func define(_ network: Network) -> Bool {
    guard
      let cell = try? NetworkFile.cell(of: network, catalog: interpreter.vocabulary.catalog)
    else { return false }
    written.insert(network.name)
    lines.append(cell)
    return true
  }
}
