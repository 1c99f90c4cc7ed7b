import MatrixEngine

/// Everything that makes a network at one moment, as a value: what an update keeps, what a failing statement
/// goes back to, and what another thread may know of a network.
package struct NetworkState: Sendable {
  package let definition: NetworkDefinition
  package let layers: [Network.Layer]
  package let loss: Loss
  let plan: NetworkPlan
  /// Shape: `[plan.parameterCount]`.
  let parameters: [Double]
  let random: RandomSource
  package let updates: Int

  package var name: String { definition.name }

  /// W of all layers, layer 1 first.
  package var allWeights: [Matrix<Double>] { plan.weights { parameters[$0] } }

  /// b of all layers, layer 1 first.
  package var allBiases: [[Double]] { plan.biases { parameters[$0] } }
}

extension Network {
  package var state: NetworkState {
    NetworkState(
      definition: definition, layers: layers, loss: loss, plan: plan,
      parameters: read(0..<plan.parameterCount), random: random, updates: updates)
  }

  /// Takes over the parameters, random numbers and count of updates that this network, or one of the same
  /// definition, had.
  package func restore(from state: NetworkState) {
    random = state.random
    updates = state.updates
    write(state.parameters, at: 0)
  }
}

extension NetworkPlan {
  /// W of all layers, from what reads parameters at their places.
  func weights(_ read: (Range<Int>) -> some Collection<Double>) -> [Matrix<Double>] {
    layers.map {
      Matrix(rows: $0.inputs, columns: $0.units, storage: Array(read($0.weightRange)))
    }
  }

  /// b of all layers, likewise.
  func biases(_ read: (Range<Int>) -> some Collection<Double>) -> [[Double]] {
    layers.map { Array(read($0.biasRange)) }
  }
}
