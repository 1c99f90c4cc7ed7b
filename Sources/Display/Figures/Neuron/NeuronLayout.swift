import Notation

/// Where everything of a neuron's close-up stands, from left to right: inputs, weights, sum, activation, output.
struct NeuronLayout {
  /// An input, or the 1 of the bias; nil: the dots of inputs that are left out.
  struct Row {
    var input: Int?
    var isBias = false
    var hidden: Int?
    var y = 0.0
    var name: SymbolText = ""
    /// What stands in the circle, or where that has no room below the name.
    var inside: SymbolText = ""
    var value: SymbolText = ""
    var weight: NeuronDiagram.Parameter?
    /// The weight's line, and what stands below it.
    var label: SymbolText = ""
    var below: NodeSketch.Line?
  }

  /// How the numbers in the picture are written.
  let numbers: NumberFormat
  private(set) var rows: [Row] = []
  let radius: Double
  private(set) var circleX = 0.0
  /// Where the level pieces of the lines end, on which the weights stand.
  private(set) var levelEnd = 0.0
  private(set) var sum = Point(0, 0)
  private(set) var box = Box(0, 0, 0, 0)
  private(set) var end = Point(0, 0)
  private(set) var activationName: [SymbolText] = []
  private(set) var width = 0.0
  private(set) var bottom = 0.0

  static let sumRadius = 29.0
  static let labelStyle = TextStyle(size: 14)
  static let nameStyle = TextStyle(size: 16)
  static let headStyle = TextStyle(size: 14, color: Palette.mutedInk)
  private static let boxSize = 62.0
  private static let slot = 76.0
  private static let largestRadius = 40.0
  private static let pitch = 58.0
  private static let widestName = 110.0
  static let widestActivation = 100.0

  /// Numbers that the page has no room for have fewer digits here; the lines below the picture have all.
  init(_ neuron: NeuronDiagram, top: Double, numbers: NumberFormat) {
    let formats =
      [numbers] + [4, 2].filter { $0 < numbers.digits }.map { NumberFormat(digits: $0) }
      + [NumberFormat(digits: 1, significantDigits: 2)]
    self.init(neuron, hasNames: true, numbers)
    for (format, hasNames) in formats.flatMap({ [($0, true), ($0, false)] }).dropFirst()
    where width > NetworkLayout.pageWidth - 1 {
      self.init(neuron, hasNames: hasNames, format)
    }
    placeRows(top: top)
  }

  private init(_ neuron: NeuronDiagram, hasNames: Bool, _ numbers: NumberFormat) {
    self.numbers = numbers
    var rows: [Row] = []
    if let bias = neuron.bias {
      rows.append(
        Row(isBias: true, inside: "1", weight: bias, below: Self.below(bias, numbers)))
    }
    for place in Elision(count: neuron.inputs.count).places {
      switch place {
      case .gap(let hidden): rows.append(Row(hidden: hidden))
      case .node(let index):
        let input = neuron.inputs[index]
        let value = input.quantity.value.map { numbers.symbol($0) }
        let fits = Self.labelStyle.width(of: input.quantity.name) <= 36
        rows.append(
          Row(
            input: index,
            name: value == nil && fits
              ? "" : Self.nameStyle.fitted(input.quantity.name, width: Self.widestName),
            inside: value ?? (fits ? input.quantity.name : ""), weight: input.weight,
            below: Self.below(input.weight, numbers)))
      }
    }
    let widest = rows.map { Self.labelStyle.width(of: $0.inside) }.max() ?? 0
    // Numbers too wide for a circle stand beside it, below their names.
    if widest / 2 + 5 > Self.largestRadius {
      for index in rows.indices where rows[index].input != nil {
        rows[index].value = rows[index].inside
        rows[index].inside = ""
      }
      radius = 16
    } else {
      radius = max(widest / 2 + 5, 20)
    }
    self.rows = rows
    place(neuron, hasNames: hasNames)
  }

  /// What stands below a weight's line: its gradient, or the new weight.
  private static func below(
    _ parameter: NeuronDiagram.Parameter, _ numbers: NumberFormat
  ) -> NodeSketch.Line? {
    if let new = parameter.new {
      return .init(text: "→ " + numbers.symbol(new), style: NodeSketch.newStyle)
    }
    return parameter.gradient.map {
      .init(text: "∂ " + numbers.symbol($0), style: NodeSketch.gradientStyle)
    }
  }

  private mutating func place(_ neuron: NeuronDiagram, hasNames: Bool) {
    for index in rows.indices {
      guard let weight = rows[index].weight else { continue }
      let number = numbers.symbol(weight.value)
      rows[index].label = hasNames ? weight.name + .sign(.equals) + number : number
    }
    let names = rows.map { row in
      row.hidden.map { Self.headStyle.width(of: .words("\($0) more")) }
        ?? max(Self.nameStyle.width(of: row.name), Self.labelStyle.width(of: row.value))
    }
    let labels = rows.map { row in
      max(
        Self.labelStyle.width(of: row.label),
        row.below.map { $0.style.width(of: $0.text) } ?? 0)
    }
    circleX = NetworkLayout.margin + max((names.max() ?? 0) + 8, 12) + radius
    levelEnd = circleX + radius + max(labels.max() ?? 0, 56) + 13
    sum.x = levelEnd + 36 + Self.sumRadius
    let inner = Self.arrow(neuron.sum, numbers)
    let outer = Self.arrow(neuron.output, numbers)
    activationName = Self.headStyle.wrapped(neuron.activation.name, width: Self.widestActivation)
    let slot = max(Self.slot, activationName.map { Self.headStyle.width(of: $0) }.max() ?? 0)
    let middle = sum.x + Self.sumRadius + inner + slot / 2
    box = Box(middle - Self.boxSize / 2, 0, Self.boxSize, Self.boxSize)
    end.x = middle + slot / 2 + outer
    width = end.x + NetworkLayout.margin
  }

  /// How long an arrow is above which a quantity's name stands, and below it its number.
  private static func arrow(
    _ quantity: NeuronDiagram.Quantity, _ numbers: NumberFormat
  ) -> Double {
    let texts = quantity.lines(numbers).map { $0.style.width(of: $0.text) }
    return max(nameStyle.width(of: quantity.name), texts.max() ?? 0) + 13
  }

  private mutating func placeRows(top: Double) {
    let first = top + 24 + max(radius, 24) + 8
    for index in rows.indices {
      rows[index].y = first + Double(index) * max(Self.pitch, 2 * radius + 8)
    }
    let last = rows.last?.y ?? first
    // Below the heads there is room for the sum's name also where there are few rows.
    let middle = max((first + last) / 2, top + 30 + 44)
    let drop = middle - (first + last) / 2
    for index in rows.indices { rows[index].y += drop }
    sum.y = middle
    end.y = middle
    box.top = middle - box.height / 2
    let named = box.bottom + 8 + Double(activationName.count) * 18
    bottom = max(last + drop + max(radius, 24), named, middle + 44) + 4
  }
}

extension NeuronDiagram.Quantity {
  /// What stands below its arrow: the number, and the derivative by it.
  func lines(_ numbers: NumberFormat) -> [NodeSketch.Line] {
    var lines: [NodeSketch.Line] = []
    if let value { lines.append(.init(text: numbers.symbol(value), style: TextStyle(size: 14))) }
    if let gradient {
      lines.append(.init(text: "∂ " + numbers.symbol(gradient), style: NodeSketch.gradientStyle))
    }
    return lines
  }
}
