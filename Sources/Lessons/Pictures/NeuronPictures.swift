import Display
import Language
import MatrixEngine
import Networks
import Notation
import Syntax

/// What a close-up of a neuron shows: a network, and what is known of a run, its gradients and an update.
struct NeuronScene {
  let outline: NetworkOutline
  let state: NetworkState
  /// Of the first example.
  var pass: Trace?
  var gradients: Gradients?
  var new: NetworkState?
  /// How many examples the gradients are of.
  var examples = 1

  /// The neuron at a place that a cell names.
  func diagram(
    of neuron: NeuronPlace, in interpreter: Interpreter, at span: SourceSpan
  ) throws(Diagnostic) -> NeuronDiagram {
    let number = neuron.layer
    guard outline.layers.indices.contains(number - 1) else {
      throw Diagnostic(
        .value, "\(outline.name) has no layer \(number)", at: neuron.span,
        help: "neuron = [layer, neuron], with a layer from 1 to \(outline.layers.count)")
    }
    let layer = outline.layers[number - 1]
    guard (1...layer.outputs).contains(neuron.neuron) else {
      throw Diagnostic(
        .value, "layer \(number) of \(outline.name) has no neuron \(neuron.neuron)",
        at: neuron.span, help: "it has \(layer.outputs.counted("neuron")), from 1 on")
    }
    guard
      let parameters = NetworkDiagram.Parameters(state.parameterValues[number - 1], of: layer)
    else {
      throw Diagnostic(
        .type, "layer \(number) of \(outline.name) has no weights that a neuron could sum up",
        at: neuron.span, help: "diagram(\(outline.name)) draws it among the others")
    }
    let parts = Parts(
      scene: self, layer: layer, number: number, neuron: neuron.neuron, parameters: parameters,
      biasIsWeight: interpreter.settings.bias == .w0)
    return try interpreter.placed(span) { () throws(FigureError) in try parts.diagram() }
  }

  /// The same neuron seen from its layer.
  private struct Parts {
    let scene: NeuronScene
    let layer: any Layer
    let number: Int
    let neuron: Int
    let parameters: NetworkDiagram.Parameters
    let biasIsWeight: Bool

    func diagram() throws(FigureError) -> NeuronDiagram {
      let applied = layer.lines.last?.applied
      let sum = applied?.quantity ?? layer.lines.first?.quantity ?? Trace.output
      let example =
        scene.pass != nil && scene.examples > 1 ? ", example 1 of \(scene.examples)" : ""
      return try NeuronDiagram(
        title: .words("Neuron \(neuron) of layer \(number) of \(scene.outline.name)\(example)"),
        inputs: (0..<layer.inputs).map { input in
          NeuronDiagram.Input(
            .init(
              scene.outline.nodeName(number - 1, input + 1),
              scene.pass?.output(of: number - 1)[0, input]),
            weight: parameter(from: input, parameters.weights[input, neuron - 1]))
        }, bias: parameters.bias.map { parameter(from: nil, $0[neuron - 1]) },
        sum: quantity(sum), output: quantity(Trace.output), activation: activation(applied),
        isOfOneExample: scene.examples == 1)
    }

    private func parameter(from input: Int?, _ value: Double) -> NeuronDiagram.Parameter {
      let name = Quantity.parameter(
        from: input.map { $0 + 1 } ?? 0, to: neuron, layer: number, biasIsWeight: biasIsWeight)
      let gradients = scene.gradients.flatMap {
        NetworkDiagram.Parameters($0.parameters[number - 1], of: layer)
      }
      let new = scene.new.flatMap {
        NetworkDiagram.Parameters($0.parameterValues[number - 1], of: layer)
      }
      return .init(
        .quantity(name), value, gradient: gradients?.value(from: input, to: neuron - 1),
        new: new?.value(from: input, to: neuron - 1))
    }

    private func quantity(_ name: String) -> NeuronDiagram.Quantity {
      .init(
        NetworkSymbol.neuron(name, number, neuron),
        scene.pass?[name, number]?[0, neuron - 1],
        gradient: scene.new == nil
          ? scene.gradients?.trace[name, number]?[0, neuron - 1] : nil)
    }

    private func activation(
      _ applied: (function: Activation, quantity: String)?
    ) -> NeuronDiagram.Activation {
      guard let function = applied?.function, !function.isIdentity else {
        return .init(.words(applied?.function.notation ?? ""), curve: applied?.function.curve)
      }
      var activation = NeuronDiagram.Activation(.words(function.notation), curve: function.curve)
      if function.isElementwise {
        activation.applied = { NetworkSymbol.activated(function, $0) }
      } else {
        activation.hidesSum = true
      }
      return activation
    }
  }
}

extension Call {
  /// The neuron that `neuron = [layer, neuron]` names; nil where it is left out.
  func neuronPlace() throws(Diagnostic) -> NeuronPlace? {
    guard case .array(let array)? = self["neuron"]?.value else { return nil }
    let span = span(of: "neuron")
    let numbers = array.storage.compactMap { $0 == $0.rounded() ? Int(exactly: $0) : nil }
    guard numbers.count == 2, array.storage.count == 2 else {
      throw Diagnostic(
        .value, "neuron names a layer and a neuron of it, two whole numbers", at: span,
        help: "neuron = [2, 1] is the first neuron of layer 2")
    }
    return NeuronPlace(layer: numbers[0], neuron: numbers[1], span: span)
  }
}
