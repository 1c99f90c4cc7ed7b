import Calculus

/// Which operators of ONNX are which functions of the calculus.
///
/// Source: github.com/onnx/onnx, docs/Operators.md
enum ONNXOperators {
  /// Those that are the same function.
  static let functions: [(function: ElementFunction, name: String)] = [
    (.relu, "Relu"), (.sigmoid, "Sigmoid"), (.tanh, "Tanh"), (.exp, "Exp"), (.ln, "Log"),
    (.sqrt, "Sqrt"), (.abs, "Abs"), (.sin, "Sin"), (.cos, "Cos"), (.tan, "Tan"), (.asin, "Asin"),
    (.acos, "Acos"), (.atan, "Atan"), (.sinh, "Sinh"), (.cosh, "Cosh"), (.erf, "Erf"),
    (.sign, "Sign"), (.floor, "Floor"), (.ceil, "Ceil"), (.softplus, "Softplus"),
    (.softsign, "Softsign"),
  ]

  static let extrema: [(kind: Extremum, name: String)] = [(.max, "Max"), (.min, "Min")]

  static let comparisons: [(comparison: Comparison, name: String)] = [
    (.less, "Less"), (.lessOrEqual, "LessOrEqual"), (.greater, "Greater"),
    (.greaterOrEqual, "GreaterOrEqual"), (.equal, "Equal"),
  ]

  static let reductions: [(kind: ExpressionReduction, name: String)] = [
    (.sum, "ReduceSum"), (.mean, "ReduceMean"), (.max, "ReduceMax"), (.min, "ReduceMin"),
    (.prod, "ReduceProd"), (.norm, "ReduceL2"),
  ]

  /// Whether an operator joins tensors entry by entry.
  static func joins(_ operation: String) -> Bool {
    ["Add", "Sub", "Mul", "Div", "Pow", "Sum", "Where"].contains(operation)
      || extrema.contains { $0.name == operation } || comparisons.contains { $0.name == operation }
  }

  private static let u = Expression.symbol("u")
  /// What is written by other operators, since few programs compute theirs in float64, or theirs is another function:
  /// ONNX rounds halves to the even number.
  static let writtenOut: [ElementFunction: Expression] = [
    .softplus: .function(.relu, u) + .function(.ln, 1 + .function(.exp, -.function(.abs, u))),
    .softsign: u / (1 + .function(.abs, u)),
    .tan: .function(.sin, u) / .function(.cos, u),
    .sinh: (.function(.exp, u) - .function(.exp, -u)) / 2,
    .cosh: (.function(.exp, u) + .function(.exp, -u)) / 2,
    .log10: .function(.ln, u) / .function(.ln, 10),
    .log2: .function(.ln, u) / .function(.ln, 2),
    .round: .function(.sign, u) * .function(.floor, .function(.abs, u) + 1 / 2),
  ]

  /// Operators with numbers, as functions of u; nil: another operator, or attributes that are not known.
  static func function(of node: ONNXNode) -> Expression? {
    func number(_ name: String, _ usual: Double) -> Expression {
      // Of 0.2 the file holds the nearest float; what was meant is the shortest number that gives it.
      .number(node.number(name).flatMap { Double("\($0)") } ?? usual)
    }
    if let known = functions.first(where: { $0.name == node.operation }) {
      return .function(known.function, u)
    }
    switch node.operation {
    case "LeakyRelu": return .choosing(.greater, u, 0, then: u, else: number("alpha", 0.01) * u)
    case "ThresholdedRelu": return .choosing(.greater, u, number("alpha", 1), then: u, else: 0)
    case "Elu":
      return .choosing(
        .greater, u, 0, then: u, else: number("alpha", 1) * (.function(.exp, u) - 1))
    case "Selu":
      return number("gamma", 1.0507010221481323)
        * .choosing(
          .greater, u, 0, then: u,
          else: number("alpha", 1.6732631921768188) * (.function(.exp, u) - 1))
    case "Celu":
      let alpha = number("alpha", 1)
      return .choosing(.greater, u, 0, then: u, else: alpha * (.function(.exp, u / alpha) - 1))
    case "Gelu":
      // The other form is the approximation by tanh.
      guard node.text("approximate") ?? "none" == "none" else {
        let inner = .function(.sqrt, 2 / .constant(.pi)) * (u + .number(0.044715) * u.raised(to: 3))
        return u / 2 * (1 + .function(.tanh, inner))
      }
      return .function(.gelu, u)
    case "HardSigmoid": return between(0, number("alpha", 0.2) * u + number("beta", 0.5), 1)
    case "HardSwish": return u * between(0, u / 6 + 1 / 2, 1)
    case "Mish": return u * .function(.tanh, .function(.softplus, u))
    case "Swish": return u * .function(.sigmoid, number("alpha", 1) * u)
    case "Neg": return -u
    case "Reciprocal": return 1 / u
    default: return nil
    }
  }

  private static func between(_ low: Expression, _ x: Expression, _ high: Expression) -> Expression
  {
    extremum(.max, low, extremum(.min, high, x))
  }

  private static func extremum(_ kind: Extremum, _ a: Expression, _ b: Expression) -> Expression {
    // Numbers always fit each other.
    (try? .extremum(kind, a, b)) ?? a
  }
}
