import Calculus
import Syntax

/// What operators, conditions and brackets make of operands of which one is a formula.
extension Interpreter {
  /// Two operands joined by an operator; `parts` are those of the sum or product that the left one is so far.
  func joined(
    _ operation: Operation, _ operands: Operands, _ parts: inout [Expression], _ scope: Scope,
    usesTimes: Bool = false
  ) throws(Diagnostic) -> Value {
    let before = parts
    var after: [Expression] = []
    let value = try forming(operands.span, scope) { (_, reading) throws(Diagnostic) in
      let left = try operand(operands.left, operands.leftSpan, reading)
      let right = try operand(operands.right, operands.rightSpan, reading)
      let lifted = operands.lifted(left, right)
      if case .power = operation, case .matrix = left.shape,
        right.number == .minusOne || self.value(of: right, reading) == -1
      {
        throw Diagnostic.inverseMeant(of: written(operands.leftSpan), at: operands.span)
      }
      if case .multiply = operation, lifted.mixVectorAndMatrix { throw starRefused(lifted) }
      switch operation {
      case .add, .subtract:
        after = before.isEmpty ? [left] : before
        after.append(operation == .add ? right : .negate(right))
      case .multiply, .hadamard: after = before.isEmpty ? [left, right] : before + [right]
      case .divide, .power, .product: break
      }
      do throws(CalculusError) {
        return try reading.sizes.solving([left, right] + after) { all throws(CalculusError) in
          switch operation {
          case .add, .subtract:
            _ = try Expression.add(Array(all[..<2]))
            return try .add(Array(all[2...]))
          case .multiply, .hadamard: return try .multiply(Array(all[2...]), usesTimes: usesTimes)
          case .divide: return try .divide(all[0], all[1])
          case .power: return try .power(all[0], all[1])
          case .product: return try .product(all[0], all[1])
          }
        }
      } catch {
        throw mismatch(error, .init(operation), left, right, operands, reading)
      }
    }
    if scope.reading != nil { parts = after }
    return value
  }

  /// What is wrong where two operands do not fit: of shapes with the operands as they were written.
  private func mismatch(
    _ error: CalculusError, _ joining: Joining, _ left: Expression, _ right: Expression,
    _ operands: Operands, _ reading: FormulaReading
  ) -> Diagnostic {
    guard case .shapeMismatch = error, let left = try? reading.sizes.resolve(left),
      let right = try? reading.sizes.resolve(right)
    else { return Diagnostic(error, at: operands.span) }
    if joining.text == Operation.product.text {
      return innerMismatch(operands.lifted(left, right))
    }
    do {
      _ = try left.shape.joined(with: right.shape)
      return Diagnostic(error, at: operands.span)
    } catch {
      return mismatch(error, joining, operands.lifted(left, right))
    }
  }

  // MARK: - Conditions

  /// An operand of `and`, `or`, `not`: 1 where it holds, else 0.
  private func truth(_ value: Value, _ span: SourceSpan, _ reading: FormulaReading)
    throws(Diagnostic) -> Expression
  {
    let part = try operand(value, span, reading)
    if part.isTruth { return part }
    return try calculus([part], span, reading) { parts throws(CalculusError) in
      try .compare(.notEqual, parts[0], .number(0))
    }
  }

  func negation(
    of value: Value, _ operandSpan: SourceSpan, _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    try forming(span, scope) { (_, reading) throws(Diagnostic) in
      let condition = try truth(value, operandSpan, reading)
      return try calculus([condition], span, reading) { parts throws(CalculusError) in
        if case .compare(let comparison, let a, let b) = parts[0].node {
          return try .compare(comparison.negated, a, b)
        }
        return try .subtract(.number(1), parts[0])
      }
    }
  }

  /// `a and b`, `a or b` of truths of which one is a formula.
  func junction(
    of parts: [(value: Value, span: SourceSpan)], isOr: Bool, _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    try forming(span, scope) { (_, reading) throws(Diagnostic) in
      let truths = try parts.map2 { (part) throws(Diagnostic) in
        try truth(part.value, part.span, reading)
      }
      return try calculus(truths, span, reading) { truths throws(CalculusError) in
        guard isOr else { return try .multiply(truths) }
        var result = truths[0]
        for truth in truths.dropFirst() { result = try .extremum(.max, result, truth) }
        return result
      }
    }
  }

  /// `if c { a } else { b }` where the condition is a formula.
  func choice(
    _ condition: Value, _ conditionSpan: SourceSpan, _ then: ExpressionSyntax,
    _ otherwise: ExpressionSyntax?, _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    guard let otherwise else {
      throw Diagnostic(
        .type, "this `if` has no value where its condition does not hold", at: span,
        help: "add `else { … }`")
    }
    return try forming(span, scope) { (scope, reading) throws(Diagnostic) in
      let c = try operand(condition, conditionSpan, reading)
      guard c.shape == .scalar else {
        throw Diagnostic(
          .type, "a condition needs a truth value, not \(c.shape.kindText)", at: conditionSpan,
          help: "entry by entry, (x > 0)*a + (x <= 0)*b")
      }
      let a = try operand(evaluate(then, scope), then.span, reading)
      let b = try operand(evaluate(otherwise, scope), otherwise.span, reading)
      return try calculus([c, a, b], span, reading) { parts throws(CalculusError) in
        try .choose(parts[0], parts[1], parts[2])
      }
    }
  }

  /// `a < b` of formulas.
  func compared(_ operation: ComparisonOperator, _ operands: Operands, _ scope: Scope)
    throws(Diagnostic) -> Value
  {
    let comparison = Comparison(rawValue: operation.rawValue) ?? .equal
    return try forming(operands.span, scope) { (_, reading) throws(Diagnostic) in
      let left = try operand(operands.left, operands.leftSpan, reading)
      let right = try operand(operands.right, operands.rightSpan, reading)
      do throws(CalculusError) {
        return try reading.sizes.solving([left, right]) { parts throws(CalculusError) in
          try .compare(comparison, parts[0], parts[1])
        }
      } catch {
        throw mismatch(error, .init(operation), left, right, operands, reading)
      }
    }
  }

  // MARK: - Brackets

  /// `[…]` with formulas: a vector, or vectors as the rows of a matrix.
  func formulas(
    _ values: [[Value]], _ rows: [[ExpressionSyntax]], _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Value {
    try forming(span, scope) { (_, reading) throws(Diagnostic) in
      var lists: [Expression] = []
      for (values, row) in zip(values, rows) {
        var entries: [Expression] = []
        for (value, element) in zip(values, row) {
          entries.append(try operand(value, element.span, reading))
        }
        // [∇f; ∇g]: vectors one below the other are the rows of a matrix.
        let isRow = rows.count > 1 && entries.count == 1 && entries[0].shape.isVectorOrRow
        lists.append(
          try calculus(entries, span, reading) { entries throws(CalculusError) in
            isRow
              ? try entries[0].asVector() : try .list(entries, mayBeArray: reading.mayHaveArrays)
          })
      }
      guard lists.count > 1 else { return lists[0] }
      return try calculus(lists, span, reading) { lists throws(CalculusError) in
        try .list(lists, mayBeArray: reading.mayHaveArrays)
      }
    }
  }
}
