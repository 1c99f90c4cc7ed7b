import Calculus
import Syntax

/// Calls: built-in functions by their rule, one's own by their body, formulas by their expression.
extension FormulaReader {
  package func call(
    _ callee: ExpressionSyntax, _ arguments: [ArgumentSyntax], _ syntax: ExpressionSyntax,
    _ place: Place
  ) throws(Diagnostic) -> Expression {
    let (function, order) = try self.function(callee, syntax.span, place)
    if case .unknown(let name) = function {
      let formulas = try positional(arguments, place)
      return try calculus(syntax.span) { () throws(CalculusError) in
        try .call(name, formulas, orders: formulas.count == 1 ? [order] : nil)
      }
    }
    if order > 0 {
      let formula = try session.derivative(of: function, order: order, callee.span)
      return try call(formula, arguments, syntax.span, place)
    }
    switch function {
    case .builtIn(let builtIn): return try call(builtIn, arguments, syntax, place)
    case .user(let user):
      return try call(user, try match(arguments, to: user, syntax.span, place), syntax.span)
    case .formula(let formula):
      let isStored = if case .name = callee.kind { true } else { false }
      return try call(formula, arguments, syntax.span, place, madeHere: !isStored)
    case .unknown(let name):
      throw Diagnostic(.type, "\(name) is an unknown function", at: callee.span)
    }
  }

  /// The function that is called, without its primes, and how many they are.
  private func function(_ callee: ExpressionSyntax, _ span: SourceSpan, _ place: Place)
    throws(Diagnostic) -> (FunctionValue, order: Int)
  {
    switch callee.kind {
    case .prime(let inner):
      let (function, order) = try self.function(inner, span, place)
      return (function, order + 1)
    case .parenthesized(let inner): return try self.function(inner, span, place)
    case .name(let name):
      if let function = place.functions[name] { return (function, 0) }
      // A parameter that is no function is skipped.
      if case .function(let function)? = place.scope[name] ?? session.memory[name] {
        if case .formula(let formula) = function, formula.isSymbol { break }
        return (function, 0)
      }
      if let builtIn = session.vocabulary.builtIn(named: name) { return (.builtIn(builtIn), 0) }
      guard place.names[name] == nil, place.scope[name] == nil, session.memory[name] == nil else {
        break
      }
      var error = session.unknownName(name, callee.span, place.scope, isCall: true)
      if error.label == "unknown name" {
        error.help = "define it, or declare an unknown function with symbols \(name): function"
      }
      throw error
    case .partial, .nabla: return (.formula(try derivative(callee, place)), 0)
    case .call:
      if let formula = try session.evaluate(callee, scope(of: place, span)).formula {
        return (.formula(formula), 0)
      }
    default: break
    }
    throw Diagnostic(
      .type, "\(session.written(callee.span)) is no function", at: callee.span,
      help: "\(session.written(callee.span))*(…) multiplies")
  }

  /// Arguments of an unknown function: formulas, by position.
  private func positional(_ arguments: [ArgumentSyntax], _ place: Place) throws(Diagnostic)
    -> [Expression]
  {
    var formulas: [Expression] = []
    for argument in arguments {
      guard case .positional(let expression) = argument else {
        throw Diagnostic(
          .type, "an unknown function takes its arguments by position", at: argument.span)
      }
      formulas.append(try read(expression, place))
    }
    return formulas
  }

  // MARK: - One's own functions

  private func match(
    _ arguments: [ArgumentSyntax], to function: UserFunction, _ span: SourceSpan, _ place: Place
  ) throws(Diagnostic) -> [Argument] {
    let matched = try session.match(arguments, to: function, span)
    var result: [Argument] = []
    for (parameter, argument) in zip(function.syntax.parameters, matched) {
      switch argument {
      case .expression(let expression):
        if parameter.kind == .function {
          result.append(.function(try self.function(expression, span, place).0))
        } else {
          result.append(.formula(try read(expression, place), expression.span))
        }
      case .generator(let generator, let generatorSpan):
        result.append(.formula(try collect(generator, generatorSpan, place), generatorSpan))
      case nil:
        guard !arguments.isEmpty, arguments.allSatisfy(\.isKeyword), parameter.kind != .function
        else {
          throw session.missing(
            parameter.name, of: function.syntax.name, function.signature, span)
        }
        // f(y = 1) is a function of the rest.
        let symbol = Symbol(parameter.name, sizes.resolve(shape(of: parameter)))
        addBound(symbol)
        result.append(.formula(.symbol(symbol), span))
      }
    }
    return result
  }

  /// A formula of other arguments.
  private func call(
    _ formula: Formula, _ arguments: [ArgumentSyntax], _ span: SourceSpan, _ place: Place,
    madeHere: Bool = false
  ) throws(Diagnostic) -> Expression {
    let matched = try session.match(arguments, to: formula, span)
    var replacements: [Symbol: Expression] = [:]
    var isMapped = false
    let expression = try expression(of: formula, span, madeHere: madeHere)
    for (parameter, argument) in zip(formula.parameters, matched) {
      let value: Expression
      switch argument {
      case .expression(let syntax): value = try read(syntax, place)
      case .generator(let generator, let generatorSpan):
        value = try collect(generator, generatorSpan, place)
      case nil:
        guard !arguments.isEmpty, arguments.allSatisfy(\.isKeyword) else {
          throw session.missing(parameter.name, of: formula.name, formula.signature, span)
        }
        addBound(Symbol(parameter.name, sizes.resolve(parameter.shape)))
        continue
      }
      isMapped = isMapped || parameter.shape == .scalar && value.shape != .scalar
      replacements[Symbol(parameter.name, sizes.resolve(parameter.shape))] = value
    }
    let (map, mapped) = (replacements, isMapped)
    let result = try calculus(span) { () throws(CalculusError) in
      mapped ? try expression.mapped(map) : try expression.fitting(map)
    }
    for symbol in result.symbols { add(symbol) }
    return .named(formula.name, result)
  }

  // MARK: - Built-in functions

  private func call(
    _ builtIn: BuiltIn, _ arguments: [ArgumentSyntax], _ syntax: ExpressionSyntax, _ place: Place
  ) throws(Diagnostic) -> Expression {
    if builtIn.group == .calculus,
      let formula = try session.evaluate(syntax, scope(of: place, syntax.span)).formula
    {
      return .named(formula.name, try adopt(formula, syntax.span, madeHere: true))
    }
    guard let rule = builtIn.formulaRule else {
      if isConstant(syntax, place) { return try constant(syntax, place) }
      throw Diagnostic(
        .gradient, "\(builtIn.name) has no derivative, so it has no place in a formula",
        at: syntax.span,
        help: builtIn.group == .network
          ? "backward(net, X, Y) gives a network's gradients" : nil)
    }
    var call = FormulaCall(builtIn: builtIn)
    var next = 0
    for argument in arguments {
      switch argument {
      case .positional(let expression):
        let formula = try read(expression, place)
        if next < builtIn.positional.count {
          call.named[builtIn.parameters[next].name] = formula
          next += 1
        } else if builtIn.isVariadic {
          call.rest.append(formula)
        } else {
          throw session.tooMany(builtIn, expression.span)
        }
      case .keyword(let name, let nameSpan, let expression):
        guard let parameter = builtIn.parameter(named: name) else {
          throw session.unknownKeyword(name, nameSpan, builtIn)
        }
        call.named[parameter.name] = try read(expression, place)
      case .generator(let generator, let generatorSpan):
        call.named[builtIn.parameters[0].name] = try collect(generator, generatorSpan, place)
      case .path(let path, _): throw session.misplaced(path)
      }
    }
    for parameter in builtIn.parameters
    where parameter.isRequired && call.named[parameter.name] == nil {
      throw session.missing(parameter.name, of: builtIn.name, builtIn.signature, syntax.span)
    }
    return try calculus(syntax.span) { () throws(CalculusError) in try rule(call) }
  }

  /// Whether nothing in an expression is a symbol, a parameter or an index.
  private func isConstant(_ syntax: ExpressionSyntax, _ place: Place) -> Bool {
    if case .name(let name) = syntax.kind {
      return Constants.value(named: name) != nil
        || session.vocabulary.builtIn(named: name) != nil && place.names[name] == nil
          && session.memory[name] == nil
    }
    var isConstant = true
    syntax.kind.forEachChild { if !self.isConstant($0, place) { isConstant = false } }
    return isConstant
  }
}
