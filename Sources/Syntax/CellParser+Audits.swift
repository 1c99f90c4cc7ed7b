/// `audit`: chains of equalities, and names as a derivation writes them.
extension CellParser {
  /// Whether the word that comes begins an audit: its block, or the call whose explanation it is about.
  var beginsAudit: Bool {
    guard kind == .word, token.keyword == .audit else { return false }
    switch kindAfter {
    case .leftBrace, .partial, .nabla, .number: return true
    case .word:
      switch tokenAt(1).keyword {
      case .and, .or, .in, .if, .else, .for, .not: return false
      default: return true
      }
    default: return false
    }
  }

  /// `audit = "audit" [ expression { "," name "=" expression } ] "{" { audit-line END } "}"`
  mutating func parseAudit(allowsOptions: Bool) throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    advance()
    var call: ExpressionSyntax?
    var options: [ArgumentSyntax] = []
    if kind != .leftBrace {
      call = try parseExpression()
      if allowsOptions { options = try parseOptions(of: "audit") }
    }
    try expectBrace(of: "audit")
    let brace = token
    let first = source.line(at: Int(brace.start)) - (tokenAt(1).newlineBefore ? 0 : 1)
    let outer = readsQuantities
    readsQuantities = true
    defer { readsQuantities = outer }
    let items = try bracketed(newlineEnds: true, closing: .rightBrace) {
      (parser) throws(ParseFailure) in try parser.parseAuditItems(behindLine: first)
    }
    let audit = AuditSyntax(
      call: call, options: options, items: items,
      headings: headings(from: Int(brace.end), to: Int(previous.start), behindLine: first))
    return try make(.audit(audit), span(from: start))
  }

  /// Whether `exercise` comes with the call behind it; `exercise(…)` is a call like any other.
  var beginsExercise: Bool {
    guard kind == .word, token.keyword == .exercise else { return false }
    switch kindAfter {
    case .partial, .nabla, .number: return true
    case .word:
      switch tokenAt(1).keyword {
      case .and, .or, .in, .if, .else, .for, .not: return false
      default: return true
      }
    default: return false
    }
  }

  /// `exercise = "exercise" expression { "," name "=" expression }`: the call of the command, without its brackets.
  mutating func parseExercise() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let word = try make(.name(text(of: token)), token.span)
    advance()
    let subject = try nested { (parser) throws(ParseFailure) in try parser.parseExpression() }
    let options = try parseOptions(of: "exercise")
    return try make(.call(word, [.positional(subject)] + options), span(from: start))
  }

  /// The comments that have lines of their own.
  private func headings(from start: Int, to end: Int, behindLine first: Int)
    -> [AuditSyntax.Heading]
  {
    let lines = source.line(at: start)...max(source.line(at: start), source.line(at: end))
    return lines.compactMap { line in
      let text = source[source.span(ofLine: line)].drop { $0.isWhitespace }
      guard text.first == "#" else { return nil }
      let words = text.drop { $0 == "#" || $0.isWhitespace }
      return AuditSyntax.Heading(text: String(words), line: line - first)
    }
  }

  private mutating func parseAuditItems(behindLine first: Int) throws(ParseFailure)
    -> [AuditSyntax.Item]
  {
    var items: [AuditSyntax.Item] = []
    while true {
      while token.kind == .semicolon { advance() }
      if token.kind == .rightBrace || token.kind == .endOfText { return items }
      continueLine()
      if keyword == .symbols, [.word, .partial, .nabla].contains(kindAfter) {
        let statement = try parseSymbols()
        if case .symbols(let symbols) = statement.kind { items.append(.symbols(symbols)) }
      } else if keyword == .assume, kindAfter == .word {
        items.append(.assumption(try parseAssumption()))
      } else {
        items.append(.chain(try parseChain(behindLine: first)))
      }
      guard endsStatement(kind) else { throw missingOperatorFailure(.statement) }
    }
  }

  /// `chain = expression sign expression { sign expression }`, with "=" or "≈" as signs; a line that
  /// begins with one goes on with it.
  private mutating func parseChain(behindLine first: Int) throws(ParseFailure)
    -> [AuditSyntax.Side]
  {
    if kind == .equal || kind == .approximately {
      throw failure(
        "this \(quoted(token)) has nothing on its left", at: token.span,
        label: "no chain is open here",
        help: "the first line of a chain names what the others are equal to: `y = 2*x`")
    }
    let start = position
    var sides = [try parseSide(behindLine: first)]
    while token.kind == .equal || token.kind == .approximately {
      let isRounded = token.kind == .approximately
      continueLine()
      advanceOverOperator()
      sides.append(try parseSide(behindLine: first, isRounded: isRounded))
    }
    guard sides.count > 1 else {
      guard endsStatement(kind) else { throw missingOperatorFailure(.statement) }
      throw failure(
        "a line of an audit says that two things are equal", at: span(from: start),
        label: "no `=` behind it", help: "words stand behind `#`")
    }
    return sides
  }

  private mutating func parseSide(behindLine first: Int, isRounded: Bool = false)
    throws(ParseFailure) -> AuditSyntax.Side
  {
    let line = source.line(at: Int(token.start)) - first
    return AuditSyntax.Side(try parseExpression(), line: line, isRounded: isRounded)
  }

  /// The name of a symbol; in an audit also `w₁₂^[2]`, and a derivative that is one name, `∂L/∂Z`.
  mutating func parseSymbolName() throws(ParseFailure) -> String {
    guard readsQuantities else {
      defer { advance() }
      return name(token)
    }
    guard kind == .partial || kind == .nabla else { return parseQuantityName() }
    return SourcePrinter.text(of: try kind == .partial ? parsePartial() : parseNabla())
  }

  /// `assume = "assume" name { "," name } "in" expression ".." expression`
  private mutating func parseAssumption() throws(ParseFailure) -> AuditSyntax.Assumption {
    let start = position
    advance()
    var names: [(name: String, span: SourceSpan)] = []
    while true {
      guard kind == .word else { throw assumptionFailure(from: start) }
      let begin = position
      let name = parseQuantityName()
      names.append((name, span(from: begin)))
      guard kind == .comma else { break }
      advanceOverOperator()
    }
    guard keyword == .in else { throw assumptionFailure(from: start) }
    advance()
    guard beginsExpression(kind) else { throw assumptionFailure(from: start) }
    let bounds = try parseExpression()
    guard case .range(let lower, nil, let upper) = bounds.kind else {
      throw assumptionFailure(from: start)
    }
    return AuditSyntax.Assumption(names, from: lower, to: upper)
  }

  private mutating func assumptionFailure(from start: Int) -> ParseFailure {
    if kind == .invalid { return .statement }
    return failure(
      "`assume` names an interval", at: span(from: start), label: "not read as one",
      help: "write `assume ŷ in 0..1`, or `assume x in 0..inf`")
  }

  /// A name; in an audit with what is raised at it: `w₁₂^[2]`, `a₁^[1]⁽³⁾`, `b₁^[3]_new`, and `df/dx`.
  mutating func parseQuantityName() -> String {
    let start = position
    let name = parseRaisedName()
    guard readsQuantities, isDifferential(tokens[start]), kind == .slash, !token.spaceBefore,
      tokenAt(1).kind == .word, !tokenAt(1).spaceBefore, isDifferential(tokenAt(1))
    else { return name }
    advance()
    return "\(name)/\(parseRaisedName())"
  }

  private mutating func parseRaisedName() -> String {
    var result = name(token)
    advance()
    while readsQuantities, !token.newlineBefore, !token.spaceBefore {
      switch token.kind {
      case .caret:
        guard let closing = layerBracketEnd else { return result }
        let inner = tokens[(position + 2)..<closing].map { name($0) }.joined()
        result += "^[\(inner)]"
        position = closing
        advance()
      case .superscript where text(of: token).hasPrefix("⁽"):
        result += text(of: token)
        advance()
      case .word where text(of: token).hasPrefix("_"):
        result += name(token)
        advance()
      default: return result
      }
    }
    return result
  }

  /// Where the bracket of `^[l - 1]` ends, if that is what comes.
  private var layerBracketEnd: Int? {
    let bracket = tokenAt(1)
    guard bracket.kind == .leftBracket, !bracket.spaceBefore else { return nil }
    let closing = Int(bracket.match)
    guard closing > position + 2, closing <= position + 5 else { return nil }
    let isPlain = tokens[(position + 2)..<closing].allSatisfy {
      [.word, .number, .plus, .minus].contains($0.kind)
    }
    return isPlain ? closing : nil
  }

  /// Whether a word is a d with a name behind it, as in `df/dx`.
  private func isDifferential(_ token: Token) -> Bool {
    let letters = text(of: token).unicodeScalars
    return letters.first == "d" && letters.dropFirst().first.map(CharacterClass.beginsName) == true
  }

  /// `d/dx(…)` and `d(…)/dx`: derivatives by the only variable, as books write them. nil where none comes.
  mutating func parseDifferentialQuotient() throws(ParseFailure) -> ExpressionSyntax? {
    guard readsQuantities, text(of: token) == "d", !tokenAt(1).spaceBefore else { return nil }
    let start = position
    let isOperator = tokenAt(1).kind == .slash && tokenAt(3).kind == .leftParenthesis
    if isOperator {
      guard tokenAt(2).kind == .word, isDifferential(tokenAt(2)) else { return nil }
    } else {
      let closing = Int(tokenAt(1).match)
      guard tokenAt(1).kind == .leftParenthesis, closing > position, closing + 2 < tokens.count,
        tokens[closing + 1].kind == .slash, tokens[closing + 2].kind == .word,
        isDifferential(tokens[closing + 2])
      else { return nil }
    }
    advance()
    var numerator: ExpressionSyntax?
    if !isOperator { numerator = try parseOperand() }
    advanceOverOperator()
    let variableStart = position
    let variable = ExpressionSyntax.PartialSyntax.Variable(
      name: String(parseRaisedName().dropFirst()), indices: [], order: 1,
      span: span(from: variableStart))
    let operand: ExpressionSyntax
    if let numerator { operand = numerator } else { operand = try parseOperand() }
    return try make(
      .partial(.init(order: 1, numerator: operand, variables: [variable])), span(from: start))
  }

  /// Whether a token that begins a line goes on with the formula before it: in an audit an operator does; a minus
  /// with a space behind it, since `-y = …` begins a chain.
  func joinsLines(_ index: Int) -> Bool {
    guard readsQuantities else { return false }
    switch tokens[index].kind {
    case .plus, .star, .slash, .at, .dot, .odot, .otimes, .oslash: return true
    case .minus: return index + 1 < tokens.count && tokens[index + 1].spaceBefore
    default: return false
    }
  }
}
