/// How many elements are put in order between two looks at the interrupt flag.
private let orderedAtOnce = 1 << 14

extension Array where Element: MatrixScalar {
  /// The elements in order of size, NaN at the end.
  ///
  /// Throws: `MatrixError.interrupted`.
  func ordered(for operation: String, interrupt: InterruptFlag?) throws(MatrixError) -> [Element] {
    guard let result = withUnsafeBufferPointer({ $0.ordered(until: interrupt) }) else {
      throw .interrupted(operation: operation)
    }
    return result
  }
}

extension UnsafeBufferPointer where Element: MatrixScalar {
  /// The elements in order of size, NaN at the end; nil when the flag was raised on the way.
  @specialized(where Element == Double)
  func ordered(until interrupt: InterruptFlag?) -> [Element]? {
    guard count > orderedAtOnce else { return sorted(by: Element.nanLast) }
    var isWhole = false
    let result = [Element](unsafeUninitializedCapacity: count) { target, initialized in
      let spare = UnsafeMutableBufferPointer<Element>.allocate(capacity: count)
      isWhole = order(into: target, spare, interrupt)
      initialized = isWhole ? count : 0
      spare.deallocate()
    }
    return isWhole ? result : nil
  }

  /// Short runs first, then two runs to one, again and again, from one buffer to the other; false when the flag was
  /// raised on the way.
  private func order(
    into target: UnsafeMutableBufferPointer<Element>,
    _ spare: UnsafeMutableBufferPointer<Element>, _ interrupt: InterruptFlag?
  ) -> Bool {
    var passes = 0
    while orderedAtOnce << passes < count { passes += 1 }
    var (runs, merged) = passes % 2 == 0 ? (target, spare) : (spare, target)
    for start in stride(from: 0, to: count, by: orderedAtOnce) {
      if let interrupt, interrupt.isRaised { return false }
      let run = start..<Swift.min(count, start + orderedAtOnce)
      for i in run { runs.initializeElement(at: i, to: self[i]) }
      var part = UnsafeMutableBufferPointer(rebasing: runs[run])
      part.sort(by: Element.nanLast)
    }
    for pass in 0..<passes {
      let width = orderedAtOnce << pass
      for start in stride(from: 0, to: count, by: 2 * width) {
        let (middle, end) = (Swift.min(count, start + width), Swift.min(count, start + 2 * width))
        var (left, right, place) = (start, middle, start)
        while place < end {
          if let interrupt, interrupt.isRaised { return false }
          let stop = Swift.min(end, place + orderedAtOnce)
          while place < stop {
            let takesRight =
              left == middle || right < end && Element.nanLast(runs[right], runs[left])
            merged.initializeElement(at: place, to: takesRight ? runs[right] : runs[left])
            if takesRight { right += 1 } else { left += 1 }
            place += 1
          }
        }
      }
      swap(&runs, &merged)
    }
    return true
  }
}
