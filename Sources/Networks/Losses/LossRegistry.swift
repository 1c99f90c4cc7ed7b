import MatrixEngine

extension Loss {
  /// All losses, in the order of the language reference.
  package static let all: [Loss] = [
    .binaryCrossEntropy, .meanSquaredError, .categoricalCrossEntropy,
  ]

  /// The entry with this name or alias.
  package static func named(_ name: String) -> Loss? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// The loss of a network that does not name one: that of its last activation, else mse.
  package static func `default`(for activation: Activation) -> Loss {
    all.first { $0.fusedActivation == activation.name } ?? .meanSquaredError
  }

  /// The first prediction that this loss has no value for, as an error.
  func predictionError<Scalar: MatrixScalar>(
    in a: Buffer<Scalar>, columns k: Int, firstExample: Int, activation: String
  ) -> NetworkError? {
    guard predictionDomain != .all else { return nil }
    for i in 0..<a.count {
      let value = a[i]
      // A NaN is no prediction outside the domain: it spreads, and is reported as what it is.
      let isOutside =
        predictionDomain == .notNegative ? value < 0 : value <= 0 || value >= 1
      if isOutside {
        return .prediction(
          loss: name, activation: activation, example: firstExample + i / k + 1,
          output: i % k + 1, value: Double(value))
      }
    }
    return nil
  }
}

extension Loss: Equatable {
  package static func == (left: Loss, right: Loss) -> Bool { left.name == right.name }
}
