import MatrixEngine

extension Network {
  /// W of a layer, from 1. Shape: `[n, k]`.
  ///
  /// Throws: `NetworkError.layerNumber`.
  package func weights(_ layer: Int) throws(NetworkError) -> Matrix<Double> {
    let place = try place(layer)
    return Matrix(
      rows: place.inputs, columns: place.units,
      storage: read(place.weightRange))
  }

  /// b of a layer, from 1. Shape: `[k]`.
  ///
  /// Throws: `NetworkError.layerNumber`.
  package func biases(_ layer: Int) throws(NetworkError) -> [Double] {
    let place = try place(layer)
    return read(place.biasRange)
  }

  /// W of all layers, layer 1 first.
  package var allWeights: [Matrix<Double>] { plan.weights(read) }

  /// b of all layers, layer 1 first.
  package var allBiases: [[Double]] { plan.biases(read) }

  /// Sets W of a layer. This is no update: `updates` stays.
  ///
  /// Throws: `NetworkError.layerNumber`, `.weightShape`.
  package func setWeights(_ layer: Int, to value: Tensor<Double>) throws(NetworkError) {
    let place = try place(layer)
    guard value.fits(Shape(place.inputs, place.units)) else {
      throw .weightShape(layer: layer, given: value, inputs: place.inputs, units: place.units)
    }
    write(value.storage, at: place.weightStart)
  }

  /// Sets b of a layer.
  ///
  /// Throws: `NetworkError.layerNumber`, `.biasShape`.
  package func setBiases(_ layer: Int, to value: Tensor<Double>) throws(NetworkError) {
    let place = try place(layer)
    guard value.fits(Shape(1, place.units)) else {
      throw .biasShape(layer: layer, given: value, units: place.units)
    }
    write(value.storage, at: place.biasStart)
  }

  /// Sets one weight, from an input to a neuron, both from 1.
  ///
  /// Throws: `NetworkError.layerNumber`, `.weightIndex`.
  package func setWeight(_ layer: Int, input: Int, neuron: Int, to value: Double)
    throws(NetworkError)
  {
    let place = try place(layer)
    guard (1...place.inputs).contains(input), (1...place.units).contains(neuron) else {
      throw .weightIndex(
        layer: layer, input: input, neuron: neuron, shape: Shape(place.inputs, place.units))
    }
    write([value], at: place.weightStart + (input - 1) * place.units + neuron - 1)
  }

  /// Sets one bias, of a neuron from 1.
  ///
  /// Throws: `NetworkError.layerNumber`, `.biasIndex`.
  package func setBias(_ layer: Int, neuron: Int, to value: Double) throws(NetworkError) {
    let place = try place(layer)
    guard (1...place.units).contains(neuron) else {
      throw .biasIndex(layer: layer, neuron: neuron, units: place.units)
    }
    write([value], at: place.biasStart + neuron - 1)
  }

  private func place(_ layer: Int) throws(NetworkError) -> NetworkPlan.Layer {
    guard (1...plan.layers.count).contains(layer) else {
      throw .layerNumber(layer, count: plan.layers.count)
    }
    return plan.layers[layer - 1]
  }
}
