import Calculus
import MatrixEngine

/// w ← w − ηg. Source: lecture 3, "Weight Updates with Gradient Descent".
struct GradientDescent: UpdateRule {
  func kernel(number: Int, rate: Double) -> KernelUpdate? { .descent(rate: rate) }
}

/// v ← μv + g, w ← w − ηv. Source: torch.optim.SGD with momentum.
struct Momentum: UpdateRule {
  let decay: Double

  func kernel(number: Int, rate: Double) -> KernelUpdate? { .momentum(rate: rate, decay: decay) }
}

/// v ← μv + g, w ← w − η(g + μv). Source: torch.optim.SGD with momentum and nesterov.
struct Nesterov: UpdateRule {
  let decay: Double

  func kernel(number: Int, rate: Double) -> KernelUpdate? { .nesterov(rate: rate, decay: decay) }
}

extension Optimizer {
  package static let sgd = Optimizer(
    "sgd", summary: "gradient descent: against the gradient", defaultLearningRate: 0.1,
    lines: [Line("w", .parameter(state: "new"), .w - .rate * .g)],
    kernels: { _ in UpdateKernels(GradientDescent()) })

  package static let momentum = Optimizer(
    "momentum", summary: "gradient descent with a velocity v that goes on",
    defaultLearningRate: 0.1, coefficients: [.momentum],
    lines: [
      Line("v", .kept(column: "v"), .symbol("μ") * .symbol("v") + .g),
      Line("w", .parameter(state: "new"), .w - .rate * .symbol("v")),
    ], kernels: { UpdateKernels(Momentum(decay: $0[0])) })

  package static let nesterov = Optimizer(
    "nesterov", summary: "momentum that looks ahead", defaultLearningRate: 0.1,
    coefficients: [.momentum],
    lines: [
      Line("v", .kept(column: "v"), .symbol("μ") * .symbol("v") + .g),
      Line("w", .parameter(state: "new"), .w - .rate * (.g + .symbol("μ") * .symbol("v"))),
    ], kernels: { UpdateKernels(Nesterov(decay: $0[0])) })
}

extension Optimizer.Coefficient {
  fileprivate static let momentum = Optimizer.Coefficient(
    "μ", aliases: ["mu", "momentum", "beta", "β"], 0.9, in: .decays)

  /// What keeps a quotient from dividing by 0.
  static func epsilon(_ value: Double) -> Optimizer.Coefficient {
    Optimizer.Coefficient("ε", aliases: ["epsilon", "eps", "ϵ"], value, in: .notNegative)
  }
}

extension Expression {
  static let w = Expression.symbol(Optimizer.parameter)
  static let g = Expression.symbol(Optimizer.gradient)
  static let rate = Expression.symbol(Optimizer.learningRate)
}
