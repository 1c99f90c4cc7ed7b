/// What `set name = value` changes.
package struct Settings: Sendable, Equatable {
  /// Which view records are shown in (LANGUAGE.md §4).
  package enum View: String, Sendable, CaseIterable { case auto, neuron, matrix }
  /// How biases are named: b₁^[2], or w₀₁^[2] as on the slides.
  package enum BiasName: String, Sendable, CaseIterable { case b, w0 }

  /// Decimals that numbers show.
  package var digits = 4
  package var view = View.auto
  package var bias = BiasName.b
  /// Decimals that `explain` rounds intermediate values to; nil: nothing is rounded.
  package var carry: Int?
  /// Whether renderings keep the numbers beside their digits, so that they can be replaced; no cell sets it.
  package var marksNumbers = false

  package init() {}

  /// The names that `set` takes.
  package static let names = ["digits", "view", "bias", "seed", "carry"]

  /// The words that some of them take instead of numbers.
  package static let words: [String: [String]] = [
    "view": View.allCases.map(\.rawValue), "bias": BiasName.allCases.map(\.rawValue),
    "carry": ["off"],
  ]
}
