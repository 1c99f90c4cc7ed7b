extension SourceFormatter {
  /// How often columns and indentation are settled by one another; what stands below a sign stands below a column.
  private static let rounds = 4

  mutating func layOut() {
    for line in lines.indices {
      for index in lines[line].pieces.indices.dropFirst() {
        lines[line].pieces[index].gap = gap(
          lines[line].pieces[index - 1], lines[line].pieces[index])
      }
    }
    let natural = lines.map { $0.pieces.map(\.gap) }
    let groups = columnGroups()
    for _ in 0..<Self.rounds {
      let before = lines.map { $0.pieces.map(\.gap) }
      indent()
      align(groups, natural: natural)
      if lines.map({ $0.pieces.map(\.gap) }) == before { break }
    }
  }

  // MARK: Indentation

  /// A bracket that is open where a line begins.
  private struct OpenBracket {
    let kind: TokenKind
    /// The indentation of the statement that it belongs to.
    let indentation: Int
  }

  private mutating func indent() {
    var open: [OpenBracket] = []
    // Of the statement that goes on: what its first line is indented by, and was.
    var (base, oldBase) = (0, 0)
    for index in lines.indices {
      let first = lines[index].pieces[0]
      let next = tokens[lines[index].nextToken]
      if isContinuation(lines[index], in: open.last?.kind) {
        let old = first.column
        let closes = next.kind == .rightParenthesis || next.kind == .rightBracket
        if !closes, let above = columnAbove(index) {
          lines[index].pieces[0].gap = above
        } else if old > oldBase || closes && old == oldBase {
          lines[index].pieces[0].gap = base + old - oldBase
        } else {
          lines[index].pieces[0].gap = closes ? base : base + Self.unit
        }
      } else {
        let isClosing = first.token != nil && next.kind == .rightBrace
        base =
          open.last.map { isClosing ? $0.indentation : $0.indentation + Self.unit } ?? 0
        oldBase = first.column
        lines[index].pieces[0].gap = base
      }
      lines[index].place()
      for case let token? in lines[index].pieces.map(\.token) {
        switch tokens[token].kind {
        case .leftParenthesis, .leftBracket, .leftBrace:
          open.append(OpenBracket(kind: tokens[token].kind, indentation: base))
        case .rightParenthesis, .rightBracket, .rightBrace: _ = open.popLast()
        default: break
        }
      }
    }
  }

  /// Whether a line goes on with the statement of the one before.
  private func isContinuation(_ line: FormattedLine, in bracket: TokenKind?) -> Bool {
    if let bracket, bracket != .leftBrace { return true }
    let next = tokens[line.nextToken]
    guard line.nextToken > 0, next.kind != .endOfText, next.kind != .rightBrace else {
      return false
    }
    if joins(tokens[line.nextToken - 1]) { return true }
    guard isInAudit(line) else { return false }
    switch next.kind {
    case .equal, .approximately, .plus, .star, .slash, .at, .dot, .odot, .otimes, .oslash:
      return true
    case .minus: return tokens[line.nextToken + 1].spaceBefore
    default: return false
    }
  }

  /// Whether a statement goes on behind a token at a line's end.
  private func joins(_ token: Token) -> Bool {
    switch token.kind {
    case .comma, .equal, .approximately, .plus, .minus, .star, .slash, .at, .dot, .odot, .otimes,
      .oslash, .caret, .colon, .equalEqual, .notEqual, .less, .lessEqual, .greater,
      .greaterEqual:
      true
    default: token.keyword == .and || token.keyword == .or || token.keyword == .not
    }
  }

  /// Where what stood above a line's first piece stands now.
  private func columnAbove(_ index: Int) -> Int? {
    guard index > 0, lines[index].blanks == 0 else { return nil }
    let column = lines[index].pieces[0].column
    return lines[index - 1].pieces.first { $0.column == column && $0.token != nil }?.newColumn
  }

  // MARK: Columns

  /// Pieces that stood below one another, wide apart from what is before at least one of them: each group's places, from
  /// left to right.
  private func columnGroups() -> [[(line: Int, piece: Int)]] {
    var groups: [(column: Int, places: [(line: Int, piece: Int)])] = []
    // The groups that reach the line above, by its piece.
    var above: [Int: Int] = [:]
    for index in lines.indices.dropFirst() {
      var here: [Int: Int] = [:]
      defer { above = here }
      guard lines[index].blanks == 0 else { continue }
      let upper = lines[index - 1].pieces
      for (place, piece) in lines[index].pieces.enumerated().dropFirst() {
        guard
          let match = upper.indices.dropFirst().first(where: { upper[$0].column == piece.column }),
          (upper[match].token == nil) == (piece.token == nil),
          piece.token == nil || max(upper[match].space, piece.space) > 1
        else { continue }
        if let group = above[match] {
          groups[group].places.append((index, place))
          here[place] = group
        } else {
          here[place] = groups.count
          groups.append((piece.column, [(index - 1, match), (index, place)]))
        }
      }
    }
    return groups.sorted { $0.column < $1.column }.map(\.places)
  }

  /// Moves the pieces of each group to the column of the one that reaches furthest.
  private mutating func align(_ groups: [[(line: Int, piece: Int)]], natural: [[Int]]) {
    for line in lines.indices {
      for piece in lines[line].pieces.indices.dropFirst() {
        lines[line].pieces[piece].gap = natural[line][piece]
      }
      lines[line].place()
    }
    for group in groups {
      let target = group.map { lines[$0.line].pieces[$0.piece].newColumn }.max() ?? 0
      for (line, piece) in group {
        lines[line].pieces[piece].gap += target - lines[line].pieces[piece].newColumn
        lines[line].place()
      }
    }
  }
}
