/// A product with sums, read as a graph: indices are vertices, vectors weigh a vertex, matrices are
/// edges. Contracting the summed vertices one by one gives products, dot products, outer products and
/// diagonals.
///
/// Source: Laue, Mitterreiter, Giesen, "Computing Higher Order Derivatives of Matrix and Tensor
/// Expressions" (2018), section on the translation between index and matrix notation.
struct Contraction {
  private struct Weight {
    var numerators: [Expression] = []
    var denominators: [Expression] = []

    mutating func append(_ factor: Expression, _ isBelow: Bool = false) {
      if isBelow { denominators.append(factor) } else { numerators.append(factor) }
    }
  }
  private struct Edge {
    var row: Index
    var column: Index
    var matrix: Expression
  }

  private let raising: Raising
  private var number = Number.one
  private var scalars = Weight()
  private var weights: [Index: Weight] = [:]
  private var edges: [Edge] = []
  private var summed: [Index] = []
  private var diagonal: (Index, Index)?
  private var permutations: [[Index]] = []

  init(_ raising: Raising) { self.raising = raising }

  /// The matrix notation of a product, power, δ or sum over these free indices, or nil.
  func expression(of term: Term, over: [Index]) -> Expression? {
    var graph = self
    return graph.run(term, over)
  }

  private mutating func run(_ term: Term, _ over: [Index]) -> Expression? {
    let (c, factors) = term.factors
    number = c
    guard take(factors) else { return nil }
    if let (a, b) = diagonal {
      guard over.count == 2, Set(over) == [a, b],
        edges.allSatisfy({ $0.column != b && $0.row != b })
      else { return nil }
      guard contract(), edges.isEmpty else { return nil }
      return finish(diagonalMatrix(weights[a], a.dimension))
    }
    guard contract() else { return nil }
    switch over.count {
    case 0: return finish(nil)
    case 1: return finish(weights[over[0]].flatMap(joined))
    default:
      let (i, j) = (over[0], over[1])
      if edges.isEmpty {
        guard let u = weights[i].flatMap(joined), let v = weights[j].flatMap(joined),
          let row = MatrixNotation.transposed(v)
        else { return nil }
        return finish(MatrixNotation.chain([u, row]))
      }
      guard edges.count == 1, let matrix = oriented(edges[0], from: i) else { return nil }
      var parts = [matrix]
      if let u = weights[i].flatMap(joined) {
        guard let rows = MatrixNotation.scalingRows(of: matrix, by: u) else { return nil }
        parts = rows
      }
      if let v = weights[j].flatMap(joined) {
        guard let columns = MatrixNotation.scalingColumns(of: parts, by: v) else { return nil }
        parts = columns
      }
      return finish(MatrixNotation.chain(parts))
    }
  }

  /// Scalars and the array; scalars of the array move to the front.
  private func finish(_ array: Expression?) -> Expression? {
    var scaled = array.map { ScaledArray($0) } ?? ScaledArray(number: .one)
    scaled.number = scaled.number * number
    scaled.numerators = scalars.numerators + scaled.numerators
    scaled.denominators = scalars.denominators + scaled.denominators
    return scaled.expression
  }

  // MARK: Reading the product

  /// −(σ − 1) as 1 − σ: a minus in front turns a difference around where there is one.
  ///
  /// Before that, every difference is turned to how it stood in the original formula.
  static func withFriendlySigns(
    _ number: inout Number, _ factors: [Term], _ original: Set<Fingerprint>
  ) -> [Term] {
    var factors = factors
    for (i, factor) in factors.enumerated() {
      let (base, exponent) = factor.baseAndExponent
      guard case .add = base.form, !original.contains(base.fingerprint),
        let n = exponent.asNumber?.integer
      else { continue }
      let turned = turned(base)
      guard original.contains(turned.fingerprint) else { continue }
      if n % 2 != 0 { number = -number }
      factors[i] = n == 1 ? turned : Term(.power(turned, exponent))
    }
    guard number.isNegative else { return factors }
    // y − σ turns around before 1 − σ does.
    let order = factors.indices.sorted {
      let hasConstant = [$0, $1].map {
        factors[$0].baseAndExponent.base.parts.last?.asNumber != nil
      }
      return hasConstant[0] == hasConstant[1] ? $0 < $1 : hasConstant[1]
    }
    for i in order {
      let (base, exponent) = factors[i].baseAndExponent
      guard case .add(let parts) = base.form, let n = exponent.asNumber?.integer, n % 2 != 0,
        !original.contains(base.fingerprint),
        parts.contains(where: { $0.coefficientAndRest.coefficient.isNegative }),
        !factors.contains(where: { $0 != factors[i] && $0.isEqual(to: base) })
      else { continue }
      number = -number
      var result = factors
      let turned = turned(base)
      result[i] = n == 1 ? turned : Term(.power(turned, exponent))
      return result
    }
    return factors
  }

  /// −a of a sum, part by part.
  private static func turned(_ sum: Term) -> Term {
    sum.scalingParts(by: .minusOne)
  }

  /// Sums over products opened, so that all factors stand side by side; a square sum alone is a norm.
  private mutating func flattened(_ factors: [Term], isAlone: Bool) -> [Term]? {
    var result: [Term] = []
    for factor in factors {
      guard case .sum = factor.form, isAlone || !factor.free.isEmpty else {
        result.append(factor)
        continue
      }
      if isAlone, let norm = norm(factor) {
        guard let square = try? Expression.power(norm, .number(2)) else { return nil }
        scalars.append(square)
        continue
      }
      let (indices, body) = factor.opened(raising.source)
      summed += indices
      let (c, inner) = body.factors
      number = number * c
      guard let more = flattened(inner, isAlone: isAlone && inner.count == 1) else { return nil }
      result += more
    }
    return result
  }

  private mutating func take(_ factors: [Term]) -> Bool {
    guard let all = flattened(factors, isAlone: factors.count == 1) else { return false }
    for factor in Contraction.withFriendlySigns(&number, chosenRows(all), raising.original) {
      if case .permutation(let i, let j, let k) = factor.form {
        permutations.append([i, j, k])
        continue
      }
      guard case .delta(let a, let b) = factor.form else {
        guard takeArray(factor) else { return false }
        continue
      }
      if let (row, column) = [(a, b), (b, a)].first(where: {
        $0.0.leaves != [$0.0] && !$0.0.isFixed
      }) {
        guard let rows = row.selection, row.leaves.count == 1 else { return false }
        if let position = column.position {
          guard let places = row.selection.flatMap({ MatrixNotation.transposed($0) }),
            let chosen = try? Expression.entry(places, [.value(position), .all])
          else { return false }
          weights[row.leaves[0], default: Weight()].append(chosen)
        } else {
          guard column.leaves == [column] else { return false }
          edges.append(Edge(row: row.leaves[0], column: column, matrix: rows))
        }
        continue
      }
      if let position = a.position {
        if let other = b.position {
          guard let condition = try? Expression.compare(.equal, other, position) else {
            return false
          }
          scalars.append(condition)
          continue
        }
        guard
          let basis = try? Expression.entry(.identity(b.dimension), [.value(position), .all])
        else { return false }
        weights[b, default: Weight()].append(basis)
      } else if summed.contains(a) || summed.contains(b) {
        edges.append(Edge(row: a, column: b, matrix: .identity(a.dimension)))
      } else {
        guard diagonal == nil else { return false }
        diagonal = (a, b)
      }
    }
    return true
  }

  /// The first largest entry of a matrix: where its row is known, the others need look at that one only.
  ///
  /// [i is the first largest of r] [j is the first largest of A_i·] as … [j is the first largest of A_k·] with
  /// k = argmax(r).
  private func chosenRows(_ factors: [Term]) -> [Term] {
    var factors = factors
    for factor in factors {
      guard case .isExtremum(let kind, _, _, let row) = factor.form, factor.free == [row],
        let position = raising.extremePosition(kind, factor)
      else { continue }
      let known = Index(kind: .computed(position), dimension: row.dimension)
      factors = factors.map { other in
        guard case .isExtremum = other.form, other != factor else { return other }
        return other.substituting([row: known])
      }
    }
    return factors
  }

  /// A factor of none, one or two indices.
  private mutating func takeArray(_ factor: Term) -> Bool {
    var (base, exponent) = factor.baseAndExponent
    var isBelow = false
    if let n = exponent.asNumber, n.isNegative {
      isBelow = true
      exponent = .number(-n)
    }
    var over = factor.free.sorted { Contraction.firstIndex(factor, $0, $1) }
    guard over.count <= 2 else { return false }
    var raised: Expression?
    if over.count == 2, let first = raising.raise(base, over: over),
      let turned = raising.raise(base, over: over.reversed()),
      turned.writtenSize < first.writtenSize
    {
      over.reverse()
    }
    if over.isEmpty, let norm = norm(base), let n = exponent.asNumber {
      raised = powered(norm, .multiply([.number(2), .number(n)]))
    } else if let inner = raising.raise(base, over: over) {
      raised = powered(inner, exponent, over)
    }
    guard let raised else { return false }
    switch over.count {
    // Scalars that are products themselves keep their numbers in front.
    case 0: scalars.append(raised, isBelow)
    case 1: weights[over[0], default: Weight()].append(raised, isBelow)
    default:
      guard let matrix = isBelow ? try? Expression.divide(.number(1), raised) : raised,
        let full = MatrixNotation.filled(
          matrix, to: .matrix(over[0].dimension, over[1].dimension))
      else { return false }
      edges.append(Edge(row: over[0], column: over[1], matrix: full))
    }
    return true
  }

  private func powered(_ base: Expression, _ exponent: Term, _ over: [Index] = []) -> Expression? {
    if exponent.isOne { return base }
    if case .reduce(.variance, let a, let axis) = base.node,
      let double = exponent.asNumber.flatMap({ ($0 * Number(2)).integer }), double % 2 != 0
    {
      guard let deviation = try? Expression.reduce(.deviation, a, axis: axis) else { return nil }
      return double == 1 ? deviation : try? .power(deviation, .number(double))
    }
    if exponent.asNumber == .ratio(1, 2) { return .function(.sqrt, base) }
    guard let exponent = raising.raise(exponent, over: over) else { return nil }
    return try? .power(base, exponent)
  }

  /// √Σ a² of a sum of squares, or nil.
  private func norm(_ term: Term) -> Expression? {
    guard term.free.isEmpty, case .sum = term.form else { return nil }
    var indices: [Index] = []
    var body = term
    while case .sum = body.form {
      let (opened, inner) = body.opened(raising.source)
      indices += opened
      body = inner
    }
    guard indices.count <= 2 else { return nil }
    let root = body.factors.factors.mapAll { factor in
      factor.baseAndExponent.exponent.asNumber == Number(2) ? factor.baseAndExponent.base : nil
    }
    guard let square = root.map(Term.multiply) else { return nil }
    if indices.count == 2 { indices.sort { Contraction.firstIndex(square, $0, $1) } }
    guard let inner = raising.full(square, over: indices) else { return nil }
    return try? .reduce(.norm, inner)
  }

  /// Whether a matrix over both indices has fewer transposes with `a` as its rows: each entry with
  /// one of them as its row or column has a vote.
  static func firstIndex(_ term: Term, _ a: Index, _ b: Index) -> Bool {
    let votes = term.orientation(a, b)
    return votes == 0 ? a < b : votes > 0
  }

  // MARK: Contracting

  private mutating func contract() -> Bool {
    guard permutations.allSatisfy({ cross($0) }) else { return false }
    merge()
    while !summed.isEmpty {
      guard let position = next() else { return false }
      let k = summed.remove(at: position)
      let touching = edges.filter { $0.row == k || $0.column == k }
      edges.removeAll { $0.row == k || $0.column == k }
      let weight = weights.removeValue(forKey: k)
      switch touching.count {
      case 0:
        guard let scalar = total(weight ?? Weight(), k) else { return false }
        scalars.append(scalar)
      case 1:
        let j = touching[0].row == k ? touching[0].column : touching[0].row
        let vector = weight.flatMap(joined)
        let ones = Expression.fill(.one, .vector(k.dimension))
        guard let matrix = oriented(touching[0], from: j) else { return false }
        let columns = vector.flatMap { vector in
          MatrixNotation.isRowSum(vector)
            ? MatrixNotation.scalingColumns(of: [matrix], by: vector) : nil
        }
        guard
          let product = MatrixNotation.chain(
            columns.map { $0 + [ones] } ?? [matrix, vector ?? ones])
        else { return false }
        weights[j, default: Weight()].append(product)
      default:
        let a = touching[0].row == k ? touching[0].column : touching[0].row
        let b = touching[1].row == k ? touching[1].column : touching[1].row
        guard let left = oriented(touching[0], from: a), let right = oriented(touching[1], from: k)
        else { return false }
        var parts = [left, right]
        if let vector = weight.flatMap(joined) {
          guard let rows = MatrixNotation.scalingRows(of: right, by: vector) else { return false }
          parts = [left] + rows
        }
        guard let product = MatrixNotation.chain(parts) else { return false }
        edges.append(Edge(row: a, column: b, matrix: product))
      }
      merge()
    }
    return true
  }

  /// Σ_jk ε_ijk u_j v_k as the cross product; Σ_j ε_ijk u_j as the matrix of u ×.
  private mutating func cross(_ indices: [Index]) -> Bool {
    func isFree(_ index: Index) -> Bool {
      summed.contains(index) && !edges.contains { $0.row == index || $0.column == index }
    }
    let turns = [0, 1, 2].map { turn in
      let turn = [0, 1, 2].map { indices[($0 + turn) % 3] }
      // A minus turns around.
      return number.isNegative ? [turn[0], turn[2], turn[1]] : turn
    }
    number = number.magnitude
    if let turn = turns.first(where: { isFree($0[1]) && isFree($0[2]) }),
      let u = weights[turn[1]].flatMap(joined), let v = weights[turn[2]].flatMap(joined)
    {
      summed.removeAll { $0 == turn[1] || $0 == turn[2] }
      weights[turn[1]] = nil
      weights[turn[2]] = nil
      guard let product = MatrixNotation.crossed(u, v) else { return false }
      guard let position = turn[0].position else {
        weights[turn[0], default: Weight()].append(product)
        return true
      }
      guard let entry = try? Expression.entry(product, [.value(position)]) else { return false }
      scalars.append(entry)
      return true
    }
    guard let turn = turns.first(where: { isFree($0[0]) && !$0[1].isFixed && !$0[2].isFixed }),
      let u = weights[turn[0]].flatMap(joined), let matrix = MatrixNotation.crossMatrix(u)
    else { return false }
    summed.removeAll { $0 == turn[0] }
    weights[turn[0]] = nil
    edges.append(Edge(row: turn[2], column: turn[1], matrix: matrix))
    return true
  }

  /// The summed vertex with the fewest edges, if it has at most two; a vector before a sum of ones.
  private func next() -> Int? {
    let degrees = summed.map { k in edges.filter { $0.row == k || $0.column == k }.count }
    guard let least = degrees.min(), least <= 2 else { return nil }
    let candidates = degrees.indices.filter { degrees[$0] == least }
    return candidates.first { weights[summed[$0]] != nil } ?? candidates.first
  }

  /// Loops become weights, parallel edges one edge; what is closed becomes a trace or a sum.
  private mutating func merge() {
    while let position = edges.firstIndex(where: { cycle($0) != nil }) {
      guard let (others, scalar) = cycle(edges[position]) else { break }
      let (row, column) = (edges[position].row, edges[position].column)
      scalars.append(scalar)
      edges = edges.indices.filter { $0 != position && !others.contains($0) }.map { edges[$0] }
      summed.removeAll { $0 == row || $0 == column }
    }
    var merged: [Edge] = []
    for edge in edges {
      if edge.row == edge.column {
        if let d = try? Expression.diagonal(edge.matrix) {
          weights[edge.row, default: Weight()].append(d)
        }
      } else if let other = merged.firstIndex(where: {
        ($0.row, $0.column) == (edge.row, edge.column)
          || ($0.row, $0.column) == (edge.column, edge.row)
      }), let product = joined(merged[other], edge) {
        merged[other] = product
      } else {
        merged.append(edge)
      }
    }
    edges = merged
  }

  /// Σ M_ii, Σ A_ij B_ji, Σ A_ij B_ij over indices at which nothing else is: the other edge's position, if there is
  /// one, and the number.
  private func cycle(_ edge: Edge) -> (others: [Int], scalar: Expression)? {
    let ends = Set([edge.row, edge.column])
    guard ends.allSatisfy({ summed.contains($0) && weights[$0] == nil }) else { return nil }
    let touching = edges.indices.filter {
      ends.contains(edges[$0].row) || ends.contains(edges[$0].column)
    }
    if ends.count == 1 {
      guard touching.count == 1 else { return nil }
      return MatrixNotation.applying(.trace, to: edge.matrix).map { (touching, $0) }
    }
    guard touching.count == 2,
      touching.allSatisfy({ ends == [edges[$0].row, edges[$0].column] })
    else { return nil }
    let (first, second) = (edges[touching[0]], edges[touching[1]])
    let (row, column) = (first.row, first.column)
    guard let back = oriented(second, from: column), let along = oriented(second, from: row),
      let product = MatrixNotation.chain([first.matrix, back]),
      let trace = MatrixNotation.applying(.trace, to: product)
    else { return nil }
    let isSum =
      MatrixNotation.chainParts(first.matrix).count + MatrixNotation.chainParts(along).count == 2
      && MatrixNotation.transposes(along) < MatrixNotation.transposes(back)
    let factors = MatrixNotation.multiply([first.matrix, along])
    let sum = isSum ? factors.flatMap { try? Expression.reduce(.sum, $0) } : nil
    return (touching, sum ?? trace)
  }

  /// Two edges between the same vertices as one, from the end that takes fewer transposes.
  private func joined(_ first: Edge, _ second: Edge) -> Edge? {
    let choices = [first, second].compactMap { end -> Edge? in
      let matrices = [first, second].mapAll { oriented($0, from: end.row) }
      guard let product = matrices.flatMap({ MatrixNotation.multiply($0) }) else { return nil }
      return Edge(row: end.row, column: end.column, matrix: product)
    }
    return choices.count == 2 && choices[1].matrix.writtenSize < choices[0].matrix.writtenSize
      ? choices[1] : choices.first
  }

  private func oriented(_ edge: Edge, from row: Index) -> Expression? {
    edge.row == row ? edge.matrix : MatrixNotation.transposed(edge.matrix)
  }

  /// The element-wise product of the vectors at a vertex.
  private func joined(_ weight: Weight) -> Expression? {
    if weight.numerators.count > 1,
      let place = weight.numerators.firstIndex(where: { Contraction.diagonalSymbol($0) != nil }),
      let matrix = Contraction.diagonalSymbol(weight.numerators[place])
    {
      var rest = weight
      rest.numerators.remove(at: place)
      return joined(rest).flatMap { MatrixNotation.chain([matrix, $0]) }
    }
    return MatrixNotation.divide(
      MatrixNotation.multiply(weight.numerators), by: weight.denominators)
  }

  /// Σ over a vertex without edges: a sum, or a dot product.
  private func total(_ weight: Weight, _ k: Index) -> Expression? {
    let factors = weight.numerators
    if factors.isEmpty && weight.denominators.isEmpty { return .size(k.dimension) }
    if factors.count == 2, weight.denominators.isEmpty,
      !factors.contains(where: { if case .compare = $0.node { true } else { false } })
    {
      let (a, b) = (MatrixNotation.chainParts(factors[0]), MatrixNotation.chainParts(factors[1]))
      if a.count == 1, b.count == 1 { return try? .dot(factors[0], factors[1]) }
      // The longer product to the right: xᵀ A y.
      let (u, v) = a.count <= b.count ? (factors[0], factors[1]) : (factors[1], factors[0])
      guard let row = MatrixNotation.transposed(u), let other = MatrixNotation.transposed(v) else {
        return nil
      }
      let (here, there) = ([row, v], [other, u])
      func count(_ parts: [Expression]) -> Int {
        parts.reduce(0) { $0 + MatrixNotation.transposes($1) }
      }
      return MatrixNotation.chain(count(there) < count(here) ? there : here)
    }
    guard let product = joined(weight) else { return nil }
    if case .diagonal(let matrix) = product.node {
      return MatrixNotation.applying(.trace, to: matrix)
    }
    // The sum of the row sums is that of all entries.
    let all = MatrixNotation.summedRows(product) ?? product
    if case .transpose(let turned) = all.node { return try? .reduce(.sum, turned) }
    return try? .reduce(.sum, all)
  }

  /// The D of diag(D), where D is known to be diagonal.
  private static func diagonalSymbol(_ vector: Expression) -> Expression? {
    guard case .diagonal(let matrix) = vector.node, case .symbol(let symbol) = matrix.node else {
      return nil
    }
    return symbol.structure == .diagonal ? matrix : nil
  }

  private func diagonalMatrix(_ weight: Weight?, _ size: Dimension) -> Expression? {
    guard let vector = weight.flatMap(joined) else { return .identity(size) }
    if let matrix = Contraction.diagonalSymbol(vector) { return matrix }
    if case .divide(let one, let entries) = vector.node, one.number == .one,
      let matrix = Contraction.diagonalSymbol(entries)
    {
      return MatrixNotation.applying(.inverse, to: matrix)
    }
    var scaled = ScaledArray(vector)
    guard let array = scaled.array, let diagonal = try? Expression.diagonal(array) else {
      return nil
    }
    scaled.array = diagonal
    return scaled.expression
  }
}
