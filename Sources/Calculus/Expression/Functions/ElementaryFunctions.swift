import Glibc

private let u = Expression.symbol("u")

extension ElementFunction {
  /// Every function of the calculus.
  package static let all: [ElementFunction] = [
    exp, ln, log10, log2, sqrt, abs, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, erf, sign,
    floor, ceil, round, mod(by: .one), sigmoid, relu, leakyRelu, unitStep, silu, gelu, elu,
    softplus, hardTanh, softsign,
  ]
}

/// The functions of analysis. Conventions at kinks: |x|′(0) = 0.
extension ElementFunction {
  package static let exp: ElementFunction = .init(
    name: "exp", summary: "the exponential function, e^x",
    formula: Expression(.power(.constant(.e), u), .scalar),
    spelling: Spelling("\\exp", .exponential("e")),
    laws: Laws(exact: { $0.isZero ? .one : nil }, isExponential: true, share: { sigmoid }),
    value: Glibc.exp, script: "Math.exp", numericSlope: Glibc.exp,
    rule: DerivativeRule("exponential", #"\left(e^{u}\right)' = e^{u}"#),
    slope: { _, value in value })

  package static let ln: ElementFunction = .init(
    name: "ln", aliases: ["log"], summary: "the natural logarithm; log is the same",
    domain: .notNegative, spelling: Spelling("\\ln"),
    laws: Laws(exact: { $0.isOne ? .zero : nil }, inverse: { exp }),
    value: Glibc.log, script: "Math.log", numericSlope: { 1 / $0 },
    rule: DerivativeRule("logarithm", #"(\ln u)' = \frac{1}{u}"#),
    slope: { u, _ in 1 / u })

  package static let log10: ElementFunction = .init(
    name: "log10", summary: "the logarithm to base 10", domain: .notNegative,
    spelling: Spelling("\\log_{10}"), laws: Laws(exact: { $0.isOne ? .zero : nil }),
    value: Glibc.log10, script: "Math.log10", numericSlope: { 1 / ($0 * Glibc.log(10)) },
    rule: DerivativeRule("logarithm", #"(\log_{10} u)' = \frac{1}{u \ln 10}"#),
    slope: { u, _ in 1 / u / .function(.ln, 10) })

  package static let sqrt: ElementFunction = .init(
    name: "sqrt", summary: "the square root", domain: .notNegative,
    spelling: Spelling(named: "sqrt", .around("\\sqrt{", "}")),
    laws: Laws(exponent: .ratio(1, 2)),
    value: { $0.squareRoot() }, script: "Math.sqrt", numericSlope: { 0.5 / $0.squareRoot() },
    rule: DerivativeRule("root", #"(\sqrt{u})' = \frac{1}{2 \sqrt{u}}"#),
    slope: { _, value in 1 / (2 * value) })

  package static let abs: ElementFunction = .init(
    name: "abs", summary: "the absolute value", kinks: [0],
    spelling: Spelling(named: "abs", .around("\\left|", "\\right|")),
    laws: Laws(exact: { $0.magnitude }, sides: (.minusOne, .one)),
    value: { $0.magnitude }, script: "Math.abs", numericSlope: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
    rule: DerivativeRule(
      "absolute value",
      #"|u|' = \begin{cases} 1 & u > 0 \\ -1 & u < 0 \\ 0 & u = 0 \end{cases}"#),
    slope: { u, _ in .function(.sign, u) })

  package static let sin: ElementFunction = .init(
    name: "sin", summary: "the sine of an angle in radians",
    spelling: Spelling("\\sin", .raisedCall),
    laws: Laws(exact: { $0.isZero ? .zero : nil }, symmetry: .odd, complement: { cos }),
    value: Glibc.sin, script: "Math.sin", numericSlope: Glibc.cos,
    rule: DerivativeRule("sine", #"(\sin u)' = \cos u"#),
    slope: { u, _ in .function(.cos, u) })

  package static let cos: ElementFunction = .init(
    name: "cos", summary: "the cosine of an angle in radians",
    spelling: Spelling("\\cos", .raisedCall),
    laws: Laws(exact: { $0.isZero ? .one : nil }, symmetry: .even),
    value: Glibc.cos, script: "Math.cos", numericSlope: { -Glibc.sin($0) },
    rule: DerivativeRule("cosine", #"(\cos u)' = -\sin u"#),
    slope: { u, _ in -Expression.function(.sin, u) })

  package static let tan: ElementFunction = .init(
    name: "tan", summary: "the tangent of an angle in radians",
    spelling: Spelling("\\tan", .raisedCall),
    laws: Laws(exact: { $0.isZero ? .zero : nil }, symmetry: .odd),
    value: Glibc.tan, script: "Math.tan", numericSlope: { 1 / (Glibc.cos($0) * Glibc.cos($0)) },
    rule: DerivativeRule("tangent", #"(\tan u)' = 1 + \tan^2 u"#),
    slope: { _, value in 1 + value.raised(to: 2) })
}
