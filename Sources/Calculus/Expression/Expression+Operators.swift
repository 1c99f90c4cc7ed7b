/// Operators for formulas that the kernel itself states: of numbers, or of arrays of one shape and numbers.
extension Expression {
  package static func + (a: Expression, b: Expression) -> Expression {
    Expression(.add([a, b]), common(a, b))
  }
  package static func - (a: Expression, b: Expression) -> Expression { a + -b }
  package static func * (a: Expression, b: Expression) -> Expression {
    Expression(.multiply([a, b]), common(a, b))
  }
  package static func / (a: Expression, b: Expression) -> Expression {
    Expression(.divide(a, b), common(a, b))
  }
  package static prefix func - (a: Expression) -> Expression { .negate(a) }

  /// Σ of all entries.
  package var sum: Expression { Expression(.reduce(.sum, self, axis: nil), .scalar) }

  package func raised(to exponent: Int) -> Expression {
    Expression(.power(self, .number(exponent)), shape)
  }

  /// 1 where `a > b` holds of numbers, else 0.
  package static func condition(_ comparison: Comparison, _ a: Expression, _ b: Expression)
    -> Expression
  {
    precondition(a.shape == .scalar && b.shape == .scalar)
    return Expression(.compare(comparison, a, b), .scalar)
  }

  /// `if a > b { then } else { otherwise }` of numbers.
  package static func choosing(
    _ comparison: Comparison, _ a: Expression, _ b: Expression, then: Expression,
    else otherwise: Expression
  ) -> Expression {
    precondition(then.shape == .scalar && otherwise.shape == .scalar)
    return Expression(.choose(condition(comparison, a, b), then, otherwise), .scalar)
  }

  /// Precondition: one shape, or one of them a number.
  private static func common(_ a: Expression, _ b: Expression) -> ExpressionShape {
    precondition(a.shape == b.shape || a.shape == .scalar || b.shape == .scalar)
    return a.shape == .scalar ? b.shape : a.shape
  }
}

extension Expression: ExpressibleByIntegerLiteral {
  package convenience init(integerLiteral value: Int) {
    self.init(.number(Number(value)), .scalar)
  }
}
