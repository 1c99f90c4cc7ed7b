/// Every operator of the language with what it does, for inspection and the language reference.
package struct OperatorEntry: Sendable {
  /// How tightly an operator binds, tightest first; operators of one level are read from left to right,
  /// powers and prefix operators from right to left.
  package enum Level: Int, Sendable, CaseIterable {
    case postfix, power, juxtaposition, negation, product, sum, range, comparison, not, and, or
  }

  /// The character or word itself; empty for juxtaposition.
  package let symbol: String
  /// Other characters that read as the same operator.
  package let alternatives: [String]
  package let level: Level
  /// An example that parses.
  package let usage: String
  /// What it does, in a few words.
  package let summary: String

  init(
    _ symbol: String, also alternatives: [String] = [], _ level: Level, _ usage: String,
    _ summary: String
  ) {
    self.symbol = symbol
    self.alternatives = alternatives
    self.level = level
    self.usage = usage
    self.summary = summary
  }

  /// Every operator, tightest first.
  package static let all: [OperatorEntry] = [
    .init("()", .postfix, "f(x)", "calls a function"),
    .init("[]", .postfix, "W[1, :]", "takes entries; indices count from 1"),
    .init(".", .postfix, "g.W", "takes a member"),
    .init("'", also: ["′"], .postfix, "A'", "the transpose; of a function its derivative"),
    .init("ᵀ", .postfix, "Aᵀ", "the transpose"),
    .init("²", .postfix, "x²", "a power, as `^2`; other raised digits likewise"),
    .init("∂", .postfix, "∂f/∂x", "the partial derivative; `∂²f/∂x∂y`, `∂y/∂w[1]`"),
    .init("∇", .postfix, "∇f", "the gradient"),
    .init("| |", .postfix, "|x|", "the absolute value, as `abs(x)`; `2|x|` multiplies"),
    .init("‖ ‖", .postfix, "‖x‖", "the length, as `norm(x)`; `‖x‖²` is its square"),
    .init("^", .power, "a^b", "the power, element by element, from right to left"),
    .init("", .juxtaposition, "2x", "a number times what follows it without a space"),
    .init("-", also: ["−"], .negation, "-a", "the negative"),
    .init("@", .product, "A @ B", "the matrix or dot product; with a scalar it scales"),
    .init(
      "·", also: ["⋅"], .product, "a · b", "the matrix or dot product; with a scalar it scales"),
    .init("*", also: ["×"], .product, "a*b", "the product, element by element"),
    .init("⊙", .product, "a ⊙ b", "the product, element by element"),
    .init("⊗", .product, "a ⊗ b", "the product, element by element (Hadamard)"),
    .init("/", .product, "a/b", "the quotient, element by element"),
    .init("⊘", .product, "a ⊘ b", "the quotient, element by element"),
    .init("+", .sum, "a + b", "the sum"),
    .init("-", also: ["−"], .sum, "a - b", "the difference"),
    .init(":", .range, "1:5", "the whole numbers from 1 to 5; `0:0.1:1` with a step"),
    .init("==", .comparison, "a == b", "1 where equal, else 0"),
    .init("!=", also: ["≠"], .comparison, "a != b", "1 where unequal, else 0"),
    .init("<", .comparison, "a < b", "1 where less; comparisons chain: `0 < x < 1`"),
    .init("<=", also: ["≤"], .comparison, "a <= b", "1 where less or equal"),
    .init(">", .comparison, "a > b", "1 where greater"),
    .init(">=", also: ["≥"], .comparison, "a >= b", "1 where greater or equal"),
    .init("not", .not, "not a", "the opposite"),
    .init("and", .and, "a and b", "whether both hold"),
    .init("or", .or, "a or b", "whether one holds"),
  ]
}
