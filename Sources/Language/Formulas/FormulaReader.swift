import Calculus
import MatrixEngine
import Syntax

/// Reads what a cell says as a formula of the calculus: names become symbols, calls of one's own functions
/// are written out, numbers stay as they were typed.
///
/// Two sizes that turn out to be equal end a pass; `Interpreter.readFormula` then begins another one.
package final class FormulaReader {
  /// What an unknown name means.
  package enum UnknownNames {
    /// A symbol, as under `∂(…)`: of its value's kind, else a number.
    case symbols
    /// A mistake, as everywhere else.
    case mistakes
  }

  package let session: Interpreter
  package let sizes: SizeInference
  private let unknownNames: UnknownNames
  /// Names that are symbols whatever they are elsewhere: `e` in `∂(e^2)/∂e`.
  private let variables: Set<String>
  /// The names that are sizes: those of declared symbols, and of the parameters of the function that is read.
  private var sizeNames: [String: Dimension] = [:]
  /// Every symbol met, in order of appearance.
  package private(set) var symbols: [Symbol] = []
  /// The names of parameters of formulas that are part of this one.
  var boundNames: Set<String> = []
  /// The parameters of the function whose body is read: these names mean them, whatever variables there are.
  private var parameterNames: Set<String> = []
  /// Two sizes that must be equal, one of them unknown so far: this pass is over.
  private(set) var agreement: (unknown: Dimension, other: Dimension)?
  /// Sizes that parameters leave open are numbered.
  private var unknownSizes = 0
  /// Indices in use, so that a function's `i` is another one than the cell's.
  private var indexNames: Set<String> = []

  package init(
    _ session: Interpreter, sizes: SizeInference, unknownNames: UnknownNames,
    variables: Set<String> = [], parameters: Set<String> = [], in scope: Scope = .global
  ) {
    self.session = session
    self.sizes = sizes
    self.unknownNames = unknownNames
    self.variables = variables
    parameterNames = parameters.union(scope.bindings.filter(\.value.isFormula).map(\.name))
  }

  /// What names stand for at a place: parameters, indices of generators, and the local names of the session.
  package struct Place {
    package var names: [String: Expression] = [:]
    package var functions: [String: FunctionValue] = [:]
    package var indices: [String: String] = [:]
    package var sizes: [String: Dimension] = [:]
    package var scope = Scope.global
    /// Whether this is the body of a function: its free names are never symbols by themselves.
    var isBody = false

    package init(
      names: [String: Expression] = [:], sizes: [String: Dimension] = [:],
      scope: Scope = .global, isBody: Bool = false
    ) {
      self.names = names
      self.sizes = sizes
      self.scope = scope
      self.isBody = isBody
    }

    /// The scope with every name that stands for a formula here: for what is evaluated inside a body, such as
    /// its derivatives.
    ///
    /// Throws: as `Formula.init`.
    package func scope(apartFrom variables: [String] = []) throws(CalculusError) -> Scope {
      var formulas = names
      for (name, index) in indices { formulas[name] = .index(index) }
      for (name, size) in sizes { formulas[name] = formulas[name] ?? .size(size) }
      var result = scope
      for (name, expression) in formulas.sorted(by: { $0.key < $1.key })
      where !variables.contains(name) {
        let origin: Formula.Origin =
          if case .symbol(let symbol) = expression.node { .symbol(symbol) } else {
            .expression(.init(name: nil, expression: expression))
          }
        result.bind(
          name, .function(.formula(try Formula(origin, name: name, parameters: []))))
      }
      return result
    }
  }

  // MARK: - Functions

  /// The body of a function of one's own, its parameters as symbols.
  package func body(of function: UserFunction, _ span: SourceSpan) throws(Diagnostic) -> Expression
  {
    var place = Place(isBody: true)
    for parameter in function.syntax.parameters {
      if parameter.kind == .function {
        place.functions[parameter.name] = .unknown(parameter.name)
        continue
      }
      let symbol = Symbol(parameter.name, sizes.resolve(shape(of: parameter)))
      add(symbol)
      parameterNames.insert(parameter.name)
      place.names[parameter.name] = .symbol(symbol)
      for case (.name(let name), let size) in zip(parameter.sizes, symbol.shape.dimensions) {
        place.sizes[name] = size
      }
    }
    return try session.inBody(of: function, at: span) { () throws(Diagnostic) in
      try read(function.syntax.body, place)
    }
  }

  /// A function of one's own of these arguments: its body with them in the place of its parameters.
  package func call(_ function: UserFunction, _ arguments: [Argument], _ span: SourceSpan)
    throws(Diagnostic) -> Expression
  {
    guard session.callDepth < Self.callDepth else {
      throw Diagnostic(
        .limit, "\(function.syntax.name) calls itself, so it has no one formula", at: span,
        help: "a derivative needs a function that can be written out")
    }
    var place = Place(isBody: true)
    var mapped: [Symbol: Expression] = [:]
    for (parameter, argument) in zip(function.syntax.parameters, arguments) {
      switch argument {
      case .function(let value):
        guard parameter.kind == .function else {
          throw kindMismatch(parameter, function, "the function \(value.name)", span)
        }
        place.functions[parameter.name] = value
      case .formula(let formula, let argumentSpan):
        switch (parameter.kind, formula.shape) {
        case (.scalar, .scalar): place.names[parameter.name] = formula
        case (.scalar, _):
          // A function of numbers maps over the entries: it is read for one, then given all.
          let entry = Symbol("\(parameter.name)\u{200B}\(session.callDepth)")
          mapped[entry] = formula
          place.names[parameter.name] = .symbol(entry)
        case (.vector, .vector), (.matrix, .matrix): place.names[parameter.name] = formula
        default:
          throw kindMismatch(parameter, function, formula.shape.kindText, argumentSpan)
        }
        for (size, dimension) in zip(parameter.sizes, formula.shape.dimensions) {
          switch size {
          case .number(let number): try agree(.number(number), dimension, argumentSpan, function)
          case .name(let name):
            if let known = place.sizes[name] { try agree(known, dimension, argumentSpan, function) }
            place.sizes[name] = place.sizes[name] ?? dimension
          }
        }
      }
    }
    let body = try session.inBody(of: function, at: span) { () throws(Diagnostic) in
      try read(function.syntax.body, place)
    }
    let whole = try calculus(span) { () throws(CalculusError) in
      mapped.isEmpty ? body : try body.mapped(mapped)
    }
    return .named(function.syntax.name, whole)
  }

  /// An argument of a call: a formula, or for a parameter `f: function` a function.
  package enum Argument {
    case formula(Expression, SourceSpan)
    case function(FunctionValue)
  }

  /// Calls inside one another, before a function counts as calling itself.
  private static let callDepth = 60

  private func kindMismatch(
    _ parameter: ParameterSyntax, _ function: UserFunction, _ given: String, _ span: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .type,
      "\(parameter.name) of \(function.syntax.name) is a \(parameter.kind.rawValue), but the argument is \(given)",
      at: span, help: function.signature)
  }

  private func agree(
    _ first: Dimension, _ second: Dimension, _ span: SourceSpan, _ function: UserFunction
  ) throws(Diagnostic) {
    guard first != second else { return }
    if case .unknown = first { throw pause(first, second, span) }
    if case .unknown = second { throw pause(second, first, span) }
    if case .name = first, second.isNumber { throw pause(first, second, span) }
    if case .name = second, first.isNumber { throw pause(second, first, span) }
    throw Diagnostic(
      .shape, "\(function.syntax.name) meets the sizes \(first) and \(second) where it needs one",
      at: span, help: function.signature)
  }

  /// The shape that a parameter's kind says; sizes that it leaves open are unknown.
  package func shape(of parameter: ParameterSyntax) -> ExpressionShape {
    let count = parameter.kind == .vector ? 1 : parameter.kind == .matrix ? 2 : 0
    return ExpressionShape(
      (0..<count).map { axis in
        guard axis < parameter.sizes.count else {
          unknownSizes += 1
          return .unknown(unknownSizes)
        }
        switch parameter.sizes[axis] {
        case .name(let name): return .name(name)
        case .number(let number): return .number(number)
        }
      })
  }

  // MARK: - Names

  /// A parameter that a call leaves open.
  func addBound(_ symbol: Symbol) {
    boundNames.insert(symbol.name)
    add(symbol)
  }

  package func add(_ symbol: Symbol) {
    if !symbols.contains(symbol) { symbols.append(symbol) }
  }

  /// A formula's expression with its sizes as far as they are known; its symbols join those met.
  ///
  /// One that was made here knows the parameters already; one that was stored means variables.
  func adopt(_ formula: Formula, _ span: SourceSpan, madeHere: Bool = false) throws(Diagnostic)
    -> Expression
  {
    if !formula.isSymbol {
      for parameter in formula.parameters {
        addBound(Symbol(parameter.name, sizes.resolve(parameter.shape)))
      }
    }
    let expression = try self.expression(of: formula, span, madeHere: madeHere)
    for symbol in expression.symbols { add(symbol) }
    return expression
  }

  /// The same as it stands; none of its symbols joins those met.
  package func expression(of formula: Formula, _ span: SourceSpan, madeHere: Bool)
    throws(Diagnostic)
    -> Expression
  {
    var values: [Symbol: Expression] = [:]
    if !madeHere {
      for symbol in formula.outerSymbols where parameterNames.contains(symbol.name) {
        guard let value = session.memory[symbol.name], value.tensor != nil else { continue }
        values[symbol] = try literal(value, of: symbol.name, span)
      }
    }
    let replacements = values
    return try calculus(span) { () throws(CalculusError) in
      try formula.expression.fitting(replacements).resized(sizes.resolve)
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
    session.note(
      "\(name) is a parameter, and a variable that another function reads: there it is the variable"
    )
    return literal
  }

  /// Numbers written out; nil for what is none, and for more than have a place in a formula.
  package static func literal(_ value: Value, most: Int = literalEntries) -> Expression? {
    guard let tensor = value.tensor, tensor.storage.count <= most else { return nil }
    return .literal(tensor)
  }

  /// More entries than these are not written out.
  static let literalEntries = 1000
  /// Larger local arrays keep their names: formulas of names are shorter, and quicker to differentiate.
  static let localEntries = 16

  package func read(name: String, _ span: SourceSpan, _ place: Place) throws(Diagnostic)
    -> Expression
  {
    if let index = place.indices[name] { return .index(index) }
    if let expression = place.names[name] { return expression }
    if let size = place.sizes[name] { return .size(sizes.resolve(size)) }
    if let value = place.scope[name] ?? session.memory[name] {
      if variables.contains(name), value.isFunction, !value.isFormula { return symbol(name) }
      if place.scope[name] != nil {
        // A local name may be gone when the formula is called.
        if !variables.contains(name), let literal = Self.literal(value, most: Self.localEntries) {
          return literal
        }
      } else if parameterNames.contains(name), value.tensor != nil {
        return try literal(value, of: name, span)
      }
      return try read(value, of: name, span, isLocal: place.scope[name] != nil)
    }
    if variables.contains(name) { return symbol(name) }
    if let size = declaredSize(name) { return .size(size) }
    if let constant = NamedConstant(rawValue: name == "π" ? "pi" : name) {
      return .constant(constant)
    }
    if let number = Constants.value(named: name) { return .number(number) }
    if place.functions[name] != nil || session.vocabulary.builtIn(named: name) != nil {
      throw Diagnostic(
        .type, "\(name) is a function", at: span, label: "needs an argument",
        help: "write \(name)(…)")
    }
    guard case .symbols = unknownNames, !place.isBody else {
      throw session.unknownName(name, span, place.scope)
    }
    return symbol(name)
  }

  private func symbol(_ name: String) -> Expression {
    let symbol = Symbol(name)
    add(symbol)
    return .symbol(symbol)
  }

  /// A name's value: numbers are a symbol of their kind, a formula is itself.
  private func read(_ value: Value, of name: String, _ span: SourceSpan, isLocal: Bool)
    throws(Diagnostic) -> Expression
  {
    if case .function(.formula(let formula)) = value {
      let expression = try adopt(formula, span, madeHere: isLocal)
      return formula.isSymbol ? expression : .named(name, expression)
    }
    guard let shape = value.expressionShape else {
      throw Diagnostic(
        .type, "\(name) is \(value.description), which has no place in a formula", at: span,
        help: value.isFunction ? "write \(name)(…)" : session.memberHelp(value))
    }
    let role: Symbol.Role = variables.contains(name) ? .open : isLocal ? .local : .variable
    let symbol = Symbol(name, shape, role: role)
    add(symbol)
    return .symbol(symbol)
  }

  /// A size that the declared symbols name.
  private func declaredSize(_ name: String) -> Dimension? {
    if let known = sizeNames[name] { return known }
    guard session.isDeclaredSize(name) else { return nil }
    sizeNames[name] = .name(name)
    return .name(name)
  }

  /// The size that a generator runs to: `n` of `1:n`, or nil for what is no size.
  package func size(_ expression: ExpressionSyntax, _ place: Place) throws(Diagnostic) -> Dimension?
  {
    let read = try self.read(expression, place)
    if case .size(let size) = read.node { return size }
    if let number = read.number?.integer, number >= 0 { return .number(number) }
    if let value = value(of: read), let whole = Int(exactly: value), whole >= 0 {
      return .number(whole)
    }
    return nil
  }

  /// The number that a formula of variables is now: as an index, or the end of a range. Nil for one of
  /// parameters, of symbols without a value, or of running indices.
  package func value(of formula: Expression) -> Double? {
    guard formula.shape == .scalar, formula.freeIndices.isEmpty else { return nil }
    var values: [String: Tensor<Double>] = [:]
    for symbol in formula.symbols {
      guard !parameterNames.contains(symbol.name), !boundNames.contains(symbol.name) else {
        return nil
      }
      values[symbol.name] = session.memory[symbol.name]?.tensor
    }
    return (try? formula.value(at: values))?.storage[0]
  }

  /// Makes a generator's variable an index; one that is in use already gets another name.
  func withIndex<Result>(
    _ name: String, _ place: Place, _ work: (String, Place) throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    var index = name
    var number = 1
    while indexNames.contains(index) {
      index = "\(name)\(number)"
      number += 1
    }
    indexNames.insert(index)
    defer { indexNames.remove(index) }
    var inner = place
    inner.names[name] = nil
    inner.indices[name] = index
    return try work(index, inner)
  }

  // MARK: - Errors

  /// Does something of the calculus; its errors get a place in the source.
  package func calculus<Result>(
    _ span: SourceSpan, _ work: () throws(CalculusError) -> Result
  ) throws(Diagnostic) -> Result {
    do {
      return try work()
    } catch .sizesMustAgree(let unknown, let other) {
      throw pause(unknown, other, span)
    } catch {
      throw Diagnostic(error, at: span)
    }
  }

  /// Ends this pass, for the next one to know that two sizes are equal.
  package func pause(_ unknown: Dimension, _ other: Dimension, _ span: SourceSpan) -> Diagnostic {
    agreement = (unknown, other)
    return Diagnostic(.shape, "the sizes \(unknown) and \(other) must be equal", at: span)
  }
}

extension Diagnostic {
  /// An error of the calculus as one of the language.
  package init(_ error: CalculusError, at span: SourceSpan?) {
    self.init(Name(rawValue: error.name) ?? .value, error.description, at: span, help: error.help)
  }
}
