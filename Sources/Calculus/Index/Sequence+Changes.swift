extension Sequence {
  /// What `change` makes of every element; nil where it makes nothing of one.
  func mapAll<Changed>(_ change: (Element) -> Changed?) -> [Changed]? {
    var result: [Changed] = []
    for element in self {
      guard let changed = change(element) else { return nil }
      result.append(changed)
    }
    return result
  }
}

extension Array {
  func removing(at position: Int) -> [Element] {
    var rest = self
    rest.remove(at: position)
    return rest
  }
}
