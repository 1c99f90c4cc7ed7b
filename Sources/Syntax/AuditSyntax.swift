/// `audit { lines }`, `audit CALL { lines }`: a derivation as somebody wrote it, which is to be judged.
package struct AuditSyntax: Sendable {
  /// One thing between equals signs.
  package struct Side: Sendable {
    package let expression: ExpressionSyntax
    /// The line of the block in which it begins, from 1.
    package let line: Int
    /// Whether `≈` stands before it: what is printed is rounded.
    package let isRounded: Bool

    package init(_ expression: ExpressionSyntax, line: Int, isRounded: Bool = false) {
      self.expression = expression
      self.line = line
      self.isRounded = isRounded
    }

    /// What joins it to the side before.
    package var sign: String { isRounded ? "≈" : "=" }
  }

  /// `assume ŷ in 0..1`: names whose values lie between two bounds, which are no values themselves.
  package struct Assumption: Sendable {
    package let names: [(name: String, span: SourceSpan)]
    package let lower: ExpressionSyntax
    package let upper: ExpressionSyntax

    package init(
      _ names: [(name: String, span: SourceSpan)], from lower: ExpressionSyntax,
      to upper: ExpressionSyntax
    ) {
      self.names = names
      self.lower = lower
      self.upper = upper
    }
  }

  package enum Item: Sendable {
    case symbols([ParameterSyntax])
    case assumption(Assumption)
    /// `a = b = c`, over as many lines as it takes; at least two sides.
    case chain([Side])
  }

  /// A comment on a line of its own.
  package struct Heading: Sendable {
    package let text: String
    package let line: Int
  }

  /// What is explained by `explain CALL`, whose quantities the lines are about.
  package let call: ExpressionSyntax?
  /// Only `.keyword` arguments.
  package let options: [ArgumentSyntax]
  package let items: [Item]
  package let headings: [Heading]

  package init(
    call: ExpressionSyntax?, options: [ArgumentSyntax], items: [Item], headings: [Heading]
  ) {
    self.call = call
    self.options = options
    self.items = items
    self.headings = headings
  }
}
