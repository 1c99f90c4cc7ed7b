/// A derivative: its formula, how it is laid out, and what is special about it.
package struct Derivative: Sendable {
  /// The simplified formula. Layout: scalar by vector is a row, vector by scalar a vector, scalar by
  /// matrix and matrix by scalar have the matrix's shape, more than two indices are in index form.
  package let expression: Expression
  package var shape: ExpressionShape { expression.shape }
  /// Whether it is a diagonal matrix: entry i of the function depends on entry i of the variable only.
  package let isDiagonal: Bool

  /// Why it is laid out as it is, as the derivative of something of a shape: a sentence, or nil.
  package func layoutReason(of shape: ExpressionShape, by symbol: Symbol) -> String? {
    let reason = Reasons.layout(self, of: shape, by: symbol)
    return reason.isEmpty ? nil : reason
  }
}

/// How a formula is written.
package enum FormulaForm: Sendable {
  case matrix
  /// Entries with Σ and indices.
  case scalar
}

extension Expression {
  /// ∂self/∂symbol, or by one entry of it (`∂y/∂w[j]`).
  ///
  /// Shape: rows are entries of self, columns entries of the symbol; see `Derivative`.
  /// Throws: `CalculusError.noDerivative` through a step; `.unsupported`.
  package func derivative(
    by symbol: Symbol, entry: [EntryIndex] = [], form: FormulaForm = .matrix
  ) throws(CalculusError) -> Derivative {
    if entry.isEmpty, form == .matrix, let written = try writtenOut(by: symbol) { return written }
    let source = IndexSource()
    let lowering = Lowering(source, by: symbol)
    let own = Lowering.outputs(shape)
    var others: [Index] = []
    if entry.isEmpty {
      others = Lowering.outputs(symbol.shape, from: own.count)
    } else {
      // Looked up as an expression, so that its bounds are checked.
      _ = try Expression.entry(.symbol(symbol), entry)
      for (choice, size) in zip(entry, symbol.shape.dimensions) {
        switch choice {
        case .value(let value):
          guard let index = Index(value, over: size) else {
            throw .unsupported("a derivative by an entry needs a number or the name of an index")
          }
          others.append(index)
        case .all: others.append(IndexSource.output(own.count + others.count, size))
        case .range(let first, let last):
          let index = IndexSource.output(own.count + others.count, last - first + .number(1))
          others.append(.shifted(index, by: first - .number(1), in: size))
        }
      }
    }
    let term = try lowering.lower(self, at: own)
    var slope = try Differentiator(by: symbol, at: others, source).derivative(of: term)
    if symbol.structure != nil { slope = slope.using(symbol) }
    let simple = Simplifier(source).simplify(slope)
    let isColumn = !entry.isEmpty
    let running =
      entry.isEmpty
      ? others
      : others.flatMap(\.leaves).filter {
        if case .output = $0.kind { true } else { false }
      }
    let layout = Layout(
      own: own, others: isColumn ? running : others,
      shapes: (shape, isColumn ? ExpressionShape(running.map(\.dimension)) : symbol.shape),
      form: form, original: lowering.sums, means: lowering.means, variances: lowering.variances)
    var taken = takenNames(and: symbol)
    for case .value(let index) in entry { taken.formUnion(index.freeIndices) }
    return try layout.derivative(simple, source, avoiding: taken)
  }

  /// The derivative by a short vector entry by entry, where the formula takes entries of it: [2 x₁, 1].
  ///
  /// Matrix notation would select them by rows of I.
  private func writtenOut(by symbol: Symbol) throws(CalculusError) -> Derivative? {
    if let written = try matrixWrittenOut(by: symbol) { return written }
    guard case .vector(.number(let count)) = symbol.shape, count <= Self.writtenSize,
      takesEntries(of: symbol)
    else { return nil }
    let functions: [Expression]
    switch shape {
    case .scalar: functions = [self]
    case .vector(.number(let size)) where size <= Self.writtenSize:
      guard let entries = listedEntries else { return nil }
      functions = entries
    default: return nil
    }
    var rows: [Expression] = []
    var isDiagonal = functions.count == count
    for (i, function) in functions.enumerated() {
      var row: [Expression] = []
      for j in 1...max(count, 1) {
        let slope = try function.derivative(by: symbol, entry: [.value(.number(j))]).expression
        row.append(slope)
        isDiagonal = isDiagonal && (i + 1 == j || slope.isZero)
      }
      rows.append(try .list(row))
    }
    let result = shape == .scalar ? try Expression.transpose(rows[0]) : try Expression.list(rows)
    return Derivative(
      expression: result, isDiagonal: isDiagonal && shape != .scalar)
  }

  /// The derivative of a number by a small matrix of which the formula takes rows, columns or entries.
  private func matrixWrittenOut(by symbol: Symbol) throws(CalculusError) -> Derivative? {
    guard shape == .scalar, case .matrix(.number(let m), .number(let n)) = symbol.shape,
      max(m, n) <= Self.writtenSize, m * n <= Self.writtenSize, takesEntries(of: symbol)
    else { return nil }
    var rows: [Expression] = []
    for i in stride(from: 1, through: m, by: 1) {
      var row: [Expression] = []
      for j in stride(from: 1, through: n, by: 1) {
        let entry: [EntryIndex] = [.value(.number(i)), .value(.number(j))]
        row.append(try derivative(by: symbol, entry: entry).expression)
      }
      rows.append(try .list(row))
    }
    return rows.isEmpty
      ? nil : Derivative(expression: try .list(rows), isDiagonal: false)
  }

  private static let writtenSize = 12

  /// Whether plain entries, such as x[1] or X[1:2, :], of the symbol stand in the formula.
  private func takesEntries(of symbol: Symbol) -> Bool {
    parts.contains { part in
      guard case .entry(let array, let indices) = part.node else { return false }
      let isPlain = indices.allSatisfy { index in
        switch index {
        case .value(let index): index.number != nil
        case .range(let first, let last): first.isNumber && last.isNumber
        case .all: true
        }
      }
      return isPlain && array.withoutNames == .symbol(symbol)
    }
  }

  /// The entries of a list of numbers; nil for other vectors.
  var listedEntries: [Expression]? {
    switch node {
    case .named(_, let inner), .steps(_, let inner): inner.listedEntries
    case .list(let parts): parts.allSatisfy { $0.shape == .scalar } ? parts : nil
    default: nil
    }
  }

  /// The same function, simplified: what `f(y = 1)` shows. In index form its indices have other
  /// names than those given.
  ///
  /// Throws: `CalculusError.unsupported`.
  package func simplified(form: FormulaForm = .matrix, avoiding indices: Set<String> = [])
    throws(CalculusError) -> Expression
  {
    let source = IndexSource()
    let own = Lowering.outputs(shape)
    let lowering = Lowering(source)
    let lowered = try lowering.lower(self, at: own)
    let term = Simplifier(source).simplify(lowered)
    let layout = Layout(
      own: own, others: [], shapes: (shape, .scalar), form: form, original: lowering.sums,
      means: lowering.means, variances: lowering.variances)
    return try layout.derivative(term, source, avoiding: takenNames().union(indices)).expression
  }

  /// The names that an index must not have: of symbols and of sizes.
  private func takenNames(and symbol: Symbol? = nil) -> Set<String> {
    var taken = freeIndices
    for symbol in symbols + (symbol.map { [$0] } ?? []) {
      taken.insert(symbol.name)
      for case .name(let name) in symbol.shape.dimensions { taken.insert(name) }
    }
    return taken
  }
}

/// Puts a term over the indices of a function and of a variable into the pinned layout.
struct Layout {
  let own: [Index]
  let others: [Index]
  let shapes: (function: ExpressionShape, variable: ExpressionShape)
  let form: FormulaForm
  /// See `Raising.original`.
  let original: Set<Fingerprint>
  /// What means are taken of in the formula: their sums over their number are means again.
  let means: Set<Expression>
  /// What sums of squares are, as variances: see `Lowering.variances`.
  let variances: [Fingerprint: Term]

  /// The indices of the result; positions of size 1 are dropped where there are more than two.
  private var indices: [Index] {
    let all = own + others
    return all.count > 2 ? all.filter { !$0.isFixed } : all
  }

  /// The shape of the result.
  private var shape: ExpressionShape {
    switch (shapes.function, shapes.variable) {
    case (.scalar, .vector(let n)): .matrix(.number(1), n)
    case (_, .scalar): shapes.function
    case (.scalar, _): shapes.variable
    default:
      own.count + others.count <= 2
        ? ExpressionShape(shapes.function.dimensions + shapes.variable.dimensions)
        : ExpressionShape(indices.map(\.dimension))
    }
  }

  func derivative(_ term: Term, _ source: IndexSource, avoiding taken: Set<String>)
    throws(CalculusError) -> Derivative
  {
    let isDiagonal =
      own.count == 1 && others.count == 1
      && term.parts.allSatisfy { part in
        part.factors.factors.contains(.delta(own[0], others[0]))
      }
    if form == .matrix, let matrix = cases(term, source) ?? inMatrixNotation(term, source) {
      return Derivative(expression: MatrixNotation.folded(matrix), isDiagonal: isDiagonal)
    }
    let indexed = try IndexForm(source, avoiding: taken, original: original).array(
      term, over: indices)
    return Derivative(expression: fitted(indexed) ?? indexed, isDiagonal: isDiagonal)
  }

  /// An array over the running indices in the result's shape.
  private func fitted(_ array: Expression) -> Expression? {
    if array.shape == shape { return array }
    switch (array.shape, shape) {
    case (.vector, .matrix(let m, let n)) where m.isOne && !n.isOne:
      return MatrixNotation.transposed(array)
    case (.vector, .matrix(_, let n)) where n.isOne: return try? .column(array)
    case (.scalar, .matrix(let m, let n)) where m.isOne && n.isOne:
      return try? .multiply([array, .fill(.one, shape)])
    default: return MatrixNotation.filled(array, to: shape)
    }
  }

  private func inMatrixNotation(_ term: Term, _ source: IndexSource) -> Expression? {
    let running = indices.filter { !$0.isFixed }
    guard running.count <= 2,
      let raised = Raising(source, original: original)
        .whole(withVariances(term).distributed(source), over: running)
    else {
      return nil
    }
    let result = fitted(raised)
    return result?.shape == shape ? result.map(withMeans) : nil
  }

  /// Σ (x − mean(x))² as n var(x), where the formula had the variance.
  private func withVariances(_ term: Term) -> Term {
    variances.isEmpty ? term : term.replacing { variances[$0.fingerprint] }
  }

  /// sum(x)/n as mean(x), X' @ ones(m)/m as mean(X, axis = 1), where the formula had a mean of it.
  private func withMeans(_ result: Expression) -> Expression {
    guard !means.isEmpty else { return result }
    let written = try? result.replacingParts { part in
      guard case .divide(let sum, let count) = part.node else { return nil }
      switch sum.node {
      case .reduce(.sum, let a, nil) where means.contains(a):
        let sizes = a.shape.dimensions.map(Expression.size)
        var rest = if case .multiply(let parts) = count.node { parts } else { [count] }
        for size in sizes {
          guard let place = rest.firstIndex(of: size) else { return nil }
          rest.remove(at: place)
        }
        return MatrixNotation.divide(try? .reduce(.mean, a), by: rest)
      case .product(let a, let ones):
        guard case .fill(let one, .vector(let n)) = ones.node, one.isOne, count == .size(n) else {
          return nil
        }
        if means.contains(a) { return try? .reduce(.mean, a, axis: 2) }
        guard case .transpose(let turned) = a.node, means.contains(turned) else { return nil }
        return try? .reduce(.mean, turned, axis: 1)
      default: return nil
      }
    }
    return written ?? result
  }

  /// [c] a + [not c] b as cases, where c is one condition for the whole result.
  private func cases(_ term: Term, _ source: IndexSource) -> Expression? {
    let parts = term.parts
    let conditions = parts.flatMap(\.factors.factors).filter {
      guard $0.free.isEmpty, case .compare(let comparison, _, _) = $0.form else { return false }
      return comparison == .greater || comparison == .greaterOrEqual
    }
    for factor in conditions + parts[0].factors.factors where factor.free.isEmpty {
      guard let opposite = factor.negatedCondition else { continue }
      var (inside, outside): ([Term], [Term]) = ([], [])
      for part in parts {
        let factors = part.factors.factors
        if factors.contains(factor) {
          inside.append(Raising.without(factor, part))
        } else if factors.contains(opposite) {
          outside.append(Raising.without(opposite, part))
        }
      }
      guard inside.count + outside.count == parts.count else { continue }
      guard let condition = Raising(source, original: original).raise(factor, over: []),
        let a = inMatrixNotation(Simplifier(source).simplify(.add(inside)), source),
        let b = inMatrixNotation(Simplifier(source).simplify(.add(outside)), source)
      else { return nil }
      return try? .choose(condition, a, b)
    }
    return nil
  }
}
