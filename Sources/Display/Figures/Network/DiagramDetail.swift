/// How much of a network a diagram says.
package enum DiagramDetail: String, Sendable, CaseIterable {
  /// As much as the page has room for.
  case auto
  /// Every number, at its line or in its circle.
  case all
  /// Circles and lines, which say their numbers where they are pointed at.
  case hover
  /// A box a layer.
  case blocks
}
