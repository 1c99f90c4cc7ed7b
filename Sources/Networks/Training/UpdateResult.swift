import MatrixEngine

/// What one `step` did.
package struct UpdateResult: Sendable {
  package let old: NetworkState
  package let new: NetworkState
  /// At the old weights.
  package let gradients: Gradients
  /// The mean loss at the old weights, and at the new.
  package let before: Double
  package let after: Double
  package let learningRate: Double

  /// Every parameter: layer by layer, W row by row, then b.
  package var changes: [ParameterChange] {
    var result: [ParameterChange] = []
    let layers = zip(zip(old.allWeights, new.allWeights), zip(old.allBiases, new.allBiases))
    for (index, (weights, biases)) in layers.enumerated() {
      let columns = weights.0.columns
      for i in weights.0.storage.indices {
        result.append(
          ParameterChange(
            layer: index + 1, parameter: .weights, input: i / columns + 1,
            neuron: i % columns + 1, old: weights.0.storage[i],
            gradient: gradients.weights[index].storage[i], new: weights.1.storage[i]))
      }
      for j in biases.0.indices {
        result.append(
          ParameterChange(
            layer: index + 1, parameter: .biases, input: 0, neuron: j + 1, old: biases.0[j],
            gradient: gradients.biases[index][j], new: biases.1[j]))
      }
    }
    return result
  }

  /// The change of largest magnitude, the first at ties.
  package var largest: ParameterChange? {
    changes.reduce(nil) { best, next in
      guard let best else { return next }
      return next.magnitude > best.magnitude ? next : best
    }
  }

  /// The change of smallest magnitude, the first at ties.
  package var smallest: ParameterChange? {
    changes.reduce(nil) { best, next in
      guard let best else { return next }
      return next.magnitude < best.magnitude ? next : best
    }
  }
}

/// One parameter before and after an update. Layer, input and neuron from 1; a bias has input 0.
package struct ParameterChange: Sendable, Equatable {
  package let layer: Int
  package let parameter: NetworkError.Parameter
  package let input: Int
  package let neuron: Int
  package let old: Double
  package let gradient: Double
  package let new: Double

  package var change: Double { new - old }
  package var magnitude: Double { change.magnitude }
}
