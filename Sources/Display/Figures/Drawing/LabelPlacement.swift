/// Finds places for labels along lines, so that they cover neither each other nor anything else.
///
/// Every label has candidates, the best first. Each takes in turn the candidate that costs least where
/// the others stand now, until none moves: a descent that ends, since every move lowers the sum.
struct LabelPlacement {
  struct Label {
    /// Where its centre may be, the best place first.
    var candidates: [Point]
    var width: Double
    var height: Double
    /// The positions of its own line's pieces among `segments`, which it may cover.
    var ownSegments: Range<Int>
  }

  struct Result {
    var centers: [Point]
    /// The area that labels share with each other and with obstacles: 0 if all went well.
    var overlap: Double
    /// What the places cost: less is better.
    var cost: Double
  }

  /// What no label may cover.
  var obstacles: [Box] = []
  var circles: [(center: Point, radius: Double)] = []
  /// Lines that labels had better not cover.
  var segments: [(from: Point, to: Point)] = []

  private static let overlapCost = 5.0
  private static let crossingCost = 25.0
  private static let rankCost = 1.0
  private static let rounds = 12

  func solve(_ labels: [Label]) -> Result {
    let boxes = labels.map { label in
      label.candidates.map { Box(center: $0, width: label.width, height: label.height) }
    }
    let fixedCosts = labels.indices.map { index in
      boxes[index].indices.map { fixedCost(boxes[index][$0], labels[index], rank: $0) }
    }
    var chosen = labels.map { _ in 0 }
    for _ in 0..<Self.rounds {
      var moved = false
      for index in labels.indices where !boxes[index].isEmpty {
        let others = labels.indices.filter { $0 != index && !boxes[$0].isEmpty }
          .map { boxes[$0][chosen[$0]] }
        let costs = boxes[index].indices.map { candidate in
          others.reduce(fixedCosts[index][candidate]) {
            $0 + Self.overlapCost * $1.overlap(with: boxes[index][candidate])
          }
        }
        let best = costs.indices.min { costs[$0] < costs[$1] } ?? 0
        if costs[best] < costs[chosen[index]] {
          chosen[index] = best
          moved = true
        }
      }
      if !moved { break }
    }
    let placed = labels.indices.filter { !boxes[$0].isEmpty }
    return Result(
      centers: labels.indices.map {
        boxes[$0].isEmpty ? Point(0, 0) : boxes[$0][chosen[$0]].center
      },
      overlap: overlap(placed.map { boxes[$0][chosen[$0]] }),
      cost: placed.reduce(0) { $0 + fixedCosts[$1][chosen[$1]] })
  }

  private func fixedCost(_ box: Box, _ label: Label, rank: Int) -> Double {
    let covered = obstacles.reduce(0) { $0 + $1.overlap(with: box) }
    let crossed = segments.indices.count {
      !label.ownSegments.contains($0)
        && box.meets(segmentFrom: segments[$0].from, to: segments[$0].to)
    }
    return Self.overlapCost * covered + Self.crossingCost * Double(crossed)
      + Self.rankCost * Double(rank)
  }

  private func overlap(_ boxes: [Box]) -> Double {
    boxes.indices.reduce(0) { sum, index in
      let others = boxes[..<index] + obstacles
      return others.reduce(sum) { $0 + $1.overlap(with: boxes[index]) }
    }
  }
}
