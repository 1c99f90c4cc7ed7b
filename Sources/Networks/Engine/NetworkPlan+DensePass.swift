import MatrixEngine

extension NetworkPlan {
  /// Forward, loss and backward in one call; nil for a network that is more than dense layers whose functions work entry
  /// by entry.
  func densePass<Scalar: NetworkScalar>(_ interrupt: InterruptFlag?) -> DensePass<Scalar>? {
    guard !layers.isEmpty, residuals.isEmpty else { return nil }
    let kernels: LossKernels<Scalar> = Scalar.kernels(of: loss)
    guard let (body, isFused, factor) = denseLoss(kernels) else { return nil }
    var stages: [DenseStage<Scalar>] = []
    for (index, place) in layers.enumerated() {
      let appliesFunction = !isFused || index < layers.count - 1
      guard
        let stage: DenseStage<Scalar> = Scalar.stage(
          of: place.layer, at: place.start, appliesFunction: appliesFunction)
      else { return nil }
      stages.append(stage)
    }
    return DensePass(
      stages, loss: body, factor: factor, parameters: parameterCount, interrupt: interrupt)
  }

  /// The loss for the kernels, whether the last activation is its part, and what it is multiplied by.
  private func denseLoss<Scalar: NetworkScalar>(
    _ kernels: LossKernels<Scalar>
  ) -> (DenseLoss<Scalar>, isFused: Bool, factor: Double)? {
    let perEntry = loss.isPerEntry ? 1 / Double(max(outputs, 1)) : 1
    if isFused, let fused = kernels.fused {
      guard let kernel = fused.kernel else { return nil }
      // Squares go with any activation; the others hold their own.
      if case .squares = kernel { return (kernel, false, perEntry) }
      return (kernel, true, perEntry)
    }
    guard loss.predictions == .all else { return nil }
    if let kernel = kernels.kernel { return (kernel, false, perEntry) }
    return kernels.formula.map { (.formula($0.value, slope: $0.slope), false, perEntry) }
  }
}

extension AccuracyRule {
  /// The same for the kernels.
  var hits: DenseHits {
    switch self {
    case .none: .none
    case .largestOutput: .largest
    case .eachEntry(let low, let high): .entries(middle: (low + high) / 2, high: high)
    }
  }
}
