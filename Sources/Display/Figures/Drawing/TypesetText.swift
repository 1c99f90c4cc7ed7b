import Notation

/// A `SymbolText` set in one line: runs of one style, each at its place, in units of the font size.
struct TypesetText: Sendable, Hashable {
  /// Characters that are drawn alike.
  struct Run: Sendable, Hashable {
    var text: String
    /// Where the run begins, from the start of the line.
    var x: Double
    /// How far its base line stands above that of the line.
    var rise: Double
    /// Its size, as a part of the line's.
    var scale: Double
    var isItalic: Bool
    var isBold: Bool
  }

  private(set) var runs: [Run] = []
  /// The width of the line.
  private(set) var width = 0.0
  /// The room above and below the base line.
  private(set) var ascent = FontMetrics.ascent
  private(set) var descent = FontMetrics.descent
  /// Where the last run ends, which is not the width of the line while scripts are stacked.
  private var end = 0.0

  init(_ symbol: SymbolText, bold: Bool = false) {
    append(symbol, Style(isBold: bold))
  }

  /// The runs, each with the step from where the one before ends as it was measured: in another font the runs stay
  /// as far apart as they are here.
  var steps: [(run: Run, step: Double)] {
    var end = 0.0
    return runs.map { run in
      let step = run.x - end
      end = run.x + FontMetrics.width(of: run.text, bold: run.isBold) * run.scale
      return (run, step)
    }
  }

  private struct Style {
    var rise = 0.0
    var scale = 1.0
    var isItalic = false
    var isBold: Bool

    /// A smaller style below or above the line.
    func script(raisedBy part: Double) -> Style {
      var result = self
      result.rise += part * scale
      result.scale *= 0.75
      return result
    }
  }

  private static let lowering = -0.2
  private static let raising = 0.38
  /// Scripts above each other stand further apart, so that a bracket does not touch the index below it.
  private static let stackedLowering = -0.28
  private static let stackedRaising = 0.5

  private mutating func append(_ text: String, _ style: Style) {
    guard !text.isEmpty else { return }
    if let last = runs.last, last.rise == style.rise, last.scale == style.scale,
      last.isItalic == style.isItalic, last.isBold == style.isBold, end == width
    {
      runs[runs.count - 1].text += text
    } else {
      runs.append(
        Run(
          text: text, x: width, rise: style.rise, scale: style.scale, isItalic: style.isItalic,
          isBold: style.isBold))
    }
    width += FontMetrics.width(of: text, bold: style.isBold) * style.scale
    end = width
    ascent = max(ascent, style.rise + FontMetrics.ascent * style.scale)
    descent = max(descent, FontMetrics.descent * style.scale - style.rise)
  }

  private mutating func append(_ symbol: SymbolText, _ style: Style) {
    switch symbol.onLine {
    case .words(let text): append(text, style)
    case .variable(let name):
      var italic = style
      italic.isItalic = name.count == 1 && name.first?.isLetter == true
      append(name, italic)
    case .scripted(let base, let lower, let upper):
      append(base, style)
      let isStacked = lower != nil && upper != nil
      append(
        lower: lower,
        style.script(raisedBy: isStacked ? Self.stackedLowering : Self.lowering), upper: upper,
        style.script(raisedBy: isStacked ? Self.stackedRaising : Self.raising))
    case .bold(let base):
      var bold = style
      bold.isBold = true
      append(base, bold)
    case .sequence(let parts): for part in parts { append(part, style) }
    default: break
    }
  }

  /// Scripts at one base, above each other: the narrower one first, so that what follows begins
  /// behind the wider one also where the font is narrower than measured.
  private mutating func append(
    lower: SymbolText?, _ low: Style, upper: SymbolText?, _ high: Style
  ) {
    guard let lower else { return upper.map { append($0, high) } ?? () }
    guard let upper else { return appendIndices(lower, low) }
    let start = width
    var trial = self
    trial.appendIndices(lower, low)
    let lowerWidth = trial.width - start
    trial = self
    trial.append(upper, high)
    if lowerWidth <= trial.width - start {
      appendIndices(lower, low)
      width = start
      append(upper, high)
    } else {
      self = trial
      width = start
      appendIndices(lower, low)
    }
  }

  /// Words as indices, whose letters are variables.
  private mutating func appendIndices(_ symbol: SymbolText, _ style: Style) {
    guard case .words(let text) = symbol, SymbolText.isIndices(text) else {
      return append(symbol, style)
    }
    for character in text {
      append(character.isLetter ? .variable(String(character)) : .words(String(character)), style)
    }
  }
}
