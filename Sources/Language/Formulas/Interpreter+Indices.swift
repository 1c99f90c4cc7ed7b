import Calculus
import Syntax

/// Entries and generators of formulas, where an index may run without being a number.
extension Interpreter {
  /// The values of a generator, side by side: `[i^2 for i in 1:n]`.
  func collect(
    _ generator: ExpressionSyntax.Generator, _ span: SourceSpan, _ scope: Scope,
    _ reading: FormulaReading
  ) throws(Diagnostic) -> Expression {
    if case .range(let from, nil, let to) = generator.range.kind,
      case .number(let first, _) = from.kind, first >= 1,
      let size = try size(to, scope, reading),
      let array = try indexed(generator, from: first, to: size, span, scope, reading)
    {
      return array
    }
    if case .range = generator.range.kind {
      // Other ranges are numbers: the turns are written out.
      let range = try constant(generator.range, scope, reading)
      guard case .list(let turns) = range.node, turns.count <= Self.writtenTurns else {
        throw Diagnostic(
          .value, "in a formula an index runs from 1 to a size, or over at most 100 numbers",
          at: generator.range.span)
      }
      var entries: [Expression] = []
      for turn in turns { entries.append(try element(of: generator, turn, scope, reading)) }
      return try calculus(entries, span, reading, Expression.list)
    }
    let over = try operand(evaluate(generator.range, scope), generator.range.span, reading)
    guard case .vector(let size) = over.shape else {
      throw Diagnostic(
        .type, "in a formula a generator runs over a range or a vector, not \(over.shape.kindText)",
        at: generator.range.span)
    }
    return try reading.withIndex(generator.variable) { (index) throws(Diagnostic) in
      let turn = try calculus([over], span, reading) { parts throws(CalculusError) in
        try Expression.entry(parts[0], [.value(.index(index))])
      }
      return .array(index, size, try element(of: generator, turn, scope, reading))
    }
  }

  /// More turns than these are not written out.
  private static let writtenTurns = 100

  /// What a generator makes of one value of its variable.
  private func element(
    of generator: ExpressionSyntax.Generator, _ turn: Expression, _ scope: Scope,
    _ reading: FormulaReading
  ) throws(Diagnostic) -> Expression {
    let value = try evaluate(
      generator.element, scope.adding(generator.variable, .expression(turn)))
    return try operand(value, generator.element.span, reading)
  }

  /// `[… for i in 1:n]` with an index; nil where the turns have to be written out: the index is a number of the
  /// formula, or it runs through a part of a vector only.
  private func indexed(
    _ generator: ExpressionSyntax.Generator, from first: Double, to size: Dimension,
    _ span: SourceSpan, _ scope: Scope, _ reading: FormulaReading
  ) throws(Diagnostic) -> Expression? {
    if size.isNumber, first != 1 || generator.element.boundsMention(generator.variable) {
      return nil
    }
    return try reading.withIndex(generator.variable) { (name) throws(Diagnostic) -> Expression? in
      var element = try self.element(of: generator, .index(name), scope, reading)
      let use = element.use(ofIndex: name)
      for case .unknown(let unknown) in use.dimensions.map(reading.sizes.resolve)
      where !size.isNumber {
        reading.sizes.agree(.unknown(unknown), size)
      }
      let dimensions = use.dimensions.map(reading.sizes.resolve)
      if size.isNumber, use.isNumber || dimensions.contains(where: { $0 != size }) {
        guard case .number(let count) = size, count > Self.writtenTurns else { return nil }
        throw Diagnostic(
          .limit, "\(count) turns are too many to write out in a formula",
          at: generator.range.span,
          help: "an index that runs to the size of its vector needs no writing out")
      }
      for dimension in dimensions where dimension != size {
        throw Diagnostic(
          .shape,
          "\(generator.variable) runs to \(size), but is an index of something with \(dimension) entries",
          at: generator.range.span)
      }
      if first != 1 {
        // The sum from 2 is the sum of all, where those before count nothing.
        element = try calculus([element], span, reading) { parts throws(CalculusError) in
          try .multiply([
            try .compare(.greaterOrEqual, .index(name), .number(first)), parts[0],
          ])
        }
      }
      return .array(name, size, element)
    }
  }

  /// The size that a generator runs to: `n` of `1:n`, or nil for what is no size.
  private func size(_ syntax: ExpressionSyntax, _ scope: Scope, _ reading: FormulaReading)
    throws(Diagnostic) -> Dimension?
  {
    let end = try operand(evaluate(syntax, scope), syntax.span, reading)
    if let size = Dimension(end).map(reading.sizes.resolve), size.isNatural { return size }
    if let value = value(of: end, reading), let whole = Int(exactly: value), whole >= 0 {
      return .number(whole)
    }
    return nil
  }

  // MARK: - Entries

  /// Entries of an array of the formula; `base` is what it was written as.
  func entry(
    of array: Expression, _ base: ExpressionSyntax, _ indices: [IndexSyntax], _ span: SourceSpan,
    _ scope: Scope, _ reading: FormulaReading
  ) throws(Diagnostic) -> Expression {
    let name = written(base.span)
    let count = array.shape.dimensions.count
    guard count > 0 else {
      throw Diagnostic(
        .type, "\(name) is a number and has no entries", at: span,
        help: "symbols \(name): vector(n) makes it a vector")
    }
    guard indices.count == count else {
      throw Diagnostic(
        .shape,
        "\(name) is \(array.shape.kindText) and needs \(count == 1 ? "one index" : "two indices")",
        at: span, help: count == 2 ? "\(name)[1, :] is its first row" : nil)
    }
    if let (axis, positions) = try positions(indices, scope, reading) {
      var others = indices
      others[axis] = .all(span)
      var choices = try entries(others, scope, reading)
      return try calculus([array], span, reading) { parts throws(CalculusError) in
        var entries: [Expression] = []
        for position in positions {
          choices[axis] = .value(position)
          entries.append(try .entry(parts[0], choices))
        }
        let list = try Expression.list(entries)
        return axis == 0 || list.shape.dimensions.count < 2 ? list : try .transpose(list)
      }
    }
    let choices = try entries(indices, scope, reading)
    return try calculus([array], span, reading) { parts throws(CalculusError) in
      try .entry(parts[0], choices)
    }
  }

  /// The first index that chooses places by a list, `X[[1, 3], :]` or `x[1:2:5]`, and these places.
  private func positions(_ indices: [IndexSyntax], _ scope: Scope, _ reading: FormulaReading)
    throws(Diagnostic) -> (axis: Int, places: [Expression])?
  {
    for (axis, index) in indices.enumerated() {
      guard case .expression(let syntax) = index else { continue }
      switch syntax.kind {
      case .range(_, nil, _): continue
      case .range, .brackets:
        if case .list(let places) = try constant(syntax, scope, reading).node {
          return (axis, places)
        }
      default: continue
      }
    }
    return nil
  }

  /// Indices as the calculus has them; a name that nothing is known by is an index of its own.
  func entries(_ indices: [IndexSyntax], _ scope: Scope, _ reading: FormulaReading)
    throws(Diagnostic) -> [EntryIndex]
  {
    try indices.map2 { (index) throws(Diagnostic) in
      guard case .expression(let syntax) = index else { return .all }
      if case .name(let name) = syntax.kind, scope[name] == nil, memory[name] == nil,
        callDepth <= reading.callDepth
      {
        return .value(.index(name))
      }
      if case .range(let first, nil, let last) = syntax.kind {
        guard let from = try size(first, scope, reading), let to = try size(last, scope, reading)
        else {
          throw Diagnostic(
            .gradient, "in a formula a range ends at a number or a size", at: syntax.span)
        }
        return .range(from, to)
      }
      let position = try operand(evaluate(syntax, scope), syntax.span, reading)
      let known = position.number == nil ? value(of: position, reading) : nil
      return .value(known.map { .number($0) } ?? position)
    }
  }
}

extension ExpressionSyntax {
  /// Whether the bounds of a range inside mention a name: `1:i`.
  fileprivate func boundsMention(_ name: String) -> Bool {
    if case .range = kind, firstName(where: { $0 == name }) != nil { return true }
    var found = false
    kind.forEachChild { found = found || $0.boundsMention(name) }
    return found
  }
}
