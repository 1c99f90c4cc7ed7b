import Calculus
import Display
import Language
import MatrixEngine
import Syntax

/// Whether two formulas are the same function.
extension Interpreter {
  /// `check(f, g)`: an error unless the second, of the parameters of the first, is equal to it.
  func checkEqual(
    _ function: FunctionValue, _ span: SourceSpan, _ expected: ExpressionSyntax, _ call: Call
  ) throws(Diagnostic) -> CheckRecord {
    let (left, name) = (try subject(function, span), oneLine(span))
    let right = try self.expected(expected, beside: left, call.scope)
    let shapes = (left.subject.expression.shape, right.shape)
    guard shapes.0 == shapes.1 else {
      throw Diagnostic(
        .shape, "\(name) is \(shapes.0.sizeText), expected \(shapes.1.sizeText)", at: call.span,
        label: "✗", help: "\(name) is \(left.subject.expression.text)")
    }
    let difference: Expression
    do throws(CalculusError) {
      difference = try .subtract(left.subject.expression, right).simplified()
    } catch {
      var diagnostic = Diagnostic(error, at: call.span)
      if case .shapeMismatch = error {
        diagnostic.message =
          "\(name) is \(left.subject.expression.shape.sizeText), expected \(right.shape.sizeText)"
      }
      throw diagnostic
    }
    if !difference.isZero, let point = differentPoint(left.subject.expression, right) {
      throw Diagnostic(
        .value, "the check of \(name) does not hold: \(point)", at: call.span, label: "✗",
        help: "\(name) is \(left.subject.expression.text)")
    }
    return CheckRecord(
      quantity: name, expectedText: oneLine(expected.span), computed: .nothing, expected: .nothing)
  }

  /// The expected formula in terms of the parameters of what it is compared with.
  private func expected(
    _ syntax: ExpressionSyntax, beside left: DifferentiationSubject, _ scope: Scope
  ) throws(Diagnostic) -> Expression {
    var function: FunctionValue?
    switch syntax.kind {
    case .name(let name):
      if case .function(let found)? = scope[name] ?? memory[name], !found.isSymbol {
        function = found
      } else if left.variables.contains(where: { $0.name == name }) {
        break
      } else if let builtIn = vocabulary.builtIn(named: name), memory[name] == nil {
        function = .builtIn(builtIn)
      }
    case .partial, .nabla,
      .prime where isDerivative(syntax, beside: left, scope):
      if case .function(let found) = try evaluate(syntax, scope), !found.isExpression {
        function = found
      }
    default: break
    }
    guard let function else {
      var scope = scope
      for case .name(let size) in left.variables.flatMap(\.shape.dimensions) {
        scope.bind(size, .expression(.size(.name(size))))
      }
      for symbol in left.variables { scope.bind(symbol.name, .expression(.symbol(symbol))) }
      return try readFormula(syntax, in: scope).expression
    }
    let right = try subject(function, syntax.span)
    let names = Set(left.parameters.map(\.name))
    let others = Set(right.parameters.map(\.name))
    let byName = names.isSubset(of: others) || others.isSubset(of: names)
    guard byName || right.parameters.count == left.parameters.count else {
      throw Diagnostic(
        .value,
        "\(left.text) is a function of \(left.parameters.kindsText), \(right.text) of \(right.parameters.kindsText)",
        at: syntax.span, label: "✗")
    }
    // By name where the names agree, else by position.
    var map: [Symbol: Expression] = [:]
    for (position, parameter) in right.parameters.enumerated() {
      let partner =
        byName
        ? left.parameters.first { $0.name == parameter.name } : left.parameters[position]
      if let partner { map[parameter] = .symbol(partner) }
    }
    let replacements = map
    return try placed(syntax.span) { () throws(CalculusError) in
      try right.subject.expression.fitting(replacements)
    }
  }

  /// Whether a prime at the end means a derivative: of a function. Behind anything else it is a transpose, and
  /// its names are those of the formula that it is compared with.
  private func isDerivative(
    _ syntax: ExpressionSyntax, beside left: DifferentiationSubject, _ scope: Scope
  ) -> Bool {
    switch syntax.kind {
    case .prime(let operand): return isDerivative(operand, beside: left, scope)
    case .name(let name):
      guard !left.variables.contains(where: { $0.name == name }) else { return false }
      if let value = scope[name] ?? memory[name] { return value.isFunction && !value.isFormula }
      return vocabulary.builtIn(named: name) != nil
    default: return false
    }
  }

  /// A point where two formulas differ, in words; nil when they agree at all points tried.
  private func differentPoint(_ left: Expression, _ right: Expression) -> String? {
    var points = SamplePoints(of: [left, right])
    var compared = 0
    for round in 0..<Self.points {
      // Where wide matrices have no value, tall ones may.
      if round == Self.points / 2 { points.changeSizes() }
      let values = points.next()
      guard let a = points.value(of: left, at: values), let b = points.value(of: right, at: values)
      else { continue }
      for (place, (p, q)) in zip(a.storage, b.storage).enumerated() where p.isFinite && q.isFinite {
        compared += 1
        guard abs(p - q) > 1e-9 * max(1, abs(p), abs(q)) else { continue }
        let entry = Expression.position(place, in: a.sizes).map(String.init)
        let what = entry.isEmpty ? "it" : "entry [\(entry.joined(separator: ","))]"
        let format = settings.numberFormat
        return
          "\(points.text(values, format)) \(what) is \(format.text(p)), expected \(format.text(q))"
      }
    }
    return compared > 0
      ? nil : "the difference does not simplify to 0, and no point was found where both have values"
  }

  /// At how many points formulas are compared that do not simplify to each other.
  private static let points = 40
}
