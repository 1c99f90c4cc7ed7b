import Notation

/// What is written in a circle and around it.
struct NodeSketch {
  struct Line {
    var text: SymbolText
    var style: TextStyle
  }

  /// The lines in the circle: values, or the name.
  var inside: [SymbolText] = []
  /// The lines of the name, where it stands above.
  var above: [SymbolText] = []
  /// The name, where it stands left of the circle.
  var beside: SymbolText?
  var below: [Line] = []
  /// The curve between net input and activation, or instead of any text.
  var curve: ActivationCurve?

  static let nameStyle = TextStyle(size: 16)
  static let valueStyle = TextStyle(size: 14)
  static let besideStyle = TextStyle(size: 15)
  static let gradientStyle = TextStyle(size: 14, color: Palette.gradient)
  static let newStyle = TextStyle(size: 14, isBold: true)
  static let aboveLeading = 19.0
  static let belowLeading = 18.0
  /// A circle in which names stand; one in which numbers stand grows with them up to the largest.
  static let nameRadius = 22.0
  static let largestRadius = 64.0
  private static let besideWidth = 120.0
  private static let namesLines = 2

  /// A neuron with every number; `brief` leaves out what the way back and an update do not change.
  init(
    _ diagram: NetworkDiagram, layer: Int, node index: Int, level: NetworkLayout.Level,
    numbers: NumberFormat
  ) {
    let node = diagram.layers[layer].nodes[index]
    let curve = diagram.layers[layer].curve.flatMap { $0.isStep ? $0 : nil }
    self.curve = curve
    let fits = Self.nameStyle.width(of: node.name) <= 2 * Self.nameRadius - 8
    if level == .hover {
      if fits {
        inside = [node.name]
      } else if layer == 0 {
        beside = Self.besideStyle.fitted(node.name, width: Self.besideWidth)
      } else {
        above = Self.lines(of: node.name)
      }
      return
    }
    inside = node.values.map { $0.line(of: node, numbers) }
    if inside.isEmpty, fits {
      inside = [node.name]
    } else {
      above = Self.lines(of: node.name)
    }
    below = Self.below(diagram, layer, index, numbers)
  }

  private static func lines(of name: SymbolText) -> [SymbolText] {
    guard !name.isEmpty else { return [] }
    let lines = nameStyle.wrapped(name, width: besideWidth)
    guard lines.count > namesLines else { return lines }
    return lines.prefix(namesLines - 1)
      + [nameStyle.fitted(lines[namesLines - 1] + "…", width: besideWidth)]
  }

  /// The bias and the derivatives, which belong to the neuron itself.
  private static func below(
    _ diagram: NetworkDiagram, _ layer: Int, _ index: Int, _ numbers: NumberFormat
  ) -> [Line] {
    var lines: [Line] = []
    let node = diagram.layers[layer].nodes[index]
    let connection = layer > 0 ? diagram.connections[layer - 1] : nil
    let b = SymbolText.variable("b")
    if let connection, connection.hasValues, let bias = connection.parameters.bias?[index] {
      let name = connection.name(from: nil, to: index).map { $0 + .sign(.equals) } ?? b + " "
      lines.append(Line(text: name + numbers.symbol(bias), style: valueStyle))
      if let new = connection.new?.bias?[index] {
        lines.append(Line(text: "→ " + numbers.symbol(new), style: newStyle))
      }
      if let gradient = connection.gradients?.bias?[index], gradient != node.gradient {
        lines.append(Line(text: "∂" + b + " " + numbers.symbol(gradient), style: gradientStyle))
      }
    }
    if let gradient = node.gradient {
      lines.append(Line(text: "∂ " + numbers.symbol(gradient), style: gradientStyle))
    }
    return lines.map { Line(text: $0.style.fitted($0.text, width: 180), style: $0.style) }
  }

  // MARK: - Room

  var aboveHeight: Double { above.isEmpty ? 0 : Double(above.count) * Self.aboveLeading + 8 }
  var belowHeight: Double { below.isEmpty ? 0 : Double(below.count) * Self.belowLeading + 5 }
  var besideWidth: Double {
    beside.map { Self.besideStyle.width(of: $0) + 8 } ?? 0
  }

  /// The widest text above or below the circle.
  var textWidth: Double {
    (above.map { Self.nameStyle.width(of: $0) } + below.map { $0.style.width(of: $0.text) }).max()
      ?? 0
  }

  /// How far apart the lines in the circle are.
  var insideLeading: Double { curve == nil ? 20 : 38 }

  /// Whether the name stands in the circle.
  var hasNameInside: Bool { above.isEmpty && beside == nil }

  /// How far below the middle of the circle the curve is, and how large: below the name, or between numbers.
  var curveDrop: Double { hasNameInside ? 13 : 0 }
  var curveSize: Point { hasNameInside ? Point(18, 8) : Point(26, 15) }
  /// How far below the middle of the circle the lines in it are.
  var insideDrop: Double { hasNameInside && curve != nil ? -5 : 0 }

  var insideStyle: TextStyle { hasNameInside ? Self.nameStyle : Self.valueStyle }

  /// The radius of a circle in which everything has room.
  var radius: Double {
    guard !inside.isEmpty else { return 20 }
    let reach = insideLeading * Double(inside.count - 1) / 2 + 7
    let style = insideStyle
    let half = (inside.map { style.width(of: $0) }.max() ?? 0) / 2
    return max((half * half + reach * reach).squareRoot() + 2, Self.nameRadius)
  }

  /// The texts with the boxes that they take, around a circle at a place.
  func texts(at center: Point, radius: Double) -> [(line: Line, base: Point, anchor: TextAnchor)] {
    var result: [(line: Line, base: Point, anchor: TextAnchor)] = []
    for (index, line) in above.enumerated() {
      let rise = radius + 10 + Double(above.count - 1 - index) * Self.aboveLeading
      result.append(
        (Line(text: line, style: Self.nameStyle), center - Point(0, rise), .middle))
    }
    for (index, line) in below.enumerated() {
      let fall = radius + 16 + Double(index) * Self.belowLeading
      result.append((line, center + Point(0, fall), .middle))
    }
    if let beside {
      let style = Self.besideStyle
      result.append(
        (
          Line(text: beside, style: style), center + Point(-radius - 6, style.middleShift), .end
        ))
    }
    return result
  }
}

extension NetworkDiagram.Value {
  /// The number as it stands in the circle of a node, with its name where it is one of several.
  func line(of node: NetworkDiagram.Node, _ numbers: NumberFormat) -> SymbolText {
    let number = value.map { numbers.symbol($0) } ?? "—"
    return node.values.count > 1 && !name.isEmpty ? name + " " + number : number
  }
}
