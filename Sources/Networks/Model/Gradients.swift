import MatrixEngine

/// The derivatives of the mean loss by everything in a network, 1/m included.
///
/// Shape: with m examples, layer l at index l − 1: `weights [n, k]`, `biases [k]`, `z [m, k]`;
/// `a[l] [m, k]`, and `a[0]` is ∂L/∂x `[m, n]`.
package struct Gradients: Sendable, Equatable {
  /// ∂L/∂W of each layer, in the shape of W.
  package let weights: [Matrix<Double>]
  /// ∂L/∂b of each layer, summed over the examples.
  package let biases: [[Double]]
  /// ∂L/∂Z of each layer.
  package let z: [Matrix<Double>]
  /// ∂L/∂x, then ∂L/∂A of each layer. The last is the slide's factor ∂L/∂ŷ also where the way
  /// back takes the stable form ŷ − y, so it may be infinite where nothing else is.
  package let a: [Matrix<Double>]
  /// The mean loss at which they were taken.
  package let loss: Double
  let units: [UnitHealth]

  /// ∂L/∂b example by example, before the sum: the same numbers as ∂L/∂Z. Shape: `[m, k]`.
  package var biasesPerExample: [Matrix<Double>] { z }

  /// The Frobenius norm of ∂L/∂W, layer by layer.
  package var norms: [Double] { weights.map { (try? $0.reduced(by: .norm)) ?? 0 } }

  /// Units whose derivative h′(z) is 0 for every example, so that they do not learn: relu units
  /// with z ≤ 0 throughout. Neurons from 1, one list a layer.
  package var dead: [[Int]] { units.map(\.dead) }

  /// Units so far out on a flat part of h that h′(z) is below 1 % of its largest value for every
  /// example (sigmoid, tanh). Neurons from 1, one list a layer.
  package var saturated: [[Int]] { units.map(\.saturated) }
}

/// Which units of a layer hardly learn.
struct UnitHealth: Sendable, Equatable {
  let dead: [Int]
  let saturated: [Int]

  /// Whether units of this kind can die or saturate at all.
  static func concerns(_ activation: Activation) -> Bool {
    activation.isElementwise && activation.gradientRefusal == nil
      && (!activation.kinks.isEmpty || activation.steepestSlope != nil)
  }

  /// From the largest |h′(z)| of each unit over the examples.
  init(_ activation: Activation, steepestSlopes: [Double]) {
    guard UnitHealth.concerns(activation) else {
      (dead, saturated) = ([], [])
      return
    }
    if let steepest = activation.steepestSlope {
      dead = []
      saturated = steepestSlopes.indices.filter { steepestSlopes[$0] < 0.01 * steepest }
        .map { $0 + 1 }
    } else {
      dead = steepestSlopes.indices.filter { steepestSlopes[$0] == 0 }.map { $0 + 1 }
      saturated = []
    }
  }
}
