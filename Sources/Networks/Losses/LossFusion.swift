import Calculus

/// A loss and an activation that go together: from the net inputs both are computed in a form that does not overflow.
package struct LossFusion: Sendable {
  package let activation: Activation
  /// ∂L/∂z of one output in terms of a and y, where the factors ∂L/∂a and h′(z) cancel; nil where nothing does.
  package let slope: Expression?
  /// The same in terms of the net input z and y, for where a is so near to y that their difference has lost its
  /// digits; nil where nothing better is known.
  package let exactSlope: Expression?
  /// The same for targets that do not sum to 1, where that matters, with s for their sum.
  package let slopeBySum: Expression?
  /// What one output adds in terms of z and y, in a form that does not overflow; nil: as the loss of what the
  /// activation gives.
  package let value: Expression?
  /// What is said of it: "softmax with cross entropy: the prediction error".
  package let remark: String

  package init(
    _ activation: Activation, slope: Expression? = nil, exactSlope: Expression? = nil,
    slopeBySum: Expression? = nil, value: Expression? = nil,
    remark: String = ""
  ) {
    self.activation = activation
    self.slope = slope
    self.exactSlope = exactSlope
    self.slopeBySum = slopeBySum
    self.value = value
    self.remark = remark
  }

  /// ∂L/∂z of one output for targets of the given sum.
  ///
  /// Throws: as the substitution; never for a slope of a, y and s.
  package func slope(targetSum: Double) throws(CalculusError) -> Expression? {
    guard targetSum != 1, let slopeBySum else { return slope }
    return try slopeBySum.substituting([Symbol("s"): .number(targetSum)])
  }
}
