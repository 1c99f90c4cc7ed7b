import Calculus
import Display
import MatrixEngine
import Networks
import Notation
import Syntax

extension Interpreter {
  /// The value of an expression; where a formula is evaluated, a part of that.
  ///
  /// Throws: a diagnostic with the span of the part that is wrong.
  package func evaluate(_ expression: ExpressionSyntax, _ scope: Scope) throws(Diagnostic) -> Value
  {
    guard stack.hasRoom else { throw tooDeep(expression.span) }
    switch expression.kind {
    case .number(let value, _):
      return scope.reading == nil ? .scalar(value) : .expression(.number(value))
    case .boolean(let flag):
      return scope.reading == nil ? .boolean(flag) : .expression(.number(flag ? 1 : 0))
    case .name(let name): return try lookUp(name, expression.span, scope)
    case .parenthesized(let inner): return try evaluate(inner, scope)
    default: return try evaluateJoined(expression, scope)
    }
  }

  /// The value of what is made of other expressions.
  private func evaluateJoined(_ expression: ExpressionSyntax, _ scope: Scope) throws(Diagnostic)
    -> Value
  {
    if scope.reading != nil {
      try checkInterrupt(expression.span)
    } else if mayMeetFormulas, joinsFormula(expression, scope) {
      return try symbolic(expression, scope)
    }
    switch expression.kind {
    case .number, .boolean, .name, .parenthesized: return try evaluate(expression, scope)
    case .string(let text):
      guard scope.reading == nil else { throw noPart(expression) }
      return .string(text)
    case .chain(let first, let links): return try chain(first, links, scope)
    case .call(let callee, let arguments):
      return try call(callee, arguments, expression, scope)
    case .index(let base, let indices): return try index(base, indices, expression, scope)
    case .member(let base, let name, let nameSpan):
      if let reading = scope.reading {
        return .expression(try constant(expression, scope, reading))
      }
      return try member(of: evaluate(base, scope), name, nameSpan, base)
    case .several(let values):
      guard scope.reading == nil else { throw noPart(expression) }
      return .list(
        ListValue(try values.map2 { (value) throws(Diagnostic) in try evaluate(value, scope) }))
    case .brackets(let rows): return try brackets(rows, expression, scope)
    case .power(let base, let exponent): return try binary(.power, base, exponent, scope)
    case .negative(let operand): return try negative(operand, expression, scope)
    case .juxtaposition(let factor, let operand):
      return try binary(.multiply, factor, operand, scope)
    case .comparison(let first, let links): return try comparison(first, links, scope)
    case .not(let operand):
      let value = try evaluate(operand, scope)
      guard value.isFormula else { return try negation(of: value, operand.span) }
      return try negation(of: value, operand.span, expression.span, scope)
    case .and(let operands): return try junction(operands, isOr: false, expression, scope)
    case .or(let operands): return try junction(operands, isOr: true, expression, scope)
    case .range(let from, let step, let to):
      if let reading = scope.reading {
        return .expression(try constant(expression, scope, reading))
      }
      return .vector(try vector(range(from, step, to, scope), expression.span))
    case .conditional(let condition, let then, let otherwise):
      let value = decided(try evaluate(condition, scope), scope)
      guard value.isFormula else {
        if try self.condition(value, condition.span) { return try evaluate(then, scope) }
        guard let otherwise else { return .nothing }
        return try evaluate(otherwise, scope)
      }
      return try choice(value, condition.span, then, otherwise, expression.span, scope)
    case .prime(let operand): return try prime(operand, expression.span, scope)
    case .transpose(let operand):
      return try transposed(evaluate(operand, scope), operand.span, expression.span, scope)
    case .comprehension(let generator): return try collect(generator, expression.span, scope)
    case .partial, .nabla: return try slope(expression, scope)
    case .explain(let subject, let options):
      guard scope.reading == nil else { throw noPart(expression) }
      guard let explain = vocabulary.explain else { return .nothing }
      return try explain(self, subject, options, scope)
    case .audit(let audit):
      guard scope.reading == nil else { throw noPart(expression) }
      guard let judge = vocabulary.audit else { return .nothing }
      return try judge(self, audit, expression.span, scope)
    }
  }

  private func noPart(_ expression: ExpressionSyntax) -> Diagnostic {
    Diagnostic(
      .type, "\(written(expression.span)) has no place in a formula", at: expression.span)
  }

  /// A name's value: local, then the session's, then a constant, then a function.
  private func lookUp(_ name: String, _ span: SourceSpan, _ scope: Scope) throws(Diagnostic)
    -> Value
  {
    if let reading = scope.reading {
      let name = reading.layer == nil ? name : nameOfLines(name, scope)
      if let layer = reading.layer, layer.isFamily(name), scope[name] == nil {
        throw Diagnostic(
          .name, "\(name) is a family: its members have values, \(name) as a whole has none",
          at: span, help: "\(name)[t]")
      }
      return .expression(try read(name: name, span, scope, reading))
    }
    if let value = scope[name] ?? memory[name] { return value }
    if let value = Constants.value(named: name) { return .scalar(value) }
    if let builtIn = vocabulary.builtIn(named: name) { return .function(.builtIn(builtIn)) }
    if let size = try declaredSize(name, span) { return size }
    throw unknownName(name, span, scope)
  }

  /// The name that lines of a layer have for one that nothing else knows: γ for `gamma`.
  private func nameOfLines(_ name: String, _ scope: Scope) -> String {
    guard scope[name] == nil, memory[name] == nil, Constants.value(named: name) == nil,
      vocabulary.builtIn(named: name) == nil
    else { return name }
    return GreekLetters.twin(of: name, among: scope.names)
  }

  // MARK: - Operators

  private func binary(
    _ operation: Operation, _ left: ExpressionSyntax, _ right: ExpressionSyntax, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    let (a, b) = (try evaluate(left, scope), try evaluate(right, scope))
    guard a.isFormula || b.isFormula else {
      return try binary(operation, a, left.span, b, right.span)
    }
    var parts: [Expression] = []
    return try joined(
      operation,
      Operands(left: a, right: b, leftSpan: left.span, rightSpan: right.span), &parts, scope)
  }

  private func chain(
    _ first: ExpressionSyntax, _ links: [ExpressionSyntax.Link<BinaryOperator>], _ scope: Scope
  ) throws(Diagnostic) -> Value {
    var left = try evaluate(first, scope)
    var span = first.span
    // Of formulas a sum, or a product, is one node over all of its parts.
    var parts: [Expression] = []
    for link in links {
      let right = try evaluate(link.operand, scope)
      let operation = Operation(link.operation)
      if case .scalar(let a) = left, case .scalar(let b) = right,
        let result = operation.quick(a, b)
      {
        left = .scalar(result)
      } else if left.isFormula || right.isFormula {
        left = try joined(
          operation,
          Operands(left: left, right: right, leftSpan: span, rightSpan: link.operand.span), &parts,
          scope, usesTimes: link.operation == .hadamardTimes)
      } else {
        left = try binary(operation, left, span, right, link.operand.span)
      }
      span = span.joined(with: link.operand.span)
    }
    return left
  }

  private func negative(
    _ operand: ExpressionSyntax, _ whole: ExpressionSyntax, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    let value = try evaluate(operand, scope)
    if case .scalar(let number) = value { return .scalar(-number) }
    if value.isFormula {
      return try forming(whole.span, scope) { (_, reading) throws(Diagnostic) in
        .negate(try self.operand(value, operand.span, reading))
      }
    }
    guard let negated = try mapped(value, whole.span, { -$0 }) else {
      throw Diagnostic(
        .type, "a minus sign needs a number, a vector or a matrix, not \(value.description)",
        at: operand.span)
    }
    return negated
  }

  private func comparison(
    _ first: ExpressionSyntax, _ links: [ExpressionSyntax.Link<ComparisonOperator>],
    _ scope: Scope
  ) throws(Diagnostic) -> Value {
    var left = try evaluate(first, scope)
    var leftSpan = first.span
    var result: Value?
    for link in links {
      let right = try evaluate(link.operand, scope)
      let holds = try compare(
        link.operation, left, leftSpan, right, link.operand.span, scope)
      let before = first.span.joined(with: leftSpan)
      (left, leftSpan) = (right, link.operand.span)
      guard let previous = result else {
        result = holds
        continue
      }
      if case .boolean(let a) = previous, case .boolean(let b) = holds {
        result = .boolean(a && b)
      } else if previous.isFormula || holds.isFormula {
        result = try junction(
          of: [(previous, before), (holds, leftSpan)], isOr: false, before.joined(with: leftSpan),
          scope)
      } else {
        result = try joinedTruths(
          Operands(left: previous, right: holds, leftSpan: before, rightSpan: leftSpan),
          .init(isOr: false)
        ) { $0 != 0 && $1 != 0 }
      }
    }
    return result ?? left
  }

  /// `not a` of a value, entry by entry.
  private func negation(of value: Value, _ span: SourceSpan) throws(Diagnostic) -> Value {
    guard let truths = value.truths else { return .boolean(!(try condition(value, span))) }
    return .array(Tensor(truths.shape, truths.storage.map { 1 - $0 }, holdsTruths: true))
  }

  /// `a and b`, `a or b`: of truth values and numbers the first that decides ends it; truth values of many
  /// entries are joined entry by entry.
  private func junction(
    _ operands: [ExpressionSyntax], isOr: Bool, _ whole: ExpressionSyntax, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    var parts: [(value: Value, span: SourceSpan)] = []
    for operand in operands {
      if mayMeetFormulas, scope.reading == nil, isFormula(operand, scope) {
        return try symbolic(whole, scope)
      }
      let value = decided(try evaluate(operand, scope), scope)
      if value.isFormula || value.truths != nil {
        parts.append((value, operand.span))
      } else if try condition(value, operand.span) == isOr {
        // Beside truth values of many entries it decides for all of them.
        guard parts.contains(where: { $0.value.truths != nil }) else { return .boolean(isOr) }
        parts.append((.boolean(isOr), operand.span))
      }
    }
    if parts.contains(where: \.value.isFormula) {
      return try junction(of: parts, isOr: isOr, whole.span, scope)
    }
    var result = (value: Value.boolean(!isOr), span: whole.span)
    for part in parts {
      let truths = try joinedTruths(
        Operands(
          left: result.value, right: part.value, leftSpan: result.span, rightSpan: part.span),
        .init(isOr: isOr)
      ) { isOr ? $0 != 0 || $1 != 0 : $0 != 0 && $1 != 0 }
      result = (truths, part.span)
    }
    return result.value
  }

  /// A condition's truth: a truth value, or a number where 0 is false.
  package func condition(_ expression: ExpressionSyntax, _ scope: Scope) throws(Diagnostic) -> Bool
  {
    try condition(evaluate(expression, scope), expression.span)
  }

  private func condition(_ value: Value, _ span: SourceSpan) throws(Diagnostic) -> Bool {
    guard let number = value.number else {
      throw Diagnostic(
        .type, "a condition needs a truth value, not \(value.description)", at: span,
        help: value.entries == nil
          ? "for example x > 0" : "min(…) asks whether all entries hold, max(…) whether any does")
    }
    return number != 0
  }

  /// The numbers of `a:b` as a vector.
  private func vector(_ range: NumberRange, _ span: SourceSpan) throws(Diagnostic) -> [Double] {
    guard range.count <= Double(Limits.entries) else {
      throw Diagnostic(
        .limit, "this range has \(plain(range.count)) numbers, more than this kernel holds",
        at: span, label: "the limit is \(Limits.entries) entries")
    }
    try askMemory(Int(range.count) * MemoryLayout<Double>.stride, span)
    var numbers: [Double] = []
    numbers.reserveCapacity(Int(range.count))
    for index in 0..<Int(range.count) {
      if index & 0xFFFF == 0 { try checkInterrupt(span) }
      numbers.append(range[index])
    }
    return numbers
  }

  func range(
    _ from: ExpressionSyntax, _ step: ExpressionSyntax?, _ to: ExpressionSyntax, _ scope: Scope
  ) throws(Diagnostic) -> NumberRange {
    let start = try number(from, scope)
    let stride = if let step { try number(step, scope) } else { 1.0 }
    let end = try number(to, scope)
    for (number, place) in [(start, from), (stride, step ?? from), (end, to)]
    where !number.isFinite {
      throw Diagnostic(
        .value, "a range needs finite ends and steps, not \(plain(number))", at: place.span)
    }
    guard stride != 0 else {
      throw Diagnostic(
        .value, "the step of a range must not be 0", at: (step ?? from).span,
        help: "1:2:9 goes up in steps of 2, 9:-1:1 goes down")
    }
    return NumberRange(from: start, by: stride, to: end)
  }

  /// A number that an expression must give.
  package func number(_ expression: ExpressionSyntax, _ scope: Scope) throws(Diagnostic) -> Double {
    let value = try evaluate(expression, scope)
    guard let number = value.number else {
      throw Diagnostic(
        .type, "a number is needed here, not \(value.description)", at: expression.span)
    }
    return number
  }

  /// `f'` of a function, `x'` of anything else.
  private func prime(_ operand: ExpressionSyntax, _ span: SourceSpan, _ scope: Scope)
    throws(Diagnostic) -> Value
  {
    if case .name(let name) = operand.kind, let function = function(meantBy: name, scope),
      function.hasSlope
    {
      return .function(try slope(of: function, order: 1, span))
    }
    let value = try evaluate(operand, scope)
    if case .function(let function) = value, function.hasSlope {
      return .function(try slope(of: function, order: 1, span))
    }
    return try transposed(value, operand.span, span, scope)
  }

  /// The function that a name means as it stands, without a call.
  func function(meantBy name: String, _ scope: Scope) -> FunctionValue? {
    switch scope[name] ?? memory[name] {
    case .function(let function): function
    case nil: vocabulary.builtIn(named: name).map { .builtIn($0) }
    default: nil
    }
  }

  private func transposed(
    _ value: Value, _ operandSpan: SourceSpan, _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    guard value.isFormula else { return try transpose(value, span) }
    return try forming(span, scope) { (_, reading) throws(Diagnostic) in
      try calculus([operand(value, operandSpan, reading)], span, reading) {
        parts throws(CalculusError) in try .transpose(parts[0])
      }
    }
  }

  /// The transpose: a vector becomes a row, a number stays.
  package func transpose(_ value: Value, _ span: SourceSpan) throws(Diagnostic) -> Value {
    switch value {
    case .scalar, .boolean: return value
    case .array(let array) where array.rank <= 2:
      try askMemory(for: value, copies: 1, span)
      return .array(
        try placed(span) { () throws(MatrixError) in try array.transposed(interrupt: interrupt) })
    default:
      throw Diagnostic(.type, "\(value.description) has no transpose", at: span)
    }
  }
}
