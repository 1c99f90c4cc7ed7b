import Calculus
import MatrixEngine
import Testing

/// Functions of one number: those of the calculus and some that are made here, by their facts alone.
@Suite("Functions as values")
struct FunctionTests {
  static let softplus = ElementFunction(
    name: "softplus", formula: .function(.ln, 1 + .function(.exp, .symbol("t"))))
  static let swish = ElementFunction(
    name: "swish", formula: .symbol("z") * .function(.sigmoid, .symbol("z")),
    spelling: .init("\\operatorname{swish}"))
  /// u for u > 0, else α(e^u − 1).
  static func elu(_ alpha: Number) -> ElementFunction {
    let u = Expression.symbol("u")
    return ElementFunction(
      name: "elu", parameter: .init("alpha", alpha, standard: .one) { elu($0) },
      formula: .choosing(
        .greater, u, 0, then: u, else: .number(alpha) * (.function(.exp, u) - 1)))
  }
  static let arcsine = ElementFunction(
    name: "asin", domain: .init(-1...1),
    value: { x in
      // Newton's method for sin y = x.
      var y = x
      for _ in 0..<60 {
        y -= (ElementFunction.sin.value(y) - x) / ElementFunction.cos.value(y)
      }
      return y
    },
    slope: { u, _ in 1 / .function(.sqrt, 1 - u.raised(to: 2)) })

  static let made = [softplus, swish, elu(.one), elu(Number(0.5)), arcsine]
  static let all = ElementFunction.all + [.leakyRelu(slope: Number(0.2))] + made
  static let points = [-0.7, -0.31, 0.2, 0.9]

  @Test("values and slopes: as numbers, as arrays and by the rules", arguments: all)
  func slopes(_ function: ElementFunction) throws {
    let points = FunctionTests.points.filter { function.domain?.excludes($0) != true }
    let f = Expression.function(function, .symbol("x", .vector(.number(points.count))))
    let here = ["x": Tensor.vector(points)]
    #expect(try f.value(at: here).storage == points.map(function.value))
    guard function.refusal == nil else {
      #expect(throws: CalculusError.self) { try f.derivative(by: f.symbols[0]) }
      #expect(function.slope(0.5) == nil)
      return
    }
    #expect(try f.derivativeCheck(by: f.symbols, at: here).holds)
    let slopes = try f.derivative(by: f.symbols[0]).expression.value(at: here)
    for (i, point) in points.enumerated() {
      let slope = try #require(function.slope(point))
      #expect((slopes.storage[i * (points.count + 1)] - slope).magnitude < 1e-9)
    }
  }

  @Test("the formula has the function's values", arguments: all.filter { $0.formula != nil })
  func formulas(_ function: ElementFunction) throws {
    for x in FunctionTests.points {
      let written = try #require(try function.writtenOut(.symbol("x")))
      let value = try written.value(at: ["x": .scalar(x)]).storage[0]
      #expect((value - function.value(x)).magnitude < 1e-12)
    }
  }

  @Test("a function made of a formula is written by its name")
  func spelling() throws {
    let x = Expression.symbol("x")
    #expect(Expression.function(FunctionTests.softplus, x).text == "softplus(x)")
    #expect(
      Expression.function(FunctionTests.softplus, x).latex
        == #"\operatorname{softplus}\left(x\right)"#)
    #expect(Expression.function(FunctionTests.elu(Number(2)), x).text == "elu(x, alpha = 2)")
    #expect(Expression.function(FunctionTests.elu(.one), x).text == "elu(x)")
  }

  @Test("its derivative is that of the formula, with a reason")
  func derivation() throws {
    let x = Symbol("x")
    let f = Expression.function(FunctionTests.softplus, 2 * .symbol(x))
    #expect(try f.derivative(by: x).expression.text == "2*sigmoid(2*x)")
    let derivation = try Derivation.derivative(
      of: .function(FunctionTests.softplus, .symbol(x)), named: "f", by: x)
    #expect(derivation.lines.last?.reason == "softplus")
    #expect(
      derivation.lines.last?.rule
        == #"\operatorname{softplus}'(t) = \sigma\left(t\right)"#)
  }

  @Test("arguments outside a domain of one's own are told")
  func domains() throws {
    let x = Symbol("x")
    let f = Expression.function(FunctionTests.arcsine, .symbol(x))
    let beyond = try #require(try f.domainViolation(at: ["x": Tensor.scalar(2)]))
    #expect(CalculusError.outsideDomain(beyond).description == "asin of 2 is not a real number")
    #expect(CalculusError.outsideDomain(beyond).help == "asin(x) needs -1 <= x <= 1")
    let bound = try #require(try f.domainViolation(at: ["x": Tensor.scalar(1)], by: [x]))
    #expect(CalculusError.outsideDomain(bound).description == "asin has no derivative at 1")
    #expect(CalculusError.outsideDomain(bound).help == "asin'(x) needs -1 < x < 1")
  }

  @Test("what is defined by a condition has its kinks")
  func kinks() throws {
    let f = Expression.function(FunctionTests.elu(.one), .symbol("x"))
    #expect(try f.kinkDistances(at: ["x": .scalar(0.25)]) == [0.25])
  }

  @Test("functions are the same by name and parameter; the identity is its argument")
  func equality() {
    #expect(FunctionTests.elu(.one) == FunctionTests.elu(.one))
    #expect(FunctionTests.elu(.one) != FunctionTests.elu(Number(2)))
    #expect(FunctionTests.elu(.one).with(parameter: Number(2)) == FunctionTests.elu(Number(2)))
    #expect(ElementFunction.named("log") == .ln)
    let identity = ElementFunction(name: "identity", formula: .symbol("z"))
    #expect(Expression.function(identity, .symbol("x")) == .symbol("x"))
  }
}
