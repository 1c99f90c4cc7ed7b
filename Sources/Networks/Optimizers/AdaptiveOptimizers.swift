import MatrixEngine

/// v ← αv + (1 − α)g², w ← w − ηg/(√v + ε). Source: torch.optim.RMSprop.
struct RMSProp: UpdateRule {
  let decay: Double
  let epsilon: Double

  @inline(__always)
  func update<Scalar: MatrixScalar>(_ step: UpdateStep<Scalar>) {
    let rate = Scalar(step.learningRate)
    let (decay, rest, epsilon) = (Scalar(decay), Scalar(1 - decay), Scalar(epsilon))
    step.first.map(step.gradients, into: step.first) { decay * $0 + rest * $1 * $1 }
    step.old.map(step.gradients, step.first, into: step.new) {
      $0 - rate * $1 / ($2.squareRoot() + epsilon)
    }
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

  @inline(__always)
  func update<Scalar: MatrixScalar>(_ step: UpdateStep<Scalar>) {
    let count = Double(step.number)
    let rate = Scalar(step.learningRate / (1 - Double.pow(decay1, count)))
    let unbias = Scalar(1 / (1 - Double.pow(decay2, count)).squareRoot())
    let (decay1, rest1) = (Scalar(decay1), Scalar(1 - decay1))
    let (decay2, rest2) = (Scalar(decay2), Scalar(1 - decay2))
    let epsilon = Scalar(epsilon)
    let shrink = Scalar(1 - step.learningRate * weightDecay)
    step.first.map(step.gradients, into: step.first) { decay1 * $0 + rest1 * $1 }
    step.second.map(step.gradients, into: step.second) { decay2 * $0 + rest2 * $1 * $1 }
    step.old.map(step.first, step.second, into: step.new) {
      shrink * $0 - rate * $1 / ($2.squareRoot() * unbias + epsilon)
    }
  }
}

extension Optimizer {
  package static let rmsprop = Optimizer(
    RMSProp(decay: 0.99, epsilon: 1e-8), name: "rmsprop", defaultLearningRate: 0.001,
    formula: "v ← 0.99v + 0.01g², w - η*g/(√v + ε)",
    latex: #"v \leftarrow 0.99\,v + 0.01\,g^2,\quad w - \frac{\eta\,g}{\sqrt{v} + \epsilon}"#)

  package static let adam = Optimizer(
    Adam(decay1: 0.9, decay2: 0.999, epsilon: 1e-8, weightDecay: 0), name: "adam",
    defaultLearningRate: 0.001,
    formula: "m ← 0.9m + 0.1g, v ← 0.999v + 0.001g², w - η*m̂/(√v̂ + ε)",
    latex: #"w - \frac{\eta\,\hat m}{\sqrt{\hat v} + \epsilon}"#)

  package static let adamw = Optimizer(
    Adam(decay1: 0.9, decay2: 0.999, epsilon: 1e-8, weightDecay: 0.01), name: "adamw",
    defaultLearningRate: 0.001,
    formula: "w ← (1 - 0.01η)w, then adam",
    latex: #"(1 - 0.01\,\eta)\,w - \frac{\eta\,\hat m}{\sqrt{\hat v} + \epsilon}"#)
}
