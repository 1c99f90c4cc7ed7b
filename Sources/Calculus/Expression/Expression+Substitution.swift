extension Expression {
  /// This expression with others in place of symbols; shapes must fit.
  ///
  /// Throws: `CalculusError.shapeMismatch` where a replacement has another shape than its symbol.
  package func substituting(_ map: [Symbol: Expression]) throws(CalculusError) -> Expression {
    for (symbol, replacement) in map where symbol.shape != replacement.shape {
      throw .shapeMismatch(
        operation: "\(symbol.name) =", left: symbol.shape, right: replacement.shape)
    }
    var done: [Fingerprint: Expression] = [:]
    return try rebuilt(&done) { part in
      if case .symbol(let symbol) = part.node { return map[symbol] }
      return nil
    }
  }

  /// This expression with what `replace` gives in place of parts; nil keeps a part.
  func replacingParts(_ replace: (Expression) -> Expression?) throws(CalculusError) -> Expression {
    var done: [Fingerprint: Expression] = [:]
    return try rebuilt(&done, replace)
  }

  /// This expression without the names of known functions' calls.
  package var withoutNames: Expression {
    var done: [Fingerprint: Expression] = [:]
    let result = try? rebuilt(&done) { part in
      if case .named(_, let inner) = part.node { return inner.withoutNames }
      return nil
    }
    return result ?? self
  }

  private func rebuilt(
    _ done: inout [Fingerprint: Expression], _ replace: (Expression) -> Expression?
  ) throws(CalculusError) -> Expression {
    if let known = done[fingerprint] { return known }
    if let replacement = replace(self) {
      done[fingerprint] = replacement
      return replacement
    }
    var changed: [Expression] = []
    for child in node.children { changed.append(try child.rebuilt(&done, replace)) }
    let result = changed == node.children ? self : try with(changed)
    done[fingerprint] = result
    return result
  }

  /// The same operation on other operands.
  private func with(_ parts: [Expression]) throws(CalculusError) -> Expression {
    switch node {
    case .number, .constant, .symbol, .size, .index, .identity, .fill: return self
    case .add: return try .add(parts)
    case .multiply: return try .multiply(parts)
    case .divide: return try .divide(parts[0], parts[1])
    case .power: return try .power(parts[0], parts[1])
    case .product: return try .product(parts[0], parts[1])
    case .transpose: return try .transpose(parts[0])
    case .function(let function, _): return .function(function, parts[0])
    case .extremum(let kind, _, _): return try .extremum(kind, parts[0], parts[1])
    case .reduce(let kind, _, let axis): return try .reduce(kind, parts[0], axis: axis)
    case .softmax: return try .softmax(parts[0])
    case .diagonal: return try .diagonal(parts[0])
    case .list: return try .list(parts)
    case .compare(let comparison, _, _): return try .compare(comparison, parts[0], parts[1])
    case .choose: return try .choose(parts[0], parts[1], parts[2])
    case .entry(_, let indices): return try .entry(parts[0], indices)
    case .position(let kind, _): return try .position(kind, parts[0])
    case .indexSum(let name, let from, let to, _):
      return try .indexSum(name, from: from, to: to, parts[0])
    case .array(let name, let size, _): return .array(name, size, parts[0])
    case .call(let name, let orders, _): return try .call(name, parts, orders: orders)
    case .named(let name, _): return .named(name, parts[0])
    }
  }
}
