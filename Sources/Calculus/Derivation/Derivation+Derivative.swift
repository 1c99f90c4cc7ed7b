import Notation

extension Derivation {
  /// More intermediate variables, or parts, nobody reads.
  static let mostVariables = 40
  static let largest = 3_000.0

  /// The derivative of a formula by the lecture's method: intermediate variables, the derivative of
  /// each, their product (or sum of products), the result.
  ///
  /// With values for its symbols every line has numbers. `form` `.scalar` writes entries and Σ.
  /// Throws: as `Expression.derivative(by:)` and `value(at:)`.
  package static func derivative(
    of formula: Expression, named name: String, by symbol: Symbol, at numbers: Numbers = .none,
    form: FormulaForm = .matrix
  ) throws(CalculusError) -> Derivation {
    if form == .scalar {
      return try scalarDerivative(of: formula, named: name, by: symbol, at: numbers)
    }
    let result = try formula.derivative(by: symbol)
    if let derivation = try differentials(
      of: formula, named: name, by: symbol, result, at: numbers)
    {
      return derivation
    }
    let parts = Decomposition(formula, named: name, by: symbol)
    guard parts.variables.count <= Self.mostVariables, formula.treeSize <= Self.largest else {
      throw .unsupported("a formula of so many steps has no derivation that could be read")
    }
    // A call of a known function is named as that: f = p(g(x)) shows ∂p/∂g.
    let whole = Symbol(parts.outerName ?? name, formula.shape)
    let final = Symbol(name, formula.shape)
    var writer = LineWriter(numbers, symbols: formula.symbols + [symbol])
    for variable in parts.variables {
      try writer.define(variable.symbol, variable.formula)
    }
    try writer.define(whole, parts.outer, step: parts.variables.isEmpty ? .function : .define)
    if whole != final { try writer.define(final, .symbol(whole)) }
    let title = "∂\(name)/∂\(symbol.name)"
    if parts.variables.isEmpty {
      try writer.local(final, formula.withoutNames, by: symbol, result, step: .differentiate)
      return Derivation(title: title, lines: writer.lines, result: result.expression)
    }

    if let lines = try vectorChain(whole, final, parts, by: symbol, result, writer) {
      return Derivation(title: title, lines: lines, result: result.expression)
    }

    let chain = parts.variables.map { ($0.symbol, $0.formula) } + [(whole, parts.outer)]
    let definitions = writer.lines
    guard let slopes = try writer.locals(chain, by: symbol, withTensors: false) else {
      // Matrices by matrices have four indices, which nobody multiplies on a board: entry by entry then.
      let entries = try scalarDerivative(of: formula, named: name, by: symbol, at: numbers)
      return Derivation(
        title: title, lines: definitions + entries.lines, result: result.expression)
    }
    if slopes.allSatisfy({ $0.count <= 1 }) {
      let direct = Dictionary(
        zip(chain.map(\.0), slopes), uniquingKeysWith: { first, _ in first })
      var quantities: [LeftSide] = []
      var path: [Expression] = []
      var current = whole
      while current != symbol, let (next, slope) = direct[current]?.first {
        quantities.append(.partial(of: current, by: next))
        path.append(slope)
        current = next
      }
      try writer.result(
        .partial(of: final, by: symbol), [[quantities]], [path], result,
        reason: path.allSatisfy { $0.shape == .scalar }
          ? "chain rule: the derivatives multiply" : "vector chain rule: the Jacobians multiply")
    } else {
      try writer.totals(
        zip(chain.map(\.0), slopes), of: whole, as: final, by: symbol, result,
        reason: "law of total derivatives: the contributions of all paths from "
          + "\(symbol.name) to \(name) add up")
    }
    return Derivation(title: title, lines: writer.lines, result: result.expression)
  }

  /// Several functions, each of its own variables: the variables as one vector, and two Jacobians.
  ///
  /// nil unless the formula is a list and its variables are numbers that do not depend on each other.
  private static func vectorChain(
    _ whole: Symbol, _ final: Symbol, _ parts: Decomposition, by symbol: Symbol,
    _ result: Derivative, _ writer: LineWriter
  ) throws(CalculusError) -> [Line]? {
    let symbols = parts.variables.map(\.symbol)
    guard case .list(let functions) = parts.outer.node, symbols.count > 1,
      symbols.allSatisfy({ $0.shape == .scalar }), functions.allSatisfy({ $0.shape == .scalar }),
      !parts.outer.symbols.contains(symbol),
      parts.variables.allSatisfy({ Set($0.formula.symbols).isDisjoint(with: symbols) })
    else { return nil }
    var writer = writer
    let taken = Set(parts.outer.symbols.map(\.name) + [symbol.name])
    let name = ["g", "u", "v"].first { !taken.contains($0) } ?? "g"
    let vector = Symbol(name, .vector(.number(symbols.count)))
    try writer.define(vector, .list(parts.variables.map(\.formula)))
    let outer = try Expression.jacobian(of: functions, by: symbols)
    let inner = try Expression.list(parts.variables.map(\.formula)).derivative(by: symbol)
    let isDiagonal = functions.enumerated().allSatisfy { i, function in
      symbols.enumerated().allSatisfy { j, other in i == j || !function.symbols.contains(other) }
    }
    try writer.append(
      .local, .partial(of: whole, by: vector), last: outer,
      reason: isDiagonal
        ? "entry i depends on entry i of \(name) only, so the Jacobian is diagonal"
        : "rows are functions, columns entries of \(name)",
      dimensions: outer.shape.jacobianDescription)
    try writer.local(vector, .list(parts.variables.map(\.formula)), by: symbol, inner, step: .local)
    try writer.result(
      .partial(of: final, by: symbol),
      [[[.partial(of: whole, by: vector), .partial(of: vector, by: symbol)]]],
      [[outer, inner.expression]], result, reason: "vector chain rule: the Jacobians multiply")
    return writer.lines
  }

  /// The total derivative through intermediate variables that the user names: f(x, u₁, …) with
  /// u₁ = …, each of which may depend on those before it.
  ///
  /// Throws: `CalculusError.unknownName` for an intermediate that the formula does not contain; as
  /// `derivative`.
  package static func totalDerivative(
    of formula: Expression, named name: String, by symbol: Symbol,
    through intermediates: [(symbol: Symbol, formula: Expression)],
    at numbers: Numbers = .none
  ) throws(CalculusError) -> Derivation {
    let whole = Symbol(name, formula.shape)
    let result = try formula.throughIntermediates(intermediates).derivative(by: symbol)
    var writer = LineWriter(
      numbers, symbols: [symbol] + formula.symbols + intermediates.flatMap(\.formula.symbols))
    for (variable, definition) in intermediates { try writer.define(variable, definition) }
    try writer.define(whole, formula)
    let chain = intermediates + [(whole, formula)]
    let slopes = try writer.locals(chain, by: symbol) ?? []
    try writer.totals(
      zip(chain.map(\.0), slopes), of: whole, as: whole, by: symbol, result,
      reason: "law of total derivatives: \(symbol.name) changes \(name) directly and through "
        + .words(intermediates.map(\.symbol.name).joined(separator: ", ")))
    return Derivation(
      title: "d\(name)/d\(symbol.name)", lines: writer.lines, result: result.expression)
  }

  /// Entries with Σ and indices, as a check of the matrix form.
  private static func scalarDerivative(
    of formula: Expression, named name: String, by symbol: Symbol, at numbers: Numbers
  ) throws(CalculusError) -> Derivation {
    let whole = Symbol(name, formula.shape)
    let result = try formula.derivative(by: symbol)
    var used = Set((formula.symbols + [symbol]).map(\.name)).union([name])
    for size in (formula.symbols + [symbol]).flatMap(\.shape.dimensions) {
      used.insert(size.description)
    }
    let own = Array(
      IndexForm.letters(avoiding: used).prefix(formula.shape.dimensions.count))
    // One entry of the function, in terms of entries.
    let part =
      own.isEmpty ? formula : try Expression.entry(formula, own.map { .value(.index($0)) })
    let indexed = try part.simplified(form: .scalar, avoiding: Set(own))
    let entry = Array(
      IndexForm.letters(avoiding: used.union(own).union(indexed.boundIndices))
        .prefix(symbol.shape.dimensions.count))
    var writer = LineWriter(numbers, symbols: formula.symbols + [symbol])
    if own.isEmpty {
      try writer.define(whole, indexed, step: .function)
    } else {
      try writer.append(
        .function, .entry(of: whole, own), last: indexed, reason: "entry by entry")
    }
    let slope = try part.derivative(
      by: symbol, entry: entry.map { .value(.index($0)) }, form: .scalar)
    var equals: [RightSide] = [.derivativeOf(indexed, by: symbol, entry: entry)]
    var outside = ScaledArray(indexed)
    var movesInside = false
    if let last = outside.numerators.last, outside.numerators.count == 1,
      case .indexSum(let index, 1, let size, let body) = last.node
    {
      outside.numerators = []
      movesInside = true
      equals.append(
        .sumOfDerivatives(
          scale: outside.expression, index: index, size: size, body, by: symbol, entry: entry))
    }
    let reason: SymbolText =
      movesInside
      ? entry.isEmpty
        ? "the derivative moves inside Σ"
        : "the derivative moves inside Σ; only what depends on the entry of \(symbol.name) remains"
      : "entry by entry"
    try writer.append(
      .differentiate,
      own.isEmpty
        ? .partial(of: whole, by: symbol, entry: entry)
        : .partialOfEntry(of: whole, own, by: symbol, entry: entry), equals,
      last: slope.expression, reason: reason)
    if !(own + entry).isEmpty {
      var entries = slope.expression
      for (index, size) in zip(
        own + entry, formula.shape.dimensions + symbol.shape.dimensions
      ).reversed() {
        entries = .array(index, size, entries)
      }
      if own.isEmpty, entry.count == 1 { entries = try .transpose(entries) }
      // Of one row there is another index form: it has no index for the rows.
      if entries.shape != result.shape {
        entries = try formula.derivative(by: symbol, form: .scalar).expression
      }
      let layout = Reasons.layout(result, of: formula.shape, by: symbol)
      try writer.append(
        .collect, .partial(of: whole, by: symbol), [.formula(entries)],
        last: result.expression, reason: layout.isEmpty ? "all entries" : "all entries: \(layout)",
        dimensions: result.shape.description)
    } else if slope.expression.text != result.expression.text {
      try writer.append(
        .collect, .partial(of: whole, by: symbol), [.formula(slope.expression)],
        last: result.expression, reason: "in matrix notation")
    }
    return Derivation(
      title: "∂\(name)/∂\(symbol.name)", lines: writer.lines, result: result.expression)
  }
}
