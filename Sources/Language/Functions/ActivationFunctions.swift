import Calculus
import MatrixEngine
import Networks
import Syntax

/// The activations of a catalog as functions of the language.
enum ActivationFunctions {
  static func builtIns(_ catalog: NetworkCatalog) -> [BuiltIn] {
    catalog.activations.map(builtIn)
  }

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
    ) { (interpreter, call) throws(Diagnostic) in
      let chosen =
        activation.parameter.flatMap { parameter in
          call.has(parameter.name)
            ? activation.with(parameter: call.scalar(parameter.name)) : nil
        } ?? activation
      guard chosen.isElementwise else { return try ofRows(chosen, call, interpreter) }
      return try interpreter.map(call, "x", chosen.name, nil) { chosen.value($0) }
    }
    return builtIn.mapping(overEntries: activation.isElementwise).inFormulas {
      call throws(CalculusError) in
      var parameter: Number?
      if let name = activation.parameter?.name { parameter = try call.number(name) }
      return try activation.expression(call["x"], parameter: parameter)
    }
  }

  private static func ofRows(
    _ activation: Activation, _ call: Call, _ interpreter: Interpreter
  ) throws(Diagnostic) -> Value {
    guard let matrix = call.value("x").tensor, !matrix.storage.isEmpty else {
      throw Diagnostic(
        .value, "\(activation.name) needs at least one number", at: call.span(of: "x"),
        label: "this is empty")
    }
    // Some rows at a time, with a look at the interrupt flag between them.
    let width = max(1, matrix.sizes.last ?? 1)
    let part = max(1, (1 << 16) / width) * width
    var entries: [Double] = []
    entries.reserveCapacity(matrix.storage.count)
    for start in stride(from: 0, to: matrix.storage.count, by: part) {
      try interpreter.checkInterrupt(call.span)
      let rows = Array(matrix.storage[start..<min(matrix.storage.count, start + part)])
      entries +=
        activation.value(
          Matrix(rows: rows.count / width, columns: width, storage: rows)
        ).storage
    }
    return call.value("x").replacingEntries(entries)
  }
}

extension NetworkCatalog {
  /// The words that a layer or a network takes, each with its kind and meaning: activations, losses, initializers,
  /// precisions.
  package var layerWords: [(name: String, type: String, summary: String)] {
    activations.flatMap { activation in
      activation.names.map { ($0, "activation", activation.formula) }
    }
      + losses.flatMap { loss in loss.names.map { ($0, "loss", loss.formula) } }
      + initializers.map { ($0.name, "initializer", $0.formula) }
      + Precision.allCases.map { ($0.rawValue, "precision", "") }
  }
}
