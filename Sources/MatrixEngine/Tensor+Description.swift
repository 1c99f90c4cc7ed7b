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
}
