/// Fewer points that draw the same line.
enum Decimation {
  /// A line of more points is looked at by pixel columns first.
  private static let threshold = 1_500
  /// A line that needs more points than this goes to and fro over everything, and looks so with fewer.
  static let most = 6_000

  /// The positions that are kept, in order, so that the line is nowhere further than `tolerance` pixels from where it
  /// was; neighbours are not further apart than `longest` where there are points between them. A place that is nil is a
  /// gap; it is kept once. Of more than `most` every second, third… is kept.
  static func kept(
    _ places: [Point?], tolerance: Double, longest: Double = .infinity, most: Int = Self.most
  ) -> [Int] {
    let columns = places.count > threshold ? columnEnds(places) : Array(places.indices)
    var result: [Int] = []
    var run: [(index: Int, place: Point)] = []
    for index in columns {
      if let place = places[index] {
        run.append((index, place))
      } else {
        result += thinned(run, tolerance, longest)
        run = []
        // Gaps side by side are one.
        if result.last.map({ places[$0] != nil }) ?? true { result.append(index) }
      }
    }
    result += thinned(run, tolerance, longest)
    let step = (result.count + most - 1) / max(1, most)
    guard step > 1 else { return result }
    return result.indices.filter { $0 % step == 0 || places[result[$0]] == nil }.map { result[$0] }
  }

  /// Of many points one in each square of so many pixels, the first.
  static func spread(_ points: [Point], over side: Double) -> [Point] {
    guard points.count > threshold else { return points }
    var seen: Set<Point> = []
    return points.filter { point in
      seen.insert(Point((point.x / side).rounded(.down), (point.y / side).rounded(.down))).inserted
    }
  }

  /// The points of a line that are needed.
  static func thinned(_ points: [Point], tolerance: Double) -> [Point] {
    kept(points, tolerance: tolerance).map { points[$0] }
  }

  /// Of the points in one pixel column the first, the lowest, the highest and the last; gaps once.
  ///
  /// Source: Jugel, Jerzak, Hackenbroich and Markl, "M4: a visualization-oriented time series data
  /// aggregation" (2014).
  private static func columnEnds(_ places: [Point?]) -> [Int] {
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

  /// The points of a line without gaps that are needed.
  ///
  /// Source: Douglas and Peucker, "Algorithms for the reduction of the number of points required to represent a
  /// digitized line or its caricature" (1973).
  private static func thinned(
    _ run: [(index: Int, place: Point)], _ tolerance: Double, _ longest: Double
  ) -> [Int] {
    guard run.count > 2 else { return run.map(\.index) }
    var isKept = run.map { _ in false }
    isKept[0] = true
    isKept[run.count - 1] = true
    var waiting = [(0, run.count - 1)]
    while let (first, last) = waiting.popLast() {
      guard last - first > 1 else { continue }
      let (start, end) = (run[first].place, run[last].place)
      let chord = end - start
      let length = chord.length
      var farthest = (index: first, distance: -1.0)
      for index in (first + 1)..<last {
        let step = run[index].place - start
        let distance =
          length > 0 ? abs(step.x * chord.y - step.y * chord.x) / length : step.length
        if distance > farthest.distance { farthest = (index, distance) }
      }
      let isLong = length > longest
      guard farthest.distance > tolerance || isLong else { continue }
      let middle = farthest.distance > tolerance ? farthest.index : (first + last) / 2
      isKept[middle] = true
      waiting += [(first, middle), (middle, last)]
    }
    return run.indices.filter { isKept[$0] }.map { run[$0].index }
  }
}
