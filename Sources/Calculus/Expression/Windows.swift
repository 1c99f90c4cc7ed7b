import MatrixEngine

/// A window that goes over an array, along the last indices of it: where it stands, and what it sees there.
package struct Windows: Hashable, Sendable {
  /// How many entries it sees along each index that it goes along.
  package let sizes: [Int]
  /// How far each step goes.
  package let strides: [Int]
  /// How many entries are added at both ends.
  package let padding: [Int]
  /// What these are.
  package let filling: Double

  package init(sizes: [Int], strides: [Int], padding: [Int], filling: Double = 0) {
    (self.sizes, self.strides, self.padding) = (sizes, strides, padding)
    self.filling = filling
  }

  /// How many places there are along each index; what is left over at the end is dropped.
  package func counts(over sizes: [Int]) -> [Int] {
    zip(sizes.suffix(self.sizes.count), self.sizes.indices).map { size, axis in
      let room = size + 2 * padding[axis] - self.sizes[axis]
      return room < 0 ? 0 : room / strides[axis] + 1
    }
  }

  /// Shape: `[c, h, w] → [places, c·m·n]`; an array without a first index of its own is one channel.
  ///
  /// Throws: `CalculusError.wrongShape` for a window that is larger than the array, `.unsupported`, `.tooLarge`.
  func shape(over shape: ExpressionShape) throws(CalculusError) -> ExpressionShape {
    var known: [Int] = []
    for dimension in shape.dimensions {
      guard let count = dimension.count else {
        throw .unsupported("windows needs an array whose sizes are numbers")
      }
      known.append(count)
    }
    guard known.count == sizes.count || known.count == sizes.count + 1 else {
      throw .wrongShape(
        operation: "windows", shape: shape,
        expected: sizes.count == 1 ? "a vector, or channels × n" : "a matrix, or channels × h × w")
    }
    for beyond in [known, sizes, padding] where beyond.contains(where: { $0 > Shape.largestCount })
    {
      throw .tooLarge(beyond)
    }
    let counts = counts(over: known)
    guard !counts.contains(where: { $0 < 1 }) else {
      let seen = sizes.map(String.init).joined(separator: "×")
      throw .wrongShape(
        operation: "a window of \(seen)", shape: shape,
        expected: "at least as much to go over")
    }
    let channels = known.count > sizes.count ? known[0] : 1
    let result = [Shape(counts).count, Shape([channels] + sizes).count]
    _ = try CalculusError.shape(result)
    return ExpressionShape(result.map { .declared($0) })
  }

  /// Where each entry of the result comes from, row by row; -1 outside.
  package func places(over whole: [Int]) -> [Int] {
    let rank = sizes.count
    let extents = Array(whole.suffix(rank))
    let channels = whole.count > rank ? whole[0] : 1
    let (counts, area) = (counts(over: whole), extents.reduce(1, *))
    var result: [Int] = []
    result.reserveCapacity(counts.reduce(1, *) * channels * sizes.reduce(1, *))
    for start in Self.grid(counts) {
      for channel in 0..<channels {
        for offset in Self.grid(sizes) {
          var place = 0
          var isInside = true
          for axis in 0..<rank {
            let index = start[axis] * strides[axis] + offset[axis] - padding[axis]
            isInside = isInside && index >= 0 && index < extents[axis]
            place = place * extents[axis] + index
          }
          result.append(isInside ? channel * area + place : -1)
        }
      }
    }
    return result
  }

  /// All indices of an array of these sizes, the last running fastest.
  private static func grid(_ sizes: [Int]) -> [[Int]] {
    sizes.reduce([[]]) { rows, size in rows.flatMap { row in (0..<size).map { row + [$0] } } }
  }

  /// Behind the array, as the language writes them.
  var arguments: [String] { sizes.map(String.init) + manner }

  /// The same behind what windows have seen, where they are to be put back into an array of this shape.
  func arguments(into shape: ExpressionShape) -> [String] {
    shape.dimensions.map(\.text) + ["window = [\(sizes.map(String.init).joined(separator: ", "))]"]
      + manner
  }

  /// How it goes, where that is not the usual way.
  private var manner: [String] {
    var texts: [String] = []
    if strides != sizes.map({ _ in 1 }) { texts.append("stride = \(Self.text(strides))") }
    if padding.contains(where: { $0 != 0 }) { texts.append("padding = \(Self.text(padding))") }
    if filling != 0 { texts.append("fill = \(Number(filling).text)") }
    return texts
  }

  private static func text(_ numbers: [Int]) -> String {
    Set(numbers).count == 1
      ? "\(numbers[0])" : "[\(numbers.map(String.init).joined(separator: ", "))]"
  }

  func mix(into mixer: inout FingerprintMixer) {
    for number in sizes + strides + padding { mixer.mix(number) }
    mixer.mix("\(filling)")
  }
}

extension Arrangement {
  /// What it makes of derivatives: what is filled in does not move.
  var ofTangents: Arrangement {
    guard case .windows(let windows) = self else { return self }
    return .windows(
      Windows(sizes: windows.sizes, strides: windows.strides, padding: windows.padding))
  }
}
