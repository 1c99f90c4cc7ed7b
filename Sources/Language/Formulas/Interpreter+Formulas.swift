import Calculus
import MatrixEngine
import Syntax

/// Declared symbols, and formulas as functions: called with values, or with other formulas.
extension Interpreter {
  /// `f(y = 1)` of a function of one's own: the formula of the other parameters.
  func partialCall(
    of function: UserFunction, _ arguments: [ArgumentSyntax], _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    let found = try subject(.user(function), span)
    let whole = try formula(
      .expression(found.subject), named: function.syntax.name, parameters: found.parameters, span)
    return try call(whole, arguments, span, scope)
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
      let symbol = symbol(of: parameter) { .fresh() }
      memory[parameter.name] = .function(
        .formula(
          try formula(
            .symbol(symbol), named: parameter.name, parameters: [symbol], parameter.span)))
    }
  }

  // MARK: - Values

  /// A formula called: its value, or a formula where arguments are formulas or left out.
  package func call(
    _ formula: Formula, _ arguments: [ArgumentSyntax], _ span: SourceSpan, _ scope: Scope,
    madeHere: Bool = true
  ) throws(Diagnostic) -> Value {
    var isPartial = false
    var given = try point(arguments, of: formula, scope)
    let matched = given.isEmpty ? try match(arguments, to: formula, span) : []
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
    let (arguments, isPart) = (given, scope.reading != nil)
    if isPartial {
      let read = try readFormula(in: scope) { (_, reading) throws(Diagnostic) in
        try puttingIn(arguments, into: formula, span, reading, madeHere: madeHere)
      }
      return .function(.formula(try closed(read, span, scope)))
    }
    guard isPart || given.contains(where: { $0.value.isFormula }) else {
      return try value(of: formula, given, span, scope)
    }
    return try forming(span, scope) { (_, reading) throws(Diagnostic) in
      let result = try puttingIn(arguments, into: formula, span, reading, madeHere: madeHere)
      return isPart ? .named(formula.name, result) : result
    }
  }

  /// The entries of the one vector that the gradient of a function of several numbers was given; else nothing.
  private func point(_ arguments: [ArgumentSyntax], of formula: Formula, _ scope: Scope)
    throws(Diagnostic) -> [(symbol: Symbol, value: Value, span: SourceSpan)]
  {
    guard case .gradient(_, let symbols) = formula.origin, symbols.count > 1,
      symbols == formula.parameters, arguments.count == 1,
      case .positional(let argument) = arguments[0]
    else { return [] }
    let value = try evaluate(argument, scope)
    if let entries = value.vector, entries.count == symbols.count {
      return zip(symbols, entries).map { ($0, .scalar($1), argument.span) }
    }
    let shape = value.formula?.expression.shape ?? value.expressionShape
    guard case .vector(.number(symbols.count))? = shape else { return [] }
    return try Array(symbols.enumerated()).map2 { (place, symbol) throws(Diagnostic) in
      let entry = try forming(argument.span, scope) { (_, reading) throws(Diagnostic) in
        let vector = try operand(value, argument.span, reading)
        return try calculus([vector], argument.span, reading) { parts throws(CalculusError) in
          try .entry(parts[0], [.value(.number(place + 1))])
        }
      }
      return (symbol, entry, argument.span)
    }
  }

  /// A formula with arguments in the place of parameters; those left out stay.
  private func puttingIn(
    _ given: [(symbol: Symbol, value: Value, span: SourceSpan)], into formula: Formula,
    _ span: SourceSpan, _ reading: FormulaReading, madeHere: Bool
  ) throws(Diagnostic) -> Expression {
    let old = try expression(of: formula, span, reading, madeHere: madeHere)
    let arguments = try given.map2 { (argument) throws(Diagnostic) in
      try operand(argument.value, argument.span, reading)
    }
    let isMapped = zip(given, arguments).contains { given, argument in
      given.symbol.shape == .scalar && argument.shape != .scalar
    }
    let result = try calculus([old] + arguments, span, reading) { parts throws(CalculusError) in
      var map: [Symbol: Expression] = [:]
      for (argument, part) in zip(given, parts.dropFirst()) {
        map[reading.sizes.resolve(argument.symbol)] = part
      }
      let old = try reading.sizes.resolve(parts[0])
      let result = try isMapped ? old.mapped(map) : old.fitting(map)
      try result.requireNoInverses()
      return result
    }
    // Sizes may have become known with the arguments.
    for symbol in formula.parameters where !given.contains(where: { $0.symbol == symbol }) {
      reading.addBound(result.symbols.first { $0.name == symbol.name } ?? symbol)
    }
    for symbol in result.symbols { reading.add(symbol) }
    return result
  }

  /// The value of a formula at a point. Parameters that are numbers map over vectors and matrices.
  package func value(
    of formula: Formula, _ given: [(symbol: Symbol, value: Value, span: SourceSpan)],
    _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    for (symbol, value, place) in given {
      if let value = value.tensor {
        try checkStructure(symbol.structure, value, symbol.name, place)
      }
    }
    for (symbol, value, place) in given where value.tensor == nil {
      throw Diagnostic(
        .type,
        "\(symbol.name) of \(formula.name) is a \(symbol.kindText), but the argument is \(value.description)",
        at: place, help: formula.signature)
    }
    var outer: [String: Tensor<Double>] = [:]
    for symbol in formula.neededSymbols
    where !given.contains(where: { $0.symbol.name == symbol.name }) {
      guard let tensor = outerValue(symbol, scope) else {
        throw Diagnostic(
          .name, "\(symbol.name) in \(formula.name) has no value", at: span,
          help: "give it one with \(symbol.name) = …")
      }
      outer[symbol.name] = tensor
    }
    // Of one argument, what is wrong is wrong with that.
    let span = given.count == 1 ? given[0].span : span
    return try mapping(
      formula.name, given.map { ($0.value, $0.span) }, span,
      isNumber: { given[$0].symbol.shape == .scalar },
      call: { (single) throws(Diagnostic) in
        var values = outer
        for (argument, value) in zip(given, single) { values[argument.symbol.name] = value.tensor }
        return Value(try tensor(of: formula, at: values, span))
      })
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
