/// What the index of a generator is used for in its body.
package struct IndexUse: Sendable {
  /// The sizes of the dimensions that it runs through: n of x[i] where x is a vector of n.
  package fileprivate(set) var dimensions: Set<Dimension> = []
  /// Whether it is a number of the formula, as in i*x^i, or of another index, as in x[i+1].
  package fileprivate(set) var isNumber = false
}

extension Expression {
  /// What the index `name` is used for here.
  package func use(ofIndex name: String) -> IndexUse {
    var use = IndexUse()
    let isIndex: (Expression) -> Bool = { if case .index(name) = $0.node { true } else { false } }
    use.isNumber = isIndex(self) || parts.contains { $0.node.children.contains(where: isIndex) }
    for case .entry(let array, let indices) in parts.map(\.node) {
      for case (.value(let value), let size) in zip(indices, array.shape.dimensions) {
        if isIndex(value) { use.dimensions.insert(size) }
      }
    }
    return use
  }

  /// The symbols that choose entries, such as the i of `x[i]`: whole numbers, by which nothing is differentiated.
  package var indexSymbols: Set<Symbol> {
    var found: Set<Symbol> = []
    for index in parts.flatMap(\.node.indices) {
      // x[argmax(y)] does not take y as an index.
      if case .position = index.node { continue }
      found.formUnion(index.symbols)
    }
    return found
  }

  /// The names that sums and generators here give their indices.
  var boundIndices: Set<String> {
    Set(
      parts.compactMap { part in
        switch part.node {
        case .indexSum(let name, _, _, _), .array(let name, _, _): name
        default: nil
        }
      })
  }

  /// The names of one's own and of unknown functions that are called here.
  package var functionNames: Set<String> {
    Set(
      parts.compactMap { part in
        switch part.node {
        case .named(let name, _), .call(let name, _, _): name
        default: nil
        }
      })
  }

  /// Whether the value is always 0 or 1: a comparison, or several joined.
  package var isTruth: Bool {
    switch node {
    case .compare: true
    case .multiply(let parts): parts.allSatisfy(\.isTruth)
    case .extremum(_, let a, let b): a.isTruth && b.isTruth
    case .add(let parts):
      parts.count == 2 && parts[0].number == .one && (parts[1].withoutSign?.isTruth ?? false)
    case .named(_, let inner), .steps(_, let inner): inner.isTruth
    default: false
    }
  }
}
