/// What the tree says of the space around its signs, by where these begin in the text.
struct SpacingRoles {
  enum Role {
    /// `a + b`: a space on both sides.
    case loose
    /// `2*x`, `1:n`: as it was written, alike on both sides.
    case even
    /// `-x`: none behind it.
    case prefix
    /// The bracket of `f(x)`, `W[1, 2]`, and the point of `g.W`: nothing before it.
    case attached
    /// The comma of `W[1,2]`: with a space behind it or without, as it was written.
    case entries
    /// `w: vector`: none before it, one behind it.
    case kind
  }

  private(set) var roles: [Int: Role] = [:]
  /// Where audits stand, whose lines go on with an operator.
  private(set) var audits: [SourceSpan] = []
  /// The nodes in the order of the tree, each by the tokens at which it begins and behind which it ends.
  private(set) var nodes: [Int] = []

  private let tokens: [Token]
  /// The index of the token that begins at an offset.
  private let starts: [Int32: Int]

  init(_ statements: [StatementSyntax], tokens: [Token]) {
    self.tokens = tokens
    starts = Dictionary(
      tokens.indices.map { (tokens[$0].start, $0) }, uniquingKeysWith: { first, _ in first })
    for statement in statements { visit(statement) }
  }

  private mutating func visit(_ statement: StatementSyntax) {
    note(statement.span)
    switch statement.kind {
    case .definition(let function):
      for part in function.parameters { visit(part) }
      visit(function.body)
    case .layer(let layer):
      markKinds(in: layer.input.span)
      for option in layer.options {
        if let fallback = option.fallback { visit(fallback) }
      }
      visit(layer.body)
    case .forLoop(_, _, let range, let body):
      visit(range)
      for part in body { visit(part) }
    case .whileLoop(let condition, let body):
      visit(condition)
      for part in body { visit(part) }
    case .conditional(let condition, let then, let otherwise):
      visit(condition)
      for part in then + (otherwise ?? []) { visit(part) }
    case .symbols(let symbols): for symbol in symbols { visit(symbol) }
    case .parameters:
      markKinds(in: statement.span)
      statement.forEachExpression { visit($0) }
    default: statement.forEachExpression { visit($0) }
    }
  }

  private mutating func visit(_ body: BodySyntax) {
    for part in body.lines { visit(part) }
    visit(body.result)
  }

  private mutating func visit(_ parameter: ParameterSyntax) {
    note(parameter.span)
    markKinds(in: parameter.span)
  }

  /// `isTight`: directly inside an index or a range, where `i+1` may stand without spaces.
  private mutating func visit(_ expression: ExpressionSyntax, isTight: Bool = false) {
    note(expression.span)
    switch expression.kind {
    case .chain(let first, let links):
      visit(first)
      for link in links {
        let isProduct = link.operation == .multiply || link.operation == .divide
        mark(link.operatorSpan.start, isProduct || isTight ? .even : .loose)
        visit(link.operand)
      }
    case .comparison(let first, let links):
      visit(first)
      for link in links {
        mark(link.operatorSpan.start, .loose)
        visit(link.operand)
      }
    case .negative(let operand):
      mark(expression.span.start, .prefix)
      visit(operand)
    case .call(let callee, _):
      markNext(behind: callee.span, .leftParenthesis)
      expression.kind.forEachChild { visit($0) }
    case .index(let base, let indices):
      markNext(behind: base.span, .leftBracket)
      visit(base)
      for index in indices {
        switch index {
        case .expression(let place):
          visit(place, isTight: true)
          markNext(behind: place.span, .comma, as: .entries)
        case .all(let span): markNext(behind: span, .comma, as: .entries)
        }
      }
    case .member(let base, _, _):
      markNext(behind: base.span, .period)
      visit(base)
    case .range:
      expression.kind.forEachChild { part in
        visit(part, isTight: true)
        markNext(behind: part.span, .colon, as: .even)
      }
    case .audit(let audit):
      audits.append(expression.span)
      expression.kind.forEachChild { visit($0) }
      for part in audit.items { visit(part) }
    default: expression.kind.forEachChild { visit($0) }
    }
  }

  private mutating func visit(_ item: AuditSyntax.Item) {
    switch item {
    case .symbols(let symbols): for symbol in symbols { visit(symbol) }
    case .assumption(let assumption):
      visit(assumption.lower)
      visit(assumption.upper)
    case .chain(let sides): for side in sides { visit(side.expression) }
    }
  }

  private mutating func mark(_ start: Int, _ role: Role) { roles[start] = role }

  /// Marks the first token behind a node, if it is of a kind.
  private mutating func markNext(
    behind span: SourceSpan, _ kind: TokenKind, as role: Role = .attached
  ) {
    let index = index(behind: span.end)
    guard tokens[index].kind == kind else { return }
    roles[Int(tokens[index].start)] = role
  }

  private mutating func markKinds(in span: SourceSpan) {
    guard var index = starts[Int32(truncatingIfNeeded: span.start)] else { return }
    while index < tokens.count, tokens[index].end <= span.end {
      if tokens[index].kind == .colon { roles[Int(tokens[index].start)] = .kind }
      index += 1
    }
  }

  private mutating func note(_ span: SourceSpan) {
    nodes += [index(behind: span.start), index(behind: span.end)]
  }

  /// The first token that begins at an offset or later; at the end the end of the text.
  private func index(behind offset: Int) -> Int {
    var (low, high) = (0, tokens.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle].start < offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
