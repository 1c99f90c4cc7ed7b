import Notation

/// Derivations that consist of several: by many variables, of many functions, of higher order; and values.
extension Derivation {
  /// The value of a formula: intermediate variables, each with its numbers, then the whole.
  ///
  /// Throws: as `Expression.value(at:)`.
  package static func value(
    of formula: Expression, named name: String, at numbers: Numbers = .none
  ) throws(CalculusError) -> Derivation {
    let parts = Decomposition(formula, named: name, by: nil)
    let whole = Symbol(name, formula.shape)
    var writer = LineWriter(numbers, symbols: formula.symbols)
    for variable in parts.variables {
      try writer.define(variable.symbol, variable.formula, step: .evaluate)
    }
    if let call = parts.outerName {
      let symbol = Symbol(call, formula.shape)
      try writer.define(symbol, parts.outer, step: .evaluate)
      try writer.define(whole, .symbol(symbol), step: .evaluate)
    } else {
      try writer.define(whole, parts.outer, step: .evaluate)
    }
    return Derivation(title: name, lines: writer.lines, result: try formula.simplified())
  }

  /// By one entry of a variable: ∂y/∂w[j].
  ///
  /// Throws: as `Expression.derivative(by:)`.
  package static func derivative(
    of formula: Expression, named name: String, by symbol: Symbol, entry: [EntryIndex],
    at numbers: Numbers = .none
  ) throws(CalculusError) -> Derivation {
    let whole = Symbol(name, formula.shape)
    var names: [String] = []
    for index in entry {
      switch index {
      case .value(let value): names.append(value.text)
      case .range(let first, let last): names.append("\(first):\(last)")
      case .all: names.append(":")
      }
    }
    let quantity = LeftSide.partial(of: whole, by: symbol, entry: names)
    let slope = try formula.derivative(by: symbol, entry: entry)
    var writer = LineWriter(numbers, symbols: formula.symbols + [symbol])
    let indexed = try formula.simplified(form: .scalar, avoiding: Set(names))
    try writer.define(whole, formula.withoutNames, step: .function)
    if indexed != formula.withoutNames { try writer.define(whole, indexed, step: .function) }
    try writer.append(
      .differentiate, quantity, [.derivativeOf(indexed, by: symbol, entry: names)],
      last: slope.expression,
      reason: "only what depends on \(symbol.name)[\(names.joined(separator: ", "))] remains",
      dimensions: slope.shape == .scalar ? "" : slope.shape.description)
    return Derivation(title: quantity.written.text, lines: writer.lines, result: slope.expression)
  }

  /// By one variable after the other: each derivative is derived from the one before.
  ///
  /// Throws: as `Expression.higherDerivative(by:)`.
  package static func higherDerivative(
    of formula: Expression, named name: String, by symbols: [Symbol],
    at numbers: Numbers = .none, form: FormulaForm = .matrix
  ) throws(CalculusError) -> Derivation {
    var sections: [Section] = []
    var current = formula
    var title = name
    for count in 1...max(symbols.count, 1) {
      let by = Array(symbols.prefix(count))
      let whole = Symbol(name, formula.shape)
      let quantity =
        count == 1 ? LeftSide.partial(of: whole, by: by[0]) : .higher(of: whole, by: by)
      let next = try formula.higherDerivative(by: by)
      title = quantity.written.text
      if count == 1 {
        let first = try derivative(
          of: formula, named: name, by: by[0], at: numbers, form: form)
        sections.append(Section(title: quantity, lines: first.lines))
      } else {
        var writer = LineWriter(numbers, symbols: formula.symbols + symbols)
        let rule = Reasons.rule(for: current, by: by[count - 1])
        try writer.append(
          .differentiate, quantity,
          [.derivativeOf(current, by: by[count - 1], entry: [])], last: next.expression,
          reason: .words(rule.name), rule: rule.reason, dimensions: next.shape.jacobianDescription)
        sections.append(Section(title: quantity, lines: writer.lines))
      }
      current = next.expression
    }
    return Derivation(title: title, sections: sections, result: current)
  }

  /// ∇f: the partial derivative by every variable, then all of them.
  ///
  /// Throws: as `Expression.gradient(by:)`.
  package static func gradient(
    of formula: Expression, named name: String, by symbols: [Symbol],
    at numbers: Numbers = .none, form: FormulaForm = .matrix
  ) throws(CalculusError) -> Derivation {
    let whole = Symbol(name, formula.shape)
    let result = try formula.gradient(by: symbols)
    var sections = try partials(of: [(formula, name)], by: symbols, numbers, form)
    sections.append(
      try last(
        .gradient(of: whole), result,
        reason: symbols.count == 1
          ? "the derivative, in the shape of \(symbols[0].name)"
          : "the partial derivatives, side by side",
        numbers, formula.symbols + symbols))
    return Derivation(title: "∇\(name)", sections: sections, result: result)
  }

  /// The Jacobian of several functions by several variables: every partial derivative, then the matrix.
  ///
  /// Throws: as `Expression.jacobian(of:by:)`.
  package static func jacobian(
    of functions: [(formula: Expression, name: String)], by symbols: [Symbol],
    at numbers: Numbers = .none, form: FormulaForm = .matrix
  ) throws(CalculusError) -> Derivation {
    let result = try Expression.jacobian(of: functions.map(\.formula), by: symbols)
    if functions.count == 1, symbols.count == 1 {
      return try derivative(
        of: functions[0].formula, named: functions[0].name, by: symbols[0], at: numbers,
        form: form)
    }
    var sections = try partials(of: functions, by: symbols, numbers, form)
    sections.append(
      try last(
        .jacobian, result, reason: "rows are functions, columns variables", numbers,
        functions.flatMap(\.formula.symbols) + symbols))
    return Derivation(title: "J", sections: sections, result: result)
  }

  /// The second derivatives: the first ones, then the derivatives of these.
  ///
  /// Throws: as `Expression.hessian(by:)`.
  package static func hessian(
    of formula: Expression, named name: String, by symbols: [Symbol],
    at numbers: Numbers = .none, form: FormulaForm = .matrix
  ) throws(CalculusError) -> Derivation {
    let whole = Symbol(name, formula.shape)
    let result = try formula.hessian(by: symbols)
    var sections = try partials(of: [(formula, name)], by: symbols, numbers, form)
    var writer = LineWriter(numbers, symbols: formula.symbols + symbols)
    if symbols.count > 1 || symbols[0].shape == .scalar {
      for (row, first) in symbols.enumerated() {
        let slope = try formula.derivative(by: first).expression
        // The order of differentiation does not matter: the upper triangle says it all.
        for second in symbols[row...] {
          let rule = Reasons.rule(for: slope, by: second)
          try writer.append(
            .differentiate, .higher(of: whole, by: [first, second]),
            [.derivativeOf(slope, by: second, entry: [])],
            last: try slope.derivative(by: second).expression, reason: .words(rule.name),
            rule: rule.reason)
        }
      }
    }
    try writer.append(
      .collect, .hessian(of: whole), last: result,
      reason: "the Jacobian of the gradient: symmetric",
      dimensions: result.shape.jacobianDescription)
    sections.append(Section(title: .hessian(of: whole), lines: writer.lines))
    return Derivation(title: "∇²\(name)", sections: sections, result: result)
  }

  private static func partials(
    of functions: [(formula: Expression, name: String)], by symbols: [Symbol], _ numbers: Numbers,
    _ form: FormulaForm
  ) throws(CalculusError) -> [Section] {
    var sections: [Section] = []
    for (formula, name) in functions {
      for symbol in symbols {
        let part = try derivative(of: formula, named: name, by: symbol, at: numbers, form: form)
        sections.append(
          Section(
            title: .partial(of: Symbol(name, formula.shape), by: symbol), lines: part.lines))
      }
    }
    return sections
  }

  private static func last(
    _ quantity: LeftSide, _ result: Expression, reason: SymbolText,
    _ numbers: Numbers, _ symbols: [Symbol]
  ) throws(CalculusError) -> Section {
    let isGradient = if case .gradient = quantity { true } else { false }
    let isVector = isGradient && result.shape.isVector
    var writer = LineWriter(numbers, symbols: symbols)
    try writer.append(
      .collect, quantity, last: result, reason: reason,
      dimensions: isVector ? "" : result.shape.jacobianDescription, lies: isGradient)
    return Section(title: quantity, lines: writer.lines)
  }
}
