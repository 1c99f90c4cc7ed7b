/// What is said where a value or an operator is missing.
extension CellParser {
  /// What is being read when something that does not fit comes.
  enum Context {
    case statement, arguments, list, index, parentheses
  }

  /// A value was expected.
  mutating func missingOperandFailure() -> ParseFailure {
    let next = token
    if next.kind == .invalid { return .statement }
    if kind == .approximately { return misplacedApproximately() }
    let before = position > 0 ? previous : nil
    let isBehindOperator = before.map { !$0.endsOperand && !Self.isSeparator($0.kind) } ?? false
    if next.kind == .endOfText || kind == .newline {
      if isBehindOperator, let before {
        return next.kind == .endOfText
          ? endingFailure(
            "\(quoted(before)) needs a value on its right", label: "nothing follows",
            help: "finish the line, or go on on the next one")
          : failure(
            "\(quoted(before)) needs a value on its right", at: behindPrevious,
            label: "nothing follows")
      }
      if !openBrackets.isEmpty, next.kind == .endOfText { return unclosedFailure() }
      return next.kind == .endOfText
        ? endingFailure("a value is missing", label: "nothing follows")
        : failure("a value is missing", at: behindPrevious, label: "nothing follows")
    }
    switch next.kind {
    case .rightParenthesis, .rightBracket, .rightBrace, .comma, .semicolon:
      if isBehindOperator, let before {
        return failure(
          "\(quoted(before)) needs a value on its right", at: before.span,
          label: "\(quoted(next)) follows it")
      }
      if next.kind == .comma || next.kind == .semicolon {
        return failure("a value is missing", at: next.span, label: "nothing before it")
      }
      if next.match < 0 { return unopenedFailure() }
      return failure("a value is missing", at: next.span, label: "expected before this")
    case .leftBrace:
      return failure(
        "a value is not written in braces", at: next.span, label: "`{` opens a block",
        help: "a list is written `[1, 2, 3]`")
    case .at:
      return failure(
        "`@` needs a value on its left", at: next.span, label: "it multiplies matrices",
        help: "a function is defined by `f(x) = …`")
    case .colon:
      return failure(
        "`:` needs a value on its left", at: next.span, label: "a range begins with a number",
        help: "write `1:5`; all entries are `W[:, 1]`")
    case .equal, .compoundAssignment:
      return failure(
        "a value is missing", at: next.span,
        label: before?.kind == .equalEqual || before?.kind == .equal
          ? "one \(quoted(next)) too many" : "expected before this")
    case .period:
      return failure(
        "a value is missing", at: next.span, label: "nothing before the point",
        help: "a number is written `.5` or `0.5`, a member `net.W`")
    default:
      if isBehindOperator, let before {
        if before.kind == next.kind, before.kind == .minus || before.kind == .plus {
          return incrementFailure()
        }
        return failure(
          "\(quoted(before)) needs a value on its right", at: next.span,
          label: "\(quoted(next)) can't begin a value")
      }
      return failure(
        "\(quoted(next)) needs a value on its left", at: next.span, label: "nothing before it")
    }
  }

  private static func isSeparator(_ kind: TokenKind) -> Bool {
    switch kind {
    case .leftParenthesis, .leftBracket, .leftBrace, .comma, .semicolon: true
    default: false
    }
  }

  private mutating func unopenedFailure() -> ParseFailure {
    failure(
      "nothing is open that this \(quoted(token)) could close", at: token.span,
      label: "no opening bracket belongs to it", help: "remove it, or put the opening one before")
  }

  /// An operator, a comma or an end was expected behind a value.
  mutating func missingOperatorFailure(_ context: Context) -> ParseFailure {
    let next = token
    switch next.kind {
    case .invalid: return .statement
    case .endOfText: return openBrackets.isEmpty ? .statement : unclosedFailure()
    case .rightParenthesis, .rightBracket, .rightBrace:
      return next.match < 0 && openBrackets.isEmpty ? unopenedFailure() : wrongClosing()
    case .equal: return misplacedEqual(context)
    case .approximately: return misplacedApproximately()
    case .compoundAssignment:
      return failure(
        "\(quoted(next)) stands in a statement of its own", at: next.span, label: "not in a value",
        help: "write `x = x + 1`")
    case .comma:
      return context == .parentheses
        ? failure(
          "one value stands in parentheses", at: next.span, label: "a second one begins",
          help: "a list is written `[1, 2, 3]`")
        : failure(
          "a statement has one value", at: next.span, label: "a second one begins",
          help: "write `[a, b]` for a list, `print(a, b)` to show both, or two statements")
    case .semicolon where context != .statement:
      return failure(
        "`;` can't stand here", at: next.span, label: "it ends a statement, or a row in `[ ]`")
    case .colon:
      if tokenAt(1).newlineBefore || tokenAt(1).kind == .endOfText {
        forgivesEnd = true
        return failure(
          "a `:` begins no block", at: next.span, label: "nothing follows it",
          help: "a block is written `if c { … }`, `for i in 1:5 { … }`")
      }
      return failure(
        "a slice names both its ends", at: next.span, label: "nothing behind the `:`",
        help: "write `v[2:4]`")
    case .leftBrace:
      return failure(
        "a block can't stand here", at: next.span, label: "no `if`, `for` or `network` before it",
        help: "an index is written `v[1]`, a list `[1, 2, 3]`")
    case .question:
      return endsStatement(kindAfter)
        ? failure(
          "`?` asks about one name", at: next.span, label: "more than a name stands before it",
          help: "write for example `sigmoid?`")
        : failure(
          "a choice is not written with `?`", at: next.span, label: "`?` asks about a name",
          help: "write `if c { a } else { b }`")
    case .bar where isForeignOr:
      return failure(
        "`||` is not an operator here", at: next.span.joined(with: tokenAt(1).span),
        label: "write `or`", help: ForeignNotation.logic)
    case .number, .string, .word, .leftParenthesis, .leftBracket, .partial, .nabla, .bar,
      .doubleBar:
      return missingBetween(context)
    case .period:
      return failure("a name must follow the point", at: next.span, label: "no member is named")
    default:
      return failure(
        "\(quoted(next)) can't stand here", at: next.span, label: "not expected behind a value")
    }
  }

  private mutating func wrongClosing() -> ParseFailure {
    if let open = openBrackets.last, tokens[open].kind != .leftBrace || token.kind != .rightBrace {
      return unclosedFailure()
    }
    return unopenedFailure()
  }

  private mutating func misplacedEqual(_ context: Context) -> ParseFailure {
    failure(
      "`=` gives a value, it does not compare", at: token.span, label: "can't stand in a value",
      help: "compare with `==`")
  }

  private mutating func misplacedApproximately() -> ParseFailure {
    failure(
      "`≈` is not an operator here", at: token.span, label: "not a comparison",
      help: "write `compare(a, b)`; a chain of numbers in an audit has it")
  }

  /// Two values stand side by side.
  private mutating func missingBetween(_ context: Context) -> ParseFailure {
    let (left, right) = (previous, token)
    if let open = openBrackets.last, tokens[open].match < 0, right.newlineBefore,
      tokens[open].kind != .leftBrace
    {
      return unclosedFailure()
    }
    if right.kind == .word {
      switch right.keyword {
      case .if:
        return failure(
          "a choice begins with its `if`", at: right.span, label: "not behind the value",
          help: "write `if c { a } else { b }`")
      case .for:
        return failure(
          "a `for` behind a value stands in `[ ]` or in a call", at: right.span,
          label: "neither is open here",
          help: "write `[i^2 for i in 1:5]` or `sum(i^2 for i in 1:5)`")
      case .else:
        return failure(
          "this `else` belongs to no `if`", at: right.span, label: "no `}` stands before it",
          help: "write `if c { a } else { b }`")
      case .in, .not:
        return failure(
          "\(quoted(right)) is not an operator between values", at: right.span,
          label: "can't stand here")
      default: break
      }
    }
    if left.kind == .word, left.keyword == .and || left.keyword == .or {
      return failure(
        "\(quoted(left)) needs a value on its left", at: left.span, label: "nothing before it")
    }
    if right.kind == .word, kindAfter == .equal, context == .statement {
      return failure(
        "a statement ends before \(quoted(right))", at: right.span, label: "a second one begins",
        help: "put a `;` or a new line between them")
    }
    if left.kind == .word, right.kind == .word || right.kind == .leftParenthesis, position > 2,
      tokens[position - 2].kind == .slash, tokens[position - 3].kind == .word,
      text(of: tokens[position - 3]) == "d", text(of: left).hasPrefix("d"),
      left.end - left.start > 1
    {
      let variable = text(of: left).dropFirst()
      var above = shortText(right.span)
      if right.kind == .word, tokenAt(1).kind == .leftParenthesis, tokenAt(1).match > 0 {
        above = "(\(shortText(right.span.joined(with: tokens[Int(tokenAt(1).match)].span))))"
      } else if right.kind == .leftParenthesis, right.match > 0 {
        above = shortText(right.span.joined(with: tokens[Int(right.match)].span))
      }
      return failure(
        "a derivative is written with `∂`", at: tokens[position - 3].span.joined(with: right.span),
        label: "`d` is a name", help: "write `∂\(above)/∂\(variable)`")
    }
    let (a, b) = (quoted(left), quoted(right))
    return failure(
      "an operator is missing between \(a) and \(b)", at: right.span,
      label: "nothing joins it to what stands before", help: joiningHelp(left, right))
  }

  /// How two neighbours could have been meant.
  private func joiningHelp(_ left: Token, _ right: Token) -> String {
    let (a, b) = (shortText(left.span), shortText(right.span))
    var tail = b
    if right.kind == .leftParenthesis || right.kind == .leftBracket {
      let match = Int(right.match)
      tail = match > position ? shortText(right.span.joined(with: tokens[match].span)) : "\(b)…"
    }
    switch (left.kind, right.kind) {
    case (.number, .word), (.number, .leftParenthesis):
      return right.spaceBefore
        ? "without the space it multiplies: `\(a)\(tail)`; or write `\(a)*\(tail)`"
        : "write `\(a)*\(tail)`"
    case (.word, .number) where !right.spaceBefore: return "a member is a name: `\(a).name`"
    case (.word, .word), (.word, .string), (.word, .number):
      return "a call is written `\(a)(\(tail))`, a product `\(a)*\(tail)`"
    case (.prime, _), (.transpose, _), (.rightBracket, _):
      return "a matrix product is written with `@`, a product by entries with `*`"
    default: return "a product is written with `*`: only a number joins without it, as in `3x`"
    }
  }

  /// A comma is missing in a list or a call; reading goes on as if it stood there.
  mutating func recoverMissingComma(_ context: Context) throws(ParseFailure) {
    if openBrackets.last.map({ tokens[$0].match < 0 }) ?? true, token.newlineBefore {
      throw unclosedFailure()
    }
    let left = previous
    guard beginsOperand(kind), keyword == nil || !Self.isInfix(keyword) else {
      throw missingOperatorFailure(context)
    }
    if context == .list {
      let entry = listEntries()
      report(
        "the entries of a list are separated by commas", at: token.span,
        label: "expected `,` before it", help: entry)
      skipSpacedEntries()
    } else if left.kind == .number && beginsOperand(kind), !token.spaceBefore {
      throw missingOperatorFailure(context)
    } else {
      let (a, b) = (quoted(left), quoted(token))
      report(
        "a comma or an operator is missing between \(a) and \(b)", at: token.span,
        label: "expected `,` before it")
    }
  }

  private static func isInfix(_ keyword: Keyword?) -> Bool {
    switch keyword {
    case .if, .for, .else, .in, .not: true
    default: false
    }
  }

  /// The list as it was meant, for the help line, when it is short.
  private func listEntries() -> String {
    let example = "write `[1, 2, 3]`; a new row begins with `;`"
    guard let open = openBrackets.last else { return example }
    let close = Int(tokens[open].match)
    guard close > open, close - open <= 12 else { return example }
    var text = ""
    for index in open...close {
      let piece = tokens[index]
      switch piece.kind {
      case .leftBracket, .rightBracket, .number, .comma, .word, .semicolon, .minus, .string:
        let needsComma = index > open && tokens[index - 1].endsOperand && piece.spaceBefore
        let before = tokens[max(index - 1, 0)].kind
        let isOpening = index > open && before != .minus && before != .leftBracket
        switch piece.kind {
        case .comma, .semicolon, .rightBracket: text += source[piece.span]
        default:
          if needsComma, piece.kind != .minus { text += "," }
          text += (isOpening ? " " : "") + source[piece.span]
        }
      default: return example
      }
    }
    return "write `\(text)`; a new row begins with `;`"
  }

  /// Reports `[1 2 3]` once: the entries that follow without commas are read over.
  private mutating func skipSpacedEntries() {
    while kind == .number || kind == .word, beginsOperand(kindAfter), tokenAt(1).spaceBefore,
      tokenAt(1).keyword == nil
    {
      advance()
    }
  }

  /// A comma with nothing behind it.
  mutating func missingAfterComma(_ what: String) -> ParseFailure {
    failure(
      "\(what) is missing behind the comma", at: previous.span, label: "nothing follows",
      help: "remove the comma, or put the value behind it")
  }
}
