import Calculus
import MatrixEngine
import Syntax

/// Formulas as operands: how one begins and ends, what names and values are in it.
extension Interpreter {
  /// Evaluates something as a formula, in which names stand for symbols.
  ///
  /// Within another formula it shares the sizes that are found out; else those that stay open get names.
  package func readFormula(
    unknownNames: FormulaReading.UnknownNames = .mistakes, variables: Set<String> = [],
    in scope: Scope = .global, mayHaveArrays: Bool = false,
    _ read: (Scope, FormulaReading) throws(Diagnostic) -> Expression
  ) throws(Diagnostic) -> ReadFormula {
    let reading = FormulaReading(
      unknownNames: unknownNames, variables: variables,
      parameters: Set(scope.bindings.filter(\.value.isFormula).map(\.name)),
      callDepth: callDepth, in: scope.reading, mayHaveArrays: mayHaveArrays)
    var inner = scope
    inner.reading = reading
    formulaDepth += 1
    defer { formulaDepth -= 1 }
    let part = try read(inner, reading)
    if scope.reading == nil { reading.sizes.nameRest(of: reading.symbols) }
    let expression = try calculus([part], nil, reading) { parts throws(CalculusError) in
      try reading.sizes.resolve(parts[0])
    }
    guard expression.treeSize <= Double(Self.writtenLimit) else {
      throw Diagnostic(
        .limit, "written out, this formula has \(Int(min(expression.treeSize, 1e15))) parts",
        at: nil, label: "the limit is \(Self.writtenLimit)",
        help: "a shorter chain of functions of functions can be differentiated")
    }
    guard
      expression.treeSize <= Double(Self.formulaLimit) || expression.nodeCount <= Self.formulaLimit
    else {
      throw Diagnostic(
        .limit, "this formula has \(expression.nodeCount) parts", at: nil,
        label: "the limit is \(Self.formulaLimit)")
    }
    return ReadFormula(
      symbols: reading.resolvedSymbols, expression: expression, bound: reading.bound)
  }

  /// Different parts of a formula: what a cell can differentiate without a wait.
  private static let formulaLimit = 3000
  /// Parts of a formula where every shared part is counted as often as it occurs.
  private static let writtenLimit = 20_000

  /// An expression read as a formula, in a scope that says what its names are.
  package func readFormula(
    _ syntax: ExpressionSyntax, unknownNames: FormulaReading.UnknownNames = .mistakes,
    variables: Set<String> = [], in scope: Scope, mayHaveArrays: Bool = false
  ) throws(Diagnostic) -> ReadFormula {
    try readFormula(
      unknownNames: unknownNames, variables: variables, in: scope, mayHaveArrays: mayHaveArrays
    ) {
      (scope, reading) throws(Diagnostic) in
      try operand(evaluate(syntax, scope), syntax.span, reading)
    }
  }

  /// An expression of symbols, as a formula of those that have no value.
  func symbolic(_ syntax: ExpressionSyntax, _ scope: Scope) throws(Diagnostic) -> Value {
    try forming(syntax.span, scope) { (scope, reading) throws(Diagnostic) in
      try operand(evaluate(syntax, scope), syntax.span, reading)
    }
  }

  /// A formula made of operands: a part of the one that is evaluated, or a whole one.
  func forming(
    _ span: SourceSpan, _ scope: Scope,
    _ make: (Scope, FormulaReading) throws(Diagnostic) -> Expression
  ) throws(Diagnostic) -> Value {
    if let reading = scope.reading { return .expression(try make(scope, reading)) }
    let read = try readFormula(in: scope, make)
    return .function(.formula(try closed(read, span, scope)))
  }

  /// What was read as a formula of the symbols that have no value.
  package func closed(_ read: ReadFormula, _ span: SourceSpan, _ scope: Scope) throws(Diagnostic)
    -> Formula
  {
    try formula(
      .expression(.init(name: nil, expression: read.expression)), named: oneLine(span),
      parameters: read.parameters { !hasValue($0, scope) }, span)
  }

  /// Works out a formula; errors of the calculus get a place.
  package func formula(
    _ origin: Formula.Origin, named name: String, parameters: [Symbol], _ span: SourceSpan
  ) throws(Diagnostic) -> Formula {
    do {
      return try Formula(origin, name: name, parameters: parameters)
    } catch {
      // What has no notation may still have values.
      if case .unsupported = error { needsPoint = true }
      throw Diagnostic(error, at: span)
    }
  }

  /// Builds an expression out of operands, whose sizes become equal where they must be.
  func calculus<Result>(
    _ operands: [Expression], _ span: SourceSpan?, _ reading: FormulaReading,
    _ build: ([Expression]) throws(CalculusError) -> Result
  ) throws(Diagnostic) -> Result {
    do {
      return try reading.sizes.solving(operands, build)
    } catch {
      throw Diagnostic(error, at: span)
    }
  }

  // MARK: - Operands

  /// A value as a part of a formula: what is one already, a formula that was made, or numbers.
  func operand(_ value: Value, _ span: SourceSpan, _ reading: FormulaReading) throws(Diagnostic)
    -> Expression
  {
    switch value {
    case .expression(let expression): return expression
    case .function(.formula(let formula)):
      let expression = try adopt(formula, span, reading, madeHere: true)
      return formula.isExpression || formula.isSymbol
        ? expression : .named(formula.name, expression)
    default:
      guard let tensor = value.tensor else {
        throw Diagnostic(
          .type, "\(value.description) has no place in a formula", at: span,
          help: value.isFunction ? "write \(written(span))(…)" : memberHelp(value))
      }
      guard let literal = Self.literal(value) else {
        throw Diagnostic(
          .limit, "\(written(span)) has \(tensor.storage.count) entries, too many to write out",
          at: span, help: "give it a name first: W = \(written(span))")
      }
      return literal
    }
  }

  /// A formula's expression; its symbols join those met.
  ///
  /// One that was made here knows the parameters already; one that was stored means variables.
  private func adopt(
    _ formula: Formula, _ span: SourceSpan, _ reading: FormulaReading, madeHere: Bool = false
  ) throws(Diagnostic) -> Expression {
    if !formula.isSymbol {
      for parameter in formula.parameters { reading.addBound(parameter) }
    }
    let expression = try self.expression(of: formula, span, reading, madeHere: madeHere)
    for symbol in expression.symbols { reading.add(symbol) }
    return expression
  }

  /// The same as it stands; none of its symbols joins those met.
  func expression(
    of formula: Formula, _ span: SourceSpan, _ reading: FormulaReading, madeHere: Bool
  ) throws(Diagnostic) -> Expression {
    var values: [Symbol: Expression] = [:]
    if !madeHere {
      for symbol in formula.outerSymbols where reading.parameters.contains(symbol.name) {
        guard let value = memory[symbol.name], value.tensor != nil else { continue }
        values[symbol] = try literal(value, of: symbol.name, span)
      }
    }
    guard !values.isEmpty else { return formula.expression }
    let replacements = values
    return try calculus([formula.expression], span, reading) { parts throws(CalculusError) in
      try parts[0].fitting(replacements)
    }
  }

  /// The value of a variable that has the name of a parameter: as a symbol it would be taken for that.
  private func literal(_ value: Value, of name: String, _ span: SourceSpan) throws(Diagnostic)
    -> Expression
  {
    guard let literal = Self.literal(value) else {
      throw Diagnostic(
        .gradient, "\(name) is a parameter here, and a variable that another function reads",
        at: span, label: "\(name) means two things",
        help: "give one of them another name")
    }
    note(
      "\(name) is a parameter, and a variable that another function reads: there it is the variable"
    )
    return literal
  }

  /// Numbers written out; nil for what is none, and for more than have a place in a formula.
  private static func literal(_ value: Value, most: Int = 1000) -> Expression? {
    guard let tensor = value.tensor, tensor.storage.count <= most else { return nil }
    return .literal(tensor)
  }

  /// Larger local arrays keep their names: formulas of names are shorter, and quicker to differentiate.
  private static let localEntries = 16

  // MARK: - Names

  /// What a name means in the formula that is evaluated: numbers are a symbol of their kind, a formula is itself.
  @discardableResult
  func read(
    name: String, _ span: SourceSpan, _ scope: Scope, _ reading: FormulaReading
  ) throws(Diagnostic) -> Expression {
    let isVariable = reading.variables.contains(name)
    let local = scope[name]
    if let value = local ?? memory[name] {
      switch value {
      case .expression(let expression): return expression
      case .function(.formula(let formula)):
        let expression = try adopt(formula, span, reading, madeHere: local != nil)
        return formula.isSymbol ? expression : .named(name, expression)
      case .function where isVariable: return reading.add(Symbol(name))
      default: break
      }
      if local != nil {
        // A local name may be gone when the formula is called.
        if !isVariable, let literal = Self.literal(value, most: Self.localEntries) {
          return literal
        }
      } else if reading.parameters.contains(name), value.tensor != nil {
        return try literal(value, of: name, span)
      }
      guard let shape = value.expressionShape else {
        throw Diagnostic(
          .type, "\(name) is \(value.description), which has no place in a formula", at: span,
          help: value.isFunction ? "write \(name)(…)" : memberHelp(value))
      }
      return reading.add(
        Symbol(name, shape, role: isVariable ? .open : local != nil ? .local : .variable))
    }
    if isVariable { return reading.add(Symbol(name)) }
    if isDeclaredSize(name) { return .size(.name(name)) }
    if let constant = NamedConstant(rawValue: name == "π" ? "pi" : name) {
      return .constant(constant)
    }
    if let number = Constants.value(named: name) { return .number(number) }
    if vocabulary.builtIn(named: name) != nil {
      throw Diagnostic(
        .type, "\(name) is a function", at: span, label: "needs an argument",
        help: "write \(name)(…)")
    }
    guard case .symbols = reading.unknownNames, callDepth <= reading.callDepth else {
      throw unknownName(name, span, scope)
    }
    return reading.add(Symbol(name))
  }

  /// The number that a formula of variables is now: as an index, or the end of a range. Nil for one of
  /// parameters, of symbols without a value, or of running indices.
  func value(of formula: Expression, _ reading: FormulaReading) -> Double? {
    guard formula.shape == .scalar, formula.freeIndices.isEmpty else { return nil }
    if reading.point != nil { return try? dual(formula, reading).value.storage[0] }
    var values: [String: Tensor<Double>] = [:]
    for symbol in formula.symbols {
      guard !reading.parameters.contains(symbol.name), !reading.bound.contains(symbol.name) else {
        return nil
      }
      values[symbol.name] = memory[symbol.name]?.tensor
    }
    return (try? formula.value(at: values))?.storage[0]
  }

  /// What holds no symbol: its value, written out.
  func constant(_ syntax: ExpressionSyntax, _ scope: Scope, _ reading: FormulaReading)
    throws(Diagnostic) -> Expression
  {
    if let name = syntax.firstName(where: { name in
      if case .expression(let part)? = scope[name] { part.number == nil } else { false }
    }) {
      if case .range = syntax.kind {
        throw Diagnostic(
          .gradient, "\(written(syntax.span)) needs the number \(name), a parameter here",
          at: syntax.span,
          help:
            "in a formula a range ends at a number or a size: put the number in by a function of the rest"
        )
      }
      throw Diagnostic(
        .gradient,
        "\(written(syntax.span)) depends on \(name) in a way that has no derivative here",
        at: syntax.span,
        help: syntax.beginsWithMember
          ? "backward(net, X, Y) gives the gradients of a network" : nil)
    }
    let value = try evaluate(syntax, scope.ofValues)
    guard value.tensor != nil else {
      throw Diagnostic(
        .type, "\(written(syntax.span)) is \(value.description), which has no place in a formula",
        at: syntax.span)
    }
    return try operand(value, syntax.span, reading)
  }
}

extension ExpressionSyntax {
  /// What stands in its parentheses, if it is in any.
  package var unparenthesized: ExpressionSyntax {
    if case .parenthesized(let inner) = kind { inner.unparenthesized } else { self }
  }

  /// `net.W[2][1, 3]`: what begins with a member of something.
  var beginsWithMember: Bool {
    switch kind {
    case .member: true
    case .index(let base, _): base.beginsWithMember
    default: false
    }
  }
}
