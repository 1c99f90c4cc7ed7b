import Calculus

/// The lines of a layer for a batch or for one example, and the way back that the calculus finds for them.
///
/// Symbols are those of the lines, of a batch with an example a row; ∂L by a quantity is the symbol `∂name`.
package struct LayerFormulas {
  /// A line: what it gives, and how.
  package struct Line: Sendable {
    package let name: String
    /// Of one example: how many values.
    package let columns: Int
    package let formula: Expression
    /// Of a line of the way back that is not of a quantity: of what quantity it is on the way to the operands.
    package let within: String?
    /// From how many places of the lines ∂L comes together here.
    package let shares: Int

    fileprivate init(
      _ name: String, columns: Int, _ formula: Expression, within: String? = nil, shares: Int = 1
    ) {
      self.name = name
      self.columns = columns
      self.formula = formula
      self.within = within
      self.shares = shares
    }

    /// The same with another formula.
    package func with(_ formula: Expression) -> Line {
      Line(name, columns: columns, formula, within: within, shares: shares)
    }
  }

  /// How far the way back is written.
  package enum Way: Sendable {
    /// Not at all.
    case forwardOnly
    /// The shortest formula of each.
    case short
    /// As a worksheet goes it, with lines of its own for what is on the way.
    case steps
  }

  /// More lines than these have no way back that anybody reads.
  private static let mostLines = 60

  package let forward: [Line]
  /// ∂L by the quantities from the last to the first, by the parameters in their order, and by `x`. What does not
  /// occur in the lines is left out; of the output, whose gradient is given, there is no line.
  package let backward: [Line]

  /// How the symbol of ∂L by something is called.
  package static func gradient(_ name: String) -> String { "∂\(name)" }
  /// The same by what a function in the line of a quantity is taken of.
  package static func inner(_ name: String, _ number: Int) -> String {
    number == 1 ? "δ\(name)" : "δ\(name)_\(number)"
  }

  /// `isBatch` says whether there are several examples, `isTraining` whether the lines are those of training, `rows` how
  /// many examples lines see that are of all of them.
  ///
  /// Throws: `CalculusError` where a line has no form for a batch, or no derivative.
  package init(
    _ layer: any Layer, isBatch: Bool = true, isTraining: Bool = false, rows count: Int? = nil,
    _ way: Way = .short
  ) throws(CalculusError) {
    func rows(_ columns: Int) -> ExpressionShape { .matrix(.name("m"), layer.size(columns)) }
    var batch: [Symbol: Expression] =
      isBatch
      ? [Symbol(layer.inputName, layer.input.shape): .symbol(layer.inputName, rows(layer.inputs))]
      : [:]
    let known = isTraining ? layer.linesInTraining ?? layer.lines : layer.lines
    // Batches are of vectors; and what is that long is told in words.
    guard way != .short || known.count <= Self.mostLines, !isBatch || layer.inputSizes.count == 1
    else { throw .unsupported("the lines of \(layer.kind) have no short form") }
    var lines: [Line] = []
    for line in known {
      let columns =
        if case .number(let count)? = line.formula.shape.dimensions.first { count } else { 1 }
      var formula = line.formula
      if let count, count > 1, layer.seesWholeBatch {
        formula = try formula.resized { $0 == LayerLine.batch ? .number(count) : $0 }
      }
      lines.append(Line(line.quantity, columns: columns, try formula.byRows(batch)))
      guard isBatch, !Set(line.formula.symbols).isDisjoint(with: batch.keys) else { continue }
      // One number an example would be a vector in some lines and a column in others.
      guard line.formula.shape != .scalar else {
        throw .unsupported("\(line.quantity) has no form for all examples at once")
      }
      batch[Symbol(line.quantity, line.formula.shape)] = .symbol(line.quantity, rows(columns))
    }
    forward = lines
    guard way != .forwardOnly else {
      backward = []
      return
    }
    backward = try Self.backward(lines, layer, isBatch: isBatch, way, rows)
  }

  private static func backward(
    _ lines: [Line], _ layer: any Layer, isBatch: Bool, _ way: Way,
    _ rows: (Int) -> ExpressionShape
  ) throws(CalculusError) -> [Line] {
    let moving = moving(lines, layer)
    var terms: [String: [GradientShare]] = [:]
    var shapes: [String: ExpressionShape] = [:]
    var back: [Line] = []
    func append(_ name: String, columns: Int, _ shares: [GradientShare]) throws(CalculusError) {
      let shape = shapes[name] ?? .scalar
      back.append(
        Line(name, columns: columns, try GradientShare.sum(shares, shape), shares: shares.count))
    }
    for (place, line) in lines.enumerated().reversed() where moving.contains(line.name) {
      if place < lines.count - 1 {
        guard let shares = terms[line.name] else { continue }
        try append(line.name, columns: line.columns, shares)
      }
      let shape = isBatch ? rows(line.columns) : line.formula.shape
      let gradient = Expression.symbol(gradient(line.name), shape)
      let symbols = line.formula.symbols.filter { moving.contains($0.name) }
      for symbol in symbols { shapes[symbol.name] = symbol.shape }
      guard way == .steps else {
        for symbol in symbols {
          terms[symbol.name, default: []].append(
            GradientShare(try line.formula.pulledBack(by: symbol, gradient: gradient)))
        }
        continue
      }
      let pullback = try Pullback(
        line.formula, value: .symbol(line.name, shape), gradient: gradient, by: Set(symbols)
      ) { number, shape in Symbol(inner(line.name, number), shape) }
      for step in pullback.steps {
        back.append(
          Line(step.symbol.name, columns: line.columns, step.formula, within: line.name))
      }
      for symbol in symbols {
        guard let shares = pullback.shares[symbol] else { continue }
        terms[symbol.name, default: []] += shares
      }
    }
    for parameter in layer.parameters where !parameter.isAverage {
      guard let shares = terms[parameter.name] else { continue }
      try append(parameter.name, columns: parameter.shape.columns, shares)
    }
    if let shares = terms[layer.inputName] {
      try append(layer.inputName, columns: layer.inputs, shares)
    }
    return back
  }

  /// What has a gradient that something learns from: the input, the parameters, and what depends on them.
  private static func moving(_ lines: [Line], _ layer: any Layer) -> Set<String> {
    var moving = Set(
      layer.parameters.filter { !$0.isAverage }.map(\.name) + [layer.inputName])
    for line in lines where line.formula.symbols.contains(where: { moving.contains($0.name) }) {
      moving.insert(line.name)
    }
    return moving
  }
}
