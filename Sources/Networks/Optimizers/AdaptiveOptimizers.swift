import Calculus
import MatrixEngine

/// v ← v + g², w ← w − ηg/(√v + ε). Source: Duchi et al. (2011); torch.optim.Adagrad.
struct AdaGrad: UpdateRule {
  let epsilon: Double

  func kernel(number: Int, rate: Double) -> KernelUpdate? { .adagrad(rate: rate, epsilon: epsilon) }
}

/// v ← αv + (1 − α)g², w ← w − ηg/(√v + ε). Source: torch.optim.RMSprop.
struct RMSProp: UpdateRule {
  let decay: Double
  let epsilon: Double

  func kernel(number: Int, rate: Double) -> KernelUpdate? {
    .rmsprop(rate: rate, decay: decay, epsilon: epsilon)
  }
}

/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
/// w ← w − ηm̂/(√v̂ + ε), with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
///
/// AdamW first shrinks the weights: w ← w − ηλw.
/// Source: Kingma and Ba (2015); Loshchilov and Hutter (2019); torch.optim.Adam, AdamW.
struct Adam: UpdateRule {
  let decay1: Double
  let decay2: Double
  let epsilon: Double
  /// λ of AdamW; 0 for Adam.
  let weightDecay: Double

  var isSteady: Bool { false }

  func kernel(number: Int, rate: Double) -> KernelUpdate? {
    let count = Double(number)
    return .adam(
      rate: rate / (1 - Double.pow(decay1, count)), decay1: decay1, decay2: decay2,
      epsilon: epsilon, unbias: 1 / (1 - Double.pow(decay2, count)).squareRoot(),
      shrink: 1 - rate * weightDecay)
  }
}

extension Optimizer {
  package static let adagrad = Optimizer(
    "adagrad", summary: "every parameter at a rate that its past gradients slow down",
    defaultLearningRate: 0.01, coefficients: [.epsilon(1e-10)],
    lines: [
      Line("v", .kept(column: "v"), .symbol("v") + .g.raised(to: 2)),
      Line("w", .parameter(state: "new"), .w - .rate * .g / (.root("v") + .symbol("ε"))),
    ], kernels: { UpdateKernels(AdaGrad(epsilon: $0[0])) })

  package static let rmsprop = Optimizer(
    "rmsprop", summary: "every gradient over the root of a running mean of its square",
    defaultLearningRate: 0.001,
    coefficients: [
      .init("α", aliases: ["alpha", "rho", "ρ", "decay"], 0.99, in: .decays), .epsilon(1e-8),
    ],
    lines: [
      Line("v", .kept(column: "v"), .averaged("v", by: "α", .g.raised(to: 2))),
      Line("w", .parameter(state: "new"), .w - .rate * .g / (.root("v") + .symbol("ε"))),
    ], kernels: { UpdateKernels(RMSProp(decay: $0[0], epsilon: $0[1])) })

  package static let adam = Optimizer(
    "adam", summary: "running means of the gradient and of its square, corrected for their start",
    defaultLearningRate: 0.001, coefficients: moments,
    lines: moving + [Line("w", .parameter(state: "new"), .w - .symbol("Δ"))],
    kernels: {
      UpdateKernels(Adam(decay1: $0[0], decay2: $0[1], epsilon: $0[2], weightDecay: 0))
    })

  package static let adamw = Optimizer(
    "adamw", summary: "adam behind a decay of all parameters", defaultLearningRate: 0.001,
    coefficients: moments + [
      .init("λ", aliases: ["lambda", "weight_decay", "decay"], 0.01, in: .notNegative)
    ],
    lines: [Line("w", .parameter(state: "decayed"), .w - .rate * .symbol("λ") * .w)] + moving
      + [Line("w", .parameter(state: "new"), .w - .symbol("Δ"))],
    kernels: {
      UpdateKernels(
        Adam(decay1: $0[0], decay2: $0[1], epsilon: $0[2], weightDecay: $0[3]))
    })

  private static let moments = [
    Coefficient("β₁", aliases: ["beta1", "β1"], 0.9, in: .decays),
    Coefficient("β₂", aliases: ["beta2", "β2"], 0.999, in: .decays), .epsilon(1e-8),
  ]

  /// Δ, by which adam moves a parameter.
  private static let moving = [
    Line("m", .kept(column: "m"), .averaged("m", by: "β₁", .g)),
    Line("v", .kept(column: "v"), .averaged("v", by: "β₂", .g.raised(to: 2))),
    Line("m̂", .shown(column: "m_hat"), .unbiased("m", by: "β₁")),
    Line("v̂", .shown(column: "v_hat"), .unbiased("v", by: "β₂")),
    Line("Δ", .told, .rate * .symbol("m̂") / (.root("v̂") + .symbol("ε"))),
  ]
}

extension Expression {
  /// βv + (1 − β)x
  fileprivate static func averaged(_ name: String, by decay: String, _ next: Expression)
    -> Expression
  {
    .symbol(decay) * .symbol(name) + (1 - .symbol(decay)) * next
  }

  /// v/(1 − βᵗ)
  fileprivate static func unbiased(_ name: String, by decay: String) -> Expression {
    let power = try? Expression.power(.symbol(decay), .symbol(Optimizer.count))
    return .symbol(name) / (1 - (power ?? .number(.nan)))
  }

  fileprivate static func root(_ name: String) -> Expression { .function(.sqrt, .symbol(name)) }
}
