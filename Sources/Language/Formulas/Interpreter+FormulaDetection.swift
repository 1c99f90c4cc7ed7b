import Calculus
import Syntax

/// Whether something will be a formula, told from its names before it is evaluated: beside a formula a variable keeps
/// its name, elsewhere it is its number.
extension Interpreter {
  /// Whether an expression joins operands of which one is a formula.
  func joinsFormula(_ expression: ExpressionSyntax, _ scope: Scope) -> Bool {
    switch expression.kind {
    case .number, .boolean, .string, .name, .member, .range, .partial, .nabla, .explain,
      .audit, .parenthesized, .and, .or:
      false
    case .conditional(let condition, _, _): isFormula(condition, scope)
    case .call(let callee, let arguments):
      if case .name(let name) = callee.kind {
        function(called: name, scope).map { takesFormula($0, arguments, scope) } ?? false
      } else {
        false
      }
    case .prime(let operand):
      if case .name(let name) = operand.kind, function(meantBy: name, scope)?.hasSlope == true {
        false
      } else {
        isFormula(operand, scope)
      }
    case .comprehension(let generator):
      generator.ranges.contains { isFormula($0.values, scope) }
    case .index(let base, _): isFormula(base, scope)
    default: isFormula(expression, scope)
    }
  }

  /// Whether the value of an expression will be a formula; where a condition decides, whether it may be one.
  func isFormula(_ expression: ExpressionSyntax, _ scope: Scope) -> Bool {
    switch expression.kind {
    case .number, .boolean, .string, .member, .explain, .audit: return false
    case .partial, .nabla: return true
    case .name(let name):
      guard let value = scope[name] ?? memory[name] else {
        return Constants.value(named: name) == nil && vocabulary.builtIn(named: name) == nil
          && isDeclaredSize(name)
      }
      return value.isFormula
    case .prime(let operand):
      if case .name(let name) = operand.kind, function(meantBy: name, scope) != nil { return true }
      return isFormula(operand, scope)
    case .index(let base, _):
      if case .name(let name) = base.kind, case .list(let list)? = scope[name] ?? memory[name] {
        return list.holdsFormula
      }
      return isFormula(base, scope)
    case .comprehension(let generator):
      return generator.ranges.contains { isFormula($0.values, scope) }
    case .call(let callee, let arguments):
      guard case .name(let name) = callee.kind else {
        return arguments.contains { isFormula($0, scope) }
          || !arguments.isEmpty && arguments.allSatisfy(\.isKeyword) && isFormula(callee, scope)
      }
      guard let function = function(called: name, scope) else { return false }
      return takesFormula(function, arguments, scope)
        || givesFormula(function, arguments, scope)
    default:
      var found = false
      expression.kind.forEachChild { found = found || isFormula($0, scope) }
      return found
    }
  }

  private func isFormula(_ argument: ArgumentSyntax, _ scope: Scope) -> Bool {
    var found = false
    argument.forEachChild { found = found || isFormula($0, scope) }
    return found
  }

  private func function(called name: String, _ scope: Scope) -> FunctionValue? {
    for value in [scope[name], memory[name]] {
      if case .function(let function)? = value, !function.isSymbol { return function }
    }
    return vocabulary.builtIn(named: name).map { .builtIn($0) }
  }

  /// Whether a call joins arguments of which one is a formula.
  private func takesFormula(
    _ function: FunctionValue, _ arguments: [ArgumentSyntax], _ scope: Scope
  ) -> Bool {
    switch function {
    case .builtIn(let builtIn):
      return builtIn.formulaRule != nil && arguments.contains { isFormula($0, scope) }
    case .user(let user):
      var next = 0
      return arguments.contains { argument in
        var parameter: String?
        if case .keyword(let name, _, _) = argument {
          parameter = name
        } else if next < user.syntax.parameters.count {
          parameter = user.syntax.parameters[next].name
          next += 1
        }
        // What the body calls is passed as a function.
        guard let parameter, !user.calledNames.contains(parameter) else { return false }
        return isFormula(argument, scope)
      }
    case .formula, .unknown: return false
    }
  }

  /// Whether a call gives a formula by what the function is.
  private func givesFormula(
    _ function: FunctionValue, _ arguments: [ArgumentSyntax], _ scope: Scope
  ) -> Bool {
    switch function {
    case .builtIn(let builtIn): return builtIn.group == .calculus
    case .unknown: return true
    case .formula(let formula):
      return arguments.count < formula.parameters.count && arguments.allSatisfy(\.isKeyword)
        || arguments.contains { isFormula($0, scope) }
    case .user(let user):
      if arguments.count < user.syntax.parameters.count, arguments.allSatisfy(\.isKeyword) {
        return true
      }
      // A body that calls itself gives what its other cases give.
      guard mentionsFormula(user), detected.insert(ObjectIdentifier(user)).inserted else {
        return false
      }
      defer { detected.remove(ObjectIdentifier(user)) }
      var scope = Scope.global
      for parameter in user.syntax.parameters {
        scope.bind(parameter.name, .nothing)
        for case .name(let size) in parameter.sizes { scope.bind(size, .nothing) }
      }
      for given in user.syntax.body.assignments {
        scope.bind(given.name, isFormula(given.value, scope) ? .expression(.number(0)) : .nothing)
      }
      return isFormula(user.syntax.body.result, scope)
    }
  }

  // MARK: - Mentions

  /// Whether a formula may come up while a statement runs.
  func mentionsFormula(_ statement: StatementSyntax) -> Bool {
    var found = false
    statement.forEachExpression { found = found || mentionsFormula($0, [:]) }
    return found
  }

  /// Whether a formula may come up in the body of a function; remembered while a statement runs.
  func mentionsFormula(_ function: UserFunction) -> Bool {
    let key = ObjectIdentifier(function)
    if let known = mentions[key] { return known }
    // One that calls itself mentions what else it does.
    mentions[key] = false
    var locals: [String: Bool] = [:]
    for parameter in function.syntax.parameters {
      for case .name(let size) in parameter.sizes { locals[size] = false }
      locals[parameter.name] = parameter.kind == .scalar
    }
    var result = false
    for given in function.syntax.body.assignments where locals[given.name] == nil {
      locals[given.name] = true
    }
    function.syntax.body.forEachExpression { result = result || mentionsFormula($0, locals) }
    mentions[key] = result
    return result
  }

  /// `locals` are the names that are bound there, and whether they may be functions.
  private func mentionsFormula(_ expression: ExpressionSyntax, _ locals: [String: Bool]) -> Bool {
    switch expression.kind {
    case .partial, .nabla, .audit: return true
    case .prime(let operand):
      guard case .name(let name) = operand.kind else { return mentionsFormula(operand, locals) }
      return locals[name] ?? memory[name].map { $0.holdsFormula || $0.isFunction } ?? true
    case .call(_, let arguments) where !arguments.isEmpty && arguments.allSatisfy(\.isKeyword):
      return true
    case .name(let name):
      guard locals[name] == nil else { return false }
      if let value = memory[name] {
        if case .function(.user(let user)) = value { return mentionsFormula(user) }
        return value.holdsFormula
      }
      if let builtIn = vocabulary.builtIn(named: name) { return builtIn.group == .calculus }
      return isDeclaredSize(name)
    case .comprehension(let generator):
      let inner = locals.merging(generator.ranges.map { ($0.variable, true) }) { $1 }
      return generator.ranges.contains { mentionsFormula($0.values, inner) }
        || generator.condition.map { mentionsFormula($0, inner) } ?? false
        || mentionsFormula(generator.element, inner)
    default:
      var found = false
      expression.kind.forEachChild { found = found || mentionsFormula($0, locals) }
      return found
    }
  }
}
