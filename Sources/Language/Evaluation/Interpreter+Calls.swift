import Calculus
import Syntax

extension Interpreter {
  /// `f(…)`: a built-in, a user function, or a derivative. A variable that is no function is skipped.
  /// With formulas among its arguments the call is a formula.
  package func call(
    _ callee: ExpressionSyntax, _ arguments: [ArgumentSyntax], _ whole: ExpressionSyntax,
    _ scope: Scope
  ) throws(Diagnostic) -> Value {
    if let list = functions(named: callee, scope) {
      return try call(list, arguments, whole.span, scope)
    }
    let function: FunctionValue
    var order = 0
    if case .nabla = callee.unparenthesized.kind {
      switch try evaluate(callee, scope) {
      case .function(let gradient): function = gradient
      case .list(let list): return try call(list, arguments, whole.span, scope)
      case let value: throw notCallable(value, written(callee.span), callee.span, arguments)
      }
    } else {
      (function, order) = try self.function(callee, arguments, scope)
    }
    switch function {
    case .builtIn(let builtIn): return try call(builtIn, arguments, whole, scope)
    case .user(let user): return try callUser(user, arguments, whole, scope)
    case .formula(let formula):
      let isStored = if case .name = callee.kind { scope.reading != nil } else { false }
      return try call(formula, arguments, whole.span, scope, madeHere: !isStored)
    case .unknown(let name):
      return try forming(whole.span, scope) { (scope, reading) throws(Diagnostic) in
        let formulas = try arguments.map2 { (argument) throws(Diagnostic) in
          guard case .positional(let expression) = argument else {
            throw Diagnostic(
              .type, "an unknown function takes its arguments by position", at: argument.span)
          }
          return try operand(evaluate(expression, scope), expression.span, reading)
        }
        return try calculus(formulas, whole.span, reading) { formulas throws(CalculusError) in
          try .call(name, formulas, orders: formulas.count == 1 ? [order] : nil)
        }
      }
    }
  }

  /// The formulas that a name holds as a list, such as the gradient by variables of several kinds.
  private func functions(named callee: ExpressionSyntax, _ scope: Scope) -> ListValue? {
    guard case .name(let name) = callee.kind, case .list(let list)? = scope[name] ?? memory[name],
      list.elements.allSatisfy({ $0.formula != nil })
    else { return nil }
    return list
  }

  /// Every formula of a list called with the same arguments: a list of the results.
  private func call(
    _ list: ListValue, _ arguments: [ArgumentSyntax], _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    .list(
      ListValue(
        try list.elements.compactMap(\.formula).map2 { (formula) throws(Diagnostic) in
          try call(formula, arguments, span, scope)
        }))
  }

  private func call(
    _ builtIn: BuiltIn, _ arguments: [ArgumentSyntax], _ whole: ExpressionSyntax, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    let span = whole.span
    if let reading = scope.reading, builtIn.formulaRule == nil, builtIn.group != .calculus {
      guard isConstant(whole, scope) else {
        throw Diagnostic(
          .gradient, "\(builtIn.name) has no derivative, so it has no place in a formula", at: span,
          help: builtIn.group == .network
            ? "backward(net, X, Y) gives a network's gradients" : nil)
      }
      return .expression(try constant(whole, scope, reading))
    }
    let call = try match(arguments, to: builtIn, span, scope)
    try checkInterrupt(span)
    if let rule = builtIn.formulaRule, scope.reading != nil || call.hasFormula {
      return try forming(span, scope) { (_, reading) throws(Diagnostic) in
        let arguments = call.arguments.compactMap { $0 } + call.rest
        let operands = try arguments.map2 { (argument) throws(Diagnostic) in
          try operand(argument.value, argument.span, reading)
        }
        return try calculus(operands, span, reading) { operands throws(CalculusError) in
          try rule(FormulaCall(call, operands))
        }
      }
    }
    if let effect = builtIn.effect, formulaDepth > 0 {
      throw Diagnostic(
        .gradient,
        "\(builtIn.name) \(effect.rawValue) at every call, so it has no place in a formula",
        at: span, help: "call it first: r = \(oneLine(span)), then use r")
    }
    for case let argument? in call.arguments {
      try askMemory(for: argument.value, copies: 3, span)
    }
    for argument in call.rest { try askMemory(for: argument.value, copies: 3, span) }
    return try builtIn.evaluate(self, call)
  }

  /// Whether nothing in an expression is a variable, a symbol, a parameter or an index.
  private func isConstant(_ syntax: ExpressionSyntax, _ scope: Scope) -> Bool {
    syntax.firstName { name in
      Constants.value(named: name) == nil
        && (vocabulary.builtIn(named: name) == nil || scope[name] != nil || memory[name] != nil)
    } == nil
  }

  /// The function that is called; of an unknown one, also how many primes stand behind its name.
  private func function(
    _ callee: ExpressionSyntax, _ arguments: [ArgumentSyntax], _ scope: Scope
  ) throws(Diagnostic) -> (FunctionValue, order: Int) {
    var (base, order) = (callee, 0)
    while case .prime(let inner) = base.kind { (base, order) = (inner, order + 1) }
    if case .name(let name) = base.kind,
      order == 0 || function(meantBy: name, scope)?.hasSlope == true
    {
      let function = try self.function(named: name, callee.span, arguments, scope)
      if case .unknown = function { return (function, order) }
      guard order > 0 else { return (function, 0) }
      return (try slope(of: function, order: order, callee.span), 0)
    }
    let value = try evaluate(callee, scope)
    if case .function(let function) = value { return (function, 0) }
    throw notCallable(value, written(callee.span), callee.span, arguments)
  }

  private func function(
    named name: String, _ span: SourceSpan, _ arguments: [ArgumentSyntax], _ scope: Scope
  ) throws(Diagnostic) -> FunctionValue {
    if case .function(let function)? = scope[name], !function.isSymbol { return function }
    if case .function(let function)? = memory[name], !function.isSymbol { return function }
    if let builtIn = vocabulary.builtIn(named: name) { return .builtIn(builtIn) }
    if let value = scope[name] ?? memory[name] {
      throw notCallable(value, name, span, arguments)
    }
    if let constant = Constants.value(named: name) {
      throw notCallable(.scalar(constant), name, span, arguments)
    }
    var error = unknownName(name, span, scope, isCall: true)
    if scope.reading != nil, error.label == "unknown name" {
      error.help = "define it, or declare an unknown function with symbols \(name): function"
    }
    throw error
  }

  private func notCallable(
    _ value: Value, _ name: String, _ span: SourceSpan, _ arguments: [ArgumentSyntax]
  ) -> Diagnostic {
    if value.layer != nil, layersInside.contains(name) {
      return Diagnostic(
        .value, "the layer \(name) uses itself", at: span,
        help: "its lines have what comes in, parameters, quantities and functions")
    }
    var help: String?
    let inside = arguments.first.map { argument in
      if case .positional(let expression) = argument { written(expression.span) } else { "…" }
    }
    if value.layer != nil {
      help = "a layer stands in the block of a network; what lines share is a function"
    } else if case .expression = value {
      help = "\(name)*(\(inside ?? "…")) multiplies"
    } else if value.formula?.isSymbol == true {
      help =
        "\(name)*(\(inside ?? "…")) multiplies; symbols \(name): function makes it an unknown function"
    } else if value.entries != nil {
      help =
        value.number != nil
        ? "\(name)*(\(inside ?? "…")) multiplies"
        : "\(name)[\(inside ?? "…")] takes an entry, \(name) @ (…) multiplies"
    }
    return Diagnostic(
      .type, "\(name) is \(value.description), not a function", at: span, help: help)
  }

  // MARK: - Built-in functions

  /// Matches arguments to parameters: by position, by keyword, by a keyword's other spelling.
  package func match(
    _ arguments: [ArgumentSyntax], to builtIn: BuiltIn, _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Call {
    let parameters = builtIn.parameters
    var call = Call(builtIn, span, scope)
    var next = 0
    for argument in arguments {
      switch argument {
      case .positional(let expression) where builtIn.furtherNames == .columns:
        call.named.append(
          (
            oneLine(expression.span),
            try self.argument(expression, for: parameters[0], of: builtIn, scope)
          ))
      case .positional(let expression):
        if next < builtIn.positional.count {
          call.arguments[next] = try self.argument(
            expression, for: parameters[next], of: builtIn, scope)
          next += 1
        } else if builtIn.isVariadic, let last = builtIn.positional.last {
          call.rest.append(try self.argument(expression, for: last, of: builtIn, scope))
        } else {
          throw tooMany(builtIn, expression.span)
        }
      case .keyword(let name, let nameSpan, let expression):
        guard builtIn.furtherNames != .controls,
          let index = parameters.firstIndex(where: {
            $0.name == name || $0.aliases.contains(name)
          })
        else {
          let parameter: BuiltIn.Parameter
          switch builtIn.furtherNames {
          case .none, .paths: throw unknownKeyword(name, nameSpan, builtIn)
          case .columns: parameter = parameters[0]
          case .controls: parameter = .init(name, .expression)
          case .keywords(let kind): parameter = .init(name, kind)
          }
          guard !call.named.contains(where: { $0.name == name }) || parameter.kind == .any else {
            throw Diagnostic(.syntax, "\(name) is given twice", at: nameSpan)
          }
          call.named.append(
            (name, try self.argument(expression, for: parameter, of: builtIn, scope)))
          continue
        }
        if call.arguments[index] != nil, case .keywords(let kind) = builtIn.furtherNames {
          // x by position, then x = sin(t): an intermediate that has the parameter's name.
          call.named.append(
            (name, try self.argument(expression, for: .init(name, kind), of: builtIn, scope)))
          continue
        }
        guard call.arguments[index] == nil else {
          throw Diagnostic(
            .syntax, "\(parameters[index].name) is given twice", at: nameSpan,
            help: builtIn.signature)
        }
        call.arguments[index] = try self.argument(
          expression, for: parameters[index], of: builtIn, scope)
        if index == next, parameters[index].isRequired { next += 1 }
      case .generator(let generator, let generatorSpan):
        try take(generator, generatorSpan, into: &call)
        next = max(next, 1)
      case .path(let path, let value):
        let kind: BuiltIn.Parameter.Kind
        switch builtIn.furtherNames {
        case .paths: kind = .numbers
        case .controls: kind = .expression
        case .none, .columns, .keywords: throw misplaced(path)
        }
        call.paths.append(
          (path, try self.argument(value, for: .init("value", kind), of: builtIn, scope)))
      }
    }
    for (index, parameter) in parameters.enumerated()
    where parameter.isRequired && call.arguments[index] == nil {
      throw missing(parameter.name, of: builtIn.name, builtIn.signature, span)
    }
    return call
  }

  /// What a generator gives is the first argument; of a function that builds one thing of many parts, its arguments.
  private func take(
    _ generator: ExpressionSyntax.Generator, _ span: SourceSpan, into call: inout Call
  ) throws(Diagnostic) {
    let builtIn = call.builtIn
    let value = try collect(
      generator, span, call.scope, for: builtIn, stacks: !builtIn.takesParts)
    func argument(_ value: Value) -> Call.Argument { .init(value: value, syntax: nil, span: span) }
    if builtIn.furtherNames == .columns {
      call.named.append((oneLine(span), argument(value)))
    } else if builtIn.takesParts {
      let parts = (LoopTurns(value)?.elements ?? [value]).map(argument)
      call.arguments[0] = parts.first ?? (builtIn.parameters[0].isRequired ? argument(value) : nil)
      call.rest += parts.dropFirst()
    } else {
      try check(value, span, for: builtIn.parameters[0], of: builtIn)
      call.arguments[0] = argument(value)
      // A sum of vectors, as on the blackboard, is a vector: term by term.
      if builtIn.neutral != nil, value.indexCount > 1,
        let axis = builtIn.parameters.firstIndex(where: { $0.name == "axis" }),
        call.arguments[axis] == nil
      {
        call.arguments[axis] = argument(.scalar(1))
      }
    }
  }

  private func argument(
    _ expression: ExpressionSyntax, for parameter: BuiltIn.Parameter, of builtIn: BuiltIn,
    _ scope: Scope
  ) throws(Diagnostic) -> Call.Argument {
    switch parameter.kind {
    case .expression:
      return Call.Argument(value: .nothing, syntax: expression, span: expression.span)
    case .words(let words):
      var chosen: [Value] = []
      for part in expression.parts {
        let argument = try self.argument(
          part, for: .init(parameter.name, .word(words)), of: builtIn, scope)
        chosen.append(argument.value)
      }
      return Call.Argument(
        value: .list(ListValue(chosen)), syntax: expression, span: expression.span)
    case .word(let words), .wordWithNumbers(let words):
      let word: String
      var numbers: [(name: String?, value: Double, span: SourceSpan)] = []
      switch (expression.kind, parameter.kind) {
      case (.name(let name), _): word = name
      case (.string(let text), _): word = text
      case (.call(let callee, let arguments), .wordWithNumbers):
        guard case .name(let name) = callee.kind else { fallthrough }
        word = name
        numbers = try self.numbers(arguments, behind: name, scope)
      default:
        throw Diagnostic(
          .type, "\(parameter.name) is a word", at: expression.span,
          help: "one of \(words.joined(separator: ", "))")
      }
      // A variable that holds one of the words stands for it: `optimizer = o`, where o is moved by `explore`.
      if !words.contains(word), let text = (scope[word] ?? memory[word])?.text, words.contains(text)
      {
        return Call.Argument(value: .string(text), syntax: expression, span: expression.span)
      }
      guard words.contains(word) else {
        throw Diagnostic(
          .name, "\(word) is no \(parameter.name) of \(builtIn.name)", at: expression.span,
          label: Spelling.question(word, in: words),
          help: "one of \(words.joined(separator: ", "))")
      }
      var argument = Call.Argument(
        value: .string(word), syntax: expression, span: expression.span)
      argument.numbers = numbers
      return argument
    default:
      if case .wholeOrWord(_, let word) = parameter.kind, expression.isWord(word) {
        return Call.Argument(value: .string(word), syntax: expression, span: expression.span)
      }
      let value = try evaluate(expression, scope)
      try check(value, expression.span, for: parameter, of: builtIn)
      return Call.Argument(value: value, syntax: expression, span: expression.span)
    }
  }

  /// The numbers in the parentheses behind a word.
  private func numbers(_ arguments: [ArgumentSyntax], behind word: String, _ scope: Scope)
    throws(Diagnostic) -> [(name: String?, value: Double, span: SourceSpan)]
  {
    try arguments.map2 { (argument) throws(Diagnostic) in
      switch argument {
      case .positional(let value): (nil, try number(value, scope), value.span)
      case .keyword(let name, _, let value): (name, try number(value, scope), value.span)
      case .path, .generator:
        throw Diagnostic(.type, "\(word) takes numbers", at: argument.span)
      }
    }
  }

  private func check(
    _ value: Value, _ span: SourceSpan, for parameter: BuiltIn.Parameter, of builtIn: BuiltIn
  ) throws(Diagnostic) {
    // A function of formulas gives a formula of them; whether they fit shows when it is read.
    if builtIn.formulaRule != nil, value.isFormula { return }
    let needed: String
    switch parameter.kind {
    case .word(let words), .wordWithNumbers(let words), .words(let words):
      if let text = value.text, words.contains(text) { return }
      needed = "a word: \(words.joined(separator: ", "))"
    case .any, .examples, .targets, .expression:
      guard case .nothing = value else { return }
      needed = "a value"
    case .scalar:
      if value.number != nil { return }
      needed = "a number"
    case .whole(let least), .wholeOrWord(let least, _):
      if let number = value.number {
        if let whole = Int(exactly: number), whole >= least { return }
        throw Diagnostic(
          .value,
          "\(parameter.name) of \(builtIn.name) is a whole number of at least \(least), not \(plain(number))",
          at: span)
      }
      needed = "a whole number"
    case .numbers:
      if value.entries != nil { return }
      needed = "numbers"
    case .rates:
      if value.number != nil || value.vector != nil || value.isFunction { return }
      needed = "a number, one number a layer or a function"
    case .vector:
      if value.vector != nil { return }
      needed = "a vector"
    case .matrix:
      if value.matrix != nil { return }
      needed = "a matrix"
    case .text:
      if case .string = value { return }
      needed = "a text in double quotes"
    case .boolean:
      if value.number != nil { return }
      needed = "true or false"
    case .network:
      if case .network = value { return }
      needed = "a network"
    case .networkOrFunction:
      switch value {
      case .network, .function: return
      default: needed = "a network or a function"
      }
    }
    throw Diagnostic(
      .type, "\(parameter.name) of \(builtIn.name) must be \(needed), not \(value.description)",
      at: span, help: builtIn.signature)
  }
}

extension ExpressionSyntax {
  /// What stands in brackets, or the expression itself.
  fileprivate var parts: [ExpressionSyntax] {
    if case .brackets(let rows) = kind { rows.flatMap { $0 } } else { [self] }
  }
}
