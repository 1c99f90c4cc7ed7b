/// A formula of scalars, vectors and matrices: an immutable graph whose parts may be shared.
///
/// It is kept as it was written; nothing is simplified here. Build it with the throwing functions of
/// `Expression+Construction.swift`, which know every operation's shapes.
package final class Expression: Sendable {
  /// What a node is. `Index` names are those of the language's generators.
  package indirect enum Node: Sendable {
    case number(Number)
    case constant(NamedConstant)
    case symbol(Symbol)
    /// A symbolic size as a number: the `m` of `2/m`.
    case size(Dimension)
    /// The value of an index inside its sum or generator, or of a free one.
    case index(String)
    case add([Expression])
    /// Element by element, scalars scale.
    case multiply([Expression])
    case divide(Expression, Expression)
    case power(Expression, Expression)
    /// Matrix, matrix-vector, outer and dot products.
    case product(Expression, Expression)
    case transpose(Expression)
    case function(ElementFunction, Expression)
    /// The larger or smaller of two, element by element.
    case extremum(Extremum, Expression, Expression)
    /// Of all entries, or along an axis (1: down the columns, one result a column).
    case reduce(ExpressionReduction, Expression, axis: Int?)
    case softmax(Expression)
    /// Of a vector the diagonal matrix, of a matrix its diagonal.
    case diagonal(Expression)
    case identity(Dimension)
    /// `zeros` or `ones`, or any number in every entry.
    case fill(Number, ExpressionShape)
    /// `[f, g]`: scalars make a vector, vectors the rows of a matrix.
    case list([Expression])
    case compare(Comparison, Expression, Expression)
    /// `if c { a } else { b }`, element by element.
    case choose(Expression, Expression, Expression)
    case entry(Expression, [EntryIndex])
    /// The position of the first largest or smallest entry, counted from 1.
    case position(Extremum, Expression)
    /// Σ over index = from … to.
    case indexSum(String, from: Int, to: Dimension, Expression)
    /// `[body for index in 1:size]`.
    case array(String, Dimension, Expression)
    /// An unknown function's derivative of the given order in every argument; all 0: itself.
    case call(String, orders: [Int], [Expression])
    /// A part with a name of its own, such as the call `g(x)` of a known function.
    case named(String, Expression)
    /// The last, in which the others are named parts, in the order of their reading: `{ q = x + y; q*z }`.
    case steps([Expression], Expression)
  }

  package let node: Node
  package let shape: ExpressionShape
  package let fingerprint: Fingerprint
  /// Names of indices that no sum or generator in here binds.
  package let freeIndices: Set<String>
  /// Whether an element-wise product in here was typed as ⊗. It is the same product, and equal to it.
  package let usesTimes: Bool

  init(_ node: Node, _ shape: ExpressionShape, usesTimes: Bool = false) {
    self.node = node
    self.usesTimes = usesTimes || node.children.contains(where: \.usesTimes)
    self.shape = shape
    var mixer = FingerprintMixer(1)
    shape.mix(into: &mixer)
    node.mix(into: &mixer)
    fingerprint = mixer.fingerprint
    var free: Set<String> = []
    for child in node.children { free.formUnion(child.freeIndices) }
    switch node {
    case .index(let name): free.insert(name)
    case .entry(_, let indices):
      for case .value(let index) in indices { free.formUnion(index.freeIndices) }
    case .indexSum(let name, _, _, _), .array(let name, _, _): free.remove(name)
    default: break
    }
    freeIndices = free
  }
}

/// One index of an entry: an expression (a number, an index, a position) or all of them.
package enum EntryIndex: Sendable {
  case value(Expression)
  case all
}

extension Expression: Hashable {
  package static func == (a: Expression, b: Expression) -> Bool { a.fingerprint == b.fingerprint }
  package func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension Expression.Node {
  /// The nodes directly below, without those in entry indices.
  package var children: [Expression] {
    switch self {
    case .number, .constant, .symbol, .size, .index, .identity, .fill: []
    case .add(let parts), .multiply(let parts), .list(let parts), .call(_, _, let parts): parts
    case .steps(let steps, let a): steps + [a]
    case .divide(let a, let b), .power(let a, let b), .product(let a, let b),
      .extremum(_, let a, let b), .compare(_, let a, let b):
      [a, b]
    case .choose(let c, let a, let b): [c, a, b]
    case .transpose(let a), .function(_, let a), .reduce(_, let a, _), .softmax(let a),
      .diagonal(let a), .entry(let a, _), .position(_, let a), .indexSum(_, _, _, let a),
      .array(_, _, let a), .named(_, let a):
      [a]
    }
  }

  func mix(into mixer: inout FingerprintMixer) {
    mixer.mix(tag)
    mixer.mix(children.map(\.fingerprint))
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
    case .compare(let comparison, _, _): mixer.mix(comparison.rawValue)
    case .entry(_, let indices):
      for case .value(let index) in indices { mixer.mix(index.fingerprint) }
      mixer.mix(indices.map { if case .all = $0 { "a" } else { "v" } }.joined())
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
    default: break
    }
  }

  private var tag: Int {
    switch self {
    case .number: 1
    case .constant: 2
    case .symbol: 3
    case .size: 4
    case .index: 5
    case .add: 6
    case .multiply: 7
    case .divide: 8
    case .power: 9
    case .product: 10
    case .transpose: 11
    case .function: 12
    case .extremum: 13
    case .reduce: 14
    case .softmax: 15
    case .diagonal: 16
    case .identity: 17
    case .fill: 18
    case .list: 19
    case .compare: 20
    case .choose: 21
    case .entry: 22
    case .position: 23
    case .indexSum: 24
    case .array: 25
    case .call: 26
    case .named: 27
    case .steps: 28
    }
  }
}

extension Expression {
  /// Every symbol, in order of first appearance.
  package var symbols: [Symbol] {
    var seen: Set<Fingerprint> = []
    var found: [Symbol] = []
    collectSymbols(&seen, &found)
    return found
  }

  private func collectSymbols(_ seen: inout Set<Fingerprint>, _ found: inout [Symbol]) {
    guard seen.insert(fingerprint).inserted else { return }
    if case .symbol(let symbol) = node, !found.contains(symbol) { found.append(symbol) }
    for child in node.children { child.collectSymbols(&seen, &found) }
    if case .entry(_, let indices) = node {
      for case .value(let index) in indices { index.collectSymbols(&seen, &found) }
    }
  }

  /// How many different nodes there are: what sharing leaves of the tree.
  package var nodeCount: Int {
    var seen: Set<Fingerprint> = []
    func visit(_ expression: Expression) {
      guard seen.insert(expression.fingerprint).inserted else { return }
      for child in expression.node.children { visit(child) }
    }
    visit(self)
    return seen.count
  }

  /// How many nodes it has written out, where shared parts count each time.
  package var treeSize: Double {
    var sizes: [Fingerprint: Double] = [:]
    func size(_ expression: Expression) -> Double {
      if let known = sizes[expression.fingerprint] { return known }
      var total = 1.0
      for child in expression.node.children { total += size(child) }
      sizes[expression.fingerprint] = total
      return total
    }
    return size(self)
  }

  /// The number that it is as it stands, or nil.
  package var number: Number? {
    if case .number(let number) = node { return number }
    return nil
  }
}
