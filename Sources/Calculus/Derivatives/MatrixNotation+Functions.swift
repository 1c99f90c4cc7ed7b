/// Functions of whole matrices as a lecturer writes them.
extension MatrixNotation {
  /// det, trace, inverse, pseudoinverse of a matrix, with numbers and transposes outside.
  static func applying(_ function: MatrixFunction, to matrix: Expression) -> Expression? {
    var scaled = ScaledArray(matrix)
    guard let array = scaled.array else { return nil }
    switch function {
    case .trace: return trace(matrix)
    case .determinant:
      if case .transpose(let turned) = matrix.node { return applying(function, to: turned) }
      if case .identity = matrix.node { return .number(1) }
      return try? .matrixFunction(function, matrix)
    case .inverse, .pseudoinverse:
      scaled.number = scaled.number.reciprocal
      (scaled.numerators, scaled.denominators) = (scaled.denominators, scaled.numerators)
      switch array.node {
      case .identity: break
      case .matrixFunction(.inverse, let inner): scaled.array = inner
      case .transpose(let inner) where inner.shape.isMatrix:
        scaled.array = applying(function, to: inner).flatMap(transposed)
      default: scaled.array = try? .matrixFunction(function, array)
      }
      return scaled.array == nil ? nil : scaled.expression
    }
  }

  /// The trace of a product, begun with the factor that makes it shortest: tr(ABC) = tr(CAB) = tr((ABC)ᵀ).
  private static func trace(_ matrix: Expression) -> Expression? {
    var scaled = ScaledArray(matrix)
    guard let array = scaled.array else { return nil }
    let parts = chainParts(array)
    let turned = parts.reversed().compactMap(transposed)
    let isProduct = parts.allSatisfy(\.shape.isMatrix) && turned.count == parts.count
    let products =
      !isProduct
      ? [array]
      : [parts, turned].flatMap { parts in
        parts.indices.compactMap { chain(Array(parts[$0...] + parts[..<$0])) }
      }
    func isShorter(_ a: Expression, _ b: Expression) -> Bool {
      func measure(_ product: Expression) -> (Int, Int, Int) {
        let parts = chainParts(product)
        return (parts.count, transposes(product), -(parts.first?.text.count ?? 0))
      }
      return measure(a) == measure(b) ? a.text < b.text : measure(a) < measure(b)
    }
    guard let best = products.min(by: isShorter) else { return nil }
    let inner = ScaledArray(best)
    scaled.number = scaled.number * inner.number
    scaled.numerators += inner.numerators
    scaled.denominators += inner.denominators
    scaled.array = nil
    if case .identity(let n)? = inner.array?.node {
      scaled.numerators.append(.size(n))
    } else if let array = inner.array, let trace = try? Expression.matrixFunction(.trace, array) {
      scaled.numerators.append(trace)
    } else {
      return nil
    }
    return scaled.expression
  }

  /// How many transposes are in it.
  static func transposes(_ expression: Expression) -> Int {
    chainParts(ScaledArray(expression).array ?? expression)
      .count { if case .transpose = $0.node { true } else { false } }
  }

  // MARK: Inverses

  /// A⁻¹A = I in a product. Of matrices that are square one by one also (AX)⁻¹A = X⁻¹; X(XᵀX)⁻¹ = (X⁺)ᵀ.
  static func cancelled(_ parts: [Expression]) -> [Expression] {
    for (i, part) in parts.enumerated() {
      guard let inner = inverted(part) else { continue }
      let (before, behind) = (Array(parts[..<i]), Array(parts[(i + 1)...]))
      for count in stride(from: inner.count, to: 0, by: -1) {
        let (head, tail) = (Array(inner[..<count]), Array(inner.suffix(count)))
        if behind.starts(with: head), isSquare(head) {
          guard let rest = inverse(of: Array(inner[count...])) else { continue }
          return cancelled(before + rest + behind[count...])
        }
        if before.suffix(count) == tail[...], isSquare(tail) {
          guard let rest = inverse(of: Array(inner.dropLast(count))) else { continue }
          return cancelled(Array(before.dropLast(count)) + rest + behind)
        }
      }
      let half = inner.count / 2
      guard inner.count % 2 == 0, let factor = chain(Array(inner[half...])),
        transposed(factor).map(chainParts) == Array(inner[..<half]),
        let pseudoinverse = applying(.pseudoinverse, to: factor)
      else { continue }
      if behind.starts(with: inner[..<half]) {
        return cancelled(before + [pseudoinverse] + behind[half...])
      }
      if before.suffix(half) == inner[half...], let turned = transposed(pseudoinverse) {
        return cancelled(Array(before.dropLast(half)) + [turned] + behind)
      }
    }
    return parts
  }

  /// The factors of what a part is the inverse of, or nil.
  static func inverted(_ part: Expression) -> [Expression]? {
    switch part.node {
    case .matrixFunction(.inverse, let inner): chainParts(inner)
    case .transpose(let turned):
      if case .matrixFunction(.inverse, let inner) = turned.node {
        transposed(inner).map(chainParts)
      } else {
        nil
      }
    default: nil
    }
  }

  /// The inverse of a product as factors: none of no factors.
  private static func inverse(of parts: [Expression]) -> [Expression]? {
    if parts.isEmpty { return [] }
    return chain(parts).flatMap { applying(.inverse, to: $0) }.map { [$0] }
  }

  private static func isSquare(_ parts: [Expression]) -> Bool {
    parts[0].shape.dimensions.first == parts[parts.count - 1].shape.dimensions.last
  }

  /// The identity that stands for a product whose factors cancel.
  static func unit(_ part: Expression) -> Expression {
    part.shape.dimensions.first.map { .identity($0) } ?? part
  }
}
