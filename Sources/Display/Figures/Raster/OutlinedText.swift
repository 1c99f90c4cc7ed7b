/// A line of text as outlines.
struct OutlinedText {
  /// The outlines of a run, and how far its start is from that of the line.
  let runs: [(run: TypesetText.Run, x: Double, glyphs: [Glyph])]
  /// How far the line begins before the place that it is anchored at.
  let before: Double

  /// How far slanted letters lean to the right, a unit upward.
  static let slant = 0.2

  init(_ line: TypesetText, size: Double, anchor: TextAnchor) {
    var runs: [(run: TypesetText.Run, x: Double, glyphs: [Glyph])] = []
    var end = 0.0
    for (run, step) in line.steps {
      end += step * size
      let glyphs = run.text.unicodeScalars.compactMap { Glyph.glyph($0, bold: run.isBold) }
      runs.append((run, end, glyphs))
      end += glyphs.reduce(0) { $0 + $1.advance } * run.scale * size
    }
    self.runs = runs
    before =
      switch anchor {
      case .start: 0.0
      case .middle: end / 2
      case .end: end
      }
  }
}
