import MatrixEngine

/// Symbolic derivatives at a point beside central differences.
package struct DerivativeCheck: Sendable {
  /// One entry of the function by one entry of a variable.
  package struct Entry: Sendable {
    /// The entry of the function, counted from 1; empty for a number.
    package let output: [Int]
    package let variable: String
    /// The entry of the variable, counted from 1; empty for a number.
    package let entry: [Int]
    package let analytic: Double
    package let numeric: Double
    /// Whether the function has a kink within ±h: no verdict then.
    package let isAtKink: Bool
    /// Whether wider differences agree, where this one is too coarse.
    package var agreesSteadied = false

    package init(
      output: [Int], variable: String, entry: [Int], analytic: Double, numeric: Double,
      isAtKink: Bool
    ) {
      self.output = output
      self.variable = variable
      self.entry = entry
      self.analytic = analytic
      self.numeric = numeric
      self.isAtKink = isAtKink
    }

    /// |a − n| / max(|a|, |n|, 1e-3)
    package var relativeError: Double {
      (analytic - numeric).magnitude / max(analytic.magnitude, numeric.magnitude, 1e-3)
    }
    package var holds: Bool {
      isAtKink || relativeError <= DerivativeCheck.tolerance || agreesSteadied
    }
  }

  package static let tolerance = 1e-6

  package var entries: [Entry]

  package init(_ entries: [Entry]) { self.entries = entries }

  package var holds: Bool { entries.allSatisfy(\.holds) }

  /// The position of the largest error among the entries away from kinks.
  package var worst: Int? {
    entries.indices.filter { !entries[$0].isAtKink }.max {
      let (a, b) = (entries[$0].relativeError, entries[$1].relativeError)
      // A NaN is worse than every number.
      return a.isNaN ? false : b.isNaN || a < b
    }
  }
}

extension Expression {
  /// Compares every derivative with (f(x + h) − f(x − h))/2h, h = ε^⅓·max(1, |x|).
  ///
  /// Throws: as `derivative(by:)` and `value(at:)`.
  package func derivativeCheck(by symbols: [Symbol], at values: [String: Tensor<Double>])
    throws(CalculusError) -> DerivativeCheck
  {
    var entries: [DerivativeCheck.Entry] = []
    // A size may stand in the formula although the variable that has it does not.
    let sizes = symbols.sizes(in: values)
    let outputs = try value(at: values, sizes: sizes, symbols: symbols)
    for symbol in symbols {
      guard let point = values[symbol.name] else { throw .noValue(name: symbol.name) }
      let analytic = try derivative(by: symbol).expression.value(
        at: values, sizes: sizes, symbols: symbols, isDerivative: true)
      let numeric = try centralDifferences(by: symbol, at: values, sizes: sizes)
      let kinks = try kinks(by: symbol, at: values, sizes)
      for i in outputs.storage.indices {
        for j in point.storage.indices {
          let place = i * point.storage.count + j
          var entry = DerivativeCheck.Entry(
            output: Self.position(i, in: outputs.sizes), variable: symbol.name,
            entry: Self.position(j, in: point.sizes), analytic: analytic.storage[place],
            numeric: numeric.storage[place], isAtKink: kinks[j])
          if !entry.holds {
            entry.agreesSteadied = try SteadiedDifference.agrees(
              with: entry.analytic, tolerance: DerivativeCheck.tolerance
            ) { widening throws(CalculusError) in
              try centralDifferences(by: symbol, at: values, sizes: sizes, widening: widening)
                .storage[place]
            }
          }
          entries.append(entry)
        }
      }
    }
    return DerivativeCheck(entries)
  }

  /// For every entry of a variable, whether moving it by ±h crosses a kink.
  private func kinks(by symbol: Symbol, at values: [String: Tensor<Double>], _ sizes: [String: Int])
    throws(CalculusError) -> [Bool]
  {
    guard let point = values[symbol.name] else { return [] }
    let distances = try kinkDistances(at: values, sizes: sizes)
    guard distances.contains(where: \.isFinite) else { return point.storage.map { _ in false } }
    var found: [Bool] = []
    for i in point.storage.indices {
      var isCrossed = false
      for side in symbol.sides(of: i, at: values).points {
        let there = try kinkDistances(at: side, sizes: sizes)
        isCrossed =
          isCrossed || there.count != distances.count
          || zip(distances, there).contains { old, new in
            let movement = (new - old).magnitude
            return movement > 0 && old <= movement
          }
      }
      found.append(isCrossed)
    }
    return found
  }

  /// The indices of a position in an array, row by row, counted from 1.
  package static func position(_ place: Int, in sizes: [Int]) -> [Int] {
    var rest = place
    var indices: [Int] = []
    for size in sizes.reversed() {
      indices.append(rest % max(size, 1) + 1)
      rest /= max(size, 1)
    }
    return indices.reversed()
  }
}
