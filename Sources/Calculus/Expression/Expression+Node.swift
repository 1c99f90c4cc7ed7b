/// What every node is made of: what is below it, its identity, how the same operation is made of other operands,
/// and its name where it has one.
extension Expression.Node {
  /// One line a kind: its number, and the nodes directly below, those in entry indices apart.
  var anatomy: (tag: Int, children: [Expression]) {
    switch self {
    case .number: (1, [])
    case .constant: (2, [])
    case .symbol: (3, [])
    case .size: (4, [])
    case .index: (5, [])
    case .add(let parts): (6, parts)
    case .multiply(let parts): (7, parts)
    case .divide(let a, let b): (8, [a, b])
    case .power(let a, let b): (9, [a, b])
    case .product(let a, let b): (10, [a, b])
    case .transpose(let a): (11, [a])
    case .function(_, let a): (12, [a])
    case .extremum(_, let a, let b): (13, [a, b])
    case .reduce(_, let a, _): (14, [a])
    case .softmax(let a): (15, [a])
    case .diagonal(let a): (16, [a])
    case .identity: (17, [])
    case .fill: (18, [])
    case .list(let parts): (19, parts)
    case .compare(_, let a, let b): (20, [a, b])
    case .choose(let c, let a, let b): (21, [c, a, b])
    case .entry(let a, _): (22, [a])
    case .position(_, let a): (23, [a])
    case .indexSum(_, _, _, let a): (24, [a])
    case .array(_, _, let a): (25, [a])
    case .call(_, _, let parts): (26, parts)
    case .named(_, let a): (27, [a])
    case .steps(let steps, let a): (28, steps + [a])
    case .matrixFunction(_, let a): (29, [a])
    case .arranged(_, let parts): (30, parts)
    }
  }

  /// The nodes directly below, without those in entry indices.
  package var children: [Expression] { anatomy.children }

  /// The expressions that choose entries.
  var indices: [Expression] {
    guard case .entry(_, let indices) = self else { return [] }
    return indices.compactMap { if case .value(let index) = $0 { index } else { nil } }
  }

  /// Of an operation that is written as a name with operands: its name in the language, its sign in LaTeX.
  package var call: (name: String, sign: String)? {
    switch self {
    case .function(let function, _): (function.name, function.spelling.sign)
    case .extremum(let kind, _, _): (kind.rawValue, "\\\(kind.rawValue)")
    case .softmax: ("softmax", "\\operatorname{softmax}")
    case .diagonal: ("diag", "\\operatorname{diag}")
    case .matrixFunction(let function, _):
      (function.rawValue, function == .trace ? "\\operatorname{tr}" : "\\\(function.rawValue)")
    case .arranged(let kind, _): (kind.name, "\\operatorname{\(kind.name)}")
    default: nil
    }
  }

  /// What makes it differ from others of its kind with the same nodes below.
  func mix(into mixer: inout FingerprintMixer) {
    switch self {
    case .number(let number): number.mix(into: &mixer)
    case .constant(let constant): mixer.mix(constant.rawValue)
    case .symbol(let symbol): mixer.mix(symbol.name)
    case .size(let size), .identity(let size): size.mix(into: &mixer)
    case .index(let name): mixer.mix(name)
    case .function(let function, _): function.mix(into: &mixer)
    case .extremum(let kind, _, _), .position(let kind, _): mixer.mix(kind.rawValue)
    case .reduce(let kind, _, let axis):
      mixer.mix(kind.rawValue)
      mixer.mix(axis ?? 0)
    case .fill(let number, _): number.mix(into: &mixer)
    case .matrixFunction(let function, _): mixer.mix(function.rawValue)
    case .compare(let comparison, _, _): mixer.mix(comparison.rawValue)
    case .entry(_, let indices):
      for case .value(let index) in indices { mixer.mix(index.fingerprint) }
      for index in indices {
        switch index {
        case .value: mixer.mix("v")
        case .all: mixer.mix("a")
        case .range(let first, let last):
          first.mix(into: &mixer)
          last.mix(into: &mixer)
        }
      }
    case .indexSum(let name, let from, let to, _):
      mixer.mix(name)
      mixer.mix(from)
      to.mix(into: &mixer)
    case .array(let name, let size, _):
      mixer.mix(name)
      size.mix(into: &mixer)
    case .call(let name, let orders, _):
      mixer.mix(name)
      for order in orders { mixer.mix(order) }
    case .named(let name, _): mixer.mix(name)
    case .arranged(let kind, _): kind.mix(into: &mixer)
    default: break
    }
  }
}

extension Expression {
  /// The same operation on other operands.
  package func with(_ p: [Expression]) throws(CalculusError) -> Expression {
    switch node {
    case .number, .constant, .symbol, .size, .index, .identity, .fill: self
    case .add: try .add(p)
    case .multiply: try .multiply(p, usesTimes: usesTimes)
    case .divide: try .divide(p[0], p[1])
    case .power: try .power(p[0], p[1])
    case .product: try .product(p[0], p[1])
    case .transpose: try .transpose(p[0])
    case .function(let function, _): .function(function, p[0])
    case .extremum(let kind, _, _): try .extremum(kind, p[0], p[1])
    case .reduce(let kind, _, let axis): try .reduce(kind, p[0], axis: axis)
    case .softmax: try .softmax(p[0])
    case .diagonal: try .diagonal(p[0])
    case .matrixFunction(let function, _): try .matrixFunction(function, p[0])
    case .list: try .list(p, mayBeArray: shape.dimensions.count > 2)
    case .compare(let comparison, _, _): try .compare(comparison, p[0], p[1])
    case .choose: try .choose(p[0], p[1], p[2])
    case .entry(_, let indices): try .entry(p[0], indices)
    case .position(let kind, _): try .position(kind, p[0])
    case .indexSum(let name, let from, let to, _): try .indexSum(name, from: from, to: to, p[0])
    case .array(let name, let size, _): .array(name, size, p[0])
    case .call(let name, let orders, _): try .call(name, p, orders: orders)
    case .named(let name, _): .named(name, p[0])
    case .arranged(let kind, _): try .arranged(kind, p)
    case .steps: .steps(Array(p.dropLast()), p[p.count - 1])
    }
  }
}
