/// Why a derivative is what it is, for a reader: the rule of the outermost operation, and the layout.
enum Reasons {
  /// The rule that the derivative of a formula begins with.
  static func rule(for formula: Expression, by symbol: Symbol) -> DerivativeRule {
    func rule(_ name: String, _ reason: String) -> DerivativeRule {
      DerivativeRule(name: name, reason: reason)
    }
    guard formula.symbols.contains(symbol) else {
      return rule("constant", #"\frac{\partial c}{\partial x} = 0"#)
    }
    switch formula.node {
    case .symbol:
      return rule("identity", #"\frac{\partial x_i}{\partial x_j} = \delta_{i j}"#)
    case .add: return rule("sum", #"(u + v)' = u' + v'"#)
    case .multiply(let parts):
      return parts.filter { $0.symbols.contains(symbol) }.count > 1
        ? rule("product", #"(u v)' = u' v + u v'"#)
        : rule("constant factor", #"(c u)' = c u'"#)
    case .divide(let a, let b):
      if !b.symbols.contains(symbol) { return rule("constant factor", #"(u / c)' = u' / c"#) }
      return a.symbols.contains(symbol)
        ? rule("quotient", #"\left(\frac{u}{v}\right)' = \frac{u' v - u v'}{v^{2}}"#)
        : rule("reciprocal", #"\left(\frac{c}{v}\right)' = -\frac{c v'}{v^{2}}"#)
    case .power(_, let exponent):
      return exponent.symbols.contains(symbol)
        ? rule("exponential", #"\left(a^{u}\right)' = a^{u} \ln(a) u'"#)
        : rule("power", #"\left(u^{n}\right)' = n u^{n-1} u'"#)
    case .product(let a, let b):
      let isDot = a.shape.isVector && b.shape.isVector
      return isDot
        ? rule("dot product", #"\frac{\partial}{\partial w_j} \sum_i w_i x_i = x_j"#)
        : rule("matrix product", #"\frac{\partial}{\partial x_j} \sum_k A_{i k} x_k = A_{i j}"#)
    case .transpose: return rule("transpose", #"(u^{\top})' = (u')^{\top}"#)
    case .function(let function, let a):
      let probe = Term.entry(Symbol("u"))
      _ = a
      return DerivativeTable.slope(function, probe)?.rule ?? rule("step", "")
    case .extremum(let kind, _, _):
      return rule(
        kind == .max ? "maximum" : "minimum",
        kind == .max
          ? #"\max(u, v)' = \begin{cases} u' & u > v \\ v' & v > u \end{cases}"#
          : #"\min(u, v)' = \begin{cases} u' & u < v \\ v' & v < u \end{cases}"#)
    case .reduce(let kind, _, _):
      switch kind {
      case .sum: return rule("sum", #"\frac{\partial}{\partial u} \sum_i u_i = \mathbf{1}^{\top}"#)
      case .mean:
        return rule("mean", #"\frac{\partial}{\partial u_j} \frac{1}{n} \sum_i u_i = \frac{1}{n}"#)
      case .norm:
        return rule("norm", #"\left(\lVert u \rVert\right)' = \frac{u^{\top}}{\lVert u \rVert}"#)
      case .max, .min: return rule("largest entry", "")
      }
    case .softmax:
      return rule("softmax", #"\frac{\partial s_i}{\partial u_j} = s_i (\delta_{i j} - s_j)"#)
    case .choose: return rule("by cases", "")
    case .indexSum: return rule("sum", #"\left(\sum_i u_i\right)' = \sum_i u_i'"#)
    case .named(_, let inner): return self.rule(for: inner, by: symbol)
    default: return rule(formula.node.isLeaf ? "constant" : "entry by entry", "")
    }
  }

  /// A sentence on the shape: why a Jacobian is diagonal, a column, a row.
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

extension Expression.Node {
  var isLeaf: Bool { children.isEmpty }
}
