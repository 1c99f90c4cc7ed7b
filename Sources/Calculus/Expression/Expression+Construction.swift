import Notation

/// Constructors. Each says which shapes it takes and gives; all throw `CalculusError.shapeMismatch`,
/// naming both shapes, or `.wrongShape`.
extension Expression {
  package static func number(_ value: Number) -> Expression { Expression(.number(value), .scalar) }
  package static func number(_ value: Int) -> Expression { .number(Number(value)) }
  package static func number(_ value: Double) -> Expression { .number(Number(value)) }
  package static func constant(_ constant: NamedConstant) -> Expression {
    Expression(.constant(constant), .scalar)
  }
  package static func symbol(_ symbol: Symbol) -> Expression {
    Expression(.symbol(symbol), symbol.shape)
  }
  package static func symbol(_ name: String, _ shape: ExpressionShape = .scalar) -> Expression {
    .symbol(Symbol(name, shape))
  }
  package static func symbol(_ quantity: Quantity, _ shape: ExpressionShape = .scalar) -> Expression
  {
    .symbol(Symbol(quantity, shape))
  }
  /// A size as a number.
  package static func size(_ dimension: Dimension) -> Expression {
    if let count = dimension.count { return .number(count) }
    if case .made = dimension { return dimension.expression }
    return Expression(.size(dimension), .scalar)
  }
  /// The value of an index, such as the first `i` of `sum(i*x[i] for i in 1:n)`.
  package static func index(_ name: String) -> Expression { Expression(.index(name), .scalar) }

  /// a + b + …, with broadcasting. Shape: equal, or scalars, or a vector as a matrix's row.
  package static func add(_ parts: [Expression]) throws(CalculusError) -> Expression {
    Expression(.add(parts), try broadcast(parts, "+"))
  }
  /// a − b, with broadcasting.
  package static func subtract(_ a: Expression, _ b: Expression) throws(CalculusError) -> Expression
  {
    _ = try broadcast([a, b], "-")
    return try add([a, negate(b)])
  }
  /// −a; a number's sign is its own.
  package static func negate(_ a: Expression) -> Expression {
    if let number = a.number { return .number(-number) }
    return Expression(.multiply([.number(-1), a]), a.shape)
  }
  /// a ⊙ b ⊙ …, with broadcasting; scalars scale.
  package static func multiply(_ parts: [Expression], usesTimes: Bool = false)
    throws(CalculusError) -> Expression
  {
    Expression(.multiply(parts), try broadcast(parts, "⊙"), usesTimes: usesTimes)
  }
  /// a ⊘ b, with broadcasting.
  package static func divide(_ a: Expression, _ b: Expression) throws(CalculusError) -> Expression {
    Expression(.divide(a, b), try broadcast([a, b], "⊘"))
  }
  /// a^b, element by element, with broadcasting.
  package static func power(_ a: Expression, _ b: Expression) throws(CalculusError) -> Expression {
    Expression(.power(a, b), try broadcast([a, b], "^"))
  }

  /// a @ b. Shape: matrices m×k and k×n → m×n; matrix and vector; vector and matrix (the vector as a
  /// row); two vectors: the dot product; vector and row: the outer product; scalars scale.
  package static func product(_ a: Expression, _ b: Expression) throws(CalculusError) -> Expression
  {
    if a.shape == .scalar || b.shape == .scalar { return try multiply([a, b]) }
    let isDot = a.shape.isVector && b.shape.isVector
    let shape: ExpressionShape
    do {
      shape = try a.shape.product(with: b.shape)
    } catch {
      throw CalculusError(error, isDot ? "·" : "@", a.shape, b.shape)
    }
    return Expression(.product(a, b), shape)
  }
  /// The dot product of two vectors of one size.
  package static func dot(_ a: Expression, _ b: Expression) throws(CalculusError) -> Expression {
    guard case .vector = a.shape, case .vector = b.shape else {
      throw .shapeMismatch(operation: "dot", left: a.shape, right: b.shape)
    }
    return try product(a, b)
  }
  /// aᵀ. Shape: `[n] → [1, n]`, `[m, n] → [n, m]`; a scalar is its own.
  package static func transpose(_ a: Expression) throws(CalculusError) -> Expression {
    switch a.shape {
    case .scalar: a
    case .vector(let n): Expression(.transpose(a), .matrix(.number(1), n))
    case .matrix(let m, let n): Expression(.transpose(a), .matrix(n, m))
    case .tensor: throw .wrongShape(operation: "transpose", shape: a.shape, expected: "a matrix")
    }
  }
  /// A vector as an n×1 matrix.
  package static func column(_ a: Expression) throws(CalculusError) -> Expression {
    try transpose(transpose(a))
  }

  /// f of every entry; the identity of a is a.
  package static func function(_ function: ElementFunction, _ a: Expression) -> Expression {
    function.isIdentity ? a : Expression(.function(function, a), a.shape)
  }
  /// The larger or smaller of two, with broadcasting.
  package static func extremum(_ kind: Extremum, _ a: Expression, _ b: Expression)
    throws(CalculusError) -> Expression
  {
    Expression(.extremum(kind, a, b), try broadcast([a, b], kind.rawValue))
  }
  /// sum, mean, max, min, norm of all entries, or of a matrix along an axis.
  /// Shape: `[…] → scalar`; axis 1 `[m, n] → [n]`; axis 2 `[m, n] → [m]`; of an array likewise.
  package static func reduce(_ kind: ExpressionReduction, _ a: Expression, axis: Int? = nil)
    throws(CalculusError) -> Expression
  {
    guard let axis else { return Expression(.reduce(kind, a, axis: nil), .scalar) }
    var sizes = a.shape.dimensions
    guard sizes.count > 1, (1...sizes.count).contains(axis) else {
      throw .wrongShape(
        operation: "\(kind.rawValue) with axis = \(axis)", shape: a.shape, expected: "a matrix")
    }
    sizes.remove(at: axis - 1)
    return Expression(.reduce(kind, a, axis: axis), ExpressionShape(sizes))
  }
  /// softmax of a vector, or of every row of a matrix.
  package static func softmax(_ a: Expression) throws(CalculusError) -> Expression {
    switch a.shape {
    case .vector, .matrix, .tensor: Expression(.softmax(a), a.shape)
    case .scalar: throw .wrongShape(operation: "softmax", shape: a.shape, expected: "a vector")
    }
  }
  /// Shape: `[n] → [n, n]`, `[n, n] → [n]`.
  package static func diagonal(_ a: Expression) throws(CalculusError) -> Expression {
    switch a.shape {
    case .vector(let n): return Expression(.diagonal(a), .matrix(n, n))
    case .matrix(let m, let n):
      try agree(m, n, "diag", a, a)
      return Expression(.diagonal(a), .vector(m))
    default:
      throw .wrongShape(operation: "diag", shape: a.shape, expected: "a vector or square matrix")
    }
  }
  /// Shape: det, trace `[n, n] → scalar`; inv `[n, n] → [n, n]`; pinv `[m, n] → [n, m]`.
  package static func matrixFunction(_ function: MatrixFunction, _ a: Expression)
    throws(CalculusError) -> Expression
  {
    guard case .matrix(let m, let n) = a.shape else {
      throw .wrongShape(
        operation: function.rawValue, shape: a.shape,
        expected: function == .pseudoinverse ? "a matrix" : "a square matrix")
    }
    if function == .pseudoinverse { return Expression(.matrixFunction(function, a), .matrix(n, m)) }
    do {
      try m.requireEqual(n)
    } catch {
      if case .mustAgree(let first, let second) = error { throw .sizesMustAgree(first, second) }
      throw .wrongShape(
        operation: function.rawValue, shape: a.shape, expected: "a square matrix")
    }
    return Expression(.matrixFunction(function, a), function == .inverse ? a.shape : .scalar)
  }
  package static func identity(_ n: Dimension) -> Expression {
    Expression(.identity(n), .matrix(n, n))
  }
  /// ones, zeros, or another number in every entry.
  package static func fill(_ number: Number, _ shape: ExpressionShape) -> Expression {
    if case .scalar = shape { return .number(number) }
    return Expression(.fill(number, shape), shape)
  }
  /// `[a, b, …]`: a vector of scalars, or a matrix with vectors (or rows) of one size as its rows; where it may be an
  /// array, arrays of one shape make one of a dimension more.
  package static func list(_ parts: [Expression], mayBeArray: Bool = false) throws(CalculusError)
    -> Expression
  {
    guard let first = parts.first else {
      throw .wrongShape(operation: "[ ]", shape: .scalar, expected: "at least one entry")
    }
    var rows: [Expression] = []
    for part in parts {
      if case .transpose(let vector) = part.node, case .vector = vector.shape {
        rows.append(vector)
      } else {
        rows.append(part)
      }
    }
    if mayBeArray, first.shape.dimensions.count > 1 {
      for part in rows.dropFirst() {
        guard part.shape.dimensions.count == rows[0].shape.dimensions.count else {
          throw .shapeMismatch(operation: "[ ]", left: first.shape, right: part.shape)
        }
        for (n, m) in zip(rows[0].shape.dimensions, part.shape.dimensions) {
          try agree(n, m, "[ ]", rows[0], part)
        }
      }
      if rows[0].shape.dimensions.count > 1 {
        return Expression(
          .list(rows), ExpressionShape([.number(rows.count)] + rows[0].shape.dimensions))
      }
    }
    if rows.allSatisfy({ $0.shape.isMatrix && !$0.shape.isRow }) {
      throw .unsupported(
        "matrices in brackets make an array of three dimensions, which has no place in a formula")
    }
    for part in rows.dropFirst() {
      switch (rows[0].shape, part.shape) {
      case (.scalar, .scalar): break
      case (.vector(let n), .vector(let m)): try agree(n, m, "[ ]", rows[0], part)
      default: throw .shapeMismatch(operation: "[ ]", left: first.shape, right: part.shape)
      }
    }
    switch rows[0].shape {
    case .scalar: return Expression(.list(rows), .vector(.number(rows.count)))
    case .vector(let n): return Expression(.list(rows), .matrix(.number(rows.count), n))
    default:
      throw .wrongShape(operation: "[ ]", shape: rows[0].shape, expected: "numbers or vectors")
    }
  }
  package static func compare(_ comparison: Comparison, _ a: Expression, _ b: Expression)
    throws(CalculusError) -> Expression
  {
    Expression(.compare(comparison, a, b), try broadcast([a, b], comparison.rawValue))
  }
  /// `if condition { a } else { b }`, element by element.
  package static func choose(_ condition: Expression, _ a: Expression, _ b: Expression)
    throws(CalculusError) -> Expression
  {
    Expression(.choose(condition, a, b), try broadcast([condition, a, b], "if"))
  }

  /// `x[i]`, `A[i, j]`, `A[i, :]`; indices count from 1.
  ///
  /// Throws: `CalculusError.wrongShape` for another number of indices, `.outOfRange` for a number
  /// outside a numeric size.
  package static func entry(_ a: Expression, _ indices: [EntryIndex]) throws(CalculusError)
    -> Expression
  {
    let sizes = a.shape.dimensions
    guard sizes.count == indices.count, !sizes.isEmpty else {
      throw .wrongShape(
        operation: "[ ] with \(indices.count == 1 ? "one index" : "\(indices.count) indices")",
        shape: a.shape, expected: "as many indices as it has")
    }
    var left: [Dimension] = []
    for (index, size) in zip(indices, sizes) {
      switch index {
      case .all: left.append(size)
      case .range(let first, let last):
        for case .number(let i) in [first, last] {
          let count = if case .number(let n) = size { n } else { Int.max }
          guard i >= 1, i <= count else { throw .outOfRange(name: "[ ]", index: i, count: count) }
        }
        let count = last - first + .number(1)
        if case .number(let count) = count, count < 1 {
          throw .unsupported("a range in a formula goes up: \(first.text):\(last.text) is empty")
        }
        left.append(count)
      case .value(let value):
        guard case .scalar = value.shape else {
          throw .wrongShape(operation: "[ ]", shape: value.shape, expected: "a number")
        }
        if let i = value.number?.integer {
          var count = Int.max
          if case .number(let n) = size { count = n }
          guard i >= 1, i <= count else {
            throw .outOfRange(name: "[ ]", index: i, count: count)
          }
        }
      }
    }
    return Expression(.entry(a, indices), ExpressionShape(left))
  }
  /// `argmax(v)`: the position of the first largest entry.
  package static func position(_ kind: Extremum, _ a: Expression) throws(CalculusError)
    -> Expression
  {
    guard case .vector = a.shape else {
      throw .wrongShape(operation: "argmax", shape: a.shape, expected: "a vector")
    }
    return Expression(.position(kind, a), .scalar)
  }
  /// Σ of `body` over an index from … to; in `body` the index is `.index(name)`.
  package static func indexSum(
    _ name: String, from: Int = 1, to: Dimension, _ body: Expression
  ) throws(CalculusError) -> Expression {
    Expression(.indexSum(name, from: from, to: to, body), body.shape)
  }
  /// `[body for name in 1:size]`. Shape: the index first, then the body's.
  package static func array(_ name: String, _ size: Dimension, _ body: Expression) -> Expression {
    Expression(.array(name, size, body), ExpressionShape([size] + body.shape.dimensions))
  }
  /// An unknown function of scalars, mapped over arguments of one shape.
  package static func call(_ name: String, _ arguments: [Expression], orders: [Int]? = nil)
    throws(CalculusError) -> Expression
  {
    Expression(
      .call(name, orders: orders ?? arguments.map { _ in 0 }, arguments),
      try broadcast(arguments, name))
  }
  /// The same expression under a name, for derivations: the call `g(x)` of a known function.
  package static func named(_ name: String, _ a: Expression) -> Expression {
    Expression(.named(name, a), a.shape)
  }

  /// A formula whose named parts are read in this order; those that do not occur in it are left out.
  package static func steps(_ steps: [Expression], _ a: Expression) -> Expression {
    var found: Set<Fingerprint> = []
    func visit(_ part: Expression) {
      guard found.insert(part.fingerprint).inserted else { return }
      for child in part.node.children { visit(child) }
    }
    visit(a)
    let occurring = steps.filter { found.contains($0.fingerprint) }
    return occurring.isEmpty ? a : Expression(.steps(occurring, a), a.shape)
  }

  // MARK: Shapes

  /// A row as the vector of its entries; a vector is itself.
  ///
  /// Throws: `CalculusError.wrongShape` for anything else.
  package func asVector() throws(CalculusError) -> Expression {
    switch shape {
    case .vector: self
    case .matrix(let m, _) where m.isOne: try .entry(self, [.value(.number(1)), .all])
    default: throw .wrongShape(operation: "[ ]", shape: shape, expected: "vectors or rows")
    }
  }

  static func agree(
    _ n: Dimension, _ m: Dimension, _ operation: String, _ a: Expression, _ b: Expression
  ) throws(CalculusError) {
    do {
      try n.requireEqual(m)
    } catch {
      throw CalculusError(error, operation, a.shape, b.shape)
    }
  }

  /// The shape that element-wise operands have together.
  static func broadcast(_ parts: [Expression], _ operation: String) throws(CalculusError)
    -> ExpressionShape
  {
    var shape = ExpressionShape.scalar
    for part in parts {
      do {
        shape = try shape.joined(with: part.shape)
      } catch {
        throw CalculusError(error, operation, shape, part.shape)
      }
    }
    return shape
  }
}
