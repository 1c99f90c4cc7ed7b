import Notation

/// An axis as its reader sees it: a label with its unit, and what it spans.
package struct FigureAxis: Sendable, Hashable {
  package enum Scale: Sendable, Hashable { case linear, logarithmic }

  /// What an axis spans.
  package enum Span: Sendable, Hashable {
    /// All the data, with a little room.
    case data
    /// The data without far excursions, such as those beside a pole of 1/x.
    case trimmed
    /// From one number to another; whether there are only whole numbers to be shown, where that is known beforehand.
    case fixed(ClosedRange<Double>, isWhole: Bool? = nil)
  }

  package var label: SymbolText
  package var unit: String?
  package var scale: Scale
  package var span: Span

  package init(
    _ label: SymbolText, unit: String? = nil, scale: Scale = .linear, span: Span = .data
  ) {
    self.label = label
    self.unit = unit
    self.scale = scale
    self.span = span
  }

  /// The label with its unit in brackets.
  var title: SymbolText {
    guard let unit, !unit.isEmpty else { return label }
    return label + .words(" (\(unit))")
  }

  /// Whether there are only whole numbers to be shown, where the span says so.
  var isWhole: Bool? { if case .fixed(_, let isWhole) = span { isWhole } else { nil } }

  /// Refuses a fixed span that has no extent or that the scale cannot show.
  func validate(_ what: String) throws(FigureError) {
    guard case .fixed(let range, _) = span else { return }
    for value in [range.lowerBound, range.upperBound] where !AxisScale.canShow(value, scale) {
      throw .outOfRange(
        what, nil, reason: "\(NumberFormat.standard.text(value)) has no place on the axis")
    }
    guard range.lowerBound < range.upperBound else {
      throw .outOfRange(what, nil, reason: "its two ends are the same number")
    }
  }

  /// The scale for the numbers that are to be shown, which all have a place on it.
  func scale(for values: [Double], room: Double) -> AxisScale {
    switch span {
    case .fixed(let range, _):
      return AxisScale(scale, from: range.lowerBound, to: range.upperBound)
    case .data, .trimmed:
      guard let lower = values.min(), let upper = values.max() else {
        return AxisScale(scale, from: scale == .linear ? 0 : 0.1, to: 1)
      }
      if span == .trimmed, scale == .linear,
        let core = Self.core(of: values, within: lower...upper)
      {
        return AxisScale(scale, around: core, room: room)
      }
      // A number that stays the same is seen by its distance from 0.
      if lower == upper, values.count > 1, scale == .linear {
        return AxisScale(scale, around: min(lower, 0)...max(upper, 0), room: room)
      }
      return AxisScale(scale, around: lower...upper, room: room)
    }
  }

  /// The range that holds nine tenths of the numbers, with half as much on either side, if all of them
  /// span more than eight times that; else nil.
  private static func core(
    of values: [Double], within all: ClosedRange<Double>
  ) -> ClosedRange<Double>? {
    let sorted = values.sorted()
    let low = sorted[sorted.count / 20]
    let high = sorted[sorted.count - 1 - sorted.count / 20]
    guard high > low, all.upperBound / 8 - all.lowerBound / 8 > high - low else { return nil }
    let margin = (high - low) / 2
    return max(low - margin, all.lowerBound)...min(high + margin, all.upperBound)
  }
}
