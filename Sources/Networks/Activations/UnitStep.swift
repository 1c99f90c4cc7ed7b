import Calculus
import MatrixEngine

/// What decides between two outputs: whether z reaches a threshold, or is above it.
package struct Threshold: Sendable, Equatable {
  package let value: Double
  /// Whether z must be above it.
  package let isStrict: Bool
  /// What is given below the threshold, and from it on.
  package let low: Double
  package let high: Double

  package init(_ value: Double, isStrict: Bool = false, low: Double = 0, high: Double = 1) {
    self.value = value
    self.isStrict = isStrict
    self.low = low
    self.high = high
  }

  /// As it stands between z and the threshold where the high value is given.
  package var comparison: Comparison { isStrict ? .greater : .greaterOrEqual }

  /// Whether z is the threshold but for rounding; `largest` is the largest of what was summed up and the threshold.
  @inline(__always)
  func isTie<Scalar: MatrixScalar>(_ z: Scalar, largest: Scalar) -> Bool {
    (z - Scalar(value)).magnitude <= 4 * largest.ulp
  }

  /// Puts net inputs on the threshold that are off it by rounding alone.
  ///
  /// Shape: `x: [rows, n]`, `weights: [n, k]`, `biases: [k]`, `z: [rows, k]`.
  func settle<Scalar: MatrixScalar>(
    _ z: Buffer<Scalar>, x: Buffer<Scalar>, weights: Buffer<Scalar>, biases: Buffer<Scalar>,
    n: Int, k: Int
  ) {
    for place in 0..<z.count {
      let (row, unit) = (place / k, place % k)
      var largest = max(Scalar(value).magnitude, biases[unit].magnitude)
      for i in 0..<n { largest = max(largest, (x[row * n + i] * weights[i * k + unit]).magnitude) }
      if isTie(z[place], largest: largest) { z[place] = Scalar(value) }
    }
  }
}

/// The high value where z ≥ θ (or z > θ), else the low one. Source: lecture 3, "Perceptron".
struct UnitStep: ActivationRule {
  let threshold: Threshold

  @inline(__always)
  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar {
    let limit = Scalar(threshold.value)
    let fires = threshold.isStrict ? z > limit : z >= limit
    return z.isNaN ? z : Scalar(fires ? threshold.high : threshold.low)
  }

  /// Zero wherever it exists; networks refuse to use it (`gradientRefusal`).
  @inline(__always)
  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar { 0 }
}

extension Activation {
  package static let unitStep = unitStep(threshold: 0)

  package static func unitStep(threshold: Double) -> Activation { unitStep(Threshold(threshold)) }

  package static func unitStep(_ threshold: Threshold) -> Activation {
    let value = threshold.value
    @Sendable func number(_ value: Double) -> Expression { .number(value) }
    return Activation(
      UnitStep(threshold: threshold), name: "unit_step", aliases: ["heaviside"], symbol: "g",
      parameter: NamedParameter(name: "threshold", value: value, usual: 0),
      definition: .choosing(
        threshold.comparison, .netInput, number(value), then: number(threshold.high),
        else: number(threshold.low)),
      function: threshold == Threshold(value)
        ? .function(.unitStep(threshold: Number(value)), .netInput) : nil,
      range: "{\(Number(threshold.low).text), \(Number(threshold.high).text)}",
      meaning: .decisions(low: threshold.low, high: threshold.high),
      gradientRefusal: .flat, threshold: threshold, rebuilt: { unitStep(threshold: $0) })
  }
}
