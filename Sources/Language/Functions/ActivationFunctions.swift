import Calculus
import MatrixEngine
import Networks
import Syntax

/// The activations as functions of the language, from their registry.
package enum ActivationFunctions {
  package static let builtIns: [BuiltIn] = Activation.all.map(builtIn)

  /// The words that a layer takes: activations, losses, initializers, precisions.
  package static let layerWords: [(name: String, type: String, summary: String)] =
    Activation.all.flatMap { activation in
      ([activation.name] + activation.aliases).map { ($0, "activation", activation.formula) }
    }
    + Loss.all.flatMap { loss in
      ([loss.name] + loss.aliases).map { ($0, "loss", loss.formula) }
    }
    + Initializer.all.map { ($0.name, "initializer", $0.formula) }
    + Precision.allCases.map { ($0.rawValue, "precision", "") }

  /// What an activation is defined as, as a function of x.
  private static func formula(of activation: Activation) -> String {
    let z = activation.definition.symbols.first ?? Symbol("z")
    let definition = try? activation.definition.substituting([z: .symbol("x", z.shape)])
    return (definition ?? activation.definition).text
  }

  private static func builtIn(_ activation: Activation) -> BuiltIn {
    var parameters = [BuiltIn.Parameter("x", .numbers)]
    if let parameter = activation.parameter {
      parameters.append(
        BuiltIn.Parameter(parameter.name, .scalar, default: .number(parameter.value)))
    }
    let builtIn = BuiltIn(
      activation.name, aliases: activation.aliases, .activation,
      parameters, summary: "the \(activation.name) activation, values in \(activation.range)",
      formula: formula(of: activation),
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
    return builtIn.inFormulas { call throws(CalculusError) in
      var parameter: Number?
      if let name = activation.parameter?.name { parameter = try call.number(name) }
      return try activation.expression(call["x"], parameter: parameter)
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
