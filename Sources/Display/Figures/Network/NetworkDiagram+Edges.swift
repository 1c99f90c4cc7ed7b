import JSONText
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
  /// Whether other numbers may take the place of those that are drawn.
  var moves = false

  /// The line of a number; of one that is not known, a plain one.
  func stroke(_ amount: Double?) -> SVGCanvas.Stroke {
    guard let amount else { return SVGCanvas.Stroke(color: Palette.axis, width: 1.5) }
    var stroke = SVGCanvas.Stroke(color: Palette.axis, width: Self.zeroWidth, dash: .dotted)
    if amount != 0, largest > 0 {
      let part = abs(amount) / largest
      stroke = SVGCanvas.Stroke(
        color: Palette.tint(color(amount), Self.leastTint + (1 - Self.leastTint) * part),
        width: width.least + width.more * part, dash: dash(amount))
    }
    if moves { stroke.amount = .init(value: amount, look: look) }
    return stroke
  }

  private static let zeroWidth = 1.2
  /// How strong the colour of the smallest number is.
  private static let leastTint = 0.45

  private func color(_ amount: Double) -> RGBColor {
    pass == .gradients ? Palette.gradient : amount > 0 ? Palette.positive : Palette.negative
  }

  /// An arrow of the way back says its sign by its number where that stands beside it.
  private func dash(_ amount: Double) -> Dash {
    amount < 0 && !(pass == .gradients && hasNumbers) ? .dashed : .solid
  }

  /// The width of the smallest number, and what the largest adds to it.
  private var width: (least: Double, more: Double) { hasNumbers ? (1.2, 4.3) : (1, 3.2) }

  /// Which of `NetworkDiagram.lineLooks` it is.
  private var look: Int { (pass == .gradients ? 2 : 0) + (hasNumbers ? 0 : 1) }

  /// For those who draw such lines elsewhere: colours and dashes (in widths of the line) above, below and at 0, the
  /// widths, and what a weak colour is mixed with.
  fileprivate var description: JSONObject {
    func units(_ dash: Dash) -> JSONValue { .array(dash.units.map { .number($0) }) }
    return [
      "colors": .array([color(1), color(-1), Palette.axis].map { .string($0.hexadecimal) }),
      "dashes": .array([units(dash(1)), units(dash(-1)), units(.dotted)]),
      "least": .number(width.least), "more": .number(width.more), "zero": .number(Self.zeroWidth),
      "ground": .string(Palette.background.hexadecimal), "tint": .number(Self.leastTint),
    ]
  }

  /// A line from an input to a neuron; of the way back an arrow from the neuron to the input.
  func draw(_ edge: NetworkLayout.Edge, _ amount: Double?, on canvas: inout SVGCanvas) {
    let stroke = stroke(amount)
    guard pass == .gradients, let amount, amount != 0 || moves else {
      return canvas.line(from: edge.from, to: edge.to, stroke)
    }
    guard moves else { return canvas.arrow(from: edge.to, to: edge.from, stroke) }
    // The head stays as it is, whatever the line becomes.
    let (way, size) = (edge.from - edge.to, 12.0)
    guard way.length > size else { return canvas.line(from: edge.from, to: edge.to, stroke) }
    canvas.line(
      from: edge.to, to: edge.from.toward(edge.to, 0.8 * size / way.length), stroke)
    canvas.arrowHead(
      at: edge.from, along: (1 / way.length) * way, size: size, Palette.tint(Palette.gradient, 0.8))
  }
}

extension NetworkDiagram {
  /// How lines look whose numbers may be replaced, by the number that stands in their mark.
  package static var lineLooks: JSONValue {
    .array(
      [Pass.weights, .gradients].flatMap { pass in
        [true, false].map {
          .object(EdgeStyle(pass: pass, largest: 1, hasNumbers: $0).description)
        }
      })
  }
}
