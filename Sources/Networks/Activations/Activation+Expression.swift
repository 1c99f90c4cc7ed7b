import Calculus

/// Activations in the calculus: what they are defined as, and the function that derivatives are written with.
extension Expression {
  /// z, the net input of a neuron.
  package static let netInput = Expression.symbol("z")
  /// The net inputs of a layer.
  package static let netInputs = Expression.symbol("z", .vector(.name("k")))

  /// a, the activations of a layer, and g, what the loss changes by with each.
  static let activations = Expression.symbol("a", .vector(.name("k")))
  static let gradients = Expression.symbol("g", .vector(.name("k")))

  /// e to the power of an expression.
  static func exp(_ exponent: Expression) -> Expression { .function(.exp, exponent) }
}

extension Activation {
  /// h of an expression: element by element, or of a vector as a whole, or of every row of a matrix.
  ///
  /// Throws: `CalculusError.wrongShape` for a function of vectors of a number; `.unsupported` for a definition that
  /// does more than calculate with numbers, of an array.
  package func expression(_ z: Expression, parameter: Number? = nil) throws(CalculusError)
    -> Expression
  {
    if let parameter {
      // An exact number stays one.
      if case .function(let function, _) = function.node {
        return .function(function.with(parameter: parameter), z)
      }
      return try (with(parameter: parameter.value) ?? self).expression(z)
    }
    guard let variable = function.symbols.first else { return function }
    if isElementwise { return try function.mapped([variable: z]) }
    switch z.shape {
    case .vector: return try function.fitting([variable: z])
    case .matrix: return try function.byRows([variable: z])
    default: throw .wrongShape(operation: name, shape: z.shape, expected: "a vector")
    }
  }

  /// h(z) written out in input notation: `1/(1 + exp(-z))`.
  package var formula: String { definition.text }
}
