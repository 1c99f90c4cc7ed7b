/// Net inputs that are the threshold of their layer but for rounding, and count as on it.
package struct RoundedTies: Sendable, Equatable {
  /// The first of them, from 1.
  package let layer: Int
  package let neuron: Int
  package let example: Int
  package let threshold: Double
  /// How many there are.
  package internal(set) var count = 1
}
