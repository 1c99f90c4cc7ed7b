import Notation

/// Lines and points over one horizontal axis: functions, training histories, losses by weight.
///
/// Panels stand below each other and share the horizontal axis; series of one name look alike in all
/// of them. Where a number is not finite (or not positive, on a logarithmic axis) a line has a gap.
package struct Chart: Figure, Hashable {
  package struct Series: Sendable, Hashable {
    package enum Form: Sendable, Hashable { case line, points, linePoints }

    package var name: SymbolText
    package var x: [Double]
    package var y: [Double]
    package var form: Form
    /// Whether it is a function at many places, of which more could be asked.
    package let isFunction: Bool
    /// A dot for each of more points than these would hide the line.
    private static let dotLimit = 80
    /// From left to right; x and y hold the two ends of each, and a gap between them.
    package let jumps: [Jump]

    /// A series; x goes upward where there are jumps.
    package init(
      _ name: SymbolText, x: [Double], y: [Double], form: Form = .line, isFunction: Bool = false,
      jumps: [Jump] = []
    ) {
      self.name = name
      self.isFunction = isFunction
      self.form = form == .linePoints && x.count > Self.dotLimit ? .line : form
      self.jumps = jumps
      guard !jumps.isEmpty else {
        self.x = x
        self.y = y
        return
      }
      var places = zip(x, y).filter { place in !jumps.contains { $0.x == place.0 } }
      for jump in jumps {
        let ends = [(jump.x, jump.left), (jump.x, .nan), (jump.x, jump.right)]
        places.insert(contentsOf: ends, at: places.firstIndex { $0.0 > jump.x } ?? places.count)
      }
      self.x = places.map(\.0)
      self.y = places.map(\.1)
    }
  }

  /// A place where a function leaps: its line ends and begins anew, with a filled dot at its value and open
  /// ones where it only comes near.
  package struct Jump: Sendable, Hashable {
    package var x: Double
    /// What it comes near from the left, and from the right.
    package var left: Double
    package var right: Double
    /// Its value; nil where it has none.
    package var value: Double?

    package init(x: Double, left: Double, right: Double, value: Double?) {
      self.x = x
      self.left = left
      self.right = right
      self.value = value
    }

    /// The dots, each once; ends that are the value but for the way to them are the value.
    var dots: [(y: Double, isOpen: Bool)] {
      let near = max(abs(right - left), (value.map { abs($0 - left) } ?? 0)) * 1e-3
      let open = (abs(left - right) <= near ? [left] : [left, right]).filter { end in
        value.map { abs($0 - end) > near } ?? true
      }
      return open.map { ($0, true) } + (value.map { [($0, false)] } ?? [])
    }
  }

  /// A plot with a vertical axis of its own.
  package struct Panel: Sendable, Hashable {
    package var y: FigureAxis
    package var series: [Series]

    package init(y: FigureAxis, series: [Series]) {
      self.y = y
      self.series = series
    }
  }

  package let title: SymbolText
  package private(set) var x: FigureAxis
  package private(set) var panels: [Panel]
  /// Remarks below the picture.
  package let notes: [SymbolText]
  /// The axes that stay while what is shown moves; nil: they are those of what is shown.
  private(set) var frame: ChartFrame?
  /// The colours of the series, in order; they begin again.
  let colors: [RGBColor]
  /// The names of all series, each once, in order; the position decides on colour, dash and marker.
  let names: [SymbolText]

  /// So many series look all different.
  package static let seriesLimit = Palette.series.count * Dash.allCases.count

  /// A chart of several panels; without `colors`, in those of series.
  ///
  /// Throws: `FigureError` if there is no panel, no series in one, or no entry in a series; if x and y
  /// differ in number; if an x is not finite; if a panel has nothing that its axes can show; if there are
  /// more than `seriesLimit` names.
  package init(
    title: SymbolText = "", x: FigureAxis, panels: [Panel], notes: [SymbolText] = [],
    colors: [RGBColor]? = nil
  ) throws(FigureError) {
    guard !panels.isEmpty else { throw .empty("the chart") }
    try x.validate("the horizontal axis")
    for panel in panels {
      guard !panel.series.isEmpty else { throw .empty("the chart") }
      try panel.y.validate("the vertical axis")
      for series in panel.series { try Self.validate(series, x) }
      let hasPoint = panel.series.contains { Self.shown($0, x, panel.y).isEmpty == false }
      guard hasPoint else {
        let names = panel.series.map(\.name.text).filter { !$0.isEmpty }.joined(separator: ", ")
        throw .outOfRange(
          names.isEmpty ? "the series" : names, nil,
          reason: "none of the values has a place on the axes")
      }
    }
    self.title = title
    self.x = x
    self.panels = panels
    self.notes = notes
    self.colors = colors ?? Palette.series
    var names: [SymbolText] = []
    for series in panels.flatMap(\.series) where !names.contains(series.name) {
      names.append(series.name)
    }
    guard names.count <= Self.seriesLimit else {
      throw .tooMany("series", count: names.count, limit: Self.seriesLimit)
    }
    self.names = names
  }

  /// A chart of one panel.
  package init(
    title: SymbolText = "", x: FigureAxis, y: FigureAxis, series: [Series],
    notes: [SymbolText] = [], colors: [RGBColor]? = nil
  ) throws(FigureError) {
    try self.init(
      title: title, x: x, panels: [Panel(y: y, series: series)], notes: notes, colors: colors)
  }

  private static func validate(_ series: Series, _ x: FigureAxis) throws(FigureError) {
    let name = series.name.text
    guard !series.x.isEmpty else { throw .empty(name.isEmpty ? "the series" : name) }
    try FigureError.requireCount(series.y.count, series.x.count, "the values of \(name)")
    try FigureError.requireFinite(series.x, "the horizontal axis")
    for (index, value) in series.x.enumerated() where !AxisScale.canShow(value, x.scale) {
      throw .outOfRange(
        "the horizontal axis", .index(index + 1),
        reason: "\(NumberFormat.standard.text(value)) has no place on it")
    }
  }

  /// The entries of a series that both axes can show.
  static func shown(_ series: Series, _ x: FigureAxis, _ y: FigureAxis) -> [Int] {
    series.y.indices.filter {
      AxisScale.canShow(series.y[$0], y.scale) && AxisScale.canShow(series.x[$0], x.scale)
    }
  }
}

extension Chart {
  /// The remarks of the chart's maker, then what the picture does not show.
  var allNotes: [SymbolText] {
    if let frame { return frame.notes }
    var result = notes
    for panel in panels {
      for series in panel.series {
        let (nonFinite, notAbove) = missing(from: series, panel)
        guard nonFinite + notAbove > 0 else { continue }
        let reasons = [(nonFinite, "not finite"), (notAbove, "not above 0")]
          .filter { $0.0 > 0 }
          .map { "\($0.0) of \(series.y.count) values \($0.0 == 1 ? "is" : "are") \($0.1)" }
          .joined(separator: ", ")
        let name = series.name.isEmpty ? "" : series.name + ": "
        result.append(name + .words(reasons + ", so the line has gaps"))
      }
      let scale = yScale(panel)
      if isCut(panel, by: scale) { result.append(Self.cutNote(scale)) }
    }
    return result
  }

  /// How many values of a series have no place: not finite, and not above 0 on a logarithmic axis.
  func missing(from series: Series, _ panel: Panel) -> (nonFinite: Int, notAbove: Int) {
    let all = series.y.count - Self.shown(series, x, panel.y).count - series.jumps.count
    let nonFinite = series.y.count { abs($0) > AxisScale.limit || $0.isNaN } - series.jumps.count
    return (nonFinite, all - nonFinite)
  }

  /// Whether something lies beyond the ends of an axis.
  func isCut(_ panel: Panel, by scale: AxisScale) -> Bool {
    panel.series.contains { series in
      series.y.contains { AxisScale.canShow($0, panel.y.scale) && !scale.contains($0) }
    }
  }

  static func cutNote(_ scale: AxisScale) -> SymbolText {
    let height = scale.upper - scale.lower
    // Far from 0 the ends differ in what three digits do not show.
    let isFar =
      scale.kind == .linear && max(abs(scale.lower), abs(scale.upper)) > 100 * height
    let decimals = isFar ? max(0, 1 - TickMath.leadingPower(of: height)) : 0
    let ends = [scale.lower, scale.upper].map { end in
      isFar
        ? NumberFormat.standard.format(end, style: .decimals(decimals)).symbol
        : NumberFormat(digits: 2).symbol(TickMath.rounded(end))
    }
    return "What lies outside " + ends[0] + " … " + ends[1] + " is cut off"
  }

  var xScale: AxisScale {
    x.scale(for: panels.flatMap { $0.series.flatMap(\.x) }, room: xRoom)
  }

  /// The room beside points, which a line does without.
  var xRoom: Double {
    panels.contains { $0.series.contains { $0.form == .points } } ? 0.04 : 0
  }

  func yScale(_ panel: Panel) -> AxisScale {
    let values = panel.series.flatMap { series in
      Self.shown(series, x, panel.y).map { series.y[$0] }
    }
    return panel.y.scale(for: values, room: 0.06)
  }

  /// Counts have no ticks between whole numbers.
  var xIsWhole: Bool { x.isWhole ?? Self.isWhole(panels.flatMap { $0.series.flatMap(\.x) }) }

  func yIsWhole(_ panel: Panel) -> Bool {
    panel.y.isWhole
      ?? Self.isWhole(panel.series.flatMap { series in series.y.filter(\.isFinite) })
  }

  private static func isWhole(_ values: [Double]) -> Bool {
    guard let least = values.min(), let most = values.max(), most - least >= 1 else { return false }
    return values.allSatisfy { $0 == $0.rounded() }
  }

  /// The label of a panel's axis: what it says, or the name of its only series.
  func yTitle(_ panel: Panel) -> SymbolText {
    panel.y.label.isEmpty && panel.series.count == 1 ? panel.series[0].name : panel.y.title
  }

  /// The same in axes that stay. One that is of another kind than those they were made for is as it was.
  package func framed(by frame: ChartFrame) -> Chart {
    guard frame.fits(self) else { return self }
    var chart = self
    chart.x = frame.x
    chart.panels[0].y = frame.y
    chart.frame = frame
    return chart
  }

  /// Whether several series have to be told apart.
  var needsLegend: Bool { panels.contains { $0.series.count > 1 } }
}
