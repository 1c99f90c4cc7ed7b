import Display
import Language
import Networks
import Notation

/// A picture as a value: shown like any other, and kept under a name.
package struct FigureRecord: Record {
  let figure: any Figure
  /// With its article: "a heat map".
  package let description: String

  package init(figure: any Figure, description: String) {
    self.figure = figure
    self.description = description
  }

  package var kindName: String { "Figure" }
  package var memberNames: [String] { [] }
  package func member(_ name: String) -> Value? { nil }
  package var tidy: TidyTable { TidyTable([]) }
  package func render(_ settings: Settings) -> MIMEBundle {
    figure.bundle(numbers: settings.numberFormat)
  }
}

extension NetworkOutline {
  /// The circles and lines of a network, without numbers.
  package func diagram(
    weights: [NetworkDiagram.Connection],
    nodes: (_ layer: Int, _ neuron: Int) -> NetworkDiagram.Node,
    loss: NetworkDiagram.Loss? = nil, title: SymbolText
  ) throws(FigureError) -> NetworkDiagram {
    var all = [
      NetworkDiagram.Layer(
        "Input", caption: .words("\(inputs.counted("input"))"),
        nodes: (1...max(inputs, 1)).map { nodes(0, $0) })
    ]
    for (index, layer) in layers.enumerated() {
      all.append(
        NetworkDiagram.Layer(
          .words(index == layers.count - 1 ? "Output" : "Layer \(index + 1)"),
          caption: caption(layer: index + 1),
          nodes: (1...layer.outputs).map { nodes(index + 1, $0) },
          curve: layer.activation?.curve))
    }
    return try NetworkDiagram(title: title, layers: all, connections: weights, loss: loss)
  }

  /// x₁, or the name that the network gives its input; a₂^[1].
  func nodeName(_ layer: Int, _ neuron: Int) -> SymbolText {
    if layer == 0, let inputNames, inputNames.count == inputs {
      return .words(inputNames[neuron - 1])
    }
    return .quantity(.activation(layer: layer, neuron: neuron))
  }
}

extension Activation {
  /// The graph of a function of one number around 0, or around its threshold.
  var curve: ActivationCurve? {
    guard isElementwise else { return nil }
    let middle = threshold?.value ?? 0
    let isStep = if case .decisions = meaning { true } else { false }
    let count = 32
    return ActivationCurve(
      values: (0..<count).map { step in
        value(middle + 8 * (Double(step) / Double(count - 1) - 0.5))
      }, isStep: isStep)
  }
}
