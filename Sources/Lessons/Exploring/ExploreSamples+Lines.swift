import Calculus
import Display
import MatrixEngine

/// The lines and points of plots, found by all of their numbers.
extension ExploreSamples {
  /// The line of a plot, or its points, whose numbers are the slot's entry.
  struct Line {
    let series: Int
    let x: Across
  }

  /// Where the points of a line lie across.
  enum Across {
    /// Evenly; the entry is a function.
    case function(from: Double, to: Double)
    case fixed([Double])
    case entry(Int)
  }

  /// The line of a plot that moves: of a function that the page knows, or of a vector.
  mutating func line(
    _ number: Int, _ shown: [ExploreView], _ values: [[Tensor<Double>]?], of expression: Int
  ) -> Slot {
    let series = shown[0].page.numbers[..<number].count { $0.shape == .redrawn }
    let lines = shown.compactMap { view -> Chart.Series? in
      guard let panels = view.chart?.panels, panels.count == 1 else { return nil }
      return panels[0].series.indices.contains(series) ? panels[0].series[series] : nil
    }
    let unknown = Slot(number: number, entry: nil, isFixed: false)
    guard lines.count == shown.count else { return unknown }
    func slot(_ found: ExploreProgram.Entry, _ x: Across) -> Slot {
      Slot(
        number: number, entry: entry(of: found), isFixed: false,
        line: Line(series: series, x: x))
    }
    if lines[0].isFunction {
      // In the order in which they were written.
      let order = shown[0].chart?.panels[0].series[..<series].count(where: \.isFunction) ?? 0
      let known = program.functions(of: expression)
      let drawn = shown[0].chart?.panels[0].series.count(where: \.isFunction)
      guard known.count == drawn, isFunction(known[order], lines, values),
        let from = lines[0].x.first, let to = lines[0].x.last
      else { return unknown }
      return slot(.function(known[order]), .function(from: from, to: to))
    }
    guard let y = matchVector(lines.map(\.y), values) else { return unknown }
    if lines.allSatisfy({ $0.x == lines[0].x }) { return slot(y, .fixed(lines[0].x)) }
    guard let x = matchVector(lines.map(\.x), values) else { return unknown }
    return slot(y, .entry(entry(of: x)))
  }

  /// Whether lines are a function's, by some of their points.
  private func isFunction(_ function: Int, _ lines: [Chart.Series], _ values: [[Tensor<Double>]?])
    -> Bool
  {
    zip(lines, values).allSatisfy { line, values in
      guard let values, line.x.first == lines[0].x.first, line.x.last == lines[0].x.last else {
        return false
      }
      let leaps = Set(line.jumps.map(\.x))
      let places = stride(from: 0, to: line.x.count, by: max(line.x.count / 14, 1))
        .filter { !leaps.contains(line.x[$0]) }
      let found = program.values(ofFunction: function, at: places.map { line.x[$0] }, values)
      return zip(places, found).allSatisfy { Self.agrees(line.y[$0], $1) }
    }
  }

  /// The entries that are everywhere the numbers of a vector, or of a column.
  private func matchVector(_ shown: [[Double]], _ values: [[Tensor<Double>]?])
    -> ExploreProgram.Entry?
  {
    let count = shown[0].count
    guard count > 0, shown.allSatisfy({ $0.count == count }) else { return nil }
    for quantity in program.moving {
      let all = program.start(of: quantity).storage.count
      guard all % count == 0 else { continue }
      let by = all / count
      for from in 0..<by {
        let isEqual = zip(shown, values).allSatisfy { shown, values in
          guard let storage = values?[quantity].storage, storage.count == all else { return false }
          return shown.indices.allSatisfy { Self.agrees(storage[from + $0 * by], shown[$0]) }
        }
        if isEqual { return .numbers(quantity: quantity, from: from, by: by) }
      }
    }
    return nil
  }
}
