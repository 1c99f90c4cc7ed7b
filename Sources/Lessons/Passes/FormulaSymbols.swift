import Calculus
import Notation

/// Formulas of the calculus as the small symbols that stand in tables.
extension SymbolText {
  /// A formula whose symbols are written as `name` says.
  init(_ formula: Expression, name: @escaping (Symbol) -> SymbolText) {
    self = FormulaSymbols(name: name).text(of: formula)
  }
}

/// What writes a formula, part by part.
private struct FormulaSymbols {
  let name: (Symbol) -> SymbolText

  func text(of formula: Expression) -> SymbolText {
    switch formula.node {
    case .number(let number): return .words(number.text.replacing("-", with: "−"))
    case .symbol(let symbol): return name(symbol)
    case .size(let size): return .variable(size.description)
    case .fill(let number, let shape) where number == .one && shape != .scalar:
      return .bold(.words("1"))
    case .add(let parts):
      var result: [SymbolText] = []
      for (place, part) in parts.enumerated() {
        if place > 0, let positive = part.withoutSign {
          result += [.sign(.minus), inner(positive, .product)]
        } else {
          result += (place > 0 ? [.sign(.plus)] : []) + [text(of: part)]
        }
      }
      return .sequence(result)
    case .multiply(let parts):
      if let positive = formula.withoutSign { return "−" + inner(positive, .product) }
      return joined(parts, .times)
    case .product(let a, let b): return joined([a, b], .dot)
    case .divide(let a, let b):
      return .sequence([inner(a, .product), .sign(.quotient), inner(b, .power)])
    case .transpose(let a): return .transposed(inner(a, .power))
    case .power(let a, let b):
      return .scripted(inner(a, .power), subscript: nil, superscript: text(of: b))
    case .function(let function, let a): return applied(function.name, a)
    case .softmax(let a): return applied("softmax", a)
    case .diagonal(let a): return applied("diag", a)
    case .reduce(let kind, let a, _): return applied(kind.rawValue, a)
    case .named(_, let a), .steps(_, let a): return text(of: a)
    case .extremum(let kind, let a, let b):
      return .sequence([
        .variable(kind.rawValue), .enclosed(text(of: a) + ", " + text(of: b), .round),
      ])
    case .compare(let comparison, let a, let b):
      return .enclosed(
        text(of: a) + .words(" \(Self.signs[comparison] ?? comparison.rawValue) ") + text(of: b),
        .square)
    case .choose(let condition, let a, let b):
      return "if " + text(of: condition) + " then " + text(of: a) + " else " + text(of: b)
    case .arranged(let kind, let parts):
      var (name, arguments) = (kind.name, parts.map { text(of: $0) })
      if case .reshape(let shape) = kind,
        parts[0].shape.dimensions.count != 2 || shape.dimensions.count != 1
      {
        name = "reshape"
        arguments += shape.dimensions.map { .words($0.description) }
      }
      return .sequence([.variable(name), .enclosed(listed(arguments), .round)])
    case .list(let parts) where parts.count <= Self.mostParts:
      return .enclosed(listed(parts.map { text(of: $0) }), .square)
    case .entry(let array, _):
      // The indices as the calculus writes them.
      let (whole, base) = (formula.text, array.text)
      guard whole.hasPrefix(base) else { return .words(whole) }
      return inner(array, .power) + .words(String(whole.dropFirst(base.count)))
    default: return .words(formula.text)
    }
  }

  /// Longer lists are told by the calculus.
  private static let mostParts = 6

  private func listed(_ parts: [SymbolText]) -> SymbolText {
    .sequence(Array(parts.map { [$0] }.joined(separator: [", "])))
  }

  private static let signs: [Comparison: String] = [
    .lessOrEqual: "≤", .greaterOrEqual: "≥", .notEqual: "≠", .equal: "=",
  ]

  /// How tightly a place binds: what binds less stands in brackets there.
  private enum Tightness: Int { case sum, product, power }

  private func joined(_ parts: [Expression], _ sign: SymbolSign) -> SymbolText {
    var result: [SymbolText] = []
    for (place, part) in parts.enumerated() {
      result += (place > 0 ? [.sign(sign)] : []) + [inner(part, .product)]
    }
    return .sequence(result)
  }

  private func inner(_ part: Expression, _ place: Tightness) -> SymbolText {
    let own: Tightness =
      switch part.node {
      case .add, .choose: .sum
      case .multiply, .divide, .product: .product
      default: .power
      }
    let text = text(of: part)
    return own.rawValue < place.rawValue ? .enclosed(text, .round) : text
  }

  private func applied(_ function: String, _ argument: Expression) -> SymbolText {
    .sequence([.variable(function), .enclosed(text(of: argument), .round)])
  }
}

extension Expression {
  /// The rest of what begins with −, or nil.
  var withoutSign: Expression? {
    guard case .multiply(let parts) = node, parts.first?.number == .minusOne else { return nil }
    let rest = Array(parts.dropFirst())
    return rest.count == 1 ? rest[0] : try? .multiply(rest)
  }

  /// A numeric factor that stands first, and the rest.
  var leadingNumber: (number: Number, rest: Expression) {
    switch node {
    case .multiply(let parts):
      guard let number = parts.first?.number, parts.count > 1 else { return (.one, self) }
      let rest = Array(parts.dropFirst())
      return (number, rest.count == 1 ? rest[0] : (try? .multiply(rest)) ?? self)
    case .divide(let a, let b):
      let inner = a.leadingNumber
      guard inner.number != .one, let rest = try? Expression.divide(inner.rest, b) else {
        return (.one, self)
      }
      return (inner.number, rest)
    default: return (.one, self)
    }
  }
}
