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
      return .expression(try read(name: name, span, scope, reading))
    }
    if let value = scope[name] ?? memory[name] { return value }
    if let value = Constants.value(named: name) { return .scalar(value) }
    if let builtIn = vocabulary.builtIn(named: name) { return .function(.builtIn(builtIn)) }
    if let size = try declaredSize(name, span) { return size }
    throw unknownName(name, span, scope)
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
    var numbers: [Double] = []
    numbers.reserveCapacity(Int(range.count))
    for index in 0..<Int(range.count) {
      if index & 0xFFFF == 0 { try checkInterrupt(span) }
      numbers.append(range[index])
    }
    return numbers
  }

  private func range(
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
    case .array(let array) where array.rank <= 2: return .array(array.transposed())
    default:
      throw Diagnostic(.type, "\(value.description) has no transpose", at: span)
    }
  }

  // MARK: - Brackets and generators

  /// The values of a generator's element, side by side as in brackets, or where they do not stack as a list.
  func collect(
    _ generator: ExpressionSyntax.Generator, _ span: SourceSpan, _ scope: Scope,
    for function: BuiltIn? = nil, stacks: Bool = true
  ) throws(Diagnostic) -> Value {
    if let reading = scope.reading {
      return .expression(try collect(generator, span, scope, reading, folding: function))
    }
    var collected = Collected(span: span, stacks: stacks)
    // What joins all values asks for no grid.
    if generator.isUneven || function?.neutral != nil {
      try forEachTurn(of: generator, from: 0, to: generator.ranges.count, scope) {
        (inner) throws(Diagnostic) in
        if let condition = generator.condition, !(try self.condition(condition, inner)) { return }
        try collected.take(try evaluate(generator.element, inner))
      }
      return try collected.value
    }
    return try collect(generator, from: 0, span, scope, stacks: stacks)
  }

  /// [e for i in 1:m, j in 1:n] is [[e for j in 1:n] for i in 1:m].
  private func collect(
    _ generator: ExpressionSyntax.Generator, from place: Int, _ span: SourceSpan, _ scope: Scope,
    stacks: Bool = true
  ) throws(Diagnostic) -> Value {
    var collected = Collected(span: span, stacks: stacks)
    try forEachTurn(of: generator, from: place, to: place + 1, scope) {
      (inner) throws(Diagnostic) in
      try collected.take(
        place == generator.ranges.count - 1
          ? evaluate(generator.element, inner)
          : collect(generator, from: place + 1, span, inner))
    }
    return try collected.value
  }

  /// Goes through some of a generator's ranges, the last fastest, with their variables bound.
  private func forEachTurn(
    of generator: ExpressionSyntax.Generator, from place: Int, to end: Int, _ scope: Scope,
    _ body: (Scope) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    guard place < end else { return try body(scope) }
    let range = generator.ranges[place]
    let turns = try turns(of: range.values, scope)
    var inner = scope.adding(range.variable, .nothing)
    for index in 0..<turns.count {
      try checkInterrupt(range.values.span)
      inner.rebindLast(turns[index])
      try forEachTurn(of: generator, from: place + 1, to: end, inner, body)
    }
  }

  /// Values that are collected one by one. Numbers, which are the rule, are kept as such: an eighth of the memory.
  private struct Collected {
    let span: SourceSpan
    /// Whether what is no number stands side by side as in brackets, or makes a list.
    let stacks: Bool
    private var numbers: [Double] = []
    private var others: [Value] = []
    private var areTruths = true
    /// The room that all of them take, in numbers.
    private var size = 0

    init(span: SourceSpan, stacks: Bool) {
      self.span = span
      self.stacks = stacks
    }

    mutating func take(_ value: Value) throws(Diagnostic) {
      let number = others.isEmpty ? value.number : nil
      // What is no number lies by itself, which takes some room too.
      size += number == nil ? 8 + (value.tensor?.storage.count ?? 1) : 1
      guard size <= Limits.entries else {
        throw Diagnostic(
          .limit, "these are more numbers than this kernel holds", at: span,
          label: "the limit is \(Limits.entries) entries")
      }
      guard let number else {
        if others.isEmpty { others = numbers.map { .scalar($0) } }
        others.append(value)
        return
      }
      numbers.append(number)
      areTruths = areTruths && value.isBoolean
    }

    var value: Value {
      get throws(Diagnostic) {
        guard others.isEmpty else {
          return stacks
            ? try Value.stack(others, span, listsOthers: true) : try Value.list(of: others, span)
        }
        return .array(
          Tensor(Shape([numbers.count]), numbers, holdsTruths: areTruths && !numbers.isEmpty))
      }
    }
  }

  /// What a `for` runs over: the entries of a vector, the rows of a matrix, the elements of a list.
  package func turns(of expression: ExpressionSyntax, _ scope: Scope) throws(Diagnostic)
    -> LoopTurns
  {
    if case .range(let from, let step, let to) = expression.kind {
      return LoopTurns(try range(from, step, to, scope))
    }
    let value = try evaluate(expression, scope)
    guard let turns = LoopTurns(value) else {
      throw Diagnostic(
        .type, "a loop runs over a range, a vector or a list, not \(value.description)",
        at: expression.span,
        help: value.number == nil
          ? "for example 1:5" : "1:\(written(expression.span)) runs from 1 to it")
    }
    return turns
  }

  /// `[…]`: a vector, a matrix, or vectors as the rows of a matrix.
  private func brackets(
    _ rows: [[ExpressionSyntax]], _ whole: ExpressionSyntax, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    let span = whole.span
    guard let firstRow = rows.first, !(rows.count == 1 && firstRow.isEmpty) else {
      guard scope.reading == nil else {
        throw Diagnostic(
          CalculusError.wrongShape(
            operation: "[ ]", shape: .scalar, expected: "at least one entry"), at: span)
      }
      return .vector([])
    }
    if rows.count == 1 || scope.reading != nil {
      let values = try rows.map2 { (row) throws(Diagnostic) in
        try row.map2 { (element) throws(Diagnostic) in try evaluate(element, scope) }
      }
      if values.contains(where: { $0.contains(where: \.isFormula) }) {
        do throws(Diagnostic) {
          return try formulas(values, rows, span, scope)
        } catch {
          var error = error
          let areFlat = values.joined().allSatisfy { $0.expressionShape?.dimensions.count ?? 0 < 2 }
          if error.name == .shape {
            error.help = areFlat ? Value.joinHelp : Value.stackHelp(rows.flatMap { $0 })
          }
          throw error
        }
      }
      return try Value.stack(values[0], span, elements: firstRow)
    }
    var storage: [Double] = []
    // [a; b] of vectors: the rows of a matrix.
    var vectors: [Value] = []
    for (position, row) in rows.enumerated() {
      guard row.count == firstRow.count else {
        let rowSpan = row.first.map { $0.span.joined(with: row[row.count - 1].span) } ?? span
        throw Diagnostic(
          .shape,
          "row \(position + 1) has \(row.count.counted("entry")), row 1 has \(firstRow.count)",
          at: rowSpan, label: "\(row.count) instead of \(firstRow.count)",
          help: "every row of a matrix has the same number of entries")
      }
      for element in row {
        let value = try evaluate(element, scope)
        if let number = value.number {
          storage.append(number)
        } else if row.count == 1, value.entries != nil, storage.isEmpty {
          vectors.append(value)
        } else {
          throw Diagnostic(
            .type, "an entry of a matrix is a number, not \(value.description)",
            at: element.span,
            help: value.isArray
              ? "vstack(hstack(a, b), hstack(c, d)) is a matrix of matrices" : nil)
        }
      }
    }
    if !vectors.isEmpty {
      if let matrix = vectors.firstIndex(where: { ($0.tensor?.rank ?? 0) > 1 && !$0.isRow }) {
        throw Diagnostic(
          .shape, "\(vectors[matrix].description) is no row of a matrix", at: rows[matrix][0].span,
          help: Value.stackHelp(rows.flatMap { $0 }))
      }
      return try Value.stack(
        vectors + storage.map { .scalar($0) }, span, elements: rows.flatMap { $0 })
    }
    return .array(Matrix(rows: rows.count, columns: firstRow.count, storage: storage))
  }
}

extension Value {
  /// Values side by side: numbers make a vector, vectors of one length the rows of a matrix, matrices or arrays of
  /// one shape an array; what has no numbers makes a list, where it is asked for also arrays of several shapes.
  ///
  /// Throws: a ShapeError or TypeError for arrays that do not stack with the rest.
  package static func stack(
    _ values: [Value], _ span: SourceSpan, elements: [ExpressionSyntax]? = nil,
    listsOthers: Bool = false
  ) throws(Diagnostic) -> Value {
    let numbers = values.compactMap(\.number)
    if numbers.count == values.count {
      let areTruths = !values.isEmpty && values.allSatisfy(\.isBoolean)
      return .array(Tensor(Shape([numbers.count]), numbers, holdsTruths: areTruths))
    }
    if let index = values.firstIndex(where: \.isNothing) {
      throw Diagnostic(
        .type, "brackets and generators collect values", at: elements?[index].span ?? span,
        label: "this returns nothing", help: "for i in 1:5 { … } repeats something without a value")
    }
    // A row is the vector of its entries.
    let arrays = values.compactMap { value in
      value.isArray ? value.isRow ? value.tensor.map { .vector($0.storage) } : value.tensor : nil
    }
    guard arrays.count == values.count else {
      if numbers.isEmpty, arrays.isEmpty { return try list(of: values, span) }
      let index = values.firstIndex { $0.number == nil } ?? 0
      let isOdd = arrays.isEmpty || !numbers.isEmpty
      let odd = isOdd ? index : values.firstIndex { !$0.isArray } ?? 0
      throw Diagnostic(
        .type,
        "\(isOdd ? "numbers" : arrays[0].description) and \(values[odd].description) do not mix in brackets",
        at: elements?[odd].span ?? span,
        help: values[odd].isText && arrays.isEmpty
          ? "a list holds texts alone, or numbers alone"
          : values[odd].vector != nil
            ? joinHelp : stackHelp(elements))
    }
    do {
      return .array(try Tensor.stacked(arrays))
    } catch {
      guard case .shapeMismatch = error else { throw Diagnostic(error, at: span) }
      if listsOthers { return try list(of: values, span) }
    }
    let odd = arrays.firstIndex { $0.shape != arrays[0].shape } ?? 0
    let areRows = arrays[0].rank == 1 && arrays[odd].rank == 1
    let counts = (arrays[0].rows, arrays[odd].rows)
    throw Diagnostic(
      .shape,
      areRows
        ? "row \(odd + 1) has \(counts.1.counted("entry")), row 1 has \(counts.0)"
        : "\(arrays[0].description) and \(arrays[odd].description) do not stack",
      at: elements?[odd].span ?? span,
      label: areRows ? "\(counts.1) instead of \(counts.0)" : "",
      help: areRows ? "every row of a matrix has the same number of entries" : stackHelp(elements))
  }

  /// What to write for numbers and vectors in one row.
  static let joinHelp = "concat(a, b) joins numbers and vectors into one vector"

  /// What to write where parts do not stack.
  static func stackHelp(_ elements: [ExpressionSyntax]?) -> String {
    let parts = elements.map { $0.map(SourcePrinter.text).joined(separator: ", ") } ?? ""
    let written = elements == nil || parts.count > 40 ? "a, b" : parts
    let holdsText =
      elements?.contains { if case .string = $0.kind { true } else { false } } ?? false
    if holdsText { return "list(\(written)) keeps them apart" }
    return
      "hstack(\(written)) puts them side by side, vstack(\(written)) one below the other, list(\(written)) keeps them apart"
  }

  /// Values as a list. Throws: a LimitError for one that is too large.
  static func list(of values: [Value], _ span: SourceSpan) throws(Diagnostic) -> Value {
    let list = ListValue(values)
    guard list.total <= Limits.listElements, list.depth <= Limits.listDepth else {
      throw Diagnostic(
        .limit, "this list is too large", at: span,
        label: list.depth > Limits.listDepth
          ? "more than \(Limits.listDepth) lists inside one another"
          : "more than \(Limits.listElements) elements")
    }
    return .list(list)
  }
}

extension Array {
  /// `map` with a typed error, which the standard library's closure inference does not give here.
  package func map2<Result, Failure: Error>(
    _ transform: (Element) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(count)
    for element in self { results.append(try transform(element)) }
    return results
  }
}
