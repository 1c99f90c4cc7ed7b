import Notation

/// Derivatives in the notation of the blackboard.
extension CellParser {
  /// `partial = "∂" [ order ] power "/" "∂" variable { "∂" variable }`: one operand.
  mutating func parsePartial() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    advance()
    let order = try parseOrder()
    if readsQuantities, order == 1, kind == .slash, tokenAt(1).kind == .partial {
      return try parseOperatorForm(from: start)
    }
    let numerator = try parseNumerator(from: start)
    guard kind == .slash, tokenAt(1).kind == .partial else {
      throw incompletePartial(from: start)
    }
    advanceOverOperator()
    var variables: [ExpressionSyntax.PartialSyntax.Variable] = []
    var total = 0
    repeat {
      let variable = try parseVariable(countsPowers: order > 1)
      total += min(variable.order, 1_000_000)
      variables.append(variable)
    } while kind == .partial && (order > 1 || !isNextPartial())
    if total != order { reportOrder(order, total, variables, from: start) }
    return try make(
      .partial(.init(order: order, numerator: numerator, variables: variables)),
      span(from: start))
  }

  /// `∂/∂x(…)`, as derivations write it.
  private mutating func parseOperatorForm(from start: Int) throws(ParseFailure)
    -> ExpressionSyntax
  {
    advanceOverOperator()
    let variable = try parseVariable(countsPowers: false)
    guard kind == .leftParenthesis else { throw incompletePartial(from: start) }
    let operand = try parseOperand()
    return try make(
      .partial(.init(order: 1, numerator: operand, variables: [variable])), span(from: start))
  }

  /// The `²` of `∂²f`, also written `∂^2 f`.
  private mutating func parseOrder() throws(ParseFailure) -> Int {
    if kind == .superscript { return try parsePositiveSuperscript() }
    guard kind == .caret, tokenAt(1).kind == .number else { return 1 }
    advance()
    return try parsePositiveNumber()
  }

  private mutating func parsePositiveSuperscript() throws(ParseFailure) -> Int {
    let raised = token
    let node = try parseSuperscript()
    guard case .number(let value, _) = node.kind, value >= 1, value <= 100 else {
      throw failure(
        "the order of a derivative is a whole number", at: raised.span, label: "from 1 to 100")
    }
    return Int(value)
  }

  private mutating func parsePositiveNumber() throws(ParseFailure) -> Int {
    let literal = token
    advance()
    guard let value = Int(text(of: literal)), value >= 1, value <= 100 else {
      throw failure(
        "the order of a derivative is a whole number", at: literal.span, label: "from 1 to 100")
    }
    return value
  }

  /// A name, a call or a parenthesis, with powers.
  private mutating func parseNumerator(from start: Int) throws(ParseFailure) -> ExpressionSyntax {
    switch kind {
    case .word, .leftParenthesis, .bar, .doubleBar: return try parsePower()
    case .invalid: throw .statement
    case .endOfText where openBrackets.isEmpty:
      throw endingFailure("`∂` needs something to differentiate", label: "nothing follows")
    default:
      throw failure(
        "`∂` is followed by a name, a call or a parenthesis",
        at: kind == .newline || kind == .endOfText ? behindPrevious : token.span,
        label: "none of them", help: "write `∂f/∂x`, or `∂(…)/∂x` for an expression")
    }
  }

  /// `variable = name [ index ] [ power ]`
  private mutating func parseVariable(countsPowers: Bool) throws(ParseFailure)
    -> ExpressionSyntax.PartialSyntax.Variable
  {
    let start = position
    advance()
    guard kind == .word else {
      if kind == .invalid { throw .statement }
      if kind == .endOfText, openBrackets.isEmpty {
        throw endingFailure("`∂` needs a variable", label: "nothing follows")
      }
      throw failure(
        "`/∂` is followed by one name", at: kind == .newline ? behindPrevious : token.span,
        label: "not a name", help: "write `∂f/∂x`, `∂f/∂w[2]` for an entry")
    }
    let variable = parseQuantityName()
    var indices: [IndexSyntax] = []
    if kind == .leftBracket, !(isInList && token.spaceBefore) { indices = try parseIndices() }
    var order = 1
    if countsPowers {
      if kind == .superscript {
        order = try parsePositiveSuperscript()
      } else if kind == .caret, tokenAt(1).kind == .number {
        advance()
        order = try parsePositiveNumber()
      }
    }
    return .init(
      name: variable, indices: indices, order: order, span: span(from: start))
  }

  /// Whether the `∂` that comes begins a partial derivative of its own, as a mistake such as `∂f/∂x∂g/∂x`.
  private func isNextPartial() -> Bool {
    var ahead = position + 1
    while ahead < tokens.count, tokens[ahead].kind == .word { ahead += 1 }
    return ahead + 1 < tokens.count && tokens[ahead].kind == .slash
      && tokens[ahead + 1].kind == .partial
  }

  private mutating func incompletePartial(from start: Int) -> ParseFailure {
    if kind == .invalid { return .statement }
    if kind == .endOfText, openBrackets.isEmpty {
      return endingFailure("`∂` needs a variable", label: "expected `/∂x`")
    }
    let written = shortText(span(from: start))
    if beginsOperand(kind) {
      return failure(
        "`∂` takes a name, a call or a parenthesis", at: token.span, label: "expected `/∂`",
        help: "put the expression in parentheses: `∂(…)/∂x`")
    }
    return failure(
      "`\(written)` is half a derivative", at: span(from: start), label: "expected `/∂x` behind it",
      help: kind == .slash
        ? "the denominator begins with `∂` too: `\(written)/∂x`"
        : "write `\(written)/∂x`; for an expression `∂(…)/∂x`")
  }

  private mutating func reportOrder(
    _ order: Int, _ total: Int, _ variables: [ExpressionSyntax.PartialSyntax.Variable],
    from start: Int
  ) {
    report(
      "the orders above and below do not agree", at: span(from: start),
      label: "order \(order) above, \(total) below",
      help: total == 1
        ? "write `∂f/∂x`, or `∂²f/∂x²` for the second derivative"
        : "write `∂\(ScriptCharacters.high(total))` above")
  }

  /// `nabla = "∇" ( name | "(" expression ")" )`
  mutating func parseNabla() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    advance()
    let operand: ExpressionSyntax
    switch kind {
    case .word:
      let begin = position
      let name = parseQuantityName()
      operand = try make(.name(name), span(from: begin))
    case .superscript where readsQuantities && kindAfter == .word:
      let order = text(of: token)
      advance()
      return try make(.name("∇\(order)\(parseQuantityName())"), span(from: start))
    case .leftParenthesis:
      operand = try nested { (parser) throws(ParseFailure) in try parser.parseOperand() }
    case .invalid: throw .statement
    case .superscript:
      throw failure(
        "`∇²` is not read", at: token.span, label: "only `∇f`",
        help: "second derivatives are `hessian(f, x)` and `∂²f/∂x²`")
    case .endOfText where openBrackets.isEmpty:
      throw endingFailure("`∇` needs a function", label: "nothing follows")
    default:
      throw failure(
        "`∇` is followed by the name of a function",
        at: kind == .newline ? behindPrevious : token.span,
        label: "not a name", help: "write `∇f`, or `gradient(f)`")
    }
    return try make(.nabla(operand), span(from: start))
  }
}
