/// Why a derivative is what it is, for a reader: the rule of the outermost operation, and the layout.
enum Reasons {
  /// The rule that the derivative of a formula begins with.
  static func rule(for formula: Expression, by symbol: Symbol) -> DerivativeRule {
    if case .function(let function, _) = formula.node, formula.symbols.contains(symbol),
      let slope = try? function.derivative()
    {
      return function.rule
        ?? DerivativeRule(
          function.name,
          "\(function.spelling.sign)'(\(Expression.symbol(function.argument).latex)) = \(slope.latex)"
        )
    }
    if case .named(_, let inner) = formula.node { return rule(for: inner, by: symbol) }
    return operation(of: formula, by: symbol).rule
  }

  private static func operation(of formula: Expression, by symbol: Symbol) -> DerivativeOperation {
    func depends(_ part: Expression) -> Bool { part.symbols.contains(symbol) }
    guard depends(formula) else { return .constant }
    switch formula.node {
    case .symbol: return .identity
    case .add: return .sum
    case .multiply(let parts): return parts.filter(depends).count > 1 ? .product : .constantFactor
    case .divide(let a, let b):
      return !depends(b) ? .constantFactor : depends(a) ? .quotient : .reciprocal
    case .power(_, let exponent): return depends(exponent) ? .exponential : .power
    case .product(let a, let b):
      return a.shape.isVector && b.shape.isVector ? .dotProduct : .matrixProduct
    case .transpose: return .transpose
    case .extremum(let kind, _, _): return kind == .max ? .maximum : .minimum
    case .reduce(let kind, _, _):
      switch kind {
      case .sum: return .sumOverIndex
      case .mean: return .mean
      case .norm: return .norm
      case .max, .min: return .largestEntry
      }
    case .softmax: return .softmax
    case .choose: return .byCases
    case .indexSum: return .sumOverIndex
    case .call: return .chain
    default: return .entryByEntry
    }
  }

  /// A sentence on the shape; empty for numbers: why a Jacobian is diagonal, a column, a row.
  static func layout(_ derivative: Derivative, of shape: ExpressionShape, by symbol: Symbol)
    -> String
  {
    switch (shape, symbol.shape) {
    case (.vector, .vector):
      if derivative.isDiagonal {
        return "entry i depends on entry i of \(symbol.name) only, so the Jacobian is diagonal"
      }
      return "rows are outputs, columns entries of \(symbol.name)"
    case (.vector, .scalar): return "by a number: a vertical vector, one entry an output"
    case (.scalar, .vector): return "of a number by a vector: a row"
    case (.scalar, .matrix): return "of a number by a matrix: the shape of \(symbol.name)"
    default: return ""
    }
  }
}
