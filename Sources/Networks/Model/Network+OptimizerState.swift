extension Network {
  /// How many updates an optimizer has seen that goes on where the last update stopped; 0 for another one.
  package func updates(of optimizer: Optimizer) -> Int { state(of: optimizer).count }

  /// What an optimizer goes on from: what it left, or nothing when another one was at work.
  func state(of optimizer: Optimizer) -> OptimizerState {
    optimizerState.flatMap { $0.optimizer == optimizer ? $0 : nil }
      ?? OptimizerState(optimizer, plan: plan)
  }
}
