import Calculus
import Syntax

/// Operators, brackets, entries and generators.
extension FormulaReader {
  package func read(_ syntax: ExpressionSyntax, _ place: Place) throws(Diagnostic) -> Expression {
    guard session.stack.hasRoom else { throw session.tooDeep(syntax.span) }
    try session.checkInterrupt(syntax.span)
    switch syntax.kind {
    case .number(let value, _): return .number(value)
    case .boolean(let flag): return .number(flag ? 1 : 0)
    case .name(let name): return try read(name: name, syntax.span, place)
    case .parenthesized(let inner): return try read(inner, place)
    case .chain(let first, let links): return try chain(first, links, place)
    case .call(let callee, let arguments): return try call(callee, arguments, syntax, place)
    case .index(let base, let indices): return try index(base, indices, syntax, place)
    case .brackets(let rows): return try brackets(rows, syntax.span, place)
    case .power(let base, let exponent):
      let (a, b) = (try read(base, place), try read(exponent, place))
      if case .matrix = a.shape, b.number == .minusOne || value(of: b) == -1 {
        throw Diagnostic.inverseMeant(of: session.written(base.span), at: syntax.span)
      }
      return try calculus(syntax.span) { () throws(CalculusError) in try .power(a, b) }
    case .negative(let operand): return .negate(try read(operand, place))
    case .juxtaposition(let factor, let operand):
      let (a, b) = (try read(factor, place), try read(operand, place))
      return try calculus(syntax.span) { () throws(CalculusError) in try .multiply([a, b]) }
    case .comparison(let first, let links): return try comparison(first, links, place)
    case .not(let operand):
      let condition = try readTruth(operand, place)
      return try calculus(syntax.span) { () throws(CalculusError) in
        if case .compare(let comparison, let a, let b) = condition.node {
          return try .compare(comparison.negated, a, b)
        }
        return try .subtract(.number(1), condition)
      }
    case .and(let operands):
      var parts: [Expression] = []
      for operand in operands { parts.append(try readTruth(operand, place)) }
      return try calculus(syntax.span) { () throws(CalculusError) in try .multiply(parts) }
    case .or(let operands):
      var result = try readTruth(operands[0], place)
      for operand in operands.dropFirst() {
        let next = try readTruth(operand, place)
        result = try calculus(syntax.span) { () throws(CalculusError) in
          try .extremum(.max, result, next)
        }
      }
      return result
    case .conditional(let condition, let then, let otherwise):
      return try conditional(condition, then, otherwise, syntax.span, place)
    case .prime(let operand) where isFunction(operand, place):
      guard let formula = try session.evaluate(syntax, place.scope).formula else { break }
      return .named(formula.name, try adopt(formula, syntax.span))
    case .prime(let operand), .transpose(let operand):
      let inner = try read(operand, place)
      return try calculus(syntax.span) { () throws(CalculusError) in try .transpose(inner) }
    case .comprehension(let generator):
      return try collect(generator, syntax.span, place)
    case .partial, .nabla:
      let formula = try derivative(syntax, place)
      return .named(formula.name, try adopt(formula, syntax.span, madeHere: true))
    case .range, .member: return try constant(syntax, place)
    case .string, .explain: break
    }
    throw Diagnostic(
      .type, "\(session.written(syntax.span)) has no place in a formula", at: syntax.span)
  }

  /// The formula of a `∂…/∂…` or `∇…` inside a body, whose parameters keep their meaning.
  package func derivative(_ syntax: ExpressionSyntax, _ place: Place) throws(Diagnostic) -> Formula
  {
    var variables: [String] = []
    if case .partial(let partial) = syntax.kind { variables = partial.variables.map(\.name) }
    return try session.derivative(syntax, scope(of: place, apartFrom: variables, syntax.span))
  }

  /// The scope in which a part of a body is evaluated, not read: names that stand for formulas are bound to them.
  package func scope(of place: Place, apartFrom variables: [String] = [], _ span: SourceSpan)
    throws(Diagnostic) -> Scope
  {
    try calculus(span) { () throws(CalculusError) in try place.scope(apartFrom: variables) }
  }

  /// Whether a name, without or with primes, is a function whose derivative is meant: `f'` in `[f', g']`.
  private func isFunction(_ syntax: ExpressionSyntax, _ place: Place) -> Bool {
    switch syntax.kind {
    case .prime(let inner): return isFunction(inner, place)
    case .name(let name):
      guard place.names[name] == nil, place.functions[name] == nil else { return false }
      switch place.scope[name] ?? session.memory[name] {
      case .function(let function): return !function.isExpression
      case nil: return session.vocabulary.builtIn(named: name) != nil
      default: return false
      }
    default: return false
    }
  }

  // MARK: - Operators

  /// An operand of `and`, `or`, `not`: 1 where it holds, else 0.
  private func readTruth(_ syntax: ExpressionSyntax, _ place: Place) throws(Diagnostic)
    -> Expression
  {
    let operand = try read(syntax, place)
    if operand.isTruth { return operand }
    return try calculus(syntax.span) { () throws(CalculusError) in
      try .compare(.notEqual, operand, .number(0))
    }
  }

  private func chain(
    _ first: ExpressionSyntax, _ links: [ExpressionSyntax.Link<BinaryOperator>], _ place: Place
  ) throws(Diagnostic) -> Expression {
    var left = try read(first, place)
    var span = first.span
    // A sum, or a product, is one node over all of its parts.
    var parts: [Expression] = [left]
    for (position, link) in links.enumerated() {
      let right = try read(link.operand, place)
      let operation = Operation(link.operation)
      let whole = span.joined(with: link.operand.span)
      try refuse(operation, left, span, right, link.operand.span)
      switch operation {
      case .add, .subtract:
        parts.append(operation == .add ? right : .negate(right))
        _ = try join(link.operation, left, span, right, link.operand.span) {
          () throws(CalculusError) in try .add([left, right])
        }
        left = try calculus(whole) { () throws(CalculusError) in try .add(parts) }
      case .multiply, .hadamard:
        let continues =
          position > 0 && [.multiply, .hadamard].contains(Operation(links[position - 1].operation))
        parts = continues ? parts + [right] : [left, right]
        let factors = parts
        left = try join(link.operation, left, span, right, link.operand.span) {
          () throws(CalculusError) in
          try .multiply(factors, usesTimes: link.operation == .hadamardTimes)
        }
      case .divide:
        left = try join(link.operation, left, span, right, link.operand.span) {
          () throws(CalculusError) in try .divide(left, right)
        }
      case .product:
        left = try join(link.operation, left, span, right, link.operand.span) {
          () throws(CalculusError) in try .product(left, right)
        }
      case .power: break
      }
      span = whole
    }
    return left
  }

  /// `*` between a matrix and a vector could mean two things.
  private func refuse(
    _ operation: Operation, _ left: Expression, _ leftSpan: SourceSpan, _ right: Expression,
    _ rightSpan: SourceSpan
  ) throws(Diagnostic) {
    guard operation == .multiply else { return }
    switch (left.shape, right.shape) {
    case (.vector, .matrix), (.matrix, .vector):
      let (a, b) = (session.written(leftSpan), session.written(rightSpan))
      throw Diagnostic(
        .shape,
        "* between \(left.shape.kindText) and \(right.shape.kindText) could mean two things",
        at: leftSpan.joined(with: rightSpan), label: "a matrix * a vector",
        help: "\(a) @ \(b) is the matrix product, \(a) ⊙ \(b) multiplies element by element")
    default: break
    }
  }

  /// Two operands joined; a mismatch names both, and their shapes.
  private func join(
    _ sign: BinaryOperator, _ left: Expression, _ leftSpan: SourceSpan, _ right: Expression,
    _ rightSpan: SourceSpan, _ work: () throws(CalculusError) -> Expression
  ) throws(Diagnostic) -> Expression {
    try calculus(leftSpan.joined(with: rightSpan)) { () throws(CalculusError) in
      do throws(CalculusError) {
        return try work()
      } catch {
        guard case .shapeMismatch = error else { throw error }
        throw .operandMismatch(
          verb: Operation(sign).verb, sign: sign.rawValue, left: session.written(leftSpan),
          leftShape: left.shape, right: session.written(rightSpan), rightShape: right.shape)
      }
    }
  }

  private func comparison(
    _ first: ExpressionSyntax, _ links: [ExpressionSyntax.Link<ComparisonOperator>],
    _ place: Place
  ) throws(Diagnostic) -> Expression {
    var left = try read(first, place)
    var leftSpan = first.span
    var parts: [Expression] = []
    for link in links {
      let right = try read(link.operand, place)
      let comparison = Comparison(rawValue: link.operation.rawValue) ?? .equal
      parts.append(
        try calculus(leftSpan.joined(with: link.operand.span)) { () throws(CalculusError) in
          try .compare(comparison, left, right)
        })
      left = right
      leftSpan = link.operand.span
    }
    let all = parts
    return try calculus(first.span.joined(with: leftSpan)) { () throws(CalculusError) in
      all.count == 1 ? all[0] : try .multiply(all)
    }
  }

  private func conditional(
    _ condition: ExpressionSyntax, _ then: ExpressionSyntax, _ otherwise: ExpressionSyntax?,
    _ span: SourceSpan, _ place: Place
  ) throws(Diagnostic) -> Expression {
    guard let otherwise else {
      throw Diagnostic(
        .type, "this `if` has no value where its condition does not hold", at: span,
        help: "add `else { … }`")
    }
    let c = try read(condition, place)
    guard c.shape == .scalar else {
      throw Diagnostic(
        .type, "a condition needs a truth value, not \(c.shape.kindText)", at: condition.span,
        help: "entry by entry, (x > 0)*a + (x <= 0)*b")
    }
    let (a, b) = (try read(then, place), try read(otherwise, place))
    return try calculus(span) { () throws(CalculusError) in try .choose(c, a, b) }
  }

  // MARK: - Brackets and generators

  private func brackets(_ rows: [[ExpressionSyntax]], _ span: SourceSpan, _ place: Place)
    throws(Diagnostic) -> Expression
  {
    var lists: [Expression] = []
    for row in rows {
      var entries: [Expression] = []
      for entry in row { entries.append(try read(entry, place)) }
      let parts = entries
      // [∇f; ∇g]: vectors one below the other are the rows of a matrix.
      if rows.count > 1, parts.count == 1, parts[0].shape.isVectorOrRow {
        lists.append(try calculus(span) { () throws(CalculusError) in try parts[0].asVector() })
        continue
      }
      lists.append(try calculus(span) { () throws(CalculusError) in try .list(parts) })
    }
    let all = lists
    return try calculus(span) { () throws(CalculusError) in
      all.count == 1 ? all[0] : try .list(all)
    }
  }

  /// The values of a generator, side by side: `[i^2 for i in 1:n]`.
  func collect(
    _ generator: ExpressionSyntax.Generator, _ span: SourceSpan, _ place: Place
  ) throws(Diagnostic) -> Expression {
    if case .range(let from, nil, let to) = generator.range.kind,
      case .number(let first, _) = from.kind, first >= 1, let size = try size(to, place),
      let array = try indexed(generator, from: first, to: size, span, place)
    {
      return array
    }
    if case .range = generator.range.kind {
      // Other ranges are numbers: the turns are written out.
      let range = try constant(generator.range, place)
      guard case .list(let turns) = range.node, turns.count <= Self.writtenTurns else {
        throw Diagnostic(
          .value, "in a formula an index runs from 1 to a size, or over at most 100 numbers",
          at: generator.range.span)
      }
      var entries: [Expression] = []
      for turn in turns {
        var inner = place
        inner.indices[generator.variable] = nil
        inner.names[generator.variable] = turn
        entries.append(try read(generator.element, inner))
      }
      let all = entries
      return try calculus(span) { () throws(CalculusError) in try .list(all) }
    }
    let over = try read(generator.range, place)
    guard case .vector(let size) = over.shape else {
      throw Diagnostic(
        .type, "in a formula a generator runs over a range or a vector, not \(over.shape.kindText)",
        at: generator.range.span)
    }
    return try withIndex(generator.variable, place) { (index, inner) throws(Diagnostic) in
      var inner = inner
      inner.indices[generator.variable] = nil
      inner.names[generator.variable] = try calculus(span) { () throws(CalculusError) in
        try .entry(over, [.value(.index(index))])
      }
      return .array(index, size, try read(generator.element, inner))
    }
  }

  /// More turns than these are not written out.
  private static let writtenTurns = 100

  /// `[… for i in 1:n]` with an index; nil where the turns have to be written out: the index is a number of the
  /// formula, or it runs through a part of a vector only.
  private func indexed(
    _ generator: ExpressionSyntax.Generator, from first: Double, to size: Dimension,
    _ span: SourceSpan, _ place: Place
  ) throws(Diagnostic) -> Expression? {
    var isNumber = false
    if case .number = size { isNumber = true }
    if isNumber, first != 1 || generator.element.boundsMention(generator.variable) { return nil }
    var element: Expression = .number(0)
    var name = ""
    element = try withIndex(generator.variable, place) { (index, inner) throws(Diagnostic) in
      name = index
      return try read(generator.element, inner)
    }
    let use = element.use(ofIndex: name)
    if isNumber, use.isNumber || use.dimensions.contains(where: { $0 != size }) {
      guard case .number(let count) = size, count > Self.writtenTurns else { return nil }
      throw Diagnostic(
        .limit, "\(count) turns are too many to write out in a formula", at: generator.range.span,
        help: "an index that runs to the size of its vector needs no writing out")
    }
    for dimension in use.dimensions where dimension != size {
      if case .unknown = dimension { throw pause(dimension, size, generator.range.span) }
      throw Diagnostic(
        .shape,
        "\(generator.variable) runs to \(size), but is an index of something with \(dimension) entries",
        at: generator.range.span)
    }
    if first != 1 {
      // The sum from 2 is the sum of all, where those before count nothing.
      let (old, whole) = (element, name)
      element = try calculus(span) { () throws(CalculusError) in
        try .multiply([try .compare(.greaterOrEqual, .index(whole), .number(first)), old])
      }
    }
    return .array(name, size, element)
  }

  // MARK: - Entries

  private func index(
    _ base: ExpressionSyntax, _ indices: [IndexSyntax], _ syntax: ExpressionSyntax, _ place: Place
  ) throws(Diagnostic) -> Expression {
    if base.beginsWithMember { return try constant(syntax, place) }
    let array = try read(base, place)
    let name = session.written(base.span)
    guard !array.shape.dimensions.isEmpty else {
      throw Diagnostic(
        .type, "\(name) is a number and has no entries", at: syntax.span,
        help: "symbols \(name): vector(n) makes it a vector")
    }
    guard indices.count == array.shape.dimensions.count else {
      throw Diagnostic(
        .shape,
        "\(name) is \(array.shape.kindText) and needs \(array.shape.dimensions.count == 1 ? "one index" : "two indices")",
        at: syntax.span,
        help: array.shape.dimensions.count == 2 ? "\(name)[1, :] is its first row" : nil)
    }
    if indices.count == 1, case .expression(let range) = indices[0], case .range = range.kind,
      case .list(let positions) = try constant(range, place).node
    {
      return try calculus(syntax.span) { () throws(CalculusError) in
        var entries: [Expression] = []
        for position in positions { entries.append(try .entry(array, [.value(position)])) }
        return try .list(entries)
      }
    }
    let choices = try entries(indices, place)
    return try calculus(syntax.span) { () throws(CalculusError) in try .entry(array, choices) }
  }

  /// Indices as the calculus has them; a name that nothing is known by is an index of its own.
  package func entries(_ indices: [IndexSyntax], _ place: Place) throws(Diagnostic) -> [EntryIndex]
  {
    var result: [EntryIndex] = []
    for index in indices {
      switch index {
      case .all: result.append(.all)
      case .expression(let expression):
        if case .name(let name) = expression.kind, isFreeIndex(name, place) {
          result.append(.value(.index(name)))
          continue
        }
        let read = try read(expression, place)
        let known = read.number == nil ? value(of: read) : nil
        result.append(.value(known.map { .number($0) } ?? read))
      }
    }
    return result
  }

  private func isFreeIndex(_ name: String, _ place: Place) -> Bool {
    place.indices[name] == nil && place.names[name] == nil && place.sizes[name] == nil
      && place.scope[name] == nil && session.memory[name] == nil && !place.isBody
  }

  // MARK: - Constants

  /// What holds no symbol: its value, written out.
  package func constant(_ syntax: ExpressionSyntax, _ place: Place) throws(Diagnostic) -> Expression
  {
    var scope = place.scope
    for (name, expression) in place.names {
      if let number = expression.number { scope.bind(name, .scalar(number.value)) }
    }
    if let name = syntax.firstName(where: { name in
      place.names[name].map { $0.number == nil } ?? false || place.indices[name] != nil
        || place.sizes[name] != nil
    }) {
      if case .range = syntax.kind {
        throw Diagnostic(
          .gradient, "\(session.written(syntax.span)) needs the number \(name), a parameter here",
          at: syntax.span,
          help:
            "in a formula a range ends at a number or a size: put the number in by a function of the rest"
        )
      }
      throw Diagnostic(
        .gradient,
        "\(session.written(syntax.span)) depends on \(name) in a way that has no derivative here",
        at: syntax.span,
        help: syntax.beginsWithMember
          ? "backward(net, X, Y) gives the gradients of a network" : nil)
    }
    let value = try session.evaluate(syntax, scope)
    guard let tensor = value.tensor else {
      throw Diagnostic(
        .type,
        "\(session.written(syntax.span)) is \(value.description), which has no place in a formula",
        at: syntax.span)
    }
    guard let literal = Self.literal(value) else {
      throw Diagnostic(
        .limit,
        "\(session.written(syntax.span)) has \(tensor.storage.count) entries, too many to write out",
        at: syntax.span, help: "give it a name first: W = \(session.written(syntax.span))")
    }
    return literal
  }

}

extension ExpressionSyntax {
  /// `net.W[2][1, 3]`: what begins with a member of something.
  fileprivate var beginsWithMember: Bool {
    switch kind {
    case .member: true
    case .index(let base, _): base.beginsWithMember
    default: false
    }
  }

  /// Whether the bounds of a range inside mention a name: `1:i`.
  fileprivate func boundsMention(_ name: String) -> Bool {
    var found = false
    if case .range = kind { found = mentions(name) }
    kind.forEachChild { if $0.boundsMention(name) { found = true } }
    return found
  }

  private func mentions(_ name: String) -> Bool { firstName { $0 == name } != nil }

  /// The first name in an expression for which something holds.
  fileprivate func firstName(where holds: (String) -> Bool) -> String? {
    if case .name(let name) = kind { return holds(name) ? name : nil }
    var found: String?
    kind.forEachChild { found = found ?? $0.firstName(where: holds) }
    return found
  }
}
