/// What operators join: numbers, texts, names, parentheses, lists, conditionals, derivatives.
extension CellParser {
  /// `operand = number | string | name | "(" expression ")" | bars | list | conditional | partial | nabla`
  mutating func parseOperand() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    switch kind {
    case .number: return try parseNumber()
    case .string:
      let value = stringValue(of: token)
      advance()
      return try make(.string(value), span(from: start))
    case .word: return try parseWord()
    case .leftParenthesis: return try parseParenthesized()
    case .leftBracket: return try parseList()
    case .partial:
      return try nested { (parser) throws(ParseFailure) in try parser.parsePartial() }
    case .nabla: return try parseNabla()
    case .bar, .doubleBar:
      return try nested { (parser) throws(ParseFailure) in try parser.parseBars() }
    default: throw missingOperandFailure()
    }
  }

  mutating func parseNumber() throws(ParseFailure) -> ExpressionSyntax {
    let literal = text(of: token)
    let span = token.span
    advance()
    return try make(.number(Self.value(of: literal), literal: literal), span)
  }

  /// The double nearest to a literal. Short decimals are exact quotients of two exact doubles.
  private static func value(of literal: String) -> Double {
    var (mantissa, fraction, hasPoint): (UInt64, Int, Bool) = (0, 0, false)
    guard literal.utf8.count <= 16 else { return Double(literal) ?? .nan }
    for byte in literal.utf8 {
      if byte == UInt8(ascii: ".") {
        hasPoint = true
      } else if CharacterClass.isDigit(byte) {
        mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0"))
        if hasPoint { fraction += 1 }
      } else {
        return Double(literal) ?? .nan
      }
    }
    guard mantissa < 1 << 53 else { return Double(literal) ?? .nan }
    return fraction == 0 ? Double(mantissa) : Double(mantissa) / powersOfTen[fraction]
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
  ]

  /// What a text holds, its escapes resolved; a `\` before another character stands for itself.
  private func stringValue(of token: Token) -> String {
    let raw = source.utf8[Int(token.start)..<Int(token.end)].dropFirst()
    let inner = raw.last == UInt8(ascii: "\"") ? raw.dropLast() : raw
    guard inner.contains(UInt8(ascii: "\\")) else { return String(decoding: inner, as: UTF8.self) }
    var bytes: [UInt8] = []
    var index = inner.startIndex
    while index < inner.endIndex {
      let byte = inner[index]
      index += 1
      guard byte == UInt8(ascii: "\\"), index < inner.endIndex else {
        bytes.append(byte)
        continue
      }
      switch inner[index] {
      case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(inner[index])
      default: bytes += [byte, inner[index]]
      }
      index += 1
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func parseWord() throws(ParseFailure) -> ExpressionSyntax {
    let word = token
    switch word.keyword {
    case .true, .false:
      advance()
      return try make(.boolean(word.keyword == .true), word.span)
    case .if where beginsExpression(kindAfter):
      return try nested { (parser) throws(ParseFailure) in try parser.parseConditional() }
    case .not where standsNot() && beginsExpression(kindAfter):
      throw failure(
        "`not` binds less than the operator before it", at: word.span, label: "not an operand",
        help: "put it in parentheses: `(not …)`")
    case .explain where beginsOperand(kindAfter) && kindAfter != .leftParenthesis:
      throw failure(
        "`explain` begins a statement", at: word.span, label: "not a part of an expression",
        help: "write `d = explain …` on a line before this one")
    case .audit where beginsAudit:
      return try nested { (parser) throws(ParseFailure) in
        try parser.parseAudit(allowsOptions: false)
      }
    case .and, .or, .in, .else, .for:
      if beginsOperand(kindAfter) { throw missingOperandFailure() }
    case nil:
      if let quotient = try parseDifferentialQuotient() { return quotient }
      if let failure = foreignOperand() { throw failure }
    default: break
    }
    let start = position
    let name = parseQuantityName()
    return try make(.name(name), span(from: start))
  }

  private mutating func parseParenthesized() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    let inner = try bracketed(newlineEnds: false, closing: .rightParenthesis) {
      (parser) throws(ParseFailure) in
      if parser.kind == .rightParenthesis {
        throw parser.failure(
          "there is nothing in these parentheses",
          at: parser.span(from: start).joined(
            with: parser.token.span), label: "a value is missing")
      }
      let inner = try parser.parseExpression()
      switch parser.kind {
      case .rightParenthesis, .endOfText: break
      default: throw parser.missingOperatorFailure(.parentheses)
      }
      return inner
    }
    return try make(.parenthesized(inner), span(from: start))
  }

  /// `conditional = "if" condition "{" expression "}" [ "else" ( "{" expression "}" | conditional ) ]`
  private mutating func parseConditional() throws(ParseFailure) -> ExpressionSyntax {
    let start = position
    advance()
    let condition = try parseCondition()
    let then = try parseBranch(of: "if")
    var otherwise: ExpressionSyntax?
    if reportForeignElse() {
      otherwise = try nested { (parser) throws(ParseFailure) in try parser.parseConditional() }
    } else if standsElse() {
      continueLine()
      advance()
      if keyword == .if, beginsExpression(kindAfter) {
        otherwise = try nested { (parser) throws(ParseFailure) in try parser.parseConditional() }
      } else {
        otherwise = try parseBranch(of: "else")
      }
    }
    return try make(
      .conditional(condition: condition, then: then, otherwise: otherwise), span(from: start))
  }

  private mutating func parseBranch(of owner: String) throws(ParseFailure) -> ExpressionSyntax {
    try expectBrace(of: owner)
    return try bracketed(newlineEnds: true, closing: .rightBrace) {
      (parser) throws(ParseFailure) in
      parser.continueLine()
      if parser.kind == .rightBrace {
        throw parser.failure(
          "a branch of this `if` has no value", at: parser.token.span, label: "an empty block",
          help: "where an `if` stands for a value, each branch holds one expression")
      }
      let value = try parser.parseExpression()
      while parser.token.kind == .semicolon { parser.advance() }
      parser.continueLine()
      if parser.kind == .rightBrace || parser.kind == .endOfText { return value }
      if parser.token.newlineBefore || parser.previous.kind == .semicolon
        || parser.kind == .equal
      {
        throw parser.failure(
          "a branch of this `if` holds more than one expression", at: parser.token.span,
          label: "not a part of the value",
          help: "where an `if` stands for a value, each branch holds one expression")
      }
      throw parser.missingOperatorFailure(.statement)
    }
  }
}
