import MatrixEngine

/// The learning rates of one update: one for all parameters, or one a layer.
enum UpdateRates: Sendable {
  case one(Double)
  case layers([Double])

  /// That of a layer, from 0.
  subscript(layer: Int) -> Double {
    switch self {
    case .one(let rate): rate
    case .layers(let rates): rates[layer]
    }
  }
}

extension UpdateStep {
  /// Runs the body on the parts that move at one rate: on everything at once, or with one rate a layer layer by layer.
  @inline(__always)
  func forEachRate(_ rates: UpdateRates, _ plan: NetworkPlan, _ body: (UpdateStep) -> Void) {
    guard case .layers(let rates) = rates else { return body(self) }
    for (layer, rate) in zip(plan.layers, rates) {
      body(part(layer.start, layer.count, learningRate: rate))
    }
  }
}

extension NetworkPlan {
  /// Where the weights lie.
  var weights: [Range<Int>] {
    layers.flatMap { $0.parameters.filter { $0.parameter.isWeight }.map(\.range) }
  }

  /// A penalty on parameters of this plan. Shape: `parameters: [parameterCount]`.
  func value<Scalar: MatrixScalar>(of penalty: Penalty, at parameters: Buffer<Scalar>) -> Double {
    guard !penalty.isNone else { return 0 }
    return weights.reduce(0) { total, range in
      let part = parameters.part(range.lowerBound, range.count)
      return total + (0..<part.count).reduce(0.0) { $0 + penalty.value(Double(part[$1])) }
    }
  }
}

extension NetworkPlan {
  /// What gradients are multiplied by so that the norm of those that are not frozen is at most the bound: 1 where it is.
  ///
  /// Shape: `gradients: [parameterCount]`.
  func clipFactor(of gradients: [Double], _ bound: Double) -> Double {
    var moved = gradients
    for range in frozen { for place in range { moved[place] = 0 } }
    let norm = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > bound ? bound / norm : 1
  }
}
