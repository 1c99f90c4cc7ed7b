/// Cuts a cell into tokens, by hand, over its UTF-8 bytes.
///
/// Newlines are no tokens: each token knows whether one stands before it, and the parser knows where
/// they count. Never fails: what it cannot read it reports, and leaves an `invalid` token.
struct Lexer {
  let source: SourceText
  let bytes: [UInt8]
  var index = 0
  var tokens: [Token] = []
  var diagnostics: [Diagnostic] = []
  var spaceBefore = false
  var newlineBefore = false
  /// The indices of the brackets that are open.
  private var openBrackets: [Int] = []
  private var openBraceCount = 0

  /// More mistakes than this are not collected.
  static let diagnosticLimit = 20

  init(_ source: SourceText) {
    self.source = source
    bytes = source.utf8
    tokens.reserveCapacity(bytes.count / 3 + 8)
  }

  static func tokens(of source: SourceText) -> (tokens: [Token], diagnostics: [Diagnostic]) {
    var lexer = Lexer(source)
    while lexer.index < lexer.bytes.count { lexer.readNext() }
    lexer.append(.endOfText, length: 0)
    return (lexer.tokens, lexer.diagnostics)
  }

  /// The byte `distance` places on, or 0 beyond the end.
  func byte(_ distance: Int = 0) -> UInt8 {
    index + distance < bytes.count ? bytes[index + distance] : 0
  }

  /// Whether what comes now stands where an operator can: directly behind a value, on its line.
  var followsOperand: Bool {
    guard !newlineBefore, let last = tokens.last else { return false }
    // Whether a bar closes, only the parser knows; what touches it is behind it.
    return last.endsOperand && !(spaceBefore && (last.kind == .bar || last.kind == .doubleBar))
  }

  mutating func append(_ kind: TokenKind, length: Int, keyword: Keyword? = nil) {
    tokens.append(
      Token(
        kind: kind, keyword: keyword, spaceBefore: spaceBefore, newlineBefore: newlineBefore,
        start: Int32(truncatingIfNeeded: index), end: Int32(truncatingIfNeeded: index + length),
        match: -1))
    index += length
    spaceBefore = false
    newlineBefore = false
  }

  mutating func report(
    _ message: String, at span: SourceSpan, label: String, help: String? = nil
  ) {
    guard diagnostics.count < Self.diagnosticLimit else { return }
    diagnostics.append(Diagnostic(.syntax, message, at: span, label: label, help: help))
  }

  private mutating func readNext() {
    let first = bytes[index]
    switch first {
    case UInt8(ascii: " "), UInt8(ascii: "\t"):
      index += 1
      spaceBefore = true
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      index += 1
      spaceBefore = true
      newlineBefore = true
    case UInt8(ascii: "#"): skipLine()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): readNumber()
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      readWord()
    case UInt8(ascii: "\""): readString()
    case UInt8(ascii: "'"): readQuoteOrPrime()
    case 0x80...: readBeyondASCII()
    default: readSign(first)
    }
  }

  mutating func skipLine() {
    while index < bytes.count, bytes[index] != UInt8(ascii: "\n"),
      bytes[index] != UInt8(ascii: "\r")
    {
      index += 1
    }
  }

  mutating func readWord() {
    var end = index
    while end < bytes.count {
      if bytes[end] < 0x80 {
        guard CharacterClass.isASCIIName(bytes[end]) || joinsSubscripts(end) else { break }
        end += 1
      } else {
        let (scalar, length) = UTF8Scalar.decode(bytes, at: end)
        if CharacterClass.continuesName(scalar) {
          end += length
        } else if CharacterClass.isInvisible(scalar), nameGoesOn(at: end + length) {
          reportInvisible(scalar, at: SourceSpan(end, end + length))
          end += length
        } else {
          break
        }
      }
    }
    append(.word, length: end - index, keyword: Keyword.spelled(by: bytes[index..<end]))
  }

  /// Whether a comma stands between two subscript digits: there it is part of the name, `w₁₂,₃`.
  private func joinsSubscripts(_ place: Int) -> Bool {
    bytes[place] == UInt8(ascii: ",") && isSubscript(place - 3) && isSubscript(place + 1)
  }

  private func isSubscript(_ place: Int) -> Bool {
    guard place >= 0, place + 2 < bytes.count else { return false }
    let scalar = UTF8Scalar.decode(bytes, at: place).0
    return (0x2080...0x2089).contains(scalar.value)
  }

  private func nameGoesOn(at place: Int) -> Bool {
    place < bytes.count && CharacterClass.continuesName(UTF8Scalar.decode(bytes, at: place).0)
  }

  private mutating func readSign(_ first: UInt8) {
    let next = byte(1)
    switch first {
    case UInt8(ascii: "("): open(.leftParenthesis)
    case UInt8(ascii: ")"): close(.rightParenthesis)
    case UInt8(ascii: "["): open(.leftBracket)
    case UInt8(ascii: "]"): close(.rightBracket)
    case UInt8(ascii: "{"): open(.leftBrace)
    case UInt8(ascii: "}"): close(.rightBrace)
    case UInt8(ascii: ","): append(.comma, length: 1)
    case UInt8(ascii: ";"): append(.semicolon, length: 1)
    case UInt8(ascii: "?"): append(.question, length: next == first ? 2 : 1)
    case UInt8(ascii: ".") where CharacterClass.isDigit(next): readNumber()
    case UInt8(ascii: ".") where next == first && byte(2) != first && isInAssumption:
      append(.colon, length: 2)
    case UInt8(ascii: ".") where next == first: readDots()
    case UInt8(ascii: "/") where next == first || next == UInt8(ascii: "*"):
      readForeignComment()
    case UInt8(ascii: "%"): readForeignComment()
    case UInt8(ascii: "!") where next != UInt8(ascii: "="): readExclamation()
    case UInt8(ascii: "=") where next == first && byte(2) != first:
      append(.equalEqual, length: 2)
    case UInt8(ascii: "!") where byte(2) != UInt8(ascii: "="): append(.notEqual, length: 2)
    case UInt8(ascii: "<") where next == UInt8(ascii: "="): append(.lessEqual, length: 2)
    case UInt8(ascii: ">") where next == UInt8(ascii: "="): append(.greaterEqual, length: 2)
    default:
      if let foreign = ForeignNotation.found(in: bytes, at: index) {
        read(foreign)
      } else if let kind = Self.signs[Int(first)] {
        append(kind, length: 1)
      } else {
        readUnknown(Unicode.Scalar(first), length: 1)
      }
    }
  }

  private static let signs: [TokenKind?] = {
    var table = [TokenKind?](repeating: nil, count: 128)
    let pairs: [(UInt8, TokenKind)] = [
      (UInt8(ascii: "+"), .plus), (UInt8(ascii: "-"), .minus), (UInt8(ascii: "*"), .star),
      (UInt8(ascii: "/"), .slash), (UInt8(ascii: "^"), .caret), (UInt8(ascii: "@"), .at),
      (UInt8(ascii: "="), .equal), (UInt8(ascii: "<"), .less), (UInt8(ascii: ">"), .greater),
      (UInt8(ascii: ":"), .colon), (UInt8(ascii: "."), .period), (UInt8(ascii: "|"), .bar),
    ]
    for (byte, kind) in pairs { table[Int(byte)] = kind }
    return table
  }()

  private mutating func open(_ kind: TokenKind) {
    openBrackets.append(tokens.count)
    if kind == .leftBrace { openBraceCount += 1 }
    append(kind, length: 1)
  }

  /// Pairs a closing bracket with its opening one. A `}` closes over forgotten `(` and `[`; these
  /// never close over a `{`.
  private mutating func close(_ kind: TokenKind) {
    let opening: TokenKind =
      switch kind {
      case .rightParenthesis: .leftParenthesis
      case .rightBracket: .leftBracket
      default: .leftBrace
      }
    let isHopeless = kind == .rightBrace && openBraceCount == 0
    var depth = isHopeless ? -1 : openBrackets.count - 1
    while depth >= 0 {
      let found = tokens[openBrackets[depth]].kind
      if found == opening { break }
      if kind != .rightBrace && (found == .leftBrace || openBrackets.count - depth > 4) {
        depth = -1
        break
      }
      depth -= 1
    }
    if depth >= 0 {
      let partner = openBrackets[depth]
      if kind == .rightBrace { openBraceCount -= 1 }
      tokens[partner].match = Int32(truncatingIfNeeded: tokens.count)
      openBrackets.removeLast(openBrackets.count - depth)
      append(kind, length: 1)
      tokens[tokens.count - 1].match = Int32(truncatingIfNeeded: partner)
    } else {
      append(kind, length: 1)
    }
  }

  private mutating func readBeyondASCII() {
    let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
    switch scalar {
    case "∂": append(.partial, length: length)
    case "∇": append(.nabla, length: length)
    case "‖", "∥": append(.doubleBar, length: length)
    case "·", "⋅": append(.dot, length: length)
    case "×": append(.star, length: length)
    case "⊙": append(.odot, length: length)
    case "⊗": append(.otimes, length: length)
    case "⊘": append(.oslash, length: length)
    case "−": append(.minus, length: length)
    case "′": append(.prime, length: length)
    case "ᵀ": append(.transpose, length: length)
    case "≤": append(.lessEqual, length: length)
    case "≥": append(.greaterEqual, length: length)
    case "≠": append(.notEqual, length: length)
    case "≈": append(.approximately, length: length)
    default:
      if let sign = LetterVariant.plain(scalar), sign == "∂" || sign == "∇" {
        append(sign == "∂" ? .partial : .nabla, length: length)
      } else if CharacterClass.beginsName(scalar) {
        readWord()
      } else if CharacterClass.raised(scalar) != nil {
        readSuperscript()
      } else if CharacterClass.isSpace(scalar) {
        index += length
        spaceBefore = true
      } else if scalar == "“" || scalar == "”" || scalar == "„" || scalar == "‘" || scalar == "’" {
        readTypographicQuotes()
      } else if let foreign = ForeignNotation.found(in: bytes, at: index) {
        read(foreign)
      } else {
        readUnknown(scalar, length: length)
      }
    }
  }

  /// Whether the statement so far is one of `assume`, whose intervals are written `0..1`.
  private var isInAssumption: Bool {
    for token in tokens.reversed() {
      if token.keyword == .assume { return true }
      if token.newlineBefore || token.kind == .semicolon || token.kind == .leftBrace {
        return false
      }
    }
    return false
  }

  /// `²`, `⁻¹`, `ⁿ`, `⁽³⁾`: one token for the run.
  private mutating func readSuperscript() {
    var end = index
    while end < bytes.count, bytes[end] >= 0x80 {
      let (scalar, length) = UTF8Scalar.decode(bytes, at: end)
      guard let plain = CharacterClass.raised(scalar), plain != "(" || end == index else { break }
      end += length
      // `⁽³⁾²` is an example's number, then an exponent.
      if plain == ")" { break }
    }
    append(.superscript, length: end - index)
  }
}
