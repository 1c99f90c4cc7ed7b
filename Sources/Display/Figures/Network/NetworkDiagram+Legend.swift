import Notation

/// The title of a network's diagram, in as many lines as it takes.
struct Heading {
  let lines: [SymbolText]

  private static let leading = 25.0

  init(_ title: SymbolText) {
    lines =
      title.isEmpty
      ? []
      : TextStyle.title.wrapped(title, width: NetworkLayout.pageWidth - 2 * NetworkLayout.margin)
  }

  /// Where what stands below it begins.
  var height: Double {
    lines.isEmpty ? 14 : 16 + Double(lines.count) * Self.leading + 6
  }

  var width: Double {
    (lines.map { TextStyle.title.width(of: $0) }.max() ?? 0) + 2 * NetworkLayout.margin
  }

  func draw(on canvas: inout SVGCanvas) {
    for (index, line) in lines.enumerated() {
      canvas.text(
        line, at: Point(NetworkLayout.margin, 32 + Double(index) * Self.leading), TextStyle.title)
    }
  }
}

extension NetworkDiagram {
  private static let noteStyle = TextStyle(size: 14, color: Palette.mutedInk)

  /// What the lines mean, and what is not drawn. Returns the lower edge.
  func drawLegend(
    _ notes: [SymbolText], _ style: EdgeStyle, width: Double, below top: Double,
    on canvas: inout SVGCanvas
  ) -> Double {
    var bottom = top
    let signs = signs
    let names =
      style.pass == .changes
      ? ["grows", "falls", "stays"] : ["positive", "negative", "zero"]
    let isSaid = style.pass == .gradients && style.hasNumbers
    let entries = zip(names, [1, -1, 0]).filter {
      !isSaid && (style.moves || signs.contains($0.1))
    }.map {
      name, sign in
      Legend.Entry(name: .words(name), sampleWidth: 46) { box, canvas in
        let edge = NetworkLayout.Edge(
          place: Place(connection: 0, input: nil, neuron: 0),
          from: Point(box.left, box.center.y), to: Point(box.right, box.center.y))
        EdgeStyle(pass: style.pass, largest: 1, hasNumbers: style.hasNumbers)
          .draw(edge, Double(sign) * 0.5, on: &canvas)
      }
    }
    if !entries.isEmpty {
      let legend = Legend(entries, width: width - 2 * NetworkLayout.margin)
      legend.draw(on: &canvas, at: Point(NetworkLayout.margin, bottom))
      bottom += legend.height
    }
    for note in notes {
      for line in Self.noteStyle.wrapped(note, width: width - 2 * NetworkLayout.margin) {
        bottom += Self.noteStyle.size * 1.4
        canvas.text(line, at: Point(NetworkLayout.margin, bottom), Self.noteStyle)
      }
    }
    return bottom
  }

  func notes(_ layout: NetworkLayout, _ numbers: NumberFormat) -> [SymbolText] {
    [largestNote(numbers)].compactMap { $0 } + meanings(layout) + omissions(layout)
  }

  /// What the width of a line says, and which is the widest.
  private func largestNote(_ numbers: NumberFormat) -> SymbolText? {
    if numbers.marks {
      // Which is the largest may change.
      return switch pass {
      case .weights: "The wider a line, the larger its weight"
      case .gradients: "The wider an arrow, the larger its gradient"
      case .changes: "The wider a line, the more its weight moves"
      }
    }
    guard let largest else { return nil }
    let amount = numbers.symbol(abs(largest.amount))
    let name = name(of: largest.place)
    return switch pass {
    case .weights: "The wider a line, the larger its weight; at most " + amount
    case .gradients:
      "The wider an arrow, the larger its gradient; the largest is "
        + .partial(.variable("L"), by: name)
        + .sign(.equals) + numbers.symbol(largest.amount)
    case .changes:
      "The wider a line, the more its weight moves; most of all " + name + ", by " + amount
    }
  }

  /// What the signs mean that stand for derivatives.
  private func meanings(_ layout: NetworkLayout) -> [SymbolText] {
    guard layout.level != .hover else { return [] }
    let hasNodes = layers.contains { $0.nodes.contains { $0.gradient != nil } }
    let hasWeights = connections.contains { $0.gradients != nil }
    let meanings = [
      hasNodes ? gradientNames.node + " below a circle" : nil,
      hasWeights ? gradientNames.weight + " at a line" : nil,
    ].compactMap { $0 }
    guard let first = meanings.first else { return [] }
    return [meanings.dropFirst().reduce("∂ is " + first) { $0 + ", " + $1 }]
  }

  /// What is not drawn or written, and where it is to be found.
  private func omissions(_ layout: NetworkLayout) -> [SymbolText] {
    var notes: [SymbolText] = []
    if layout.level == .gradients { notes.append("Point at a line to see its weight too") }
    if layout.level == .hover {
      if detail == .all {
        notes.append(
          "Not all numbers have room on a page; neuron = [2, 1] shows those of one neuron")
      }
      if connections.contains(where: \.hasValues) {
        notes.append("Point at a line or a circle to see its numbers")
      }
      if layers.contains(where: \.hasValues) {
        notes.append("The stronger a circle's colour, the larger its value in its layer")
      }
    }
    let hidden = layers.contains { Elision(count: $0.nodes.count).hidden > 0 }
    if hidden { notes.append("Lines to circles that are left out are not drawn") }
    return notes
  }
}
