import Notation

extension Chart {
  package func text(numbers: NumberFormat) -> String {
    let heading = title.isEmpty ? "Chart" : title.text
    var lines: [String] = []
    for panel in panels {
      let axis = [panel.y, x].map { $0.title.text.isEmpty ? "values" : $0.title.text }
      lines.append(
        "\(heading): \(yTitle(panel).isEmpty ? axis[0] : yTitle(panel).text) by \(axis[1])")
      for series in panel.series { lines.append("  " + summary(series, panel, numbers)) }
    }
    lines += allNotes.map(\.text)
    return lines.joined(separator: "\n")
  }

  /// The number of points, where they begin and end, and the extremes.
  private func summary(_ series: Series, _ panel: Panel, _ numbers: NumberFormat) -> String {
    let name = series.name.isEmpty ? "" : series.name.text + ": "
    let shown = Self.shown(series, x, panel.y)
    let points = "\(name)\((series.y.count - 3 * series.jumps.count).counted("point"))"
    guard let first = shown.first, let last = shown.last,
      let least = shown.min(by: { series.y[$0] < series.y[$1] }),
      let greatest = shown.max(by: { series.y[$0] < series.y[$1] })
    else { return "\(points), none with a place on the axes" }
    func reading(_ index: Int) -> String {
      "\(numbers.text(series.y[index])) at \(numbers.text(series.x[index]))"
    }
    return points + ", \(reading(first)) to \(reading(last)); least \(reading(least)), "
      + "greatest \(reading(greatest))" + Self.summary(series.jumps, numbers)
  }

  private static let mostJumps = 5

  /// Where the function leaps, and between what.
  private static func summary(_ jumps: [Jump], _ numbers: NumberFormat) -> String {
    let shown = jumps.prefix(mostJumps).map { jump in
      let value = jump.dots.count == 3 || jump.left == jump.right ? jump.value : nil
      return "\(numbers.text(jump.x)) (\(numbers.text(jump.left)) to \(numbers.text(jump.right))"
        + (value.map { ", there \(numbers.text($0)))" } ?? ")")
    }
    guard !shown.isEmpty else { return "" }
    let rest = jumps.count - shown.count
    return "; jumps at " + shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }
}
