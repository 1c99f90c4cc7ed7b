/// Which of many rows, columns or entries are shown: all, or the first and the last.
struct Folding: Sendable, Equatable {
  let count: Int
  /// How many are shown from the start; all of them if nothing is hidden.
  let head: Int
  let tail: Int

  /// Shows everything up to the limit; beyond it, about two thirds of the limit from the start and a
  /// quarter from the end.
  init(count: Int, limit: Int) {
    self.count = count
    if count <= limit {
      head = count
      tail = 0
    } else {
      head = max(limit * 2 / 3, 1)
      tail = max(limit / 4, 1)
    }
  }

  var hidden: Int { count - head - tail }

  /// The positions that are shown, in order; nil stands for those left out.
  var positions: [Int?] {
    guard hidden > 0 else { return Array(0..<count) }
    return Array(0..<head) + [nil] + Array((count - tail)..<count)
  }

  /// The positions that are shown.
  var shown: [Int] { positions.compactMap { $0 } }
}
