/// Recording mistakes, and going on behind them.
extension CellParser {
  /// Records a mistake; parsing goes on where it is.
  mutating func report(
    _ message: String, at span: SourceSpan, label: String, help: String? = nil
  ) {
    diagnostics.append(Diagnostic(.syntax, message, at: span, label: label, help: help))
  }

  /// Records a mistake that ends the statement.
  mutating func failure(
    _ message: String, at span: SourceSpan, label: String, help: String? = nil
  ) -> ParseFailure {
    report(message, at: span, label: label, help: help)
    return diagnostics.count >= Lexer.diagnosticLimit ? .cell : .statement
  }

  /// Records that the text ends where something is still to come.
  mutating func endingFailure(_ message: String, label: String, help: String? = nil) -> ParseFailure
  {
    if diagnostics.isEmpty { lacksEnding = true }
    report(message, at: behindPrevious, label: label, help: help)
    return .cell
  }

  /// The place directly behind the last token that was read.
  var behindPrevious: SourceSpan {
    position == 0 ? SourceSpan(0, 0) : SourceSpan(Int(previous.end), Int(previous.end))
  }

  mutating func nestingFailure(
    label: String = "more than \(Parser.nestingLimit) levels"
  ) -> ParseFailure {
    diagnostics.append(
      Diagnostic(
        .limit, "this is nested too deeply", at: token.span,
        label: label,
        help: "give parts of it names of their own, in statements before this one"))
    return .cell
  }

  /// Records that the innermost open bracket is not closed where it should be.
  mutating func unclosedFailure() -> ParseFailure {
    guard let index = openBrackets.last else { return .statement }
    let open = tokens[index]
    if token.kind == .invalid { return .statement }
    let closing =
      switch open.kind {
      case .leftParenthesis: ")"
      case .leftBracket: "]"
      default: "}"
      }
    if token.kind == .endOfText {
      if diagnostics.isEmpty { lacksEnding = true }
      report(
        "this \(quoted(open)) is never closed", at: open.span,
        label: "no `\(closing)` belongs to it",
        help: "put a `\(closing)` where it ends")
      return .cell
    }
    switch token.kind {
    case .rightParenthesis, .rightBracket, .rightBrace:
      return failure(
        "\(quoted(open)) is closed by \(quoted(token))", at: token.span,
        label: "expected `\(closing)`",
        help: "the \(quoted(open)) stands in line \(source.line(at: Int(open.start)))")
    default:
      if open.match < 0, open.kind != .leftBrace {
        return failure(
          "this \(quoted(open)) is never closed", at: open.span,
          label: "no `\(closing)` belongs to it", help: "put a `\(closing)` where it ends")
      }
      return .statement
    }
  }

  /// Skips to the end of the statement that began at `start`; `outer` brackets were open before it.
  mutating func skipStatement(from start: Int, outer: Int) {
    if openBrackets.count > outer {
      let open = openBrackets[outer]
      openBrackets.removeLast(openBrackets.count - outer)
      let match = Int(tokens[open].match)
      if match >= position { position = match + 1 }
    }
    while true {
      let next = token
      switch next.kind {
      case .endOfText, .semicolon, .rightBrace: return
      default: break
      }
      if next.newlineBefore, position > start { return }
      switch next.kind {
      case .leftParenthesis, .leftBracket, .leftBrace:
        let match = Int(next.match)
        position = match > position ? match + 1 : position + 1
      default: position += 1
      }
    }
  }

  /// After a failed head of a block: skips to the `{` on its line. Returns whether there is one.
  mutating func skipToBlock(from start: Int, outer: Int) -> Bool {
    if openBrackets.count > outer {
      let open = openBrackets[outer]
      openBrackets.removeLast(openBrackets.count - outer)
      let match = Int(tokens[open].match)
      if match >= position { position = match + 1 }
    }
    var ahead = position
    while ahead < tokens.count {
      let next = tokens[ahead]
      if next.newlineBefore && ahead > start { return false }
      switch next.kind {
      case .leftBrace:
        position = ahead
        return true
      case .endOfText, .semicolon, .rightBrace: return false
      default: ahead += 1
      }
    }
    return false
  }

  /// Four spaces for every open bracket; behind an operator, four more than the last line.
  var indentationOfNextLine: String {
    var open = 0
    for token in tokens where token.match < 0 {
      switch token.kind {
      case .leftBrace, .leftBracket, .leftParenthesis: open += 1
      default: break
      }
    }
    if open > 0 { return String(repeating: " ", count: 4 * min(open, 20)) }
    let line = source.span(ofLine: source.line(at: Int(previous.start)))
    let indent = source[line].prefix { $0 == " " }
    return indent + "    "
  }
}
