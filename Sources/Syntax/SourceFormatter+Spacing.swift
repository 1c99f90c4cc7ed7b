extension SourceFormatter {
  /// The spaces between two neighbours of a line.
  func gap(_ left: FormattedLine.Piece, _ right: FormattedLine.Piece) -> Int {
    guard let before = left.token, let after = right.token else { return 2 }
    let written = min(right.space, 1)
    return bracketGap(before, after, written: written)
      ?? signGap(before, after, written: written) ?? written
  }

  /// Brackets, commas and semicolons.
  private func bracketGap(_ before: Int, _ after: Int, written: Int) -> Int? {
    let (left, right) = (tokens[before].kind, tokens[after].kind)
    switch (left, right) {
    case (.leftBrace, .rightBrace): return written
    case (_, .comma), (_, .semicolon), (_, .rightParenthesis), (_, .rightBracket): return 0
    case (.leftParenthesis, _), (.leftBracket, _): return 0
    case (.comma, _) where role(before) == .entries: return written
    case (.comma, _), (.semicolon, _), (.leftBrace, _), (_, .leftBrace), (_, .rightBrace):
      return 1
    default: return nil
    }
  }

  private func signGap(_ before: Int, _ after: Int, written: Int) -> Int? {
    let (left, right) = (role(before), role(after))
    if left == .loose || right == .loose { return 1 }
    if isEquals(before) || isEquals(after) { return 1 }
    if right == .attached || right == .kind { return 0 }
    if left == .kind { return 1 }
    if left == .attached, tokens[before].kind == .period { return 0 }
    if right == .even { return isSpaced(after) ? 1 : 0 }
    if left == .even { return isSpaced(before) ? 1 : 0 }
    if tokens[before].kind == .caret || tokens[after].kind == .caret { return 0 }
    return left == .prefix ? 0 : nil
  }

  private func role(_ token: Int) -> SpacingRoles.Role? { spacing.roles[Int(tokens[token].start)] }

  private func isEquals(_ token: Int) -> Bool {
    tokens[token].kind == .equal || tokens[token].kind == .approximately
  }

  /// Whether a sign was written with a space on one side; what stands on another line does not count.
  private func isSpaced(_ token: Int) -> Bool {
    let (sign, next) = (tokens[token], tokens[token + 1])
    return sign.spaceBefore && !sign.newlineBefore || next.spaceBefore && !next.newlineBefore
  }
}
