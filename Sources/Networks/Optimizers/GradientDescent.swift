import MatrixEngine

/// w ← w − ηg. Source: lecture 3, "Weight Updates with Gradient Descent".
struct GradientDescent: UpdateRule {
  @inline(__always)
  func update<Scalar: MatrixScalar>(_ step: UpdateStep<Scalar>) {
    let rate = Scalar(step.learningRate)
    step.old.map(step.gradients, into: step.new) { $0 - rate * $1 }
  }
}

/// v ← μv + g, w ← w − ηv. Source: torch.optim.SGD with momentum.
struct Momentum: UpdateRule {
  let decay: Double

  @inline(__always)
  func update<Scalar: MatrixScalar>(_ step: UpdateStep<Scalar>) {
    let rate = Scalar(step.learningRate)
    let decay = Scalar(decay)
    step.first.map(step.gradients, into: step.first) { decay * $0 + $1 }
    step.old.map(step.first, into: step.new) { $0 - rate * $1 }
  }
}

extension Optimizer {
  package static let sgd = Optimizer(
    GradientDescent(), name: "sgd", defaultLearningRate: 0.1,
    formula: "w - η*g", latex: #"w - \eta\,g"#)

  package static let momentum = Optimizer(
    Momentum(decay: 0.9), name: "momentum", defaultLearningRate: 0.1,
    formula: "v ← 0.9v + g, w - η*v", latex: #"v \leftarrow 0.9\,v + g,\quad w - \eta\,v"#)
}
