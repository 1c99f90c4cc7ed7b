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
  }

  /// More lines than these have no way back that anybody reads.
  private static let mostLines = 60

  package let forward: [Line]
  /// ∂L by the quantities from the last to the first, by the parameters in their order, and by `x`. What does not
  /// occur in the lines is left out; of the output, whose gradient is given, there is no line.
  package let backward: [Line]

  /// How the symbol of ∂L by something is called.
  package static func gradient(_ name: String) -> String { "∂\(name)" }

  /// `backward` says whether the way back is wanted too, `isBatch` whether there are several examples.
  ///
  /// Throws: `CalculusError` where a line has no form for a batch, or no derivative.
  package init(_ layer: any Layer, isBatch: Bool = true, backward wantsBackward: Bool = true)
    throws(CalculusError)
  {
    func rows(_ columns: Int) -> ExpressionShape { .matrix(.name("m"), layer.size(columns)) }
    var batch: [Symbol: Expression] =
      isBatch
      ? [Symbol(layer.inputName, layer.input.shape): .symbol(layer.inputName, rows(layer.inputs))]
      : [:]
    let known = layer.lines
    // Batches are of vectors; and what is that long is told in words.
    guard known.count <= Self.mostLines, !isBatch || layer.inputSizes.count == 1 else {
      throw .unsupported("the lines of \(layer.kind) have no short form")
    }
    var lines: [Line] = []
    for line in known {
      let columns =
        if case .number(let count)? = line.formula.shape.dimensions.first { count } else { 1 }
      lines.append(
        Line(name: line.quantity, columns: columns, formula: try line.formula.byRows(batch)))
      guard isBatch else { continue }
      batch[Symbol(line.quantity, line.formula.shape)] = .symbol(line.quantity, rows(columns))
    }
    forward = lines
    guard wantsBackward else {
      backward = []
      return
    }
    let moving = Set(
      known.map(\.quantity) + layer.parameters.filter { !$0.isAverage }.map(\.name)
        + [layer.inputName])
    var terms: [String: [Expression]] = [:]
    var back: [Line] = []
    for (place, line) in lines.enumerated().reversed() {
      if place < lines.count - 1 {
        guard let parts = terms[line.name] else { continue }
        back.append(
          Line(name: line.name, columns: line.columns, formula: try Self.sum(parts)))
      }
      let gradient = Expression.symbol(
        Self.gradient(line.name), isBatch ? rows(line.columns) : line.formula.shape)
      for symbol in line.formula.symbols where moving.contains(symbol.name) {
        terms[symbol.name, default: []].append(
          try line.formula.pulledBack(by: symbol, gradient: gradient))
      }
    }
    for parameter in layer.parameters {
      guard let parts = terms[parameter.name] else { continue }
      back.append(
        Line(
          name: parameter.name, columns: parameter.shape.columns, formula: try Self.sum(parts)))
    }
    if let parts = terms[layer.inputName] {
      back.append(Line(name: layer.inputName, columns: layer.inputs, formula: try Self.sum(parts)))
    }
    backward = back
  }

  private static func sum(_ terms: [Expression]) throws(CalculusError) -> Expression {
    terms.count == 1 ? terms[0] : try .add(terms)
  }
}
