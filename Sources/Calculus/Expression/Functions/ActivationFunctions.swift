import Glibc

private let u = Expression.symbol("u")

/// The functions of neurons. Conventions at kinks: relu′(0) = 0, leaky_relu′(0) = slope.
extension ElementFunction {
  package static let tanh: ElementFunction = .init(
    name: "tanh",
    formula: (.function(.exp, u) - .function(.exp, -u))
      / (.function(.exp, u) + .function(.exp, -u)),
    spelling: Spelling("\\tanh", .raisedCall),
    laws: Laws(exact: { $0.isZero ? .zero : nil }, symmetry: .odd),
    value: Glibc.tanh, numericSlope: { 1 / (Glibc.cosh($0) * Glibc.cosh($0)) },
    rule: DerivativeRule("hyperbolic tangent", #"(\tanh u)' = 1 - \tanh^2 u"#),
    slope: { _, value in 1 - value.raised(to: 2) })

  package static let sigmoid: ElementFunction = .init(
    name: "sigmoid", aliases: ["σ"], formula: 1 / (1 + .function(.exp, -u)),
    spelling: Spelling("\\sigma"),
    laws: Laws(exact: { $0.isZero ? .ratio(1, 2) : nil }),
    value: stableSigmoid, numericSlope: { stableSigmoid($0) * stableSigmoid(-$0) },
    rule: DerivativeRule("sigmoid", #"\sigma'(u) = \sigma(u) \left(1 - \sigma(u)\right)"#),
    slope: { _, value in value * (1 - value) })

  package static let relu: ElementFunction = .init(
    name: "relu", formula: .choosing(.greater, u, 0, then: u, else: 0), kinks: [0],
    spelling: Spelling(named: "ReLU"),
    laws: Laws(exact: { $0.isNegative ? .zero : $0 }, sides: (.zero, .one)),
    value: { $0 < 0 ? 0 : $0 }, numericSlope: { $0 > 0 ? 1 : 0 },
    rule: DerivativeRule(
      "ReLU", #"\max(0, u)' = \begin{cases} 0 & u \le 0 \\ 1 & u > 0 \end{cases}"#),
    slope: { u, _ in .condition(.greater, u, 0) })

  package static let leakyRelu = leakyRelu(slope: Number(0.01))

  package static func leakyRelu(slope: Number) -> ElementFunction {
    ElementFunction(
      name: "leaky_relu",
      parameter: Parameter("slope", slope, standard: Number(0.01)) { leakyRelu(slope: $0) },
      formula: .choosing(.greater, u, 0, then: u, else: .number(slope) * u), kinks: [0],
      spelling: Spelling(named: "LeakyReLU"), laws: Laws(sides: (slope, .one)),
      value: { $0 < 0 ? slope.value * $0 : $0 }, numericSlope: { $0 > 0 ? 1 : slope.value },
      rule: DerivativeRule(
        "leaky ReLU", #"\begin{cases} \text{slope} & u \le 0 \\ 1 & u > 0 \end{cases}"#),
      slope: { u, _ in .condition(.greater, u, 0) + .number(slope) * .condition(.lessOrEqual, u, 0)
      })
  }

  package static let unitStep = unitStep(threshold: .zero)

  package static func unitStep(threshold: Number) -> ElementFunction {
    ElementFunction(
      name: "unit_step", aliases: ["heaviside"],
      parameter: Parameter("threshold", threshold, standard: .zero) { unitStep(threshold: $0) },
      formula: .choosing(.greaterOrEqual, u, .number(threshold), then: 1, else: 0),
      kinks: [threshold.value], spelling: Spelling(named: "step"),
      laws: Laws(exact: { $0.value >= threshold.value ? .one : .zero }),
      refusal: .noDerivative(
        reason: "unit_step has no usable derivative: it is 0 wherever it exists, and at the "
          + "threshold there is none",
        help: "use sigmoid or relu in its place, or train a perceptron by its rule"),
      value: { $0 >= threshold.value ? 1 : 0 })
  }

  /// Without overflow of e^(−x).
  private static func stableSigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + Glibc.exp(-x)) }
    let e = Glibc.exp(x)
    return e / (1 + e)
  }
}
