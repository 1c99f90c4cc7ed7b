import MatrixEngine

/// A dataset that the language knows by name.
package struct DatasetGenerator: Named {
  /// A shape of its own that an example can be had in, such as an image.
  package struct Form: Sendable, Equatable {
    package let name: String
    /// Shape of an example.
    package let sizes: [Int]
  }

  package let name: String
  /// One line for completion and help.
  package let summary: String
  /// Whether the seed makes a difference.
  package let isRandom: Bool
  /// What an example can be besides a row of numbers; nil: nothing else.
  package let form: Form?
  private let make: @Sendable (inout RandomSource) -> Dataset

  init(
    _ name: String, _ summary: String, isRandom: Bool = false, form: Form? = nil,
    make: @escaping @Sendable (inout RandomSource) -> Dataset
  ) {
    self.name = name
    self.summary = summary
    self.isRandom = isRandom
    self.form = form
    self.make = make
  }

  package func dataset(seed: Int = 0) -> Dataset {
    var random = RandomSource(seed: seed)
    return make(&random)
  }

  /// The word for an example as a row, which every dataset has.
  package static let rows = "rows"

  /// The dataset with its examples in the form of that name; nil where it has no such form.
  package func dataset(as form: String, seed: Int = 0) -> Dataset? {
    var data = dataset(seed: seed)
    if form == Self.rows { return data }
    guard let own = self.form, own.name == form else { return nil }
    data.x = data.x.reshaped(Shape([data.count] + own.sizes))
    return data
  }
}
