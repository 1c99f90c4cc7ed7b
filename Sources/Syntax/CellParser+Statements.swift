/// Programs, statements and what ends them.
extension CellParser {
  /// `program = { statement ( newline | ";" ) }`
  mutating func parseProgram() -> [StatementSyntax] {
    var statements: [StatementSyntax] = []
    do throws(ParseFailure) {
      while true {
        try parseStatements(into: &statements)
        guard token.kind == .rightBrace else { return statements }
        report(
          "nothing is open that this `}` could close", at: token.span,
          label: "no `{` belongs to it",
          help: "remove it, or open the block with `{`")
        advance()
      }
    } catch {
      return statements
    }
  }

  /// Statements up to a `}` or the end of the text.
  mutating func parseStatements(into statements: inout [StatementSyntax]) throws(ParseFailure) {
    while true {
      while token.kind == .semicolon { advance() }
      if token.kind == .endOfText || token.kind == .rightBrace { return }
      if diagnostics.count >= Lexer.diagnosticLimit { throw .cell }
      continueLine()
      let start = position
      let outer = openBrackets.count
      do throws(ParseFailure) {
        if skipsForgivenEnd() { continue }
        statements.append(try parseTerminatedStatement())
      } catch .cell {
        throw .cell
      } catch {
        skipStatement(from: start, outer: outer)
      }
      if position == start { advance() }
    }
  }

  private mutating func skipsForgivenEnd() -> Bool {
    guard forgivesEnd, keyword == nil, kind == .word, endsStatement(kindAfter),
      text(of: token) == "end"
    else { return false }
    advance()
    return true
  }

  /// A statement and the newline or `;` that ends it.
  private mutating func parseTerminatedStatement() throws(ParseFailure) -> StatementSyntax {
    var statement = try parseStatement()
    switch kind {
    case .newline, .endOfText, .rightBrace: break
    case .semicolon:
      statement.isSuppressed = true
      advance()
    default: throw missingOperatorFailure(.statement)
    }
    return statement
  }

  func endsStatement(_ kind: TokenKind) -> Bool {
    switch kind {
    case .newline, .endOfText, .rightBrace, .semicolon: true
    default: false
    }
  }

  /// One statement. Keywords are keywords only where what follows them makes them one.
  private mutating func parseStatement() throws(ParseFailure) -> StatementSyntax {
    let start = position
    if kindAfter == .question, endsStatement(kindAt(2)) {
      let asked = token
      advance()
      advance()
      return StatementSyntax(
        .help(name: name(asked), nameSpan: asked.span), span(from: start))
    }
    guard kind == .word else { return try parseExpressionStatement() }
    let following = kindAfter
    if following == .equal { return try parseExpressionStatement() }
    switch token.keyword {
    case .if
    where beginsExpression(following) || endsStatement(following) || following == .leftBrace:

      return try parseIf()
    case .for where following == .leftParenthesis && tokenAt(3).keyword == .in:
      throw failure(
        "`for` is written without parentheses", at: tokenAt(1).span, label: "leave them out",
        help: "write `for \(text(of: tokenAt(2))) in 1:5 { … }`")
    case .for where following == .word || endsStatement(following) || following == .leftBrace:
      return try parseFor()
    case .while
    where beginsExpression(following) && !(following == .leftParenthesis && definitionSign() != nil)
      || endsStatement(following) || following == .leftBrace:
      return try parseWhile()
    case .set where following == .word: return try parseSet()
    case .try where beginsExpression(following):
      advance()
      let expression = try parseStatementExpression()
      if kind == .equal {
        throw failure(
          "`try` takes an expression", at: token.span, label: "an assignment is none",
          help: "give the name its value on a line of its own")
      }
      return StatementSyntax(.attempt(expression), span(from: start))
    case .symbols where following == .word || following == .number || following == .string:
      return try parseSymbols()
    case .network where following == .word || following == .leftBrace: return try parseNetwork()
    case .perceptron where following == .word || following == .leftBrace:
      return try parsePerceptron()
    case .layer where following == .word: return try parseLayerDefinition()
    case .parameter where isInLayer && following == .word: return try parseLayerParameters()
    case .running where isInLayer && following == .word: return try parseRunning()
    case .else where following == .leftBrace || tokenAt(1).keyword == .if:
      throw misplacedElse()
    case .input, .loss, .seed, .precision, .threshold:
      if following == .word || following == .number || following == .string {
        throw misplacedNetworkItem()
      }
    case nil:
      if layerWord(token)?.isFunction == false,
        following == .word || following == .number || following == .string
      {
        throw misplacedNetworkItem()
      }
      if following == .word || following == .number || following == .leftParenthesis
        || following == .string || following == .leftBrace || endsStatement(following)
      {
        if let failure = foreignStatement() { throw failure }
      }
    default: break
    }
    if following == .leftParenthesis, let equals = definitionSign() {
      return try parseDefinition(equals: equals)
    }
    return try parseExpressionStatement()
  }

  /// `expression`, or `target = expression`.
  private mutating func parseExpressionStatement() throws(ParseFailure) -> StatementSyntax {
    let start = position
    if kind == .word, kindAfter == .equal { return try parseAssignmentToName() }
    if let failure = misplacedBeginning() { throw failure }
    let expression = try parseStatementExpression()
    switch kind {
    case .equal:
      if let failure = targetFailure(expression) { throw failure }
      advanceOverOperator()
      let value = try parseAssignedValue()
      return StatementSyntax(.assignment(target: expression, value: value), span(from: start))
    case .compoundAssignment: throw compoundAssignmentFailure(expression)
    default: return StatementSyntax(.expression(expression), span(from: start))
    }
  }

  private mutating func parseAssignmentToName() throws(ParseFailure) -> StatementSyntax {
    let start = position
    let word = token
    if word.keyword == .true || word.keyword == .false {
      report("\(quoted(word)) is a constant", at: word.span, label: "it can't get another value")
    }
    let target = try make(.name(name(word)), word.span)
    advance()
    advanceOverOperator()
    let value = try parseAssignedValue()
    return StatementSyntax(.assignment(target: target, value: value), span(from: start))
  }

  private mutating func parseAssignedValue() throws(ParseFailure) -> ExpressionSyntax {
    let value = try parseStatementExpression()
    guard kind == .equal else { return value }
    throw failure(
      "one statement assigns one value", at: token.span, label: "a second `=`",
      help: "compare with `==`, or write two statements")
  }

  /// An expression that may be an `explain`, with options behind its commas.
  mutating func parseStatementExpression() throws(ParseFailure) -> ExpressionSyntax {
    if beginsAudit {
      let start = position
      let audit = try nested { (parser) throws(ParseFailure) in
        try parser.parseAudit(allowsOptions: true)
      }
      return try parsePostfixes(of: audit, from: start)
    }
    if beginsExercise { return try parseExercise() }
    guard keyword == .explain, beginsExpression(kindAfter) else { return try parseExpression() }
    return try nested { (parser) throws(ParseFailure) in try parser.parseExplain() }
  }

  /// `explain = "explain" expression { "," name "=" expression }`
  private mutating func parseExplain() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    advance()
    let opening = token
    let subject = try parseExpressionOrList(opening)
    let options = try parseOptions(of: "explain")
    return try make(.explain(subject, options: options), span(from: start))
  }

  /// `{ "," name "=" expression }`
  mutating func parseOptions(of owner: String) throws(ParseFailure) -> [ArgumentSyntax] {
    var options: [ArgumentSyntax] = []
    while kind == .comma {
      advanceOverOperator()
      guard kind == .word, kindAfter == .equal else {
        if kind == .endOfText {
          throw endingFailure(
            "an option of `\(owner)` is missing", label: "nothing follows the comma")
        }
        throw failure(
          "an option of `\(owner)` has a name", at: token.span, label: "no `name = value`",
          help: "options are `layer = 2`, `neuron = 1`, `example = 3`, `form = scalar`, `x = 2`")
      }
      options.append(try parseKeywordArgument())
    }
    return options
  }

  private mutating func parseExpressionOrList(_ opening: Token) throws(ParseFailure)
    -> ExpressionSyntax
  {
    let before = diagnostics.count
    do throws(ParseFailure) {
      return try parseExpression()
    } catch {
      // `explain(forward(net, x), layer = 2)`
      if opening.kind == .leftParenthesis, diagnostics.count == before + 1, token.kind == .comma,
        openBrackets.last.map({ tokens[$0].start == opening.start }) ?? false
      {
        diagnostics.removeLast()
        throw failure(
          "`explain` is not called with parentheses", at: opening.span, label: "leave this out",
          help: "write `explain forward(net, x), layer = 2`")
      }
      throw error
    }
  }

  /// `set = "set" name "=" expression`
  private mutating func parseSet() throws(ParseFailure) -> StatementSyntax {
    let start = position
    advance()
    let setting = token
    advance()
    guard kind == .equal else {
      let value = beginsOperand(kind) ? " = " + text(of: token) : " = …"
      throw failure(
        "`set` needs a `=`", at: beginsOperand(kind) ? token.span : behindPrevious,
        label: "expected `=`", help: "write `set \(text(of: setting))\(value)`")
    }
    advanceOverOperator()
    let value = try parseExpression()
    return StatementSyntax(
      .set(name: name(setting), nameSpan: setting.span, value: value), span(from: start))
  }
}
