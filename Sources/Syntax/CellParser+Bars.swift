/// `|x|` and `‖x‖`: calls of `abs` and `norm`, written as on the blackboard.
extension CellParser {
  /// Whether the bar that comes, behind an operand, opens a factor: none of its kind is open that it could close.
  var opensBarsBehindOperand: Bool {
    guard kind == .bar || kind == .doubleBar, !closesBars else { return false }
    return !(isInList && token.spaceBefore) && !isForeignOr
  }

  private var closesBars: Bool { openBars.last.map { tokens[$0].kind == kind } ?? false }

  /// `a || b`: between spaces, nothing open.
  var isForeignOr: Bool {
    kind == .bar && token.spaceBefore && tokenAt(1).kind == .bar && !tokenAt(1).spaceBefore
      && tokenAt(2).spaceBefore
  }

  /// `bars = "|" expression "|" | "‖" expression "‖"`
  mutating func parseBars() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let open = token
    let function = open.kind == .bar ? "abs" : "norm"
    openBars.append(position)
    advance()
    if kind == .newline || kind == .endOfText && newlineEnds { throw unclosedBars(open) }
    let inner = try parseExpression()
    guard kind == open.kind else { throw unclosedBars(open) }
    openBars.removeLast()
    let close = token
    advance()
    let whole = span(from: start)
    // As an inner call it would be one that bars have made: its name lies over a bar.
    if open.kind == .bar, Int(open.end) == inner.span.start, inner.span.end == Int(close.start),
      case .call(let callee, _) = inner.kind, tokens[start + 1].kind == .bar,
      callee.span.start == Int(open.end), tokens[position - 2].kind == .bar
    {
      let vector = shortText(SourceSpan(inner.span.start + 1, inner.span.end - 1))
      throw failure(
        "a length is not written with `||`", at: whole, label: "two absolute values as it stands",
        help: "write `‖\(vector)‖` or `norm(\(vector))`; `‖` is typed as \\Vert and tab")
    }
    return try make(
      .call(try make(.name(function), open.span), [.positional(inner)]), whole)
  }

  private mutating func unclosedBars(_ open: Token) -> ParseFailure {
    let sign = text(of: open)
    switch kind {
    case .invalid: return .statement
    case .endOfText where !newlineEnds: return unclosedFailure()
    case .bar where isForeignOr: return missingOperatorFailure(.statement)
    default:
      return failure(
        "this `\(sign)` is never closed", at: open.span, label: "no second `\(sign)` on its line",
        help: open.kind == .bar
          ? "`|x|` is the absolute value; conditions are joined by the words `and`, `or`"
          : "`‖x‖` is the length of x, `norm(x)`")
    }
  }
}
