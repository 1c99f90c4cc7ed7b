import Calculus
import Language
import MatrixEngine
import Notation
import Syntax

/// Reads the sides of an audit as formulas: decides what their names are, and takes the derivatives that follow from
/// what is defined.
final class AuditReader {
  let interpreter: Interpreter
  let scope: Scope
  var names: AuditNames
  /// Derivatives inside of sums, which are functions of its variables.
  var slopes: [String: Formula] = [:]
  /// The derivatives that are names: of what, by what.
  var quotients: [String: (numerator: String, variable: String)] = [:]

  init(_ interpreter: Interpreter, _ scope: Scope, _ names: AuditNames) {
    self.interpreter = interpreter
    self.scope = scope
    self.names = names
  }

  // MARK: - Declarations

  /// `symbols A: matrix(m, n)` inside.
  func declare(_ parameters: [ParameterSyntax]) {
    for parameter in parameters {
      if parameter.kind == .function {
        names.functions.insert(parameter.name)
        names.symbols[parameter.name] = nil
      } else {
        names.symbols[parameter.name] = interpreter.symbol(of: parameter) { .fresh() }
      }
      names.formulas[parameter.name] = nil
      names.values[parameter.name] = nil
    }
  }

  /// `assume ŷ in 0..1`.
  func assume(_ assumption: AuditSyntax.Assumption) throws(Diagnostic) {
    let lower = try interpreter.number(assumption.lower, scope)
    let upper = try interpreter.number(assumption.upper, scope)
    guard lower < upper else {
      throw Diagnostic(
        .value,
        "there is no number between \(interpreter.plain(lower)) and \(interpreter.plain(upper))",
        at: assumption.lower.span.joined(with: assumption.upper.span),
        help: "the smaller bound stands first: assume ŷ in 0..1")
    }
    for (name, _) in assumption.names {
      names.bounds[name] = OpenInterval(lower: lower, upper: upper)
    }
  }

  /// Finds out the sizes of names that were declared without them, from all lines together.
  func settleSizes(_ chains: [[AuditSyntax.Side]]) {
    let open = names.symbols.values.contains { $0.shape.dimensions.contains(where: \.isUnknown) }
    guard open else { return }
    var settled: [String: Symbol] = [:]
    _ = try? interpreter.readFormula(unknownNames: .symbols, in: scope, mayHaveArrays: true) {
      (inner, reading) throws(Diagnostic) in
      for symbol in names.symbols.values.sorted(by: { $0.name < $1.name }) { reading.add(symbol) }
      for sides in chains {
        var known: Expression?
        for side in sides {
          let bound = binding(side.expression, inner)
          guard let value = try? interpreter.evaluate(side.expression, bound),
            case .expression(let expression) = value
          else { continue }
          if let known {
            _ = try? reading.sizes.solving([known, expression]) {
              (parts) throws(CalculusError) -> Expression in try .subtract(parts[0], parts[1])
            }
          }
          known = expression
        }
      }
      reading.sizes.nameRest(of: reading.symbols)
      for (name, symbol) in names.symbols { settled[name] = reading.sizes.resolve(symbol) }
      return .number(0)
    }
    names.symbols.merge(settled) { $1 }
  }

  /// Finds out in which names sums end that go from one number to another.
  func collectTurns(_ chains: [[AuditSyntax.Side]]) {
    func visit(_ generator: ExpressionSyntax.Generator, _ bound: Set<String>) {
      var bound = bound
      for range in generator.ranges {
        if case .range(_, _, to: let end) = range.values.kind {
          names.turns.formUnion(mentions(end).filter { !bound.contains($0) && !names.isKnown($0) })
        }
        bound.insert(range.variable)
      }
      visit(generator.element, bound)
      generator.condition.map { visit($0, bound) }
    }
    func visit(_ syntax: ExpressionSyntax, _ bound: Set<String>) {
      switch syntax.kind {
      case .comprehension(let generator): visit(generator, bound)
      case .call(let callee, let arguments):
        visit(callee, bound)
        for argument in arguments {
          if case .generator(let generator, _) = argument {
            visit(generator, bound)
          } else {
            argument.forEachChild { visit($0, bound) }
          }
        }
      default: syntax.kind.forEachChild { visit($0, bound) }
      }
    }
    for side in chains.joined() { visit(side.expression, []) }
  }

  /// Finds out the kinds of names that lines define, also where they are used before.
  func settleKinds(_ chains: [[AuditSyntax.Side]]) {
    let before = names
    var kinds: [String: Symbol] = [:]
    defer {
      // What was read before its names were defined is read again.
      names = before
      names.symbols.merge(kinds) { $1 }
    }
    for sides in chains {
      guard case .name(let name)? = (try? resolved(sides[0].expression))?.kind,
        names.formulas[name] == nil, names.values[name] == nil, sides.count > 1,
        let formula = try? read(sides[1].expression), formula.expression.shape != .scalar
      else { continue }
      kinds[name] = Symbol(name, formula.expression.shape)
      names.symbols[name] = kinds[name]
    }
  }

  // MARK: - Reading

  /// Throws: what is wrong with a side as a formula, in its place.
  func read(_ side: AuditSyntax.Side) throws(Diagnostic) -> AuditFormula {
    try read(side.expression, isRounded: side.isRounded)
  }

  /// `isRounded`: whether `≈` says that the numbers are.
  func read(_ side: ExpressionSyntax, isRounded: Bool = false) throws(Diagnostic) -> AuditFormula {
    let syntax = try resolved(side)
    let loose = withSymbolsForRoundedNumbers(syntax, all: isRounded && syntax.isPrinted)
    let expression = try expression(loose)
    let isNumeric = names.bases(of: [expression]).isEmpty && mentions(syntax).isEmpty
    var formula = AuditFormula(
      text: interpreter.oneLine(side.span), syntax: syntax,
      expression: expression, isNumeric: isNumeric, isRounded: isRounded)
    if isNumeric, formula.printed == nil, !names.values.isEmpty {
      formula.pattern = pattern(of: syntax)
    }
    return formula
  }

  /// A side of numbers with symbols in their places; nil where numbers cannot be symbols.
  private func pattern(of syntax: ExpressionSyntax) -> Expression? {
    var (scope, count) = (scope, 0)
    let open = syntax.replacing { part in
      guard case .number = part.kind else { return nil }
      let name = AuditFormula.slotName(count)
      count += 1
      scope.bind(name, .expression(.symbol(Symbol(name))))
      return ExpressionSyntax(.name(name), part.span)
    }
    return try? interpreter.readFormula(
      open, unknownNames: .symbols, in: scope, mayHaveArrays: true
    ).expression
  }

  func expression(_ syntax: ExpressionSyntax) throws(Diagnostic) -> Expression {
    let bound = binding(syntax, scope)
    let read = try interpreter.readFormula(
      syntax, unknownNames: .symbols, in: bound, mayHaveArrays: true)
    return StandInFunctions.standing(in: read.expression)
  }

  /// The rounded numbers of a side become symbols, each its own; `all` decimals, however short they are.
  private func withSymbolsForRoundedNumbers(_ syntax: ExpressionSyntax, all: Bool)
    -> ExpressionSyntax
  {
    syntax.replacing { part in
      guard case .number(let value, let literal) = part.kind else { return nil }
      let printed = PrintedNumber(value, literal: literal)
      guard printed.isRounded || all && printed.isDecimal else { return part }
      let name = "\u{2060}\(names.literals.count)"
      names.literals[name] = printed
      return ExpressionSyntax(.name(name), part.span)
    }
  }

  /// A scope in which the names of a side are what they mean in the audit.
  func binding(_ syntax: ExpressionSyntax, _ scope: Scope) -> Scope {
    var scope = scope
    var called: Set<String> = []
    var found: [String] = []
    collect(syntax, &found, &called)
    for name in found where !called.contains(name) && !names.isKnown(name) {
      if names.literals[name] == nil, let symbol = declaredSymbol(name) {
        names.symbols[name] = symbol
      }
    }
    let sizes = names.sizeNames
    for name in called where !isFunction(name) {
      scope.bind(name, .function(slopes[name].map { .formula($0) } ?? .unknown(name)))
    }
    for name in found where !called.contains(name) {
      if names.literals[name] != nil || names.isKnown(name) {
        scope.bind(name, .expression(.symbol(names.symbol(name))))
      } else if sizes.contains(name) {
        scope.bind(name, .expression(.size(.name(name))))
      } else if Constants.value(named: name) == nil {
        names.symbols[name] = Symbol(name)
        scope.bind(name, .expression(.symbol(Symbol(name))))
      }
    }
    return scope
  }

  /// A symbol that the session declares.
  func declaredSymbol(_ name: String) -> Symbol? {
    guard let formula = interpreter.memory[name]?.formula, formula.isSymbol else { return nil }
    return formula.parameters.first
  }

  /// Whether a name can be called.
  func isFunction(_ name: String) -> Bool {
    guard !names.functions.contains(name) else { return false }
    if case .function(let function)? = interpreter.memory[name], !function.isSymbol { return true }
    return interpreter.vocabulary.builtIn(named: name) != nil
  }

  /// The names in a side that stand for values.
  func mentions(_ syntax: ExpressionSyntax) -> [String] {
    var (found, called): ([String], Set<String>) = ([], [])
    collect(syntax, &found, &called)
    return found.filter { !called.contains($0) && Constants.value(named: $0) == nil }
  }

  /// The names that stand for values, and those that are called, differentiated or primed as functions.
  func collect(
    _ syntax: ExpressionSyntax, _ found: inout [String], _ called: inout Set<String>
  ) {
    switch syntax.kind {
    case .name(let name): if !found.contains(name) { found.append(name) }
    case .call(let callee, let arguments):
      var function = callee
      while case .prime(let inner) = function.kind { function = inner }
      if case .name(let name) = function.kind {
        called.insert(name)
      } else {
        collect(callee, &found, &called)
      }
      for argument in arguments { argument.forEachChild { collect($0, &found, &called) } }
    case .prime(let inner):
      if case .name(let name) = inner.kind, !names.isKnown(name), isFunction(name) {
        called.insert(name)
      } else {
        collect(inner, &found, &called)
      }
    case .nabla(let inner):
      if case .name(let name) = inner.kind {
        called.insert(name)
      } else {
        collect(inner, &found, &called)
      }
    case .partial(let partial):
      if case .name(let name) = partial.numerator.kind, isFunction(name), !names.isKnown(name) {
        called.insert(name)
      } else {
        collect(partial.numerator, &found, &called)
      }
      for variable in partial.variables {
        if !found.contains(variable.name) { found.append(variable.name) }
        for index in variable.indices { index.forEachChild { collect($0, &found, &called) } }
      }
    default: syntax.kind.forEachChild { collect($0, &found, &called) }
    }
  }
}

extension AuditNames {
  /// A name without what is only spelling: lowered digits and letters as such, no underscores.
  static func plain(_ name: String) -> String {
    String(name.compactMap { ScriptCharacters.plain(subscript: $0) ?? ($0 == "_" ? nil : $0) })
  }
}
