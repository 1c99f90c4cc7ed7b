/// Which of many rows, columns or entries are shown: all, or the first, the last and those that have to be.
struct Folding: Sendable, Equatable {
  let count: Int
  /// The positions that are shown, in order.
  let shown: [Int]

  /// Shows everything up to the limit; beyond it, about two thirds of the limit from the start, a
  /// quarter from the end, and between them what is to be kept.
  init(count: Int, limit: Int, keeping kept: [Int] = []) {
    self.count = count
    guard count > limit else {
      shown = Array(0..<count)
      return
    }
    let head = max(limit * 2 / 3, 1)
    let tail = count - max(limit / 4, 1)
    let between = Set(kept).filter { $0 >= head && $0 < tail }.sorted()
    shown = Array(0..<head) + between + Array(tail..<count)
  }

  var hidden: Int { count - shown.count }

  /// The positions that are shown, in order; nil stands for those left out.
  var positions: [Int?] {
    var result: [Int?] = []
    var next = 0
    for position in shown {
      if position > next { result.append(nil) }
      result.append(position)
      next = position + 1
    }
    return result
  }
}
