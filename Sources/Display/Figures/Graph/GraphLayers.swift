/// The layers of a graph without circles, and the order of the nodes in each.
///
/// An arrow that passes over layers gets a passing point in each, so that it has room between nodes.
/// Source: Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system
/// structures" (1981): longest paths for the layers, barycentres for the order.
struct GraphLayers: Sendable {
  /// A node, or a point at which an arrow passes.
  enum Item: Sendable, Hashable {
    case node(Int)
    case passing(edge: Int, layer: Int)
  }

  /// The items from top to bottom, by layer.
  private(set) var layers: [[Item]]
  /// The layer of every node.
  let layerOfNode: [Int]
  /// The items along every edge, from its start to its end.
  let routes: [[Item]]

  /// Layers for `count` nodes; `late` are nodes without inputs that stand just before their first use
  /// rather than at the left.
  init(_ edges: [(from: Int, to: Int)], count: Int, late: Set<Int> = []) {
    var layer = Array(repeating: 0, count: count)
    for node in Self.order(edges, count: count) {
      for edge in edges where edge.from == node {
        layer[edge.to] = max(layer[edge.to], layer[node] + 1)
      }
    }
    for node in late where !edges.contains(where: { $0.to == node }) {
      let first = edges.filter { $0.from == node }.map { layer[$0.to] }.min()
      layer[node] = max((first ?? 1) - 1, 0)
    }
    layerOfNode = layer
    let depth = (layer.max() ?? 0) + 1
    var layers: [[Item]] = Array(repeating: [], count: depth)
    for node in 0..<count { layers[layer[node]].append(.node(node)) }
    var routes: [[Item]] = []
    for (index, edge) in edges.enumerated() {
      var route = [Item.node(edge.from)]
      for passed in (layer[edge.from] + 1)..<max(layer[edge.to], layer[edge.from] + 1) {
        let item = Item.passing(edge: index, layer: passed)
        layers[passed].append(item)
        route.append(item)
      }
      routes.append(route + [.node(edge.to)])
    }
    self.layers = layers
    self.routes = routes
    reduceCrossings()
  }

  /// The nodes so that each comes after those that it depends on; without those of a circle.
  private static func order(_ edges: [(from: Int, to: Int)], count: Int) -> [Int] {
    var waiting = Array(repeating: 0, count: count)
    for edge in edges { waiting[edge.to] += 1 }
    var ready = (0..<count).filter { waiting[$0] == 0 }
    var result: [Int] = []
    while let node = ready.first {
      ready.removeFirst()
      result.append(node)
      for edge in edges where edge.from == node {
        waiting[edge.to] -= 1
        if waiting[edge.to] == 0 { ready.append(edge.to) }
      }
    }
    return result
  }

  /// Nodes that depend on each other in a circle, from the lowest on in its order, or nil if there are
  /// none.
  static func circle(_ edges: [(from: Int, to: Int)], count: Int) -> [Int]? {
    let free = Set(order(edges, count: count))
    guard var node = (0..<count).first(where: { !free.contains($0) }) else { return nil }
    // Every node that is left has an input that is left: going back must come round.
    var path: [Int] = []
    while !path.contains(node) {
      path.append(node)
      guard let back = edges.first(where: { $0.to == node && !free.contains($0.from) }) else {
        break
      }
      node = back.from
    }
    let circle = Array(path[(path.firstIndex(of: node) ?? 0)...].reversed())
    let first = circle.indices.min { circle[$0] < circle[$1] } ?? 0
    return Array(circle[first...] + circle[..<first])
  }

  // MARK: - Order

  private static let sweeps = 12

  /// Sorts every layer by the mean position of its neighbours, forward and back, and keeps the order
  /// with the fewest crossings.
  private mutating func reduceCrossings() {
    var before: [Item: [Item]] = [:]
    var after: [Item: [Item]] = [:]
    for route in routes {
      for (item, next) in zip(route, route.dropFirst()) {
        after[item, default: []].append(next)
        before[next, default: []].append(item)
      }
    }
    var best = (layers: layers, crossings: crossings(after))
    for sweep in 0..<Self.sweeps where best.crossings > 0 {
      let forward = sweep.isMultiple(of: 2)
      let order = forward ? Array(layers.indices.dropFirst()) : layers.indices.dropLast().reversed()
      for index in order {
        sort(index, by: forward ? before : after, beside: forward ? index - 1 : index + 1)
      }
      let count = crossings(after)
      if count < best.crossings { best = (layers, count) }
    }
    layers = best.layers
  }

  private mutating func sort(_ index: Int, by neighbours: [Item: [Item]], beside other: Int) {
    let positions = Dictionary(
      uniqueKeysWithValues: layers[other].enumerated().map { ($1, Double($0)) })
    let keys = layers[index].enumerated().map { position, item -> Double in
      let places = (neighbours[item] ?? []).compactMap { positions[$0] }
      guard !places.isEmpty else { return Double(position) }
      return places.reduce(0, +) / Double(places.count)
    }
    layers[index] = layers[index].indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
      .map { layers[index][$0] }
  }

  private func crossings(_ after: [Item: [Item]]) -> Int {
    var count = 0
    for (layer, next) in zip(layers, layers.dropFirst()) {
      let positions = Dictionary(uniqueKeysWithValues: next.enumerated().map { ($1, $0) })
      let ends = layer.map { (after[$0] ?? []).compactMap { positions[$0] } }
      for first in ends.indices {
        for second in ends.indices.dropFirst(first + 1) {
          for a in ends[first] { count += ends[second].count { $0 < a } }
        }
      }
    }
    return count
  }
}
