import Calculus

/// Activations in the calculus: what they are defined as, and the function that derivatives are written with.
extension Expression {
  /// z, the net input of a neuron.
  package static let netInput = Expression.symbol("z")
  /// The net inputs of a layer.
  package static let netInputs = Expression.symbol("z", .vector(.name("k")))

  /// e to the power of an expression.
  static func exp(_ exponent: Expression) -> Expression { .function(.exp, exponent) }
}

extension Activation {

  /// h of an expression, element by element, or row by row for softmax.
  ///
  /// Throws: `CalculusError.wrongShape` for softmax of a number; `.unsupported` for a definition that does more
  /// than calculate with numbers, of an array.
  package func expression(_ z: Expression, parameter: Number? = nil) throws(CalculusError)
    -> Expression
  {
    guard isElementwise else { return try .softmax(z) }
    guard let known = ElementFunction.named(name) else {
      // The calculus has no sign for it: it is what it is defined as.
      let function = parameter.flatMap { with(parameter: $0.value) } ?? self
      return try function.definition.mapped([Symbol("z"): z])
    }
    let value = parameter ?? self.parameter.map { Number($0.value) }
    return .function(value.map(known.with) ?? known, z)
  }

  /// h(z) written out in input notation: `1/(1 + exp(-z))`.
  package var formula: String { definition.text }
}
