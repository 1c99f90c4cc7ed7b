import Notation

/// Axes that stay while what a chart shows moves: as wide as all that it shows, unless its beginning would be lost in that.
package struct ChartFrame: Sendable, Hashable {
  let x: FigureAxis
  let y: FigureAxis
  /// Remarks that hold whatever is shown.
  let notes: [SymbolText]
  /// By series: its name and its form.
  private let series: [Chart.Series.Kind]

  /// So many times the height of what is shown at the beginning there may be above and below it.
  private static let reach = 5.0

  /// Axes for a chart as it is at several settings, at the first of them to begin with; nil where it has several
  /// panels, or becomes another one.
  package init?(_ charts: [Chart]) {
    guard let first = charts.first, first.panels.count == 1 else { return nil }
    series = first.panels[0].series.map(\.kind)
    let kinds = series
    guard charts.allSatisfy({ $0.panels.count == 1 && $0.panels[0].series.map(\.kind) == kinds })
    else { return nil }
    // All as the first is: an axis that gets logarithmic for some is none that stays.
    let panels = charts.map { Chart.Panel(y: first.panels[0].y, series: $0.panels[0].series) }
    let across = charts.map { first.x.scale(for: $0.panels[0].series.flatMap(\.x), room: $0.xRoom) }
    let up = panels.map(first.yScale)
    func fixed(_ axis: FigureAxis, _ range: ClosedRange<Double>, isWhole: Bool) -> FigureAxis {
      FigureAxis(
        axis.label, unit: axis.unit, scale: axis.scale, span: .fixed(range, isWhole: isWhole))
    }
    x = fixed(
      first.x, (across.map(\.lower).min() ?? 0)...(across.map(\.upper).max() ?? 1),
      isWhole: charts.allSatisfy(\.xIsWhole))
    y = fixed(
      first.panels[0].y, Self.range(up, isFlat: Self.isFlat(panels[0])),
      isWhole: zip(charts, panels).allSatisfy { $0.yIsWhole($1) })
    var notes = first.notes
    for (place, kind) in series.enumerated() {
      let missing = panels.map { first.missing(from: $0.series[place], $0) }
      let reasons = [
        (missing.contains { $0.nonFinite > 0 }, "not finite"),
        (missing.contains { $0.notAbove > 0 }, "not above 0"),
      ].filter(\.0).map(\.1)
      guard !reasons.isEmpty else { continue }
      let name = kind.name.isEmpty ? "" : kind.name + ": "
      notes.append(
        name + .words("the line has gaps where its values are \(reasons.joined(separator: " or "))")
      )
    }
    let scale = y.scale(for: [], room: 0)
    if panels.contains(where: { first.isCut($0, by: scale) }) {
      notes.append(Chart.cutNote(scale))
    }
    self.notes = notes
  }

  /// Whether a chart is one of those that the axes are for.
  func fits(_ chart: Chart) -> Bool {
    chart.panels.count == 1 && chart.panels[0].series.map(\.kind) == series
  }

  /// Whether nothing is high or low.
  private static func isFlat(_ panel: Chart.Panel) -> Bool {
    let values = panel.series.flatMap(\.y).filter(\.isFinite)
    return values.min() == values.max()
  }

  private static func range(_ scales: [AxisScale], isFlat: Bool) -> ClosedRange<Double> {
    let lower = scales.map(\.lower).min() ?? 0
    let upper = scales.map(\.upper).max() ?? 1
    guard let first = scales.first, first.kind == .linear else { return lower...upper }
    let heights = scales.map { $0.upper - $0.lower }.sorted()
    let height = isFlat ? heights[heights.count / 2] : first.upper - first.lower
    // An end that is none of what is shown is a number that can be said, by steps that are seen.
    let power = TickMath.leadingPower(of: height) - 1
    func step(_ end: Double, _ rule: FloatingPointRoundingRule) -> Double {
      TickMath.scaled(TickMath.scaled(end, byPower: -power).rounded(rule), byPower: power)
    }
    return max(
      lower, step(first.lower - reach * height, .down))...min(
        upper, step(first.upper + reach * height, .up))
  }
}

extension Chart.Series {
  /// What a series is, whatever it shows.
  struct Kind: Sendable, Hashable {
    let name: SymbolText
    let form: Form
  }

  fileprivate var kind: Kind { Kind(name: name, form: form) }
}
