/// Which nodes of a wide layer are drawn: the first few and the last, with a gap that says how many
/// are missing.
struct Elision: Sendable, Equatable {
  enum Place: Sendable, Equatable {
    case node(Int)
    case gap(hidden: Int)
  }

  /// A layer of more nodes has a gap.
  static let limit = 8
  private static let first = 4

  /// What stands in the column, from the top.
  let places: [Place]

  init(count: Int) {
    if count <= Self.limit {
      places = (0..<count).map(Place.node)
    } else {
      places =
        (0..<Self.first).map(Place.node)
        + [.gap(hidden: count - Self.first - 1), .node(count - 1)]
    }
  }

  /// How many nodes are drawn.
  var drawn: Int { places.count { if case .node = $0 { true } else { false } } }

  /// How many are not.
  var hidden: Int {
    places.reduce(0) { if case .gap(let hidden) = $1 { $0 + hidden } else { $0 } }
  }
}
