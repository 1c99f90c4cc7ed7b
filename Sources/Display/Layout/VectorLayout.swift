/// A vector laid out for writing: it lies in a row, `[0.3000, 0.4000]`, that goes on in the next line.
struct VectorLayout: Sendable {
  /// The shown entries in order; nil stands for those left out.
  let entries: [FormattedNumber?]
  let folding: Folding

  init(_ numbers: [Double], numbers format: NumberFormat, limit: Int) {
    folding = Folding(count: numbers.count, limit: limit)
    entries = folding.positions.map { $0.map { format.format(numbers[$0]) } }
  }

  /// How many entries there are, where not all of them are shown.
  var label: String? { folding.hidden > 0 ? "\(folding.count) entries" : nil }
}
