/// Writes a term with its indices, where matrix notation has no name for it or none is wanted:
/// `[sum(A[i, k]*x[k] for k in 1:n) for i in 1:m]`.
struct IndexForm {
  private let source: IndexSource
  private let original: Set<Fingerprint>
  private var names: [Index: String] = [:]
  private var free: [String]

  /// Index names avoid the names of `taken`.
  init(_ source: IndexSource, avoiding taken: Set<String>, original: Set<Fingerprint>) {
    self.source = source
    self.original = original
    free = Self.letters(avoiding: taken).reversed()
  }

  /// The names of indices in the order in which a formula comes upon them: i, j, k, l …
  static func letters(avoiding taken: Set<String>) -> [String] {
    (["i", "j", "k", "l", "p", "q", "r", "s", "t"] + (1...99).map { "i\($0)" })
      .filter { !taken.contains($0) }
  }

  /// An array over these indices, or a scalar for none.
  func array(_ term: Term, over indices: [Index]) throws(CalculusError) -> Expression {
    var form = self
    let running = indices.filter { !$0.isFixed }
    for index in running { form.name(index) }
    var result = try form.scalar(term)
    for index in running.reversed() {
      result = .array(form.names[index] ?? "i", index.dimension, result)
    }
    return result
  }

  private mutating func name(_ index: Index) {
    if names[index] == nil { names[index] = free.popLast() ?? "i" }
  }

  private func value(_ index: Index) throws(CalculusError) -> Expression {
    if let position = index.position { return position }
    switch index.kind {
    case .named(let name): return .index(name)
    case .shifted(let inner, .number(0)): return try value(inner)
    case .shifted(let inner, let shift): return try .add([value(inner), shift.expression])
    case .joined(let row, let column, _, let columns):
      let before = try Expression.multiply([
        .subtract(value(row), .number(1)), columns.expression,
      ])
      return try .add([before, value(column)])
    case .part:
      throw .unsupported("a row or column of an index that counts both has no name here")
    default: return .index(names[index] ?? "i")
    }
  }

  /// An entry; the row i of an index that counts rows and columns chooses in kron(A, ones(n)) as i in A.
  private func entry(_ array: Expression, _ indices: [Index]) throws(CalculusError) -> Expression {
    var (array, indices) = (array, indices)
    for (axis, index) in indices.enumerated() {
      guard case .part(let whole, let isRow, let rows, let columns) = index.kind else { continue }
      var sizes = indices.map { _ in Dimension.number(1) }
      sizes[axis] = isRow ? columns : rows
      let ones = Expression.fill(.one, ExpressionShape(sizes))
      array = try .arranged(.kron, isRow ? [array, ones] : [ones, array])
      indices[axis] = whole
    }
    return try .entry(
      array, indices.map { (index) throws(CalculusError) in .value(try value(index)) })
  }

  private func scalar(_ term: Term) throws(CalculusError) -> Expression {
    switch term.form {
    case .number(let number): return .number(number)
    case .constant(let constant): return .constant(constant)
    case .size(let size): return .size(size)
    case .entry(let symbol, let indices):
      if indices.isEmpty { return .symbol(symbol) }
      return try entry(.symbol(symbol), indices)
    case .constantEntry(let array, let indices):
      return indices.isEmpty ? array : try entry(array, indices)
    case .permutation(let i, let j, let k):
      // (i − j)(j − k)(k − i)/2
      let pairs = try [(i, j), (j, k), (k, i)].map { (a, b) throws(CalculusError) in
        try Expression.subtract(value(a), value(b))
      }
      return try .divide(.multiply(pairs), .number(2))
    case .product:
      let (indices, body, inner) = opened(term)
      return try .reduce(.prod, try inner.nested(body, indices))
    case .position(let index): return try value(index)
    case .delta(let a, let b) where a.whole != nil || b.whole != nil:
      return try entry(.identity(a.isFixed ? b.dimension : a.dimension), [a, b])
    case .delta(let a, let b):
      return try a.isFixed
        ? .compare(.equal, value(b), value(a)) : .compare(.equal, value(a), value(b))
    case .add(let parts):
      return try .add(try Raising.printOrder(parts).map(scalar))
    case .multiply, .power: return try product(term)
    case .function(let function, let a): return .function(function, try scalar(a))
    case .extremum(let kind, let a, let b):
      return try .extremum(kind, try scalar(a), try scalar(b))
    case .compare(let comparison, let a, let b):
      return try .compare(comparison, try scalar(a), try scalar(b))
    case .choose(let c, let a, let b):
      return try .choose(try scalar(c), try scalar(a), try scalar(b))
    case .sum:
      let (indices, body, inner) = opened(term)
      return try .indexSum(
        inner.names[indices[0]] ?? "i", to: indices[0].dimension, try inner.scalar(body))
    case .reduce(let kind, _, _):
      let (indices, body, inner) = opened(term)
      return try .reduce(kind == .max ? .max : .min, try inner.nested(body, indices))
    case .isExtremum(let kind, _, _, let at):
      let (indices, body, inner) = opened(term)
      let all = try inner.nested(body, indices)
      return try .compare(.equal, value(at), .position(kind, all))
    case .softmax(_, _, let at):
      let (indices, body, inner) = opened(term)
      return try .entry(.softmax(try inner.nested(body, indices)), [.value(value(at))])
    case .matrix(let function, _, _, let at):
      let (indices, body, inner) = opened(term)
      var whole = Raising(source, original: original).matrix(function, term)
      if whole == nil {
        whole = try .matrixFunction(function, try inner.nested(body, indices))
      }
      guard let whole else { throw .unsupported("\(function.rawValue) has no index form") }
      return at.isEmpty
        ? whole
        : try .entry(whole, at.map { index throws(CalculusError) in .value(try value(index)) })
    case .call(let name, let orders, let arguments):
      return try .call(name, try arguments.map(scalar), orders: orders)
    }
  }

  private func opened(_ term: Term) -> ([Index], Term, IndexForm) {
    var inner = self
    let (indices, body) = term.opened(source)
    for index in indices { inner.name(index) }
    return (indices, body, inner)
  }

  private func nested(_ body: Term, _ indices: [Index]) throws(CalculusError) -> Expression {
    var result = try scalar(body)
    for index in indices.reversed() {
      result = .array(names[index] ?? "i", index.dimension, result)
    }
    return result
  }

  private func product(_ term: Term) throws(CalculusError) -> Expression {
    var (number, factors) = term.factors
    factors = Contraction.withFriendlySigns(&number, factors, original)
    var above: [Expression] = []
    var below: [Expression] = []
    for whole in factors.flatMap(\.form.entryIndices).compactMap(\.whole) {
      // δ of the row and of the column of one index is δ of that.
      let places = [true, false].map { isRow in
        factors.firstIndex {
          if case .delta(_, let b) = $0.form { b == whole.part(isRow) } else { false }
        }
      }
      guard let row = places[0], let column = places[1],
        case .delta(let i, _) = factors[row].form, case .delta(let j, _) = factors[column].form
      else { continue }
      let joined = Index.joined(i, j, whole.rows, whole.columns)
      above.append(try .compare(.equal, value(whole.index), value(joined)))
      factors = factors.indices.filter { $0 != row && $0 != column }.map { factors[$0] }
    }
    for factor in factors {
      let (base, exponent) = factor.baseAndExponent
      let raised = try scalar(base)
      guard let n = exponent.asNumber else {
        above.append(try .power(raised, try scalar(exponent)))
        continue
      }
      let powered: Expression
      switch n.magnitude {
      case .one: powered = raised
      case .fraction(1, 2): powered = .function(.sqrt, raised)
      default: powered = try .power(raised, .number(n.magnitude))
      }
      if n.isNegative { below.append(powered) } else { above.append(powered) }
    }
    let product = ScaledArray(number: number, numerators: above, denominators: below)
    guard let result = product.expression else {
      throw .unsupported("a product of numbers has no index form")
    }
    return result
  }
}

extension Index {
  /// Of a row or column: the index that counts the entries of its matrix.
  fileprivate struct Whole {
    let index: Index
    let rows: Dimension
    let columns: Dimension

    func part(_ isRow: Bool) -> Index { index.part(isRow: isRow, rows, columns) }
  }

  fileprivate var whole: Whole? {
    guard case .part(let index, _, let rows, let columns) = kind else { return nil }
    return Whole(index: index, rows: rows, columns: columns)
  }
}
