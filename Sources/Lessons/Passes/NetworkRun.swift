import Calculus
import Language
import MatrixEngine
import Networks
import Notation

/// A pass through a network as it happened: what an explanation tells again, line by line.
package struct NetworkRun: Sendable {
  package let network: NetworkState
  package let forward: Trace
  /// Whether it is a pass in training: averages are the lines' own, masks are drawn.
  package var isTraining = false
  /// The targets, one example a row; nil for a forward pass alone.
  package var targets: Matrix<Double>?
  /// Of the loss of the data.
  package var gradients: Gradients?
  /// With what a penalty adds.
  package var penalized: Gradients?

  package var examples: Int { forward.examples }
  var residuals: [ClosedRange<Int>] { network.residuals }
  package var layers: Int { network.layers.count }
  /// By what the sum of the losses of all examples is divided.
  var divisor: Int { network.loss.divisor(examples: examples, outputs: units(layers)) }
  /// The net inputs of a dense layer.
  func netInput(_ layer: Int) -> Matrix<Double> {
    forward["z", layer] ?? forward.output(of: layer)
  }

  /// A parameter of a layer, a vector as one row; no numbers where it has none of the name.
  func parameter(_ name: String, _ layer: Int) -> Matrix<Double> {
    network.parameterValues[layer - 1].first { $0.parameter == name }?.matrix ?? .row([])
  }

  /// Whether something is added to what a layer gives before it goes on.
  func isSum(_ layer: Int) -> Bool { residuals.contains { $0.upperBound == layer } }

  /// Whether it is told by the lines of its layers alone, for one example: where a quantity has several indices, or
  /// something is added on the way.
  var isOfArrays: Bool {
    !residuals.isEmpty
      || network.layers.contains { $0.inputSizes.count != 1 || $0.outputSizes.count != 1 }
  }

  /// Whether the matrix form tells all examples at once: where layers are told by their lines, these must have a form
  /// for that, and no example may be asked for.
  func isToldAtOnce(_ choice: NetworkChoice) -> Bool {
    let byLines = (1...layers).filter { !(layer($0) is any TellsItself) }
    return byLines.isEmpty
      || examples > 1 && choice.example == nil
        && byLines.allSatisfy { layer($0).seesWholeBatch || hasBatchForm($0) }
  }

  /// Whether the lines of a layer that sees one example have a form for all of them, an example a row, in which the
  /// capital letters of the quantities do not mean parameters too.
  func hasBatchForm(_ number: Int) -> Bool {
    let layer = layer(number)
    guard !layer.seesWholeBatch, layer.masks.isEmpty,
      let lines = try? LayerFormulas(layer, isTraining: isTraining, .forwardOnly).forward
    else { return false }
    let names =
      lines.map { NetworkSymbol.matrixName($0.name) }
      + layer.parameters.filter { !$0.isAverage }.map(\.name)
    return Set(names).count == names.count
  }

  /// How what goes on from a layer is called, where one example is told.
  func passedName(_ layer: Int) -> Quantity {
    Quantity(isSum(layer) ? "s" : layer == 0 ? LayerLine.input : Trace.output, layer: layer)
  }

  /// What goes on from a layer: what it gives, and what residuals that end there add; from layer 0 the input.
  func passedOn(_ layer: Int) -> Trace.Quantity {
    let own =
      forward.quantity(Trace.output, layer: layer)
      ?? Trace.Quantity(Trace.output, forward.input, sizes: forward.inputSizes)
    var sum = own.values
    for residual in residuals where residual.upperBound == layer {
      let added = passedOn(residual.lowerBound - 1).values
      sum = Matrix(
        rows: sum.rows, columns: sum.columns,
        storage: zip(sum.storage, added.storage).map { $0 + $1 })
    }
    return Trace.Quantity(Trace.output, sum, sizes: own.sizes)
  }

  package func layer(_ number: Int) -> any Layer { network.layers[number - 1] }
  /// How many values a layer gives, from 1; of layer 0 the inputs.
  package func units(_ layer: Int) -> Int { forward.output(of: layer).columns }
}

/// The quantities of a run, as both documents name them; with several examples those of one carry its number: a₁^[1]⁽³⁾.
package struct NetworkNames {
  let usesW0: Bool
  /// How many examples the run has.
  package let examples: Int

  package func z(_ layer: Int, _ neuron: Int, _ example: Int) -> Quantity {
    .netInput(layer: layer, neuron: neuron, example: shown(example))
  }
  /// An activation; of layer 0 the input x.
  package func a(_ layer: Int, _ neuron: Int, _ example: Int) -> Quantity {
    .activation(layer: layer, neuron: neuron, example: shown(example))
  }
  package func target(_ neuron: Int, of outputs: Int, _ example: Int) -> Quantity {
    .target(neuron: outputs == 1 ? nil : neuron, example: shown(example))
  }
  /// An entry of a parameter; a bias in the way of `set bias`.
  package func parameter(_ place: ParameterPlace) -> Quantity {
    place.quantity(biasIsWeight: usesW0)
  }
  /// A weight of a dense layer; with input 0 its bias.
  package func parameter(_ layer: Int, from input: Int, to neuron: Int) -> Quantity {
    .parameter(from: input, to: neuron, layer: layer, biasIsWeight: usesW0)
  }
  /// The weights to a neuron, or those from an input, as one vector.
  package func weights(_ layer: Int, to neuron: Int) -> Quantity {
    Quantity("w", index: "\(neuron)", layer: layer)
  }
  package func weights(_ layer: Int, from input: Int) -> Quantity {
    Quantity("v", index: "\(input)", layer: layer)
  }
  package func layer(_ letter: String, _ layer: Int, _ example: Int) -> Quantity {
    Quantity(letter, layer: layer, example: shown(example))
  }

  private func shown(_ example: Int) -> Int? { examples == 1 ? nil : example }
}
