import Notation

/// Where everything of a network diagram stands.
struct NetworkLayout {
  /// A circle with its node, or the dots of a gap.
  struct Slot {
    var place: Elision.Place
    var center: Point
  }

  struct Column {
    var slots: [Slot]
    /// The unit from which the next layer's biases come.
    var biasUnit: Point?
    var x: Double
  }

  /// A line between two circles, and the lines of its label.
  struct Edge {
    var from: Point
    var to: Point
    var weight: Double
    var label: [NetworkDiagram.LabelLine]
    /// Where the label stands; nil where labels have no room.
    var labelCenter: Point?
  }

  let radius: Double
  let biasRadius = 17.0
  private(set) var columns: [Column] = []
  /// The edges of each connection.
  private(set) var edges: [[Edge]] = []
  /// The layers whose weights have no labels for want of room.
  private(set) var unlabelled: [Int] = []
  private(set) var lossBox: Box?
  private(set) var width = 0.0
  private(set) var bottom = 0.0

  static let margin = 20.0
  static let nameStyle = TextStyle(size: 18)
  static let valueStyle = TextStyle(size: 17)
  static let labelStyle = TextStyle(size: 16)
  static let gradientStyle = TextStyle(size: 15, color: Palette.gradient)
  static let titleStyle = TextStyle(size: 18, isBold: true)
  static let captionStyle = TextStyle(size: 16, color: Palette.mutedInk)
  static let lossStyle = TextStyle(size: 18)
  /// A layer with more lines than this has no labels on them.
  static let labelLimit = 16
  static let labelLineHeight = 19.0
  /// What a pixel of width costs, where it saves labels from covering lines.
  private static let widthCost = 0.25

  init(_ diagram: NetworkDiagram, top: Double, numbers: NumberFormat) {
    let nodes = diagram.layers.flatMap(\.nodes)
    let radius: Double = Self.radius(nodes, numbers)
    self.radius = radius
    let hasNames = nodes.contains { !$0.values.isEmpty && !$0.name.isEmpty }
    let above = hasNames ? 26.0 : 0
    let below = nodes.contains { $0.gradient != nil } ? 24.0 : 0
    let pitch = max(
      2 * radius + above + below + (radius < 35 ? 20 : 14), Self.labelledPitch(diagram))

    // Around a middle at 0 first; then everything moves down below the captions.
    var highest = 0.0
    for (index, layer) in diagram.layers.enumerated() {
      let places = Elision(count: layer.nodes.count).places
      let first = -pitch * Double(places.count - 1) / 2
      let slots = places.enumerated().map {
        Slot(place: $1, center: Point(0, first + pitch * Double($0)))
      }
      let drawsBias =
        index < diagram.connections.count && diagram.connections[index].parameters.bias != nil
      let unit = Point(0, first - radius - above - 12 - biasRadius)
      columns.append(Column(slots: slots, biasUnit: drawsBias ? unit : nil, x: 0))
      highest = min(highest, drawsBias ? unit.y - biasRadius : first - radius - above)
      bottom = max(bottom, radius + below - first)
    }
    bottom += top - highest
    for column in columns.indices {
      columns[column].biasUnit?.y += top - highest
      for slot in columns[column].slots.indices {
        columns[column].slots[slot].center.y += top - highest
      }
    }
    placeColumns(diagram, numbers)
  }

  /// How far apart circles stand so that the lines between them have room for labels.
  private static func labelledPitch(_ diagram: NetworkDiagram) -> Double {
    let lines =
      diagram.connections.enumerated().compactMap { index, connection in
        let counts = [index, index + 1].map { column in
          Elision(count: diagram.layers[column].nodes.count).drawn
        }
        let biases = connection.parameters.bias == nil ? 0 : counts[1]
        guard counts[0] * counts[1] + biases <= labelLimit, counts.max() ?? 0 > 1 else {
          return nil
        }
        return 1 + (connection.gradients == nil ? 0 : 1) + (connection.new == nil ? 0 : 1)
      } as [Int]
    return lines.max().map { 80 + 20 * Double($0) } ?? 0
  }

  /// Circles large enough for what stands in them.
  private static func radius(_ nodes: [NetworkDiagram.Node], _ numbers: NumberFormat) -> Double {
    guard nodes.contains(where: { !$0.values.isEmpty }) else {
      let widest = nodes.map { nameStyle.width(of: $0.name) }.max() ?? 0
      return min(max(widest / 2 + 8, 26), 44)
    }
    let lines = nodes.flatMap { node in
      node.values.map { valueStyle.width(of: $0.line(of: node, numbers)) }
    }
    let isTall = nodes.contains { $0.values.count > 1 }
    let half = (lines.max() ?? 0) / 2
    return min(max((half * half + (isTall ? 400 : 80)).squareRoot() + 5, 34), 70)
  }

  // MARK: - Across

  private mutating func placeColumns(_ diagram: NetworkDiagram, _ numbers: NumberFormat) {
    let sides = diagram.layers.map { max(textWidth($0, numbers) / 2, radius) }
    var x = Self.margin + (sides.first ?? 0)
    moveColumn(0, to: x)
    for (index, connection) in diagram.connections.enumerated() {
      let (gap, edges) = joined(diagram, connection, index, numbers)
      let step = max(gap + 2 * radius, sides[index] + sides[index + 1] + 24)
      x += step
      moveColumn(index + 1, to: x)
      self.edges.append(
        edges.map { edge in
          // The places were found for the narrowest gap; a wider one stretches them.
          let stretch = step / (gap + 2 * radius)
          let start = columns[index].x
          func moved(_ point: Point) -> Point { Point(start + point.x * stretch, point.y) }
          var result = edge
          result.from = moved(edge.from)
          result.to = moved(edge.to)
          result.labelCenter = edge.labelCenter.map(moved)
          return result
        })
    }
    let last = columns.count - 1
    var right = x + (sides.last ?? radius)
    if let loss = diagram.loss {
      let lines = loss.lines(numbers)
      let widest = lines.map { Self.lossStyle.width(of: $0) }.max() ?? 0
      let height = Double(lines.count) * 26 + 18
      let top = columns[last].slots.map(\.center.y).reduce(0, +) / Double(columns[last].slots.count)
      let left = max(x + radius + 64, right + 12)
      lossBox = Box(left, top - height / 2, widest + 28, height)
      right = left + widest + 28
    }
    width = right + Self.margin
  }

  /// The widest text above, in or below the circles of a layer.
  private func textWidth(_ layer: NetworkDiagram.Layer, _ numbers: NumberFormat) -> Double {
    let heads = [
      Self.titleStyle.width(of: Self.title(layer)),
      Self.captionStyle.width(of: Self.caption(layer)),
    ]
    let nodes = layer.nodes.map { node in
      max(
        Self.nameStyle.width(of: name(node)), node.gradient.map { gradientWidth($0, numbers) } ?? 0)
    }
    return (heads + nodes).max() ?? 0
  }

  private func gradientWidth(_ gradient: Double, _ numbers: NumberFormat) -> Double {
    Self.gradientStyle.width(of: "∂ " + numbers.symbol(gradient))
  }

  private mutating func moveColumn(_ index: Int, to x: Double) {
    columns[index].x = x
    columns[index].biasUnit?.x = x
    for slot in columns[index].slots.indices { columns[index].slots[slot].center.x = x }
  }

  /// The narrowest gap in which the labels of a connection find room, and its edges, as if the column
  /// of its inputs stood at 0.
  private mutating func joined(
    _ diagram: NetworkDiagram, _ connection: NetworkDiagram.Connection, _ index: Int,
    _ numbers: NumberFormat
  ) -> (gap: Double, edges: [Edge]) {
    let ends = columns[index].slots + columns[index + 1].slots
    let extent = (ends.map(\.center.y).max() ?? 0) - (ends.map(\.center.y).min() ?? 0)
    let least = max(120, min(extent * 0.55, 300))
    let plain = edges(connection, index, gap: least, numbers)
    guard plain.count <= Self.labelLimit else {
      unlabelled.append(index + 1)
      return (least, plain)
    }
    let widest =
      plain.flatMap(\.label).map { $0.style.width(of: $0.text) }.max() ?? 0
    var best: (cost: Double, gap: Double, edges: [Edge])?
    for extra in stride(from: 0.0, through: 240, by: 40) {
      let gap = max(least, widest * 1.9 + 40) + extra
      var edges = edges(connection, index, gap: gap, numbers)
      let result = labelPlacement(diagram, index, gap: gap, edges, numbers).solve(
        edges.enumerated().map { Self.label($1, at: $0) })
      let cost = result.cost + extra * Self.widthCost
      guard result.overlap == 0, cost < best?.cost ?? .infinity else { continue }
      for edge in edges.indices { edges[edge].labelCenter = result.centers[edge] }
      best = (cost, gap, edges)
    }
    if let best { return (best.gap, best.edges) }
    unlabelled.append(index + 1)
    return (least, plain)
  }

  /// The edges between circles that are drawn.
  private func edges(
    _ connection: NetworkDiagram.Connection, _ index: Int, gap: Double, _ numbers: NumberFormat
  ) -> [Edge] {
    let sources: [(node: Int?, center: Point, radius: Double)] =
      columns[index].slots.compactMap { slot in
        guard case .node(let node) = slot.place else { return nil }
        return (node, Point(0, slot.center.y), radius)
      } + (columns[index].biasUnit.map { [(nil, Point(0, $0.y), biasRadius)] } ?? [])
    return sources.flatMap { source in
      columns[index + 1].slots.compactMap { slot in
        guard case .node(let neuron) = slot.place,
          connection.joins(source.node, neuron),
          let weight = connection.parameters.value(from: source.node, to: neuron)
        else { return nil }
        let end = Point(gap + 2 * radius, slot.center.y)
        let length = (end - source.center).length
        return Edge(
          from: source.center.toward(end, source.radius / length),
          to: end.toward(source.center, radius / length), weight: weight,
          label: connection.label(from: source.node, to: neuron, weight, numbers))
      }
    }
  }

  private func labelPlacement(
    _ diagram: NetworkDiagram, _ index: Int, gap: Double, _ edges: [Edge],
    _ numbers: NumberFormat
  ) -> LabelPlacement {
    // Labels stay between the two columns.
    let outside = [-1_000 - radius, gap + 3 * radius].map { Box($0, -10_000, 1_000, 20_000) }
    return LabelPlacement(
      obstacles: outside + obstacles(diagram, index, at: 0, numbers)
        + obstacles(diagram, index + 1, at: gap + 2 * radius, numbers),
      segments: edges.map { ($0.from, $0.to) })
  }

  /// The circles of a column with the texts above and below them, as if it stood at some place.
  private func obstacles(
    _ diagram: NetworkDiagram, _ index: Int, at x: Double, _ numbers: NumberFormat
  ) -> [Box] {
    var boxes: [Box] = []
    for slot in columns[index].slots {
      let center = Point(x, slot.center.y)
      boxes.append(Box(center: center, width: 2 * radius, height: 2 * radius))
      guard case .node(let position) = slot.place else { continue }
      let node = diagram.layers[index].nodes[position]
      if !node.values.isEmpty {
        boxes.append(Self.nameStyle.box(of: name(node), at: namePlace(center), .middle))
      }
      if let gradient = node.gradient {
        boxes.append(
          Box(
            center: Point(x, center.y + radius + 13), width: gradientWidth(gradient, numbers),
            height: 20))
      }
    }
    if let unit = columns[index].biasUnit {
      boxes.append(
        Box(center: Point(x, unit.y), width: 2 * biasRadius, height: 2 * biasRadius))
    }
    return boxes.map { $0.expanded(by: 3) }
  }

  /// Texts that users chose, cut where they would take the room of others.
  static func title(_ layer: NetworkDiagram.Layer) -> SymbolText {
    titleStyle.fitted(layer.title, width: 220)
  }

  static func caption(_ layer: NetworkDiagram.Layer) -> SymbolText {
    captionStyle.fitted(layer.caption, width: 220)
  }

  func name(_ node: NetworkDiagram.Node) -> SymbolText {
    Self.nameStyle.fitted(node.name, width: 2 * radius + 40)
  }

  /// Where the base lines of the texts above and below a circle are.
  func namePlace(_ center: Point) -> Point { center - Point(0, radius + 8) }
  func gradientPlace(_ center: Point) -> Point { center + Point(0, radius + 18) }

  /// An edge's label may stand anywhere along it, at best about a third of the way.
  private static func label(_ edge: Edge, at index: Int) -> LabelPlacement.Label {
    let parts = stride(from: 0.1, through: 0.9, by: 0.025).sorted {
      abs($0 - 0.34) < abs($1 - 0.34)
    }
    return LabelPlacement.Label(
      candidates: parts.map { edge.from.toward(edge.to, $0) },
      width: (edge.label.map { $0.style.width(of: $0.text) }.max() ?? 0) + 8,
      height: Double(edge.label.count) * labelLineHeight + 4,
      ownSegments: index..<(index + 1))
  }
}

extension NetworkDiagram {
  /// A line of an edge's label.
  struct LabelLine {
    var text: SymbolText
    var style: TextStyle
  }
}

extension NetworkDiagram.Connection {
  /// What stands at a line: name and weight, the gradient, the new weight.
  func label(
    from input: Int?, to neuron: Int, _ weight: Double, _ numbers: NumberFormat
  ) -> [NetworkDiagram.LabelLine] {
    guard hasValues else { return [] }
    let number = numbers.symbol(weight)
    let name = name(from: input, to: neuron).map { $0 + .sign(.equals) + number }
    let text = NetworkLayout.labelStyle.fitted(name ?? number, width: 200)
    var lines = [NetworkDiagram.LabelLine(text: text, style: NetworkLayout.labelStyle)]
    if let gradient = gradients?.value(from: input, to: neuron) {
      lines.append(
        NetworkDiagram.LabelLine(
          text: "∂ " + numbers.symbol(gradient), style: NetworkLayout.gradientStyle))
    }
    if let new = new?.value(from: input, to: neuron) {
      var style = NetworkLayout.labelStyle
      style.isBold = true
      lines.append(
        NetworkDiagram.LabelLine(text: "→ " + numbers.symbol(new), style: style))
    }
    return lines
  }
}

extension NetworkDiagram.Value {
  /// The number as it stands in the circle of a node, with its name where it is one of several.
  func line(of node: NetworkDiagram.Node, _ numbers: NumberFormat) -> SymbolText {
    let number = value.map { numbers.symbol($0) } ?? "—"
    return node.values.count > 1 && !name.isEmpty ? name + " " + number : number
  }
}

extension NetworkDiagram.Loss {
  func lines(_ numbers: NumberFormat) -> [SymbolText] {
    var lines = [name + .sign(.equals) + numbers.symbol(value)]
    if let newValue { lines.append("→ " + numbers.symbol(newValue)) }
    if !note.isEmpty { lines.append(note) }
    return lines.map { NetworkLayout.lossStyle.fitted($0, width: 260) }
  }
}
