/// What the outputs of a network say, by the function that made them.
package enum OutputMeaning: Sendable, Equatable {
  /// Numbers, none of them right or wrong.
  case numbers
  /// Each by itself the probability of a 1.
  case probabilities
  /// Each by itself one of two numbers, such as 0 and 1.
  case decisions(low: Double, high: Double)
  /// The shares of classes, of which one is true.
  case shares
}

/// Why no gradient passes through a function, and the way out.
package struct GradientRefusal: Sendable, Equatable {
  package let reason: String
  package let help: String?

  package init(reason: String, help: String? = nil) {
    self.reason = reason
    self.help = help
  }

  /// Of a function of steps.
  static let flat = GradientRefusal(
    reason: "its derivative is 0 wherever it exists, so no weight would ever move",
    help: "train it with rule = perceptron, or take sigmoid instead")
}
