/// Functions, their parameters, and declared symbols.
extension CellParser {
  /// The index of the `=` behind the `)` that matches the next token but one, if there is one.
  func definitionSign() -> Int? {
    let match = Int(tokenAt(1).match)
    guard match > position, match + 1 < tokens.count else { return nil }
    let next = tokens[match + 1]
    return next.kind == .equal && !next.newlineBefore ? match + 1 : nil
  }

  /// `definition = name "(" [ parameter { "," parameter } ] ")" "=" body`
  mutating func parseDefinition(equals: Int) throws(ParseFailure) -> StatementSyntax {
    let start = position
    let function = token
    advance()
    var broken: ParseFailure?
    var parameters: [ParameterSyntax] = []
    do throws(ParseFailure) {
      parameters = try bracketed(newlineEnds: false, closing: .rightParenthesis) {
        (parser) throws(ParseFailure) in
        try parser.parseParameters(of: function)
      }
    } catch .statement {
      // The body may hold mistakes of its own.
      broken = .statement
      openBrackets.removeAll { $0 > start && $0 < equals }
      position = equals
    }
    advanceOverOperator()
    let body = try parseBody(of: function)
    if parameters.count == 1 { layers.append(.activation(name(function))) }
    if kind == .equal {
      throw failure(
        "one statement defines one function", at: token.span, label: "a second `=`",
        help: "compare with `==`")
    }
    if let broken { throw broken }
    return StatementSyntax(
      .definition(
        FunctionSyntax(
          name: name(function), nameSpan: function.span, parameters: parameters, body: body)),
      span(from: start))
  }

  /// `body = expression | "{" { name "=" value END } expression "}"`
  mutating func parseBody(of function: Token) throws(ParseFailure) -> BodySyntax {
    guard kind == .leftBrace else {
      let expression = try parseExpression()
      return BodySyntax(result: expression, span: expression.span)
    }
    let start = position
    let before = diagnostics.count
    var statements = try parseBlock(of: text(of: function))
    // What is wrong in a line is all that is said of it.
    guard diagnostics.count == before else { throw .statement }
    let whole = span(from: start)
    guard let last = statements.popLast() else {
      throw failure(
        "the body of \(quoted(function)) is empty", at: whole, label: "no value",
        help: "its last line is the value: `{ q = x^2; q + 1 }`")
    }
    try requireLines(statements, of: function)
    guard let result = try value(of: last) else {
      throw failure(
        "the body of \(quoted(function)) ends without a value", at: last.span,
        label: "the last line is the value",
        help: bodyTarget(last).map { "write `\($0)` on a line of its own behind it" })
    }
    return BodySyntax(lines: statements, result: result, span: whole)
  }

  /// Throws: where a statement is no line of a body: an assignment, `for`, `while` or `if` of such.
  private mutating func requireLines(_ statements: [StatementSyntax], of function: Token)
    throws(ParseFailure)
  {
    for statement in statements {
      switch statement.kind {
      case .assignment(let target, _):
        switch target.kind {
        case .name: continue
        case .index(let base, _):
          if case .name = base.kind { continue }
          throw misplacedInBody(statement, of: function)
        default: throw misplacedInBody(statement, of: function)
        }
      case .forLoop(_, _, _, let body), .whileLoop(_, let body):
        try requireLines(body, of: function)
      case .conditional(_, let then, let otherwise):
        try requireLines(then + (otherwise ?? []), of: function)
      case .parameters, .running: continue
      default: throw misplacedInBody(statement, of: function)
      }
    }
  }

  /// The name that a line of a body assigns.
  private func bodyTarget(_ statement: StatementSyntax) -> String? {
    guard case .assignment(let target, _) = statement.kind, case .name(let name) = target.kind
    else { return nil }
    return name
  }

  /// The value of a body's last line: an expression, or an `if` whose branches are expressions.
  private mutating func value(of statement: StatementSyntax) throws(ParseFailure)
    -> ExpressionSyntax?
  {
    switch statement.kind {
    case .expression(let expression): return expression
    case .conditional(let condition, let then, let otherwise):
      guard then.count == 1, let first = try value(of: then[0]) else { return nil }
      guard let otherwise else {
        return try make(
          .conditional(condition: condition, then: first, otherwise: nil), statement.span)
      }
      guard otherwise.count == 1, let second = try value(of: otherwise[0]) else { return nil }
      return try make(
        .conditional(condition: condition, then: first, otherwise: second), statement.span)
    default: return nil
    }
  }

  private mutating func misplacedInBody(_ statement: StatementSyntax, of function: Token)
    -> ParseFailure
  {
    let place = "in the body of \(quoted(function))"
    switch statement.kind {
    case .expression:
      return failure(
        "a line \(place) has a value that nothing uses", at: statement.span,
        label: "only the last line is the value", help: "give it a name: `q = …`")
    case .assignment:
      return failure(
        "a line \(place) assigns to a part of something else", at: statement.span,
        label: "not to a name or an entry", help: "its names are its own: `q = …`, `v[i] = …`")
    default:
      return failure(
        "this cannot stand \(place)", at: statement.span,
        label: "neither `name = value` nor the value",
        help: "a body holds assignments, `for`, `while` and `if` with such, then the value")
    }
  }

  private mutating func parseParameters(of function: Token) throws(ParseFailure)
    -> [ParameterSyntax]
  {
    var parameters: [ParameterSyntax] = []
    var names: Set<String> = []
    while kind != .rightParenthesis {
      let parameter = try parseParameter(isSymbol: false)
      if !names.insert(parameter.name).inserted {
        report(
          "two parameters are called `\(parameter.name)`", at: parameter.span,
          label: "the second one", help: "give it another name")
      }
      parameters.append(parameter)
      if kind == .comma {
        advance()
        if kind == .rightParenthesis { throw missingAfterComma("a parameter") }
      } else if kind != .rightParenthesis {
        throw parameterSeparatorFailure()
      }
    }
    return parameters
  }

  private mutating func parameterSeparatorFailure() -> ParseFailure {
    if kind == .equal {
      return failure(
        "a parameter has no default value", at: token.span, label: "`=` can't stand here",
        help: "name it only, and give the value in the call")
    }
    if kind == .invalid { return .statement }
    if beginsOperand(kind) {
      return failure(
        "a comma is missing between the parameters", at: token.span, label: "expected `,`")
    }
    return failure(
      "a parameter is a name", at: token.span, label: "expected `,` or `)`",
      help: "a kind may follow: `f(x, w: vector, A: matrix) = …`")
  }

  /// `parameter = name [ ":" kind [ "(" size { "," size } ")" ] ]`
  mutating func parseParameter(isSymbol: Bool) throws(ParseFailure) -> ParameterSyntax {
    let start = position
    let isDerivative = isSymbol && readsQuantities && (kind == .partial || kind == .nabla)
    guard kind == .word || isDerivative else {
      if kind == .invalid { throw .statement }
      if kind == .endOfText {
        throw openBrackets.isEmpty
          ? endingFailure("a name is missing", label: "nothing follows") : unclosedFailure()
      }
      throw failure(
        isSymbol ? "a symbol is a name" : "a parameter is a name",
        at: kind == .newline ? behindPrevious : token.span, label: "expected a name",
        help: isSymbol
          ? "write `symbols x, w: vector(n)`"
          : "a function is defined for all values: `f(x) = …`; a single value is computed by a call"
      )
    }
    let word = token
    if word.keyword == .true || word.keyword == .false {
      report("\(quoted(word)) is a constant", at: word.span, label: "not a name")
    }
    let name = isSymbol ? try parseSymbolName() : self.name(word)
    if !isSymbol { advance() }
    var parameterKind = ParameterSyntax.Kind.scalar
    var sizes: [ParameterSyntax.Size] = []
    let hasKind = kind == .colon
    if hasKind {
      advance()
      (parameterKind, sizes) = try parseKind(isSymbol: isSymbol, of: word)
    }
    return ParameterSyntax(
      name: name, kind: parameterKind, sizes: sizes, hasKind: hasKind,
      span: span(from: start))
  }

  private mutating func parseKind(isSymbol: Bool, of word: Token) throws(ParseFailure) -> (
    ParameterSyntax.Kind, [ParameterSyntax.Size]
  ) {
    let kinds = ParameterSyntax.Kind.allCases.filter { isSymbol || $0 != .function }
    let names = kinds.map(\.rawValue)
    let choices = "\(names.dropLast().joined(separator: ", ")) or \(names[names.count - 1])"
    guard kind == .word else {
      if kind == .endOfText && openBrackets.isEmpty {
        throw endingFailure("the kind of \(quoted(word)) is missing", label: "nothing follows `:`")
      }
      throw failure(
        "the kind of \(quoted(word)) is missing",
        at: kind == .newline || kind == .endOfText ? behindPrevious : token.span,
        label: "expected \(choices)")
    }
    let spelled = text(of: token)
    guard let parsed = ParameterSyntax.Kind(rawValue: spelled), kinds.contains(parsed) else {
      let near = Spelling.nearest(to: spelled, in: names)
      throw failure(
        "\(quoted(token)) is not a kind of \(isSymbol ? "symbol" : "parameter")", at: token.span,
        label: "expected \(choices)",
        help: near.map { "did you mean `\($0)`?" })
    }
    let kindToken = token
    advance()
    guard kind == .leftParenthesis else { return (parsed, []) }
    let sizes = try bracketed(newlineEnds: false, closing: .rightParenthesis) {
      (parser) throws(ParseFailure) in try parser.parseSizes()
    }
    let expected = parsed.sizeCounts
    if !expected.contains(sizes.count) {
      let names = ["", "(n)", "(m, n)"][expected.upperBound]
      report(
        "\(parsed.described) has "
          + (expected.count > 1
            ? "one size or two" : ["no size", "one size", "two sizes"][expected.upperBound]),
        at: kindToken.span.joined(with: previous.span),
        label: "\(sizes.count == 0 ? "none" : "\(sizes.count)") given",
        help: names.isEmpty
          ? "write `\(parsed.rawValue)` alone"
          : "write `\(parsed.rawValue)\(names)`, or `\(parsed.rawValue)` alone")
    }
    return (parsed, sizes)
  }

  mutating func parseSizes() throws(ParseFailure) -> [ParameterSyntax.Size] {
    var sizes: [ParameterSyntax.Size] = []
    while kind != .rightParenthesis {
      if kind == .word {
        sizes.append(.name(name(token)))
      } else if kind == .number, let size = Int(text(of: token)), size > 0 {
        sizes.append(.number(size))
      } else if kind == .endOfText {
        throw unclosedFailure()
      } else {
        throw failure(
          "a size is a name or a whole number", at: token.span, label: "neither",
          help: "write `vector(n)` or `vector(3)`")
      }
      advance()
      if kind == .comma {
        advance()
        if kind == .rightParenthesis { throw missingAfterComma("a size") }
      } else if kind != .rightParenthesis {
        if kind == .endOfText { throw unclosedFailure() }
        throw failure(
          "a size is a name or a whole number", at: token.span, label: "expected `,` or `)`")
      }
    }
    return sizes
  }

  /// `symbols = "symbols" parameter { "," parameter }`
  ///
  /// Names that stand together share the kind behind the last: `w, x: vector(n)` are two vectors.
  mutating func parseSymbols() throws(ParseFailure) -> StatementSyntax {
    let start = position
    advance()
    var symbols: [ParameterSyntax] = []
    // Where the names begin that wait for their kind.
    var open = 0
    while true {
      let symbol = try parseParameter(isSymbol: true)
      symbols.append(symbol)
      if symbol.hasKind {
        for index in open..<symbols.count {
          (symbols[index].kind, symbols[index].sizes) = (symbol.kind, symbol.sizes)
        }
        open = symbols.count
      }
      guard kind == .comma else { break }
      advanceOverOperator()
    }
    return StatementSyntax(.symbols(symbols), span(from: start))
  }
}
