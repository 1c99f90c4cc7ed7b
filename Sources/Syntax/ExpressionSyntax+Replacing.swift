extension ExpressionSyntax {
  /// The tree with what `replace` gives in place of parts; nil keeps a part and goes on below it.
  package func replacing(_ replace: (ExpressionSyntax) -> ExpressionSyntax?) -> ExpressionSyntax {
    if let replacement = replace(self) { return replacement }
    func again(_ part: ExpressionSyntax) -> ExpressionSyntax { part.replacing(replace) }
    let new: Kind =
      switch kind {
      case .number, .boolean, .string, .name, .explain, .audit: kind
      case .brackets(let rows): .brackets(rows: rows.map { $0.map(again) })
      case .comprehension(let generator): .comprehension(generator.replacing(replace))
      case .parenthesized(let inner): .parenthesized(again(inner))
      case .several(let values): .several(values.map(again))
      case .call(let callee, let arguments):
        .call(again(callee), arguments.map { $0.replacing(replace) })
      case .index(let base, let indices):
        .index(again(base), indices.map { $0.replacing(replace) })
      case .member(let base, let name, let span): .member(again(base), name: name, nameSpan: span)
      case .prime(let inner): .prime(again(inner))
      case .transpose(let inner): .transpose(again(inner))
      case .power(let base, let exponent): .power(again(base), again(exponent))
      case .negative(let inner): .negative(again(inner))
      case .juxtaposition(let a, let b): .juxtaposition(again(a), again(b))
      case .chain(let first, let links):
        .chain(again(first), links.map { .init($0.operation, $0.operatorSpan, again($0.operand)) })
      case .comparison(let first, let links):
        .comparison(
          again(first), links.map { .init($0.operation, $0.operatorSpan, again($0.operand)) })
      case .not(let inner): .not(again(inner))
      case .and(let operands): .and(operands.map(again))
      case .or(let operands): .or(operands.map(again))
      case .range(let from, let step, let to):
        .range(from: again(from), step: step.map(again), to: again(to))
      case .conditional(let condition, let then, let otherwise):
        .conditional(
          condition: again(condition), then: again(then), otherwise: otherwise.map(again))
      case .partial(let partial):
        .partial(
          .init(
            order: partial.order, numerator: again(partial.numerator),
            variables: partial.variables.map { variable in
              .init(
                name: variable.name, indices: variable.indices.map { $0.replacing(replace) },
                order: variable.order, span: variable.span)
            }))
      case .nabla(let inner): .nabla(again(inner))
      }
    return ExpressionSyntax(new, span)
  }
}

extension ExpressionSyntax.Generator {
  fileprivate func replacing(_ replace: (ExpressionSyntax) -> ExpressionSyntax?)
    -> ExpressionSyntax.Generator
  {
    .init(
      element: element.replacing(replace),
      ranges: ranges.map {
        .init(
          variable: $0.variable, variableSpan: $0.variableSpan,
          values: $0.values.replacing(replace))
      }, condition: condition?.replacing(replace))
  }
}

extension ArgumentSyntax {
  fileprivate func replacing(_ replace: (ExpressionSyntax) -> ExpressionSyntax?) -> ArgumentSyntax {
    switch self {
    case .positional(let value): .positional(value.replacing(replace))
    case .keyword(let name, let span, let value):
      .keyword(name: name, nameSpan: span, value: value.replacing(replace))
    case .path(let path, let value): .path(path, value: value.replacing(replace))
    case .generator(let generator, let span): .generator(generator.replacing(replace), span)
    }
  }
}

extension IndexSyntax {
  fileprivate func replacing(_ replace: (ExpressionSyntax) -> ExpressionSyntax?) -> IndexSyntax {
    switch self {
    case .expression(let expression): .expression(expression.replacing(replace))
    case .all: self
    }
  }
}
