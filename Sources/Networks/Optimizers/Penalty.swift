import Calculus
import MatrixEngine

/// What is added to a loss so that weights stay small: ½λΣW² and λΣ|W| over all weights, not over biases.
package struct Penalty: Sendable, Equatable {
  /// λ of ½λΣW², and of λΣ|W|.
  package let l2: Double
  package let l1: Double

  package static let none = Penalty()

  package init(l2: Double = 0, l1: Double = 0) {
    self.l2 = l2
    self.l1 = l1
  }

  package var isNone: Bool { l2 == 0 && l1 == 0 }

  /// The part of one weight: ½λw² + λ|w|.
  package func value(_ weight: Double) -> Double {
    0.5 * l2 * weight * weight + l1 * weight.magnitude
  }

  /// Its derivative; of |w| at 0 it is 0.
  @inline(__always)
  func slope<Scalar: MatrixScalar>(_ weight: Scalar) -> Scalar {
    Scalar(l2) * weight + (weight == 0 ? 0 : weight > 0 ? Scalar(l1) : Scalar(-l1))
  }

  /// Throws: `NetworkError.option` for factors that make no sense.
  func check() throws(NetworkError) {
    for (name, value) in [("l2", l2), ("l1", l1)] where !(value >= 0 && value.isFinite) {
      throw .option(name: name, value: Number(value).text, expected: "a number, 0 or more")
    }
  }
}
