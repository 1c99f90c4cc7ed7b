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
    var seen: Set<Fingerprint> = []
    func visit(_ part: Expression) {
      guard seen.insert(part.fingerprint).inserted else { return }
      if case .index(name) = part.node { use.isNumber = true }
      if case .entry(let array, let indices) = part.node {
        for (index, size) in zip(indices, array.shape.dimensions) {
          guard case .value(let value) = index else { continue }
          if case .index(name) = value.node {
            use.dimensions.insert(size)
          } else {
            visit(value)
          }
        }
      }
      for child in part.node.children { visit(child) }
    }
    visit(self)
    return use
  }

  /// The symbols that choose entries, such as the i of `x[i]`: whole numbers, by which nothing is differentiated.
  package var indexSymbols: Set<Symbol> {
    var found: Set<Symbol> = []
    var seen: Set<Fingerprint> = []
    func visit(_ part: Expression) {
      guard seen.insert(part.fingerprint).inserted else { return }
      if case .entry(_, let indices) = part.node {
        for case .value(let index) in indices {
          // x[argmax(y)] does not take y as an index.
          if case .position = index.node { continue }
          found.formUnion(index.symbols)
          visit(index)
        }
      }
      for child in part.node.children { visit(child) }
    }
    visit(self)
    return found
  }

  /// The names of one's own and of unknown functions that are called here.
  package var functionNames: Set<String> {
    var names: Set<String> = []
    var seen: Set<Fingerprint> = []
    func visit(_ part: Expression) {
      guard seen.insert(part.fingerprint).inserted else { return }
      switch part.node {
      case .named(let name, _), .call(let name, _, _): names.insert(name)
      default: break
      }
      for child in part.node.children { visit(child) }
    }
    visit(self)
    return names
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
