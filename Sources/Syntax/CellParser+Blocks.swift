/// `for`, `while` and `if`.
extension CellParser {
  /// `block = "{" { statement ( newline | ";" ) } "}"`
  mutating func parseBlock(of owner: String) throws(ParseFailure) -> [StatementSyntax] {
    try expectBrace(of: owner)
    return try bracketed(newlineEnds: true, closing: .rightBrace) {
      (parser) throws(ParseFailure) in
      var statements: [StatementSyntax] = []
      try parser.parseStatements(into: &statements)
      return statements
    }
  }

  /// Checks that a `{` comes, and says what is there instead.
  mutating func expectBrace(of owner: String) throws(ParseFailure) {
    switch kind {
    case .leftBrace: return
    case .endOfText:
      throw endingFailure("`\(owner)` needs a block", label: "expected `{`")
    case .newline where token.kind == .leftBrace:
      report(
        "the `{` of `\(owner)` must stand on its line", at: token.span, label: "one line too late",
        help: "put it at the end of line \(source.line(at: Int(previous.start)))")
      continueLine()
    case .newline, .semicolon, .rightBrace:
      forgivesEnd = true
      throw failure(
        "`\(owner)` needs a block", at: behindPrevious, label: "expected `{`",
        help: "what belongs to it stands between `{` and `}`")
    case .colon:
      forgivesEnd = true
      throw failure(
        "a block is written in braces", at: token.span, label: "not begun by `:`",
        help: "write `\(owner) … { … }`")
    case .invalid: throw .statement
    default:
      if token.keyword == .and || token.keyword == .or || beginsOperand(kind) || kind == .comma {
        throw missingOperatorFailure(.statement)
      }
      throw failure(
        "`\(owner)` needs a block", at: token.span, label: "expected `{`",
        help: "what belongs to it stands between `{` and `}`")
    }
  }

  /// `for = "for" name "in" range block`
  mutating func parseFor() throws(ParseFailure) -> StatementSyntax {
    try nested { (parser) throws(ParseFailure) in
      let start = parser.position
      let outer = parser.openBrackets.count
      parser.advance()
      do throws(ParseFailure) {
        let (variable, range) = try parser.parseForHead()
        try parser.expectBrace(of: "for")
        let body = try parser.parseBlock(of: "for")
        return StatementSyntax(
          .forLoop(
            variable: parser.name(variable), variableSpan: variable.span, range: range, body: body),
          parser.span(from: start))
      } catch .statement where parser.skipToBlock(from: start, outer: outer) {
        _ = try parser.parseBlock(of: "for")
        throw .statement
      }
    }
  }

  private mutating func parseForHead() throws(ParseFailure) -> (Token, ExpressionSyntax) {
    guard kind == .word else {
      if kind == .endOfText {
        throw endingFailure("`for` needs a variable", label: "expected a name")
      }
      throw failure(
        "`for` needs a variable", at: behindPrevious, label: "expected a name",
        help: "write `for i in 1:5 { … }`")
    }
    let variable = token
    advance()
    try expectIn()
    return (variable, try parseExpression())
  }

  /// The `in` of `for i in 1:5`; a `=` is reported and read as one.
  mutating func expectIn() throws(ParseFailure) {
    if keyword == .in {
      advance()
    } else if kind == .equal {
      report(
        "`for` takes its values with `in`", at: token.span, label: "write `in`",
        help: "write `for i in 1:5`")
      advance()
    } else if kind == .endOfText {
      throw endingFailure("`for` needs its values", label: "expected `in`")
    } else if kind == .invalid {
      throw .statement
    } else {
      throw failure(
        "`for` needs its values", at: kind == .newline ? behindPrevious : token.span,
        label: "expected `in`", help: "write `for i in 1:5`")
    }
  }

  /// `while = "while" condition block`
  mutating func parseWhile() throws(ParseFailure) -> StatementSyntax {
    try nested { (parser) throws(ParseFailure) in
      let start = parser.position
      let outer = parser.openBrackets.count
      parser.advance()
      do throws(ParseFailure) {
        let condition = try parser.parseCondition(of: "while")
        let body = try parser.parseBlock(of: "while")
        return StatementSyntax(
          .whileLoop(condition: condition, body: body), parser.span(from: start))
      } catch .statement where parser.skipToBlock(from: start, outer: outer) {
        _ = try parser.parseBlock(of: "while")
        throw .statement
      }
    }
  }

  /// `if = "if" condition block [ "else" ( block | if ) ]`; the `else` may begin a line.
  mutating func parseIf() throws(ParseFailure) -> StatementSyntax {
    try nested { (parser) throws(ParseFailure) in
      let start = parser.position
      let outer = parser.openBrackets.count
      parser.advance()
      var condition: ExpressionSyntax?
      var isBroken = false
      do throws(ParseFailure) {
        condition = try parser.parseCondition()
        try parser.expectBrace(of: "if")
      } catch .statement where parser.skipToBlock(from: start, outer: outer) {
        isBroken = true
      }
      let then = try parser.parseBlock(of: "if")
      let otherwise = try parser.parseElse()
      guard let condition, !isBroken else { throw .statement }
      return StatementSyntax(
        .conditional(condition: condition, then: then, otherwise: otherwise),
        parser.span(from: start))
    }
  }

  private mutating func parseElse() throws(ParseFailure) -> [StatementSyntax]? {
    if reportForeignElse() { return [try parseIf()] }
    guard standsElse() else { return nil }
    continueLine()
    advance()
    if keyword == .if {
      return [try parseIf()]
    }
    return try parseBlock(of: "else")
  }

  /// Whether an `else` comes, be it on the next line.
  func standsElse() -> Bool {
    token.kind == .word && token.keyword == .else && tokenAt(1).kind != .equal
  }

  /// Whether `elif` or `elseif` comes behind a block, which is reported and reads as `else if` does.
  mutating func reportForeignElse() -> Bool {
    guard token.kind == .word, token.keyword == nil, tokenAt(1).kind != .equal,
      ["elif", "elseif", "elsif"].contains(text(of: token))
    else { return false }
    report(
      "`\(text(of: token))` is not a word of the language", at: token.span, label: "write `else if`"
    )
    return true
  }

  /// An expression; a single `=` is reported and read as `==`.
  mutating func parseCondition(of owner: String = "if") throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    guard kind == .endOfText || !endsStatement(kind) && kind != .leftBrace else {
      throw failure(
        "`\(owner)` needs a condition", at: behindPrevious, label: "nothing to decide by",
        help: "write `\(owner) x > 2 { … }`")
    }
    let left = try parseExpression()
    guard kind == .equal else { return left }
    let sign = token.span
    report(
      "`=` gives a value, it does not compare", at: sign, label: "write `==`",
      help: "write `\(owner) \(shortText(left.span)) == …`")
    advanceOverOperator()
    let right = try parseExpression()
    return try make(
      .comparison(left, [.init(.equal, sign, right)]), span(from: start))
  }

  /// The text of a span for a help line, cut short.
  func shortText(_ span: SourceSpan) -> String {
    let text = source[span]
    let line = text.prefix { !$0.isNewline }
    return line.count <= 30 ? String(line) : line.prefix(28) + "…"
  }
}
