import MatrixEngine

/// A dataset that the language knows by name.
package struct DatasetGenerator: Named {
  package let name: String
  /// One line for completion and help.
  package let summary: String
  /// Whether the seed makes a difference.
  package let isRandom: Bool
  private let make: @Sendable (inout RandomSource) -> Dataset

  init(
    _ name: String, _ summary: String, isRandom: Bool = false,
    make: @escaping @Sendable (inout RandomSource) -> Dataset
  ) {
    self.name = name
    self.summary = summary
    self.isRandom = isRandom
    self.make = make
  }

  package func dataset(seed: Int = 0) -> Dataset {
    var random = RandomSource(seed: seed)
    return make(&random)
  }
}
