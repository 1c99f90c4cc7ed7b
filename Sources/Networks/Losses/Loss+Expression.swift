import Calculus

/// The names in a loss's definition.
extension Expression {
  private static let shape = ExpressionShape.matrix(.name("m"), .name("k"))
  /// A, the outputs: an example a row.
  package static let outputs = Expression.symbol("A", shape)
  /// Y, the targets.
  package static let targets = Expression.symbol("Y", shape)
  /// a, one output.
  package static let output = Expression.symbol("a")
  /// y, its target.
  package static let target = Expression.symbol("y")
  /// s, the sum of the targets of an example.
  package static let targetSum = Expression.symbol("s")
  /// m, how many examples there are.
  package static let exampleCount = Expression.size(.name("m"))

  /// The natural logarithm.
  static func ln(_ argument: Expression) -> Expression { .function(.ln, argument) }
}

extension Loss {
  /// A loss that a cell has written: a formula of the numbers, or vectors, that `target` and `output` stand for.
  ///
  /// Throws: `CalculusError.unsupported` for a formula of numbers that does more than calculate with them.
  package init(name: String, formula: Expression, target: Symbol, output: Symbol)
    throws(CalculusError)
  {
    let part: Expression
    if target.shape == .scalar {
      part = try formula.mapped([target: .target, output: .output])
    } else {
      let all = ExpressionShape.vector(.name("k"))
      part = try formula.fitting([target: .symbol("y", all), output: .symbol("a", all)])
    }
    self.init(name: name, perOutput: part)
  }

  /// The loss of m examples of the net inputs of its own activation, which stand for A here, in a form that does not
  /// overflow; nil with another activation.
  package func definition(ofNetInputsOf activation: Activation?) -> Expression? {
    guard let activation, let fusion = fusion(with: activation) else { return nil }
    if let value = fusion.value {
      return (try? value.mapped([Symbol("z"): .output])).flatMap {
        try? Loss.definition($0, perEntry: isPerEntry)
      }
    }
    return (try? activation.expression(.outputs)).flatMap { outputs in
      try? definition.substituting([Expression.outputs.symbols[0]: outputs])
    }
  }

  /// a and y of one example, and the same of all: an example a row.
  package static let examples: [Symbol: Expression] = [
    Symbol("a", .vector(.name("k"))): .outputs, Symbol("y", .vector(.name("k"))): .targets,
  ]

  /// The loss of m examples with k outputs: of the outputs A and the targets Y, m×k each.
  ///
  /// Throws: `CalculusError.unsupported` for a formula that does more than calculate with numbers, or has no form for
  /// all examples at once.
  static func definition(_ part: Expression, perEntry: Bool) throws(CalculusError) -> Expression {
    let all = try part.byRows(examples)
      .mapped([Symbol("a"): .outputs, Symbol("y"): .targets])
    let count = perEntry ? .exampleCount * .size(.name("k")) : Expression.exampleCount
    guard case .multiply(let parts) = all.node, parts.count == 2, parts[0].number != nil else {
      return all.total / count
    }
    // A sign stands before the sum.
    return try .divide(.multiply([parts[0], parts[1].total]), count)
  }
}

extension Expression {
  /// The sum of all entries; of sums by rows that of what they sum.
  fileprivate var total: Expression {
    if case .transpose(let row) = node, case .transpose(let inner) = row.node,
      case .reduce(.sum, let whole, axis: 2) = inner.node
    {
      return whole.sum
    }
    return sum
  }
}
