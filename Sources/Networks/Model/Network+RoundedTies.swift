import MatrixEngine

extension Network {
  /// Whether a layer decides by a threshold, so that there may be ties.
  package var hasThresholds: Bool { plan.hasThresholds }

  /// The ties of a forward pass; nil where there are none. Shape: `x: [m, n]`.
  ///
  /// Throws: as `forward`.
  package func roundedTies(_ x: Matrix<Double>, interrupt: InterruptFlag? = nil)
    throws(NetworkError) -> RoundedTies?
  {
    guard hasThresholds else { return nil }
    let run = try forward(x, interrupt: interrupt)
    var ties: RoundedTies?
    for (l, layer) in layers.enumerated() {
      guard let dense = layer as? DenseLayer, let threshold = dense.activation?.threshold,
        let weights = parameterValues[l].first?.matrix
      else { continue }
      let biases = dense.bias == nil ? [0] : parameterValues[l].last?.value.storage ?? [0]
      let input = run.output(of: l)
      for i in 0..<input.rows {
        for k in 0..<weights.columns {
          let bias = biases[biases.count == 1 ? 0 : k]
          let terms = (0..<weights.rows).map { input[i, $0] * weights[$0, k] }
          let z = terms.reduce(0, +) + bias
          let largest = terms.reduce(max(bias.magnitude, threshold.value.magnitude)) {
            max($0, $1.magnitude)
          }
          guard z != threshold.value, threshold.isTie(z, largest: largest) else { continue }
          if ties == nil {
            ties = RoundedTies(
              layer: l + 1, neuron: k + 1, example: i + 1, threshold: threshold.value)
          } else {
            ties?.count += 1
          }
        }
      }
    }
    return ties
  }
}
