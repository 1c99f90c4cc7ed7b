import Notation

/// A recurrence unrolled: a box a step, what is carried on from one to the next, inputs below and outputs above.
package struct RecurrenceDiagram: Figure {
  /// A name with what is known of it.
  package struct Quantity: Sendable, Hashable {
    package var name: SymbolText
    package var values: [Double]
    /// The size of the derivative of the loss by it.
    package var gradient: Double?

    package init(_ name: SymbolText, _ values: [Double] = [], gradient: Double? = nil) {
      self.name = name
      self.values = values
      self.gradient = gradient
    }
  }

  package struct Step: Sendable, Hashable {
    package var input: Quantity?
    /// What goes on to the next step.
    package var states: [Quantity]
    package var output: Quantity?

    package init(input: Quantity?, states: [Quantity], output: Quantity?) {
      self.input = input
      self.states = states
      self.output = output
    }
  }

  package let title: SymbolText
  /// What stands in the boxes: "lstm".
  package let word: SymbolText
  package let start: [Quantity]
  package let steps: [Step]

  /// Throws: `FigureError` if there is no step or a number is not finite.
  package init(title: SymbolText, word: SymbolText, start: [Quantity], steps: [Step])
    throws(FigureError)
  {
    guard !steps.isEmpty else { throw .empty("the recurrence") }
    for quantity in start + steps.flatMap(\.all) {
      try FigureError.requireFinite(quantity.values, quantity.name.text)
    }
    self.title = title
    self.word = word
    self.start = start
    self.steps = steps
  }

  /// The steps that are shown where so many have room, from 0; nil stands for those between.
  private func shown(of most: Int) -> [Int?] {
    guard steps.count > most else { return steps.indices.map { $0 } }
    return (0..<max(most - 2, 1)).map { $0 } + [nil, steps.count - 1]
  }

  /// How many steps the text tells.
  private static let mostTold = 12

  package func text(numbers: NumberFormat) -> String {
    func said(_ quantity: Quantity) -> String {
      var text = quantity.name.text
      if !quantity.values.isEmpty {
        text += " = [\(quantity.values.prefix(8).map { numbers.text($0) }.joined(separator: ", "))"
        text += quantity.values.count > 8 ? ", …]" : "]"
      }
      if let gradient = quantity.gradient {
        text += " ‖∂L/∂\(quantity.name.text)‖ = \(numbers.text(gradient))"
      }
      return text
    }
    let heading = title.isEmpty ? "Recurrence" : title.text
    var lines = ["\(heading): \(steps.count) steps of \(word.text)"]
    lines.append("  \(start.map(said).joined(separator: ", "))")
    for step in shown(of: Self.mostTold) {
      guard let step else {
        lines.append("  …")
        continue
      }
      let input = steps[step].input.map { "\(said($0)) → " } ?? ""
      let output = steps[step].output.map { " → \(said($0))" } ?? ""
      lines.append("  \(input)\(steps[step].states.map(said).joined(separator: ", "))\(output)")
    }
    return lines.joined(separator: "\n")
  }
}

extension RecurrenceDiagram.Step {
  fileprivate var all: [RecurrenceDiagram.Quantity] {
    states + [input, output].compactMap { $0 }
  }
}

extension RecurrenceDiagram {
  private static let nameStyle = TextStyle(size: 15)
  private static let numberStyle = TextStyle(size: 12)
  private static let gradientStyle = TextStyle(size: 12, color: Palette.gradient)
  private static let (boxWidth, gapWidth) = (52.0, 24.0)
  /// The room of an arrow up or down, and of a line of text.
  private static let (arrow, leading) = (26.0, 17.0)

  /// How high the texts of a quantity are: its name, its values, its gradient.
  private func height(_ quantity: Quantity, _ numbers: NumberFormat) -> Double {
    var height = Self.leading + 3
    if !quantity.values.isEmpty { height += Self.hasNumbers(quantity) ? 15 : 18 }
    return height + (quantity.gradient == nil ? 0 : 15)
  }

  /// One number, or two; more are a strip of colours.
  private static func hasNumbers(_ quantity: Quantity) -> Bool { quantity.values.count == 1 }

  /// The colours of the states.
  private var scale: DivergingScale {
    DivergingScale((start + steps.flatMap(\.all)).flatMap(\.values))
  }

  package func drawing(numbers: NumberFormat) -> Drawing {
    var canvas = SVGCanvas()
    let heading = Heading(title)
    heading.draw(on: &canvas)
    let all = steps.flatMap(\.all)
    func tallest(_ quantities: [Quantity]) -> Double {
      quantities.map { height($0, numbers) }.max() ?? 0
    }
    let above = tallest(steps.compactMap(\.output))
    let stateHeight = tallest(start + steps.flatMap(\.states))
    let boxHeight = max(Double(max(start.count, 1)) * (stateHeight + 8), 48)
    let top = heading.height + 4 + (above > 0 ? above + Self.arrow : 0)
    let middle = top + boxHeight / 2
    let stateWidth = max(
      (start + steps.flatMap(\.states)).map { width($0, numbers) }.max() ?? 0, Self.gapWidth)
    let pitch = Self.boxWidth + stateWidth + 36
    let room = NetworkLayout.pageWidth - 2 * NetworkLayout.margin - stateWidth
    let shown = shown(of: max(Int(room / pitch), 3))
    var x = NetworkLayout.margin
    drawStates(start, at: x, width: stateWidth, middle: middle, stateHeight, numbers, on: &canvas)
    x += stateWidth
    for (place, step) in shown.enumerated() {
      guard let step else {
        canvas.text(
          "…", at: Point(x + 22, middle + 6), TextStyle(size: 22, isBold: true), .middle)
        x += 44
        continue
      }
      let box = Box(x + 18, top, Self.boxWidth, boxHeight)
      canvas.arrow(from: Point(x + 2, middle), to: Point(box.left, middle), Self.stroke)
      draw(steps[step], in: box, numbers, on: &canvas)
      let isLast = place == shown.count - 1
      if !isLast || !steps[step].states.isEmpty {
        canvas.line(from: Point(box.right, middle), to: Point(box.right + 16, middle), Self.stroke)
        drawStates(
          steps[step].states, at: box.right + 18, width: stateWidth, middle: middle, stateHeight,
          numbers, on: &canvas)
      }
      x += pitch
    }
    let below = tallest(steps.compactMap(\.input))
    var bottom = top + boxHeight + (below > 0 ? below + Self.arrow : 0) + 6
    canvas.notes(notes(all), at: NetworkLayout.margin, below: &bottom)
    return canvas.document(
      width: max(x + 8, heading.width) + NetworkLayout.margin, height: bottom + 12,
      title: title.isEmpty ? "Recurrence" : title.text, description: text(numbers: numbers))
  }

  private static let stroke = SVGCanvas.Stroke(color: Palette.ink, width: 1.6)

  private func notes(_ all: [Quantity]) -> [SymbolText] {
    var notes: [SymbolText] = []
    if all.contains(where: { $0.values.count > 1 }) {
      notes.append("Strips are vectors: blue above 0, orange below")
    }
    return notes
  }

  private func width(_ quantity: Quantity, _ numbers: NumberFormat) -> Double {
    var widths = [Self.nameStyle.width(of: quantity.name)]
    if Self.hasNumbers(quantity), let value = quantity.values.first {
      widths.append(Self.numberStyle.width(of: numbers.symbol(value)))
    } else if !quantity.values.isEmpty {
      widths.append(Self.stripWidth(quantity))
    }
    quantity.gradient.map {
      widths.append(Self.gradientStyle.width(of: gradientText($0, numbers)))
    }
    return widths.max() ?? 0
  }

  private static func stripWidth(_ quantity: Quantity) -> Double {
    Double(min(quantity.values.count, mostCells)) * min(12, 58 / Double(quantity.values.count))
  }

  private static let mostCells = 58

  private func gradientText(_ value: Double, _ numbers: NumberFormat) -> SymbolText {
    "‖∂‖ " + numbers.symbol(value)
  }

  /// What is carried on, one below the other, each centred in its width.
  private func drawStates(
    _ states: [Quantity], at left: Double, width: Double, middle: Double, _ height: Double,
    _ numbers: NumberFormat, on canvas: inout SVGCanvas
  ) {
    let pitch = height + 8
    let top = middle - Double(states.count) * pitch / 2 + 4
    for (index, state) in states.enumerated() {
      draw(
        state, at: Point(left + width / 2, top + Double(index) * pitch), numbers, on: &canvas)
    }
  }

  /// A quantity below a point: its name, its values, its gradient.
  private func draw(
    _ quantity: Quantity, at top: Point, _ numbers: NumberFormat, on canvas: inout SVGCanvas
  ) {
    var y = top.y + Self.leading - 3
    canvas.text(quantity.name, at: Point(top.x, y), Self.nameStyle, .middle)
    if Self.hasNumbers(quantity), let value = quantity.values.first {
      y += 15
      canvas.text(numbers.symbol(value), at: Point(top.x, y), Self.numberStyle, .middle)
    } else if !quantity.values.isEmpty {
      let scale = scale
      let width = Self.stripWidth(quantity)
      let strip = Box(top.x - width / 2, y + 6, width, 11)
      canvas.cells(
        [quantity.values.prefix(Self.mostCells).map { scale.color($0) }], in: strip)
      canvas.rectangle(strip, fill: nil, stroke: SVGCanvas.Stroke(color: Palette.axis))
      y += 18
    }
    if let gradient = quantity.gradient {
      canvas.text(
        gradientText(gradient, numbers), at: Point(top.x, y + 15), Self.gradientStyle, .middle)
    }
  }

  private func draw(
    _ step: Step, in box: Box, _ numbers: NumberFormat, on canvas: inout SVGCanvas
  ) {
    canvas.rectangle(box, fill: Palette.surface, stroke: Self.stroke, radius: 8)
    let style = TextStyle(size: 15, isBold: true)
    canvas.text(
      style.fitted(word, width: box.width - 6), at: box.center + Point(0, style.middleShift),
      style, .middle)
    if let input = step.input {
      canvas.arrow(
        from: Point(box.center.x, box.bottom + Self.arrow), to: Point(box.center.x, box.bottom),
        Self.stroke)
      draw(input, at: Point(box.center.x, box.bottom + Self.arrow), numbers, on: &canvas)
    }
    if let output = step.output {
      canvas.arrow(
        from: Point(box.center.x, box.top), to: Point(box.center.x, box.top - Self.arrow),
        Self.stroke)
      draw(
        output,
        at: Point(box.center.x, box.top - Self.arrow - height(output, numbers) - 2), numbers,
        on: &canvas)
    }
  }
}
