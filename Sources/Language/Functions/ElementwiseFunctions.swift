import Calculus
import Glibc
import MatrixEngine
import Networks
import Syntax

/// A function of one number that maps over vectors and matrices.
package struct ElementwiseFunction: Sendable {
  package var name: String
  package var aliases: [String]
  package var summary: String
  /// In input notation.
  package var formula: String?
  package var function: @Sendable (Double) -> Double
  /// What it is in the calculus, which knows its derivative; nil: it has none to speak of.
  package var kind: ElementFunction.Kind?
  /// Where the function is defined, for a DomainError; nil: everywhere.
  package var domain: (description: String, contains: @Sendable (Double) -> Bool)?

  package init(
    _ kind: ElementFunction.Kind, aliases: [String] = [], summary: String, formula: String? = nil,
    domain: (description: String, contains: @Sendable (Double) -> Bool)? = nil,
    function: @escaping @Sendable (Double) -> Double
  ) {
    self.init(
      kind.rawValue, kind: kind, aliases: aliases, summary: summary, formula: formula,
      domain: domain, function: function)
  }

  package init(
    _ name: String, kind: ElementFunction.Kind? = nil, aliases: [String] = [], summary: String,
    formula: String? = nil,
    domain: (description: String, contains: @Sendable (Double) -> Bool)? = nil,
    function: @escaping @Sendable (Double) -> Double
  ) {
    self.name = name
    self.kind = kind
    self.aliases = aliases
    self.summary = summary
    self.formula = formula
    self.function = function
    self.domain = domain
  }
}

package enum ElementwiseFunctions {
  /// The functions of analysis; activations, which layers have too, come from their registry.
  package static let all: [ElementwiseFunction] = [
    ElementwiseFunction(
      .exp, summary: "the exponential function, e^x", formula: "e^x", function: { exp($0) }),
    ElementwiseFunction(
      .ln, aliases: ["log"], summary: "the natural logarithm; log is the same",
      domain: ("x >= 0", { $0 >= 0 || $0.isNaN }), function: { log($0) }),
    ElementwiseFunction(
      .log10, summary: "the logarithm to base 10", domain: ("x >= 0", { $0 >= 0 || $0.isNaN }),
      function: { log10($0) }),
    ElementwiseFunction(
      .sqrt, summary: "the square root", domain: ("x >= 0", { $0 >= 0 || $0.isNaN }),
      function: { $0.squareRoot() }),
    ElementwiseFunction(.abs, summary: "the absolute value", function: { abs($0) }),
    ElementwiseFunction(
      .sin, summary: "the sine of an angle in radians", function: { sin($0) }),
    ElementwiseFunction(
      .cos, summary: "the cosine of an angle in radians", function: { cos($0) }),
    ElementwiseFunction(
      .tan, summary: "the tangent of an angle in radians", function: { tan($0) }),
    ElementwiseFunction(
      "round", summary: "the nearest whole number, halves away from zero",
      function: { $0.rounded() }),
  ]

  package static var builtIns: [BuiltIn] { all.map(builtIn) }

  private static func builtIn(_ function: ElementwiseFunction) -> BuiltIn {
    let builtIn = BuiltIn(
      function.name, aliases: function.aliases, .elementwise, [.init("x", .numbers)],
      summary: function.summary, formula: function.formula, example: "\(function.name)(2)"
    ) { (session, call) throws(Diagnostic) in
      try session.map(call, "x", function.name, function.domain, function.function)
    }
    guard let kind = function.kind else { return builtIn }
    return builtIn.inFormulas { .function(kind, $0["x"]) }
  }
}

extension Interpreter {
  /// A function of one number mapped over an argument, with its domain checked and overflow noted.
  package func map(
    _ call: Call, _ parameter: String, _ name: String,
    _ domain: (description: String, contains: @Sendable (Double) -> Bool)?,
    _ function: (Double) -> Double
  ) throws(Diagnostic) -> Value {
    let argument = call.value(parameter)
    guard let entries = argument.entries else { return .nothing }
    let place = call.span(of: parameter)
    if let domain,
      let index = try firstPosition(in: entries, place, where: { !domain.contains($0) })
    {
      throw Diagnostic(
        .domain,
        "\(name) of \(plain(entries[index])) is not a real number", at: place,
        label: "\(argument.entryName(index))\(name)(x) needs \(domain.description)")
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
