import Notation

/// Text that is safe in SVG, in elements and in quoted attributes.
enum SVGText {
  /// The text with what XML reserves replaced; control characters, which it forbids, turn into U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result += " "
      case "\u{0}"..."\u{1F}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text inside an element. A dollar sign stands alone in its element, so that no typesetter takes
  /// two of them for the ends of a formula where a page has the SVG inline.
  static func content(_ text: String) -> String {
    let safe = escaped(text)
    return safe.contains("$") ? safe.replacing("$", with: "<tspan>$</tspan>") : safe
  }
}

/// How a line of text looks.
struct TextStyle: Sendable, Hashable {
  var size: Double
  var color: RGBColor = Palette.ink
  var isBold = false
}

extension TextStyle {
  /// The title of a figure, what labels its axes, the numbers at them, and the remarks below.
  static let title = TextStyle(size: 20, isBold: true)
  static let axisTitle = TextStyle(size: 18)
  static let tick = TextStyle(size: 16)
  static let note = TextStyle(size: 16, color: Palette.mutedInk)
}

/// Which point of a line of text a place means.
enum TextAnchor: String, Sendable {
  case start, middle, end
}

extension TextStyle {
  /// A text set in this style.
  func typeset(_ symbol: SymbolText) -> TypesetText { TypesetText(symbol, bold: isBold) }

  func width(of symbol: SymbolText) -> Double { typeset(symbol).width * size }

  /// The text itself if it is no wider than that, else its beginning as plain text with an ellipsis.
  func fitted(_ symbol: SymbolText, width limit: Double) -> SymbolText {
    guard width(of: symbol) > limit else { return symbol }
    var text = MarkedText(symbol.text).text()
    while !text.isEmpty, width(of: .words(text + "…")) > limit { text.removeLast() }
    return .words(text + "…")
  }

  /// A text in lines of limited width, broken at spaces, and within words that are wider. Text that has to be broken is
  /// set plain.
  func wrapped(_ symbol: SymbolText, width limit: Double) -> [SymbolText] {
    guard width(of: symbol) > limit else { return [symbol] }
    var lines: [String] = []
    for word in symbol.text.split(separator: " ") {
      if let last = lines.last, width(of: .words("\(last) \(word)")) <= limit {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines += pieces(of: word, width: limit)
      }
    }
    return lines.map { .words($0) }
  }

  /// A word in pieces of limited width, of at least a character each.
  private func pieces(of word: Substring, width limit: Double) -> [String] {
    guard width(of: .words(String(word))) > limit else { return [String(word)] }
    var pieces = [""]
    for character in word {
      let longer = pieces[pieces.count - 1] + String(character)
      if width(of: .words(longer)) <= limit || longer.count == 1 {
        pieces[pieces.count - 1] = longer
      } else {
        pieces.append(String(character))
      }
    }
    return pieces
  }

  /// How wide the widest word of a text is.
  func widestWord(of symbol: SymbolText) -> Double {
    symbol.text.split(separator: " ").reduce(0) { max($0, width(of: .words(String($1)))) }
  }

  /// The room that a line takes whose base line begins, centres or ends at a point.
  func box(of symbol: SymbolText, at point: Point, _ anchor: TextAnchor) -> Box {
    let line = typeset(symbol)
    let width = line.width * size
    let left =
      switch anchor {
      case .start: point.x
      case .middle: point.x - width / 2
      case .end: point.x - width
      }
    return Box(
      left, point.y - line.ascent * size, width, (line.ascent + line.descent) * size)
  }

  /// How far below the middle of its figures a line's base line is.
  var middleShift: Double { FontMetrics.figureHeight / 2 * size }
}
