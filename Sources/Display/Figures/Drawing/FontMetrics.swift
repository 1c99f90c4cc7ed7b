/// How wide text is, as far as a layout needs to know without the reader's font.
///
/// The widths are those of DejaVu Sans, the widest of the fonts that `SVGCanvas` asks for; text in
/// another one takes up to a seventh less room, never more.
package enum FontMetrics {
  /// The room above and below the base line, and the height of figures, in units of the font size.
  package static let ascent = 0.78
  package static let descent = 0.22
  package static let figureHeight = 0.73

  /// The width of a text in units of the font size.
  package static func width(of text: String, bold: Bool = false) -> Double {
    if text.unicodeScalars.contains(where: NumberMark.isPart) { return widthOfMarked(text, bold) }
    let total = text.unicodeScalars.reduce(0.0) { $0 + width(of: $1) }
    return bold ? total * 1.12 : total
  }

  /// A number that may become another one has room for any usual one.
  private static func widthOfMarked(_ text: String, _ bold: Bool) -> Double {
    let parts = MarkedText(text)
    let usual = width(of: "−0.0000", bold: bold)
    return parts.literals.reduce(0) { $0 + width(of: $1, bold: bold) }
      + parts.numbers.reduce(0) { $0 + max(usual, width(of: $1.text, bold: bold)) }
  }

  private static func width(of scalar: Unicode.Scalar) -> Double {
    switch scalar.value {
    case 0x20..<0x7F: Double(ascii[Int(scalar.value) - 0x20]) / 1000
    // Capital letters with marks; small ones; Greek.
    case 0xC0..<0xDF: 0.75
    case 0xA0..<0x2B0: 0.64
    case 0x391..<0x3AA: 0.77
    case 0x3AA..<0x3FF: scalar == "ω" ? 0.84 : 0.65
    case 0x2070..<0x209D: 0.41
    case 0x2009: 0.2
    default: otherWidth(of: scalar)
    }
  }

  private static func otherWidth(of scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "·", "⋅", "′": return 0.32
    case "∂", "–", "‖": return 0.52
    case "∇", "∑", "√": return 0.68
    case "…", "—", "⋯", "⋮": return 1
    default: break
    }
    switch TextWidth.columns(of: String(Character(scalar))) {
    case 0: return 0
    case 2: return 1.05
    default: return 0.84
    }
  }

  /// Advance widths of U+0020 to U+007E in thousandths of the font size.
  private static let ascii: [Int] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
  ]
}
