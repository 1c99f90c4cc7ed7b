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
    value: Glibc.tanh, script: "Math.tanh", numericSlope: { 1 / (Glibc.cosh($0) * Glibc.cosh($0)) },
    rule: DerivativeRule("hyperbolic tangent", #"(\tanh u)' = 1 - \tanh^2 u"#),
    slope: { _, value in 1 - value.raised(to: 2) })

  package static let sigmoid: ElementFunction = .init(
    name: "sigmoid", aliases: ["σ"], formula: 1 / (1 + .function(.exp, -u)),
    spelling: Spelling("\\sigma"),
    laws: Laws(exact: { $0.isZero ? .ratio(1, 2) : nil }),
    value: stableSigmoid, script: "A.sigmoid",
    numericSlope: { stableSigmoid($0) * stableSigmoid(-$0) },
    rule: DerivativeRule("sigmoid", #"\sigma'(u) = \sigma(u) \left(1 - \sigma(u)\right)"#),
    slope: { _, value in value * (1 - value) })

  package static let relu: ElementFunction = .init(
    name: "relu", formula: .choosing(.greater, u, 0, then: u, else: 0), kinks: [0],
    spelling: Spelling(named: "ReLU"),
    laws: Laws(exact: { $0.isNegative ? .zero : $0 }, sides: (.zero, .one)),
    value: { $0 < 0 ? 0 : $0 }, script: "x=>x<0?0:x", numericSlope: { $0 > 0 ? 1 : 0 },
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

  package static let silu: ElementFunction = .init(
    name: "silu", aliases: ["swish"], formula: u * .function(.sigmoid, u),
    spelling: Spelling(named: "SiLU"), laws: Laws(exact: { $0.isZero ? .zero : nil }),
    value: { $0 * stableSigmoid($0) }, script: "x=>x*A.sigmoid(x)",
    numericSlope: { stableSigmoid($0) * (1 + $0 * stableSigmoid(-$0)) },
    rule: DerivativeRule(
      "SiLU", #"\operatorname{SiLU}'(u) = \sigma(u) \left(1 + u \left(1 - \sigma(u)\right)\right)"#),
    slope: { u, _ in
      .function(.sigmoid, u) * (1 + u * (1 - .function(.sigmoid, u)))
    })

  /// The exact form, by the error function.
  package static let gelu: ElementFunction = .init(
    name: "gelu", formula: u / 2 * (1 + .function(.erf, u / .function(.sqrt, 2))),
    spelling: Spelling(named: "GELU"), laws: Laws(exact: { $0.isZero ? .zero : nil }),
    value: { $0 * standardNormal($0) }, script: "x=>x*A.erfc(-x/Math.SQRT2)/2",
    numericSlope: {
      standardNormal($0) + $0 * Glibc.exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot()
    },
    rule: DerivativeRule("GELU", #"\operatorname{GELU}'(u) = \Phi(u) + u \varphi(u)"#),
    slope: { u, _ in
      (1 + .function(.erf, u / .function(.sqrt, 2))) / 2
        + u * .function(.exp, -u.raised(to: 2) / 2) / .function(.sqrt, 2 * .constant(.pi))
    })

  /// The distribution function of the standard normal, without cancellation far below 0.
  private static func standardNormal(_ x: Double) -> Double {
    Glibc.erfc(-x / 2.0.squareRoot()) / 2
  }

  package static let elu = elu(alpha: .one)

  package static func elu(alpha: Number) -> ElementFunction {
    let below = Expression.function(.exp, u) - 1
    return ElementFunction(
      name: "elu", parameter: Parameter("alpha", alpha, standard: .one) { elu(alpha: $0) },
      formula: .choosing(
        .greater, u, 0, then: u, else: alpha.isOne ? below : .number(alpha) * below),
      kinks: alpha.isOne ? [] : [0], spelling: Spelling(named: "ELU"),
      laws: Laws(exact: { $0.isZero ? .zero : $0.isNegative ? nil : $0 }),
      value: { $0 > 0 ? $0 : alpha.value * Glibc.expm1($0) },
      script: "x=>x>0?x:\(alpha.value.script)*Math.expm1(x)",
      numericSlope: { $0 > 0 ? 1 : alpha.value * Glibc.exp($0) },
      rule: DerivativeRule(
        "ELU", #"\begin{cases} \alpha e^u & u \le 0 \\ 1 & u > 0 \end{cases}"#),
      slope: { u, _ in
        .choosing(.greater, u, 0, then: 1, else: .number(alpha) * .function(.exp, u))
      })
  }

  package static let softplus: ElementFunction = .init(
    name: "softplus", formula: .function(.ln, 1 + .function(.exp, u)),
    value: { max($0, 0) + Glibc.log1p(Glibc.exp(-$0.magnitude)) },
    script: "x=>Math.max(x,0)+Math.log1p(Math.exp(-Math.abs(x)))", numericSlope: stableSigmoid,
    rule: DerivativeRule("softplus", #"\operatorname{softplus}'(u) = \sigma(u)"#),
    slope: { u, _ in .function(.sigmoid, u) })

  package static let hardTanh: ElementFunction = .init(
    name: "hard_tanh",
    formula: Expression(
      .extremum(.max, -1, Expression(.extremum(.min, 1, u), .scalar)), .scalar),
    kinks: [-1, 1], laws: Laws(symmetry: .odd),
    value: { $0 < -1 ? -1 : $0 > 1 ? 1 : $0 }, numericSlope: { $0.magnitude < 1 ? 1 : 0 },
    rule: DerivativeRule(
      "hard tanh", #"\begin{cases} 1 & |u| < 1 \\ 0 & |u| \ge 1 \end{cases}"#),
    slope: { u, _ in .condition(.less, .function(.abs, u), 1) })

  package static let softsign: ElementFunction = .init(
    name: "softsign", formula: u / (1 + .function(.abs, u)),
    laws: Laws(exact: { $0.isZero ? .zero : nil }, symmetry: .odd),
    value: { $0 / (1 + $0.magnitude) },
    numericSlope: { 1 / ((1 + $0.magnitude) * (1 + $0.magnitude)) },
    rule: DerivativeRule(
      "softsign", #"\operatorname{softsign}'(u) = \frac{1}{\left(1 + |u|\right)^2}"#),
    slope: { u, _ in 1 / (1 + .function(.abs, u)).raised(to: 2) })

  /// Without overflow of e^(−x).
  private static func stableSigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + Glibc.exp(-x)) }
    let e = Glibc.exp(x)
    return e / (1 + e)
  }
}
