import MatrixEngine

/// What a network computes on its way from the inputs to the output.
///
/// Shape: with m examples, `z[l - 1]` and `a[l]` of layer l: `[m, kₗ]`; `a[0]` is the input `[m, n]`.
package struct ForwardPass: Sendable, Equatable {
  /// Net inputs Z⁽ˡ⁾ = A⁽ˡ⁻¹⁾·W⁽ˡ⁾ + b⁽ˡ⁾, layer 1 first.
  package let z: [Matrix<Double>]
  /// The input, then the activations of layer 1, 2, …
  package let a: [Matrix<Double>]

  package init(z: [Matrix<Double>], a: [Matrix<Double>]) {
    self.z = z
    self.a = a
  }

  /// The activations of the last layer.
  package var output: Matrix<Double> { a[a.count - 1] }
}
