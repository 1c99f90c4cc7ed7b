import Display

/// Figures of every kind, as the commands make them.
enum SampleFigures {
  typealias Sample = (name: String, figure: any Figure)

  static func all() throws -> [Sample] {
    try charts() + heatMaps() + networks() + boundaries() + graphs() + images() + contours()
      + jumps()
  }

  /// The samples that are kept as files; the others would be large, or are told by their text.
  static func recorded() throws -> [Sample] {
    let others = ["heatmap-medium", "heatmap-large", "network-recurrence"]
    return try all().filter { !others.contains($0.name) }
  }
}
