import Glibc

private let u = Expression.symbol("u")

/// Inverse, hyperbolic and rounding functions, the error function and remainders.
///
/// Conventions: sign(0) = 0, sign′ = 0; halves are rounded away from zero; a remainder has the divisor's sign.
extension ElementFunction {
  package static let log2: ElementFunction = .init(
    name: "log2", summary: "the logarithm to base 2", domain: .notNegative,
    spelling: Spelling("\\log_{2}"), laws: Laws(exact: { $0.isOne ? .zero : nil }),
    value: Glibc.log2, script: "Math.log2", numericSlope: { 1 / ($0 * Glibc.log(2)) },
    rule: DerivativeRule("logarithm", #"(\log_{2} u)' = \frac{1}{u \ln 2}"#),
    slope: { u, _ in 1 / u / .function(.ln, 2) })

  package static let asin: ElementFunction = .init(
    name: "asin", aliases: ["arcsin"], summary: "the angle in radians that has this sine",
    domain: .sines, spelling: Spelling("\\arcsin", .raisedCall),
    laws: Laws(exact: { $0.isZero ? .zero : nil }, symmetry: .odd),
    value: Glibc.asin, script: "Math.asin",
    numericSlope: { 1 / ((1 - $0) * (1 + $0)).squareRoot() },
    rule: DerivativeRule("arcsine", #"(\arcsin u)' = \frac{1}{\sqrt{1 - u^2}}"#),
    slope: { u, _ in 1 / .function(.sqrt, 1 - u.raised(to: 2)) })

  package static let acos: ElementFunction = .init(
    name: "acos", aliases: ["arccos"], summary: "the angle in radians that has this cosine",
    domain: .sines, spelling: Spelling("\\arccos", .raisedCall),
    laws: Laws(exact: { $0.isOne ? .zero : nil }),
    value: Glibc.acos, script: "Math.acos",
    numericSlope: { -1 / ((1 - $0) * (1 + $0)).squareRoot() },
    rule: DerivativeRule("arccosine", #"(\arccos u)' = -\frac{1}{\sqrt{1 - u^2}}"#),
    slope: { u, _ in -1 / .function(.sqrt, 1 - u.raised(to: 2)) })

  package static let atan: ElementFunction = .init(
    name: "atan", aliases: ["arctan"], summary: "the angle in radians that has this tangent",
    spelling: Spelling("\\arctan", .raisedCall),
    laws: Laws(exact: { $0.isZero ? .zero : nil }, symmetry: .odd),
    value: Glibc.atan, script: "Math.atan", numericSlope: { 1 / (1 + $0 * $0) },
    rule: DerivativeRule("arctangent", #"(\arctan u)' = \frac{1}{1 + u^2}"#),
    slope: { u, _ in 1 / (1 + u.raised(to: 2)) })

  package static let sinh: ElementFunction = .init(
    name: "sinh", summary: "the hyperbolic sine", spelling: Spelling("\\sinh", .raisedCall),
    laws: Laws(exact: { $0.isZero ? .zero : nil }, symmetry: .odd),
    value: Glibc.sinh, script: "Math.sinh", numericSlope: Glibc.cosh,
    rule: DerivativeRule("hyperbolic sine", #"(\sinh u)' = \cosh u"#),
    slope: { u, _ in .function(.cosh, u) })

  package static let cosh: ElementFunction = .init(
    name: "cosh", summary: "the hyperbolic cosine", spelling: Spelling("\\cosh", .raisedCall),
    laws: Laws(exact: { $0.isZero ? .one : nil }, symmetry: .even),
    value: Glibc.cosh, script: "Math.cosh", numericSlope: Glibc.sinh,
    rule: DerivativeRule("hyperbolic cosine", #"(\cosh u)' = \sinh u"#),
    slope: { u, _ in .function(.sinh, u) })

  package static let erf: ElementFunction = .init(
    name: "erf",
    summary: "the error function: 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x",
    laws: Laws(exact: { $0.isZero ? .zero : nil }, symmetry: .odd),
    value: Glibc.erf, script: "A.erf",
    numericSlope: { 2 / Double.pi.squareRoot() * Glibc.exp(-$0 * $0) },
    rule: DerivativeRule(
      "error function", #"\operatorname{erf}'(u) = \frac{2}{\sqrt{\pi}} e^{-u^2}"#),
    slope: { u, _ in 2 / .function(.sqrt, .constant(.pi)) * .function(.exp, -(u.raised(to: 2))) })

  package static let sign: ElementFunction = .init(
    name: "sign", summary: "-1, 0 or 1: whether a number is negative, 0 or positive",
    formula: .condition(.greater, u, 0) - .condition(.less, u, 0), kinks: [0],
    laws: Laws(
      exact: { $0.isZero ? .zero : $0.isNegative ? .minusOne : .one }, symmetry: .odd),
    value: { $0 > 0 ? 1 : $0 < 0 ? -1 : $0.isNaN ? .nan : 0 }, numericSlope: { _ in 0 },
    rule: DerivativeRule("sign", #"\operatorname{sign}'(u) = 0"#),
    slope: { _, _ in 0 })

  package static let floor = rounding(
    "floor", "the largest whole number that is not greater",
    .around("\\left\\lfloor ", " \\right\\rfloor"), script: "Math.floor"
  ) { $0.rounded(.down) }

  package static let ceil = rounding(
    "ceil", "the smallest whole number that is not less",
    .around("\\left\\lceil ", " \\right\\rceil"), script: "Math.ceil"
  ) { $0.rounded(.up) }

  package static let round = rounding(
    "round", "the nearest whole number, halves away from zero", .call, script: "A.round"
  ) { $0.rounded() }

  /// A function that is constant between its jumps.
  private static func rounding(
    _ name: String, _ summary: String, _ form: Spelling.Form, script: String,
    _ value: @escaping @Sendable (Double) -> Double
  ) -> ElementFunction {
    ElementFunction(
      name: name, summary: summary, spelling: Spelling(named: name, form),
      refusal: .noDerivative(
        reason:
          "\(name) has no usable derivative: it is 0 between the jumps, and at a jump there is none",
        help: "leave \(name) out of what is differentiated"),
      value: value, script: script)
  }

  /// The remainder by a number, which has its sign: mod(−1, 3) is 2.
  package static func mod(by divisor: Number) -> ElementFunction {
    ElementFunction(
      name: "mod", parameter: Parameter("y", divisor, standard: nil) { mod(by: $0) },
      value: { remainder($0, divisor.value) }, script: "x=>A.mod(x,\(divisor.value.script))",
      numericSlope: { _ in 1 },
      rule: DerivativeRule("remainder", #"\operatorname{mod}(u, y)' = 1"#), slope: { _, _ in 1 })
  }

  /// x − y·⌊x/y⌋ without its cancellation.
  package static func remainder(_ x: Double, _ y: Double) -> Double {
    if y.isInfinite, x.isFinite { return x == 0 || x.sign == y.sign ? x : y }
    let rest = fmod(x, y)
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
  }
}

extension ElementFunction.Domain {
  /// What a sine or cosine can be.
  fileprivate static let sines = ElementFunction.Domain(-1...1)
}
