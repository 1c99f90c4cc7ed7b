extension LabelPlacement {
  /// Places where every label stands clear of the others, of all obstacles and of all lines but its own; nil where
  /// there are none to be found.
  ///
  /// Each label takes the first of its places that is free, those with least choice first. One that finds none takes
  /// the place from those that can best go elsewhere, which then look again: the more often a label had to go, the less
  /// it is asked to (min-conflicts with weights).
  func clearPlaces(for labels: [Label]) -> [Point]? {
    var open: [[Box]] = []
    for label in labels {
      let boxes = label.candidates.map {
        Box(center: $0, width: label.width, height: label.height)
      }.filter { isClear($0, of: label) }
      if boxes.isEmpty { return nil }
      open.append(boxes)
    }
    var chosen = labels.map { _ in nil as Box? }
    var moves = labels.map { _ in 1 }
    var waiting = labels.indices.sorted {
      (open[$0].count, $0) > (open[$1].count, $1)
    }
    var steps = 12 * labels.count
    while let label = waiting.popLast() {
      steps -= 1
      guard steps >= 0 else { return nil }
      var best: (cost: Int, box: Box, displaced: [Int])?
      for box in open[label] {
        let displaced = labels.indices.filter { other in
          other != label && chosen[other].map { $0.overlap(with: box) > 0 } ?? false
        }
        let cost = displaced.reduce(0) { $0 + moves[$1] }
        if cost < best?.cost ?? .max { best = (cost, box, displaced) }
        if cost == 0 { break }
      }
      guard let best else { return nil }
      chosen[label] = best.box
      for other in best.displaced {
        chosen[other] = nil
        moves[other] += 1
        waiting.append(other)
      }
    }
    return chosen.compactMap { $0?.center }
  }

  private func isClear(_ box: Box, of label: Label) -> Bool {
    !obstacles.contains { $0.overlap(with: box) > 0 }
      && !circles.contains { box.meets(circleAt: $0.center, radius: $0.radius) }
      && !segments.indices.contains {
        !label.ownSegments.contains($0)
          && box.meets(segmentFrom: segments[$0].from, to: segments[$0].to)
      }
  }
}
