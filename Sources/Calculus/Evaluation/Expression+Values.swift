extension Expression {
  /// The value of the formula where its symbols have these values.
  ///
  /// Sizes follow from the values; `sizes` gives those that occur in no value.
  /// Throws: `CalculusError.noValue`, `.valueShape`, `.sizesDiffer`, `.outOfRange`.
  package func value(
    at values: [String: Tensor], sizes: [String: Int] = [:], symbols: [Symbol]? = nil,
    isDerivative: Bool = false
  ) throws(CalculusError) -> Tensor {
    let evaluator = try Evaluator(
      (symbols ?? []) + self.symbols, values: values, sizes: sizes, refusesZeroNorms: isDerivative)
    let result = try evaluator.evaluate(self)
    return Tensor(sizes: result.sizes, values: result.values)
  }

  /// How far each argument of max, relu, abs, norm and conditions is from where it has a kink. At another point the
  /// same one has the same place, where no condition changes.
  package func kinkDistances(at values: [String: Tensor], sizes: [String: Int] = [:])
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
    at values: [String: Tensor], sizes: [String: Int] = [:], by variables: Set<Symbol> = []
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
      if (try? b.value(at: [:]))?.values[0] == -1 { throw .inverseMeant(of: a) }
    }
  }

  /// The derivative by central differences: h = ε^⅓ · max(1, |x|), times `widening`.
  ///
  /// Shape: the sizes of self, then those of the symbol. Throws: as `value(at:)`.
  package func centralDifferences(
    by symbol: Symbol, at values: [String: Tensor], sizes: [String: Int] = [:],
    widening: Double = 1
  ) throws(CalculusError) -> Tensor {
    guard let point = values[symbol.name] else { throw .noValue(name: symbol.name) }
    var columns: [[Double]] = []
    var own: [Int] = []
    for i in point.values.indices {
      let (step, points) = symbol.sides(of: i, at: values, widening)
      let sides = try points.map { point throws(CalculusError) in
        try value(at: point, sizes: sizes, symbols: [symbol])
      }
      own = sides[0].sizes
      columns.append(zip(sides[0].values, sides[1].values).map { ($0 - $1) / (2 * step) })
    }
    let entries = (0..<own.reduce(1, *)).flatMap { row in columns.map { $0[row] } }
    return Tensor(sizes: own + point.sizes, values: entries)
  }
}

extension Symbol {
  /// The points with one entry moved by ±h, h = ε^⅓ · max(1, |x|), times `widening`.
  func sides(of entry: Int, at values: [String: Tensor], _ widening: Double = 1) -> (
    step: Double, points: [[String: Tensor]]
  ) {
    guard let point = values[name] else { return (0, []) }
    let size = max(1, point.values[entry].magnitude)
    let step = widening * Double.pow(Double.ulpOfOne, 1.0 / 3) * size
    let points = [step, -step].map { h in
      var moved = point.values
      moved[entry] += h
      return values.merging([name: Tensor(sizes: point.sizes, values: moved)]) { $1 }
    }
    return (step, points)
  }
}

extension Sequence<Symbol> {
  /// The sizes that values give the names in the symbols' shapes: n of `w: vector(n)` with a vector of 3.
  package func sizes(in values: [String: Tensor]) -> [String: Int] {
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
