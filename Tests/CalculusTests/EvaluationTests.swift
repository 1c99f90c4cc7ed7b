import Calculus
import MatrixEngine
import Testing

@Suite("Values, kinks and errors")
struct EvaluationTests {
  private static func value(_ text: String, _ values: [String: Tensor<Double>]) throws -> Tensor<
    Double
  > {
    try Reader.read(text, Blackboard.withVector).value(at: values)
  }

  @Test(
    "a formula compared with itself",
    arguments: [("x == x", "1"), ("x + 1 != 1 + x", "0"), ("x >= x", "1")])
  func comparedWithItself(formula: String, expected: String) throws {
    #expect(try Reader.read(formula, [Symbol("x")]).simplified().text == expected)
  }

  @Test(
    "kinks have the pinned derivatives",
    arguments: [
      ("relu(z)", 0.0), ("abs(z)", 0), ("leaky_relu(z)", 0.01), ("leaky_relu(z, slope = 0.2)", 0.2),
      ("max(0, z)", 0), ("max(z, 0)", 0), ("max(z, z^2)", 1), ("min(z, 0)", 0),
    ])
  func kinks(formula: String, slope: Double) throws {
    let z = Symbol("z")
    let f = try Reader.read(formula, [z])
    #expect(try f.derivative(by: z).expression.value(at: ["z": .scalar(0)]).storage == [slope])
    #expect(try f.forwardDerivative(by: z, at: ["z": .scalar(0)]).storage == [slope])
    #expect(try f.distanceToKink(at: ["z": .scalar(0)]) == 0)
  }

  @Test("the largest entry's derivative is the first one's at ties")
  func tie() throws {
    let x = Symbol("x", .vector(Blackboard.n))
    let f = try Reader.read("max(x)", [x])
    let point = ["x": Tensor<Double>.vector([1, 3, 3])]
    #expect(try f.derivative(by: x).expression.value(at: point).storage == [0, 1, 0])
    #expect(try f.forwardDerivative(by: x, at: point).storage == [0, 1, 0])
  }

  @Test("a norm has no derivative at 0")
  func norm() throws {
    let x = Symbol("x", .vector(Blackboard.n))
    let derivative = try Reader.read("norm(x)", [x]).derivative(by: x).expression
    #expect(throws: CalculusError.self) {
      try derivative.value(at: ["x": .vector([0, 0])], isDerivative: true)
    }
    let square = try Reader.read("norm(x)^2", [x]).derivative(by: x).expression
    #expect(try square.value(at: ["x": .vector([0, 0])], isDerivative: true).storage == [0, 0])
  }

  @Test("there is no derivative through a step")
  func step() throws {
    let z = Symbol("z")
    let f = try Reader.read("unit_step(z)*z", [z])
    #expect(throws: CalculusError.self) { try f.derivative(by: z) }
    #expect(throws: CalculusError.self) { try f.forwardDerivative(by: z, at: ["z": .scalar(1)]) }
  }

  @Test("products of vectors and matrices, as the language has them")
  func products() throws {
    let values: [String: Tensor<Double>] = [
      "x": .vector([1, 2]), "w": .vector([3, 4]),
      "B": Tensor(Shape([2, 2]), [1, 2, 3, 4]),
    ]
    #expect(try EvaluationTests.value("w · x", values) == .scalar(11))
    #expect(try EvaluationTests.value("B @ x", values) == .vector([5, 11]))
    #expect(try EvaluationTests.value("x' @ B", values) == Tensor(Shape([1, 2]), [7, 10]))
    #expect(
      try EvaluationTests.value("x @ w'", values) == Tensor(Shape([2, 2]), [3, 4, 6, 8]))
    #expect(try EvaluationTests.value("B + x", values).storage == [2, 4, 4, 6])
    #expect(try EvaluationTests.value("sum(B, axis = 1)", values).sizes == [2])
  }

  @Test("shapes that do not fit are named, both of them")
  func shapes() throws {
    let (n, m) = (Blackboard.n, Blackboard.m)
    let (x, y) = (Expression.symbol("x", .vector(n)), Expression.symbol("y", .vector(m)))
    let error = CalculusError.shapeMismatch(operation: "⊙", left: .vector(n), right: .vector(m))
    #expect(throws: error) { try Expression.multiply([x, y]) }
    #expect(error.description == "⊙: the shapes vector of n and vector of m do not fit")
    #expect(throws: CalculusError.self) { try Expression.product(x, y) }
    #expect(throws: CalculusError.self) { try Expression.add([x, .transpose(x)]) }
    #expect(throws: CalculusError.outOfRange(name: "[ ]", index: 3, count: 2)) {
      try Expression.entry(.symbol("u", .vector(.number(2))), [.value(.number(3))])
    }
  }

  @Test("values that do not fit their symbols are refused")
  func values() throws {
    #expect(throws: CalculusError.sizesDiffer(name: "n", first: .number(2), second: .number(3))) {
      try EvaluationTests.value("w · x", ["w": .vector([1, 2]), "x": .vector([1, 2, 3])])
    }
    #expect(throws: CalculusError.noValue(name: "x")) {
      try EvaluationTests.value("w · x", ["w": .vector([1, 2])])
    }
  }

  @Test("what would not fit into memory is refused")
  func memory() throws {
    let huge = Expression.identity(.name("n"))
    #expect(throws: CalculusError.self) {
      try Expression.reduce(.sum, huge).value(at: [:], sizes: ["n": 1_000_000])
    }
  }

  @Test("a logarithm of a negative is found, though its derivative has a value")
  func domain() throws {
    let z = Symbol("z")
    let f = try Reader.read("ln(z)", [z])
    let violation = try #require(try f.domainViolation(at: ["z": .scalar(-1)]))
    #expect(violation.function == "ln" && violation.argument == -1 && !violation.isOfSlope)
    #expect(try f.domainViolation(at: ["z": .scalar(0)]) == nil)
    #expect(try f.domainViolation(at: ["z": .scalar(0)], by: [z])?.isOfSlope == true)
    #expect(try f.domainViolation(at: ["z": .scalar(1)]) == nil)
  }

  @Test("sizes that were not declared are found")
  func inference() throws {
    let symbols = [
      Symbol("w", .vector(.unknown(0))), Symbol("b"),
      Symbol("X", .matrix(.unknown(1), .unknown(2))), Symbol("y", .vector(.unknown(3))),
    ]
    let sizes = SizeInference()
    let parts = try sizes.solving(symbols.map { .symbol($0) }) { all throws(CalculusError) in
      (try Expression.add([.product(all[2], all[0]), all[1]]), all[3])
    }
    let error = try sizes.solving([parts.0, parts.1]) { all throws(CalculusError) in
      try Expression.subtract(all[1], .extremum(.max, .number(0), all[0]))
    }
    sizes.nameRest(of: symbols)
    let named = symbols.map { sizes.resolve($0) }
    let cost = try sizes.resolve(.reduce(.mean, .power(error, .number(2))))
    let (n, m) = (Dimension.name("n"), Dimension.name("m"))
    #expect(named.map(\.shape) == [.vector(n), .scalar, .matrix(m, n), .vector(m)])
    #expect(
      try cost.derivative(by: named[0]).expression.text
        == "2/m*((X @ w + b - y)*(X @ w + b > 0))' @ X")
  }

  /// Matrices with ties of their largest, smallest and first entries, on and off the diagonal.
  static let tied: [[Double]] = [
    [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [2, 1, 1, 2], [1, 2, 2, 1], [0, 3, 3, 3],
    [-1, -1, -2, -1],
  ]

  @Test(
    "at ties of a matrix one entry changes the largest: the first, row by row", arguments: tied,
    [ExpressionReduction.max, .min])
  func ties(_ entries: [Double], _ reduction: ExpressionReduction) throws {
    let x = Symbol("X", .matrix(.number(2), .number(2)))
    let value = ["X": Tensor(Shape([2, 2]), entries)]
    let f = try Expression.reduce(reduction, .symbol(x))
    let best = reduction == .max ? entries.max() : entries.min()
    let expected = entries.indices.map { $0 == entries.firstIndex(of: best ?? 0) ? 1.0 : 0 }
    #expect(try f.derivative(by: x).expression.value(at: value).storage == expected)
    #expect(try f.forwardDerivative(by: x, at: value).storage == expected)
    // The same through functions of the entries, and in index form.
    let g = try Expression.reduce(reduction, .power(.symbol(x), .number(3)))
    let slopes = zip(entries, expected).map { 3 * $0 * $0 * $1 }
    #expect(try g.derivative(by: x).expression.value(at: value).storage == slopes)
    #expect(try g.derivative(by: x, form: .scalar).expression.value(at: value).storage == slopes)
  }

  @Test("a kink is found behind another one that does not move")
  func severalKinks() throws {
    let x = Symbol("x", .vector(.number(4)))
    let f = try Expression.multiply([.reduce(.max, .symbol(x)), .reduce(.min, .symbol(x))])
    let check = try f.derivativeCheck(by: [x], at: ["x": .vector([1, 1, 2, 2])])
    #expect(check.entries.map(\.isAtKink) == [true, true, true, true])
    #expect(check.holds)
    let away = try f.derivativeCheck(by: [x], at: ["x": .vector([1, 1.5, 2, 3])])
    #expect(away.entries.allSatisfy { !$0.isAtKink } && away.holds)
  }

  @Test("an index that is computed is where the entry changes")
  func computedIndices() throws {
    let x = Symbol("x", .vector(.name("n")))
    let i = Expression.symbol("i")
    let f = try Expression.power(.entry(.symbol(x), [.value(.subtract(i, .number(1)))]), .number(2))
    let values = ["x": Tensor<Double>.vector([3, 4, 5]), "i": Tensor<Double>.scalar(3)]
    let derivative = try f.derivative(by: x)
    #expect(try derivative.expression.value(at: values).storage == [0, 8, 0])
    #expect(try f.forwardDerivative(by: x, at: values).storage == [0, 8, 0])
    #expect(derivative.expression.text == "2*x[i - 1]*one_hot(i - 1, n)'")
    #expect(f.indexSymbols == [Symbol("i")])
    #expect(try f.substituting([Symbol("i"): .number(2)]).text == "x[2 - 1]^2")
  }
}
