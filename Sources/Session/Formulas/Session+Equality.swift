import Calculus
import Syntax

/// Whether two formulas are the same function.
extension Session {
  /// `check(f, g)`: an error unless the second, of the parameters of the first, is equal to it.
  func checkEqual(
    _ function: FunctionValue, _ span: SourceSpan, _ expected: ExpressionSyntax, _ call: Call
  ) throws(Diagnostic) -> CheckRecord {
    let (left, name) = (try subject(function, span), oneLine(span))
    let right = try self.expected(expected, beside: left, call.scope)
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
      } else if let builtIn = BuiltInRegistry.builtIn(named: name), memory[name] == nil {
        function = .builtIn(builtIn)
      }
    case .partial, .nabla, .prime:
      if case .function(let found) = try evaluate(syntax, scope), !found.isExpression {
        function = found
      }
    default: break
    }
    guard let function else {
      var names: [String: Expression] = [:]
      for symbol in left.variables { names[symbol.name] = .symbol(symbol) }
      return try readFormula { reader throws(Diagnostic) in
        try reader.read(syntax, .init(names: names, scope: scope))
      }.expression
    }
    let right = try subject(function, syntax.span)
    guard right.parameters.count == left.parameters.count else {
      throw Diagnostic(
        .value,
        "\(left.text) is a function of \(left.parameters.kindsText), \(right.text) of \(right.parameters.kindsText)",
        at: syntax.span, label: "✗")
    }
    // By name where all names agree, else by position.
    let names = Set(left.parameters.map(\.name))
    let byName = names == Set(right.parameters.map(\.name))
    var map: [Symbol: Expression] = [:]
    for (position, parameter) in right.parameters.enumerated() {
      let partner =
        byName
        ? left.parameters.first { $0.name == parameter.name } : left.parameters[position]
      if let partner { map[parameter] = .symbol(partner) }
    }
    let replacements = map
    return try formulas(syntax.span) { () throws(CalculusError) in
      try right.subject.expression.fitting(replacements)
    }
  }

  private func formulas<Result>(_ span: SourceSpan, _ work: () throws(CalculusError) -> Result)
    throws(Diagnostic) -> Result
  {
    do {
      return try work()
    } catch {
      throw Diagnostic(error, at: span)
    }
  }

  /// A point where two formulas differ, in words; nil when they agree at all points tried.
  private func differentPoint(_ left: Expression, _ right: Expression) -> String? {
    // The golden ratio's multiples fill an interval evenly, and are the same every time. Two decimals read well.
    var drawn = 0
    func next() -> Double {
      drawn += 1
      let fraction = (Double(drawn) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
      return ((4 * fraction - 2) * 100).rounded() / 100
    }
    var symbols: [Symbol] = []
    for symbol in left.symbols + right.symbols where !symbols.contains(symbol) {
      symbols.append(symbol)
    }
    for _ in 0..<Self.points {
      var values: [String: Tensor] = [:]
      var sizes: [String: Int] = [:]
      func size(_ dimension: Dimension) -> Int {
        switch dimension {
        case .number(let number): return number
        case .name(let name):
          sizes[name] = sizes[name] ?? 2 + sizes.count
          return sizes[name] ?? 2
        default: return 2
        }
      }
      for symbol in symbols {
        let own = symbol.shape.dimensions.map(size)
        values[symbol.name] = Tensor(
          sizes: own, values: (0..<own.reduce(1, *)).map { _ in next() })
      }
      guard let a = try? left.value(at: values, sizes: sizes),
        let b = try? right.value(at: values, sizes: sizes)
      else { continue }
      for (p, q) in zip(a.values, b.values) where p.isFinite && q.isFinite {
        guard abs(p - q) > 1e-9 * max(1, abs(p), abs(q)) else { continue }
        let place = symbols.filter { $0.shape == .scalar }.compactMap { symbol in
          values[symbol.name].map { "\(symbol.name) = \(plain($0.values[0]))" }
        }
        let at = place.isEmpty ? "at a random point" : "at \(place.joined(separator: ", "))"
        return "\(at) it is \(plain(p)), expected \(plain(q))"
      }
    }
    return nil
  }

  /// At how many points formulas are compared that do not simplify to each other.
  private static let points = 40
}
