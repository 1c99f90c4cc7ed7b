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
    } + [remainder]
  }

  private static let remainder = BuiltIn(
    "mod", .elementwise, [.init("x", .numbers), .init("y", .numbers)],
    summary: "the remainder of x divided by y; it has the sign of y", formula: "x - y*floor(x/y)",
    example: "mod(-1, 3)"
  ) { (interpreter, call) throws(Diagnostic) in
    let divisor = call.value("y")
    if let zero = divisor.entries?.firstIndex(of: 0) {
      interpreter.note("\(divisor.entryName(zero))mod(x, 0) is nan: division by 0")
    }
    return try interpreter.joined(call, "x", "y", "mod", ElementFunction.remainder)
  }.mapping(overEntries: false).inFormulas { call throws(CalculusError) in
    if let divisor = call["y"].number { return .function(.mod(by: divisor), call["x"]) }
    // y · mod(x/y, 1), whose slope by y is −⌊x/y⌋.
    return try .multiply([call["y"], .function(.mod(by: .one), .divide(call["x"], call["y"]))])
  }

  private static func builtIn(
    _ name: String, _ aliases: [String], _ summary: String,
    formula: @autoclosure @escaping @Sendable () -> String? = nil,
    _ domain: ElementFunction.Domain? = nil, _ function: @escaping @Sendable (Double) -> Double
  ) -> BuiltIn {
    BuiltIn(
      name, aliases: aliases, .elementwise, [.init("x", .numbers)], summary: summary,
      formula: formula(), example: "\(name)(\(domain?.excludes(2) == true ? "0.5" : "2"))"
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
