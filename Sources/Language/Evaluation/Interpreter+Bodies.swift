import Calculus
import MatrixEngine
import Networks
import Notation
import Syntax

/// The lines of functions' bodies: assignments to names of their own, repeated and chosen between.
///
/// In a formula a name stays the name of a part, a `for` is written out, an `if` becomes cases; what depends on numbers
/// that only a call knows (a `while`) has derivatives at points only.
extension Interpreter {
  /// The lines of a body one after the other, each known by its name to those behind it; then the value.
  func evaluate(
    _ body: BodySyntax, _ scope: Scope, _ willRun: (SourceSpan, Scope) throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Value {
    var lines = BodyLines(scope: scope)
    try run(body.lines, &lines, willRun)
    try willRun(body.result.span, lines.scope)
    let value = try evaluate(body.result, lines.scope)
    guard let reading = scope.reading, !lines.steps.isEmpty else { return value }
    return .expression(.steps(lines.steps, try operand(value, body.result.span, reading)))
  }

  /// The lines of a layer, each a quantity; then what comes out.
  func evaluateLines(_ body: BodySyntax, _ scope: Scope) throws(Diagnostic) -> Expression {
    guard let reading = scope.reading, let layer = reading.layer else { return .number(0) }
    var lines = BodyLines(scope: scope, isOfLayer: true)
    try run(body.lines, &lines) { (span, _) throws(Diagnostic) in layer.current = span }
    layer.current = body.result.span
    return try operand(evaluate(body.result, lines.scope), body.result.span, reading)
  }

  /// What the lines so far have made.
  private struct BodyLines {
    var scope: Scope
    /// Whether they are those of a layer, each of which is a quantity.
    var isOfLayer = false
    /// The parts of a formula that have names, in their order.
    var steps: [Expression] = []
    /// How many parts have been made, named or not.
    var count = 0
    /// Whether they stand in a branch, whose names are given by the cases.
    var isBranch = false

    /// A name for another step: of one that has a value already `s₂`, `s₃` …
    func stepName(_ name: String) -> String {
      let taken = steps.compactMap { if case .named(let step, _) = $0.node { step } else { nil } }
      var (step, number) = (name, 1)
      while taken.contains(step) || number > 1 && scope[step] != nil {
        number += 1
        step = name + ScriptCharacters.low(number)
      }
      return step
    }
  }

  private func run(
    _ statements: [StatementSyntax], _ lines: inout BodyLines,
    _ willRun: (SourceSpan, Scope) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    for statement in statements {
      try checkInterrupt(statement.span)
      try willRun(statement.span, lines.scope)
      switch statement.kind {
      case .assignment(let target, let value):
        try assign(target, evaluate(value, lines.scope), value.span, &lines)
      case .forLoop(let variable, _, let range, let body):
        let turns = try turns(inBody: range, lines.scope)
        for index in 0..<turns.count {
          try checkInterrupt(statement.span)
          lines.scope.assign(variable, turns[index])
          try run(body, &lines, willRun)
        }
      case .whileLoop(let condition, let body):
        while try holds(condition, lines.scope, orNeedsPoint: "a `while`") {
          try checkInterrupt(statement.span)
          try run(body, &lines, willRun)
        }
      case .conditional(let condition, let then, let otherwise):
        try choose(condition, then, otherwise ?? [], &lines, willRun)
      case .parameters(let parameters): try declare(parameters, &lines.scope)
      case .running(let quantities): try declare(quantities, &lines.scope)
      default: break
      }
    }
  }

  // MARK: - Assignments

  private func assign(
    _ target: ExpressionSyntax, _ value: Value, _ span: SourceSpan, _ lines: inout BodyLines
  ) throws(Diagnostic) {
    if case .index(let base, let indices) = target.kind, case .name(let name) = base.kind {
      if let reading = lines.scope.reading, let layer = reading.layer, lines.isOfLayer,
        lines.scope[name] == nil
      {
        let index = try familyIndex(name, indices, target.span, lines.scope, reading)
        let part = try operand(value, span, reading)
        try requireLine(of: layer, span)
        let member = layer.add(name, part, member: FamilyMember(name, index))
        reading.parameters.formUnion(member.symbols.map(\.name))
        return lines.scope.assign(LayerReading.key(name, index), .expression(member))
      }
      guard let old = lines.scope[name] else {
        throw Diagnostic(
          .name, "\(name) is no name of this function's own, so it has no entries to assign to",
          at: target.span, help: "give it a value first: \(name) = zeros(3)")
      }
      guard let reading = lines.scope.reading else {
        let (shape, choices) = try choices(of: old, indices, name, target.span, lines.scope)
        let places = shape.places(choices)
        lines.scope.assign(
          name, Self.replacing(old, places, by: try filling(value, places, span)))
        return
      }
      let array = try operand(old, base.span, reading)
      let part = try replacing(
        array, indices, by: operand(value, span, reading), name, target.span, lines.scope, reading)
      return try keep(.expression(part), as: name, span, &lines)
    }
    guard case .name(let name) = target.kind else { return }
    try requireValue(value, for: name, span)
    try keep(value, as: name, span, &lines)
  }

  /// Throws: a LimitError where a layer has as many lines as can be written out.
  private func requireLine(of layer: LayerReading, _ span: SourceSpan) throws(Diagnostic) {
    guard layer.lines.count < LayerReading.mostLines else {
      throw Diagnostic(
        .limit, "the lines of \(layer.name) run more than \(LayerReading.mostLines) times", at: span
      )
    }
  }

  /// A formula keeps the name for its part; at a point it is a number of that name.
  private func keep(
    _ value: Value, as name: String, _ span: SourceSpan, _ lines: inout BodyLines
  ) throws(Diagnostic) {
    if let reading = lines.scope.reading, let layer = reading.layer, lines.isOfLayer,
      !lines.isBranch,
      !value.isFunction
    {
      try requireLine(of: layer, span)
      if layer.isFamily(name) {
        throw Diagnostic(
          .name, "\(name) is a family, \(name)[t]: it has no value as a whole", at: span)
      }
      let part = try operand(value, span, reading)
      // A number that is known before anything runs is no quantity.
      if part.shape == .scalar, part.symbols.isEmpty, part.freeIndices.isEmpty {
        return lines.scope.assign(name, .expression(part))
      }
      let quantity = layer.add(name, part)
      reading.parameters.formUnion(quantity.symbols.map(\.name))
      return lines.scope.assign(name, .expression(quantity))
    }
    guard case .expression(let part) = value, part.number == nil, let reading = lines.scope.reading
    else { return lines.scope.assign(name, value) }
    if let point = reading.point {
      let value = try settled(part, span, reading)
      if case .expression(let old)? = lines.scope[name] { point.release(old) }
      return lines.scope.assign(name, .expression(value))
    }
    lines.count += 1
    guard lines.count <= Self.writtenLines else {
      throw needsPoint("these lines run too often to be written out", at: span, reading)
    }
    guard !lines.isBranch else { return lines.scope.assign(name, value) }
    let step = Expression.named(lines.stepName(name), part)
    lines.steps.append(step)
    lines.scope.assign(name, .expression(step))
  }

  /// A vector or matrix of a formula with another entry: all of its entries, written out.
  private func replacing(
    _ array: Expression, _ indices: [IndexSyntax], by entry: Expression, _ name: String,
    _ span: SourceSpan, _ scope: Scope, _ reading: FormulaReading
  ) throws(Diagnostic) -> Expression {
    let sizes = array.shape.dimensions.map { reading.sizes.resolve($0) }
    let chosen = try entries(indices, scope, reading)
    var numbers: [Int] = []
    for case .number(let size) in sizes { numbers.append(size) }
    var places: [Int] = []
    for case .value(let index) in chosen {
      if let place = index.number?.integer { places.append(place) }
    }
    guard !sizes.isEmpty, numbers.count == sizes.count, places.count == sizes.count,
      sizes.count <= 2, Shape(numbers).count <= Self.writtenEntries, entry.shape == .scalar
    else {
      throw needsPoint(
        "an assignment to \(written(span)) has no formula", at: span, reading)
    }
    return try calculus([array, entry], span, reading) { parts throws(CalculusError) in
      // Its bounds are checked by looking it up.
      _ = try Expression.entry(parts[0], chosen)
      func row(_ prefix: [Int]) throws(CalculusError) -> Expression {
        let axis = prefix.count
        if axis == numbers.count {
          return prefix == places
            ? parts[1] : try .entry(parts[0], prefix.map { .value(.number(Number($0))) })
        }
        var rows: [Expression] = []
        for position in stride(from: 1, through: numbers[axis], by: 1) {
          rows.append(try row(prefix + [position]))
        }
        return try .list(rows)
      }
      return try row([])
    }
  }

  /// More lines than these are not written out as one formula.
  private static let writtenLines = 200
  /// More entries than these are not written out one by one.
  private static let writtenEntries = 400

  // MARK: - Loops and conditions

  /// What a `for` of a body runs over; in a formula numbers that are written out.
  func turns(inBody range: ExpressionSyntax, _ scope: Scope) throws(Diagnostic) -> LoopTurns {
    guard let reading = scope.reading else { return try turns(of: range, scope) }
    if case .range(let from, let step, let to) = range.kind {
      var bounds: [Double] = []
      for part in [from, step, to].compactMap({ $0 }) {
        let bound = try operand(evaluate(part, scope), part.span, reading)
        guard let number = bound.number?.value ?? value(of: bound, reading) else {
          throw needsPoint(
            "how often this `for` runs is known when it runs only", at: range.span, reading)
        }
        bounds.append(number)
      }
      let stride = step == nil ? 1 : bounds[1]
      guard stride != 0, bounds.allSatisfy(\.isFinite) else {
        throw Diagnostic(
          .value, "a range needs finite ends and a step that is not 0", at: range.span)
      }
      let numbers = NumberRange(from: bounds[0], by: stride, to: bounds[bounds.count - 1])
      if reading.point == nil, reading.layer == nil, numbers.count > 100 {
        throw needsPoint(
          "a `for` of \(plain(numbers.count)) turns is too long to write out",
          at: range.span, reading)
      }
      return LoopTurns(numbers, as: { .expression(.number(Number($0))) })
    }
    // Kept under a name of its own, since the loop may change what it runs over.
    let over = try settled(
      operand(evaluate(range, scope), range.span, reading), range.span, reading)
    let resolved = over.shape.dimensions.map { reading.sizes.resolve($0) }
    guard case .number(let count)? = resolved.first, count <= Self.writtenEntries else {
      throw needsPoint(
        "how often this `for` runs is known when it runs only", at: range.span, reading)
    }
    var elements: [Value] = []
    for position in stride(from: 1, through: count, by: 1) {
      let entry = try calculus([over], range.span, reading) { parts throws(CalculusError) in
        try Expression.entry(
          parts[0],
          [.value(.number(Number(position)))]
            + parts[0].shape.dimensions.dropFirst().map { _ in .all })
      }
      elements.append(.expression(entry))
    }
    return LoopTurns(elements)
  }

  /// Whether a condition holds; in a formula it must be known.
  func holds(
    _ condition: ExpressionSyntax, _ scope: Scope, orNeedsPoint what: String
  ) throws(Diagnostic) -> Bool {
    guard let reading = scope.reading else { return try self.condition(condition, scope) }
    let part = try operand(evaluate(condition, scope), condition.span, reading)
    guard let number = part.number?.value ?? value(of: part, reading) else {
      throw needsPoint(
        "\(what) depends on \(reading.layer == nil ? "a call" : "what comes in")",
        at: condition.span, reading)
    }
    return number != 0
  }

  /// `if c { q = … } else { q = … }`: in a formula each name that a branch assigns has its value by cases.
  private func choose(
    _ condition: ExpressionSyntax, _ then: [StatementSyntax], _ otherwise: [StatementSyntax],
    _ lines: inout BodyLines, _ willRun: (SourceSpan, Scope) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    guard let reading = lines.scope.reading else {
      let holds = try self.condition(condition, lines.scope)
      return try run(holds ? then : otherwise, &lines, willRun)
    }
    let part = try operand(evaluate(condition, lines.scope), condition.span, reading)
    if let number = part.number?.value
      ?? (reading.point == nil && reading.layer == nil ? nil : value(of: part, reading))
    {
      return try run(number != 0 ? then : otherwise, &lines, willRun)
    }
    var first = lines
    first.isBranch = true
    var second = first
    try run(then, &first, willRun)
    try run(otherwise, &second, willRun)
    for name in Set(first.scope.names + second.scope.names).sorted() {
      guard let a = first.scope[name], let b = second.scope[name] else { continue }
      if case .expression(let x) = a, case .expression(let y) = b {
        if x == y {
          lines.scope.assign(name, a)
          continue
        }
        let cases = try calculus([part, x, y], condition.span, reading) {
          parts throws(CalculusError) in try Expression.choose(parts[0], parts[1], parts[2])
        }
        try keep(.expression(cases), as: name, condition.span, &lines)
      }
    }
  }
}
