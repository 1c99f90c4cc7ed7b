import MatrixEngine
import Networks

/// What tests of dense layers read of runs and networks: W, b, z and a by their layers.
extension Trace {
  var z: [Matrix<Double>] { (1...layers.count).compactMap { self["z", $0] } }
  var a: [Matrix<Double>] { (0...layers.count).map { output(of: $0) } }
}

extension Gradients {
  var z: [Matrix<Double>] { trace.z }
  var a: [Matrix<Double>] { trace.a }
  var weights: [Matrix<Double>] { parameters.map { $0[0].matrix } }
  var biases: [[Double]] { parameters.map { $0[1].value.storage } }
}

extension Network {
  var allWeights: [Matrix<Double>] { parameterValues.map { $0[0].matrix } }
  var allBiases: [[Double]] { parameterValues.map { $0[1].value.storage } }

  func weights(_ layer: Int) throws(NetworkError) -> Matrix<Double> {
    _ = try parameter("W", layer: layer)
    return allWeights[layer - 1]
  }

  func biases(_ layer: Int) throws(NetworkError) -> [Double] {
    try parameter("b", layer: layer).storage
  }

  func setWeights(_ layer: Int, to value: Tensor<Double>) throws(NetworkError) {
    try setParameter("W", layer: layer, to: value)
  }

  func setBiases(_ layer: Int, to value: Tensor<Double>) throws(NetworkError) {
    try setParameter("b", layer: layer, to: value)
  }

  func setWeight(_ layer: Int, input: Int, neuron: Int, to value: Double) throws(NetworkError) {
    var weights = try weights(layer)
    weights[input - 1, neuron - 1] = value
    try setWeights(layer, to: weights)
  }

  func setBias(_ layer: Int, neuron: Int, to value: Double) throws(NetworkError) {
    var biases = try biases(layer)
    biases[neuron - 1] = value
    try setBiases(layer, to: .vector(biases))
  }
}

extension NetworkState {
  var allWeights: [Matrix<Double>] { parameterValues.map { $0[0].matrix } }
  var allBiases: [[Double]] { parameterValues.map { $0[1].value.storage } }
}
