import Notation

/// Where the nodes, arrows and labels of a computational graph stand.
struct GraphLayout {
  struct Arrow {
    /// The points that the arrow passes, from its start to its end.
    var points: [Point]
    var label: SymbolText?
    var labelCenter: Point?
  }

  private(set) var boxes: [Box] = []
  private(set) var arrows: [Arrow] = []
  private(set) var width = 0.0
  private(set) var bottom = 0.0

  static let margin = 22.0
  static let nodeStyle = TextStyle(size: 18)
  static let valueStyle = TextStyle(size: 18, isBold: true)
  private static let shapeStyle = TextStyle(size: 16, color: Palette.mutedInk)
  static let gradientStyle = TextStyle(size: 16, color: Palette.gradient)
  static let labelStyle = TextStyle(size: 16, color: Palette.gradient)
  static let lineHeight = 25.0
  private static let nodeGap = 26.0
  /// A passing arrow needs less room than a node.
  private static let passingHeight = 10.0
  /// From the end of an arrow to that of the next.
  private static let arrowPitch = 24.0
  /// What a pixel of width costs, where it saves labels from covering arrows.
  private static let widthCost = 0.25

  init(_ diagram: GraphDiagram, top: Double, numbers: NumberFormat) {
    let constants = diagram.nodes.indices.filter { diagram.nodes[$0].kind == .constant }
    let layers = GraphLayers(
      diagram.edges.map { ($0.from, $0.to) }, count: diagram.nodes.count, late: Set(constants))
    let sizes = diagram.nodes.map { Self.size($0, numbers) }
    let labels = diagram.edges.map { $0.derivative(numbers) }
    let heights = Self.heights(layers, sizes)
    var centers = Self.verticalCenters(layers, heights)
    let highest =
      centers.map { $0.value - (heights[$0.key] ?? 0) / 2 }.min() ?? 0
    for item in centers.keys { centers[item]? += top - highest }

    // Wider gaps where that gives the labels room.
    var best: (cost: Double, placed: Placed)?
    for extra in stride(from: 0.0, through: 120, by: 40) {
      let placed = Self.place(diagram, layers, sizes, centers, labels, extra: extra)
      let cost = placed.cost + extra * Double(layers.layers.count - 1) * Self.widthCost
      if cost < best?.cost ?? .infinity { best = (cost, placed) }
    }
    guard let best else { return }
    boxes = best.placed.boxes
    arrows = best.placed.arrows
    let ends = arrows.flatMap(\.points) + arrows.compactMap(\.labelCenter)
    width = max(boxes.map(\.right).max() ?? 0, ends.map(\.x).max() ?? 0) + Self.margin
    bottom = max(boxes.map(\.bottom).max() ?? 0, (ends.map(\.y).max() ?? 0) + 10)
  }

  static func lines(
    _ node: GraphDiagram.Node, _ numbers: NumberFormat
  ) -> [(text: SymbolText, style: TextStyle)] {
    var lines = nodeStyle.wrapped(node.label, width: 300).map { ($0, nodeStyle) }
    if let value = node.value {
      lines.append((GraphDiagram.Node.reading(value, numbers.symbol), valueStyle))
    }
    if let shape = node.shape, node.value.map(GraphDiagram.Node.isWrittenOut) ?? true {
      lines.append((.words(shape), shapeStyle))
    }
    if let gradient = node.gradient {
      lines.append(("∂ " + GraphDiagram.Node.reading(gradient, numbers.symbol), gradientStyle))
    }
    return lines
  }

  private static func size(
    _ node: GraphDiagram.Node, _ numbers: NumberFormat
  ) -> (width: Double, height: Double) {
    let lines = lines(node, numbers)
    let widest = lines.map { $0.style.width(of: $0.text) }.max() ?? 0
    // The second frame of an output lies within its box.
    let frame = node.kind == .output ? 8.0 : 0
    return (max(widest + 30, 54) + frame, Double(lines.count) * lineHeight + 16 + frame)
  }

  // MARK: - Up and down

  private static func heights(
    _ layers: GraphLayers, _ sizes: [(width: Double, height: Double)]
  ) -> [GraphLayers.Item: Double] {
    var result: [GraphLayers.Item: Double] = [:]
    for item in layers.layers.joined() {
      result[item] = if case .node(let node) = item { sizes[node].height } else { passingHeight }
    }
    return result
  }

  /// Every item as near to the mean of its neighbours as its layer's order and room allow.
  private static func verticalCenters(
    _ layers: GraphLayers, _ heights: [GraphLayers.Item: Double]
  ) -> [GraphLayers.Item: Double] {
    var neighbours: [GraphLayers.Item: [GraphLayers.Item]] = [:]
    for route in layers.routes {
      for (item, next) in zip(route, route.dropFirst()) {
        neighbours[item, default: []].append(next)
        neighbours[next, default: []].append(item)
      }
    }
    func gaps(_ layer: [GraphLayers.Item]) -> [Double] {
      zip(layer, layer.dropFirst()).map {
        ((heights[$0] ?? 0) + (heights[$1] ?? 0)) / 2 + nodeGap
      }
    }
    var centers: [GraphLayers.Item: Double] = [:]
    for layer in layers.layers {
      let gaps = gaps(layer)
      var place = -gaps.reduce(0, +) / 2
      for (index, item) in layer.enumerated() {
        centers[item] = place
        if index < gaps.count { place += gaps[index] }
      }
    }
    for sweep in 0..<16 {
      let order = sweep.isMultiple(of: 2) ? layers.layers : layers.layers.reversed()
      for layer in order {
        let wanted = layer.map { item -> Double in
          let places = (neighbours[item] ?? []).compactMap { centers[$0] }
          guard !places.isEmpty else { return centers[item] ?? 0 }
          return places.reduce(0, +) / Double(places.count)
        }
        for (item, place) in zip(layer, spread(wanted, gaps: gaps(layer))) { centers[item] = place }
      }
    }
    return centers
  }

  /// The places nearest to the wanted ones, in the sum of squares, that keep the order and the gaps.
  /// Source: pooling of adjacent violators; Barlow et al., "Statistical inference under order
  /// restrictions" (1972).
  static func spread(_ wanted: [Double], gaps: [Double]) -> [Double] {
    var shifts = [0.0]
    for gap in gaps { shifts.append((shifts.last ?? 0) + gap) }
    var pools: [(sum: Double, count: Double)] = []
    for (place, shift) in zip(wanted, shifts) {
      pools.append((place - shift, 1))
      while pools.count > 1 {
        let (last, previous) = (pools[pools.count - 1], pools[pools.count - 2])
        guard previous.sum / previous.count > last.sum / last.count else { break }
        pools.removeLast()
        pools[pools.count - 1] = (previous.sum + last.sum, previous.count + last.count)
      }
    }
    let levels = pools.flatMap {
      Array(repeating: $0.sum / $0.count, count: Int($0.count))
    }
    return zip(levels, shifts).map { $0 + $1 }
  }

  // MARK: - Across

  private struct Placed {
    var boxes: [Box]
    var arrows: [Arrow]
    var cost: Double
  }

  private static func place(
    _ diagram: GraphDiagram, _ layers: GraphLayers, _ sizes: [(width: Double, height: Double)],
    _ centers: [GraphLayers.Item: Double], _ labels: [SymbolText?], extra: Double
  ) -> Placed {
    // The left and right edges of every layer.
    var columns: [(left: Double, right: Double)] = []
    var left = margin
    for (index, layer) in layers.layers.enumerated() {
      let width = layer.reduce(0.0) { widest, item in
        if case .node(let node) = item { max(widest, sizes[node].width) } else { widest }
      }
      columns.append((left, left + width))
      let starting = diagram.edges.indices.filter {
        layers.layerOfNode[diagram.edges[$0].from] == index
      }
      let widest = starting.compactMap { labels[$0] }.map { labelStyle.width(of: $0) }.max()
      left += width + max(70, (widest ?? 0) + 60) + (widest == nil ? 0 : extra)
    }
    let boxes = diagram.nodes.indices.map { node in
      let column = columns[layers.layerOfNode[node]]
      return Box(
        center: Point((column.left + column.right) / 2, centers[.node(node)] ?? 0),
        width: sizes[node].width, height: sizes[node].height)
    }
    var arrows = diagram.edges.indices.map { index in
      Arrow(
        points: points(diagram, layers, index, boxes, columns, centers), label: labels[index])
    }
    let result = placeLabels(&arrows, boxes)
    return Placed(boxes: boxes, arrows: arrows, cost: result)
  }

  /// The points of an arrow: from the right of its first node past the others' layers to the left of its
  /// last, where arrows end below each other in the order in which they come.
  private static func points(
    _ diagram: GraphDiagram, _ layers: GraphLayers, _ index: Int, _ boxes: [Box],
    _ columns: [(left: Double, right: Double)], _ centers: [GraphLayers.Item: Double]
  ) -> [Point] {
    let edge = diagram.edges[index]
    let passed = layers.routes[index].dropFirst().dropLast().flatMap { item -> [Point] in
      guard case .passing(_, let layer) = item, let y = centers[item] else { return [] }
      return [Point(columns[layer].left, y), Point(columns[layer].right, y)]
    }
    let arriving = diagram.edges.indices.filter { diagram.edges[$0].to == edge.to }
      .map { other -> (height: Double, index: Int) in
        let item = layers.routes[other].dropLast().last ?? .node(diagram.edges[other].from)
        return (centers[item] ?? 0, other)
      }.sorted { $0 < $1 }
    let box = boxes[edge.to]
    let pitch = min(arrowPitch, box.height * 0.7 / Double(max(arriving.count - 1, 1)))
    let end = box.center.y + pitch * offset(of: index, among: arriving.map(\.index))
    let start = start(diagram, layers, index, boxes[edge.from], centers)
    return [start] + passed + [Point(box.left, end)]
  }

  /// Where an arrow begins: in the middle, unless two from this node go to the same one. The beginning is
  /// covered by the node, whose side may be round.
  private static func start(
    _ diagram: GraphDiagram, _ layers: GraphLayers, _ index: Int, _ box: Box,
    _ centers: [GraphLayers.Item: Double]
  ) -> Point {
    let edge = diagram.edges[index]
    let leaving = diagram.edges.indices.filter { diagram.edges[$0].from == edge.from }
    guard Set(leaving.map { diagram.edges[$0].to }).count < leaving.count else {
      return Point(box.right, box.center.y)
    }
    let order = leaving.map { other -> (height: Double, index: Int) in
      (centers[layers.routes[other][1]] ?? 0, other)
    }.sorted { $0 < $1 }
    let pitch = min(arrowPitch, box.height * 0.7 / Double(max(order.count - 1, 1)))
    return Point(
      box.right - box.width / 5,
      box.center.y + pitch * offset(of: index, among: order.map(\.index)))
  }

  /// How many places a member of a list stands below the list's middle.
  private static func offset(of index: Int, among all: [Int]) -> Double {
    Double(all.firstIndex(of: index) ?? 0) - Double(all.count - 1) / 2
  }

  /// Places the labels; returns what their places cost.
  private static func placeLabels(_ arrows: inout [Arrow], _ boxes: [Box]) -> Double {
    var placement = LabelPlacement(obstacles: boxes.map { $0.expanded(by: 4) })
    var labels: [LabelPlacement.Label] = []
    let labelled = arrows.indices.filter { arrows[$0].label != nil }
    for arrow in arrows {
      let start = placement.segments.count
      let curve = arrow.sampled
      placement.segments += zip(curve, curve.dropFirst()).map { ($0, $1) }
      guard let label = arrow.label else { continue }
      // At best near the middle of the first piece, and never past it.
      let piece = curve.prefix(Arrow.samples + 1).indices.dropFirst(2).dropLast(2)
      let candidates = piece.sorted {
        abs($0 - Arrow.samples / 2) < abs($1 - Arrow.samples / 2)
      }.map { curve[$0] }
      labels.append(
        LabelPlacement.Label(
          candidates: candidates, width: labelStyle.width(of: label) + 10,
          height: labelStyle.size * 1.4, ownSegments: start..<placement.segments.count))
    }
    let result = placement.solve(labels)
    for (index, center) in zip(labelled, result.centers) { arrows[index].labelCenter = center }
    return result.cost + result.overlap * 100
  }
}

extension GraphLayout.Arrow {
  /// How many points of each curved piece are looked at.
  static let samples = 12

  /// The two inner points that bend the piece between two points, so that it begins and ends level.
  static func controls(_ start: Point, _ end: Point) -> (Point, Point) {
    let reach = (end.x - start.x) * 0.45
    return (Point(start.x + reach, start.y), Point(end.x - reach, end.y))
  }

  /// Points along the arrow.
  var sampled: [Point] {
    var result = Array(points.prefix(1))
    for (start, end) in zip(points, points.dropFirst()) {
      let (first, second) = Self.controls(start, end)
      for step in 1...Self.samples {
        let t = Double(step) / Double(Self.samples)
        let a = start.toward(first, t).toward(first.toward(second, t), t)
        let b = first.toward(second, t).toward(second.toward(end, t), t)
        result.append(a.toward(b, t))
      }
    }
    return result
  }
}
