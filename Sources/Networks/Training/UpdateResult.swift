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

  /// Every entry of every parameter, in the order in which they lie in memory.
  package var changes: [ParameterChange] {
    var result: [ParameterChange] = []
    let (old, new) = (old.parameterValues, new.parameterValues)
    for (index, layer) in self.old.layers.enumerated() {
      for (position, parameter) in layer.parameters.enumerated() {
        let before = old[index][position].value.storage
        let gradient = gradients.parameters[index][position].value.storage
        let after = new[index][position].value.storage
        for i in before.indices {
          result.append(
            ParameterChange(
              place: parameter.place(i, layer: index + 1), old: before[i], gradient: gradient[i],
              new: after[i]))
        }
      }
    }
    return result
  }

  /// Whether a parameter is one that updates leave as it is.
  package func keeps(_ place: ParameterPlace) -> Bool {
    old.layers[place.layer - 1].parameter(named: place.parameter)?.isFrozen ?? false
  }

  /// The changes of parameters that are not frozen.
  private var moves: [ParameterChange] { changes.filter { !keeps($0.place) } }

  /// The change of largest magnitude, the first at ties.
  package var largest: ParameterChange? {
    moves.reduce(nil) { best, next in
      guard let best else { return next }
      return next.magnitude > best.magnitude ? next : best
    }
  }

  /// The change of smallest magnitude, the first at ties.
  package var smallest: ParameterChange? {
    moves.reduce(nil) { best, next in
      guard let best else { return next }
      return next.magnitude < best.magnitude ? next : best
    }
  }
}

/// One entry of a parameter before and after an update.
package struct ParameterChange: Sendable, Equatable {
  package let place: ParameterPlace
  package let old: Double
  package let gradient: Double
  package let new: Double

  package var change: Double { new - old }
  package var magnitude: Double { change.magnitude }
}
