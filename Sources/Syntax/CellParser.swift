/// Thrown up to the nearest place where parsing can go on; the mistake itself is recorded already.
enum ParseFailure: Error {
  /// The statement is given up.
  case statement
  /// The cell is given up.
  case cell
}

/// The state of a recursive-descent parse; the productions are in extensions, one file a concern.
///
/// A production begins at its first token and ends behind its last. `parseX` expects an X to be there.
struct CellParser {
  let source: SourceText
  let tokens: [Token]
  /// The kinds of layers that a network may have.
  var layers: [LayerWord]
  /// Whether the lines of a layer are read, which have statements of their own.
  var isInLayer = false
  var position = 0
  /// Whether a newline ends the statement: at top level and inside `{ }`, not inside `( )` and `[ ]`.
  var newlineEnds = true
  /// Directly inside the brackets of a vector or matrix, where a space may stand for a missing comma.
  var isInList = false
  /// The bars that are open inside the innermost bracket, by their indices.
  var openBars: [Int] = []
  /// The token whose line continues the one before: it follows an operator or a comma.
  private var continued = 0
  private var depth = 0
  /// Inside an audit, where `w₁₂^[2]` and its like are names and an operator may begin a line.
  var readsQuantities = false
  /// The indices of the brackets that are open.
  var openBrackets: [Int] = []
  var diagnostics: [Diagnostic] = []
  /// A mistake that is only that the text ends too soon.
  var lacksEnding = false
  /// Blocks without braces were met, so that a lone `end` is a part of that mistake.
  var forgivesEnd = false

  init(source: SourceText, tokens: [Token], layers: [LayerWord]) {
    self.layers = layers
    self.source = source
    self.tokens = tokens
  }

  // MARK: Looking

  var token: Token { tokens[position] }

  /// What comes next: `newline` where the next token stands on a new line and that ends the statement.
  var kind: TokenKind {
    let next = tokens[position]
    guard next.newlineBefore, newlineEnds, position != continued, !joinsLines(position) else {
      return next.kind
    }
    return .newline
  }

  /// What comes after the next token, in the same sense.
  var kindAfter: TokenKind { kindAt(1) }

  func kindAt(_ distance: Int) -> TokenKind {
    let index = position + distance
    guard index < tokens.count else { return .endOfText }
    return tokens[index].newlineBefore && newlineEnds && !joinsLines(index)
      ? .newline : tokens[index].kind
  }

  /// The token after the next.
  func tokenAt(_ distance: Int) -> Token { tokens[min(position + distance, tokens.count - 1)] }

  /// The keyword that comes next, or nil.
  var keyword: Keyword? { kind == .word ? tokens[position].keyword : nil }

  var previous: Token { tokens[max(position - 1, 0)] }

  func text(of token: Token) -> String { source[token.span] }

  /// The text of a token for a message: not too long.
  func quoted(_ token: Token) -> String {
    switch token.kind {
    case .endOfText: return "the end"
    default:
      let text = source[token.span]
      return text.utf8.count <= 32 ? "`\(text)`" : "`\(text.prefix(24))…`"
    }
  }

  // MARK: Moving

  mutating func advance() {
    if position < tokens.count - 1 { position += 1 }
  }

  /// After an operator or comma the next line belongs to the statement.
  mutating func advanceOverOperator() {
    advance()
    continued = position
  }

  /// Lets the next token stand on a line of its own.
  mutating func continueLine() { continued = position }

  /// Calls `body` one level deeper, with the limit on levels.
  mutating func nested<Result>(
    _ body: (inout CellParser) throws(ParseFailure) -> Result
  ) throws(ParseFailure) -> Result {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Parser.nestingLimit else { throw nestingFailure() }
    return try body(&self)
  }

  /// Parses what stands behind an opening bracket and the closing one.
  mutating func bracketed<Result>(
    newlineEnds: Bool, inList: Bool = false, closing: TokenKind,
    _ body: (inout CellParser) throws(ParseFailure) -> Result
  ) throws(ParseFailure) -> Result {
    depth += 1
    let saved = (self.newlineEnds, isInList, openBars)
    defer {
      depth -= 1
      (self.newlineEnds, isInList, openBars) = saved
    }
    guard depth <= Parser.nestingLimit else { throw nestingFailure() }
    openBrackets.append(position)
    self.newlineEnds = newlineEnds
    isInList = inList
    openBars = []
    advance()
    let result = try body(&self)
    while kind == .newline { continueLine() }
    guard kind == closing else { throw unclosedFailure() }
    openBrackets.removeLast()
    advance()
    return result
  }

  // MARK: Building

  mutating func make(_ kind: ExpressionSyntax.Kind, _ span: SourceSpan) throws(ParseFailure)
    -> ExpressionSyntax
  {
    let node = ExpressionSyntax(kind, span)
    guard node.height <= Parser.heightLimit else {
      throw nestingFailure(label: "more than \(Parser.heightLimit) operators, one around the other")
    }
    return node
  }

  /// The span from a token to the last one read.
  func span(from start: Int) -> SourceSpan {
    SourceSpan(Int(tokens[start].start), max(Int(previous.end), Int(tokens[start].start)))
  }

  /// A name as the language reads it: variants of a letter are that letter.
  func name(_ token: Token) -> String {
    let text = source[token.span]
    guard text.utf8.contains(where: { $0 >= 0x80 }),
      text.unicodeScalars.contains(where: { LetterVariant.letters($0) != nil })
    else { return text }
    return text.unicodeScalars.map { LetterVariant.letters($0) ?? String($0) }.joined()
  }
}
