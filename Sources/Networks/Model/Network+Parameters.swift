import MatrixEngine

extension Network {
  /// The parameters of all layers, layer 1 first.
  package var parameterValues: [[ParameterValue]] { plan.parameterValues(read) }

  /// A parameter of a layer, from 1.
  ///
  /// Throws: `NetworkError.layerNumber`, `.noParameter`.
  package func parameter(_ name: String, layer: Int) throws(NetworkError) -> Tensor<Double> {
    let (parameter, range) = try place(name, layer)
    return parameter.value(read(range))
  }

  /// Sets a parameter of a layer. This is no update: `updates` stays.
  ///
  /// Throws: `NetworkError.layerNumber`, `.noParameter`; `.weightShape`, `.biasShape`, `.parameterShape`.
  package func setParameter(_ name: String, layer: Int, to value: Tensor<Double>)
    throws(NetworkError)
  {
    let (parameter, range) = try place(name, layer)
    try parameter.check(value, layer: layer)
    write(value.storage, at: range.lowerBound)
  }

  private func place(_ name: String, _ layer: Int) throws(NetworkError)
    -> (parameter: LayerParameter, range: Range<Int>)
  {
    guard (1...plan.layers.count).contains(layer) else {
      throw .layerNumber(layer, count: plan.layers.count)
    }
    for place in plan.layers[layer - 1].parameters where place.parameter.names.contains(name) {
      return place
    }
    throw .noParameter(name, layer: layer, known: layers[layer - 1].parameters.map(\.name))
  }
}

extension [any Layer] {
  /// The names of all parameters, in the order in which they first occur.
  package var parameterNames: [String] {
    var names: [String] = []
    for parameter in flatMap(\.parameters) where !names.contains(parameter.name) {
      names.append(parameter.name)
    }
    return names
  }

  /// Those that gradients are asked for: no averages.
  package var learnedNames: [String] {
    parameterNames.filter { name in
      contains { $0.parameters.contains { $0.name == name && !$0.isAverage } }
    }
  }

  /// The first parameter of this name or twin.
  package func parameter(named name: String) -> LayerParameter? {
    flatMap(\.parameters).first { $0.names.contains(name) }
  }
}
