/// Turns index notation back into matrix notation.
///
/// Every function here gives nil where matrix notation has no name for a term; `IndexForm` then
/// writes it with indices.
final class Raising {
  let source: IndexSource
  /// The sums of the formula that was differentiated, as they stood there.
  let original: Set<Fingerprint>
  private struct Key: Hashable {
    let fingerprint: Fingerprint
    let over: [Index]
  }
  private var done: [Key: Expression?] = [:]

  init(_ source: IndexSource, original: Set<Fingerprint> = []) {
    self.source = source
    self.original = original
  }

  /// A term as an expression over at most two indices. It may have fewer dimensions where the term
  /// lacks an index: a scalar for none, a vector for the last alone.
  func raise(_ term: Term, over indices: [Index]) -> Expression? {
    let used = indices.filter { !$0.isFixed && term.free.contains($0) }
    guard term.free.count == used.count, used.count <= 2 else { return nil }
    let key = Key(fingerprint: term.fingerprint, over: used)
    let result = done[key] ?? build(term, used)
    done[key] = .some(result)
    let asked = indices.filter { !$0.isFixed }
    if asked.count == 2, used == [asked[0]], let result {
      // It lacks the second index: the same in every column.
      if let sums = MatrixNotation.columnOfSums(result) { return sums }
      return MatrixNotation.chain([
        result, .fill(.one, .matrix(.number(1), asked[1].dimension)),
      ])
    }
    return result
  }

  private func build(_ term: Term, _ over: [Index]) -> Expression? {
    if over.contains(where: { term.matrix(of: $0) != nil }) { return takenApart(term, over) }
    switch term.form {
    case .number(let number): return .number(number)
    case .constant(let constant): return .constant(constant)
    case .size(let size): return .size(size)
    case .entry(let symbol, let indices): return entry(.symbol(symbol), indices, over)
    case .constantEntry(let array, let indices): return entry(array, indices, over)
    case .position(let index):
      return index.position ?? .array("i", index.dimension, .index("i"))
    case .delta, .multiply, .sum, .power, .permutation: return product(term, over)
    case .product:
      let (indices, body) = term.opened(source)
      if over.isEmpty { return full(body, over: indices).flatMap { try? .reduce(.prod, $0) } }
      guard over.count == 1, let inner = full(body, over: over + indices) else { return nil }
      return try? .reduce(.prod, inner, axis: 2)
    case .add(let parts): return sum(parts, over)
    case .function(let function, let a):
      guard let a = raise(a, over: over) else { return nil }
      return .function(function, a)
    case .extremum(let kind, let a, let b):
      return both(a, b, over) { try .extremum(kind, $0, $1) }
    case .compare(let comparison, let a, let b):
      if let sums = runningSums(comparison, a, b, over) { return sums }
      // Which of two indices is the larger is said with indices.
      if over.count > 1, a.comparesPositions || b.comparesPositions { return nil }
      return both(a, b, over) { try .compare(comparison, $0, $1) }
    case .choose(let condition, let a, let b):
      guard let condition = raise(condition, over: over) else { return nil }
      return both(a, b, over) { a, b in
        guard condition.shape == .scalar else { return try .choose(condition, a, b) }
        // Both branches with the same shape, as `if` needs.
        let shape = try Expression.broadcast([a, b], "if")
        guard let a = MatrixNotation.filled(a, to: shape),
          let b = MatrixNotation.filled(b, to: shape)
        else { return try .choose(condition, a, b) }
        return try .choose(condition, a, b)
      }
    case .reduce(let kind, _, _):
      let (indices, body) = term.opened(source)
      let reduction: ExpressionReduction = kind == .max ? .max : .min
      if over.isEmpty { return full(body, over: indices).flatMap { try? .reduce(reduction, $0) } }
      // The largest of each row, or of each column.
      guard over.count == 1, indices.count == 1 else { return nil }
      let isByRow = Contraction.firstIndex(body, over[0], indices[0])
      let order = isByRow ? over + indices : indices + over
      return full(body, over: order).flatMap { try? .reduce(reduction, $0, axis: isByRow ? 2 : 1) }
    case .isExtremum(let kind, let index, _, let at):
      guard over == [at] || at.isFixed, let position = extremePosition(kind, term) else {
        return nil
      }
      return try? .entry(
        .identity(index.dimension),
        [.value(position), at.position.map(EntryIndex.value) ?? .all])
    case .softmax(_, _, let at): return softmax(term, at, over)
    case .matrix(let function, _, _, let at):
      guard let whole = matrix(function, term) else { return nil }
      return at.isEmpty ? whole : entry(whole, at, over)
    case .call(let name, let orders, let arguments):
      return arguments.mapAll { raise($0, over: over) }
        .flatMap { try? .call(name, $0, orders: orders) }
    }
  }

  /// Where a vector has its first largest or smallest entry.
  func extremePosition(_ kind: Extremum, _ isExtremum: Term) -> Expression? {
    let (indices, body) = isExtremum.opened(source)
    return full(body, over: indices).flatMap { try? .position(kind, $0) }
  }

  private func both(
    _ a: Term, _ b: Term, _ over: [Index],
    _ make: (Expression, Expression) throws -> Expression
  ) -> Expression? {
    guard let a = raise(a, over: over), let b = raise(b, over: over) else { return nil }
    return try? make(a, b)
  }

  /// An expression with all of the dimensions of `indices`, broadcast where the term lacks one.
  func full(_ term: Term, over indices: [Index]) -> Expression? {
    guard let raised = raise(term, over: indices) else { return nil }
    let shape = ExpressionShape(indices.filter { !$0.isFixed }.map(\.dimension))
    return MatrixNotation.filled(raised, to: shape)
  }

  /// A whole result: as `full`, but every part of a sum with all of its dimensions, since I − 1/n and
  /// I − 1 1ᵀ/n would look alike.
  func whole(_ term: Term, over indices: [Index]) -> Expression? {
    guard case .add(let parts) = term.form, indices.count == 2, list(parts, indices) == nil,
      stack(parts, indices) == nil
    else {
      return full(term, over: indices)
    }
    return Raising.printOrder(parts).mapAll { full($0, over: indices) }
      .flatMap(MatrixNotation.collected)
  }

  /// inv(M), det(M), pinv(M) of a matrix without further indices.
  func matrix(_ function: MatrixFunction, _ term: Term) -> Expression? {
    let (indices, body) = term.opened(source)
    return full(body, over: indices).flatMap { MatrixNotation.applying(function, to: $0) }
  }

  private func entry(_ array: Expression, _ indices: [Index], _ over: [Index]) -> Expression? {
    guard !indices.isEmpty else { return array }
    var result = array
    if case .joined(let row, let column, let rows, let columns) = indices[0].kind,
      indices.count == 1
    {
      guard row.leaves == [row], column.leaves == [column],
        let matrix = try? Expression.arranged(.reshape(.matrix(rows, columns)), [array])
      else { return nil }
      return over == [row, column] ? matrix : MatrixNotation.transposed(matrix)
    }
    if indices.contains(where: { $0.leaves != [$0] }) {
      guard let chosen = indices.mapAll(\.choice),
        let part = try? Expression.entry(result, chosen)
      else { return nil }
      result = part
    }
    let left = indices.flatMap(\.leaves)
    if left == over { return result }
    if left.count == 2, left[0] == left[1] { return try? .diagonal(result) }
    if left.count == 2, left == over.reversed() { return MatrixNotation.transposed(result) }
    return nil
  }

  // MARK: Arrangements

  /// [j ≤ i]: what adds up every entry with those before it.
  private func runningSums(
    _ comparison: Comparison, _ a: Term, _ b: Term, _ over: [Index]
  ) -> Expression? {
    guard over.count == 2, case .position(let i) = a.form, case .position(let j) = b.form,
      comparison == .greaterOrEqual || comparison == .lessOrEqual, i.dimension == j.dimension
    else { return nil }
    // A single entry has none before it.
    if i.dimension.stretches { return .identity(i.dimension) }
    guard
      let sums = try? Expression.arranged(.cumsum(axis: 1), [.identity(i.dimension)])
    else { return nil }
    let isLower = (comparison == .greaterOrEqual) == (over == [i, j])
    return isLower ? sums : MatrixNotation.transposed(sums)
  }

  /// A term over indices that count the entries of matrices: a Kronecker product, or a matrix as a vector.
  private func takenApart(_ term: Term, _ over: [Index]) -> Expression? {
    if case .add(let parts) = term.form, over.count == 2 {
      return Raising.printOrder(parts).mapAll { raise($0, over: over) }
        .flatMap(MatrixNotation.collected)
    }
    // An index that counts no entries is a row's or a column's alone: I ⊗ y.
    for countsRows in [true, false] {
      var (rows, columns): ([Index], [Index]) = ([], [])
      var map: [Index: Index] = [:]
      for index in over {
        let sizes = term.matrix(of: index)
        rows.append(sizes.map { source.fresh($0.rows) } ?? (countsRows ? index : .literal(1)))
        columns.append(sizes.map { source.fresh($0.columns) } ?? (countsRows ? .literal(1) : index))
        guard let (m, n) = sizes else { continue }
        map[index] = .joined(rows[rows.count - 1], columns[columns.count - 1], m, n)
      }
      let inner = term.substituting(map)
      let (number, factors) = inner.factors
      let first = factors.filter { $0.free.isDisjoint(with: columns) }
      let second = factors.filter { !$0.free.isDisjoint(with: columns) }
      if second.allSatisfy({ $0.free.isDisjoint(with: rows) }),
        let a = factor(.rawProduct(number, first), over: rows),
        let b = factor(.rawProduct(.one, second), over: columns)
      {
        return MatrixNotation.kronecker(a, b)
      }
      guard over.count == 1 else { continue }
      return full(inner, over: [rows[0], columns[0]]).flatMap {
        try? .arranged(.reshape(.vector(over[0].dimension)), [$0])
      }
    }
    return nil
  }

  /// A factor of a Kronecker product: of one index that is fixed, a row or a column.
  private func factor(_ term: Term, over indices: [Index]) -> Expression? {
    guard let array = full(term, over: indices), indices.count == 2, array.shape.isVector else {
      return full(term, over: indices)
    }
    return indices[0].isFixed ? MatrixNotation.transposed(array) : try? .column(array)
  }

  /// Σ_k δ(i, k + shift) a_k + …: parts one behind the other, or below, or beside each other.
  private func stack(_ parts: [Term], _ over: [Index]) -> Expression? {
    for (axis, index) in over.enumerated() {
      let rest = over.removing(at: axis)
      guard let pieces = parts.mapAll({ piece(of: $0, along: index, rest, axis) }) else { continue }
      var ordered: [Expression] = []
      var end = Dimension.number(0)
      while let next = pieces.first(where: { $0.start == end }), end != index.dimension {
        guard next.size != .number(0), ordered.count <= pieces.count else { return nil }
        ordered.append(next.array)
        end = end + next.size
      }
      guard end == index.dimension, ordered.count == pieces.count else { continue }
      return try? .arranged(over.count == 1 ? .concat : axis == 0 ? .vstack : .hstack, ordered)
    }
    return nil
  }

  private func piece(of term: Term, along index: Index, _ rest: [Index], _ axis: Int) -> (
    start: Dimension, size: Dimension, array: Expression
  )? {
    let (number, factors) = term.factors
    for (place, factor) in factors.enumerated() {
      var others = factors.removing(at: place)
      if case .delta(let a, let b) = factor.form, a == index || b == index,
        let position = (a == index ? b : a).position, let start = Dimension(position),
        let array = full(.rawProduct(number, others), over: rest)
      {
        let row =
          array.shape == .scalar
          ? array : axis == 0 ? MatrixNotation.transposed(array) : try? .column(array)
        return row.map { (start - .number(1), .number(1), $0) }
      }
      guard case .sum = factor.form else { continue }
      let (opened, body) = factor.opened(source)
      let (inner, all) = body.factors
      guard let delta = all.firstIndex(where: { $0.shift(of: opened[0], to: index) != nil }),
        let start = all[delta].shift(of: opened[0], to: index)
      else { continue }
      others += all.removing(at: delta)
      var order = rest
      order.insert(opened[0], at: axis)
      guard let array = full(.multiply([.number(number), .number(inner)] + others), over: order)
      else { return nil }
      return (start, opened[0].dimension, array)
    }
    return nil
  }

  private func softmax(_ term: Term, _ at: Index, _ over: [Index]) -> Expression? {
    let (indices, body) = term.opened(source)
    let rows = body.free.subtracting(indices)
    if rows.isEmpty {
      guard let inner = full(body, over: indices), let result = try? Expression.softmax(inner)
      else { return nil }
      if let position = at.position { return try? .entry(result, [.value(position)]) }
      return result
    }
    guard rows.count == 1, let row = rows.first, row != at, over.contains(row),
      let inner = full(body, over: [row, indices[0]]), let result = try? Expression.softmax(inner)
    else { return nil }
    if let position = at.position { return try? .entry(result, [.all, .value(position)]) }
    return over == [row, at] ? result : try? .transpose(result)
  }

  // MARK: Sums

  private func sum(_ parts: [Term], _ over: [Index]) -> Expression? {
    if let list = list(parts, over) ?? stack(parts, over) { return list }
    if over.isEmpty, let whole = joined(parts) { return whole }
    return Raising.printOrder(parts).mapAll { raise($0, over: over) }
      .flatMap(MatrixNotation.collected)
  }

  /// Σ aᵢ + n c is Σ (aᵢ + c): one sum, where a size tells that a part was in it too.
  private func joined(_ parts: [Term]) -> Expression? {
    let sizes = parts.flatMap(\.factors.factors).compactMap { factor -> Dimension? in
      if case .size(let size) = factor.form { size } else { nil }
    }
    search: for size in Set(sizes) {
      let index = source.fresh(size)
      var bodies: [Term] = []
      var hasSum = false
      for part in parts {
        let (c, factors) = part.factors
        if let position = factors.firstIndex(of: .size(size)) {
          let rest = factors.removing(at: position)
          bodies.append(.multiply([.number(c)] + rest))
        } else if let body = opened(part, over: index) {
          hasSum = true
          bodies.append(body)
        } else {
          continue search
        }
      }
      guard hasSum, let inner = full(.add(bodies), over: [index]) else { continue }
      return try? .reduce(.sum, inner)
    }
    return nil
  }

  /// A product with one of its sums, over an index of the same size, opened at `index`.
  private func opened(_ term: Term, over index: Index) -> Term? {
    let (c, factors) = term.factors
    for (position, factor) in factors.enumerated() {
      guard case .sum(let bound, _) = factor.form else { continue }
      let (indices, body) = factor.opened(source)
      let rest = factors.removing(at: position)
      if bound.dimension == index.dimension {
        let inside = body.substituting([indices[0]: index])
        return .multiply([.number(c)] + rest + [inside])
      }
      if let inside = opened(body, over: index) {
        return .multiply([.number(c)] + rest + [.sum(indices[0], inside)])
      }
    }
    return nil
  }

  /// Plus before minus; within a sign the canonical order.
  static func printOrder(_ parts: [Term]) -> [Term] {
    let isNegative: (Term) -> Bool = { $0.coefficientAndRest.coefficient.isNegative }
    return parts.filter { !isNegative($0) } + parts.filter(isNegative)
  }

  /// Σ δ_(1)i a + δ_(2)i b + …: the entries of a list.
  private func list(_ parts: [Term], _ over: [Index]) -> Expression? {
    guard !over.isEmpty else { return nil }
    for (position, index) in over.enumerated() {
      guard case .number(let count) = index.dimension, count <= 64 else { continue }
      var entries = [[Term]](repeating: [], count: count)
      var isList = true
      for part in parts {
        let factors = part.factors.factors
        let literal = factors.compactMap { factor -> Int? in
          if case .delta(let a, let b) = factor.form, b == index, case .literal(let i) = a.kind {
            return i
          }
          return nil
        }.first
        guard let literal, literal >= 1, literal <= count else {
          isList = false
          break
        }
        entries[literal - 1].append(Raising.without(.delta(.literal(literal), index), part))
      }
      guard isList else { continue }
      let rest = over.removing(at: position)
      guard let raised = entries.mapAll({ full(.add($0), over: rest) }),
        let result = try? Expression.list(raised)
      else { return nil }
      return position == 0 || over.count == 1 ? result : try? .transpose(result)
    }
    return nil
  }

  static func without(_ factor: Term, _ term: Term) -> Term {
    let (c, factors) = term.factors
    return .rawProduct(c, factors.filter { $0 != factor })
  }

  // MARK: Products

  private func product(_ term: Term, _ over: [Index]) -> Expression? {
    if term.hasDelta, let list = list([term], over) { return list }
    if let whole = Contraction(self).expression(of: term, over: over) { return whole }
    guard let parts = split(term), parts.count <= Raising.mostParts else { return nil }
    return raise(.add(parts), over: over)
  }

  /// More products than these nobody reads.
  private static let mostParts = 64

  /// A product with a sum of more than two indices, which is no matrix, as one product for each of its parts; nil
  /// where there is none.
  private func split(_ term: Term) -> [Term]? {
    switch term.form {
    case .add(let parts): return term.free.count > 2 ? parts : nil
    case .sum:
      let (indices, body) = term.opened(source)
      return split(body)?.map { .sum(indices, $0) }
    case .multiply(let c, let factors):
      for (position, factor) in factors.enumerated() {
        guard let parts = split(factor) else { continue }
        let rest = factors.removing(at: position)
        return parts.map { .multiply([.number(c), $0] + rest) }
      }
      return nil
    default: return nil
    }
  }
}

extension Index {
  /// What chooses it in an array: a position, a range, or all of them; nil for what has no such notation.
  fileprivate var choice: EntryIndex? {
    if let position { return .value(position) }
    switch kind {
    case .shifted(let index, let shift) where index.leaves == [index]:
      return .range(shift + .number(1), shift + index.dimension)
    case .shifted, .joined, .part: return nil
    default: return .all
    }
  }

  /// The rows of I that choose what this index runs through in something longer.
  var selection: Expression? {
    choice.flatMap { try? .entry(.identity(dimension), [$0, .all]) }
  }
}

extension Term {
  /// The shift of δ(i, k + shift), or nil for anything else.
  fileprivate func shift(of k: Index, to i: Index) -> Dimension? {
    guard case .delta(let a, let b) = form, a == i || b == i,
      case .shifted(k, let shift) = (a == i ? b : a).kind
    else { return nil }
    return shift
  }
}
