import Calculus
import MatrixEngine
import Syntax

/// What is side by side: brackets, generators, and how values stack.
extension Interpreter {
  /// The values of a generator's element, side by side as in brackets, or where they do not stack as a list.
  func collect(
    _ generator: ExpressionSyntax.Generator, _ span: SourceSpan, _ scope: Scope,
    for function: BuiltIn? = nil, stacks: Bool = true
  ) throws(Diagnostic) -> Value {
    if let reading = scope.reading {
      return .expression(try collect(generator, span, scope, reading, folding: function))
    }
    var collected = Collected(span: span, stacks: stacks)
    // What joins all values asks for no grid.
    if generator.isUneven || function?.neutral != nil {
      try forEachTurn(of: generator, from: 0, to: generator.ranges.count, scope) {
        (inner) throws(Diagnostic) in
        if let condition = generator.condition, !(try self.condition(condition, inner)) { return }
        try collected.take(try evaluate(generator.element, inner))
      }
      return try collected.value
    }
    return try collect(generator, from: 0, span, scope, stacks: stacks)
  }

  /// [e for i in 1:m, j in 1:n] is [[e for j in 1:n] for i in 1:m].
  private func collect(
    _ generator: ExpressionSyntax.Generator, from place: Int, _ span: SourceSpan, _ scope: Scope,
    stacks: Bool = true
  ) throws(Diagnostic) -> Value {
    var collected = Collected(span: span, stacks: stacks)
    try forEachTurn(of: generator, from: place, to: place + 1, scope) {
      (inner) throws(Diagnostic) in
      try collected.take(
        place == generator.ranges.count - 1
          ? evaluate(generator.element, inner)
          : collect(generator, from: place + 1, span, inner))
    }
    return try collected.value
  }

  /// Goes through some of a generator's ranges, the last fastest, with their variables bound.
  private func forEachTurn(
    of generator: ExpressionSyntax.Generator, from place: Int, to end: Int, _ scope: Scope,
    _ body: (Scope) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    guard place < end else { return try body(scope) }
    let range = generator.ranges[place]
    let turns = try turns(of: range.values, scope)
    var inner = scope.adding(range.variable, .nothing)
    for index in 0..<turns.count {
      try checkInterrupt(range.values.span)
      inner.rebindLast(turns[index])
      try forEachTurn(of: generator, from: place + 1, to: end, inner, body)
    }
  }

  /// Values that are collected one by one. Numbers, which are the rule, are kept as such: an eighth of the memory.
  private struct Collected {
    let span: SourceSpan
    /// Whether what is no number stands side by side as in brackets, or makes a list.
    let stacks: Bool
    private var numbers: [Double] = []
    private var others: [Value] = []
    private var areTruths = true
    /// The room that all of them take, in numbers.
    private var size = 0

    init(span: SourceSpan, stacks: Bool) {
      self.span = span
      self.stacks = stacks
    }

    mutating func take(_ value: Value) throws(Diagnostic) {
      let number = others.isEmpty ? value.number : nil
      // What is no number lies by itself, which takes some room too.
      size += number == nil ? 8 + (value.tensor?.storage.count ?? 1) : 1
      guard size <= Limits.entries else {
        throw Diagnostic(
          .limit, "these are more numbers than this kernel holds", at: span,
          label: "the limit is \(Limits.entries) entries")
      }
      guard let number else {
        if others.isEmpty { others = numbers.map { .scalar($0) } }
        others.append(value)
        return
      }
      if numbers.count == numbers.capacity {
        // It moves to a place of twice the size.
        do {
          try MemoryBudget.ask(3 * numbers.count * MemoryLayout<Double>.stride)
        } catch { throw Diagnostic(error, at: span) }
      }
      numbers.append(number)
      areTruths = areTruths && value.isBoolean
    }

    var value: Value {
      get throws(Diagnostic) {
        guard others.isEmpty else {
          return stacks
            ? try Value.stack(others, span, listsOthers: true) : try Value.list(of: others, span)
        }
        return .array(
          Tensor(Shape([numbers.count]), numbers, holdsTruths: areTruths && !numbers.isEmpty))
      }
    }
  }

  /// What a `for` runs over: the entries of a vector, the rows of a matrix, the elements of a list.
  package func turns(of expression: ExpressionSyntax, _ scope: Scope) throws(Diagnostic)
    -> LoopTurns
  {
    if case .range(let from, let step, let to) = expression.kind {
      return LoopTurns(try range(from, step, to, scope))
    }
    let value = try evaluate(expression, scope)
    guard let turns = LoopTurns(value) else {
      throw Diagnostic(
        .type, "a loop runs over a range, a vector or a list, not \(value.description)",
        at: expression.span,
        help: value.number == nil
          ? "for example 1:5" : "1:\(written(expression.span)) runs from 1 to it")
    }
    return turns
  }

  /// `[…]`: a vector, a matrix, or vectors as the rows of a matrix.
  func brackets(
    _ rows: [[ExpressionSyntax]], _ whole: ExpressionSyntax, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    let span = whole.span
    guard let firstRow = rows.first, !(rows.count == 1 && firstRow.isEmpty) else {
      guard scope.reading == nil else {
        throw Diagnostic(
          CalculusError.wrongShape(
            operation: "[ ]", shape: .scalar, expected: "at least one entry"), at: span)
      }
      return .vector([])
    }
    if rows.count == 1 || scope.reading != nil {
      let values = try rows.map2 { (row) throws(Diagnostic) in
        try row.map2 { (element) throws(Diagnostic) in try evaluate(element, scope) }
      }
      if values.contains(where: { $0.contains(where: \.isFormula) }) {
        do throws(Diagnostic) {
          return try formulas(values, rows, span, scope)
        } catch {
          var error = error
          let areFlat = values.joined().allSatisfy { $0.expressionShape?.dimensions.count ?? 0 < 2 }
          if error.name == .shape {
            error.help = areFlat ? Value.joinHelp : Value.stackHelp(rows.flatMap { $0 })
          }
          throw error
        }
      }
      return try Value.stack(values[0], span, elements: firstRow)
    }
    var storage: [Double] = []
    // [a; b] of vectors: the rows of a matrix.
    var vectors: [Value] = []
    for (position, row) in rows.enumerated() {
      guard row.count == firstRow.count else {
        let rowSpan = row.first.map { $0.span.joined(with: row[row.count - 1].span) } ?? span
        throw Diagnostic(
          .shape,
          "row \(position + 1) has \(row.count.counted("entry")), row 1 has \(firstRow.count)",
          at: rowSpan, label: "\(row.count) instead of \(firstRow.count)",
          help: "every row of a matrix has the same number of entries")
      }
      for element in row {
        let value = try evaluate(element, scope)
        if let number = value.number {
          storage.append(number)
        } else if row.count == 1, value.entries != nil, storage.isEmpty {
          vectors.append(value)
        } else {
          throw Diagnostic(
            .type, "an entry of a matrix is a number, not \(value.description)",
            at: element.span,
            help: value.isArray
              ? "vstack(hstack(a, b), hstack(c, d)) is a matrix of matrices" : nil)
        }
      }
    }
    if !vectors.isEmpty {
      if let matrix = vectors.firstIndex(where: { ($0.tensor?.rank ?? 0) > 1 && !$0.isRow }) {
        throw Diagnostic(
          .shape, "\(vectors[matrix].description) is no row of a matrix", at: rows[matrix][0].span,
          help: Value.stackHelp(rows.flatMap { $0 }))
      }
      return try Value.stack(
        vectors + storage.map { .scalar($0) }, span, elements: rows.flatMap { $0 })
    }
    return .array(Matrix(rows: rows.count, columns: firstRow.count, storage: storage))
  }
}

extension Value {
  /// Values side by side: numbers make a vector, vectors of one length the rows of a matrix, matrices or arrays of
  /// one shape an array; what has no numbers makes a list, where it is asked for also arrays of several shapes.
  ///
  /// Throws: a ShapeError or TypeError for arrays that do not stack with the rest.
  package static func stack(
    _ values: [Value], _ span: SourceSpan, elements: [ExpressionSyntax]? = nil,
    listsOthers: Bool = false
  ) throws(Diagnostic) -> Value {
    let numbers = values.compactMap(\.number)
    if numbers.count == values.count {
      let areTruths = !values.isEmpty && values.allSatisfy(\.isBoolean)
      return .array(Tensor(Shape([numbers.count]), numbers, holdsTruths: areTruths))
    }
    if let index = values.firstIndex(where: \.isNothing) {
      throw Diagnostic(
        .type, "brackets and generators collect values", at: elements?[index].span ?? span,
        label: "this returns nothing", help: "for i in 1:5 { … } repeats something without a value")
    }
    do {
      let count = values.reduce(0) { $0 + ($1.tensor?.storage.count ?? 0) }
      try MemoryBudget.ask(3 * count * MemoryLayout<Double>.stride)
    } catch { throw Diagnostic(error, at: span) }
    // A row is the vector of its entries; but what is written as a matrix is one: [[[1, 2]]] is 1×1×2.
    let areWritten =
      elements?.allSatisfy { if case .brackets = $0.kind { true } else { false } } ?? false
    let arrays = values.compactMap { value in
      value.isArray
        ? value.isRow && !areWritten ? value.tensor.map { .vector($0.storage) } : value.tensor : nil
    }
    guard arrays.count == values.count else {
      if numbers.isEmpty, arrays.isEmpty { return try list(of: values, span) }
      let index = values.firstIndex { $0.number == nil } ?? 0
      let isOdd = arrays.isEmpty || !numbers.isEmpty
      let odd = isOdd ? index : values.firstIndex { !$0.isArray } ?? 0
      throw Diagnostic(
        .type,
        "\(isOdd ? "numbers" : arrays[0].description) and \(values[odd].description) do not mix in brackets",
        at: elements?[odd].span ?? span,
        help: values[odd].isText && arrays.isEmpty
          ? "a list holds texts alone, or numbers alone"
          : values[odd].vector != nil
            ? joinHelp : stackHelp(elements))
    }
    do {
      return .array(try Tensor.stacked(arrays))
    } catch {
      guard case .shapeMismatch = error else { throw Diagnostic(error, at: span) }
      if listsOthers { return try list(of: values, span) }
    }
    let odd = arrays.firstIndex { $0.shape != arrays[0].shape } ?? 0
    let areRows = arrays[0].rank == 1 && arrays[odd].rank == 1
    let counts = (arrays[0].rows, arrays[odd].rows)
    throw Diagnostic(
      .shape,
      areRows
        ? "row \(odd + 1) has \(counts.1.counted("entry")), row 1 has \(counts.0)"
        : "\(arrays[0].description) and \(arrays[odd].description) do not stack",
      at: elements?[odd].span ?? span,
      label: areRows ? "\(counts.1) instead of \(counts.0)" : "",
      help: areRows ? "every row of a matrix has the same number of entries" : stackHelp(elements))
  }

  /// What to write for numbers and vectors in one row.
  static let joinHelp = "concat(a, b) joins numbers and vectors into one vector"

  /// What to write where parts do not stack.
  static func stackHelp(_ elements: [ExpressionSyntax]?) -> String {
    let parts = elements.map { $0.map(SourcePrinter.text).joined(separator: ", ") } ?? ""
    let written = elements == nil || parts.count > 40 ? "a, b" : parts
    let holdsText =
      elements?.contains { if case .string = $0.kind { true } else { false } } ?? false
    if holdsText { return "list(\(written)) keeps them apart" }
    return
      "hstack(\(written)) puts them side by side, vstack(\(written)) one below the other, list(\(written)) keeps them apart"
  }

  /// Values as a list. Throws: a LimitError for one that is too large.
  static func list(of values: [Value], _ span: SourceSpan) throws(Diagnostic) -> Value {
    let list = ListValue(values)
    guard list.total <= Limits.listElements, list.depth <= Limits.listDepth else {
      throw Diagnostic(
        .limit, "this list is too large", at: span,
        label: list.depth > Limits.listDepth
          ? "more than \(Limits.listDepth) lists inside one another"
          : "more than \(Limits.listElements) elements")
    }
    return .list(list)
  }
}
