import Calculus

/// From a formula of one example to that of a batch, and to that of one entry.
extension Expression {
  /// The formula of one example as that of a batch: each symbol of `map`, a vector here, becomes a matrix with an
  /// example a row. Other symbols are parameters, the same for every example.
  ///
  /// Throws: `CalculusError.unsupported` for an operation that has no form for all rows at once.
  package func byRows(_ map: [Symbol: Expression]) throws(CalculusError) -> Expression {
    guard !Set(symbols).isDisjoint(with: map.keys) else { return self }
    func inner(_ part: Expression) throws(CalculusError) -> Expression { try part.byRows(map) }
    func inner(_ parts: [Expression]) throws(CalculusError) -> [Expression] {
      var result: [Expression] = []
      for part in parts { result.append(try inner(part)) }
      return result
    }
    switch node {
    case .symbol(let symbol): return map[symbol] ?? self
    case .add(let parts): return try .add(inner(parts))
    case .multiply(let parts): return try .multiply(inner(parts), usesTimes: usesTimes)
    case .divide(let a, let b): return try .divide(inner(a), inner(b))
    case .power(let a, let b): return try .power(inner(a), inner(b))
    case .function(let function, let a): return .function(function, try inner(a))
    case .extremum(let kind, let a, let b): return try .extremum(kind, inner(a), inner(b))
    case .softmax(let a): return try .softmax(inner(a))
    case .compare(let comparison, let a, let b):
      return try .compare(comparison, inner(a), inner(b))
    case .choose(let condition, let a, let b):
      return try .choose(inner(condition), inner(a), inner(b))
    case .named(_, let a): return try inner(a)
    case .product(let a, let b):
      if case .vector = a.shape, case .matrix = b.shape, Set(b.symbols).isDisjoint(with: map.keys) {
        return try .product(inner(a), b)
      }
      if case .vector = a.shape, case .vector = b.shape {
        return try .column(.reduce(.sum, .multiply([inner(a), inner(b)]), axis: 2))
      }
    case .reduce(let kind, let a, axis: nil):
      if case .vector = a.shape { return try .column(.reduce(kind, inner(a), axis: 2)) }
    default: break
    }
    throw .unsupported("\(text) has no form for all examples at once")
  }

  /// Entry `index` (from 0) of a formula of vectors, each of them given by its entries.
  ///
  /// Throws: `CalculusError.unsupported` for an operation that does more than calculate entry by entry and sum up.
  package func entry(_ index: Int, of vectors: [Symbol: [Expression]]) throws(CalculusError)
    -> Expression
  {
    guard !Set(symbols).isDisjoint(with: vectors.keys) else { return self }
    func inner(_ part: Expression) throws(CalculusError) -> Expression {
      try part.entry(index, of: vectors)
    }
    func inner(_ parts: [Expression]) throws(CalculusError) -> [Expression] {
      var result: [Expression] = []
      for part in parts { result.append(try inner(part)) }
      return result
    }
    switch node {
    case .symbol(let symbol):
      guard let entries = vectors[symbol] else { return self }
      return entries[index]
    case .add(let parts): return try .add(inner(parts))
    case .multiply(let parts): return try .multiply(inner(parts), usesTimes: usesTimes)
    case .divide(let a, let b): return try .divide(inner(a), inner(b))
    case .power(let a, let b): return try .power(inner(a), inner(b))
    case .function(let function, let a): return .function(function, try inner(a))
    case .extremum(let kind, let a, let b): return try .extremum(kind, inner(a), inner(b))
    case .compare(let comparison, let a, let b):
      return try .compare(comparison, inner(a), inner(b))
    case .choose(let condition, let a, let b):
      return try .choose(inner(condition), inner(a), inner(b))
    case .named(_, let a): return try inner(a)
    case .product(let a, let b):
      guard case .vector = a.shape, case .vector = b.shape else { break }
      return try Expression.reduce(.sum, .multiply([a, b])).entry(index, of: vectors)
    case .reduce(.variance, let a, axis: nil):
      let distance = try Expression.subtract(a, .reduce(.mean, a))
      return try Expression.reduce(.mean, distance.raised(to: 2)).entry(index, of: vectors)
    case .reduce(.deviation, let a, axis: nil):
      return .function(.sqrt, try Expression.reduce(.variance, a).entry(index, of: vectors))
    case .reduce(let kind, let a, axis: nil):
      let count = a.symbols.compactMap { vectors[$0]?.count }.first ?? 0
      var entries: [Expression] = []
      for place in 0..<count { entries.append(try a.entry(place, of: vectors)) }
      guard entries.count > 1 else { return entries.first ?? 0 }
      switch kind {
      case .sum: return try .add(entries)
      case .prod: return try .multiply(entries)
      case .mean: return try .divide(.add(entries), .number(count))
      case .max, .min:
        var best = entries[0]
        for entry in entries.dropFirst() {
          best = try .extremum(kind == .max ? .max : .min, best, entry)
        }
        return best
      case .norm:
        return .function(.sqrt, try .add(entries.map { $0.raised(to: 2) }))
      case .variance, .deviation: break
      }
    default: break
    }
    throw .unsupported("\(text) has no form entry by entry")
  }
}
