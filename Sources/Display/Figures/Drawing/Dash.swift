/// How a line is broken; a second sign beside its colour.
package enum Dash: Sendable, Hashable, CaseIterable {
  case solid, dashed, dotted, dashDotted, longDashed, dashDotDotted

  /// The dash of a series. With five colours and six dashes, thirty series all look different.
  static func series(_ index: Int) -> Dash { allCases[index % allCases.count] }

  /// The lengths of strokes and gaps in units of the line's width; empty for a solid line.
  var units: [Double] {
    switch self {
    case .solid: []
    case .dashed: [4, 2.5]
    case .dotted: [1.2, 2]
    case .dashDotted: [5, 2, 1.2, 2]
    case .longDashed: [8, 3]
    case .dashDotDotted: [5, 2, 1.2, 2, 1.2, 2]
    }
  }

  /// The lengths in pixels; of thin lines as of one two pixels wide.
  func lengths(width: Double) -> [Double] { units.map { $0 * max(width, 2) } }
}
