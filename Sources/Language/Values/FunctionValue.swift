import Syntax

/// A function of the language: built in, or defined in a cell.
package enum FunctionValue: Sendable {
  indirect case builtIn(BuiltIn)
  case user(UserFunction)
  /// `∂f/∂x`, `sigmoid'`, a declared symbol: known by its formula.
  case formula(Formula)
  /// `symbols f: function`: nothing is known of it but its name.
  case unknown(String)

  package var name: String {
    switch self {
    case .builtIn(let builtIn): builtIn.name
    case .user(let function): function.syntax.name
    case .formula(let formula): formula.name
    case .unknown(let name): name
    }
  }

  /// With its article, as messages say it.
  package var description: String {
    switch self {
    case .builtIn, .user: "the function \(name)"
    case .formula(let formula):
      formula.isSymbol
        ? "the symbol \(name) (\(formula.parameters[0].kindText))"
        : formula.isExpression ? "the formula \(name)" : "the function \(name)"
    case .unknown: "the unknown function \(name)"
    }
  }

  /// One line for lists of names.
  package var summary: String {
    switch self {
    case .builtIn(let builtIn): builtIn.signature
    case .user(let function): function.signature
    case .formula(let formula):
      formula.isSymbol
        ? "a symbol: \(formula.parameters[0].kindText)"
        : formula.expression.treeSize > 200
          ? formula.signature : "\(formula.signature) = \(formula.expression.text)"
    case .unknown(let name): "\(name): an unknown function"
    }
  }
}

/// `f(x, A: matrix(m, n)) = …`, with the text it was written in.
package final class UserFunction: Sendable {
  package let syntax: FunctionSyntax
  package let source: SourceText
  /// Which cell it was written in: diagnostics point into the text of the running cell only.
  package let cell: Int
  /// The names that the body calls: a parameter among them stands for a function, whatever its kind.
  let calledNames: Set<String>

  package init(_ syntax: FunctionSyntax, source: SourceText, cell: Int) {
    self.syntax = syntax
    self.source = source
    self.cell = cell
    var called: Set<String> = []
    syntax.body.forEachExpression {
      $0.forEachName {
        if $0.role == .function || $0.role == .derivative { called.insert($0.name) }
      }
    }
    calledNames = called
  }

  /// `f(x, A: matrix(m, n))`
  package var signature: String {
    "\(syntax.name)(\(syntax.parameters.map(SourcePrinter.text(of:)).joined(separator: ", ")))"
  }

  /// The definition as it was written.
  package var text: String { "\(signature) = \(source[syntax.body.span])" }

  /// The body in one line.
  package var bodyLine: String {
    guard !syntax.body.lines.isEmpty else { return source.oneLine(syntax.body.span) }
    let spans = syntax.body.lines.map(\.span) + [syntax.body.result.span]
    return "{ \(spans.map { source.oneLine($0) }.joined(separator: "; ")) }"
  }
}
