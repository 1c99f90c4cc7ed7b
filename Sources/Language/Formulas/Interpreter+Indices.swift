import Calculus
import Syntax

/// Entries and generators of formulas, where an index may run without being a number.
extension Interpreter {
  /// The values of a generator, side by side: `[i^2 for i in 1:n]`.
  ///
  /// For a function that `folds` those of the inner ranges are joined by it at once, so that they may be of any number.
  func collect(
    _ generator: ExpressionSyntax.Generator, _ span: SourceSpan, _ scope: Scope,
    _ reading: FormulaReading, folding function: BuiltIn? = nil
  ) throws(Diagnostic) -> Expression {
    let folding = function.flatMap { $0.neutral == nil ? nil : $0 }
    return try collect(
      Collection(generator: generator, folding: folding, span: span, reading: reading), from: 0,
      scope)
  }

  /// A generator that is collected.
  private struct Collection {
    let generator: ExpressionSyntax.Generator
    /// The function that joins the values, where the parts of a whole may be joined before.
    let folding: BuiltIn?
    let span: SourceSpan
    let reading: FormulaReading

    var neutral: Number? { folding?.neutral }
  }

  /// [e for i in 1:m, j in 1:n] is [[e for j in 1:n] for i in 1:m].
  private func collect(_ collection: Collection, from place: Int, _ scope: Scope)
    throws(Diagnostic) -> Expression
  {
    let (range, reading) = (collection.generator.ranges[place], collection.reading)
    if collection.generator.isUneven, collection.neutral == nil {
      return try list(try turnsTaken(collection, from: 0, scope), collection)
    }
    if let array = try indexed(collection, place, scope) { return array }
    if case .range = range.values.kind {
      // Other ranges are numbers: the turns are written out.
      var entries: [Expression] = []
      for turn in try writtenTurns(range, scope, reading) {
        try checkInterrupt(range.values.span)
        entries.append(try element(of: collection, place, turn, scope))
      }
      return try list(entries, collection)
    }
    let over = try operand(evaluate(range.values, scope), range.values.span, reading)
    guard case .vector(let size) = over.shape else {
      throw Diagnostic(
        .type, "in a formula a generator runs over a range or a vector, not \(over.shape.kindText)",
        at: range.values.span)
    }
    return try reading.withIndex(range.variable) { (index) throws(Diagnostic) in
      let turn = try calculus([over], collection.span, reading) { parts throws(CalculusError) in
        try Expression.entry(parts[0], [.value(.index(index))])
      }
      return .array(index, size, try element(of: collection, place, turn, scope))
    }
  }

  /// More turns than these are not written out.
  private static let writtenTurns = 100

  private func list(_ entries: [Expression], _ collection: Collection) throws(Diagnostic)
    -> Expression
  {
    // What nothing is left of counts nothing.
    let nothing = collection.neutral.map { [Expression.number($0)] } ?? []
    let mayBeArray = collection.reading.mayHaveArrays
    return try calculus(
      entries.isEmpty ? nothing : entries, collection.span, collection.reading
    ) { entries throws(CalculusError) in try .list(entries, mayBeArray: mayBeArray) }
  }

  /// Throws: a LimitError for more parts of a formula than can be written out.
  private func requireFew(
    _ count: Int, _ range: ExpressionSyntax.Generator.Range, _ reading: FormulaReading
  ) throws(Diagnostic) {
    let most = reading.layer == nil ? Limits.listElements : LayerReading.mostLines
    guard count <= most else {
      throw Diagnostic(
        .limit, "\(count) turns are too many to write out", at: range.values.span,
        label: "at most \(most) can be")
    }
  }

  /// The numbers of a range that are written out, one by one.
  private func writtenTurns(
    _ range: ExpressionSyntax.Generator.Range, _ scope: Scope, _ reading: FormulaReading
  ) throws(Diagnostic) -> [Expression] {
    if reading.point != nil || reading.layer != nil {
      let turns = try turns(inBody: range.values, scope)
      try requireFew(turns.count, range, reading)
      return Array(turns.expressions)
    }
    guard case .list(let turns) = try constant(range.values, scope, reading).node,
      turns.count <= Self.writtenTurns
    else {
      throw Diagnostic(
        .value, "in a formula an index runs from 1 to a size, or over at most 100 numbers",
        at: range.values.span)
    }
    return turns
  }

  /// The values of a generator that leaves some out, where numbers decide which.
  private func turnsTaken(_ collection: Collection, from place: Int, _ scope: Scope)
    throws(Diagnostic) -> [Expression]
  {
    let (generator, reading) = (collection.generator, collection.reading)
    guard place < generator.ranges.count else {
      if let condition = generator.condition,
        !(try holds(condition, scope, orNeedsPoint: "which values this generator takes"))
      {
        return []
      }
      return [try operand(evaluate(generator.element, scope), generator.element.span, reading)]
    }
    let range = generator.ranges[place]
    var taken: [Expression] = []
    for turn in try turns(inBody: range.values, scope).expressions {
      try checkInterrupt(range.values.span)
      taken += try turnsTaken(
        collection, from: place + 1, scope.adding(range.variable, .expression(turn)))
      try requireFew(taken.count, range, reading)
    }
    return taken
  }

  /// What a generator makes of one value of a range's variable.
  private func element(
    of collection: Collection, _ place: Int, _ turn: Expression, _ scope: Scope
  ) throws(Diagnostic) -> Expression {
    let (generator, reading) = (collection.generator, collection.reading)
    let scope = scope.adding(generator.ranges[place].variable, .expression(turn))
    guard place == generator.ranges.count - 1 else {
      let inner = try collect(collection, from: place + 1, scope)
      guard let function = collection.folding, let rule = function.formulaRule else { return inner }
      return try calculus([inner], collection.span, reading) { parts throws(CalculusError) in
        var call = FormulaCall(builtIn: function)
        call.named[function.parameters[0].name] = parts[0]
        if parts[0].shape.dimensions.count > 1 { call.named["axis"] = .number(1) }
        return try rule(call)
      }
    }
    let element = try operand(
      evaluate(generator.element, scope), generator.element.span, reading)
    guard let condition = generator.condition, let neutral = collection.neutral else {
      return element
    }
    let taken = try operand(evaluate(condition, scope), condition.span, reading)
    return try calculus([taken, element], collection.span, reading) {
      parts throws(CalculusError) in
      guard let known = parts[0].number else {
        return try .choose(parts[0], parts[1], .number(neutral))
      }
      return known.isZero ? .number(neutral) : parts[1]
    }
  }

  /// `[… for i in 1:n]` with an index; nil where the turns have to be written out: the index is a number of the
  /// formula, or it runs through a part of a vector only.
  private func indexed(_ collection: Collection, _ place: Int, _ scope: Scope) throws(Diagnostic)
    -> Expression?
  {
    let (range, reading) = (collection.generator.ranges[place], collection.reading)
    guard case .range(let from, nil, let to) = range.values.kind else { return nil }
    let first = try operand(evaluate(from, scope), from.span, reading)
    let last = try operand(evaluate(to, scope), to.span, reading)
    let size = size(last, reading)
    if reading.layer != nil, size?.isNumber ?? false { return nil }
    let startsAtOne = first.number == .one
    if let size, !size.isNumber, let number = first.number?.value, number < 1,
      let whole = Int(exactly: number)
    {
      return try shifted(collection, place, scope, by: whole &- 1, to: size)
    }
    guard startsAtOne && size != nil || collection.folding != nil && reading.point == nil else {
      return nil
    }
    if size?.isNumber ?? false {
      let bounds = collection.generator.ranges.dropFirst(place + 1).map(\.values)
      if !startsAtOne || collection.generator.element.boundsMention(range.variable)
        || bounds.contains(where: { $0.boundsMention(range.variable) })
      {
        return nil
      }
    }
    return try reading.withIndex(range.variable) { (name) throws(Diagnostic) -> Expression? in
      var element = try self.element(of: collection, place, .index(name), scope)
      let use = element.use(ofIndex: name)
      var dimensions = use.dimensions.map(reading.sizes.resolve)
      guard let size = size ?? dimensions.first(where: { !$0.isUnknown }) else { return nil }
      for case .unknown(let unknown) in dimensions where !size.isNumber {
        reading.sizes.agree(.unknown(unknown), size)
      }
      dimensions = use.dimensions.map(reading.sizes.resolve)
      if size.isNumber, use.isNumber || dimensions.contains(where: { $0 != size }) {
        guard case .number(let count) = size, count > Self.writtenTurns else { return nil }
        throw Diagnostic(
          .limit, "\(count) turns are too many to write out in a formula",
          at: range.values.span,
          help: "an index that runs to the size of its vector needs no writing out")
      }
      for dimension in dimensions where dimension != size {
        throw Diagnostic(
          .shape,
          "\(range.variable) runs to \(size), but is an index of something with \(dimension) entries",
          at: range.values.span)
      }
      // The sum from 2 is the sum of all, where those before count nothing.
      var bounds: [(comparison: Comparison, bound: Expression)] = []
      if !startsAtOne { bounds.append((.greaterOrEqual, first)) }
      if self.size(last, reading) == nil { bounds.append((.lessOrEqual, last)) }
      for (comparison, bound) in bounds {
        element = try calculus([bound, element], collection.span, reading) {
          parts throws(CalculusError) in
          try .choose(
            .compare(comparison, .index(name), parts[0]), parts[1],
            .number(collection.neutral ?? .zero))
        }
      }
      return .array(name, size, element)
    }
  }

  /// A range of turns begins no further below 1.
  private static let mostShift = 1_000_000

  /// `[… for i in 0:n]` as i − 1 for an index that runs from 1 to n + 1; such an i counts, and chooses no entries.
  private func shifted(
    _ collection: Collection, _ place: Int, _ scope: Scope, by shift: Int, to size: Dimension
  ) throws(Diagnostic) -> Expression {
    let (range, reading) = (collection.generator.ranges[place], collection.reading)
    guard (-Self.mostShift..<0).contains(shift),
      !collection.generator.element.choosesEntries(by: range.variable)
    else {
      throw Diagnostic(
        .value,
        "an index that runs to \(size) does not begin at \(shift &+ 1)", at: range.values.span,
        label: "indices begin at 1", help: "write 1:\(size)")
    }
    return try reading.withIndex(range.variable) { (name) throws(Diagnostic) -> Expression in
      let turn = try calculus([.index(name)], collection.span, reading) {
        parts throws(CalculusError) -> Expression in
        try .add([parts[0], .number(Number(shift))])
      }
      let element = try self.element(of: collection, place, turn, scope)
      return .array(name, size + .number(-shift), element)
    }
  }

  /// The size that a generator runs to: `n` of `1:n`, or nil for what is no size.
  private func size(_ end: Expression, _ reading: FormulaReading) -> Dimension? {
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

  /// What is wrong with a range whose ends are no sizes: a number that is not whole, or nothing that is known.
  private func rangeEnd(
    _ first: ExpressionSyntax, _ last: ExpressionSyntax, _ scope: Scope, _ reading: FormulaReading
  ) -> Diagnostic {
    for end in [first, last] {
      guard let formula = try? operand(evaluate(end, scope), end.span, reading),
        let number = formula.number?.value ?? value(of: formula, reading),
        Int(exactly: number) == nil
      else { continue }
      return Diagnostic(
        .value, "a range goes from one whole number to another, not to \(plain(number))",
        at: end.span)
    }
    return Diagnostic(
      .gradient, "in a formula a range ends at a number or a size",
      at: first.span.joined(with: last.span))
  }

  /// Indices as the calculus has them.
  ///
  /// - Parameter isFree: whether a name that nothing is known by is an index of its own, as in `∂y/∂w[j]`.
  func entries(
    _ indices: [IndexSyntax], _ scope: Scope, _ reading: FormulaReading, isFree: Bool = false
  ) throws(Diagnostic) -> [EntryIndex] {
    try indices.map2 { (index) throws(Diagnostic) in
      guard case .expression(let syntax) = index else { return .all }
      if isFree, case .name(let name) = syntax.kind, scope[name] == nil, memory[name] == nil {
        return .value(.index(name))
      }
      if case .range(let first, nil, let last) = syntax.kind {
        let ends = try [first, last].map2 { (end) throws(Diagnostic) in
          size(try operand(evaluate(end, scope), end.span, reading), reading)
        }
        guard let from = ends[0], let to = ends[1] else {
          throw rangeEnd(first, last, scope, reading)
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

  /// Whether entries are chosen inside by what mentions a name: `x[i]`.
  fileprivate func choosesEntries(by name: String) -> Bool {
    var found = false
    if case .index(_, let indices) = kind {
      for index in indices {
        index.forEachChild { found = found || $0.firstName(where: { $0 == name }) != nil }
      }
    }
    kind.forEachChild { found = found || $0.choosesEntries(by: name) }
    return found
  }
}
