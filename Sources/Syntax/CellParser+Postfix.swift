/// Calls, indices, members, primes and raised exponents: one level, left to right.
extension CellParser {
  /// `postfix = operand { call | index | "." name | "'" | "ᵀ" | superscript }`
  mutating func parsePostfix() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let operand = try parseOperand()
    return try parsePostfixes(of: operand, from: start)
  }

  mutating func parsePostfixes(of operand: ExpressionSyntax, from start: Int) throws(ParseFailure)
    -> ExpressionSyntax
  {
    var result = operand
    while true {
      switch kind {
      case .leftParenthesis:
        guard standsPostfixBracket(behind: result) else { return result }
        result = try parseCall(of: result, from: start)
      case .leftBracket:
        guard standsPostfixBracket(behind: result) else { return result }
        let indices = try parseIndices()
        result = try make(.index(result, indices), span(from: start))
      case .period: result = try parseMember(of: result, from: start)
      case .prime:
        advance()
        result = try make(.prime(result), span(from: start))
      case .transpose:
        advance()
        result = try make(.transpose(result), span(from: start))
      case .superscript:
        if previous.kind == .superscript, !readsQuantities {
          throw failure(
            "two exponents follow each other", at: token.span, label: "the second one",
            help: "write `(x²)³`, or `x²^3`")
        }
        let exponent = try parseSuperscript()
        result = try make(.power(result, exponent), span(from: start))
      default: return result
      }
    }
  }

  /// Whether a bracket that comes is a call's or an index's: not behind a literal and a space, not in a
  /// list behind a space, and not on a line of its own.
  private func standsPostfixBracket(behind operand: ExpressionSyntax) -> Bool {
    switch operand.kind {
    case .number, .string, .boolean: return false
    case .brackets, .comprehension: return !token.spaceBefore
    default: return !token.newlineBefore && !(isInList && token.spaceBefore)
    }
  }

  private mutating func parseMember(of object: ExpressionSyntax, from start: Int)
    throws(ParseFailure) -> ExpressionSyntax
  {
    let point = token
    advance()
    guard kind == .word else {
      if kind == .invalid { throw .statement }
      if kind == .leftParenthesis {
        throw failure(
          "`.(` calls nothing", at: point.span, label: "leave the point out",
          help: "functions work element by element already: `f(x)`")
      }
      throw failure(
        "a name must follow the point", at: point.span, label: "no member is named",
        help: "write for example `net.W`")
    }
    let member = token
    advance()
    return try make(
      .member(object, name: name(member), nameSpan: member.span), span(from: start))
  }

  /// `superscript = [ "⁻" ] digits | "ⁿ" | "ⁱ"`: the exponent's node lies over the raised characters.
  mutating func parseSuperscript() throws(ParseFailure) -> ExpressionSyntax {
    let raised = token
    var plain = ""
    for scalar in text(of: raised).unicodeScalars {
      if let character = CharacterClass.raised(scalar) { plain.append(character) }
    }
    let isNegative = plain.hasPrefix("-")
    let body = isNegative || plain.hasPrefix("+") ? String(plain.dropFirst()) : plain
    advance()
    let node: ExpressionSyntax
    if !body.isEmpty, body.utf8.allSatisfy(CharacterClass.isDigit), let value = Double(body) {
      node = try make(.number(value, literal: body), raised.span)
    } else if body == "n" || body == "i" {
      node = try make(.name(body), raised.span)
    } else {
      throw failure(
        "the exponent \(quoted(raised)) can't be read", at: raised.span,
        label: "a number, `ⁿ` or `ⁱ`", help: "write it with `^`: `x^(2n)`")
    }
    return isNegative ? try make(.negative(node), raised.span) : node
  }

  /// `index = "[" place { "," place } "]"`, `place = expression | ":"`
  mutating func parseIndices() throws(ParseFailure) -> [IndexSyntax] {
    let open = token
    return try bracketed(newlineEnds: false, closing: .rightBracket) {
      (parser) throws(ParseFailure) in
      var indices: [IndexSyntax] = []
      if parser.kind == .rightBracket {
        throw parser.failure(
          "an index is missing", at: open.span.joined(with: parser.token.span), label: "empty",
          help: "write `v[1]` for an entry, `W[1, :]` for a row")
      }
      while true {
        indices.append(try parser.parseIndexPlace())
        switch parser.kind {
        case .comma:
          parser.advance()
          if parser.kind == .rightBracket { throw parser.missingAfterComma("an index") }
        case .rightBracket: return indices
        case .endOfText: throw parser.unclosedFailure()
        default: throw parser.missingOperatorFailure(.index)
        }
      }
    }
  }

  private mutating func parseIndexPlace() throws(ParseFailure) -> IndexSyntax {
    if kind == .colon {
      let colon = token
      let following = tokenAt(1).kind
      if following == .comma || following == .rightBracket {
        advance()
        return .all(colon.span)
      }
      if following == .endOfText {
        advance()
        throw unclosedFailure()
      }
      throw failure(
        "a slice names both its ends", at: colon.span, label: "nothing before the `:`",
        help: "write `v[1:3]`; entries count from 1 and both ends are included")
    }
    let expression = try parseExpression()
    if kind == .colon {
      throw failure(
        "a slice names both its ends", at: token.span, label: "nothing behind the `:`",
        help: "write `v[2:4]`; both ends are included")
    }
    return .expression(expression)
  }
}
