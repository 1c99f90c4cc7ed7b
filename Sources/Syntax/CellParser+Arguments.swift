/// Calls and what stands between their parentheses.
extension CellParser {
  /// `call = "(" [ generator | argument { "," argument } ] ")"`
  mutating func parseCall(of callee: ExpressionSyntax, from start: Int) throws(ParseFailure)
    -> ExpressionSyntax
  {
    var allowsPaths = false
    if case .name(let name) = callee.kind { allowsPaths = name == "whatif" || name == "explore" }
    let arguments = try bracketed(newlineEnds: false, closing: .rightParenthesis) {
      (parser) throws(ParseFailure) in
      try parser.parseArguments(allowsPaths: allowsPaths)
    }
    return try make(.call(callee, arguments), span(from: start))
  }

  private mutating func parseArguments(allowsPaths: Bool) throws(ParseFailure) -> [ArgumentSyntax] {
    var arguments: [ArgumentSyntax] = []
    var keywords: Set<String> = []
    while kind != .rightParenthesis {
      let start = position
      if kind == .word, kindAfter == .equal {
        let word = token
        let argument = try parseKeywordArgument()
        if case .keyword(let name, _, _) = argument, !keywords.insert(name).inserted {
          report(
            "`\(name)` is given twice", at: word.span, label: "the second time",
            help: "leave one of them out")
        }
        arguments.append(argument)
      } else if standsExplain {
        arguments.append(.positional(try parseExplained()))
      } else {
        let value = try parseExpression()
        arguments.append(
          try parseRestOfArgument(
            value, from: start, allowsPaths: allowsPaths, isFirst: arguments.isEmpty))
      }
      switch kind {
      case .comma:
        advance()
        if kind == .rightParenthesis { throw missingAfterComma("an argument") }
      case .rightParenthesis: break
      default: try recoverMissingComma(.arguments)
      }
    }
    return arguments
  }

  /// Whether `explain …` or `(explain …, layer = 2)` begins here.
  private var standsExplain: Bool {
    let distance = kind == .leftParenthesis ? 1 : 0
    return tokenAt(distance).keyword == .explain && beginsExpression(kindAt(distance + 1))
  }

  /// `explained = "explain" expression | "(" explain ")"`: among other arguments its options need parentheses.
  private mutating func parseExplained() throws(ParseFailure) -> ExpressionSyntax {
    guard kind == .leftParenthesis else {
      let start = position
      advance()
      return try make(.explain(try parseExpression(), options: []), span(from: start))
    }
    return try bracketed(newlineEnds: false, closing: .rightParenthesis) {
      (parser) throws(ParseFailure) in
      try parser.parseStatementExpression()
    }
  }

  /// `argument = expression | name "=" ( expression | several ) | path "=" expression`
  mutating func parseKeywordArgument() throws(ParseFailure) -> ArgumentSyntax {
    let word = token
    advance()
    advanceOverOperator()
    let value = standsSeveral ? try parseSeveral() : try parseExpression()
    if kind == .equal {
      throw failure(
        "an argument is given one value", at: token.span, label: "a second `=`",
        help: "compare with `==`")
    }
    return .keyword(name: name(word), nameSpan: word.span, value: value)
  }

  /// Whether a parenthesis opens that holds a comma of its own.
  private var standsSeveral: Bool {
    guard kind == .leftParenthesis, token.match > position else { return false }
    var index = position + 1
    while index < Int(token.match) {
      if tokens[index].kind == .comma { return true }
      let match = Int(tokens[index].match)
      index = match > index ? match + 1 : index + 1
    }
    return false
  }

  /// `several = "(" expression "," expression { "," expression } ")"`
  private mutating func parseSeveral() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let values = try bracketed(newlineEnds: false, closing: .rightParenthesis) {
      (parser) throws(ParseFailure) in
      var values: [ExpressionSyntax] = []
      repeat {
        if !values.isEmpty { parser.advanceOverOperator() }
        values.append(try parser.parseExpression())
      } while parser.kind == .comma
      guard parser.kind == .rightParenthesis else {
        throw parser.missingOperatorFailure(.parentheses)
      }
      return values
    }
    return try make(.several(values), span(from: start))
  }

  private mutating func parseRestOfArgument(
    _ value: ExpressionSyntax, from start: Int, allowsPaths: Bool, isFirst: Bool
  ) throws(ParseFailure) -> ArgumentSyntax {
    if keyword == .for {
      let loop = token
      let generator = try parseGenerator(value)
      if !isFirst || kind == .comma {
        report(
          "a `for` in a call is its only argument", at: loop.span, label: "not beside others",
          help: "put it in brackets, as a list: `[… for i in 1:5]`")
      }
      return .generator(generator, span(from: start))
    }
    guard kind == .equal else { return .positional(value) }
    if let open = openBrackets.last, tokens[open].match < 0 { throw unclosedFailure() }
    guard isPath(value.kind) else {
      throw failure(
        "`=` gives an argument by its name", at: token.span,
        label: "what stands before it is no name", help: "compare with `==`")
    }
    if !allowsPaths {
      report(
        "only `whatif` and `explore` take a parameter of a network by its place", at: value.span,
        label: "not a name", help: "compare with `==`")
    }
    advanceOverOperator()
    return .path(value, value: try parseExpression())
  }

  /// Whether an expression is a place such as `W[2][1,3]` or `net.W[1]`.
  func isPath(_ kind: ExpressionSyntax.Kind) -> Bool {
    switch kind {
    case .index(let base, _), .member(let base, _, _):
      if case .name = base.kind { return true }
      return isPath(base.kind)
    default: return false
    }
  }

  /// `generator = expression "for" name "in" expression { "," name "in" expression } [ "if" condition ]`, from
  /// its `for` on.
  mutating func parseGenerator(_ element: ExpressionSyntax) throws(ParseFailure)
    -> ExpressionSyntax.Generator
  {
    var ranges: [ExpressionSyntax.Generator.Range] = []
    repeat {
      advance()
      ranges.append(try parseGeneratorRange())
      if ranges.count > Self.rangeLimit {
        throw failure(
          "a `for` runs over at most \(Self.rangeLimit) ranges", at: ranges[0].variableSpan,
          label: "there are more of them")
      }
    } while kind == .comma && tokenAt(1).kind == .word && tokenAt(2).keyword == .in
    if keyword == .for {
      let range = shortText(SourceSpan(Int(tokenAt(1).start), Int(tokenAt(1).end)))
      throw failure(
        "one `for` stands in a list or a call", at: token.span, label: "a second one",
        help: "write a comma: `for \(ranges[0].variable) in …, \(range) in …`")
    }
    var condition: ExpressionSyntax?
    if keyword == .if {
      advance()
      condition = try parseCondition()
    }
    return ExpressionSyntax.Generator(element: element, ranges: ranges, condition: condition)
  }

  private static let rangeLimit = 12

  private mutating func parseGeneratorRange() throws(ParseFailure)
    -> ExpressionSyntax.Generator.Range
  {
    guard kind == .word else {
      if kind == .endOfText { throw unclosedFailure() }
      if kind == .invalid { throw .statement }
      throw failure(
        "`for` needs a variable", at: token.span, label: "expected a name",
        help: "write `for i in 1:5`")
    }
    let variable = token
    advance()
    if kind == .endOfText { throw unclosedFailure() }
    try expectIn()
    return .init(
      variable: name(variable), variableSpan: variable.span, values: try parseExpression())
  }
}
