import Calculus
import Display
import MatrixEngine

/// An open interval, which may have no end.
struct OpenInterval {
  let lower: Double
  let upper: Double

  func contains(_ number: Double) -> Bool { number > lower && number < upper }

  /// A part of it that has ends.
  func finite(width: Double) -> (Double, Double) {
    switch (lower.isFinite, upper.isFinite) {
    case (true, true): (lower, upper)
    case (true, false): (lower, lower + width)
    case (false, true): (upper - width, upper)
    default: (-width / 2, width / 2)
    }
  }
}

/// Points at which formulas are compared: the same every time, with sizes that differ from each other.
struct SamplePoints {
  private(set) var symbols: [Symbol] = []
  private(set) var sizes: [String: Int] = [:]
  /// Open intervals in which the values of some names lie.
  private let bounds: [String: OpenInterval]
  /// Symbols that choose entries: whole numbers from 1.
  private var indices: Set<Symbol> = []
  /// Sizes that are numbers of turns: another one at every point.
  private let turns: [String]
  private var drawn = 0

  init(
    of formulas: [Expression], within bounds: [String: OpenInterval] = [:],
    choosing indices: Set<Symbol> = [], turns: Set<String> = []
  ) {
    self.indices = indices
    self.bounds = bounds
    self.turns = turns.sorted()
    for name in self.turns { add(name) }
    for symbol in formulas.flatMap(\.symbols) where !symbols.contains(symbol) {
      symbols.append(symbol)
    }
    let all = symbols.flatMap(\.shape.dimensions) + formulas.flatMap(\.shape.dimensions)
    for size in all.flatMap({
      $0.isNumber ? [] : $0.atoms.sorted { $0.description < $1.description }
    }) {
      if case .name(let name) = size { add(name) }
    }
    for formula in formulas { self.indices.formUnion(formula.indexSymbols) }
  }

  private mutating func add(_ name: String) { sizes[name] = sizes[name] ?? 2 + sizes.count }

  /// The largest size for the smallest, and so on, and each one more: what holds for 2×2 may not for 3×3.
  mutating func changeSizes() {
    let ends = (sizes.values.min() ?? 0) + (sizes.values.max() ?? 0)
    sizes = sizes.mapValues { ends + 1 - $0 }
  }

  private mutating func changeTurns() {
    for (place, name) in turns.enumerated() {
      drawn += 1
      sizes[name] = 1 + (drawn * 5 + place * 3) % 11
    }
  }

  /// The next point; a plain one has few digits, for messages.
  mutating func next(isPlain: Bool = false) -> [String: Tensor<Double>] {
    changeTurns()
    var values: [String: Tensor<Double>] = [:]
    for symbol in symbols {
      let own = symbol.shape.dimensions.map { size -> Int in
        switch size {
        case .number(let number): number
        case .name(let name): sizes[name] ?? 2
        default: count(size)
        }
      }
      let value = Tensor<Double>(
        Shape(own),
        (0..<own.reduce(1, *)).map { _ in
          indices.contains(symbol)
            ? position() : isPlain ? plain(bounds[symbol.name]) : number(bounds[symbol.name])
        })
      values[symbol.name] = symbol.structure?.imposed(on: value) ?? value
    }
    return values
  }

  /// A size that is made of others.
  private func count(_ size: Dimension) -> Int {
    let known = size.mapped { atom in
      if case .name(let name) = atom { .number(sizes[name] ?? 2) } else { .number(2) }
    }
    return if case .number(let count) = known { max(0, count) } else { 2 }
  }

  /// The golden ratio's multiples fill an interval evenly. Two decimals read well in a message.
  private mutating func number(_ bounds: OpenInterval?) -> Double {
    drawn += 1
    let fraction = (Double(drawn) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
    let range = bounds?.finite(width: 4) ?? (-2, 2)
    let exact = range.0 + (range.1 - range.0) * fraction
    let rounded = (exact * 100).rounded() / 100
    return bounds.map { $0.contains(rounded) } ?? true ? rounded : exact
  }

  /// A number that is easily read, inside of the bounds.
  private mutating func plain(_ bounds: OpenInterval?) -> Double {
    drawn += 1
    let numbers = Self.plainNumbers.filter { bounds?.contains($0) ?? true }
    guard !numbers.isEmpty else { return number(bounds) }
    return numbers[(drawn + drawn / numbers.count) % numbers.count]
  }

  private static let plainNumbers = [1, 0.25, 2, 0.5, 3, 0.75, -1, 1.5, -2]

  /// A position in the largest of the arrays; where it is none of a smaller one, the point has no value.
  private mutating func position() -> Double {
    drawn += 1
    return Double(1 + drawn % (sizes.values.max() ?? 2))
  }

  mutating func value(of formula: Expression, at values: [String: Tensor<Double>]) -> Tensor<
    Double
  >? {
    // A size may occur in the formula alone.
    for _ in 0..<10 {
      do throws(CalculusError) {
        return try formula.value(at: values, sizes: sizes)
      } catch {
        guard case .noValue(let name) = error, sizes[name] == nil, values[name] == nil else {
          return nil
        }
        add(name)
      }
    }
    return nil
  }

  /// `at x = 0.47, with other random numbers`
  func text(_ values: [String: Tensor<Double>], _ format: NumberFormat) -> String {
    let numbers =
      turns.map { "\($0) = \(sizes[$0] ?? 0)" }
      + symbols.filter { $0.shape == .scalar }.compactMap { symbol in
        values[symbol.name].map { "\(symbol.name) = \(format.shortText($0.storage[0]))" }
      }
    if numbers.isEmpty { return symbols.isEmpty ? "" : "at a random point" }
    return "at \(numbers.joined(separator: ", "))"
      + (symbols.contains { $0.shape != .scalar } ? " and random arrays" : "")
  }
}
