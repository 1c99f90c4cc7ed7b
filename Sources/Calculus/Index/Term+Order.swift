extension Term {
  /// The order of factors in a product, stable and by what a reader sees: kind, name, indices.
  static func factorsInOrder(_ a: Term, _ b: Term) -> Bool {
    let (x, y) = (a.baseAndExponent.base, b.baseAndExponent.base)
    if x == y { return compare(a.baseAndExponent.exponent, b.baseAndExponent.exponent) < 0 }
    return compare(x, y) < 0
  }

  /// The order of the parts of a sum: higher degrees first, then as factors.
  static func partsInOrder(_ a: Term, _ b: Term) -> Bool {
    let (x, y) = (a.coefficientAndRest.rest, b.coefficientAndRest.rest)
    if x.degree != y.degree { return x.degree > y.degree }
    return compare(x, y) < 0
  }

  /// −1, 0 or 1.
  static func compare(_ a: Term, _ b: Term, depth: Int = 0) -> Int {
    if a.fingerprint == b.fingerprint { return 0 }
    if a.rank != b.rank { return a.rank < b.rank ? -1 : 1 }
    if depth < 6 {
      let (x, y) = (a.label, b.label)
      if x != y { return x < y ? -1 : 1 }
      if case .number(let p) = a.form, case .number(let q) = b.form, p.value != q.value {
        return p.value < q.value ? -1 : 1
      }
      let (xs, ys) = (a.form.children, b.form.children)
      if xs.count != ys.count { return xs.count < ys.count ? -1 : 1 }
      for (x, y) in zip(xs, ys) {
        let order = compare(x, y, depth: depth + 1)
        if order != 0 { return order }
      }
      let (i, j) = (a.form.sortIndices, b.form.sortIndices)
      for (x, y) in zip(i, j) where x != y { return x < y ? -1 : 1 }
    }
    return a.fingerprint < b.fingerprint ? -1 : 1
  }

  /// The name that orders terms of one kind.
  private var label: String {
    switch form {
    case .entry(let symbol, _): symbol.name
    case .function(let function, _): function.name
    case .call(let name, _, _): name
    case .constantEntry(let array, _): array.text
    case .size(let size): size.description
    case .constant(let constant): constant.rawValue
    case .compare(let comparison, _, _):
      // z > 0 before z <= 0
      (comparison == .greater || comparison == .greaterOrEqual ? "a" : "b") + comparison.rawValue
    default: ""
    }
  }
}

extension Term.Form {
  fileprivate var sortIndices: [Index] {
    switch self {
    case .entry, .constantEntry, .delta, .position, .permutation: entryIndices
    default: boundIndices + atIndices
    }
  }
}
