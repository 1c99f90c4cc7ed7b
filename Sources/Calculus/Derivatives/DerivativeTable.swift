/// Operations that are no functions of one number; each has one case in `DerivativeTable.derivative`.
enum DerivativeOperation: String, CaseIterable, Sendable {
  case constant, identity, sum, product, power, exponential, quotient, reciprocal
  case constantFactor = "constant factor"
  case dotProduct = "dot product"
  case matrixProduct = "matrix product"
  case transpose, maximum, minimum, mean, norm
  case largestEntry = "largest entry"
  case softmax
  case byCases = "case by case"
  case sumOverIndex = "sum over an index"
  case chain = "chain"
  case entryByEntry = "entry by entry"

  /// The rule, in LaTeX.
  var rule: DerivativeRule { DerivativeRule(name, reason) }

  private var name: String {
    switch self {
    case .sum, .product, .power, .quotient, .constantFactor, .chain: "\(rawValue) rule"
    default: rawValue
    }
  }

  private var reason: String {
    switch self {
    case .constant: #"\frac{\partial c}{\partial x} = 0"#
    case .identity: #"\frac{\partial x_i}{\partial x_j} = \delta_{i j}"#
    case .sum: #"(u + v)' = u' + v'"#
    case .product: #"(u v)' = u' v + u v'"#
    case .power: #"\left(u^{n}\right)' = n u^{n-1} u'"#
    case .exponential: #"\left(a^{u}\right)' = a^{u} \ln(a) u'"#
    case .quotient: #"\left(\frac{u}{v}\right)' = \frac{u' v - u v'}{v^{2}}"#
    case .reciprocal: #"\left(\frac{c}{v}\right)' = -\frac{c v'}{v^{2}}"#
    case .constantFactor: #"(c u)' = c u'"#
    case .dotProduct: #"\frac{\partial}{\partial w_j} \sum_i w_i x_i = x_j"#
    case .matrixProduct: #"\frac{\partial}{\partial x_j} \sum_k A_{i k} x_k = A_{i j}"#
    case .transpose: #"(u^{\top})' = (u')^{\top}"#
    case .maximum: #"\max(u, v)' = \begin{cases} u' & u > v \\ v' & v > u \end{cases}"#
    case .minimum: #"\min(u, v)' = \begin{cases} u' & u < v \\ v' & v < u \end{cases}"#
    case .mean: #"\frac{\partial}{\partial u_j} \frac{1}{n} \sum_i u_i = \frac{1}{n}"#
    case .norm: #"\frac{\partial \lVert u \rVert}{\partial u} = \frac{u^{\top}}{\lVert u \rVert}"#
    case .largestEntry:
      #"\frac{\partial \max_i u_i}{\partial u_j} = \delta_{j, \operatorname{argmax} u}"#
    case .softmax: #"\frac{\partial s_i}{\partial u_j} = s_i (\delta_{i j} - s_j)"#
    case .byCases: #"\begin{cases} u \\ v \end{cases}' = \begin{cases} u' \\ v' \end{cases}"#
    case .sumOverIndex: #"\left(\sum_i u_i\right)' = \sum_i u_i'"#
    case .chain: #"f(u)' = f'(u) \, u'"#
    case .entryByEntry: ""
    }
  }
}

/// Every derivative, once. Vectors and matrices need no rules of their own: they are terms with
/// indices, and ∂x_i/∂x_j = δ_ij.
enum DerivativeTable {
  /// f′ at a.
  ///
  /// Throws: `CalculusError.noDerivative` where f has none.
  static func slope(_ f: ElementFunction, _ a: Term) throws(CalculusError) -> Term {
    if let refusal = f.refusal { throw refusal }
    return try Lowering(IndexSource(), [f.argument: a]).lower(f.derivative(), at: [])
  }

  /// The derivative of a term, given those of its children by `d`.
  static func derivative(
    of term: Term, _ source: IndexSource, _ d: (Term) throws(CalculusError) -> Term
  ) throws(CalculusError) -> Term {
    switch term.form {
    // A constant, a size, an index: 0. (Entries are the differentiator's.)
    case .number, .constant, .size, .position, .delta, .entry: return .zero
    // (a + b)′ = a′ + b′
    case .add(let parts):
      var terms: [Term] = []
      for part in parts { terms.append(try d(part)) }
      return .add(terms)
    // (ab)′ = a′b + ab′
    case .multiply(let c, let factors):
      var terms: [Term] = []
      for (i, factor) in factors.enumerated() {
        let slope = try d(factor)
        if slope.isZero { continue }
        var product = factors
        product[i] = slope
        terms.append(.multiply([.number(c)] + product))
      }
      return .add(terms)
    // (a^b)′ = b a^(b−1) a′ + a^b ln(a) b′
    case .power(let a, let b):
      let (da, db) = (try d(a), try d(b))
      var terms: [Term] = []
      if !da.isZero {
        terms.append(.multiply([b, .power(a, .subtract(b, .one)), da]))
      }
      if !db.isZero { terms.append(.multiply([term, .function(.ln, a), db])) }
      return .add(terms)
    // f(a)′ = f′(a) a′
    case .function(let f, let a):
      let inner = try d(a)
      if inner.isZero { return .zero }
      return .multiply([try slope(f, a), inner])
    // max(a, b)′ is a′ where a is larger, b′ where b is; at a tie 0 if one is constant, else a′.
    case .extremum(let kind, let a, let b):
      let (da, db) = (try d(a), try d(b))
      let strictly: Comparison = kind == .max ? .greater : .less
      let tie: Comparison = kind == .max ? .greaterOrEqual : .lessOrEqual
      let first = Term.compare(a.isConstant || b.isConstant ? strictly : tie, a, b)
      return .add([
        .multiply([first, da]), .multiply([.compare(strictly, b, a), db]),
      ])
    // A condition is constant wherever it has a derivative.
    case .compare, .isExtremum: return .zero
    case .choose(let condition, let a, let b): return .choose(condition, try d(a), try d(b))
    // (Σ a)′ = Σ a′
    case .sum:
      let (indices, body) = term.opened(source)
      return .sum(indices, try d(body))
    // The largest changes as the first of the entries that attain it: of a matrix the first of its row, in the
    // first row that has it.
    case .reduce(let kind, _, _):
      let (indices, body) = term.opened(source)
      let slope = try d(body)
      if slope.isZero { return .zero }
      var isFirst: [Term] = []
      for (axis, index) in indices.enumerated() {
        let (bound, copy) = term.opened(source)
        let known = Dictionary(
          zip(bound, indices).prefix(axis), uniquingKeysWith: { first, _ in first })
        let rest = Term.reduce(
          kind, Array(bound.dropFirst(axis + 1)), copy.substituting(known))
        isFirst.append(.isExtremum(kind, bound[axis], rest, at: index))
      }
      return .sum(indices, .multiply(isFirst + [slope]))
    // softmax_i′ = s_i (a_i′ − Σ_k s_k a_k′)
    case .softmax(_, _, let at):
      let (indices, body) = term.opened(source)
      let slope = try d(body)
      if slope.isZero { return .zero }
      let (other, copy) = term.opened(source)
      let atEntry = slope.substituting([indices[0]: at])
      let share = Term.softmax(other[0], copy, at: indices[0])
      return .multiply([
        term, .subtract(atEntry, .sum(indices[0], .multiply([share, slope]))),
      ])
    // f(a, b)′ = ∂₁f a′ + ∂₂f b′
    case .call(let name, let orders, let arguments):
      var terms: [Term] = []
      for (i, argument) in arguments.enumerated() {
        let slope = try d(argument)
        if slope.isZero { continue }
        var higher = orders
        higher[i] += 1
        terms.append(.multiply([.call(name, higher, arguments), slope]))
      }
      return .add(terms)
    }
  }
}

extension ElementFunction {
  /// f′ in terms of the argument: as it is stated, or the derivative of the formula.
  package func derivative() throws(CalculusError) -> Expression {
    if let slope { return slope }
    return try formula?.derivative(by: argument).expression ?? 0
  }
}
