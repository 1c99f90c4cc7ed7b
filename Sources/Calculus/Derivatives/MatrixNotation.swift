/// A number times scalars, over scalars, times one vector or matrix: the pieces of a raised product.
struct ScaledArray {
  var number: Number
  var numerators: [Expression] = []
  var denominators: [Expression] = []
  /// nil for a scalar.
  var array: Expression?
}

extension ScaledArray {
  /// Takes an expression apart that `expression` has put together, or whole otherwise.
  init(_ expression: Expression) {
    self.init(number: .one)
    var rest = expression
    if case .multiply(let parts) = rest.node, let last = parts.last,
      parts.dropLast().allSatisfy({ $0.shape == .scalar })
    {
      var scalars = parts.dropLast()
      if let first = scalars.first?.number {
        number = first
        scalars = scalars.dropFirst()
      }
      for scalar in scalars {
        if case .divide(let a, let b) = scalar.node {
          take(a, inDenominator: false)
          take(b, inDenominator: true)
        } else {
          take(scalar, inDenominator: false)
        }
      }
      rest = last
    }
    if case .divide(let a, let b) = rest.node, b.shape == .scalar {
      take(b, inDenominator: true)
      rest = a
    }
    if rest.shape == .scalar { take(rest, inDenominator: false) } else { array = rest }
  }

  /// Whether it differs from another one in the number only.
  func isAlike(_ other: ScaledArray) -> Bool {
    func isSame(_ a: [Expression], _ b: [Expression]) -> Bool {
      a.count == b.count
        && a.map(\.fingerprint).sorted() == b.map(\.fingerprint).sorted()
    }
    return array == other.array && isSame(numerators, other.numerators)
      && isSame(denominators, other.denominators)
  }

  private mutating func take(_ scalar: Expression, inDenominator: Bool) {
    if let value = scalar.number {
      number = number * (inDenominator ? value.reciprocal : value)
    } else if case .multiply(let parts) = scalar.node {
      for part in parts { take(part, inDenominator: inDenominator) }
    } else if inDenominator {
      denominators.append(scalar)
    } else {
      numerators.append(scalar)
    }
  }

  /// 2/m · array, array/2, 2·x/3, …
  var expression: Expression? {
    if case .fill(let value, _)? = array?.node, value.isZero { return array }
    var above = numerators
    if !number.numerator.magnitude.isOne {
      above.insert(.number(number.numerator.magnitude), at: 0)
    }
    var below = denominators
    if !number.denominator.isOne { below.insert(.number(number.denominator), at: 0) }
    var result: Expression?
    if let array {
      if below.isEmpty {
        result = MatrixNotation.multiply(above + [array])
      } else if above.isEmpty {
        result = MatrixNotation.divide(array, by: below)
      } else if let scale = MatrixNotation.divide(MatrixNotation.multiply(above), by: below) {
        result = MatrixNotation.multiply([scale, array])
      }
    } else if above.count > 1, !below.isEmpty, let last = above.last, last.isReduction,
      let scale = MatrixNotation.divide(MatrixNotation.multiply(above.dropLast()), by: below)
    {
      // 2/m · sum(…): the long factor behind.
      result = MatrixNotation.multiply([scale, last])
    } else {
      result = MatrixNotation.divide(MatrixNotation.multiply(above), by: below)
    }
    guard let result else { return nil }
    guard number.isNegative else { return result }
    if let value = result.number { return .number(-value) }
    if case .multiply(let parts) = result.node {
      if let first = parts[0].number {
        return try? .multiply([.number(-first)] + parts.dropFirst())
      }
      return try? .multiply([.number(-1)] + parts)
    }
    return .negate(result)
  }
}

extension Expression {
  /// Whether this is a number that sums up many.
  fileprivate var isReduction: Bool {
    switch node {
    case .reduce, .product, .indexSum: true
    default: false
    }
  }
}

/// Builds matrix notation as a lecturer writes it: constants in front, transposes pushed to where they
/// are short. nil stands for what has no shape, which the callers never ask for.
enum MatrixNotation {
  static func multiply(_ factors: some Sequence<Expression>) -> Expression? {
    let all = Array(factors)
    let parts = all.filter { $0.number != .one || all.count == 1 }
    if parts.isEmpty { return .number(1) }
    return parts.count == 1 ? parts[0] : try? .multiply(parts)
  }

  static func divide(_ a: Expression?, by parts: [Expression]) -> Expression? {
    guard let a else { return nil }
    guard !parts.isEmpty, let b = multiply(parts) else { return a }
    return try? .divide(a, b)
  }

  /// The factors of a matrix product.
  static func chainParts(_ expression: Expression) -> [Expression] {
    if case .product(let a, let b) = expression.node, expression.shape != .scalar {
      return chainParts(a) + chainParts(b)
    }
    return [expression]
  }

  /// a @ b @ …; numbers and scalars in front, I dropped.
  static func chain(_ parts: [Expression]) -> Expression? {
    var number = Number.one
    var numerators: [Expression] = []
    var denominators: [Expression] = []
    var arrays: [Expression] = []
    for part in parts {
      let scaled = ScaledArray(part)
      number = number * scaled.number
      numerators += scaled.numerators
      denominators += scaled.denominators
      if let array = scaled.array { arrays += chainParts(array) }
    }
    let proper = cancelled(
      arrays.filter { if case .identity = $0.node { false } else { true } })
    let used = proper.isEmpty ? Array(arrays.prefix(1).map(unit)) : proper
    guard var result = used.first else { return nil }
    for part in used.dropFirst() {
      guard let next = filledProduct(result, part) ?? (try? Expression.product(result, part)) else {
        return nil
      }
      result = next
    }
    let isNumber = result.shape == .scalar
    return ScaledArray(
      number: number, numerators: numerators + (isNumber ? [result] : []),
      denominators: denominators, array: isNumber ? nil : result
    ).expression
  }

  /// Aᵀ B⁻ᵀ … of transposed matrices only as the transpose of their product, and sums of such, where that is shorter.
  static func folded(_ expression: Expression) -> Expression {
    let result = try? expression.replacingParts { part in
      switch part.node {
      case .product:
        let parts = chainParts(part)
        guard parts.count > 1, parts.dropFirst().allSatisfy(isTurned),
          transposes(parts[0]) > 0 || isTurned(parts[0])
        else { return nil }
        return transposed(part).flatMap { try? .transpose($0) }
      case .add(let parts):
        let scaled = parts.map(ScaledArray.init)
        let arrays = scaled.compactMap(\.array)
        if !arrays.isEmpty, let whole = overOneDenominator(scaled) { return folded(whole) }
        guard arrays.count == parts.count, Set(parts.map(\.shape)).count == 1,
          arrays.allSatisfy({ chainParts($0).allSatisfy(isTurned) }),
          arrays.reduce(0, { $0 + chainParts($1).count }) > parts.count + 1
        else { return nil }
        return parts.mapAll(transposed).flatMap { try? .transpose(.add($0)) }
      default: return nil
      }
    }
    return result ?? expression
  }

  /// A/2 − B/2 as (A − B)/2.
  private static func overOneDenominator(_ parts: [ScaledArray]) -> Expression? {
    let number = parts[0].number.denominator
    guard !number.isOne, parts.allSatisfy({ $0.number.denominator == number }) else { return nil }
    let above = parts.mapAll { part -> Expression? in
      var part = part
      part.number = part.number * number
      return part.expression
    }
    let sum = above.flatMap { try? Expression.add($0) }
    return ScaledArray(number: number.reciprocal, array: sum).expression
  }

  /// Whether it is the transpose of a matrix, or a sum of products of such.
  private static func isTurned(_ part: Expression) -> Bool {
    switch part.node {
    case .transpose(let a): return a.shape.isMatrix
    case .add(let parts):
      return parts.allSatisfy { inner in
        inner.shape == part.shape
          && ScaledArray(inner).array.map { chainParts($0).allSatisfy(isTurned) } == true
      }
    default: return false
    }
  }

  /// … @ ones(m) @ ones(1, n) as … @ ones(m, n).
  private static func filledProduct(_ product: Expression, _ last: Expression) -> Expression? {
    guard case .fill(let b, .matrix(.number(1), let n)) = last.node, b.isOne,
      case .product(let front, let ones) = product.node,
      case .fill(let a, .vector(let m)) = ones.node, a.isOne
    else { return nil }
    return try? .product(front, .fill(.one, .matrix(m, n)))
  }

  /// The matrix whose rows are summed in A @ ones(n), or nil for anything else.
  static func summedRows(_ vector: Expression) -> Expression? {
    let parts = chainParts(vector)
    guard parts.count > 1, let last = parts.last, case .fill(let number, .vector) = last.node,
      number.isOne
    else { return nil }
    return chain(Array(parts.dropLast()))
  }

  /// Whether it is A @ ones(n), scaled or not.
  static func isRowSum(_ vector: Expression) -> Bool {
    ScaledArray(vector).array.flatMap(summedRows) != nil
  }

  /// diag(v) @ A as a chain; where v is the sums of rows, column(v) ⊙ A, as for the rows of a batch.
  static func scalingRows(of matrix: Expression, by vector: Expression) -> [Expression]? {
    guard let sums = rowSums(vector) else {
      return (try? Expression.diagonal(vector)).map { [$0, matrix] }
    }
    guard let column = try? Expression.column(sums) else { return nil }
    return scaled(matrix, by: column, isFirst: true).map { [$0] }
  }

  /// A @ diag(v), as a chain of other parts; where v is the sums of rows, A ⊙ v.
  static func scalingColumns(of parts: [Expression], by vector: Expression) -> [Expression]? {
    guard let sums = rowSums(vector) else {
      return (try? Expression.diagonal(vector)).map { parts + [$0] }
    }
    return chain(parts).flatMap { scaled($0, by: sums, isFirst: false) }.map { [$0] }
  }

  /// A @ ones(n), scaled or not, as column(sum(A, axis = 2)); nil for anything else.
  static func columnOfSums(_ vector: Expression) -> Expression? {
    var scale = ScaledArray(vector)
    guard let sums = scale.array.flatMap(rowSums), let column = try? Expression.column(sums) else {
      return nil
    }
    scale.array = column
    return scale.expression
  }

  /// A @ ones(n), scaled or not, as sum(A, axis = 2); nil for anything else.
  private static func rowSums(_ vector: Expression) -> Expression? {
    var scale = ScaledArray(vector)
    guard let matrix = scale.array.flatMap(summedRows) else { return nil }
    if case .transpose(let turned) = matrix.node, turned.shape.isMatrix {
      scale.array = try? Expression.reduce(.sum, turned, axis: 1)
    } else {
      scale.array = try? Expression.reduce(.sum, matrix, axis: 2)
    }
    return scale.expression
  }

  /// column(v) ⊙ A or A ⊙ v, with the vector at the first or last factor of a product.
  private static func scaled(_ matrix: Expression, by vector: Expression, isFirst: Bool)
    -> Expression?
  {
    var parts = chainParts(matrix)
    if parts.count > 1 {
      let place = isFirst ? 0 : parts.count - 1
      guard let part = scaled(parts[place], by: vector, isFirst: isFirst) else { return nil }
      parts[place] = part
      return chain(parts)
    }
    if case .multiply(var factors) = matrix.node,
      let place = factors.lastIndex(where: { chainParts($0).count > 1 }),
      let product = scaled(factors[place], by: vector, isFirst: isFirst)
    {
      factors[place] = product
      return multiply(factors)
    }
    return multiply(isFirst ? [vector, matrix] : [matrix, vector])
  }

  /// kron(A, B) with the scalars of both in front.
  static func kronecker(_ a: Expression, _ b: Expression) -> Expression? {
    product(a, b) { try .arranged(.kron, [$0, $1]) }
  }

  /// What is linear in two arrays, with their scalars in front.
  private static func product(
    _ a: Expression, _ b: Expression, _ make: (Expression, Expression) throws -> Expression
  ) -> Expression? {
    var scaled = ScaledArray(a)
    let other = ScaledArray(b)
    guard let first = scaled.array, let second = other.array, let array = try? make(first, second)
    else { return nil }
    scaled.number = scaled.number * other.number
    scaled.numerators += other.numerators
    scaled.denominators += other.denominators
    scaled.array = array
    return scaled.expression
  }

  /// u × v with the scalars of both in front.
  static func crossed(_ u: Expression, _ v: Expression) -> Expression? {
    product(u, v) { try .arranged(.cross, [$0, $1]) }
  }

  /// The matrix M with M v = u × v.
  static func crossMatrix(_ u: Expression) -> Expression? {
    var scaled = ScaledArray(u)
    let entries = (1...3).compactMap { i in
      scaled.array.flatMap { try? Expression.entry($0, [.value(.number(i))]) }
    }
    guard entries.count == 3 else { return nil }
    let (a, b, c) = (entries[0], entries[1], entries[2])
    scaled.array = try? Expression.list([
      .list([0, -c, b]), .list([c, 0, -a]), .list([-b, a, 0]),
    ])
    return scaled.array == nil ? nil : scaled.expression
  }

  /// The transpose, pushed inside scalings, products and cases, and cancelled.
  static func transposed(_ expression: Expression) -> Expression? {
    switch expression.node {
    case .transpose(let a): return a
    case .identity: return expression
    case .symbol(let symbol) where symbol.structure?.isSymmetric == true: return expression
    case .diagonal where expression.shape.dimensions.count == 2: return expression
    case .matrixFunction(_, let a) where transposed(a) == a: return expression
    case .list(let rows) where rows.allSatisfy({ $0.listedEntries != nil }):
      let columns = rows.compactMap(\.listedEntries)
      return try? .list(
        columns[0].indices.map { j throws(CalculusError) in
          try .list(columns.map { $0[j] })
        })
    case .fill(let number, .matrix(let m, let n)) where m.isOne: return .fill(number, .vector(n))
    case .fill(let number, .matrix(let m, let n)): return .fill(number, .matrix(n, m))
    case .product:
      return chain(chainParts(expression).reversed().compactMap(transposed))
    case .multiply(let parts)
    where expression.shape.isMatrix
      && parts.contains(where: { $0.isColumn || $0.shape.isVector && !expression.shape.isRow }):
      // (A ⊙ v)ᵀ is column(v) ⊙ Aᵀ.
      let turned = parts.compactMap { part -> Expression? in
        if part.shape == .scalar { return part }
        if part.shape.isVector { return try? .column(part) }
        return transposed(part)
      }
      let vectors = turned.filter { $0.isColumn || $0.shape.isVector }
      let matrices = turned.filter { !$0.isColumn && !$0.shape.isVector }
      let ordered = vectors.allSatisfy(\.isColumn) ? vectors + matrices : matrices + vectors
      guard let product = multiply(ordered), product.shape.dimensions.count == 2 else { break }
      return product
    case .choose(let condition, let a, let b)
    where condition.shape == .scalar && a.shape == expression.shape && b.shape == a.shape:
      guard let a = transposed(a), let b = transposed(b) else { return nil }
      return try? .choose(condition, a, b)
    case .add(let parts)
    where parts.allSatisfy({ $0.shape == expression.shape })
      && (expression.shape.isRow
        || parts.contains(where: { part in
          let scaled = ScaledArray(part)
          return chainParts(scaled.array ?? part).dropLast().contains {
            switch $0.node {
            case .transpose: true
            case .add: scaled.denominators.isEmpty && transposed($0) == $0
            default: false
            }
          }
        })):
      let moved = parts.compactMap(transposed)
      return moved.count == parts.count ? try? .add(moved) : nil
    case .add(let parts) where parts.allSatisfy({ $0.shape == expression.shape }):
      // A + Aᵀ is its own transpose; (Aᵀ + B)ᵀ is shorter as A + Bᵀ.
      let moved = parts.compactMap(transposed)
      if Set(moved) == Set(parts) { return expression }
      let sizes = [moved, parts].map { $0.reduce(0) { $0 + $1.writtenSize } }
      if moved.count == parts.count,
        sizes[0] < sizes[1] || sizes[0] == sizes[1] && expression.shape.isMatrix
      {
        return try? .add(moved)
      }
    default: break
    }
    var scaled = ScaledArray(expression)
    let isScaled =
      !scaled.number.isOne || !scaled.numerators.isEmpty || !scaled.denominators.isEmpty
    if isScaled, let array = scaled.array {
      guard let moved = transposed(array) else { return nil }
      scaled.array = moved
      return scaled.expression
    }
    return try? .transpose(expression)
  }

  /// An expression as an array of this shape, with ones for the dimensions that it lacks.
  static func filled(_ expression: Expression, to shape: ExpressionShape) -> Expression? {
    if expression.shape == shape { return expression }
    switch (expression.shape, shape) {
    case (.scalar, _):
      if let number = expression.number, number.isOne || number.isZero {
        return .fill(number, shape)
      }
      var scaled = ScaledArray(expression)
      scaled.array = .fill(.one, shape)
      return scaled.expression
    case (.matrix(_, .number(1)), .matrix(_, let n)):
      var scaled = ScaledArray(expression)
      guard case .transpose(let row)? = scaled.array?.node, case .transpose(let vector) = row.node
      else { return nil }
      if case .reduce(.sum, let a, let axis?) = vector.node,
        let matrix = axis == 2 ? a : transposed(a)
      {
        // The sums of rows in every column are A @ ones(k, n).
        let k = matrix.shape.dimensions[1]
        scaled.array = chain([matrix, .fill(.one, .matrix(k, n))])
      } else {
        scaled.array = chain([vector, .fill(.one, .matrix(.number(1), n))])
      }
      return scaled.expression
    case (.vector, .matrix(let m, _)):
      guard let row = transposed(expression) else { return nil }
      return chain([.fill(.one, .vector(m)), row])
    default: return nil
    }
  }

  /// A sum, with the factor that all products begin or end with taken out: xᵀ(A + Aᵀ).
  static func collected(_ parts: [Expression]) -> Expression? {
    var parts = parts
    var scaled = parts.map(ScaledArray.init)
    let terms = likeTerms(scaled)
    if terms.count < parts.count {
      if terms.isEmpty { return .fill(.zero, parts[0].shape) }
      guard let collected = terms.mapAll(\.expression) else { return nil }
      (parts, scaled) = (collected, terms)
    }
    guard parts.count > 1 else { return parts[0] }
    if let whole = sumOfSums(scaled) ?? sumOfProducts(scaled)
      ?? commonEnds(scaled, parts[0].shape)
    {
      return whole
    }
    return try? .add(flat(grouped(scaled) ?? parts))
  }

  /// Parts of a sum: what is a sum itself joins it.
  private static func flat(_ parts: [Expression]) -> [Expression] {
    parts.flatMap { part in
      if case .add(let inner) = part.node, inner.allSatisfy({ $0.shape == part.shape }) {
        return flat(inner)
      }
      return [part]
    }
  }

  /// Those parts together that begin or end alike: xᵀA + bᵀ + xᵀB as xᵀ(A + B) + bᵀ; nil where none do.
  private static func grouped(_ parts: [ScaledArray]) -> [Expression]? {
    var rest = parts
    var result: [Expression] = []
    var isGrouped = false
    while !rest.isEmpty {
      let first = rest.removeFirst()
      let ends = first.array.map(chainParts) ?? []
      func group(_ end: ([Expression]) -> Expression?) -> (Set<Int>, Expression)? {
        let alike = rest.indices.filter { i in
          ends.count > 1 && end(ends) == rest[i].array.map(chainParts).flatMap(end)
        }
        guard !alike.isEmpty, let shape = first.array?.shape else { return nil }
        return commonEnds([first] + alike.map { rest[$0] }, shape).map { (Set(alike), $0) }
      }
      if let (alike, sum) = group({ $0.first }) ?? group({ $0.last }) {
        rest = rest.indices.filter { !alike.contains($0) }.map { rest[$0] }
        result.append(sum)
        isGrouped = true
      } else if let expression = first.expression {
        result.append(expression)
      }
    }
    return isGrouped ? result : nil
  }

  /// Parts of one array and scalars as one part; those that cancel left out.
  private static func likeTerms(_ parts: [ScaledArray]) -> [ScaledArray] {
    var result: [ScaledArray] = []
    for part in parts {
      if let known = result.firstIndex(where: { $0.isAlike(part) }) {
        result[known].number = result[known].number + part.number
      } else {
        result.append(part)
      }
    }
    return result.filter { !$0.number.isZero }
  }

  /// A B C + A D C as A (B + D) C, with the sign that all parts have in front.
  private static func commonEnds(_ parts: [ScaledArray], _ shape: ExpressionShape) -> Expression? {
    let chains = parts.map { $0.array.map(chainParts) ?? [] }
    let most = (chains.map(\.count).min() ?? 0) - 1
    guard most > 0 else { return nil }
    func shared(_ isFront: Bool, _ most: Int) -> Int {
      var count = 0
      while count < most {
        let next = Set(chains.map { isFront ? $0[count] : $0[$0.count - 1 - count] })
        if next.count > 1 { break }
        count += 1
      }
      return count
    }
    let front = shared(true, most)
    let back = shared(false, most - front)
    // From both ends as much as possible, then less.
    for (front, back) in [(front, back), (front, 0), (0, shared(false, most)), (min(front, 1), 0)]
    where front + back > 0 {
      let isNegative = parts.allSatisfy(\.number.isNegative)
      let inner = Array(zip(parts, chains)).mapAll { part, chain -> Expression? in
        var rest = part
        if isNegative { rest.number = -rest.number }
        rest.array = self.chain(Array(chain[front..<chain.count - back]))
        return rest.expression
      }
      guard let inner, Set(inner.map(\.shape)).count == 1, let sum = sumOfRows(inner),
        let product = chain(chains[0].prefix(front) + [sum] + chains[0].suffix(back)),
        product.shape == shape
      else { continue }
      guard isNegative else { return product }
      var scaled = ScaledArray(product)
      scaled.number = -scaled.number
      return scaled.expression
    }
    return nil
  }

  /// A before Aᵀ, and plus before minus.
  private static func ordered(_ sum: Expression) -> Expression? {
    guard case .add(let parts) = sum.node else { return sum }
    let isLate: (Expression) -> Bool = { $0.withoutSign != nil }
    let plus = parts.filter { !isLate($0) }
    return try? .add(
      plus.filter { transposes($0) == 0 } + plus.filter { transposes($0) > 0 }
        + parts.filter(isLate))
  }

  /// sum(x) − sum(y) as sum(x − y), where they are of one shape.
  private static func sumOfSums(_ parts: [ScaledArray]) -> Expression? {
    let inner = parts.mapAll { part -> Expression? in
      guard part.array == nil, part.denominators.isEmpty, part.numerators.count == 1,
        case .reduce(.sum, let array, nil) = part.numerators[0].node
      else { return nil }
      return ScaledArray(number: part.number, array: array).expression
    }
    guard let inner, Set(inner.map(\.shape)).count == 1, let sum = try? Expression.add(inner) else {
      return nil
    }
    return try? .reduce(.sum, sum)
  }

  /// m ⊙ A − m ⊙ B as m ⊙ (A − B).
  private static func sumOfProducts(_ parts: [ScaledArray]) -> Expression? {
    let factors = parts.map { part -> [Expression] in
      if case .multiply(let factors)? = part.array?.node { factors } else { [] }
    }
    guard
      let common = factors[0].first(where: { factor in
        factor.shape == parts[0].array?.shape && factors.allSatisfy { $0.contains(factor) }
      })
    else { return nil }
    let rest = zip(parts, factors).mapAll { part, factors -> Expression? in
      guard let place = factors.firstIndex(of: common) else { return nil }
      var scaled = part
      scaled.array = multiply(factors.removing(at: place))
      return scaled.expression
    }
    guard let sum = rest.flatMap(collected), sum.shape == common.shape else { return nil }
    return multiply([common, sum])
  }

  /// xᵀ + yᵀ as (x + y)ᵀ.
  private static func sumOfRows(_ parts: [Expression]) -> Expression? {
    let columns = parts.mapAll { part -> Expression? in
      var scaled = ScaledArray(part)
      guard case .transpose(let turned)? = scaled.array?.node,
        part.shape.isMatrix, !part.shape.isRow || part == scaled.array
      else { return nil }
      scaled.array = turned
      return scaled.expression
    }
    if let columns, let sum = collected(columns) {
      return parts[0].shape.isRow ? try? .transpose(sum) : transposed(sum)
    }
    return collected(flat(parts)).flatMap(ordered)
  }
}

extension Expression {
  /// How many nodes it has written out; column(v) is one.
  var writtenSize: Double { treeSize { $0.isColumn ? 0 : 1 } }

  /// Whether it is column(v).
  fileprivate var isColumn: Bool {
    guard case .transpose(let row) = node, case .transpose(let vector) = row.node else {
      return false
    }
    return vector.shape.isVector
  }
}
