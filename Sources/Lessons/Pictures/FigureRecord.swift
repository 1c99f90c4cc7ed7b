import Display
import Language
import MatrixEngine
import Networks
import Notation

/// A picture as a value: shown like any other, and kept under a name.
package struct FigureRecord: Record {
  let figure: any Figure
  /// With its article: "a heat map".
  package let description: String
  /// Whether its axes stay where they are while it is explored.
  let keepsAxes: Bool

  package init(figure: any Figure, description: String, keepsAxes: Bool = false) {
    self.figure = figure
    self.description = description
    self.keepsAxes = keepsAxes
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
  /// The circles and lines of a network, without numbers. A layer that gives an array has its matrices in place of
  /// nodes.
  package func diagram(
    weights: [NetworkDiagram.Connection],
    nodes: (_ layer: Int, _ neuron: Int) -> NetworkDiagram.Node,
    maps: (_ layer: Int) -> [Matrix<Double>] = { _ in [] },
    loss: NetworkDiagram.Loss? = nil, title: SymbolText
  ) throws(FigureError) -> NetworkDiagram {
    func layer(
      _ number: Int, _ title: SymbolText, _ caption: SymbolText, _ sizes: [Int],
      _ curve: ActivationCurve?
    ) -> NetworkDiagram.Layer {
      guard sizes.count > 1 else {
        let count = sizes.reduce(1, *)
        return NetworkDiagram.Layer(
          title, caption: caption, nodes: (1...max(count, 1)).map { nodes(number, $0) },
          curve: curve)
      }
      return NetworkDiagram.Layer(
        title, caption: caption, nodes: [], curve: curve, sizes: sizes, maps: maps(number))
    }
    let given = layers.first?.inputSizes ?? [inputs]
    let counted =
      given.count > 1
      ? given.map(String.init).joined(separator: "×") : "\(inputs.counted("input"))"
    var all = [layer(0, "Input", .words(counted), given, nil)]
    for (index, found) in layers.enumerated() {
      all.append(
        layer(
          index + 1, .words(index == layers.count - 1 ? "Output" : "Layer \(index + 1)"),
          caption(layer: index + 1), found.outputSizes, found.activation?.curve))
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
