import Notation

extension NetworkDiagram.Connection {
  /// What stands at a line: name and weight, the gradient, the new weight.
  func label(
    from input: Int, to neuron: Int, _ level: NetworkLayout.Level, _ numbers: NumberFormat
  ) -> [NodeSketch.Line] {
    guard hasValues, level != .hover,
      let weight = parameters.value(from: input, to: neuron)
    else { return [] }
    var lines: [NodeSketch.Line] = []
    let gradient = gradients?.value(from: input, to: neuron)
    if level == .numbers || gradient == nil {
      let name = name(from: input, to: neuron).map { $0 + .sign(.equals) } ?? ""
      let style = NetworkLayout.labelStyle
      lines.append(
        .init(text: style.fitted(name + numbers.symbol(weight), width: 180), style: style))
    }
    if let gradient {
      lines.append(
        .init(text: "∂ " + numbers.symbol(gradient), style: NodeSketch.gradientStyle))
    }
    if let new = new?.value(from: input, to: neuron) {
      lines.append(.init(text: "→ " + numbers.symbol(new), style: NodeSketch.newStyle))
    }
    return lines
  }
}

/// How lines look: wide and dark where much is on them.
struct EdgeStyle {
  let pass: NetworkDiagram.Pass
  let largest: Double
  /// Whether the numbers stand beside the lines.
  let hasNumbers: Bool

  /// The line of a number; of one that is not known, a plain one.
  func stroke(_ amount: Double?) -> SVGCanvas.Stroke {
    guard let amount else { return SVGCanvas.Stroke(color: Palette.axis, width: 1.5) }
    guard amount != 0, largest > 0 else {
      return SVGCanvas.Stroke(color: Palette.axis, width: 1.2, dash: .dotted)
    }
    let part = abs(amount) / largest
    // An arrow of the way back says its sign by its number where that stands beside it.
    let isDashed = amount < 0 && !(pass == .gradients && hasNumbers)
    let color =
      pass == .gradients
      ? Palette.gradient : amount > 0 ? Palette.positive : Palette.negative
    return SVGCanvas.Stroke(
      color: Palette.tint(color, 0.45 + 0.55 * part),
      width: hasNumbers ? 1.2 + 4.3 * part : 1 + 3.2 * part, dash: isDashed ? .dashed : .solid)
  }

  /// A line from an input to a neuron; of the way back an arrow from the neuron to the input.
  func draw(_ edge: NetworkLayout.Edge, _ amount: Double?, on canvas: inout SVGCanvas) {
    let stroke = stroke(amount)
    guard pass == .gradients, let amount, amount != 0 else {
      return canvas.line(from: edge.from, to: edge.to, stroke)
    }
    canvas.arrow(from: edge.to, to: edge.from, stroke)
  }
}
