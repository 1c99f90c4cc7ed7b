/// The levels of operators, loosest first: `or`, `and`, `not`, comparisons, ranges, sums, products,
/// unary minus, juxtaposition, powers.
extension CellParser {
  func beginsOperand(_ kind: TokenKind) -> Bool {
    switch kind {
    case .number, .string, .word, .leftParenthesis, .leftBracket, .partial, .nabla, .bar,
      .doubleBar:
      true
    default: false
    }
  }

  func beginsExpression(_ kind: TokenKind) -> Bool {
    beginsOperand(kind) || kind == .minus || kind == .plus
  }

  /// `expression = conjunction { "or" conjunction }`
  mutating func parseExpression() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let first = try parseConjunction()
    guard keyword == .or else { return first }
    var operands = [first]
    while keyword == .or {
      advanceOverOperator()
      operands.append(try parseConjunction())
    }
    return try make(.or(operands), span(from: start))
  }

  /// `conjunction = negation { "and" negation }`
  private mutating func parseConjunction() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let first = try parseNegation()
    guard keyword == .and else { return first }
    var operands = [first]
    while keyword == .and {
      advanceOverOperator()
      operands.append(try parseNegation())
    }
    return try make(.and(operands), span(from: start))
  }

  /// `negation = "not" negation | comparison`
  private mutating func parseNegation() throws(ParseFailure) -> ExpressionSyntax {
    guard keyword == .not, standsNot() else { return try parseComparison() }
    let start = position
    advanceOverOperator()
    let operand = try nested { (parser) throws(ParseFailure) in try parser.parseNegation() }
    return try make(.not(operand), span(from: start))
  }

  /// Whether the word `not` that comes is the operator, and no name.
  func standsNot() -> Bool {
    let following = tokenAt(1)
    return beginsExpression(following.kind) || following.kind == .endOfText
  }

  /// `comparison = range { ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) range }`
  private mutating func parseComparison() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let first = try parseRange()
    guard var operation = Self.comparison(kind) else { return first }
    var links: [ExpressionSyntax.Link<ComparisonOperator>] = []
    while true {
      let sign = token.span
      advanceOverOperator()
      links.append(.init(operation, sign, try parseRange()))
      guard let next = Self.comparison(kind) else { break }
      operation = next
    }
    return try make(.comparison(first, links), span(from: start))
  }

  private static func comparison(_ kind: TokenKind) -> ComparisonOperator? {
    switch kind {
    case .equalEqual: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessEqual: .lessOrEqual
    case .greater: .greater
    case .greaterEqual: .greaterOrEqual
    default: nil
    }
  }

  /// `range = sum [ ":" sum [ ":" sum ] ]`
  private mutating func parseRange() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let from = try parseSum()
    guard kind == .colon, !endsHead() else { return from }
    advanceOverOperator()
    let second = try parseSum()
    guard kind == .colon, !endsHead() else {
      return try make(.range(from: from, step: nil, to: second), span(from: start))
    }
    advanceOverOperator()
    let third = try parseSum()
    if kind == .colon, !endsHead() {
      throw failure(
        "a range has at most three parts", at: token.span, label: "a third `:`",
        help: "write `from:to` or `from:step:to`")
    }
    return try make(.range(from: from, step: second, to: third), span(from: start))
  }

  /// Whether the `:` that comes is one that begins a block in Python, or is left out of a slice.
  private func endsHead() -> Bool {
    let following = tokenAt(1)
    switch following.kind {
    case .endOfText: return false
    case .rightBracket, .comma, .leftBrace: return true
    default: break
    }
    guard newlineEnds, let head = headOfBlock else { return false }
    // No condition is a range, and `range(3)` begins none, unless a block follows after all.
    return following.newlineBefore
      || (!hasBraceAhead && (head != .for || previous.kind == .rightParenthesis))
  }

  /// The word like `if` or `for` that the line began with that is being read.
  private var headOfBlock: Keyword? {
    var first = position
    while first > 0, !tokens[first].newlineBefore { first -= 1 }
    switch tokens[first].keyword {
    case .if, .for, .while, .else: return tokens[first].keyword
    default: return nil
    }
  }

  /// Whether a `{` stands on the rest of the line or begins the next one.
  private var hasBraceAhead: Bool {
    var next = position + 1
    while next < tokens.count, !tokens[next].newlineBefore, tokens[next].kind != .endOfText {
      if tokens[next].kind == .leftBrace { return true }
      next += 1
    }
    return next < tokens.count && tokens[next].kind == .leftBrace
  }

  /// `sum = product { ( "+" | "-" ) product }`
  private mutating func parseSum() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let first = try parseProduct()
    guard kind == .plus || kind == .minus else { return first }
    var links: [ExpressionSyntax.Link<BinaryOperator>] = []
    while kind == .plus || kind == .minus {
      let operation: BinaryOperator = kind == .plus ? .add : .subtract
      let sign = token.span
      advanceOverOperator()
      links.append(.init(operation, sign, try parseProduct()))
    }
    return try make(.chain(first, links), span(from: start))
  }

  /// `product = prefixed { ( "@" | "·" | "*" | "/" | "⊙" | "⊗" | "⊘" ) prefixed }`
  private mutating func parseProduct() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let first = try parsePrefixed()
    guard var operation = Self.product(kind) else { return first }
    var links: [ExpressionSyntax.Link<BinaryOperator>] = []
    while true {
      let sign = token
      advanceOverOperator()
      let operand = try parsePrefixed()
      if operation == .divide || operation == .hadamardDivide {
        refuseJuxtaposition(operand, behind: sign, left: links.last?.operand ?? first)
      }
      links.append(.init(operation, sign.span, operand))
      guard let next = Self.product(kind) else { break }
      operation = next
    }
    return try make(.chain(first, links), span(from: start))
  }

  private static func product(_ kind: TokenKind) -> BinaryOperator? {
    switch kind {
    case .star: .multiply
    case .slash: .divide
    case .at: .matrixProduct
    case .dot: .dotProduct
    case .odot: .hadamard
    case .otimes: .hadamardTimes
    case .oslash: .hadamardDivide
    default: nil
    }
  }

  /// `1/2x`: nobody can know whether x is divided or divides.
  private mutating func refuseJuxtaposition(
    _ operand: ExpressionSyntax, behind sign: Token, left: ExpressionSyntax
  ) {
    var inner = operand
    while case .negative(let next) = inner.kind { inner = next }
    guard case .juxtaposition(let number, let factor) = inner.kind else { return }
    let (a, b) = (shortText(number.span), shortText(factor.span))
    let head = shortText(left.span.joined(with: sign.span))
    let minus = operand === inner ? "" : "-"
    report(
      "\(quoted(sign)) before `\(shortText(inner.span))` is ambiguous", at: inner.span,
      label: "does it take `\(a)` only, or all of it?",
      help: "write `\(head)\(minus)\(a) * \(b)` or `\(head)\(minus)(\(a)*\(b))`")
  }

  /// `prefixed = "-" prefixed | juxtaposition`
  private mutating func parsePrefixed() throws(ParseFailure) -> ExpressionSyntax {
    switch kind {
    case .minus:
      let start = position
      advanceOverOperator()
      let operand = try nested { (parser) throws(ParseFailure) in try parser.parsePrefixed() }
      return try make(.negative(operand), span(from: start))
    case .plus:
      if tokenAt(1).kind == .plus || previous.kind == .plus && !token.spaceBefore {
        throw incrementFailure()
      }
      advanceOverOperator()
      return try nested { (parser) throws(ParseFailure) in try parser.parsePrefixed() }
    default: return try parseJuxtaposition()
    }
  }

  /// `juxtaposition = number power | power`, the number and the power without a space between.
  private mutating func parseJuxtaposition() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    var result: ExpressionSyntax
    if kind == .number, juxtaposes(tokenAt(1)) {
      let number = try parseNumber()
      let factor = try parsePower()
      result = try make(.juxtaposition(number, factor), span(from: start))
    } else {
      result = try parsePower()
    }
    while opensBarsBehindOperand {
      let factor = try parsePower()
      result = try make(.juxtaposition(result, factor), span(from: start))
    }
    return result
  }

  /// Whether a token stands so close behind a number that they multiply.
  func juxtaposes(_ next: Token) -> Bool {
    guard !next.spaceBefore, !next.newlineBefore else { return false }
    switch next.kind {
    case .leftParenthesis, .leftBracket, .partial, .nabla: return true
    case .word:
      switch next.keyword {
      case .and, .or, .not, .if, .else, .for, .in: return false
      default: return true
      }
    default: return false
    }
  }

  /// `power = postfix [ "^" { "-" } power ]`
  mutating func parsePower() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let base = try parsePostfix()
    guard kind == .caret else { return base }
    let sign = token
    advanceOverOperator()
    let exponent = try nested { (parser) throws(ParseFailure) in
      try parser.parseExponent(behind: sign, of: base)
    }
    return try make(.power(base, exponent), span(from: start))
  }

  private mutating func parseExponent(behind sign: Token, of base: ExpressionSyntax)
    throws(ParseFailure) -> ExpressionSyntax
  {
    if kind == .minus {
      let start = position
      advanceOverOperator()
      let operand = try nested { (parser) throws(ParseFailure) in
        try parser.parseExponent(behind: sign, of: base)
      }
      return try make(.negative(operand), span(from: start))
    }
    if kind == .number, juxtaposes(tokenAt(1)) {
      let start = position
      let number = try parseNumber()
      let factor = try parsePower()
      let product = try make(.juxtaposition(number, factor), span(from: start))
      refuseJuxtaposition(product, behind: sign, left: base)
      return product
    }
    return try parsePower()
  }
}
