/// Proposals for misspelt names.
package enum Spelling {
  /// The candidate that takes the fewest changes to become `name`, if there are few enough; the first of
  /// equals. A change is a letter put in, left out, replaced, or swapped with its neighbour.
  package static func nearest(to name: String, in candidates: some Sequence<String>) -> String? {
    let letters = Array(name.prefix(64))
    let limit = letters.count <= 5 ? 1 : letters.count <= 7 ? 2 : 3
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != name {
      guard abs(candidate.count - letters.count) <= limit else { continue }
      let found =
        candidate.lowercased() == name.lowercased()
        ? 0 : distance(letters, Array(candidate), limit: limit)
      // A name of one or two letters is only near what it shares a letter with.
      if letters.count <= 2, found > 0, !candidate.contains(where: letters.contains) { continue }
      if found <= limit, found < best?.distance ?? .max { best = (candidate, found) }
    }
    return best?.name
  }

  /// The nearest candidate as a question, for the label of an error: "did you mean x?"; without one, other words.
  package static func question(
    _ name: String, in candidates: some Sequence<String>, otherwise words: String = ""
  ) -> String {
    question(nearest(to: name, in: candidates), otherwise: words)
  }

  /// The same of a name that has been found.
  package static func question(_ nearest: String?, otherwise words: String = "") -> String {
    nearest.map { "did you mean \($0)?" } ?? words
  }

  /// The number of changes between two words (optimal string alignment), or more than `limit`.
  static func distance(_ a: [Character], _ b: [Character], limit: Int) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    var row = last
    for i in 1...a.count {
      row[0] = i
      for j in 1...b.count {
        let same = a[i - 1] == b[j - 1]
        var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          cost = min(cost, beforeLast[j - 2] + 1)
        }
        row[j] = cost
      }
      if (row.min() ?? 0) > limit { return limit + 1 }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
