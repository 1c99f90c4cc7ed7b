extension Sequence {
  /// `map` with a typed error, which the standard library's closure inference does not give here.
  @inlinable
  package func map2<Result, Failure: Error>(
    _ transform: (Element) throws(Failure) -> Result
  ) throws(Failure) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(underestimatedCount)
    for element in self { results.append(try transform(element)) }
    return results
  }
}

extension Optional {
  /// `map` with a typed error.
  @inlinable
  package func map2<Result, Failure: Error>(
    _ transform: (Wrapped) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    if let self { try transform(self) } else { nil }
  }
}
