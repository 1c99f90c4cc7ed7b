import MatrixEngine

/// Everything that makes a network at one moment, as a value: what an update keeps, what a failing statement
/// goes back to, and what another thread may know of a network.
package struct NetworkState: Sendable {
  package let definition: NetworkDefinition
  package let layers: [any Layer]
  package let loss: Loss
  let plan: NetworkPlan
  let stored: StoredParameters
  let random: RandomSource
  package let updates: Int
  /// What the last training or step left.
  package let optimizerState: OptimizerState?

  package var name: String { definition.name }
  /// Shape: `[plan.parameterCount]`.
  package var parameters: [Double] { stored[0..<plan.parameterCount] }
  /// The layers, from the first to the last, behind which what went in is added.
  package var residuals: [ClosedRange<Int>] { definition.residuals }

  package var outputSizes: [Int] { layers.last?.outputSizes ?? definition.inputSizes }

  /// Whether every layer makes a vector of a vector, the same in training, by its lines alone.
  package var isOfVectors: Bool { residuals.isEmpty && layers.allSatisfy(\.isOfVectors) }

  /// The parameters of all layers, layer 1 first.
  package var parameterValues: [[ParameterValue]] {
    plan.parameterValues { stored[$0] }
  }
}

extension Network {
  package var state: NetworkState {
    NetworkState(
      definition: definition, layers: layers, loss: loss, plan: plan,
      stored: stored, random: random, updates: updates,
      optimizerState: optimizerState)
  }

  /// Takes over the parameters, random numbers, count of updates and optimizer's state that this network, or one of the same
  /// definition, had.
  package func restore(from state: NetworkState) {
    random = state.random
    updates = state.updates
    optimizerState = state.optimizerState
    write(state.stored)
  }
}

/// Parameters in the precision of their network.
enum StoredParameters: Sendable {
  case double([Double])
  case float([Float])

  subscript(places: Range<Int>) -> [Double] {
    switch self {
    case .double(let numbers): Array(numbers[places])
    case .float(let numbers): numbers[places].map(Double.init)
    }
  }
}

extension NetworkPlan {
  /// All parameters, from what reads numbers at their places.
  func parameterValues(_ read: (Range<Int>) -> [Double]) -> [[ParameterValue]] {
    layers.map { place in
      place.parameters.map { parameter, range in
        ParameterValue(
          parameter: parameter.name, naming: parameter.naming, value: parameter.value(read(range)))
      }
    }
  }
}
