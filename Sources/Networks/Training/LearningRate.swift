/// How far an update goes against the gradient.
package enum LearningRate: Sendable, Equatable {
  case constant(Double)
  /// One a layer.
  case layers([Double])
  /// One an epoch, from the first on, by the function that gives them.
  case epochs([Double], formula: String)

  /// The rates of an update in an epoch, from 0.
  func rates(epoch: Int) -> UpdateRates {
    switch self {
    case .constant(let rate): .one(rate)
    case .layers(let rates): .layers(rates)
    case .epochs(let rates, _): .one(rates[min(epoch, rates.count - 1)])
    }
  }

  /// Throws: `NetworkError.option` for rates that are not finite, or not one a layer.
  func check(layers: Int) throws(NetworkError) {
    let (rates, formula): ([Double], String?) =
      switch self {
      case .constant(let rate): ([rate], nil)
      case .layers(let rates): (rates, nil)
      case .epochs(let rates, let formula): (rates, formula)
      }
    if let place = rates.firstIndex(where: { !$0.isFinite }) {
      throw .option(
        name: formula.map { "learning_rate \($0) at t = \(place)" } ?? "learning_rate",
        value: "\(rates[place])", expected: "a finite number")
    }
    guard case .layers = self, rates.count != layers else { return }
    throw .ratesOfLayers(given: rates.count, layers: layers)
  }
}

extension LearningRate: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  package init(floatLiteral value: Double) { self = .constant(value) }
  package init(integerLiteral value: Int) { self = .constant(Double(value)) }
}
