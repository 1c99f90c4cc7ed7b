import Notation

/// Where everything of a network diagram of circles stands.
struct NetworkLayout {
  /// How much is written.
  enum Level: Sendable, Hashable, CaseIterable {
    /// Every number at its line and in its circle.
    case numbers
    /// The same, but of a way back the gradients alone stand at the lines.
    case gradients
    /// Names.
    case hover
  }

  /// A circle with its node, or the dots of a gap.
  struct Slot {
    var place: Elision.Place
    var center: Point
    var sketch: NodeSketch?
  }

  struct Column {
    var slots: [Slot] = []
    var x = 0.0
    /// The layer's title and caption, a line each.
    var head: [NodeSketch.Line] = []
  }

  /// A line between two circles, and the lines of its label.
  struct Edge {
    var place: NetworkDiagram.Place
    var from: Point
    var to: Point
    var label: [NodeSketch.Line] = []
    /// Where the label stands.
    var labelCenter: Point?
  }

  let level: Level
  private(set) var radius = 0.0
  private(set) var columns: [Column] = []
  private(set) var edges: [Edge] = []
  private(set) var loss: LossPlacement?
  private(set) var width = 0.0
  private(set) var bottom = 0.0

  /// The page's column at 150 % on a small projector: what is no wider keeps its letters there.
  static let pageWidth = 700.0
  static let margin = 16.0
  static let titleStyle = TextStyle(size: 16, isBold: true)
  static let captionStyle = TextStyle(size: 14, color: Palette.mutedInk)
  static let labelStyle = TextStyle(size: 14)
  static let labelLeading = 17.0
  /// Two layers with more lines than this between them have no labels on them.
  static let labelLimit = 16
  private static let tallest = 640.0

  /// nil where a page has no room for all of that.
  init?(_ diagram: NetworkDiagram, level: Level, top: Double, numbers: NumberFormat) {
    self.level = level
    guard level == .hover || Self.hasFewLines(diagram) else { return nil }
    for (index, layer) in diagram.layers.enumerated() {
      let slots = Elision(count: layer.nodes.count).places.map { place in
        guard case .node(let node) = place else { return Slot(place: place, center: Point(0, 0)) }
        return Slot(
          place: place, center: Point(0, 0),
          sketch: NodeSketch(diagram, layer: index, node: node, level: level, numbers: numbers))
      }
      columns.append(Column(slots: slots))
    }
    let sketches = columns.flatMap(\.slots).compactMap(\.sketch)
    radius = sketches.map(\.radius).max() ?? NodeSketch.nameRadius
    guard radius <= NodeSketch.largestRadius else { return nil }
    let lossLines = diagram.loss?.lines(numbers) ?? []
    for side in lossLines.isEmpty ? [.below] : LossPlacement.Side.allCases {
      guard placeColumns(diagram, lossLines, side: side, numbers),
        placeRows(
          diagram, top: top + placeHeads(diagram), lossLines, side: side, numbers)
      else { continue }
      bottom = columns.flatMap(\.slots).map { self.bottom(of: $0) }.max() ?? top
      bottom = max(bottom, loss?.box.bottom ?? 0)
      return
    }
    return nil
  }

  private static func hasFewLines(_ diagram: NetworkDiagram) -> Bool {
    diagram.layers.allSatisfy { $0.nodes.count <= Elision.limit }
      && diagram.connections.enumerated().allSatisfy { index, connection in
        !connection.hasValues
          || connection.lineCount(
            diagram.layers[index].nodes.count, diagram.layers[index + 1].nodes.count) <= labelLimit
      }
  }

  // MARK: - Across

  /// How much room the columns take, with the loss right of the outputs or below them; what is left of the page is
  /// shared between them. Returns whether the page is wide enough.
  private mutating func placeColumns(
    _ diagram: NetworkDiagram, _ lossLines: [SymbolText], side: LossPlacement.Side,
    _ numbers: NumberFormat
  ) -> Bool {
    let halves = columns.map { column in
      max(radius, (column.slots.compactMap { $0.sketch?.textWidth }.max() ?? 0) / 2)
    }
    let heads = diagram.layers.map { Self.leastHead($0) / 2 }
    let labels = diagram.connections.map { self.labelWidth($0, numbers) }
    var steps: [Double] = []
    for index in diagram.connections.indices {
      let apart = 2 * radius + (level == .hover ? 60 : max(labels[index] + 26, 50))
      steps.append(
        max(
          halves[index] + halves[index + 1] + 10, heads[index] + heads[index + 1] + 12, apart))
    }
    let beside = columns.first?.slots.compactMap { $0.sketch?.besideWidth }.max() ?? 0
    let left = max(halves[0], heads[0], radius + beside)
    let last = columns.count - 1
    var right = max(halves[last], heads[last])
    let room = Self.pageWidth - 1 - 2 * Self.margin - left - steps.reduce(0, +)
    if !lossLines.isEmpty {
      right =
        side == .right
        ? max(radius + 46, right + 12) + LossPlacement.width(lossLines)
        : max(right, radius + LossPlacement.bracketWidth)
    }
    guard room >= right else { return false }
    share(room - right, among: &steps, diagram)
    var x = Self.margin + left
    for index in columns.indices {
      if index > 0 { x += steps[index - 1] }
      columns[index].x = x
    }
    width = x + right + Self.margin
    return true
  }

  /// Gives room to the columns: first to those whose lines cross, where labels need it most.
  private func share(_ room: Double, among steps: inout [Double], _ diagram: NetworkDiagram) {
    func pairs(_ column: Int) -> Double {
      let count = Double(columns[column].slots.count)
      return count * (count - 1) / 2
    }
    let crossings = diagram.connections.indices.map { index in
      diagram.connections[index].isOneToOne ? 0 : pairs(index) * pairs(index + 1)
    }
    let all = crossings.reduce(0, +)
    var slack = room
    if all > 0, level != .hover {
      for index in steps.indices {
        let part = min(max(320 - steps[index], 0), room * crossings[index] / all)
        steps[index] += part
        slack -= part
      }
    }
    let most = level == .hover ? 190.0 : 230
    let share = slack / Double(max(steps.count, 1))
    for index in steps.indices { steps[index] += min(max(most - steps[index], 0), share) }
  }

  private func labelWidth(
    _ connection: NetworkDiagram.Connection, _ numbers: NumberFormat
  ) -> Double {
    guard level != .hover, connection.hasValues else { return 0 }
    let weights = connection.parameters.weights
    var widest = 0.0
    for input in 0..<weights.rows {
      for neuron in 0..<weights.columns where connection.joins(input, neuron) {
        for line in connection.label(from: input, to: neuron, level, numbers) {
          widest = max(widest, line.style.width(of: line.text))
        }
      }
    }
    return widest
  }

  /// Sets titles and captions in the width that the columns leave them; returns the height of the tallest.
  private mutating func placeHeads(_ diagram: NetworkDiagram) -> Double {
    var tallest = 0
    var rooms = diagram.layers.map(Self.leastHead)
    for (index, layer) in diagram.layers.enumerated() {
      // As wide as the page and what the neighbours need leave it.
      let x = columns[index].x
      var room = 2 * min(x, width - x) - Self.margin
      for neighbour in [index - 1, index + 1] where columns.indices.contains(neighbour) {
        room = min(room, 2 * (abs(columns[neighbour].x - x) - 5) - rooms[neighbour])
      }
      rooms[index] = max(room, rooms[index])
      columns[index].head = [(layer.title, Self.titleStyle), (layer.caption, Self.captionStyle)]
        .flatMap { text, style in
          style.wrapped(text, width: rooms[index]).filter { !$0.isEmpty }.map {
            NodeSketch.Line(text: $0, style: style)
          }
        }
      rooms[index] = max(
        columns[index].head.map { $0.style.width(of: $0.text) }.max() ?? 0, Self.leastHead(layer))
      tallest = max(tallest, columns[index].head.count)
    }
    return Double(tallest) * Self.headLeading + 14
  }

  static let headLeading = 19.0

  /// What a layer's title and caption need where they are broken at every space.
  private static func leastHead(_ layer: NetworkDiagram.Layer) -> Double {
    max(titleStyle.widestWord(of: layer.title), captionStyle.widestWord(of: layer.caption))
  }

  // MARK: - Down

  /// Spreads the rows until every label stands clear. Returns whether that went well.
  private mutating func placeRows(
    _ diagram: NetworkDiagram, top: Double, _ lossLines: [SymbolText], side: LossPlacement.Side,
    _ numbers: NumberFormat
  ) -> Bool {
    let sketches = columns.flatMap(\.slots).compactMap(\.sketch)
    let above = radius + (sketches.map(\.aboveHeight).max() ?? 0)
    let below = radius + (sketches.map(\.belowHeight).max() ?? 0)
    let rows = columns.map(\.slots.count).max() ?? 1
    let least = above + below + (level == .hover ? 10 : 14)
    for pitch in stride(from: least, through: least + (level == .hover ? 1 : 130), by: 13) {
      guard pitch == least || pitch * Double(rows) <= Self.tallest else { break }
      for column in columns.indices {
        let first = top + above + pitch * Double(rows - columns[column].slots.count) / 2
        for slot in columns[column].slots.indices {
          columns[column].slots[slot].center = Point(
            columns[column].x, first + pitch * Double(slot))
        }
      }
      placeLoss(lossLines, side: side)
      edges = diagram.connections.indices.flatMap { joined(diagram, $0, numbers) }
      if level == .hover || placeLabels(diagram, air: 7) || placeLabels(diagram, air: 2) {
        return true
      }
      // What stands in one row gains nothing from rows further apart.
      if rows == 1 { break }
    }
    return false
  }

  /// The lines between the circles that are drawn.
  private func joined(
    _ diagram: NetworkDiagram, _ index: Int, _ numbers: NumberFormat
  ) -> [Edge] {
    let connection = diagram.connections[index]
    var edges: [Edge] = []
    for source in columns[index].slots {
      guard case .node(let input) = source.place else { continue }
      for target in columns[index + 1].slots {
        guard case .node(let neuron) = target.place, connection.joins(input, neuron) else {
          continue
        }
        let length = (target.center - source.center).length
        edges.append(
          Edge(
            place: .init(connection: index, input: input, neuron: neuron),
            from: source.center.toward(target.center, radius / length),
            to: target.center.toward(source.center, radius / length),
            label: connection.label(from: input, to: neuron, level, numbers)))
      }
    }
    return edges
  }

  /// Finds the places of all labels, with air around them; false where one cannot stand clear, or a line runs through
  /// a text.
  private mutating func placeLabels(_ diagram: NetworkDiagram, air: Double) -> Bool {
    for index in diagram.connections.indices {
      let own = edges.indices.filter { edges[$0].place.connection == index }
      let slots = columns[index].slots + columns[index + 1].slots
      var texts = slots.flatMap { slot in
        (slot.sketch?.texts(at: slot.center, radius: radius) ?? []).map {
          $0.line.style.box(of: $0.line.text, at: $0.base, $0.anchor).expanded(by: 2)
        }
      }
      if index == diagram.connections.count - 1, let loss {
        texts.append(loss.box.expanded(by: 4))
      }
      let segments = own.map { (edges[$0].from, edges[$0].to) }
      let isCrossed = texts.contains { box in
        segments.contains { box.meets(segmentFrom: $0.0, to: $0.1) }
      }
      if isCrossed { return false }
      let placement = LabelPlacement(
        obstacles: texts, circles: slots.map { ($0.center, radius + 3) }, segments: segments)
      let labelled = own.indices.filter { !edges[own[$0]].label.isEmpty }
      let isFan = columns[index].slots.count < columns[index + 1].slots.count
      let labels = labelled.map {
        Self.label(edges[own[$0]], at: $0, best: isFan ? 0.6 : 0.4, air: air)
      }
      guard let centers = placement.clearPlaces(for: labels) else { return false }
      for (place, center) in zip(labelled, centers) { edges[own[place]].labelCenter = center }
    }
    return true
  }

  /// A label may stand anywhere along its line, at best where the lines are apart.
  private static func label(
    _ edge: Edge, at index: Int, best: Double, air: Double
  ) -> LabelPlacement.Label {
    let parts = stride(from: 0.06, through: 0.94, by: 0.02).sorted {
      abs($0 - best) < abs($1 - best)
    }
    return LabelPlacement.Label(
      candidates: parts.map { edge.from.toward(edge.to, $0) },
      width: (edge.label.map { $0.style.width(of: $0.text) }.max() ?? 0) + 4 + air,
      height: Double(edge.label.count) * labelLeading + air, ownSegments: index..<(index + 1))
  }

  /// Moves everything to the right.
  mutating func shift(by shift: Double) {
    let step = Point(shift, 0)
    width += 2 * shift
    for column in columns.indices {
      columns[column].x += shift
      for slot in columns[column].slots.indices {
        columns[column].slots[slot].center = columns[column].slots[slot].center + step
      }
    }
    for edge in edges.indices {
      edges[edge].from = edges[edge].from + step
      edges[edge].to = edges[edge].to + step
      edges[edge].labelCenter = edges[edge].labelCenter.map { $0 + step }
    }
    loss?.shift(by: step)
  }

  // MARK: - The loss

  /// The lowest point of a circle with what stands below it.
  private func bottom(of slot: Slot) -> Double {
    slot.center.y + radius + (slot.sketch?.belowHeight ?? 8)
  }

  private mutating func placeLoss(_ lines: [SymbolText], side: LossPlacement.Side) {
    guard let outputs = columns.last, let first = outputs.slots.first, let end = outputs.slots.last
    else { return }
    guard !lines.isEmpty else { return }
    let size = Point(LossPlacement.width(lines), LossPlacement.height(lines))
    let centers = outputs.slots.filter { $0.sketch != nil }.map(\.center)
    if side == .right {
      let middle = (first.center.y + end.center.y) / 2
      let box = Box(width - Self.margin - size.x, middle - size.y / 2, size.x, size.y)
      loss = LossPlacement(box: box, outputs: centers, radius: radius, side: side)
    } else {
      let edge = outputs.x + radius + LossPlacement.bracketWidth
      let floor =
        side == .below
        ? bottom(of: end) + 22 : (columns.flatMap(\.slots).map { bottom(of: $0) }.max() ?? 0) + 10
      let box = Box(max(edge - size.x, Self.margin), floor, size.x, size.y)
      loss = LossPlacement(box: box, outputs: centers, radius: radius, side: side)
    }
  }
}
