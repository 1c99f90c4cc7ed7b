import Glibc
import MatrixEngine
import Networks
import Syntax

/// A function of one number that maps over vectors and matrices, with its derivative beside it.
package struct ElementwiseFunction: Sendable {
  package var name: String
  package var aliases: [String]
  package var summary: String
  /// In input notation.
  package var formula: String?
  package var function: @Sendable (Double) -> Double
  /// nil where there is no derivative to speak of; `reason` then says why.
  package var derivative: (@Sendable (Double) -> Double)?
  /// The derivative in input notation, or the reason why there is none.
  package var derivativeText: String
  /// Where the function is defined, for a DomainError; nil: everywhere.
  package var domain: (description: String, contains: @Sendable (Double) -> Bool)?
  /// Where its derivative is, if narrower.
  package var derivativeDomain: (description: String, contains: @Sendable (Double) -> Bool)?

  init(
    _ name: String, aliases: [String] = [], summary: String, formula: String? = nil,
    domain: (description: String, contains: @Sendable (Double) -> Bool)? = nil,
    derivativeDomain: (description: String, contains: @Sendable (Double) -> Bool)? = nil,
    derivativeText: String, derivative: (@Sendable (Double) -> Double)?,
    function: @escaping @Sendable (Double) -> Double
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.formula = formula
    self.function = function
    self.derivative = derivative
    self.derivativeText = derivativeText
    self.domain = domain
    self.derivativeDomain = derivativeDomain
  }
}

enum ElementwiseFunctions {
  /// The functions of analysis; activations, which layers have too, come from their registry.
  static let all: [ElementwiseFunction] = [
    ElementwiseFunction(
      "exp", summary: "the exponential function, e^x", formula: "e^x", derivativeText: "exp(x)",
      derivative: { exp($0) }, function: { exp($0) }),
    ElementwiseFunction(
      "ln", aliases: ["log"], summary: "the natural logarithm; log is the same",
      domain: ("x >= 0", { $0 >= 0 || $0.isNaN }),
      derivativeDomain: ("x > 0", { $0 > 0 || $0.isNaN }), derivativeText: "1/x",
      derivative: { 1 / $0 }, function: { log($0) }),
    ElementwiseFunction(
      "log10", summary: "the logarithm to base 10", domain: ("x >= 0", { $0 >= 0 || $0.isNaN }),
      derivativeDomain: ("x > 0", { $0 > 0 || $0.isNaN }), derivativeText: "1/(x*ln(10))",
      derivative: { 1 / ($0 * log(10)) }, function: { log10($0) }),
    ElementwiseFunction(
      "sqrt", summary: "the square root",
      domain: ("x >= 0", { $0 >= 0 || $0.isNaN }),
      derivativeDomain: ("x > 0", { $0 > 0 || $0.isNaN }), derivativeText: "1/(2*sqrt(x))",
      derivative: { 1 / (2 * $0.squareRoot()) }, function: { $0.squareRoot() }),
    ElementwiseFunction(
      "abs", summary: "the absolute value", derivativeText: "the sign of x, 0 at 0",
      derivative: { $0 == 0 ? 0 : ($0 < 0 ? -1 : ($0.isNaN ? .nan : 1)) }, function: { abs($0) }),
    ElementwiseFunction(
      "sin", summary: "the sine of an angle in radians", derivativeText: "cos(x)",
      derivative: { cos($0) }, function: { sin($0) }),
    ElementwiseFunction(
      "cos", summary: "the cosine of an angle in radians", derivativeText: "-sin(x)",
      derivative: { -sin($0) }, function: { cos($0) }),
    ElementwiseFunction(
      "tan", summary: "the tangent of an angle in radians", derivativeText: "1/cos(x)^2",
      derivative: { 1 / (cos($0) * cos($0)) }, function: { tan($0) }),
    ElementwiseFunction(
      "round", summary: "the nearest whole number, halves away from zero",
      derivativeText: "round is constant between its steps: its derivative says nothing",
      derivative: nil, function: { $0.rounded() }),
  ]

  static var builtIns: [BuiltIn] { all.map(builtIn) }

  private static let byName: [String: ElementwiseFunction] = Dictionary(
    all.flatMap { function in ([function.name] + function.aliases).map { ($0, function) } },
    uniquingKeysWith: { first, _ in first })

  /// The element-wise function of that name, whether of analysis or an activation.
  static func function(named name: String) -> ElementwiseFunction? {
    byName[name] ?? ActivationFunctions.elementwise(named: name)
  }

  private static func builtIn(_ function: ElementwiseFunction) -> BuiltIn {
    BuiltIn(
      function.name, aliases: function.aliases, .elementwise, [.init("x", .numbers)],
      summary: function.summary, formula: function.formula, example: "\(function.name)(2)"
    ) { (session, call) throws(Diagnostic) in
      try session.map(call, "x", function.name, function.domain, function.function)
    }
  }

  /// `sigmoid'` as a function of one argument.
  static func derivativeBuiltIn(of function: ElementwiseFunction) -> BuiltIn {
    BuiltIn(
      function.name + "'", .elementwise, [.init("x", .numbers)],
      summary: "the derivative of \(function.name)", formula: function.derivativeText,
      example: "\(function.name)'(2)"
    ) { (session, call) throws(Diagnostic) in
      guard let derivative = function.derivative else {
        throw Diagnostic(.gradient, function.derivativeText, at: call.span)
      }
      return try session.map(
        call, "x", "\(function.name)'", function.derivativeDomain ?? function.domain, derivative)
    }
  }
}

extension Session {
  /// A function of one number mapped over an argument, with its domain checked and overflow noted.
  func map(
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

  /// `f'` and `f''` of a function.
  func derivative(of function: FunctionValue, _ span: SourceSpan) throws(Diagnostic)
    -> FunctionValue
  {
    switch function {
    case .builtIn(let builtIn):
      guard let elementwise = ElementwiseFunctions.function(named: builtIn.name) else {
        throw Diagnostic(
          .gradient, "\(builtIn.name) is no function of one number, so it has no derivative f'",
          at: span,
          help: builtIn.group == .activation
            ? "backward(net, X, Y) differentiates it inside a network" : nil)
      }
      guard elementwise.derivative != nil else {
        throw Diagnostic(.gradient, elementwise.derivativeText, at: span)
      }
      return .derivative(elementwise, order: 1)
    case .derivative(let elementwise, _):
      throw Diagnostic(
        .gradient,
        "second derivatives belong to the matrix calculus, which is not part of this version",
        at: span, label: "\(elementwise.name)''")
    case .user(let user):
      throw Diagnostic(
        .gradient,
        "derivatives of one's own functions belong to the matrix calculus, which is not part of this version",
        at: span, label: "\(user.syntax.name)'")
    }
  }
}
