import Calculus
import Networks
import Notation
import Syntax

/// Functions of the language as activations and losses of a network.
///
/// A network keeps the formula that the function has when it is defined, with the numbers that outer names have then.
extension Interpreter {
  /// The function that an expression gives where an activation or a loss stands; nil where it names a built-in one.
  ///
  /// A function that a cell has defined comes before the built-in one of its name.
  /// Throws: a TypeError for what is no function.
  func ownFunction(_ expression: ExpressionSyntax, _ builtIn: [String], _ kind: String)
    throws(Diagnostic) -> FunctionValue?
  {
    var named: String?
    switch expression.kind {
    case .name(let name): named = name
    case .call(let callee, _): if case .name(let name) = callee.kind { named = name }
    case .prime, .partial, .parenthesized: break
    default: return nil
    }
    if let name = named {
      if case .function(let function)? = memory[name], !function.isSymbol {
        // The cell's own.
      } else if builtIn.contains(name) {
        return nil
      } else if case .name = expression.kind, let found = vocabulary.builtIn(named: name),
        found.formulaRule != nil
      {
        return .builtIn(found)
      } else if memory[name] == nil || expression.isCall {
        return nil
      }
    }
    let value = try evaluate(expression, .global)
    guard case .function(let function) = value else {
      throw Diagnostic(
        .type, "the \(kind) \(written(expression.span)) is \(value.description), not a function",
        at: expression.span,
        help: "write a function of your own, or one of \(builtIn.joined(separator: ", "))")
    }
    return function
  }

  /// The built-in entry of the name where a cell has written that out, else the cell's own; that this comes before
  /// the built-in one is said once.
  func chosen<Entry: Named>(
    _ own: Entry, of entries: Registry<Entry>, _ kind: String,
    formula: (Entry) -> Expression
  ) -> Entry {
    guard let builtIn = entries[own.name] else { return own }
    let difference = try? Expression.subtract(formula(own), formula(builtIn)).simplified()
    if difference?.isZero ?? false { return builtIn }
    if noticed.insert("\(kind) \(own.name)").inserted {
      host?.emit(
        .stream(
          .stdout, "note: the \(kind) \(own.name) is your function, not the built-in one\n"))
    }
    return own
  }

  /// A function of one number, or of a vector that gives one of its size, as an activation.
  ///
  /// Throws: a TypeError for another number of parameters, a ShapeError for another result; as `subject` where it has
  /// no formula.
  func activation(of function: FunctionValue, _ span: SourceSpan) throws(Diagnostic) -> Activation {
    let (formula, parameters) = try networkFormula(of: function, span)
    guard parameters.count == 1 else {
      throw Diagnostic(
        .type,
        "an activation is a function of one number, but \(function.name) has \(parameters.count.counted("parameter"))",
        at: span,
        help: parameters.last.map {
          "put numbers in for the others: \(function.name)(\($0.name) = 1)"
        })
    }
    guard formula.shape.dimensions.count == parameters[0].shape.dimensions.count,
      formula.shape.dimensions.count < 2
    else {
      throw Diagnostic(
        .shape,
        "an activation gives as much as it takes, but \(function.name) makes a \(formula.shape.kindText) of a \(parameters[0].shape.kindText)",
        at: span, help: "write a function of one number")
    }
    return try made(of: parameters, function, span) { () throws(CalculusError) in
      try Activation(name: function.name, formula: formula, of: parameters[0])
    }
  }

  /// The activation that a file states by a name and a formula of z; nil where that reads as none.
  ///
  /// Only a formula is read, as the right side of a definition: nothing of it runs, and no name is defined.
  package func activation(named name: String, formula: String) -> Activation? {
    guard formula.utf8.count <= Self.longestStatedFormula else { return nil }
    for kind in ["", ": vector"] {
      let text = SourceText("\(name)(z\(kind)) = \(formula)")
      let program = Parser.parse(text, layers: [])
      guard program.diagnostics.isEmpty, program.statements.count == 1,
        case .definition(let syntax) = program.statements[0].kind
      else { return nil }
      let function = FunctionValue.user(UserFunction(syntax, source: text, cell: -1))
      if let found = try? activation(of: function, syntax.nameSpan) { return found }
    }
    return nil
  }

  private static let longestStatedFormula = 4_000

  /// A function of target and output, numbers or vectors, as a loss.
  ///
  /// The target comes first, unless the names say otherwise.
  /// Throws: a TypeError for other parameters, a ShapeError where it gives no number; as `subject`.
  func loss(of function: FunctionValue, _ span: SourceSpan) throws(Diagnostic) -> Loss {
    let (formula, parameters) = try networkFormula(of: function, span)
    let help = "write for example f(y, a) = (y - a)^2/2, or f(y: vector, a: vector) = …"
    guard parameters.count == 2 else {
      throw Diagnostic(
        .type,
        "a loss is a function of target and output, but \(function.name) has \(parameters.count.counted("parameter"))",
        at: span, help: help)
    }
    guard parameters[0].shape.dimensions.count == parameters[1].shape.dimensions.count,
      parameters[0].shape.dimensions.count < 2
    else {
      throw Diagnostic(
        .type,
        "a loss takes two numbers or two vectors, but \(function.name) takes \(parameters.kindsText)",
        at: span, help: help)
    }
    guard formula.shape == .scalar else {
      throw Diagnostic(
        .shape, "a loss gives a number, but \(function.name) gives a \(formula.shape.kindText)",
        at: span, help: "sum it up: sum(…)")
    }
    let isSwapped =
      parameters[0].namesOutput && !parameters[1].namesOutput
      || parameters[1].namesTarget && !parameters[0].namesTarget
    let (y, a) = isSwapped ? (parameters[1], parameters[0]) : (parameters[0], parameters[1])
    return try made(of: parameters, function, span) { () throws(CalculusError) in
      try Loss(name: function.name, formula: formula, target: y, output: a)
    }
  }

  /// A function's formula with the numbers that outer names have now, and its parameters.
  private func networkFormula(of function: FunctionValue, _ span: SourceSpan) throws(Diagnostic)
    -> (Expression, [Symbol])
  {
    let found = try subject(function, span)
    let formula = found.subject.expression
    var numbers: [Symbol: Expression] = [:]
    for symbol in formula.symbols
    where !found.parameters.contains(where: { $0.name == symbol.name }) {
      guard let value = memory[symbol.name]?.tensor else {
        throw Diagnostic(
          .name, "\(symbol.name) in \(function.name) has no value", at: span,
          help: "give it one with \(symbol.name) = …")
      }
      numbers[symbol] = .literal(value)
    }
    let outer = numbers
    let numeric = try made(of: [], function, span) { () throws(CalculusError) in
      outer.isEmpty ? formula : try formula.fitting(outer)
    }
    return (numeric, found.parameters)
  }

  /// Does something with a function's formula; where one of numbers does more than calculate with them, it is meant of
  /// vectors.
  private func made<Result>(
    of parameters: [Symbol], _ function: FunctionValue, _ span: SourceSpan,
    _ work: () throws(CalculusError) -> Result
  ) throws(Diagnostic) -> Result {
    do throws(CalculusError) {
      return try work()
    } catch {
      var diagnostic = Diagnostic(error, at: span)
      if case .unsupported = error, !parameters.isEmpty,
        parameters.allSatisfy({ $0.shape == .scalar })
      {
        let kinds = parameters.map { "\($0.name): vector" }.joined(separator: ", ")
        diagnostic.message =
          "\(function.name) is a function of numbers, but does more than calculate with them"
        diagnostic.help = "if it is one of vectors, write \(function.name)(\(kinds)) = …"
      }
      throw diagnostic
    }
  }
}

extension Symbol {
  /// Whether books call the target so, or the output.
  fileprivate var namesTarget: Bool { ["y", "t", "target", "Y", "T"].contains(name) }
  fileprivate var namesOutput: Bool {
    ["a", "ŷ", "o", "p", "output", "A", "Ŷ", "O", "P", "yhat", "y_hat"].contains(name)
  }
}

extension ExpressionSyntax {
  fileprivate var isCall: Bool { if case .call = kind { true } else { false } }
}
