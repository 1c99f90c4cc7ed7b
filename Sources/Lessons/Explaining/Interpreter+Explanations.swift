import Calculus
import Display
import Language
import MatrixEngine
import Syntax

/// `explain`: what it is asked about, and with which numbers.
extension Interpreter {
  /// The derivation of an expression, a function, a derivative; or of a call, with its numbers.
  ///
  /// Throws: a GradientError for what has no derivation.
  package func explain(_ syntax: ExpressionSyntax, _ options: [ArgumentSyntax], _ scope: Scope)
    throws(Diagnostic) -> Value
  {
    let (isRevealed, options) = try reveals(options, scope)
    var record: DerivationRecord
    if let told = try networkExplanation(syntax, options, scope) {
      record = told
    } else {
      record = try formulaExplanation(syntax, options, scope)
    }
    record.isRevealed = isRevealed
    return .record(record)
  }

  /// Whether the steps are to be shown one by one, and the other options.
  private func reveals(_ options: [ArgumentSyntax], _ scope: Scope) throws(Diagnostic)
    -> (Bool, [ArgumentSyntax])
  {
    var isRevealed = false
    var others: [ArgumentSyntax] = []
    for option in options {
      guard case .keyword(ExplainOption.reveal.rawValue, _, let value) = option else {
        others.append(option)
        continue
      }
      guard case .boolean(let flag) = try evaluate(value, scope) else {
        throw Diagnostic(
          .type, "reveal is true or false, not \(written(value.span))", at: value.span,
          help: "reveal = true shows one step more at each click")
      }
      isRevealed = flag
    }
    return (isRevealed, others)
  }

  private func formulaExplanation(
    _ syntax: ExpressionSyntax, _ options: [ArgumentSyntax], _ scope: Scope
  ) throws(Diagnostic) -> DerivationRecord {
    var subject = try explained(syntax, scope)
    var form = FormulaForm.matrix
    for option in options {
      guard case .keyword(let name, let nameSpan, let value) = option else {
        throw Diagnostic(
          .syntax, "an option of explain is name = value", at: option.span,
          help: "explain ∂f/∂x, x = 2")
      }
      if name == ExplainOption.form.rawValue {
        form = try self.form(value)
        continue
      }
      let known = subject.symbols.map(\.name)
      guard known.contains(name) else {
        throw Diagnostic(
          .name, "\(subject.text) has no \(name) to put a number in", at: nameSpan,
          label: Spelling.question(name, in: known),
          help: known.isEmpty ? nil : "its names are \(known.joined(separator: ", "))")
      }
      guard let number = try evaluate(value, scope).tensor else {
        throw Diagnostic(.type, "\(name) needs numbers", at: value.span)
      }
      subject.values[name] = number
    }
    for symbol in subject.outer where subject.values[symbol.name] == nil {
      subject.values[symbol.name] = outerValue(symbol, scope)
    }
    do throws(CalculusError) {
      try subject.requireInsideDomain()
      let numbers = Derivation.Numbers(subject.values, round: carrying)
      return DerivationRecord(
        derivation: try subject.formula.derivation(at: numbers, form: form),
        usesTimes: subject.formula.usesTimes)
    } catch {
      throw Diagnostic(error, at: syntax.span)
    }
  }

  /// What is explained: a formula, and the numbers that a call puts into it.
  private struct Explained {
    let formula: Formula
    var values: [String: Tensor<Double>] = [:]

    var text: String { formula.name }
    /// The names that numbers may be given for.
    var symbols: [Symbol] {
      formula.parameters + formula.outerSymbols.filter { !formula.parameters.contains($0) }
        + (formula.primal?.expression.symbols ?? []).filter {
          !formula.parameters.contains($0) && !formula.outerSymbols.contains($0)
        }
    }
    /// Throws: `CalculusError.outsideDomain` where the numbers have no derivative, or no value.
    func requireInsideDomain() throws(CalculusError) {
      let primal = formula.primal
      let expression = primal?.expression ?? formula.expression
      guard expression.symbols.allSatisfy({ values[$0.name] != nil }) else { return }
      if let violation = try expression.domainViolation(
        at: values, sizes: formula.parameters.sizes(in: values), by: primal?.variables ?? [])
      {
        throw .outsideDomain(violation)
      }
    }

    /// Those whose values are the session's.
    var outer: [Symbol] { symbols.filter { !formula.parameters.contains($0) } }
  }

  private func form(_ value: ExpressionSyntax) throws(Diagnostic) -> FormulaForm {
    if value.isWord("scalar") { return .scalar }
    if value.isWord("matrix") { return .matrix }
    throw Diagnostic(
      .name, "\(written(value.span)) is no form of explain", at: value.span,
      help: "form = scalar writes entries with Σ, form = matrix is the usual one")
  }

  private func explained(_ syntax: ExpressionSyntax, _ scope: Scope) throws(Diagnostic)
    -> Explained
  {
    switch syntax.kind {
    case .parenthesized(let inner): return try explained(inner, scope)
    case .partial, .nabla: return Explained(formula: try derivative(syntax, scope))
    case .name(let name): return try explained(name, syntax.span, scope)
    case .call(let callee, let arguments):
      if let found = try explainedCall(callee, arguments, syntax, scope) { return found }
    case .prime:
      if let formula = try evaluate(syntax, scope).formula { return Explained(formula: formula) }
    case .string, .boolean, .number, .explain:
      throw Diagnostic(
        .gradient, "\(written(syntax.span)) has nothing to explain", at: syntax.span,
        help: Self.explainable)
    default: break
    }
    return Explained(
      formula: try closed(readFormula(syntax, in: scope), syntax.span, scope))
  }

  /// The names of what is explained that stand there without numbers, and that an option can give some.
  func openNames(explaining syntax: ExpressionSyntax) -> Set<String> {
    guard let subject = try? explained(syntax, .global) else { return [] }
    return Set(subject.formula.parameters.map(\.name)).subtracting(subject.values.keys)
  }

  /// What a derivation tells of: the formula, and what it is the derivative of.
  func formulas(explaining syntax: ExpressionSyntax) -> [Expression] {
    guard let formula = (try? explained(syntax, .global))?.formula else { return [] }
    return [formula.expression] + (formula.primal.map { [$0.expression] } ?? [])
  }

  static let explainable =
    "explain takes forward, loss, backward, step, train(rule = perceptron), a derivative, a function or any expression"

  private func explained(_ name: String, _ span: SourceSpan, _ scope: Scope) throws(Diagnostic)
    -> Explained
  {
    guard let value = scope[name] ?? memory[name] else {
      if let builtIn = vocabulary.builtIn(named: name) {
        return Explained(formula: try whole(.builtIn(builtIn), span))
      }
      if let number = Constants.value(named: name) {
        throw Diagnostic(
          .gradient, "\(name) is the constant \(plain(number))", at: span, help: Self.explainable)
      }
      throw unknownName(name, span, scope)
    }
    if case .function(.formula(let formula)) = value { return Explained(formula: formula) }
    if case .function(let function) = value { return Explained(formula: try whole(function, span)) }
    throw Diagnostic(
      .gradient, "\(name) is \(value.description): it no longer knows what it was computed from",
      at: span, help: Self.explainable)
  }

  /// A function as the formula of its parameters.
  private func whole(_ function: FunctionValue, _ span: SourceSpan) throws(Diagnostic) -> Formula {
    let found = try subject(function, span)
    return try formula(
      .expression(found.subject), named: found.text, parameters: found.parameters, span)
  }

  /// A call of one's own function or of a derivative, with its arguments as the numbers; nil for calls that are
  /// explained as any expression is.
  private func explainedCall(
    _ callee: ExpressionSyntax, _ arguments: [ArgumentSyntax], _ syntax: ExpressionSyntax,
    _ scope: Scope
  ) throws(Diagnostic) -> Explained? {
    let function: FunctionValue
    if case .name(let name) = callee.kind {
      switch scope[name] ?? memory[name] {
      case .function(let found)? where !found.isSymbol: function = found
      case nil:
        guard let builtIn = vocabulary.builtIn(named: name) else { return nil }
        function = .builtIn(builtIn)
      default: return nil
      }
    } else {
      guard case .function(let found) = try evaluate(callee, scope) else { return nil }
      function = found
    }
    let formula: Formula
    switch function {
    case .builtIn(let builtIn):
      guard builtIn.formulaRule == nil else { return nil }
      if builtIn.group == .calculus, let formula = try evaluate(syntax, scope).formula {
        return Explained(formula: formula)
      }
      throw Diagnostic(
        .gradient, "\(builtIn.name) has nothing to explain", at: syntax.span,
        help: Self.explainable)
    case .user(let user):
      guard !user.syntax.parameters.contains(where: { $0.kind == .function }) else { return nil }
      formula = try whole(function, callee.span)
    case .formula(let found): formula = found
    case .unknown: return nil
    }
    var values: [String: Tensor<Double>] = [:]
    for (parameter, argument) in zip(
      formula.parameters, try match(arguments, to: formula, syntax.span))
    {
      guard let argument else {
        // f(y = 1) is the function of the rest.
        if !arguments.isEmpty, arguments.allSatisfy(\.isKeyword),
          let rest = try evaluate(syntax, scope).formula
        {
          return Explained(formula: rest)
        }
        throw missing(parameter.name, of: formula.name, formula.signature, syntax.span)
      }
      let value = try evaluate(argument, scope)
      // Of symbols the call is a formula like any other.
      if value.isFormula { return nil }
      guard let tensor = value.tensor else {
        throw Diagnostic(
          .type, "\(parameter.name) is \(value.description), not numbers", at: argument.span)
      }
      values[parameter.name] = tensor
    }
    return Explained(formula: formula, values: values)
  }
}
