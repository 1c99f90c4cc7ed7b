import Calculus

/// Writes formulas of a batch as expressions of PyTorch.
struct PythonFormula {
  /// How tightly what has been written binds.
  private enum Binding: Int, Comparable {
    case comparison, sum, product, power, atom

    static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
  }

  private typealias Written = (text: String, binding: Binding)

  /// The functions that PyTorch has under a name.
  private static let functions: [ElementFunction: String] = [
    .exp: "torch.exp", .ln: "torch.log", .log10: "torch.log10", .log2: "torch.log2",
    .sqrt: "torch.sqrt", .abs: "torch.abs", .sin: "torch.sin", .cos: "torch.cos",
    .tan: "torch.tan", .asin: "torch.asin", .acos: "torch.acos", .atan: "torch.atan",
    .sinh: "torch.sinh", .cosh: "torch.cosh", .tanh: "torch.tanh", .erf: "torch.erf",
    .sign: "torch.sign", .floor: "torch.floor", .ceil: "torch.ceil", .sigmoid: "torch.sigmoid",
    .relu: "torch.relu", .silu: "nn.functional.silu", .gelu: "nn.functional.gelu",
    .hardTanh: "nn.functional.hardtanh", .softsign: "nn.functional.softsign",
  ]

  private static let u = Expression.symbol("u")
  /// What PyTorch computes otherwise: it rounds halves to the even number, and its softplus is a straight line from 20 on.
  private static let writtenOut: [ElementFunction: Expression] = [
    .round: .function(.sign, u) * .function(.floor, .function(.abs, u) + 1 / 2),
    .softplus: .function(.relu, u) + .function(.ln, 1 + .function(.exp, -.function(.abs, u))),
  ]

  static let reductions: [ExpressionReduction: String] = [
    .sum: "torch.sum", .mean: "torch.mean", .max: "torch.amax", .min: "torch.amin",
    .prod: "torch.prod", .norm: "torch.linalg.vector_norm",
  ]

  /// What symbols are called.
  let names: [String: String]

  func text(_ formula: Expression) throws(UnwritableFormula) -> String { try write(formula).text }

  /// A number as Python reads it back.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "float(\"nan\")" }
    if value.isInfinite { return value < 0 ? "-float(\"inf\")" : "float(\"inf\")" }
    return "\(value)"
  }

  private func operand(_ formula: Expression, _ least: Binding) throws(UnwritableFormula) -> String
  {
    let (text, binding) = try write(formula)
    return binding >= least ? text : "(\(text))"
  }

  private func write(_ formula: Expression) throws(UnwritableFormula) -> Written {
    if let value = formula.constant {
      return (Self.number(value), value.sign == .minus ? .sum : .atom)
    }
    switch formula.node {
    case .symbol(let symbol):
      guard let name = names[symbol.name] else { throw UnwritableFormula(formula) }
      return (name, .atom)
    case .add(let parts): return try sum(parts)
    case .multiply(let parts):
      if parts.count == 2, parts[0].number == .minusOne {
        return ("-" + (try operand(parts[1], .power)), .sum)
      }
      var factors: [String] = []
      for part in parts { factors.append(try operand(part, factors.isEmpty ? .product : .power)) }
      return (factors.joined(separator: " * "), .product)
    case .divide(let a, let b):
      return ("\(try operand(a, .product)) / \(try operand(b, .power))", .product)
    case .power(let a, let b):
      return ("\(try operand(a, .atom)) ** \(try operand(b, .atom))", .power)
    case .product(let a, let b):
      guard formula.shape != .scalar || a.shape.dimensions.count == 1 else { break }
      return ("\(try operand(a, .power)) @ \(try operand(b, .power))", .product)
    case .transpose(let a):
      if case .vector = a.shape { return ("\(try operand(a, .atom))[None, :]", .atom) }
      return ("\(try operand(a, .atom)).T", .atom)
    case .function(let function, let a): return try apply(function, a, formula)
    case .extremum(let kind, let a, let b): return try extremum(kind, a, b)
    case .reduce(let kind, let a, let axis): return try reduction(kind, a, axis, formula)
    case .softmax(let a): return ("torch.softmax(\(try text(a)), dim=-1)", .atom)
    case .compare: return ("(\(try condition(formula))).to(x.dtype)", .atom)
    case .choose(let test, let a, let b):
      return ("torch.where(\(try condition(test)), \(try text(a)), \(try text(b)))", .atom)
    case .named(_, let a), .steps(_, let a): return try write(a)
    default: break
    }
    throw UnwritableFormula(formula)
  }

  private func sum(_ parts: [Expression]) throws(UnwritableFormula) -> Written {
    var text = ""
    for part in parts {
      if case .multiply(let factors) = part.node, factors.count == 2,
        factors[0].number == .minusOne,
        !text.isEmpty
      {
        text += " - " + (try operand(factors[1], .product))
      } else {
        text += (text.isEmpty ? "" : " + ") + (try operand(part, text.isEmpty ? .sum : .product))
      }
    }
    return (text, parts.count == 1 ? .comparison : .sum)
  }

  private func apply(_ function: ElementFunction, _ a: Expression, _ formula: Expression)
    throws(UnwritableFormula) -> Written
  {
    if let name = Self.functions[function] { return ("\(name)(\(try text(a)))", .atom) }
    let other: Expression?
    do throws(CalculusError) {
      other = try .writtenOut(function, of: a, by: Self.writtenOut)
    } catch {
      throw UnwritableFormula(formula)
    }
    guard let other else { throw UnwritableFormula(formula) }
    return try write(other)
  }

  private func extremum(_ kind: Extremum, _ a: Expression, _ b: Expression)
    throws(UnwritableFormula) -> Written
  {
    // Beside a tensor a number stands for its bound.
    for (number, other) in [(a, b), (b, a)] {
      guard let bound = number.constant else { continue }
      let side = kind == .max ? "min" : "max"
      return ("torch.clamp(\(try text(other)), \(side)=\(Self.number(bound)))", .atom)
    }
    let name = kind == .max ? "torch.maximum" : "torch.minimum"
    return ("\(name)(\(try text(a)), \(try text(b)))", .atom)
  }

  private func reduction(
    _ kind: ExpressionReduction, _ a: Expression, _ axis: Int?, _ formula: Expression
  ) throws(UnwritableFormula) -> Written {
    let along = axis.map { ", dim=\($0 - 1)" } ?? ""
    let operand = try text(a)
    if let name = Self.reductions[kind] { return ("\(name)(\(operand)\(along))", .atom) }
    // The divisor of a variance is the number of entries.
    let name = kind == .variance ? "torch.var" : "torch.std"
    return ("\(name)(\(operand)\(along), correction=0)", .atom)
  }

  private func condition(_ formula: Expression) throws(UnwritableFormula) -> String {
    if case .compare(let comparison, let a, let b) = formula.node {
      return "\(try operand(a, .sum)) \(comparison.rawValue) \(try operand(b, .sum))"
    }
    return "\(try operand(formula, .sum)) != 0"
  }
}
