import MatrixEngine
import Networks
import Syntax

/// The activations as functions of the language, from their registry.
enum ActivationFunctions {
  static let builtIns: [BuiltIn] = Activation.all.map(builtIn)

  /// The words that a layer takes: activations, losses, initializers, precisions.
  static let layerWords: [(name: String, type: String, summary: String)] =
    Activation.all.flatMap { activation in
      ([activation.name] + activation.aliases).map { ($0, "activation", activation.formula) }
    }
    + Loss.all.flatMap { loss in
      ([loss.name] + loss.aliases).map { ($0, "loss", loss.formula) }
    }
    + Initializer.all.map { ($0.name, "initializer", $0.formula) }
    + Precision.allCases.map { ($0.rawValue, "precision", "") }

  /// The activation of that name as an element-wise function with its derivative; nil for softmax.
  static func elementwise(named name: String) -> ElementwiseFunction? {
    guard let activation = Activation.named(name), activation.isElementwise else { return nil }
    var derivative: (@Sendable (Double) -> Double)?
    if activation.gradientRefusal == nil {
      derivative = { z in (try? activation.derivative(z)) ?? .nan }
    }
    return ElementwiseFunction(
      activation.name, summary: "the \(activation.name) activation",
      formula: formula(activation.formula, of: activation),
      derivativeText: activation.gradientRefusal.map { "no gradient passes through \(name): \($0)" }
        ?? formula(activation.derivativeFormula, of: activation), derivative: derivative,
      function: { activation.value($0) })
  }

  /// A layer's formula, in z and a, as that of a function of x: `a*(1 - a)` of sigmoid is
  /// `sigmoid(x)*(1 - sigmoid(x))`.
  private static func formula(_ text: String, of activation: Activation) -> String {
    guard activation.isElementwise else { return text }
    var result = ""
    var word = ""
    for character in text + " " {
      if character.isLetter || character == "_" {
        word.append(character)
        continue
      }
      result += word == "z" ? "x" : word == "a" ? "\(activation.name)(x)" : word
      word = ""
      result.append(character)
    }
    result.removeLast()
    return result
  }

  private static func builtIn(_ activation: Activation) -> BuiltIn {
    var parameters = [BuiltIn.Parameter("x", .numbers)]
    if let parameter = activation.parameter {
      parameters.append(
        BuiltIn.Parameter(parameter.name, .scalar, default: Session.plain(parameter.value)))
    }
    return BuiltIn(
      activation.name, aliases: activation.aliases, .activation,
      parameters, summary: "the \(activation.name) activation, values in \(activation.range)",
      formula: formula(activation.formula, of: activation),
      example: activation.isElementwise
        ? "\(activation.name)(0.3)" : "\(activation.name)([1, 2, 3])"
    ) { (session, call) throws(Diagnostic) in
      var activation = activation
      if let parameter = activation.parameter, call.has(parameter.name) {
        activation = activation.with(parameter: call.scalar(parameter.name)) ?? activation
      }
      guard activation.isElementwise else { return try softmax(activation, call) }
      return try session.map(call, "x", activation.name, nil) { activation.value($0) }
    }
  }

  private static func softmax(_ activation: Activation, _ call: Call) throws(Diagnostic) -> Value {
    guard let matrix = call.value("x").asRowMatrix, !matrix.storage.isEmpty else {
      throw Diagnostic(
        .value, "\(activation.name) needs at least one number", at: call.span(of: "x"),
        label: "this is empty")
    }
    return call.value("x").replacingEntries(activation.value(matrix).storage)
  }
}
