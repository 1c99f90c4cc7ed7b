/// Why a derivative is what it is, for a reader: the rule of the outermost operation, and the layout.
enum Reasons {
  /// The rule that the derivative of a formula begins with.
  static func rule(for formula: Expression, by symbol: Symbol) -> DerivativeRule {
    func depends(_ part: Expression) -> Bool { part.symbols.contains(symbol) }
    guard depends(formula) else { return .constant }
    switch formula.node {
    case .named(_, let inner), .steps(_, let inner): return rule(for: inner, by: symbol)
    case .function(let function, _): return function.derivativeRule ?? .entryByEntry
    case .symbol: return formula.shape == .scalar ? .itself : .identity
    case .add: return .sum
    case .multiply(let parts): return parts.filter(depends).count > 1 ? .product : .constantFactor
    case .divide(let a, let b):
      return !depends(b) ? .constantFactor : depends(a) ? .quotient : .reciprocal
    case .power(_, let exponent): return depends(exponent) ? .exponential : .power
    case .product(let a, let b):
      return a.shape.isVector && b.shape.isVector ? .dotProduct : .matrixProduct
    case .transpose: return .transpose
    case .arranged(let kind, let parts) where kind.isProduct:
      return parts.filter(depends).count > 1 ? .product : .constantFactor
    case .extremum(let kind, _, _): return kind == .max ? .maximum : .minimum
    case .reduce(let kind, _, _):
      switch kind {
      case .sum: return .sumOverIndex
      case .mean: return .mean
      case .norm: return .norm
      case .variance: return .variance
      case .deviation: return .deviation
      case .max: return .largestEntry
      case .min: return .smallestEntry
      case .prod: return .product
      }
    case .softmax: return .softmax
    case .matrixFunction(let function, _):
      switch function {
      case .determinant: return .determinant
      case .trace: return .trace
      case .inverse: return .inverse
      case .pseudoinverse: return .pseudoinverse
      }
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
    var notes = [arrangement(derivative, of: shape, by: symbol)]
    if let structure = symbol.structure {
      notes.append(
        "\(symbol.name) is \(structure.rawValue), but its entries count as independent here")
    }
    for other in derivative.expression.symbols where other != symbol {
      if let structure = other.structure { notes.append(structure.note(of: other.name)) }
    }
    return notes.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private static func arrangement(
    _ derivative: Derivative, of shape: ExpressionShape, by symbol: Symbol
  ) -> String {
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

/// The rules of operations that are no functions of one number.
extension DerivativeRule {
  static let constant = DerivativeRule("constant", #"\frac{\partial c}{\partial x} = 0"#)
  static let identity = DerivativeRule(
    "identity", #"\frac{\partial x_i}{\partial x_j} = \delta_{i j}"#)
  static let itself = DerivativeRule("identity", "x' = 1")
  static let sum = DerivativeRule("sum rule", #"(u + v)' = u' + v'"#)
  static let product = DerivativeRule("product rule", #"(u v)' = u' v + u v'"#)
  static let power = DerivativeRule("power rule", #"\left(u^{n}\right)' = n u^{n-1} u'"#)
  static let exponential = DerivativeRule("exponential", #"\left(a^{u}\right)' = a^{u} \ln(a) u'"#)
  static let quotient = DerivativeRule(
    "quotient rule", #"\left(\frac{u}{v}\right)' = \frac{u' v - u v'}{v^{2}}"#)
  static let reciprocal = DerivativeRule(
    "reciprocal", #"\left(\frac{c}{v}\right)' = -\frac{c v'}{v^{2}}"#)
  static let constantFactor = DerivativeRule("constant factor rule", #"(c u)' = c u'"#)
  static let dotProduct = DerivativeRule(
    "dot product", #"\frac{\partial}{\partial w_j} \sum_i w_i x_i = x_j"#)
  static let matrixProduct = DerivativeRule(
    "matrix product", #"\frac{\partial}{\partial x_j} \sum_k A_{i k} x_k = A_{i j}"#)
  static let transpose = DerivativeRule("transpose", #"(u^{\top})' = (u')^{\top}"#)
  static let maximum = DerivativeRule(
    "maximum", #"\max(u, v)' = \begin{cases} u' & u > v \\ v' & v > u \end{cases}"#)
  static let minimum = DerivativeRule(
    "minimum", #"\min(u, v)' = \begin{cases} u' & u < v \\ v' & v < u \end{cases}"#)
  static let mean = DerivativeRule(
    "mean", #"\frac{\partial}{\partial u_j} \frac{1}{n} \sum_i u_i = \frac{1}{n}"#)
  static let variance = DerivativeRule(
    "variance",
    #"\frac{\partial \operatorname{var}(u)}{\partial u_i} = \frac{2}{n} (u_i - \bar{u})"#)
  static let deviation = DerivativeRule(
    "standard deviation",
    #"\frac{\partial \operatorname{std}(u)}{\partial u_i} = \frac{u_i - \bar{u}}{n \operatorname{std}(u)}"#
  )
  static let norm = DerivativeRule(
    "norm", #"\frac{\partial \lVert u \rVert}{\partial u} = \frac{u^{\top}}{\lVert u \rVert}"#)
  static let largestEntry = DerivativeRule(
    "largest entry",
    #"\frac{\partial \max_i u_i}{\partial u_j} = \delta_{j, \operatorname{argmax} u}"#)
  static let smallestEntry = DerivativeRule(
    "smallest entry",
    #"\frac{\partial \min_i u_i}{\partial u_j} = \delta_{j, \operatorname{argmin} u}"#)
  static let softmax = DerivativeRule(
    "softmax", #"\frac{\partial s_i}{\partial u_j} = s_i (\delta_{i j} - s_j)"#)
  static let determinant = DerivativeRule(
    "determinant (Jacobi)", #"d \det U = \det U \operatorname{tr}\left(U^{-1} \, dU\right)"#)
  static let trace = DerivativeRule(
    "trace", #"d \operatorname{tr} U = \operatorname{tr} dU"#)
  static let inverse = DerivativeRule("inverse", #"d U^{-1} = -U^{-1} \, dU \, U^{-1}"#)
  static let pseudoinverse = DerivativeRule(
    "pseudoinverse, where the rank stays",
    #"d U^{+} = -U^{+} dU \, U^{+} + U^{+} U^{+\top} dU^{\top} (I - U U^{+})"#
      + #" + (I - U^{+} U) \, dU^{\top} U^{+\top} U^{+}"#)
  static let byCases = DerivativeRule(
    "case by case", #"\begin{cases} u \\ v \end{cases}' = \begin{cases} u' \\ v' \end{cases}"#)
  static let sumOverIndex = DerivativeRule(
    "sum over an index", #"\left(\sum_i u_i\right)' = \sum_i u_i'"#)
  static let chain = DerivativeRule("chain rule", #"f(u)' = f'(u) \, u'"#)
  static let entryByEntry = DerivativeRule("entry by entry", "")
}
