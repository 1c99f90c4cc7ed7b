import Calculus
import MatrixEngine
import Syntax

/// Calls of functions that cells define: arguments, mapping over vectors, the body.
extension Interpreter {
  func callUser(
    _ function: UserFunction, _ arguments: [ArgumentSyntax], _ whole: ExpressionSyntax,
    _ scope: Scope
  ) throws(Diagnostic) -> Value {
    let span = whole.span
    try checkInterrupt(span)
    let parameters = function.syntax.parameters
    let matched = try match(arguments, to: function, span)
    var given: [(value: Value, span: SourceSpan)] = []
    var isOfFormulas = scope.reading != nil
    for (parameter, argument) in zip(parameters, matched) {
      guard let argument else {
        if !arguments.isEmpty, arguments.allSatisfy(\.isKeyword) {
          return try partialCall(of: function, arguments, span, scope)
        }
        throw missing(parameter.name, of: function.syntax.name, function.signature, span)
      }
      let value = try evaluate(argument, scope)
      isOfFormulas =
        isOfFormulas || value.isFormula && !function.calledNames.contains(parameter.name)
      given.append((value, argument.span))
    }
    guard isOfFormulas else { return try apply(function, given, span) }
    let operands = given
    return try forming(span, scope) { (_, reading) throws(Diagnostic) in
      try apply(function, operands, span, reading)
    }
  }

  /// A user function of values. Scalar parameters map over vectors and matrices, all of one shape.
  package func apply(
    _ function: UserFunction, _ arguments: [(value: Value, span: SourceSpan)],
    _ span: SourceSpan
  ) throws(Diagnostic) -> Value {
    let sizes = try checkKinds(function, arguments)
    let parameters = function.syntax.parameters
    return try mapping(
      function.syntax.name, arguments, span, isNumber: { parameters[$0].kind == .scalar },
      call: { (values) throws(Diagnostic) in
        do throws(Diagnostic) {
          return try evaluateBody(function, values, sizes, span)
        } catch {
          throw mapped(error, function, arguments.map(\.value))
        }
      })
  }

  /// A mistake of shape in a function that was given an array where its parameter is a number: it may be meant whole.
  private func mapped(_ error: Diagnostic, _ function: UserFunction, _ arguments: [Value])
    -> Diagnostic
  {
    var error = error
    guard error.name == .shape || error.name == .type else { return error }
    for (parameter, value) in zip(function.syntax.parameters, arguments)
    where parameter.kind == .scalar {
      guard let rank = value.tensor?.rank, (1...2).contains(rank) else { continue }
      let (name, kind) = (parameter.name, rank == 1 ? "vector" : "matrix")
      error.help =
        "\(name) is a number here, each entry in turn; `\(function.syntax.name)(\(name): \(kind))` takes it whole"
      break
    }
    return error
  }

  /// Calls a function; where arrays are given for parameters that are numbers, entry by entry.
  ///
  /// Throws: a ShapeError for arrays of several shapes, and where results that are no numbers would have to lie in a matrix.
  func mapping(
    _ name: String, _ arguments: [(value: Value, span: SourceSpan)], _ span: SourceSpan,
    isNumber: (Int) -> Bool, call: ([Value]) throws(Diagnostic) -> Value
  ) throws(Diagnostic) -> Value {
    var single = arguments.map(\.value)
    var columns: [(place: Int, array: Tensor<Double>)] = []
    for (place, argument) in arguments.enumerated() where isNumber(place) {
      guard case .array(let array) = argument.value else { continue }
      if let first = columns.first?.array, first.shape != array.shape {
        throw Diagnostic(
          .shape,
          "\(name) maps over its arguments, but they are \(first.description) and \(array.description)",
          at: argument.span, help: "arguments that are mapped over need one shape")
      }
      columns.append((place, array))
    }
    guard let first = columns.first else { return try call(single) }
    var results: [Value] = []
    results.reserveCapacity(first.array.storage.count)
    for index in 0..<first.array.storage.count {
      try checkInterrupt(span)
      for (place, array) in columns { single[place] = .scalar(array.storage[index]) }
      results.append(try call(single))
    }
    let numbers = results.compactMap(\.number)
    if numbers.count == results.count { return Value.array(first.array).replacingEntries(numbers) }
    if results.allSatisfy(\.isNothing) { return .nothing }
    if first.array.rank == 1 { return try Value.stack(results, span) }
    throw Diagnostic(
      .shape, "\(name) maps over a matrix only when it gives numbers", at: span)
  }

  /// Throws: a ValueError for an array that has not the structure of its kind, such as a matrix that is not symmetric.
  func checkStructure(
    _ structure: Symbol.Structure?, _ array: Tensor<Double>, _ name: String, _ span: SourceSpan
  ) throws(Diagnostic) {
    guard let structure, !structure.isMet(by: array) else { return }
    throw Diagnostic(
      .value,
      structure == .oneHot
        ? "\(name) is one-hot, but its rows do not sum to 1"
        : "\(name) is \(structure.rawValue), but this matrix is not", at: span)
  }

  /// The sizes that the parameters' kinds name: m and n of `A: matrix(m, n)`.
  ///
  /// Throws: a TypeError for an argument of another kind, a ShapeError for sizes that disagree.
  func checkKinds(
    _ function: UserFunction, _ arguments: [(value: Value, span: SourceSpan)]
  ) throws(Diagnostic) -> [String: Int] {
    var sizes: [String: (size: Int, parameter: String)] = [:]
    for (parameter, argument) in zip(function.syntax.parameters, arguments) {
      let found: [Int]
      switch (parameter.kind, argument.value) {
      case (.function, .function): continue
      // Numbers map; what has no entries, such as a network or a function, is passed as it is.
      case (.scalar, let value) where !value.isNothing: continue
      case (.index, let value) where value.number.map({ $0 == $0.rounded() }) ?? false: continue
      case (let kind, .array(let array)) where array.rank == parameter.rank && array.rank > 0:
        try checkStructure(
          Symbol.Structure(rawValue: kind.rawValue), array, parameter.name, argument.span)
        found = array.sizes
      default:
        var help = function.signature
        if parameter.kind == .vector, let matrix = argument.value.matrix {
          let name = written(argument.span)
          if matrix.columns == 1 { help = "\(name)[:,1] is its column as a vector" }
          if matrix.rows == 1 { help = "\(name)[1,:] is its row as a vector" }
        } else if parameter.rank == 2, argument.value.vector != nil {
          help = "column(\(written(argument.span))) makes it a matrix of one column"
        }
        let given =
          parameter.kind == .index ? argument.value.number.map { "the number \(plain($0))" } : nil
        throw Diagnostic(
          .type,
          "\(parameter.name) of \(function.syntax.name) is \(parameter.kind.described), but the argument is \(given ?? argument.value.description)",
          at: argument.span, help: help)
      }
      for (axis, count) in found.enumerated() {
        switch parameter.size(along: axis) {
        case .number(let number) where number != count:
          throw Diagnostic(
            .shape,
            "\(SourcePrinter.text(of: parameter)) of \(function.syntax.name) meets \(argument.value.description)",
            at: argument.span, help: function.signature)
        case .name(let name):
          if let known = sizes[name], known.size != count {
            throw Diagnostic(
              .shape,
              "\(name) of \(function.syntax.name) is \(known.size) from \(known.parameter), but \(parameter.name) makes it \(count)",
              at: argument.span, label: argument.value.description, help: function.signature)
          }
          sizes[name] = (count, parameter.name)
        default: break
        }
      }
    }
    return sizes.mapValues(\.size)
  }

  private func evaluateBody(
    _ function: UserFunction, _ values: [Value], _ sizes: [String: Int], _ span: SourceSpan
  ) throws(Diagnostic) -> Value {
    var scope = Scope.global
    for (name, size) in sizes { scope.bind(name, .scalar(Double(size))) }
    for (parameter, value) in zip(function.syntax.parameters, values) {
      scope.bind(parameter.name, value)
    }
    return try evaluateBody(of: function, scope, span)
  }

  /// The value of a function's body in a scope that binds its parameters: to values, or to parts of a formula.
  func evaluateBody(of function: UserFunction, _ scope: Scope, _ span: SourceSpan)
    throws(Diagnostic) -> Value
  {
    let outer = mayMeetFormulas
    if outer { mayMeetFormulas = mentionsFormula(function) }
    defer { mayMeetFormulas = outer }
    return try inBody(of: function, at: span) { () throws(Diagnostic) in
      guard observer != nil, scope.reading == nil else {
        if function.syntax.body.lines.isEmpty {
          return try evaluate(function.syntax.body.result, scope)
        }
        return try evaluate(function.syntax.body, scope) { (_, _) throws(Diagnostic) in }
      }
      return try inFrame(function.signature) { (willRun) throws(Diagnostic) in
        try evaluate(function.syntax.body, scope, willRun)
      }
    }
  }

  /// Does something with a function's body while its text is the current one; a mistake in it is shown at
  /// the call, with the part of the body that it is about.
  func inBody<Result>(
    of function: UserFunction, at span: SourceSpan, _ work: () throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    guard callDepth < Limits.callDepth else { throw tooDeep(span) }
    let outer = (source: source, cell: cell)
    (source, cell) = (function.source, function.cell)
    callDepth += 1
    defer {
      (source, cell) = outer
      callDepth -= 1
    }
    do {
      return try work()
    } catch {
      guard function.cell != outer.cell, let part = error.span, error.name != .interrupt else {
        throw error
      }
      var moved = error
      moved.span = span
      if moved.help == nil, !error.label.isEmpty { moved.help = error.label }
      let text = "\(function.signature) = \(function.bodyLine)"
      moved.label = "in \(text.count <= 80 ? text : "\(text.prefix(78))…")"
      if error.name != .limit { moved.label += ", at \(function.source.oneLine(part))" }
      throw moved
    }
  }

  /// Calls inside one another that go on and on, or that this thread's stack has no room for.
  func tooDeep(_ span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .limit, "too many calls stand inside one another", at: span,
      help: "a function that calls itself needs a case that does not")
  }
}
