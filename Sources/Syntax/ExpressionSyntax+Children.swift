extension ExpressionSyntax.Kind {
  /// Visits the expressions directly inside, in the order of the text.
  package func forEachChild(_ visit: (ExpressionSyntax) -> Void) {
    switch self {
    case .number, .boolean, .string, .name: break
    case .brackets(let rows): for row in rows { for entry in row { visit(entry) } }
    case .comprehension(let generator): generator.forEachChild(visit)
    case .parenthesized(let inner), .prime(let inner), .transpose(let inner), .negative(let inner),
      .not(let inner), .nabla(let inner), .member(let inner, _, _):
      visit(inner)
    case .call(let callee, let arguments):
      visit(callee)
      for part in arguments { part.forEachChild(visit) }
    case .index(let base, let indices):
      visit(base)
      for part in indices { part.forEachChild(visit) }
    case .power(let left, let right), .juxtaposition(let left, let right):
      visit(left)
      visit(right)
    case .chain(let first, let links):
      visit(first)
      for link in links { visit(link.operand) }
    case .comparison(let first, let links):
      visit(first)
      for link in links { visit(link.operand) }
    case .and(let operands), .or(let operands), .several(let operands):
      for operand in operands { visit(operand) }
    case .range(let from, let step, let to):
      visit(from)
      if let step { visit(step) }
      visit(to)
    case .conditional(let condition, let then, let otherwise):
      visit(condition)
      visit(then)
      if let otherwise { visit(otherwise) }
    case .partial(let partial):
      visit(partial.numerator)
      for index in partial.variables.flatMap(\.indices) { index.forEachChild(visit) }
    case .explain(let subject, let options):
      visit(subject)
      for part in options { part.forEachChild(visit) }
    // The names in its lines are symbols.
    case .audit(let audit):
      audit.call.map(visit)
      for part in audit.options { part.forEachChild(visit) }
    }
  }
}

extension ExpressionSyntax {
  /// The first name in an expression for which something holds.
  package func firstName(where holds: (String) -> Bool) -> String? {
    if case .name(let name) = kind { return holds(name) ? name : nil }
    var found: String?
    kind.forEachChild { found = found ?? $0.firstName(where: holds) }
    return found
  }
}

extension ExpressionSyntax.Generator {
  fileprivate func forEachChild(_ visit: (ExpressionSyntax) -> Void) {
    visit(element)
    for range in ranges { visit(range.values) }
    condition.map(visit)
  }
}

extension ArgumentSyntax {
  /// Visits the expressions directly inside, in the order of the text.
  package func forEachChild(_ visit: (ExpressionSyntax) -> Void) {
    switch self {
    case .positional(let value), .keyword(_, _, let value): visit(value)
    case .path(let path, let value):
      visit(path)
      visit(value)
    case .generator(let generator, _): generator.forEachChild(visit)
    }
  }
}

extension IndexSyntax {
  /// Visits the expression, where there is one.
  package func forEachChild(_ visit: (ExpressionSyntax) -> Void) {
    if case .expression(let expression) = self { visit(expression) }
  }
}

extension StatementSyntax {
  /// Visits the expressions of a statement that are evaluated when it runs, those of its blocks included.
  package func forEachExpression(_ visit: (ExpressionSyntax) -> Void) {
    switch kind {
    case .expression(let expression), .attempt(let expression): visit(expression)
    case .assignment(let target, let value):
      visit(target)
      visit(value)
    case .forLoop(_, _, let over, let body), .whileLoop(let over, let body):
      visit(over)
      for statement in body { statement.forEachExpression(visit) }
    case .conditional(let condition, let then, let otherwise):
      visit(condition)
      for statement in then + (otherwise ?? []) { statement.forEachExpression(visit) }
    case .set(_, _, let value): visit(value)
    case .network(let network):
      for layer in network.flatLayers {
        for value in layer.values { visit(value) }
        for option in layer.options { option.forEachChild(visit) }
      }
      for part in [network.loss, network.seed, network.precision] { part.map(visit) }
    case .perceptron(let perceptron):
      perceptron.threshold.map(visit)
      perceptron.outputs.forEach(visit)
      for option in perceptron.options { option.forEachChild(visit) }
    case .parameters(let parameters):
      for parameter in parameters {
        parameter.sizes.forEach(visit)
        parameter.start.map(visit)
      }
    case .running(let quantities): for quantity in quantities { quantity.start.map(visit) }
    case .definition, .layer, .symbols, .help: break
    }
  }
}
