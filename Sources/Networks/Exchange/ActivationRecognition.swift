import Calculus

extension NetworkCatalog {
  /// The activation that a formula of a net input z, or of all net inputs, is: that of the catalog which is the same
  /// function, also with another number, else one of its own under this name; nil where it has no form for all
  /// examples at once.
  func activation(of formula: Expression, named name: String) -> Activation? {
    if let found = entry(of: formula) { return found }
    if let threshold = Threshold(formula) { return .unitStep(threshold) }
    let variable = Symbol("z", formula.shape == .scalar ? .scalar : .vector(.name("k")))
    return try? Activation(name: name, formula: formula, of: variable)
  }

  private func entry(of formula: Expression) -> Activation? {
    // The numbers that it is written with may be those that a function of a family has.
    let numbers = formula.parts.flatMap { part -> [Double] in
      if case .function(let function, _) = part.node {
        return function.parameter.map { [$0.value.value] } ?? []
      }
      return part.number.map { [$0.value] } ?? []
    }
    let candidates = activations.flatMap { activation in
      [activation] + numbers.compactMap { activation.with(parameter: $0) }
    }
    return candidates.first { $0.definition == formula || $0.function == formula }
      ?? candidates.first { $0.agrees(with: formula) }
  }

  /// The activation that a layer's line names: `leaky_relu(0.2)`; nil where the catalog has none so.
  func activation(written notation: String) -> Activation? {
    activations.entry(written: notation, { $0.with(parameter: $1) }, \.notation)
  }

  /// The loss that a network's line names: `huber(1)`, `mean_squared_error(per = entry)`.
  func loss(written notation: String) -> Loss? {
    losses.entry(written: notation, { $0.with(parameter: $1) }, \.notation)
      ?? losses.lazy.compactMap(\.perEntry).first { $0.notation == notation }
  }
}

extension Activation {
  /// Where two functions of one number are compared that are written in different ways.
  private static let places = [
    0, -0.3, 0.7, -1, 1, 1.9, -2.6, 5.3, -7.1, 11.7, -30.5, 30.5, -400.25, 400.25, -1e6, 1e6,
  ]

  /// Whether a formula of one number has this function's values.
  fileprivate func agrees(with formula: Expression) -> Bool {
    guard isElementwise, formula.shape == .scalar else { return false }
    return Self.places.allSatisfy { z in
      guard let other = try? formula.value(at: ["z": .scalar(z)], sizes: [:]).storage.first else {
        return false
      }
      let own = value(z)
      return own == other || (own - other).magnitude <= 1e-12 * max(1, own.magnitude)
    }
  }
}

extension Threshold {
  /// What a formula decides by: `if z >= θ { high } else { low }`; nil of others.
  fileprivate init?(_ formula: Expression) {
    guard case .choose(let test, let high, let low) = formula.node,
      case .compare(let comparison, let z, let value) = test.node, z == .netInput,
      comparison == .greater || comparison == .greaterOrEqual, let value = value.number,
      let high = high.number, let low = low.number
    else { return nil }
    self.init(
      value.value, isStrict: comparison == .greater, low: low.value, high: high.value)
  }
}

extension Registry {
  /// The entry that a notation names: a name, with a number in brackets for its parameter.
  fileprivate func entry(
    written notation: String, _ changing: (Entry, Double) -> Entry?, _ text: (Entry) -> String
  ) -> Entry? {
    let parts = notation.split(separator: "(", maxSplits: 1)
    guard let name = parts.first, let entry = self[String(name)] else { return nil }
    if text(entry) == notation { return entry }
    guard parts.count == 2, parts[1].hasSuffix(")"), let number = Double(parts[1].dropLast()),
      let changed = changing(entry, number), text(changed) == notation
    else { return nil }
    return changed
  }
}
