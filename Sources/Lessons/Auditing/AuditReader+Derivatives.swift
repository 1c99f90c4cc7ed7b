import Calculus
import Language
import MatrixEngine
import Notation
import Syntax

/// Derivatives in an audit: those that are one name each, and those that follow from what is defined.
extension AuditReader {
  /// The side with its derivatives of quantities as names: `∂L/∂z₁^[2]` is one. `bound` are the variables of the sums and
  /// lists around it.
  func resolved(_ syntax: ExpressionSyntax, bound: Set<String> = []) throws(Diagnostic)
    -> ExpressionSyntax
  {
    var failure: Diagnostic?
    let result = syntax.replacing { part in
      do throws(Diagnostic) {
        return try replacement(of: part, bound)
      } catch {
        failure = failure ?? error
        return nil
      }
    }
    if let failure { throw failure }
    return result
  }

  /// What stands for a part of a side; nil for one that stays, but for its own parts.
  private func replacement(of part: ExpressionSyntax, _ bound: Set<String>) throws(Diagnostic)
    -> ExpressionSyntax?
  {
    switch part.kind {
    case .comprehension(let generator):
      return ExpressionSyntax(.comprehension(try resolved(generator, bound)), part.span)
    case .call(let callee, let arguments):
      if arguments.count == 1, case .generator(let generator, let span) = arguments[0] {
        return ExpressionSyntax(
          .call(callee, [.generator(try resolved(generator, bound), span)]), part.span)
      }
      if let call = try call(ofDefined: callee, arguments, bound, part.span) { return call }
      // `d(det(A))`, as explanations write the change of a formula.
      let text = SourcePrinter.text(of: part)
      if case .name(let name) = callee.kind, !isFunction(name),
        let known = names.differentials[text.filter { $0 != " " }]
      {
        return ExpressionSyntax(.name(known), part.span)
      }
      // The prime of what is called is the function's.
      guard case .prime = callee.kind else { return nil }
      let inner = try arguments.map2 { (argument) throws(Diagnostic) -> ArgumentSyntax in
        guard case .positional(let value) = argument else { return argument }
        return .positional(try resolved(value, bound: bound))
      }
      return ExpressionSyntax(.call(callee, inner), part.span)
    case .prime(let operand): return try name(ofPrimed: operand, part.span)
    case .nabla(let operand):
      guard case .name(let name) = operand.kind, names.isKnown("∇\(name)") else { return nil }
      return ExpressionSyntax(.name("∇\(name)"), part.span)
    case .name(let name):
      if name.hasPrefix("d"), let slash = name.firstIndex(of: "/"), !names.isDefined(name) {
        let above = String(name[..<slash].dropFirst())
        let below = String(name[slash...].dropFirst(2))
        quotients[name] = ("d\(above)", below)
        derive(name, of: .symbol(names.symbol(above)), named: above, by: below)
      }
      return canonical(name).map { ExpressionSyntax(.name($0), part.span) }
    case .partial(let partial):
      if !bound.isEmpty, !bound.isDisjoint(with: mentions(part)) {
        return try call(of: partial, bound, part.span)
      }
      return try name(of: partial).map { ExpressionSyntax(.name($0), part.span) }
    default: return nil
    }
  }

  private func resolved(_ generator: ExpressionSyntax.Generator, _ bound: Set<String>)
    throws(Diagnostic) -> ExpressionSyntax.Generator
  {
    var inner = bound
    let ranges = try generator.ranges.map2 { (range) throws(Diagnostic) in
      let values = try resolved(range.values, bound: inner)
      inner.insert(range.variable)
      return ExpressionSyntax.Generator.Range(
        variable: range.variable, variableSpan: range.variableSpan, values: values)
    }
    var condition: ExpressionSyntax?
    if let written = generator.condition { condition = try resolved(written, bound: inner) }
    return .init(
      element: try resolved(generator.element, bound: inner), ranges: ranges, condition: condition)
  }

  /// A quantity of the explanation that is spelled in another way: `w_12^[2]` is w₁₂^[2].
  private func canonical(_ name: String) -> String? {
    guard !names.values.isEmpty, !names.isKnown(name) else { return nil }
    let spelled = AuditNames.plain(name)
    return names.values.keys.sorted().first { AuditNames.plain($0) == spelled }
  }

  /// The name that a derivative is, where what it is of is a quantity; nil for one that the calculus takes.
  private func name(of partial: ExpressionSyntax.PartialSyntax) throws(Diagnostic) -> String? {
    let text = SourcePrinter.text(of: ExpressionSyntax(.partial(partial), SourceSpan(0, 0)))
    if names.isDefined(text) { return text }
    if let same = canonical(text) { return same }
    let numerator = partial.numerator
    var plain = numerator
    while case .parenthesized(let inner) = plain.kind { plain = inner }
    let isSingle = partial.variables.count == 1 && partial.variables[0].order == 1
    // A name in parentheses is a formula: ∂(x)/∂x is 1. Alone it may be a function of what nothing is known.
    let isFormula =
      numerator.span != plain.span || isSingle && plain.isName(partial.variables[0].name)
    if case .name(let name) = plain.kind {
      if !names.isKnown(name), isFunction(name) { return nil }
      if !isFormula || names.functions.contains(name) {
        if isSingle, let entry = try entry(partial.variables[0].indices) {
          if entry.isEmpty { note(text, of: name, by: partial.variables[0].name) }
          derive(
            text, of: .symbol(names.symbol(name)), named: name, by: partial.variables[0].name,
            entry: entry)
        }
        return text
      }
    }
    // A derivative of a formula goes through what is defined in it, by a variable of the kind that it has here.
    guard isSingle else { return nil }
    let variable = partial.variables[0]
    let inner = try resolved(numerator)
    let formula = try expression(inner)
    let entry = try entry(variable.indices)
    guard entry != nil || variable.indices.isEmpty,
      let slope = derivative(of: formula, by: variable.name, entry: entry ?? [], allowsZero: true)
    else { return nil }
    names.symbols[text] = Symbol(text, slope.shape)
    names.formulas[text] = slope
    return text
  }

  /// The places of an entry: numbers, or names that stand for some; nil for what is neither.
  func entry(_ indices: [IndexSyntax]) throws(Diagnostic) -> [EntryIndex]? {
    var entry: [EntryIndex] = []
    for index in indices {
      guard case .expression(let syntax) = index else { return nil }
      entry.append(.value(try expression(syntax)))
    }
    return entry
  }

  /// `u'` and `(u*v)'` of numbers, which stand for functions of one variable: the derivative by that; `(f(g(x)))'` by
  /// the variable in it. nil for a function's derivative and for a transpose.
  private func name(ofPrimed operand: ExpressionSyntax, _ span: SourceSpan) throws(Diagnostic)
    -> ExpressionSyntax?
  {
    var (found, called): ([String], Set<String>) = ([], [])
    collect(operand, &found, &called)
    if case .name(let name) = operand.kind, isFunction(name), !names.isKnown(name) { return nil }
    let own = mentions(try resolved(operand))
    guard !own.isEmpty,
      own.allSatisfy({ names.symbol($0).shape == .scalar && names.values[$0] == nil }),
      own.allSatisfy({ declaredSymbol($0) == nil || declaredSymbol($0)?.shape == .scalar }),
      !own.contains(where: names.sizeNames.contains)
    else { return nil }
    let text = SourcePrinter.text(of: ExpressionSyntax(.prime(operand), span))
    if case .name(let name) = operand.kind {
      let bases = names.formulas[name].map { names.bases(of: [$0]) } ?? []
      if bases.count == 1, bases[0].shape == .scalar {
        derive(text, of: .symbol(names.symbol(name)), named: name, by: bases[0].name)
      }
      return ExpressionSyntax(.name(text), span)
    }
    let formula = try expression(resolved(operand))
    guard formula.shape == .scalar else { return nil }
    let isOfCalls = called.contains { !isFunction($0) } && own.count == 1
    let slope: Expression
    do throws(CalculusError) {
      var terms: [Expression] = []
      for name in own {
        let term = try formula.derivative(by: names.symbol(name)).expression
        terms.append(isOfCalls ? term : try .multiply([term, .symbol(Symbol("\(name)'"))]))
      }
      slope = terms.count == 1 ? terms[0] : try .add(terms)
    } catch {
      throw Diagnostic(error, at: span)
    }
    names.symbols[text] = Symbol(text, slope.shape)
    names.formulas[text] = slope
    return ExpressionSyntax(.name(text), span)
  }

  /// Gives a derivative its formula where it follows from what is defined.
  private func derive(
    _ text: String, of formula: Expression, named name: String, by variable: String,
    entry: [EntryIndex] = []
  ) {
    guard names.formulas[name] != nil,
      let slope = derivative(of: formula, by: variable, entry: entry)
    else { return }
    names.symbols[text] = Symbol(text, slope.shape)
    names.formulas[text] = slope
  }

  /// Through everything that is defined, but the variable itself; nil where it does not depend on it.
  func derivative(
    of formula: Expression, by variable: String, entry: [EntryIndex] = [], allowsZero: Bool = false
  ) -> Expression? {
    let symbol = names.symbol(variable)
    let whole = whole(formula, but: [variable])
    guard allowsZero || whole.symbols.contains(symbol) else { return nil }
    return try? whole.derivative(by: symbol, entry: entry).expression
  }

  /// A formula in which all names but some are what they are defined as.
  func whole(_ formula: Expression, but variables: Set<String>) -> Expression {
    var whole = formula
    for _ in 0..<Self.mostDefinitions {
      var map: [Symbol: Expression] = [:]
      for inner in whole.symbols where !variables.contains(inner.name) {
        map[inner] = names.formulas[inner.name]
      }
      guard !map.isEmpty, whole.treeSize < Self.largest,
        let next = try? whole.substituting(map)
      else { break }
      whole = next
    }
    return whole
  }

  private static let mostDefinitions = 40
  private static let largest = 2000.0
}

extension ExpressionSyntax {
  fileprivate func isName(_ name: String) -> Bool {
    if case .name(name) = kind { true } else { false }
  }
}
