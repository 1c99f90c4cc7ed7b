import MatrixEngine

extension Expression {
  /// The value of the formula where its symbols have these values.
  ///
  /// Sizes follow from the values; `sizes` gives those that occur in no value.
  /// Throws: `CalculusError.noValue`, `.valueShape`, `.sizeConflict`, `.outOfRange`.
  package func value(
    at values: [String: Tensor<Double>], sizes: [String: Int] = [:], symbols: [Symbol]? = nil,
    isDerivative: Bool = false
  ) throws(CalculusError) -> Tensor<Double> {
    let evaluator = try Evaluator(
      (symbols ?? []) + self.symbols, values: values, sizes: sizes, refusesZeroNorms: isDerivative)
    return try evaluator.evaluate(self).value
  }

  /// How far each argument of max, relu, abs, norm and conditions is from where it has a kink. At another point the
  /// same one has the same place, where no condition changes.
  package func kinkDistances(at values: [String: Tensor<Double>], sizes: [String: Int] = [:])
    throws(CalculusError) -> [Double]
  {
    let evaluator = try Evaluator(symbols, values: values, sizes: sizes, findsKinks: true)
    _ = try evaluator.evaluate(self)
    return evaluator.kinkDistances ?? []
  }

  /// A logarithm or root of a negative number in the formula, or nil; also of 0 where the formula is to
  /// be differentiated by one of `variables` there.
  ///
  /// A derivative may have a value there (1/x of ln x); it is one of nothing.
  /// Throws: as `value(at:)`; `CalculusError.inverseMeant` for a matrix to the power −1.
  package func domainViolation(
    at values: [String: Tensor<Double>], sizes: [String: Int] = [:], by variables: Set<Symbol> = []
  ) throws(CalculusError) -> DomainViolation? {
    let evaluator = try Evaluator(
      symbols, values: values, sizes: sizes, variables: variables, refusesInverses: true)
    _ = try evaluator.evaluate(self)
    return evaluator.outsideDomain
  }

  /// Throws: `CalculusError.inverseMeant` where a matrix has the power −1, whatever values the symbols have.
  package func requireNoInverses() throws(CalculusError) {
    var seen: Set<Fingerprint> = []
    func visit(_ part: Expression) throws(CalculusError) {
      guard seen.insert(part.fingerprint).inserted else { return }
      if case .power(let a, let b) = part.node, a.shape.isMatrix, b.shape == .scalar,
        b.symbols.isEmpty, (try? b.value(at: [:]))?.storage[0] == -1
      {
        throw .inverseMeant(of: a)
      }
      for child in part.node.children { try visit(child) }
    }
    try visit(self)
  }

  /// The derivative by forward-mode automatic differentiation, one direction an entry of the symbol.
  ///
  /// Independent of the symbolic rules. Shape: the sizes of self, then those of the symbol.
  /// Throws: as `value(at:)`; `CalculusError.noDerivative` through a step.
  package func forwardDerivative(
    by symbol: Symbol, at values: [String: Tensor<Double>], sizes: [String: Int] = [:]
  ) throws(CalculusError) -> Tensor<Double> {
    guard let point = values[symbol.name] else { throw .noValue(name: symbol.name) }
    var columns: [Double] = []
    var own: [Int] = []
    for i in point.storage.indices {
      var direction = Tensor(point.shape, repeating: 0)
      direction.storage[i] = 1
      let evaluator = try Evaluator(
        symbols + [symbol], values: values, sizes: sizes, tangents: [symbol.name: direction])
      let result = try evaluator.evaluate(self)
      own = result.shape.sizes
      columns += result.tangent?.storage ?? Array(repeating: 0, count: result.entries.count)
    }
    return try Expression.table(columns, own, point.sizes)
  }

  /// The derivative by central differences: h = ε^⅓ · max(1, |x|), times `widening`.
  ///
  /// Shape: the sizes of self, then those of the symbol. Throws: as `value(at:)`.
  package func centralDifferences(
    by symbol: Symbol, at values: [String: Tensor<Double>], sizes: [String: Int] = [:],
    widening: Double = 1
  ) throws(CalculusError) -> Tensor<Double> {
    guard let point = values[symbol.name] else { throw .noValue(name: symbol.name) }
    var columns: [Double] = []
    var own: [Int] = []
    for i in point.storage.indices {
      let step =
        widening * Double.pow(Double.ulpOfOne, 1.0 / 3) * max(1, point.storage[i].magnitude)
      var sides: [Tensor<Double>] = []
      for sign in [1.0, -1] {
        var moved = point.storage
        moved[i] += sign * step
        var all = values
        all[symbol.name] = Tensor(point.shape, moved)
        sides.append(try value(at: all, sizes: sizes, symbols: [symbol]))
      }
      own = sides[0].sizes
      columns += zip(sides[0].storage, sides[1].storage).map { ($0 - $1) / (2 * step) }
    }
    return try Expression.table(columns, own, point.sizes)
  }

  /// Columns, one an entry of the variable, as one array with the function's indices first.
  private static func table(_ columns: [Double], _ own: [Int], _ others: [Int])
    throws(CalculusError) -> Tensor<Double>
  {
    let shape = try CalculusError.shape(own + others)
    let count = others.reduce(1, *)
    return Matrix(rows: count, columns: count == 0 ? 0 : columns.count / count, storage: columns)
      .transposed().reshaped(shape)
  }
}
