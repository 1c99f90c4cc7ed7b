/// Fewer points that draw the same line: of the points in one pixel column, the first, the lowest, the
/// highest and the last.
///
/// Source: Jugel, Jerzak, Hackenbroich and Markl, "M4: a visualization-oriented time series data
/// aggregation" (2014).
enum Decimation {
  /// A line of fewer points is left as it is.
  static let threshold = 1_500

  /// The positions that are kept, in order. A place that is nil is a gap; it is kept once.
  static func kept(_ places: [Point?]) -> [Int] {
    guard places.count > threshold else { return Array(places.indices) }
    var result: [Int] = []
    var start = 0
    while start < places.count {
      guard let first = places[start] else {
        if start == 0 || places[start - 1] != nil { result.append(start) }
        start += 1
        continue
      }
      let column = first.x.rounded(.down)
      var end = start + 1
      var low = (start, first.y)
      var high = (start, first.y)
      while end < places.count, let place = places[end], place.x.rounded(.down) == column {
        if place.y < low.1 { low = (end, place.y) }
        if place.y > high.1 { high = (end, place.y) }
        end += 1
      }
      result += Set([start, low.0, high.0, end - 1]).sorted()
      start = end
    }
    return result
  }
}
