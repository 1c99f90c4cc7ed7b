extension Tensor {
  /// With its article, as messages say it.
  package var description: String {
    switch rank {
    case 0: "a number"
    case 1: "a vector of \(rows)"
    case 2: rows == 1 ? "a row (\(shape))" : "a \(shape) matrix"
    default: "a \(shape) array"
    }
  }

  /// The same, but of a matrix the sizes alone: `2×3`.
  package var shapeDescription: String { rank == 2 ? "\(shape)" : description }

  /// Its numbers in nested brackets, the last index innermost: `[[1, 2], [3, 4]]`; a number of its own without any.
  package func bracketed(_ text: (Scalar) -> String) -> String {
    func part(_ numbers: ArraySlice<Scalar>, _ sizes: ArraySlice<Int>) -> String {
      guard let size = sizes.first else { return numbers.first.map(text) ?? "" }
      let step = numbers.count / max(size, 1)
      let parts = (0..<size).map { place in
        part(numbers.dropFirst(place * step).prefix(step), sizes.dropFirst())
      }
      return "[\(parts.joined(separator: ", "))]"
    }
    return part(storage[...], sizes[...])
  }
}
