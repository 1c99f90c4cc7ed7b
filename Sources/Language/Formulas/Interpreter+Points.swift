import Calculus
import MatrixEngine
import Syntax

/// Derivatives of functions whose values decide what is computed (a `while`, a call of itself): at points, in
/// forward mode. Every line is worked out at once, so that a thousand turns make no long formula.
extension Interpreter {
  /// More numbers than these are not kept for one derivative.
  private static let keptNumbers = 1 << 24

  /// What stands in the way of a formula for all points; whoever asked may still ask for one point.
  func needsPoint(_ reason: String, at span: SourceSpan, _ reading: FormulaReading) -> Diagnostic {
    needsPoint = reading.point == nil
    if let layer = reading.layer {
      return Diagnostic(
        .value, reason, at: span,
        help:
          "the lines of \(layer.name) are written out before it runs: lengths and conditions come from sizes and from what its head takes"
      )
    }
    return Diagnostic(
      .gradient, "\(reason), so there is no one formula", at: span,
      help: "its derivatives have values at points: (∂f/∂x)(2)")
  }

  /// The value of a part at the point of its reading, with its derivative.
  func dual(_ part: Expression, _ reading: FormulaReading) throws(CalculusError) -> Dual {
    var values = reading.point?.values ?? [:]
    for symbol in part.symbols where values[symbol.name] == nil {
      values[symbol.name] = memory[symbol.name]?.tensor
    }
    let evaluator = try Evaluator(
      part.symbols, values: values, tangents: reading.point?.tangents ?? [:])
    let result = try evaluator.evaluate(part)
    if let violation = evaluator.outsideDomain { throw .outsideDomain(violation) }
    return result
  }

  /// At a point: the part's value, which stands for it from then on. Elsewhere the part itself.
  func settled(_ part: Expression, _ span: SourceSpan, _ reading: FormulaReading)
    throws(Diagnostic) -> Expression
  {
    guard let point = reading.point, part.number == nil, part.freeIndices.isEmpty else {
      return part
    }
    guard point.size < Self.keptNumbers else {
      throw Diagnostic(
        .limit, "this derivative takes more steps than this kernel can keep", at: span,
        label: "the limit is \(Self.keptNumbers) numbers")
    }
    do {
      let dual = try dual(part, reading)
      if dual.tangent == nil, dual.value.rank == 0 { return .number(Number(dual.value.storage[0])) }
      return point.keep(dual.value, tangent: dual.tangent)
    } catch {
      throw Diagnostic(error, at: span)
    }
  }

  /// A condition that the point decides as a value; anything else as it is.
  func decided(_ value: Value, _ scope: Scope) -> Value {
    guard let reading = scope.reading, reading.point != nil || reading.layer != nil,
      case .expression(let part) = value,
      let number = self.value(of: part, reading)
    else { return value }
    return .scalar(number)
  }

  /// A function of numbers over arrays, entry by entry.
  func mappedAtPoint(
    _ function: UserFunction, _ arguments: [(value: Value, span: SourceSpan)],
    _ span: SourceSpan, _ reading: FormulaReading
  ) throws(Diagnostic) -> Expression {
    let operands = try arguments.map2 { (argument) throws(Diagnostic) in
      try operand(argument.value, argument.span, reading)
    }
    let places = function.syntax.parameters.indices.filter {
      function.syntax.parameters[$0].kind == .scalar && operands[$0].shape != .scalar
    }
    let size = operands[places[0]].shape.dimensions.first.map { reading.sizes.resolve($0) }
    guard case .number(let count)? = size,
      places.allSatisfy({ operands[$0].shape == operands[places[0]].shape })
    else {
      throw Diagnostic(
        .shape, "\(function.syntax.name) maps over arguments of one shape", at: span)
    }
    var results: [Expression] = []
    for position in stride(from: 1, through: count, by: 1) {
      try checkInterrupt(span)
      var single = arguments
      for place in places {
        let entry = try calculus([operands[place]], span, reading) { parts throws(CalculusError) in
          try Expression.entry(
            parts[0],
            [.value(.number(Number(position)))]
              + parts[0].shape.dimensions.dropFirst().map { _ in .all })
        }
        single[place].value = .expression(entry)
      }
      results.append(try apply(function, single, span, reading))
    }
    return try settled(
      try calculus(results, span, reading) { parts throws(CalculusError) in try .list(parts) },
      span, reading)
  }

  // MARK: - What is asked for

  /// `∂f/∂x`, `∇f`: a formula, a list of them, or a function that has values only.
  func slope(_ syntax: ExpressionSyntax, _ scope: Scope) throws(Diagnostic) -> Value {
    needsPoint = false
    do {
      guard case .nabla(let operand) = syntax.kind else {
        return .function(.formula(try derivative(syntax, scope)))
      }
      return try gradients(of: subject(operand, by: [], scope), by: [], syntax.span)
    } catch {
      guard needsPoint else { throw error }
      needsPoint = false
      switch syntax.kind {
      case .partial(let partial):
        guard partial.order == 1, let variable = partial.variables.first, variable.indices.isEmpty,
          let user = user(partial.numerator, scope),
          let place = user.syntax.parameters.firstIndex(where: { $0.name == variable.name })
        else { throw error }
        return .function(.builtIn(slope(of: user, by: [place], named: oneLine(syntax.span))))
      case .nabla(let operand):
        guard let user = user(operand, scope) else { throw error }
        return .function(
          .builtIn(
            slope(of: user, by: differentiable(user), named: oneLine(syntax.span), isGradient: true)
          ))
      default: throw error
      }
    }
  }

  /// `f'`, `f''`.
  func slope(of function: FunctionValue, order: Int, _ span: SourceSpan) throws(Diagnostic)
    -> FunctionValue
  {
    needsPoint = false
    do {
      return .formula(try derivative(of: function, order: order, span))
    } catch {
      guard needsPoint, order == 1, case .user(let user) = function,
        user.syntax.parameters.count == 1
      else { throw error }
      needsPoint = false
      return .builtIn(slope(of: user, by: [0], named: "\(user.syntax.name)'"))
    }
  }

  /// The function if it has derivatives at points only; nil where it has a formula.
  package func withoutFormula(_ function: FunctionValue, _ span: SourceSpan) throws(Diagnostic)
    -> UserFunction?
  {
    needsPoint = false
    do {
      _ = try subject(function, span)
      return nil
    } catch {
      guard needsPoint, case .user(let user) = function else { throw error }
      needsPoint = false
      return user
    }
  }

  /// Derivatives at a point beside central differences, of a function that has no formula; its kinks are not seen.
  ///
  /// Throws: a ShapeError where a parameter that is a number is given several.
  package func derivativeCheck(
    of function: UserFunction, at point: [String: Tensor<Double>], _ span: SourceSpan
  ) throws(Diagnostic) -> DerivativeCheck {
    let parameters = function.syntax.parameters
    for parameter in parameters where parameter.kind == .scalar {
      guard point[parameter.name]?.sizes.isEmpty ?? false else {
        throw Diagnostic(
          .shape, "\(parameter.name) of \(function.syntax.name) is a number, but several are given",
          at: span,
          help: "gradcheck goes one point at a time here")
      }
    }
    func arguments(_ point: [String: Tensor<Double>]) -> [(value: Value, span: SourceSpan)] {
      parameters.map { (point[$0.name].map { Value($0) } ?? .nothing, span) }
    }
    var entries: [DerivativeCheck.Entry] = []
    for place in differentiable(function) {
      let name = parameters[place].name
      guard let variable = point[name] else { continue }
      let analytic = try slope(of: function, by: place, at: arguments(point), span).storage
      let symbol = Symbol(name, ExpressionShape(variable.sizes.map { .number($0) }))
      for entry in variable.storage.indices {
        let (step, points) = symbol.sides(of: entry, at: point)
        let sides = try points.map2 { (side) throws(Diagnostic) in
          try apply(function, arguments(side), span).tensor ?? .scalar(.nan)
        }
        guard sides[0].shape == sides[1].shape,
          analytic.count == sides[0].storage.count * variable.storage.count
        else {
          throw Diagnostic(
            .gradient, "\(function.syntax.name) gives another number of values nearby", at: span,
            help: "take a point at some distance from where it changes")
        }
        for output in sides[0].storage.indices {
          let numeric = (sides[0].storage[output] - sides[1].storage[output]) / (2 * step)
          var found = DerivativeCheck.Entry(
            output: Expression.position(output, in: sides[0].sizes), variable: name,
            entry: Expression.position(entry, in: variable.sizes),
            analytic: analytic[output * variable.storage.count + entry], numeric: numeric,
            isAtKink: false)
          if !found.holds {
            found.agreesSteadied = try SteadiedDifference.agrees(
              with: found.analytic, tolerance: DerivativeCheck.tolerance
            ) { widening throws(Diagnostic) in
              let (step, points) = symbol.sides(of: entry, at: point, widening)
              let sides = try points.map2 { (side) throws(Diagnostic) in
                try apply(function, arguments(side), span).tensor ?? .scalar(.nan)
              }
              guard sides.allSatisfy({ $0.storage.indices.contains(output) }) else { return .nan }
              return (sides[0].storage[output] - sides[1].storage[output]) / (2 * step)
            }
          }
          entries.append(found)
        }
      }
    }
    return DerivativeCheck(entries)
  }

  private func user(_ syntax: ExpressionSyntax, _ scope: Scope) -> UserFunction? {
    guard case .name(let name) = syntax.kind,
      case .function(.user(let user))? = scope[name] ?? memory[name]
    else { return nil }
    return user
  }

  private func differentiable(_ function: UserFunction) -> [Int] {
    function.syntax.parameters.indices.filter { function.syntax.parameters[$0].kind != .index }
  }

  /// The derivative of a function by its parameters at these places, as a function of its parameters.
  private func slope(
    of function: UserFunction, by places: [Int], named name: String, isGradient: Bool = false
  ) -> BuiltIn {
    let parameters = function.syntax.parameters
    return BuiltIn(
      name, .reduction, parameters.map { .init($0.name, .any) },
      summary: "the derivative of \(function.syntax.name), which has values at points only",
      example: "(\(name))(\(parameters.map { _ in "2" }.joined(separator: ", ")))"
    ) { (interpreter, call) throws(Diagnostic) in
      let arguments = call.all.map { (value: $0.value, span: $0.span) }
      let isOfSeveral = isGradient && places.count > 1
      let mapped = isOfSeveral ? [] : parameters.indices.filter { parameters[$0].kind == .scalar }
      return try interpreter.mapping(
        name, arguments, call.span, isNumber: { mapped.contains($0) },
        call: { (single) throws(Diagnostic) in
          let given = zip(single, arguments).map { (value: $0, span: $1.span) }
          let slopes = try places.map2 { (place) throws(Diagnostic) in
            try interpreter.slope(of: function, by: place, at: given, call.span)
          }
          guard isOfSeveral else { return Value(slopes[0]) }
          return .vector(slopes.flatMap(\.storage))
        })
    }
  }

  /// One pass for each entry of the variable.
  ///
  /// Shape: as of a derivative's formula; by a vector a row, for one number.
  private func slope(
    of function: UserFunction, by place: Int, at arguments: [(value: Value, span: SourceSpan)],
    _ span: SourceSpan
  ) throws(Diagnostic) -> Tensor<Double> {
    let sizes = try checkKinds(function, arguments)
    guard let variable = arguments[place].value.tensor else {
      throw Diagnostic(
        .type, "a derivative is by numbers, not by \(arguments[place].value.description)",
        at: arguments[place].span)
    }
    var columns: [Double] = []
    var own: [Int] = []
    for entry in variable.storage.indices {
      try checkInterrupt(span)
      let point = PointValues()
      let reading = FormulaReading(
        unknownNames: .mistakes, variables: [], parameters: [], callDepth: callDepth, in: nil,
        at: point)
      var parts: [(String, Value)] = []
      for (index, (parameter, argument)) in zip(function.syntax.parameters, arguments).enumerated()
      {
        guard let tensor = argument.value.tensor else {
          parts.append((parameter.name, argument.value))
          continue
        }
        var direction: Tensor<Double>?
        if index == place {
          var numbers = tensor.storage.map { _ in 0.0 }
          numbers[entry] = 1
          direction = Tensor(tensor.shape, numbers)
        }
        let isIndex = parameter.kind == .index
        parts.append(
          (
            parameter.name,
            .expression(
              isIndex
                ? .number(Number(tensor.storage[0])) : point.keep(tensor, tangent: direction))
          ))
      }
      formulaDepth += 1
      defer { formulaDepth -= 1 }
      let result = try body(
        of: function, sizes.map { ($0.key, .number($0.value)) }, parts, span, reading)
      do {
        let dual = try dual(result, reading)
        own = dual.value.sizes
        columns += dual.tangent?.storage ?? dual.value.storage.map { _ in 0 }
      } catch {
        throw Diagnostic(error, at: span)
      }
    }
    let table = try placed(span) { () throws(CalculusError) in
      try Expression.table(columns, own, variable.sizes)
    }
    return own.isEmpty && variable.rank == 1 ? .row(table.storage) : table
  }
}
