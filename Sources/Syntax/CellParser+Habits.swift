/// Statements and words of other languages.
extension CellParser {
  /// A line that begins with a word of another language, or nil. The next token is a plain word.
  mutating func foreignStatement() -> ParseFailure? {
    let word = token
    let following = kindAfter
    let isAlone = endsStatement(following)
    let takesWord = following == .word || following == .string
    switch text(of: word) {
    case "def" where takesWord, "function" where takesWord, "func" where takesWord,
      "fn" where takesWord, "fun" where takesWord:
      forgivesEnd = true
      return failure(
        "a function is defined without a word before it", at: word.span, label: "leave this out",
        help: "write `f(x) = x^2`")
    case "lambda" where takesWord:
      return failure(
        "there is no `lambda`", at: word.span, label: "functions have names",
        help: "write `f(x) = x^2` on a line before this one")
    case "return" where isAlone || takesWord || following == .number || tokenAt(1).spaceBefore:
      return failure(
        "there is no `return`", at: word.span, label: "leave this out",
        help: "the last line of a body is its value: `f(x) = { q = x^2; q + 1 }`")
    case "import" where takesWord, "from" where takesWord, "using" where takesWord,
      "include" where takesWord, "require" where takesWord:
      return failure(
        "there is nothing to import", at: word.span, label: "all functions are there already",
        help: "write `exp(x)`, `sum(A)`, `help()` to see what there is")
    case "let" where following == .word, "var" where following == .word,
      "const" where following == .word, "local" where following == .word,
      "global" where following == .word:
      return failure(
        "a name is given a value without a word before it", at: word.span, label: "leave this out",
        help: "write `\(following == .word ? shortText(tokenAt(1).span) : "x") = …`")
    case "until" where takesWord, "repeat" where following == .leftBrace,
      "do" where following == .leftBrace:
      forgivesEnd = true
      return failure(
        "there is no `\(text(of: word))`", at: word.span, label: "`for` and `while` repeat",
        help: "write `while c { … }`, `for i in 1:100 { … }`")
    case "switch" where takesWord || isFollowedByBlock(), "match" where takesWord,
      "case" where takesWord:
      forgivesEnd = true
      return failure(
        "there is no `\(text(of: word))`", at: word.span, label: "cases are told apart by `if`",
        help: "write `if c { … } else if d { … } else { … }`")
    case "elif" where takesWord || following == .leftParenthesis || following == .number,
      "elseif" where takesWord || following == .leftParenthesis || following == .number:
      return failure(
        "\(quoted(word)) is not a word of the language", at: word.span, label: "write `else if`",
        help: "it follows the `}` of an `if`")
    case "class" where takesWord, "struct" where takesWord:
      return failure(
        "there are no classes", at: word.span, label: "not a word of the language",
        help: "a network is described by `network Name { … }`")
    case "pass" where isAlone, "break" where isAlone, "continue" where isAlone:
      return failure(
        "there is no \(quoted(word))", at: word.span, label: "not a word of the language")
    case "print" where takesWord || following == .number, "disp" where takesWord:
      return failure(
        "\(quoted(word)) is called with parentheses", at: tokenAt(1).span,
        label: "expected `(` before it", help: "write `print(\(printed(tokenAt(1))))`")
    case "del" where takesWord, "clear" where takesWord, "clc" where isAlone,
      "hold" where takesWord:
      return failure(
        "there is no \(quoted(word))", at: word.span, label: "not a word of the language",
        help: "a name keeps its value until it is given another")
    default: return nil
    }
  }

  /// The text of a token for a help line, with the quotes that are right.
  private func printed(_ token: Token) -> String {
    let text = shortText(token.span)
    return token.kind == .string && text.hasPrefix("'")
      ? "\"\(text.dropFirst().dropLast())\"" : text
  }

  private func isFollowedByBlock() -> Bool {
    guard kindAfter == .leftParenthesis else { return false }
    let match = Int(tokenAt(1).match)
    guard match > 0, match + 1 < tokens.count else { return false }
    return tokens[match + 1].kind == .leftBrace || tokens[match + 1].kind == .colon
  }

  /// A word where a value stands that is no name but another language's, or nil.
  mutating func foreignOperand() -> ParseFailure? {
    let word = token
    let length = word.end - word.start
    guard length == 6 || length == 8 else { return nil }
    switch text(of: word) {
    case "lambda" where kindAfter == .word || kindAfter == .colon:
      return failure(
        "there is no `lambda`", at: word.span, label: "functions have names",
        help: "write `f(x) = x^2` on a line before this one")
    case "function" where kindAfter == .leftParenthesis:
      let match = Int(tokenAt(1).match)
      guard match > 0, match + 1 < tokens.count else { return nil }
      let behind = tokens[match + 1]
      guard behind.kind == .leftBrace || behind.kind == .word && !behind.newlineBefore else {
        return nil
      }
      return failure(
        "functions have names", at: word.span, label: "`function` is not a word of the language",
        help: "write `f(x) = x^2`")
    default: return nil
    }
  }

  /// A line that begins with an operator, or with something else that begins no statement.
  mutating func misplacedBeginning() -> ParseFailure? {
    let sign = token
    switch kind {
    case .plus, .star, .slash, .at, .dot, .odot, .otimes, .oslash, .caret, .equalEqual, .notEqual,
      .less, .lessEqual, .greater, .greaterEqual, .colon, .comma, .period:
      break
    case .word where sign.keyword == .and || sign.keyword == .or:
      guard beginsExpression(kindAfter) else { return nil }
    case .question:
      return failure(
        "`?` stands behind a name", at: sign.span, label: "not before it",
        help: kindAfter == .word ? "write `\(text(of: tokenAt(1)))?`" : "write for example `sum?`")
    case .prime, .transpose, .superscript:
      return failure(
        "\(quoted(sign)) stands behind a value", at: sign.span, label: "nothing before it")
    case .equal, .compoundAssignment:
      return failure("a name is missing", at: sign.span, label: "nothing before it")
    case .leftBrace:
      return failure(
        "a block can't stand alone", at: sign.span, label: "no `if`, `for` or `network` before it")
    default: return nil
    }
    if sign.kind == .plus, kindAfter == .plus { return incrementFailure() }
    if sign.kind == .colon || sign.kind == .at || sign.kind == .period { return nil }
    return failure(
      "a statement can't begin with \(quoted(sign))", at: sign.span, label: "no value before it",
      help: position > 0
        ? "to go on from the line before, put \(quoted(sign)) at its end" : nil)
  }

  mutating func misplacedElse() -> ParseFailure {
    failure(
      "this `else` belongs to no `if`", at: token.span, label: "no `}` of an `if` before it",
      help: "`else` stands behind the `}`, or on the line after it")
  }

  /// `x++`, `++x`.
  mutating func incrementFailure() -> ParseFailure {
    let isSecond = position > 0 && previous.kind == token.kind
    let first = isSecond ? previous.span : token.span
    let second = isSecond ? token.span : tokenAt(1).span
    let sign = source[first]
    return failure(
      "there is no `\(sign)\(sign)`", at: first.joined(with: second), label: "not an operator",
      help: "write `x = x \(sign) 1`")
  }

  /// `x += 1`.
  mutating func compoundAssignmentFailure(_ target: ExpressionSyntax) -> ParseFailure {
    let sign = text(of: token)
    let operation = sign.prefix(1)
    let place = shortText(target.span)
    let value = beginsOperand(tokenAt(1).kind) ? shortText(tokenAt(1).span) : "…"
    return failure(
      "`\(sign)` is not an operator here", at: token.span, label: "write it out",
      help: "write `\(place) = \(place) \(operation) \(value)`")
  }

  /// What stands left of a `=` and is no place for a value, or nil.
  mutating func targetFailure(_ target: ExpressionSyntax) -> ParseFailure? {
    let message: String
    var help: String?
    switch target.kind {
    case .name: return nil
    case .index, .member:
      if isPath(target.kind) { return nil }
      message = "only an entry or a member of something named can be given a value"
      help = "give it a name first"
    case .call(let callee, _):
      if case .name(let name) = callee.kind {
        message = "a call can't be given a value"
        help = "write `\(name)(x) = …` on one line to define `\(name)`"
      } else {
        message = "this can't be given a value"
        help = "a function is defined by `f(x) = …`"
      }
    case .brackets:
      message = "one name stands before `=`"
      help = "take the parts out one by one: `r = …`, then `a = r[1]`"
    case .comparison:
      message = "a comparison can't be given a value"
      help = "compare with `==`"
    case .number, .string, .boolean:
      message = "a constant can't be given a value"
      help = "compare with `==`, or write the name first"
    case .prime, .power, .transpose, .juxtaposition, .chain, .negative:
      message = "a formula can't be given a value"
      help = "one name stands before `=`; compare with `==`"
    default:
      message = "this can't be given a value"
      help = "a name, an entry `v[1]` or a member `net.W` can"
    }
    let place = target.span
    return failure(message, at: place, label: "not a name, an entry or a member", help: help)
  }
}
