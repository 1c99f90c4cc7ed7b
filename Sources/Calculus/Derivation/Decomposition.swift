import Notation

/// A formula taken apart into intermediate variables, each a simple function of those before it.
struct Decomposition {
  struct Variable {
    let symbol: Symbol
    /// In terms of the variables before it.
    let formula: Expression
  }

  private(set) var variables: [Variable] = []
  /// The formula itself in terms of the variables.
  private(set) var outer: Expression
  /// The name of the known function that the formula is a call of, such as p of p(g(x)).
  private(set) var outerName: String?
  /// What the formula is differentiated by; nil: every part counts, as the value is wanted.
  private let by: Symbol?
  private var known: [Fingerprint: Symbol] = [:]
  private var names: [Quantity]
  /// The names of symbols, which no variable takes.
  private let taken: Set<String>

  /// Names the inner parts of `formula` that depend on `by`: arguments of functions, bases of powers,
  /// what is summed up. Calls of known functions keep their names, other parts are u₁, u₂, …
  init(_ formula: Expression, named name: String, by: Symbol?) {
    self.by = by
    taken = Set(formula.symbols.map(\.name) + [name])
    // u1 and u₁ are set alike.
    let typeset = Set(taken.map { Quantity(name: $0).latex() })
    names = Decomposition.candidates.filter { !typeset.contains($0.latex()) }.reversed()
    outer = formula
    var body = formula
    while true {
      switch body.node {
      case .named(let call, let inner) where known[body.fingerprint] == nil:
        if call != name, outerName == nil, !taken.contains(call) { outerName = call }
        body = inner
        continue
      case .steps(let steps, let inner):
        for step in steps { _ = rewrite(step) }
        body = inner
        continue
      default: break
      }
      break
    }
    outer = rewrite(body)
  }

  private static let candidates = (1...60).map { Quantity("u", index: "\($0)") }

  private func depends(_ expression: Expression) -> Bool {
    guard let by else { return expression.number == nil }
    return expression.symbols.contains(by)
  }

  private mutating func rewrite(_ expression: Expression) -> Expression {
    guard depends(expression), expression.freeIndices.isEmpty else { return expression }
    if let symbol = known[expression.fingerprint] { return .symbol(symbol) }
    let children = expression.node.children
    var parts: [Expression]
    switch expression.node {
    case .named(let name, let inner):
      let formula = rewrite(inner)
      return define(formula, original: expression, name: name)
    case .steps(let steps, let inner):
      for step in steps { _ = rewrite(step) }
      return rewrite(inner)
    case .add:
      // y − max(0, z): the max is a step of its own.
      parts = []
      for part in children {
        if case .extremum = part.node {
          parts.append(argument(part))
        } else if let positive = part.withoutSign, case .extremum = positive.node {
          parts.append(.negate(argument(positive)))
        } else {
          parts.append(rewrite(part))
        }
      }
    case .multiply: return (try? .multiply(rewrite(children))) ?? expression
    case .divide, .product, .transpose, .list: parts = rewrite(children)
    case .power(let a, let b): parts = [argument(a), rewrite(b)]
    case .reduce(_, let a, _):
      switch a.node {
      case .power, .function: parts = [rewrite(a)]
      default: parts = [argument(a)]
      }
    case .function, .extremum, .softmax, .diagonal, .entry, .call:
      parts = []
      for part in children { parts.append(argument(part)) }
    default: return expression
    }
    return (try? expression.with(parts)) ?? expression
  }

  private mutating func rewrite(_ parts: [Expression]) -> [Expression] {
    var result: [Expression] = []
    for part in parts { result.append(rewrite(part)) }
    return result
  }

  /// A part as a variable of its own, unless it is a symbol already.
  private mutating func argument(_ expression: Expression) -> Expression {
    guard depends(expression), expression.freeIndices.isEmpty else { return expression }
    if case .symbol = expression.node { return expression }
    let formula = rewrite(expression)
    // A symbol, or an entry of one, is simple enough.
    switch formula.node {
    case .symbol: return formula
    case .entry(let array, _): if case .symbol = array.node { return formula }
    case .add(let parts):
      // 1 - x is no step of its own.
      let symbols = parts.filter { $0.number == nil }
      if by != nil, symbols.count == 1, expression.shape == .scalar, parts.count == 2,
        case .symbol = (symbols[0].withoutSign ?? symbols[0]).node
      {
        return formula
      }
    default: break
    }
    return define(formula, original: expression, name: nil)
  }

  private mutating func define(_ formula: Expression, original: Expression, name: String?)
    -> Expression
  {
    if let symbol = known[original.fingerprint] { return .symbol(symbol) }
    let isFree = name.map { name in
      name != outerName && !taken.contains(name) && !variables.contains { $0.symbol.name == name }
    }
    let chosen = isFree == true ? name.map { Quantity(name: $0) } : names.popLast()
    let symbol = Symbol(chosen ?? Quantity("u"), original.shape)
    variables.append(Variable(symbol: symbol, formula: formula))
    known[original.fingerprint] = symbol
    return .symbol(symbol)
  }
}
