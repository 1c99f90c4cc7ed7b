import Notation

extension Derivation {
  /// By differentials, where a function of whole matrices depends on the variable: how each part changes when X
  /// changes by dX, from the inside out. What belongs to dX in the end is the derivative.
  ///
  /// nil where no such function occurs, or something whose change has no matrix notation.
  static func differentials(
    of formula: Expression, named name: String, by symbol: Symbol, _ result: Derivative,
    at numbers: Numbers
  ) throws(CalculusError) -> Derivation? {
    let plain = formula.withoutNames
    guard
      plain.parts.contains(where: { part in
        if case .matrixFunction = part.node { part.symbols.contains(symbol) } else { false }
      }), plain.freeIndices.isEmpty, plain.treeSize <= largest
    else { return nil }
    var differentials = Differentials(by: symbol)
    guard let change = try? differentials.change(of: plain) else { return nil }
    let whole = Symbol(name, formula.shape)
    var writer = LineWriter(numbers, symbols: formula.symbols + [symbol])
    try writer.define(whole, formula, step: .function)
    for (part, change) in differentials.steps where part != plain {
      let rule = Reasons.rule(for: part, by: symbol)
      try writer.append(
        .local, .differential(of: part), last: change, reason: .words(rule.name), rule: rule.reason)
    }
    let rule = Reasons.rule(for: plain, by: symbol)
    let simple = try change.simplified()
    try writer.append(
      .combine, .differential(of: .symbol(whole)), change == simple ? [] : [.formula(change)],
      last: simple, reason: .words(rule.name + (change == simple ? "" : "; put together")),
      rule: rule.reason)
    let layout = Reasons.layout(result, of: formula.shape, by: symbol)
    let reading =
      formula.shape == .scalar && symbol.shape.isMatrix
      ? "d\(name) = trace(G' @ d\(symbol.name)) for the derivative G, by tr(AB) = tr(BA)"
      : "what belongs to d\(symbol.name), entry by entry"
    try writer.append(
      .collect, .partial(of: whole, by: symbol), last: result.expression,
      reason: .words(layout.isEmpty ? reading : "\(reading); \(layout)"),
      dimensions: result.shape.jacobianDescription)
    return Derivation(
      title: "∂\(name)/∂\(symbol.name)", lines: writer.lines, result: result.expression)
  }
}

/// The changes of expressions when one symbol changes.
private struct Differentials {
  private let symbol: Symbol
  /// dX
  private let own: Expression
  /// Functions of matrices, from the inside out, each with its change.
  private(set) var steps: [(part: Expression, change: Expression)] = []

  init(by symbol: Symbol) {
    self.symbol = symbol
    own = .symbol("d\(symbol.name)", symbol.shape)
  }

  private func depends(_ part: Expression) -> Bool { part.symbols.contains(symbol) }

  /// The change of something that depends on the symbol.
  ///
  /// Throws: `CalculusError.unsupported` where it has no matrix notation.
  mutating func change(of part: Expression) throws(CalculusError) -> Expression {
    let change = try rule(for: part)
    // A number that joins a matrix changes all of its entries.
    guard change.shape == part.shape else { throw .unsupported("no differential") }
    return change
  }

  private mutating func rule(for part: Expression) throws(CalculusError) -> Expression {
    switch part.node {
    case .symbol: return own
    case .add(let parts):
      var terms: [Expression] = []
      for part in parts where depends(part) { terms.append(try change(of: part)) }
      return try sum(terms)
    case .multiply(let parts):
      return try sum(
        changes(of: parts) { parts throws(CalculusError) in try .multiply(parts) })
    case .product(let a, let b):
      return try sum(
        changes(of: [a, b]) { parts throws(CalculusError) in try .product(parts[0], parts[1]) })
    case .divide(let a, let b):
      var terms: [Expression] = []
      if depends(a) { terms.append(try .divide(try change(of: a), b)) }
      if depends(b) {
        terms.append(
          try .negate(.divide(.multiply([a, try change(of: b)]), .power(b, .number(2)))))
      }
      return try sum(terms)
    case .power(let a, let exponent) where !depends(exponent):
      let lower = try Expression.power(a, .subtract(exponent, .number(1)))
      return try .multiply([exponent, lower, try change(of: a)])
    case .transpose(let a): return try .transpose(try change(of: a))
    case .diagonal(let a): return try .diagonal(try change(of: a))
    case .reduce(.sum, let a, let axis): return try .reduce(.sum, try change(of: a), axis: axis)
    case .function(let function, let u):
      let slope = try function.derivative().mapped([function.argument: u])
      return try .multiply([slope, try change(of: u)])
    case .matrixFunction(let function, let a):
      let inner = try change(of: a)
      let change = try self.change(of: function, part, inner)
      if !steps.contains(where: { $0.part == part }) { steps.append((part, change)) }
      return change
    default: throw .unsupported("no differential")
    }
  }

  private func change(
    of function: MatrixFunction, _ value: Expression, _ inner: Expression
  ) throws(CalculusError) -> Expression {
    let a = value.node.children[0]
    switch function {
    case .trace:
      return try spread(inner) { part throws(CalculusError) in try .matrixFunction(.trace, part) }
    case .determinant:
      let inverse = try Expression.matrixFunction(.inverse, a)
      let trace = try spread(inner) { part throws(CalculusError) in
        try .matrixFunction(.trace, .product(inverse, part))
      }
      return try .multiply([value, trace])
    case .inverse:
      return try .negate(
        spread(inner) { part throws(CalculusError) in try .product(.product(value, part), value) })
    case .pseudoinverse: throw .unsupported("its change is long")
    }
  }

  private func sum(_ terms: [Expression]) throws(CalculusError) -> Expression {
    terms.count == 1 ? terms[0] : try .add(terms)
  }

  /// One term for each part that changes, the others as they are.
  private mutating func changes(
    of parts: [Expression], _ whole: ([Expression]) throws(CalculusError) -> Expression
  ) throws(CalculusError) -> [Expression] {
    var terms: [Expression] = []
    for (place, part) in parts.enumerated() where depends(part) {
      let change = try change(of: part)
      terms.append(
        try spread(change) { part throws(CalculusError) in
          var changed = parts
          changed[place] = part
          return try whole(changed)
        })
    }
    return terms
  }

  /// What is linear in a change, of every part of it, with signs in front.
  private func spread(
    _ change: Expression, _ linear: (Expression) throws(CalculusError) -> Expression
  ) throws(CalculusError) -> Expression {
    if let positive = change.withoutSign { return .negate(try spread(positive, linear)) }
    guard case .add(let parts) = change.node else { return try linear(change) }
    var terms: [Expression] = []
    for part in parts { terms.append(try spread(part, linear)) }
    return try sum(terms)
  }
}
