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
    case .definition, .network, .perceptron, .set, .attempt, .help: break
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
    findings.append(
      Finding(
        statement: statement,
        diagnostic: interpreter.unknownName(
          name, mention.span, .global, isCall: mention.role == .function,
          also: known.union(mention.bound))))
  }
}

extension Interpreter {
  /// The NameError for an unknown name: the nearest known one, and help for habits from other languages.
  package func unknownName(
    _ name: String, _ span: SourceSpan, _ scope: Scope, isCall: Bool = false,
    also: Set<String> = []
  ) -> Diagnostic {
    let shown = isCall ? "\(name)(…)" : name
    if let habit = Self.habits[name] {
      return Diagnostic(.name, "there is no \(shown)", at: span, label: "unknown name", help: habit)
    }
    let candidates =
      scope.names + memory.names.sorted() + also.sorted() + vocabulary.names
      + Constants.all.map(\.name)
    let nearest = Spelling.nearest(to: name, in: candidates)
    return Diagnostic(
      .name, "there is no \(isCall ? "function " : "")\(name)", at: span,
      label: Spelling.question(nearest, otherwise: "unknown name"),
      help: nearest == nil
        ? (isCall
          ? "define it with \(name)(\(name == "x" ? "t" : "x")) = …"
          : "give it a value with \(name) = …")
        : nil)
  }

  /// Names that people bring from Python, NumPy, MATLAB and other languages.
  private static let habits: [String: String] = [
    "len": "shape(v) gives the sizes",
    "length": "shape(v) gives the sizes",
    "size": "shape(A) gives the sizes",
    "np": "functions need no prefix: exp(x), sum(x)",
    "numpy": "functions need no prefix: exp(x), sum(x)",
    "math": "functions need no prefix: exp(x), sin(x)",
    "torch": "functions need no prefix; a network block defines the layers",
    "nn": "a network block defines the layers",
    "plt": "plot(f, from = -4, to = 4) draws a function",
    "range": "1:5 is the range from 1 to 5, both included",
    "array": "write [1, 2, 3]",
    "list": "write [1, 2, 3]",
    "power": "write x^2",
    "pow": "write x^2",
    "arange": "1:5 is the range from 1 to 5, both included",
    "end": "v[2:4] takes a part; shape(v) says how long v is",
    "matmul": "A @ B is the matrix product",
    "multiply": "a ⊙ b multiplies element by element",
    "True": "write true",
    "False": "write false",
    "None": "leave the argument out",
    "float": "numbers need no conversion",
    "int": "round(x) gives a whole number",
    "lambda": "write f(x) = …",
    "softplus": "write ln(1 + exp(x))",
  ]
}
