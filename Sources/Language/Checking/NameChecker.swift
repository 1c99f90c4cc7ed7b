import Syntax

/// Finds the unknown names of a cell before it runs, so that all of them are reported together.
///
/// A name is known when the session has it, when it is built in, or when a statement before it in the
/// cell may assign it. Bodies of functions are looked at when they are called; `try` and what stands under `∂`
/// are left to the evaluation.
package struct NameChecker {
  package struct Finding {
    package let statement: Int
    package let diagnostic: Diagnostic
  }

  /// More unknown names than these are not collected, as with syntax errors.
  private static let limit = 20

  private let interpreter: Interpreter
  private let calls: VocabularyCalls
  private var known: Set<String> = []
  /// The names of sizes that the cell declares.
  private var sizes: Set<String> = []
  private var findings: [Finding] = []
  private var statement = 0

  package init(interpreter: Interpreter) {
    self.interpreter = interpreter
    calls = VocabularyCalls(vocabulary: interpreter.vocabulary)
  }

  package func check(_ statements: [StatementSyntax]) -> [Finding] {
    var checker = self
    for (index, statement) in statements.enumerated() {
      checker.statement = index
      checker.visit(statement)
    }
    return checker.findings
  }

  private mutating func visit(_ statement: StatementSyntax) {
    switch statement.kind {
    case .expression(let expression): visit(expression)
    case .assignment(let target, let value):
      visit(value)
      if case .name = target.kind {} else { visit(target) }
    case .forLoop(_, _, let over, let body), .whileLoop(let over, let body):
      visit(over)
      // A later turn may use what the body assigned in an earlier one.
      known.formUnion(StatementNames(of: [statement], knowing: calls).defines)
      for inner in body { visit(inner) }
      return
    case .conditional(let condition, let then, let otherwise):
      visit(condition)
      for inner in then + (otherwise ?? []) { visit(inner) }
      return
    case .symbols(let symbols):
      for case .name(let size) in symbols.flatMap(\.sizes) { sizes.insert(size) }
    case .definition, .layer, .parameters, .running, .network, .perceptron, .set, .attempt, .help:
      break
    }
    known.formUnion(StatementNames(of: [statement], knowing: calls).defines)
  }

  private mutating func visit(_ expression: ExpressionSyntax) {
    expression.forEachName(knowing: calls) { mention in
      if !mention.isDeferred { require(mention) }
    }
  }

  private mutating func require(_ mention: NameMention) {
    let name = mention.name
    guard !known.contains(name), interpreter.memory[name] == nil,
      Constants.value(named: name) == nil, interpreter.vocabulary.builtIn(named: name) == nil
    else { return }
    guard !sizes.contains(name), !interpreter.isDeclaredSize(name), findings.count < Self.limit
    else {
      return
    }
    let diagnostic = interpreter.unknownName(
      name, mention.span, .global, isCall: mention.role == .function,
      also: known.union(mention.bound))
    // Of df/dx one mistake is reported.
    if let last = findings.last?.diagnostic.span, last.start <= mention.span.start,
      mention.span.end <= last.end
    {
      return
    }
    findings.append(Finding(statement: statement, diagnostic: diagnostic))
  }
}
