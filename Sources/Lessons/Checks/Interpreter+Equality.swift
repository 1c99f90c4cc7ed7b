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
      if round == Self.points / 2 { points.exchangeSizes() }
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

/// Points at which formulas are compared: the same every time, with sizes that differ from each other.
private struct SamplePoints {
  private var symbols: [Symbol] = []
  private var sizes: [String: Int] = [:]
  /// Symbols that choose entries: whole numbers from 1.
  private var indices: Set<Symbol> = []
  private var drawn = 0

  init(of formulas: [Expression]) {
    for symbol in formulas.flatMap(\.symbols) where !symbols.contains(symbol) {
      symbols.append(symbol)
    }
    let all = symbols.flatMap(\.shape.dimensions) + formulas.flatMap(\.shape.dimensions)
    for size in all.flatMap({
      $0.isNumber ? [] : $0.atoms.sorted { $0.description < $1.description }
    }) {
      if case .name(let name) = size { add(name) }
    }
    for formula in formulas { indices.formUnion(formula.indexSymbols) }
  }

  private mutating func add(_ name: String) { sizes[name] = sizes[name] ?? 2 + sizes.count }

  /// The largest size for the smallest, and so on.
  mutating func exchangeSizes() {
    let ends = (sizes.values.min() ?? 0) + (sizes.values.max() ?? 0)
    sizes = sizes.mapValues { ends - $0 }
  }

  mutating func next() -> [String: Tensor<Double>] {
    var values: [String: Tensor<Double>] = [:]
    for symbol in symbols {
      let own = symbol.shape.dimensions.map { size -> Int in
        switch size {
        case .number(let number): number
        case .name(let name): sizes[name] ?? 2
        default: count(size)
        }
      }
      let value = Tensor<Double>(
        Shape(own),
        (0..<own.reduce(1, *)).map { _ in
          indices.contains(symbol) ? position() : number()
        })
      values[symbol.name] = symbol.structure?.imposed(on: value) ?? value
    }
    return values
  }

  /// A size that is made of others.
  private func count(_ size: Dimension) -> Int {
    let known = size.mapped { atom in
      if case .name(let name) = atom { .number(sizes[name] ?? 2) } else { .number(2) }
    }
    return if case .number(let count) = known { max(0, count) } else { 2 }
  }

  /// The golden ratio's multiples fill an interval evenly. Two decimals read well in a message.
  private mutating func number() -> Double {
    drawn += 1
    let fraction = (Double(drawn) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
    return ((4 * fraction - 2) * 100).rounded() / 100
  }

  /// A position in the largest of the arrays; where it is none of a smaller one, the point has no value.
  private mutating func position() -> Double {
    drawn += 1
    return Double(1 + drawn % (sizes.values.max() ?? 2))
  }

  mutating func value(of formula: Expression, at values: [String: Tensor<Double>]) -> Tensor<
    Double
  >? {
    // A size may occur in the formula alone.
    for _ in 0..<10 {
      do throws(CalculusError) {
        return try formula.value(at: values, sizes: sizes)
      } catch {
        guard case .noValue(let name) = error, sizes[name] == nil, values[name] == nil else {
          return nil
        }
        add(name)
      }
    }
    return nil
  }

  /// `at x = 0.47, with other random numbers`
  func text(_ values: [String: Tensor<Double>], _ format: NumberFormat) -> String {
    let numbers = symbols.filter { $0.shape == .scalar }.compactMap { symbol in
      values[symbol.name].map { "\(symbol.name) = \(format.text($0.storage[0]))" }
    }
    if numbers.isEmpty { return symbols.isEmpty ? "" : "at a random point" }
    return "at \(numbers.joined(separator: ", "))"
      + (numbers.count < symbols.count ? " and random arrays" : "")
  }
}
