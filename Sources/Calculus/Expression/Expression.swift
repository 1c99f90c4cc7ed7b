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
    case matrixFunction(MatrixFunction, Expression)
    case identity(Dimension)
    /// `zeros` or `ones`, or any number in every entry.
    case fill(Number, ExpressionShape)
    /// `[f, g]`: scalars make a vector, vectors the rows of a matrix.
    case list([Expression])
    case compare(Comparison, Expression, Expression)
    /// `if c { a } else { b }`, element by element.
    case choose(Expression, Expression, Expression)
    case entry(Expression, [EntryIndex])
    /// `concat(…)`, `kron(A, B)`, …: an array made of others.
    case arranged(Arrangement, [Expression])
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
  /// Every symbol, in order of first appearance, those of entry indices behind those of what they choose from.
  package let symbols: [Symbol]
  /// Whether an element-wise product in here was typed as ⊗. It is the same product, and equal to it.
  package let usesTimes: Bool
  /// How many nodes it has written out, where shared parts count each time.
  package let treeSize: Double

  init(_ node: Node, _ shape: ExpressionShape, usesTimes: Bool = false) {
    self.node = node
    self.shape = shape
    let (tag, children) = node.anatomy
    self.usesTimes = usesTimes || children.contains(where: \.usesTimes)
    treeSize = children.reduce(1) { $0 + $1.treeSize }
    var mixer = FingerprintMixer(1)
    shape.mix(into: &mixer)
    mixer.mix(tag)
    mixer.mix(children.map(\.fingerprint))
    node.mix(into: &mixer)
    fingerprint = mixer.fingerprint
    var free: Set<String> = []
    var symbols: [Symbol] = if case .symbol(let symbol) = node { [symbol] } else { [] }
    for part in children + node.indices {
      if !part.freeIndices.isEmpty { free.formUnion(part.freeIndices) }
      if symbols.isEmpty {
        symbols = part.symbols
      } else {
        for symbol in part.symbols where !symbols.contains(symbol) { symbols.append(symbol) }
      }
    }
    self.symbols = symbols
    switch node {
    case .index(let name): free.insert(name)
    case .indexSum(let name, _, _, _), .array(let name, _, _): free.remove(name)
    default: break
    }
    freeIndices = free
  }
}

/// One index of an entry: an expression (a number, an index, a position), some of them or all.
package enum EntryIndex: Sendable {
  case value(Expression)
  /// From … to, both included.
  case range(Dimension, Dimension)
  case all

  var isRange: Bool { if case .range = self { true } else { false } }
}

extension Expression: Hashable {
  package static func == (a: Expression, b: Expression) -> Bool { a.fingerprint == b.fingerprint }
  package func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension Expression {
  /// Every different node in here, itself first, each before what is below it and that before its entry indices.
  package var parts: [Expression] {
    var seen: Set<Fingerprint> = []
    var found: [Expression] = []
    func visit(_ part: Expression) {
      guard seen.insert(part.fingerprint).inserted else { return }
      found.append(part)
      for child in part.node.children { visit(child) }
      for index in part.node.indices { visit(index) }
    }
    visit(self)
    return found
  }

  /// What is 0 where the formula has a kink or a jump: what max, min and conditions compare, the argument of |u| and
  /// its like.
  package var kinkDifferences: [Expression] {
    var found: [Expression] = []
    func append(_ difference: Expression?) {
      guard let difference, !difference.symbols.isEmpty, !found.contains(difference) else { return }
      found.append(difference)
    }
    for part in parts {
      switch part.node {
      case .extremum(_, let a, let b), .compare(_, let a, let b): append(try? .subtract(a, b))
      case .function(let function, let a):
        for kink in function.kinks { append(try? .subtract(a, .number(kink))) }
      default: break
      }
    }
    return found
  }

  /// How many different nodes there are: what sharing leaves of the tree.
  package var nodeCount: Int { parts.count }

  /// `treeSize` where `own` says what a node counts by itself.
  func treeSize(_ own: (Expression) -> Double) -> Double {
    var sizes: [Fingerprint: Double] = [:]
    func size(_ expression: Expression) -> Double {
      if let known = sizes[expression.fingerprint] { return known }
      var total = own(expression)
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

  /// Whether it is written with a minus in front, and then what follows the minus.
  var withoutSign: Expression? {
    switch node {
    case .number(let number) where number.isNegative: return .number(-number)
    case .multiply(let parts):
      guard let first = parts.first?.number, first.isNegative else { return nil }
      let rest = Array(parts.dropFirst())
      if first == .minusOne {
        return rest.count == 1 ? rest[0] : Expression(.multiply(rest), shape)
      }
      return Expression(.multiply([.number(-first)] + rest), shape)
    case .divide(let a, let b):
      return a.withoutSign.map { Expression(.divide($0, b), shape) }
    default: return nil
    }
  }

  /// Whether this is an element-wise product of arrays.
  var isHadamard: Bool {
    if case .multiply(let parts) = node { return parts.filter { $0.shape != .scalar }.count > 1 }
    return false
  }
}
