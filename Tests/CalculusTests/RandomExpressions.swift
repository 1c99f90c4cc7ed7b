import Calculus
import MatrixEngine

/// Random expressions of all operations, with values for their symbols.
struct RandomExpressions {
  private var random: RandomSource
  static let n = Dimension.name("n")
  static let m = Dimension.name("m")
  static let symbols: [Symbol] = [
    Symbol("s"), Symbol("t"), Symbol("x", .vector(n)), Symbol("y", .vector(n)),
    Symbol("u", .vector(m)), Symbol("A", .matrix(m, n)), Symbol("B", .matrix(n, n)),
    Symbol("C", .matrix(n, m)),
  ]

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func int(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
  mutating func chance(_ share: Double) -> Bool { random.uniform() < share }

  mutating func values(_ counts: [String: Int] = ["n": 3, "m": 2]) -> [String: Tensor<Double>] {
    var values: [String: Tensor<Double>] = [:]
    for symbol in RandomExpressions.symbols {
      let sizes = symbol.shape.dimensions.map { counts[$0.description] ?? 1 }
      values[symbol.name] = Tensor(
        Shape(sizes), (0..<sizes.reduce(1, *)).map { _ in random.uniform() * 3 - 1.5 })
    }
    return values
  }

  mutating func shape() -> ExpressionShape {
    let (n, m) = (RandomExpressions.n, RandomExpressions.m)
    return [.scalar, .scalar, .vector(n), .vector(m), .matrix(m, n), .matrix(n, n)][int(6)]
  }

  /// An expression of this shape, at most so deep.
  mutating func expression(_ shape: ExpressionShape, depth: Int) throws -> Expression {
    if depth == 0 || chance(0.08) { return try leaf(shape) }
    func next() -> Int { depth - 1 }
    switch int(14) {
    case 0, 1: return try .add([expression(shape, depth: next()), part(shape, next())])
    case 2: return try .subtract(part(shape, next()), expression(shape, depth: next()))
    case 3: return try .multiply([part(shape, next()), expression(shape, depth: next())])
    case 4:
      let divisor = try Expression.add([
        .number(2), .power(try part(shape, next() / 2), .number(2)),
      ])
      return try .divide(expression(shape, depth: next()), divisor)
    case 5: return try .power(expression(shape, depth: next()), .number([2, 2, 3, 1][int(4)]))
    case 6, 7: return try function(shape, next())
    case 8:
      let kind: Extremum = chance(0.5) ? .max : .min
      return try .extremum(
        kind, chance(0.4) ? .number(0) : part(shape, next()), expression(shape, depth: next()))
    case 9:
      return try .choose(
        .compare([.less, .greater, .lessOrEqual][int(3)], part(.scalar, 1), .number(0)),
        expression(shape, depth: next()), expression(shape, depth: next()))
    default: return try structural(shape, next())
    }
  }

  /// An operand of an element-wise operation: of the shape, or a scalar.
  private mutating func part(_ shape: ExpressionShape, _ depth: Int) throws -> Expression {
    if chance(0.15) { return try expression(.scalar, depth: depth) }
    if case .matrix(_, let n) = shape, chance(0.1) {
      return try expression(.vector(n), depth: depth)
    }
    return try expression(shape, depth: depth)
  }

  private mutating func leaf(_ shape: ExpressionShape) throws -> Expression {
    let fitting = RandomExpressions.symbols.filter { $0.shape == shape }
    if shape == .scalar, chance(0.25) {
      return [.number(2), .number(.ratio(1, 2)), .number(-3), .number(0.7)][int(4)]
    }
    guard !fitting.isEmpty else { return .fill(.one, shape) }
    return .symbol(fitting[int(fitting.count)])
  }

  private mutating func function(_ shape: ExpressionShape, _ depth: Int) throws -> Expression {
    // A remainder jumps where no difference quotient expects it.
    let functions = ElementFunction.all.filter { $0.refusal == nil && $0.name != "mod" }
    let function = functions[int(functions.count)]
    let inner = try expression(shape, depth: depth)
    if let domain = function.domain {
      if domain.excludes(2) {
        return .function(
          function, try .multiply([.number(.ratio(1, 2)), .function(.sin, inner)]))
      }
      return .function(function, try .add([.power(inner, .number(2)), .number(1)]))
    }
    if [.exp, .tan, .sinh, .cosh].contains(function) {
      return .function(function, .function(.sin, inner))
    }
    if function.parameter != nil, chance(0.5) {
      return .function(function.with(parameter: Number(0.2)), inner)
    }
    return .function(function, inner)
  }

  /// A Aᵀ + I, whose inverse exists wherever A does.
  private mutating func definite(_ n: Dimension, _ depth: Int) throws -> Expression {
    let a = try expression(.matrix(n, chance(0.5) ? n : RandomExpressions.m), depth: depth)
    return try .add([.product(a, .transpose(a)), .identity(n)])
  }

  private mutating func structural(_ shape: ExpressionShape, _ depth: Int) throws -> Expression {
    let (n, m) = (RandomExpressions.n, RandomExpressions.m)
    let size = chance(0.5) ? n : m
    switch shape {
    case .scalar:
      let inner = try expression(
        [.vector(n), .vector(m), .matrix(m, n), .matrix(n, n)][int(4)], depth: depth)
      switch int(11) {
      case 9: return try .matrixFunction(.trace, expression(.matrix(size, size), depth: depth))
      case 10: return try .matrixFunction(.determinant, definite(size, depth))
      case 0: return try .reduce(.sum, inner)
      case 1: return try .reduce(.mean, inner)
      case 2: return try .reduce(.norm, inner)
      case 3: return try .reduce(chance(0.5) ? .max : .min, inner)
      case 4, 5:
        return try .dot(
          expression(.vector(size), depth: depth), expression(.vector(size), depth: depth))
      case 6:
        return try .product(
          .product(
            .transpose(expression(.vector(m), depth: depth)),
            expression(.matrix(m, n), depth: depth)), expression(.vector(n), depth: depth))
      case 7:
        let a = try expression(.vector(n), depth: depth)
        return try .indexSum(
          "i", to: n,
          .multiply([
            .entry(a, [.value(.index("i"))]),
            .entry(.symbol("y", .vector(n)), [.value(.index("i"))]),
          ]))
      default:
        return try .entry(expression(.vector(size), depth: depth), [.value(.number(1))])
      }
    case .vector(let k):
      switch int(7) {
      case 6:
        return try .reduce(
          [.sum, .mean, .min, .norm][int(4)], expression(.matrix(size, k), depth: depth), axis: 1)
      case 0:
        return try .product(
          expression(.matrix(k, size), depth: depth), expression(.vector(size), depth: depth))
      case 1:
        return try .product(
          expression(.vector(size), depth: depth), expression(.matrix(size, k), depth: depth))
      case 2, 3: return try .softmax(expression(shape, depth: depth))
      case 4: return try .diagonal(expression(.matrix(k, k), depth: depth))
      default:
        return try .entry(
          expression(.matrix(size, k), depth: depth), [.value(.number(1)), .all])
      }
    case .matrix(let rows, let columns):
      switch int(8) {
      case 7 where rows == columns:
        return try .matrixFunction(
          chance(0.8) ? .inverse : .pseudoinverse, definite(rows, depth))
      case 0, 1:
        return try .product(
          expression(.matrix(rows, size), depth: depth),
          expression(.matrix(size, columns), depth: depth))
      case 2: return try .transpose(expression(.matrix(columns, rows), depth: depth))
      case 3:
        return try .outer(
          expression(.vector(rows), depth: depth), expression(.vector(columns), depth: depth))
      case 4 where rows == columns:
        return try .diagonal(expression(.vector(rows), depth: depth))
      case 5:
        // A vector down the columns joins the rows; one along the rows, as a column, the columns.
        let axis = 1 + int(2)
        let reduced = try Expression.reduce(
          [.sum, .mean, .max, .norm][int(4)], expression(shape, depth: depth), axis: axis)
        return try .add([
          expression(shape, depth: depth), axis == 1 ? reduced : .column(reduced),
        ])
      case 6: return try .softmax(expression(shape, depth: depth))
      default: return try leaf(shape)
      }
    case .tensor: return try leaf(shape)
    }
  }
}
