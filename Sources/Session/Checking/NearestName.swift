/// "Did you mean": the known name that is nearest to a misspelt one.
enum NearestName {
  /// The nearest of `candidates`, or nil when none is near: at most one edit for short names, two
  /// for others (case counts half).
  static func find(_ name: String, in candidates: some Sequence<String>) -> String? {
    let target = Array(name)
    guard target.count <= 64 else { return nil }
    let lowered = Array(name.lowercased())
    let limit = Double(target.count <= 3 ? 1 : 2)
    var best: (name: String, distance: Double)?
    for candidate in candidates where abs(candidate.count - target.count) <= 2 {
      guard candidate != name else { continue }
      let distance = min(
        Double(edits(target, Array(candidate))),
        Double(edits(lowered, Array(candidate.lowercased()))) + 0.5)
      guard distance <= limit, Double(candidate.count) > distance else { continue }
      if let known = best, (known.distance, known.name) <= (distance, candidate) { continue }
      best = (candidate, distance)
    }
    return best?.name
  }

  /// The Damerau–Levenshtein distance with adjacent transpositions (optimal string alignment).
  static func edits(_ a: [Character], _ b: [Character]) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var cost = min(
          previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          cost = min(cost, before[j - 2] + 1)
        }
        row.append(cost)
      }
      before = previous
      previous = row
    }
    return previous[b.count]
  }
}
