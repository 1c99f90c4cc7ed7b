import MatrixEngine

/// What an optimizer keeps from one update to the next.
package struct OptimizerState: Sendable, Equatable {
  package let optimizer: Optimizer
  /// How many updates it has seen.
  package let count: Int
  /// One quantity of all parameters behind the other, in the order of the optimizer's lines.
  let kept: [Double]

  /// Before the first update.
  init(_ optimizer: Optimizer, plan: NetworkPlan) {
    self.init(
      optimizer, count: 0,
      kept: Array(repeating: 0, count: optimizer.kept.count * plan.parameterCount))
  }

  init(_ optimizer: Optimizer, count: Int, kept: [Double]) {
    self.optimizer = optimizer
    self.count = count
    self.kept = kept
  }
}
