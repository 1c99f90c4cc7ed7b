/// A line of a text that is laid out: its tokens, and the comment at its end.
struct FormattedLine {
  /// A token or a comment, and its place.
  struct Piece {
    let text: String
    let width: Int
    /// The token's index; nil of a comment.
    let token: Int?
    /// The column at which it stood.
    let column: Int
    /// The spaces that stood before it.
    let space: Int
    /// The spaces before it now; of a line's first piece its indentation.
    var gap = 0
    var newColumn = 0
  }

  /// At least one.
  var pieces: [Piece]
  /// How many empty lines stand before it.
  let blanks: Int
  /// The first token that does not stand before it.
  var nextToken: Int

  /// Places each piece behind the one before.
  mutating func place() {
    var column = 0
    for index in pieces.indices {
      pieces[index].newColumn = column + pieces[index].gap
      column = pieces[index].newColumn + pieces[index].width
    }
  }
}

/// Puts tokens, and the comments between them, into lines.
struct FormattedLineReader {
  /// How far a tab reaches.
  private static let tabStop = 4

  let source: SourceText
  private(set) var lines: [FormattedLine] = []
  private var offset = 0
  private var column = 0
  private var space = 0
  /// Whether nothing has been read of this line.
  private var isAtStart = true
  private var blanks = 0

  init(source: SourceText) { self.source = source }

  /// Reads spaces, line ends and comments up to a token.
  mutating func readSpace(to end: Int, token: Int) {
    let first = lines.count
    while offset < end {
      let (scalar, length) = UTF8Scalar.decode(source.utf8, at: offset)
      switch scalar {
      case "#":
        var last = offset
        while last < end, source.utf8[last] != UInt8(ascii: "\n"),
          source.utf8[last] != UInt8(ascii: "\r")
        {
          last += 1
        }
        append(SourceSpan(offset, last), token: nil)
        continue
      case "\r" where offset + 1 < end && source.utf8[offset + 1] == UInt8(ascii: "\n"): break
      case "\n", "\r":
        if isAtStart, !lines.isEmpty { blanks += 1 }
        (isAtStart, column, space) = (true, 0, 0)
      case "\t":
        let width = Self.tabStop - column % Self.tabStop
        column += width
        space += width
      default:
        column += 1
        space += 1
      }
      offset += length
    }
    for index in lines.indices[first...] { lines[index].nextToken = token }
  }

  mutating func append(_ span: SourceSpan, token: Int?) {
    var text = source[span]
    if token == nil {
      while text.unicodeScalars.last?.properties.isWhitespace == true {
        text.unicodeScalars.removeLast()
      }
    }
    let width = DisplayWidth.of(text)
    let piece = FormattedLine.Piece(
      text: text, width: width, token: token, column: column, space: space)
    if isAtStart {
      lines.append(FormattedLine(pieces: [piece], blanks: blanks, nextToken: token ?? 0))
    } else {
      lines[lines.count - 1].pieces.append(piece)
    }
    (isAtStart, blanks, space) = (false, 0, 0)
    column += width
    offset = span.end
  }
}
