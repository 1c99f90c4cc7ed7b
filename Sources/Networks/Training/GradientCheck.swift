import MatrixEngine

/// Analytic derivatives of the loss beside central differences.
package struct GradientCheck: Sendable, Equatable {
  /// One parameter. Layer, input and neuron from 1; a bias has input 0.
  package struct Entry: Sendable, Equatable {
    package let layer: Int
    package let parameter: NetworkError.Parameter
    package let input: Int
    package let neuron: Int
    package let analytic: Double
    package let numeric: Double
    /// |a − n| / max(|a|, |n|, 1e-3)
    package let relativeError: Double
    /// Whether some net input crosses a kink of its activation within ±h: no verdict then.
    package let isAtKink: Bool
  }

  package let entries: [Entry]
  /// What counts as agreement: 1e-6, and 1e-3 for a float32 network, whose analytic side carries
  /// its rounding.
  package let tolerance: Double

  /// The entry of largest error among those not at a kink.
  package var worst: Entry? {
    entries.filter { !$0.isAtKink }.max {
      // A NaN is worse than every number.
      $0.relativeError.isNaN ? false : $1.relativeError.isNaN || $0.relativeError < $1.relativeError
    }
  }

  package var passes: Bool {
    entries.allSatisfy { $0.isAtKink || $0.relativeError <= tolerance }
  }
}

extension Network {
  /// Compares every derivative with (L(w + h) − L(w − h))/2h, h = ε^⅓·max(1, |w|).
  ///
  /// The differences are always taken in Double, from the weights as they are.
  /// Shape: `x: [m, n]`, `y: [m, k]`. Throws: as `backward`.
  package func gradientCheck(
    _ x: Matrix<Double>, _ y: Matrix<Double>, interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> GradientCheck {
    let gradients = try backward(x, y, interrupt: interrupt)
    let probe = DenseEngine<Double>(plan)
    probe.write(state.parameters, at: 0)
    let data = TrainingData<Double>(x, y, .none, interrupt: interrupt)
    let workspace = Workspace<Double>(
      plan, capacity: plan.panelHeight(examples: x.rows), needsGradients: false,
      interrupt: interrupt)
    let kinks = KinkWatch(plan)
    let root = Double.pow(Double.ulpOfOne, 1 / 3)
    var entries: [GradientCheck.Entry] = []
    for (index, layer) in plan.layers.enumerated() {
      let analytic = gradients.weights[index].storage + gradients.biases[index]
      for i in analytic.indices {
        let place = layer.weightStart + i
        let value = probe.parameters[place]
        let h = root * max(1, value.magnitude)
        probe.parameters[place] = value + h
        let above = try data.score(workspace, parameters: probe.parameters)
        let sidesAbove = kinks.isEmpty ? [] : try kinks.sides(probe, x, interrupt)
        probe.parameters[place] = value - h
        let below = try data.score(workspace, parameters: probe.parameters)
        let sidesBelow = kinks.isEmpty ? [] : try kinks.sides(probe, x, interrupt)
        probe.parameters[place] = value
        let numeric = (above.loss - below.loss) / (2 * h)
        let isBias = i >= layer.inputs * layer.units
        entries.append(
          GradientCheck.Entry(
            layer: index + 1, parameter: isBias ? .biases : .weights,
            input: isBias ? 0 : i / layer.units + 1, neuron: i % layer.units + 1,
            analytic: analytic[i], numeric: numeric,
            relativeError: GradientCheck.relativeError(analytic[i], numeric),
            isAtKink: sidesAbove != sidesBelow))
      }
    }
    return GradientCheck(entries: entries, tolerance: precision == .float64 ? 1e-6 : 1e-3)
  }
}

extension GradientCheck {
  /// |a − n| / max(|a|, |n|, 1e-3): relative, but forgiving near 0.
  package static func relativeError(_ analytic: Double, _ numeric: Double) -> Double {
    (analytic - numeric).magnitude / max(analytic.magnitude, numeric.magnitude, 1e-3)
  }
}

/// On which side of its activation's kinks every net input lies.
private struct KinkWatch {
  let kinks: [[Double]]
  var isEmpty: Bool { kinks.allSatisfy(\.isEmpty) }

  init(_ plan: NetworkPlan) { kinks = plan.layers.map(\.activation.kinks) }

  /// −1, 0 or 1 for every net input and kink.
  func sides(_ engine: DenseEngine<Double>, _ x: Matrix<Double>, _ interrupt: InterruptFlag?)
    throws(NetworkError) -> [Int8]
  {
    let pass = try engine.forward(x, interrupt: interrupt)
    var result: [Int8] = []
    for (z, kinks) in zip(pass.z, kinks) {
      for kink in kinks {
        for value in z.storage { result.append(value < kink ? -1 : value > kink ? 1 : 0) }
      }
    }
    return result
  }
}
