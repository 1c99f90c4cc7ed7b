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

  /// The same with other expressions in place of symbols, whose sizes may be others too: `w: vector(n)` may
  /// become a vector of 3, and every n with it.
  ///
  /// Throws: `CalculusError.shapeMismatch` for another number of indices, `.sizesDiffer` where one size would
  /// be two, `.sizesMustAgree` where one of them is unknown.
  package func fitting(_ map: [Symbol: Expression]) throws(CalculusError) -> Expression {
    var sizes: [Dimension: Dimension] = [:]
    func agree(_ old: Dimension, _ new: Dimension, _ symbol: Symbol) throws(CalculusError) {
      if case .number = old, old != new, !new.isUnknown {
        throw .shapeMismatch(
          operation: "\(symbol.name) =", left: symbol.shape,
          right: map[symbol]?.shape ?? symbol.shape)
      }
      let known = sizes[old] ?? (old.isNumber ? old : new)
      if known != new {
        if known.isUnknown { throw .sizesMustAgree(known, new) }
        if new.isUnknown { throw .sizesMustAgree(new, known) }
        throw .sizesDiffer(name: old.description, first: known, second: new)
      }
      sizes[old] = new
    }
    for (symbol, replacement) in map {
      let (old, new) = (symbol.shape.dimensions, replacement.shape.dimensions)
      guard old.count == new.count else {
        throw .shapeMismatch(
          operation: "\(symbol.name) =", left: symbol.shape, right: replacement.shape)
      }
      for (size, other) in zip(old, new) where !size.isMade { try agree(size, other, symbol) }
    }
    // What n + 1 of another symbol says, where nothing else says what n is.
    for (symbol, replacement) in map {
      for (size, other) in zip(symbol.shape.dimensions, replacement.shape.dimensions)
      where size.isMade {
        let known = sizes
        let now = size.mapped { known[$0] ?? $0 }
        guard now != other else { continue }
        guard let (atom, value) = Dimension.solved(now, other) else {
          throw .shapeMismatch(
            operation: "\(symbol.name) =", left: symbol.shape, right: replacement.shape)
        }
        try agree(atom, value, symbol)
      }
    }
    let known = sizes
    let resize: (Dimension) -> Dimension = { $0.mapped { known[$0] ?? $0 } }
    var resizedMap: [Symbol: Expression] = [:]
    for (symbol, replacement) in map {
      let shape = ExpressionShape(symbol.shape.dimensions.map(resize))
      resizedMap[Symbol(symbol.quantity, shape)] = replacement
    }
    return try resized(resize).substituting(resizedMap)
  }

  /// This expression with each intermediate variable replaced by its definition, the last first.
  ///
  /// Throws: `CalculusError.unknownName` for one that does not occur.
  package func throughIntermediates(_ intermediates: [(symbol: Symbol, formula: Expression)])
    throws(CalculusError) -> Expression
  {
    var result = self
    for (symbol, definition) in intermediates.reversed() {
      guard result.symbols.contains(symbol) else { throw .unknownName(symbol.name) }
      result = try result.substituting([symbol: definition])
    }
    return result
  }

  /// A formula of numbers applied to every entry of arrays: each symbol of `map` is a scalar here and becomes
  /// the array that it maps to.
  ///
  /// Throws: `CalculusError.unsupported` where the symbols meet another operation than one of numbers;
  /// `.shapeMismatch` for arrays that do not fit each other.
  package func mapped(_ map: [Symbol: Expression]) throws(CalculusError) -> Expression {
    let isElementwise = parts.allSatisfy { part in
      switch part.node {
      case .symbol, .add, .multiply, .divide, .power, .function, .extremum, .compare, .choose,
        .call, .named, .steps:
        true
      default: Set(part.symbols).isDisjoint(with: map.keys)
      }
    }
    guard isElementwise else {
      throw .unsupported(
        "a function of numbers that does more than calculate with them has no formula for arrays")
    }
    return try replacingParts { part in
      if case .symbol(let symbol) = part.node { return map[symbol] }
      return nil
    }
  }

  /// The same formula with other sizes in the shapes of its symbols and constants.
  ///
  /// Throws: `CalculusError.shapeMismatch` where the shapes then no longer fit.
  package func resized(_ size: (Dimension) -> Dimension) throws(CalculusError) -> Expression {
    func resized(_ shape: ExpressionShape) -> ExpressionShape {
      ExpressionShape(shape.dimensions.map { $0.mapped(size) })
    }
    return try replacingParts { part in
      switch part.node {
      case .symbol(let symbol):
        .symbol(symbol.with(resized(symbol.shape)))
      case .size(let old): .size(old.mapped(size))
      case .identity(let n): .identity(n.mapped(size))
      case .fill(let number, let shape): .fill(number, resized(shape))
      case .entry(let array, let indices) where indices.contains(where: \.isRange):
        try? .entry(
          array.resized(size),
          indices.map { index in
            guard case .range(let first, let last) = index else { return index }
            return .range(first.mapped(size), last.mapped(size))
          })
      case .arranged(.reshape(let shape), let parts):
        try? .arranged(.reshape(resized(shape)), [parts[0].resized(size)])
      default: nil
      }
    }
  }

  /// This expression with what `replace` gives in place of parts; nil keeps a part.
  package func replacingParts(_ replace: (Expression) -> Expression?) throws(CalculusError)
    -> Expression
  {
    var done: [Fingerprint: Expression] = [:]
    return try rebuilt(&done, replace)
  }

  /// This expression without the names of known functions' calls.
  package var withoutNames: Expression {
    var done: [Fingerprint: Expression] = [:]
    let result = try? rebuilt(&done) { part in
      switch part.node {
      case .named(_, let inner), .steps(_, let inner): inner.withoutNames
      default: nil
      }
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
    let result: Expression
    if case .entry(_, let indices) = node {
      var places: [EntryIndex] = []
      for index in indices {
        if case .value(let value) = index {
          places.append(.value(try value.rebuilt(&done, replace)))
        } else {
          places.append(index)
        }
      }
      result = try .entry(changed[0], places)
    } else {
      result = changed == node.children ? self : try with(changed)
    }
    done[fingerprint] = result
    return result
  }
}
