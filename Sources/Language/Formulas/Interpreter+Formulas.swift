import Calculus
import MatrixEngine
import Syntax

/// What was read as a formula.
package struct FormulaReading {
  /// In order of appearance.
  package let symbols: [Symbol]
  package let expression: Expression
  /// The names of parameters of formulas in it: these stay parameters, whatever values the names have.
  package let bound: Set<String>

  /// The symbols that the whole is a function of: those that `isOpen`, and the parameters of formulas in it.
  package func parameters(_ isOpen: (String) -> Bool) -> [Symbol] {
    symbols.filter { bound.contains($0.name) || isOpen($0.name) }
  }
}

/// Reading formulas, and their values.
extension Interpreter {
  /// Reads something as a formula: pass after pass, until every size is known or has a name.
  package func readFormula(
    unknownNames: FormulaReader.UnknownNames = .mistakes, variables: Set<String> = [],
    parameters: Set<String> = [], in scope: Scope = .global,
    _ read: (FormulaReader) throws(Diagnostic) -> Expression
  ) throws(Diagnostic) -> FormulaReading {
    var sizes = SizeInference()
    formulaDepth += 1
    defer { formulaDepth -= 1 }
    while true {
      let reader = FormulaReader(
        self, sizes: sizes, unknownNames: unknownNames, variables: variables,
        parameters: parameters, in: scope)
      do throws(Diagnostic) {
        let expression = try read(reader)
        guard expression.treeSize <= Double(Self.writtenLimit) else {
          throw Diagnostic(
            .limit, "written out, this formula has \(Int(min(expression.treeSize, 1e15))) parts",
            at: nil, label: "the limit is \(Self.writtenLimit)",
            help: "a shorter chain of functions of functions can be differentiated")
        }
        guard expression.nodeCount <= Self.formulaLimit else {
          throw Diagnostic(
            .limit, "this formula has \(expression.nodeCount) parts", at: nil,
            label: "the limit is \(Self.formulaLimit)")
        }
        guard sizes.nameRest(of: reader.symbols) else {
          return FormulaReading(
            symbols: reader.symbols, expression: expression, bound: reader.boundNames)
        }
      } catch {
        guard let (unknown, other) = reader.agreement else { throw error }
        sizes.agree(unknown, other)
      }
    }
  }

  /// Different parts of a formula: what a cell can differentiate without a wait.
  private static let formulaLimit = 3000
  /// Parts of a formula where every shared part is counted as often as it occurs.
  private static let writtenLimit = 20_000

  /// Works out a formula; errors of the calculus get a place.
  package func formula(
    _ origin: Formula.Origin, named name: String, parameters: [Symbol], _ span: SourceSpan
  ) throws(Diagnostic) -> Formula {
    do {
      return try Formula(origin, name: name, parameters: parameters)
    } catch {
      throw Diagnostic(error, at: span)
    }
  }

  /// An expression of symbols, as a formula of those that have no value.
  package func symbolic(_ syntax: ExpressionSyntax, _ scope: Scope) throws(Diagnostic) -> Value {
    let read = try readFormula(in: scope) { reader throws(Diagnostic) in
      try reader.read(syntax, .init(scope: scope))
    }
    return .function(
      .formula(
        try formula(
          .expression(.init(name: nil, expression: read.expression)), named: oneLine(syntax.span),
          parameters: read.parameters { !hasValue($0, scope) }, syntax.span)))
  }

  /// `f(y = 1)` of a function of one's own: the formula of the other parameters.
  func partialCall(
    of function: UserFunction, _ arguments: [ArgumentSyntax], _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    let found = try subject(.user(function), span)
    let whole = try formula(
      .expression(found.subject), named: function.syntax.name, parameters: found.parameters, span)
    return try call(whole, arguments, span, scope)
  }

  /// Whether a generator runs to the size of a declared symbol: `for i in 1:n`.
  func isSymbolic(_ generator: ExpressionSyntax.Generator, _ scope: Scope) -> Bool {
    guard case .range(_, _, let end) = generator.range.kind, case .name(let name) = end.kind,
      scope[name] == nil, memory[name] == nil
    else { return false }
    return isDeclaredSize(name)
  }

  func isSymbolic(_ arguments: [ArgumentSyntax], _ scope: Scope) -> Bool {
    guard case .generator(let generator, _)? = arguments.first else { return false }
    return isSymbolic(generator, scope)
  }

  /// The n of `symbols x: vector(n)`, as a formula without parameters.
  func declaredSize(_ name: String, _ span: SourceSpan) throws(Diagnostic) -> Value? {
    guard isDeclaredSize(name) else { return nil }
    return .function(
      .formula(
        try formula(
          .expression(.init(name: nil, expression: .size(.name(name)))), named: name,
          parameters: [], span)))
  }

  /// Whether a symbol was declared with a size of this name.
  func isDeclaredSize(_ name: String) -> Bool {
    memory.values.contains { value in
      guard let formula = value.formula, formula.isSymbol else { return false }
      return formula.expression.shape.dimensions.contains(.name(name))
    }
  }

  /// Whether a name is known: by numbers, or inside a body by the formula that it stands for there.
  package func hasValue(_ name: String, _ scope: Scope) -> Bool {
    if let local = scope[name] { return local.tensor != nil || local.isFormula }
    return memory[name]?.tensor != nil
  }

  /// The numbers that a symbol means in a formula that is called in this scope: the variable's, whatever local
  /// names there are now, unless it was a local name itself.
  package func outerValue(_ symbol: Symbol, _ scope: Scope) -> Tensor<Double>? {
    symbol.role == .local ? scope[symbol.name]?.tensor : memory[symbol.name]?.tensor
  }

  /// `symbols w, x: vector(n), f: function`
  func declare(_ parameters: [ParameterSyntax]) throws(Diagnostic) {
    var names: Set<String> = []
    for parameter in parameters {
      guard names.insert(parameter.name).inserted else {
        throw Diagnostic(.syntax, "\(parameter.name) is declared twice", at: parameter.span)
      }
      noticeShadowing(parameter.name)
      if parameter.kind == .function {
        memory[parameter.name] = .function(.unknown(parameter.name))
        continue
      }
      let count = parameter.kind == .vector ? 1 : parameter.kind == .matrix ? 2 : 0
      let sizes = (0..<count).map { axis -> Dimension in
        guard axis < parameter.sizes.count else { return .fresh() }
        switch parameter.sizes[axis] {
        case .name(let name): return .name(name)
        case .number(let number): return .number(number)
        }
      }
      let symbol = Symbol(parameter.name, ExpressionShape(sizes))
      memory[parameter.name] = .function(
        .formula(
          try formula(
            .symbol(symbol), named: parameter.name, parameters: [symbol], parameter.span)))
    }
  }

  // MARK: - Values

  /// A formula called: its value, or where arguments are left out the formula of the rest.
  package func call(
    _ formula: Formula, _ arguments: [ArgumentSyntax], _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    let matched = try match(arguments, to: formula, span)
    var given: [(symbol: Symbol, value: Value, span: SourceSpan)] = []
    var isPartial = false
    for (parameter, argument) in zip(formula.parameters, matched) {
      guard let argument else {
        isPartial = true
        continue
      }
      given.append((parameter, try evaluate(argument, scope), argument.span))
    }
    if isPartial, given.isEmpty || arguments.contains(where: { !$0.isKeyword }) {
      let missing = zip(formula.parameters, matched).first { pair in pair.1 == nil }?.0.name ?? ""
      throw self.missing(missing, of: formula.name, formula.signature, span)
    }
    if isPartial || given.contains(where: { $0.value.isFormula }) {
      return try puttingIn(given, into: formula, arguments, span, scope)
    }
    return try value(of: formula, given, span, scope)
  }

  /// A formula with some of its arguments put in, as that of the rest.
  private func puttingIn(
    _ given: [(symbol: Symbol, value: Value, span: SourceSpan)], into formula: Formula,
    _ arguments: [ArgumentSyntax], _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    let rest = formula.parameters.filter { symbol in !given.contains { $0.symbol == symbol } }
    let read = try readFormula(in: scope) { reader throws(Diagnostic) in
      var map: [Symbol: Expression] = [:]
      let old = try reader.calculus(span) { () throws(CalculusError) in
        try formula.expression.resized(reader.sizes.resolve)
      }
      var isMapped = false
      for (symbol, value, place) in given {
        let replacement = try reader.argument(value, place)
        isMapped = isMapped || symbol.shape == .scalar && replacement.shape != .scalar
        map[Symbol(symbol.name, reader.sizes.resolve(symbol.shape))] = replacement
      }
      let (replacements, mapped) = (map, isMapped)
      let result = try reader.calculus(span) { () throws(CalculusError) in
        let result = try mapped ? old.mapped(replacements) : old.fitting(replacements)
        try result.requireNoInverses()
        return result
      }
      // Sizes may have become known with the arguments.
      for symbol in rest {
        reader.add(
          result.symbols.first { $0.name == symbol.name }
            ?? Symbol(symbol.name, reader.sizes.resolve(symbol.shape)))
      }
      for symbol in result.symbols { reader.add(symbol) }
      return result
    }
    let parameters = read.parameters { name in
      rest.contains { $0.name == name } || !hasValue(name, scope)
    }
    return .function(
      .formula(
        try self.formula(
          .expression(.init(name: nil, expression: read.expression)), named: oneLine(span),
          parameters: parameters, span)))
  }

  /// The value of a formula at a point. Parameters that are numbers map over vectors and matrices.
  package func value(
    of formula: Formula, _ given: [(symbol: Symbol, value: Value, span: SourceSpan)],
    _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    var values: [String: Tensor<Double>] = [:]
    var mapped: (shape: [Int], count: Int, value: Value)?
    for (symbol, value, place) in given {
      guard let tensor = value.tensor else {
        throw Diagnostic(
          .type,
          "\(symbol.name) of \(formula.name) is a \(symbol.shape.kindText), but the argument is \(value.description)",
          at: place, help: formula.signature)
      }
      values[symbol.name] = tensor
      guard symbol.shape == .scalar, !tensor.sizes.isEmpty else { continue }
      if let first = mapped, first.shape != tensor.sizes {
        throw Diagnostic(
          .shape,
          "\(formula.name) maps over its arguments, but they are \(first.value.description) and \(value.description)",
          at: place, help: "arguments that are mapped over need one shape")
      }
      mapped = (tensor.sizes, tensor.storage.count, value)
    }
    for symbol in formula.neededSymbols where values[symbol.name] == nil {
      guard let tensor = outerValue(symbol, scope) else {
        throw Diagnostic(
          .name, "\(symbol.name) in \(formula.name) has no value", at: span,
          help: "give it one with \(symbol.name) = …")
      }
      values[symbol.name] = tensor
    }
    // Of one argument, what is wrong is wrong with that.
    let span = given.count == 1 ? given[0].span : span
    guard let mapped else { return Value(try tensor(of: formula, at: values, span)) }
    var results: [Value] = []
    for index in 0..<mapped.count {
      try checkInterrupt(span)
      var single = values
      for (symbol, _, _) in given where symbol.shape == .scalar {
        if let tensor = values[symbol.name], !tensor.sizes.isEmpty {
          single[symbol.name] = .scalar(tensor.storage[index])
        }
      }
      results.append(Value(try tensor(of: formula, at: single, span)))
    }
    let numbers = results.compactMap(\.number)
    if numbers.count == results.count { return mapped.value.replacingEntries(numbers) }
    if mapped.value.vector != nil { return try Value.stack(results, span) }
    throw Diagnostic(
      .shape, "\(formula.name) maps over a matrix only when it gives numbers", at: span)
  }

  private func tensor(of formula: Formula, at values: [String: Tensor<Double>], _ span: SourceSpan)
    throws(Diagnostic) -> Tensor<Double>
  {
    try checkInterrupt(span)
    do throws(CalculusError) {
      let primal = formula.primal
      if let violation = try (primal?.expression ?? formula.expression).domainViolation(
        at: values, sizes: formula.parameters.sizes(in: values), by: primal?.variables ?? [])
      {
        throw .outsideDomain(violation)
      }
      let result = try formula.expression.value(
        at: values, symbols: formula.parameters, isDerivative: primal != nil)
      if let odd = result.storage.first(where: { !$0.isFinite }),
        values.values.allSatisfy({ $0.storage.allSatisfy(\.isFinite) })
      {
        note("\(formula.name) is \(plain(odd)) here")
      }
      return result
    } catch {
      var diagnostic = Diagnostic(error, at: span)
      if case .outsideDomain = error {
        (diagnostic.label, diagnostic.help) = (diagnostic.help ?? "", nil)
      }
      throw diagnostic
    }
  }
}

extension FormulaReader {
  /// An argument that is evaluated already, as a formula.
  package func argument(_ value: Value, _ span: SourceSpan) throws(Diagnostic) -> Expression {
    if let formula = value.formula { return try adopt(formula, span, madeHere: true) }
    guard let literal = Self.literal(value) else {
      throw Diagnostic(
        .type, "\(value.description) cannot be put into a formula", at: span,
        help: "give all arguments for its value")
    }
    return literal
  }
}
