import Calculus
import Glibc
import MatrixEngine
import Networks
import Syntax

/// Functions of one number that map over vectors and matrices; activations, which layers have too, come from
/// their registry.
package enum ElementwiseFunctions {
  /// The functions of analysis are those of the calculus that say what they are.
  package static var builtIns: [BuiltIn] {
    ElementFunction.all.filter { !$0.summary.isEmpty }.map { function in
      builtIn(
        function.name, function.aliases, function.summary,
        formula: function.formula.flatMap { _ in try? function.writtenOut(.symbol("x"))?.text },
        function.domain, function.value
      ).inFormulas { .function(function, $0["x"]) }
    } + [
      builtIn("round", [], "the nearest whole number, halves away from zero") { $0.rounded() }
    ]
  }

  private static func builtIn(
    _ name: String, _ aliases: [String], _ summary: String, formula: String? = nil,
    _ domain: ElementFunction.Domain? = nil, _ function: @escaping @Sendable (Double) -> Double
  ) -> BuiltIn {
    BuiltIn(
      name, aliases: aliases, .elementwise, [.init("x", .numbers)], summary: summary,
      formula: formula, example: "\(name)(2)"
    ) { (interpreter, call) throws(Diagnostic) in
      try interpreter.map(call, "x", name, domain, function)
    }
  }
}

extension Interpreter {
  /// A function of one number mapped over an argument, with its domain checked and overflow noted.
  package func map(
    _ call: Call, _ parameter: String, _ name: String,
    _ domain: ElementFunction.Domain?, _ function: (Double) -> Double
  ) throws(Diagnostic) -> Value {
    let argument = call.value(parameter)
    guard let entries = argument.entries else { return .nothing }
    let place = call.span(of: parameter)
    if let domain,
      let index = try firstPosition(in: entries, place, where: { domain.excludes($0) })
    {
      throw Diagnostic(
        .domain,
        "\(name) of \(plain(entries[index])) is not a real number", at: place,
        label: "\(argument.entryName(index))\(name)(x) needs \(domain.text())")
    }
    guard let value = try mapped(argument, place, function),
      let results = value.entries
    else { return .nothing }
    if let index = try firstPosition(in: results, place, where: { !$0.isFinite }),
      entries[index].isFinite
    {
      note(
        "\(argument.entryName(index))\(name)(\(plain(entries[index]))) is \(plain(results[index]))")
    }
    return value
  }
}
