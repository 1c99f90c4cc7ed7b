/// What a token is.
enum TokenKind: UInt8, Sendable {
  case endOfText
  /// Not in the token list: what the parser sees before a token that begins a new statement's line.
  case newline
  /// Something that the lexer has reported already.
  case invalid
  case number, string, word
  /// `'`, `ᵀ`, and a run such as `²` or `⁻¹`.
  case prime, transpose, superscript
  case caret, plus, minus, star, slash, at, dot, odot, otimes, oslash
  case equal, equalEqual, notEqual, less, lessEqual, greater, greaterEqual
  /// `≈`, which joins numbers in an audit.
  case approximately
  /// `+=` and its like, which the language does not have.
  case compoundAssignment
  case colon, comma, semicolon, period, question
  case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
  case partial, nabla
  /// `|` and `‖`, which open and close.
  case bar, doubleBar
}

/// A piece of the text, with what stands before it.
struct Token: Sendable {
  var kind: TokenKind
  /// Which keyword a word spells; whether it is one, its place decides.
  var keyword: Keyword?
  var spaceBefore: Bool
  var newlineBefore: Bool
  var start: Int32
  var end: Int32
  /// The index of the token that closes (or opens) this bracket, or -1.
  var match: Int32

  var span: SourceSpan { SourceSpan(Int(start), Int(end)) }

  /// Whether a value can end here, so that what follows is an operator.
  var endsOperand: Bool {
    switch kind {
    case .number, .string, .prime, .transpose, .superscript, .rightParenthesis, .rightBracket,
      .rightBrace, .bar, .doubleBar:
      true
    case .word:
      switch keyword {
      case .and, .or, .not, .if, .else, .for, .in, .try, .explain: false
      default: true
      }
    default: false
    }
  }
}
