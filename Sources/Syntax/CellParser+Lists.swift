/// `[1, 2; 3, 4]` and `[i^2 for i in 1:5]`.
extension CellParser {
  /// `list = "[" [ generator | row { ";" row } ] "]"`, `row = expression { "," expression }`
  mutating func parseList() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let kind = try bracketed(newlineEnds: false, inList: true, closing: .rightBracket) {
      (parser) throws(ParseFailure) in try parser.parseRows()
    }
    return try make(kind, span(from: start))
  }

  private mutating func parseRows() throws(ParseFailure) -> ExpressionSyntax.Kind {
    if kind == .rightBracket { return .brackets(rows: []) }
    var rows: [[ExpressionSyntax]] = []
    var row: [ExpressionSyntax] = []
    while true {
      if kind == .semicolon || kind == .comma || kind == .rightBracket { throw missingEntry() }
      let entry = try parseExpression()
      if keyword == .for {
        let loop = token
        let generator = try parseGenerator(entry)
        if !rows.isEmpty || !row.isEmpty || kind == .comma || kind == .semicolon {
          throw failure(
            "a `for` stands alone in its list", at: loop.span, label: "not beside other entries",
            help: "join lists with `concat(…)`")
        }
        if kind != .rightBracket { try recoverMissingComma(.list) }
        return .comprehension(generator)
      }
      row.append(entry)
      switch kind {
      case .comma: advance()
      case .semicolon:
        rows.append(row)
        row = []
        advance()
      case .rightBracket:
        rows.append(row)
        return .brackets(rows: rows)
      default: try recoverMissingComma(.list)
      }
    }
  }

  private mutating func missingEntry() -> ParseFailure {
    let isFirst = previous.kind == .leftBracket
    let what = kind == .semicolon || previous.kind == .semicolon ? "a row" : "an entry"
    return failure(
      "\(what) of this list is missing",
      at: isFirst || kind != .rightBracket ? token.span : previous.span,
      label: isFirst
        ? "nothing before it" : "nothing stands between \(quoted(previous)) and \(quoted(token))",
      help: "remove \(isFirst || kind != .rightBracket ? quoted(token) : quoted(previous))")
  }
}
