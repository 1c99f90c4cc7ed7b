/// An expression as it was written; names are not yet looked up.
///
/// Chains of operators of one level are one node, so that a long sum is no deep tree.
package final class ExpressionSyntax: Sendable {
  package let kind: Kind
  package let span: SourceSpan
  /// How many nodes lie on the longest way down, this one included; the parser keeps it bounded, so that
  /// everything that walks a tree may recurse.
  package let height: Int

  package init(_ kind: Kind, _ span: SourceSpan) {
    self.kind = kind
    self.span = span
    var below = 0
    kind.forEachChild { below = max(below, $0.height) }
    height = below + 1
  }

  package enum Kind: Sendable {
    /// `0.7740`; `literal` is its source text, whose digits `compare` counts.
    case number(Double, literal: String)
    /// `true`, `false`
    case boolean(Bool)
    /// `"text"`
    case string(String)
    /// `x₁`, `sigmoid`, `π`
    case name(String)
    /// `[1, 2; 3, 4]`: two rows of two; `[1, 2]`: one row; `[]`: none.
    case brackets(rows: [[ExpressionSyntax]])
    /// `[i^2 for i in 1:5]`
    case comprehension(Generator)
    /// `(a + b)`; kept, so that text and derivation show what was written.
    case parenthesized(ExpressionSyntax)
    /// `(X, Y)`, behind the `=` of an argument: several values that stay apart.
    case several([ExpressionSyntax])
    /// `f(x, slope = 0.2)`
    case call(ExpressionSyntax, [ArgumentSyntax])
    /// `W[1, :]`
    case index(ExpressionSyntax, [IndexSyntax])
    /// `g.W`
    case member(ExpressionSyntax, name: String, nameSpan: SourceSpan)
    /// `x'`: transpose of a matrix, derivative of a function.
    case prime(ExpressionSyntax)
    /// `xᵀ`
    case transpose(ExpressionSyntax)
    /// `a^b`, and `x²`, whose exponent is a number node over the superscript.
    case power(ExpressionSyntax, ExpressionSyntax)
    /// `-a`
    case negative(ExpressionSyntax)
    /// `3x`, `2(a + b)`: a number literal and what follows it without a space.
    case juxtaposition(ExpressionSyntax, ExpressionSyntax)
    /// `a / b * c`, `a + b - c`: one level of operators, left to right.
    case chain(ExpressionSyntax, [Link<BinaryOperator>])
    /// `0 <= x < 1`: every neighbouring pair must hold.
    case comparison(ExpressionSyntax, [Link<ComparisonOperator>])
    case not(ExpressionSyntax)
    /// `a and b and c`
    case and([ExpressionSyntax])
    case or([ExpressionSyntax])
    /// `a:b`, `a:step:b`
    case range(from: ExpressionSyntax, step: ExpressionSyntax?, to: ExpressionSyntax)
    /// `if c { … } else { … }` where a value is expected; each branch holds one expression, and `else if`
    /// nests in `otherwise`.
    case conditional(
      condition: ExpressionSyntax, then: ExpressionSyntax, otherwise: ExpressionSyntax?)
    /// `∂f/∂x`, `∂²f/∂x∂y`, `∂(w ⊗ x)/∂w`
    case partial(PartialSyntax)
    /// `∇f`
    case nabla(ExpressionSyntax)
    /// `explain forward(net, x), layer = 2`
    case explain(ExpressionSyntax, options: [ArgumentSyntax])
    /// `audit forward(net, x) { z = w*x + b }`
    indirect case audit(AuditSyntax)
  }

  /// An operator and its right operand.
  package struct Link<Operator: Sendable>: Sendable {
    package let operation: Operator
    package let operatorSpan: SourceSpan
    package let operand: ExpressionSyntax

    package init(_ operation: Operator, _ operatorSpan: SourceSpan, _ operand: ExpressionSyntax) {
      self.operation = operation
      self.operatorSpan = operatorSpan
      self.operand = operand
    }
  }

  /// `element for i in 1:m, j in 1:n if i != j`, inside `[ ]` or as the only argument of a call such as `sum(…)`.
  package struct Generator: Sendable {
    /// `i in 1:m`
    package struct Range: Sendable {
      package let variable: String
      package let variableSpan: SourceSpan
      package let values: ExpressionSyntax

      package init(variable: String, variableSpan: SourceSpan, values: ExpressionSyntax) {
        self.variable = variable
        self.variableSpan = variableSpan
        self.values = values
      }
    }

    package let element: ExpressionSyntax
    /// At least one; the last runs fastest, and may use the variables of those before it.
    package let ranges: [Range]
    /// What decides whether a value is taken.
    package let condition: ExpressionSyntax?

    package init(element: ExpressionSyntax, ranges: [Range], condition: ExpressionSyntax?) {
      self.element = element
      self.ranges = ranges
      self.condition = condition
    }

    /// Whether its values lie in no grid: some are left out, or how many there are depends on another range.
    package var isUneven: Bool {
      condition != nil
        || ranges.indices.dropFirst().contains { place in
          let before = ranges[..<place].map(\.variable)
          return ranges[place].values.firstName(where: before.contains) != nil
        }
    }
  }

  /// The parts of `∂^order numerator / ∂v₁^p₁ ∂v₂^p₂`.
  package struct PartialSyntax: Sendable {
    package struct Variable: Sendable {
      package let name: String
      package let indices: [IndexSyntax]
      package let order: Int
      package let span: SourceSpan

      package init(name: String, indices: [IndexSyntax], order: Int, span: SourceSpan) {
        self.name = name
        self.indices = indices
        self.order = order
        self.span = span
      }
    }
    package let order: Int
    package let numerator: ExpressionSyntax
    package let variables: [Variable]

    package init(order: Int, numerator: ExpressionSyntax, variables: [Variable]) {
      self.order = order
      self.numerator = numerator
      self.variables = variables
    }
  }
}

/// The operators of the two binary levels. `@` and `·` are one operation; so are `*`, `⊙`, `⊗` but for their text.
package enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case hadamard = "⊙"
  case hadamardTimes = "⊗"
  case divide = "/"
  case hadamardDivide = "⊘"
  case matrixProduct = "@"
  case dotProduct = "·"
}

package enum ComparisonOperator: String, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

/// An argument of a call.
package enum ArgumentSyntax: Sendable {
  case positional(ExpressionSyntax)
  case keyword(name: String, nameSpan: SourceSpan, value: ExpressionSyntax)
  /// `W[2][1,3] = 0.9`: in `whatif`, `explore`; the path is the left side.
  case path(ExpressionSyntax, value: ExpressionSyntax)
  /// `w[i]*x[i] for i in 1:n`: the only argument.
  case generator(ExpressionSyntax.Generator, SourceSpan)
}

extension ArgumentSyntax {
  /// Where its value, or its generator, was written.
  package var span: SourceSpan {
    switch self {
    case .positional(let value), .keyword(_, _, let value), .path(_, let value): value.span
    case .generator(_, let span): span
    }
  }

  package var isKeyword: Bool { if case .keyword = self { true } else { false } }

  /// Its value, where it is no generator.
  package var value: ExpressionSyntax? {
    switch self {
    case .positional(let value), .keyword(_, _, let value), .path(_, let value): value
    case .generator: nil
    }
  }
}

/// One place between the brackets of an index.
package enum IndexSyntax: Sendable {
  /// `2`, `i + 1`, `2:4`
  case expression(ExpressionSyntax)
  /// `:`
  case all(SourceSpan)
}
