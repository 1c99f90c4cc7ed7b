import MatrixEngine

extension Expression {
  /// The value of the formula where its symbols have these values.
  ///
  /// Sizes follow from the values; `sizes` gives those that occur in no value.
  /// Throws: `CalculusError.noValue`, `.valueShape`, `.sizesDiffer`, `.outOfRange`.
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
    for case .power(let a, let b) in parts.map(\.node)
    where a.shape.isMatrix && b.shape == .scalar && b.symbols.isEmpty {
      if (try? b.value(at: [:]))?.storage[0] == -1 { throw .inverseMeant(of: a) }
    }
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
      let (step, points) = symbol.sides(of: i, at: values, widening)
      let sides = try points.map { point throws(CalculusError) in
        try value(at: point, sizes: sizes, symbols: [symbol])
      }
      own = sides[0].sizes
      columns += zip(sides[0].storage, sides[1].storage).map { ($0 - $1) / (2 * step) }
    }
    return try Expression.table(columns, own, point.sizes)
  }

  /// Columns, one an entry of the variable, as one array with the function's indices first.
  package static func table(_ columns: [Double], _ own: [Int], _ others: [Int])
    throws(CalculusError) -> Tensor<Double>
  {
    let shape = try CalculusError.shape(own + others)
    let count = others.reduce(1, *)
    return Matrix(rows: count, columns: count == 0 ? 0 : columns.count / count, storage: columns)
      .transposed().reshaped(shape)
  }
}

extension Symbol {
  /// The points with one entry moved by ±h, h = ε^⅓ · max(1, |x|), times `widening`.
  package func sides(of entry: Int, at values: [String: Tensor<Double>], _ widening: Double = 1)
    -> (
      step: Double, points: [[String: Tensor<Double>]]
    )
  {
    guard let point = values[name] else { return (0, []) }
    let size = max(1, point.storage[entry].magnitude)
    let step = widening * Double.pow(Double.ulpOfOne, 1.0 / 3) * size
    let points = [step, -step].map { h in
      var moved = point.storage
      moved[entry] += h
      return values.merging([name: Tensor(point.shape, moved)]) { $1 }
    }
    return (step, points)
  }
}

extension Sequence<Symbol> {
  /// The sizes that values give the names in the symbols' shapes: n of `w: vector(n)` with a vector of 3.
  package func sizes(in values: [String: Tensor<Double>]) -> [String: Int] {
    var sizes: [String: Int] = [:]
    for symbol in self {
      for case (.name(let name), let count) in zip(
        symbol.shape.dimensions, values[symbol.name]?.sizes ?? [])
      {
        sizes[name] = count
      }
    }
    return sizes
  }
}

extension CalculusError {
  static func inverseMeant(of matrix: Expression) -> CalculusError {
    .inverseMeant(
      matrix: matrix.text,
      reciprocals: Expression(.divide(.number(1), matrix), matrix.shape).text)
  }
}
