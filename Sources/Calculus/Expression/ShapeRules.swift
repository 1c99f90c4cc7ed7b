/// Why two shapes do not fit each other.
package enum ShapeMismatch: Error {
  /// Sizes that meet are not equal, or there is no such operation.
  case sizes
  /// A 1×n matrix beside a vector, element by element.
  case rowMeetsVector
  /// An n×1 matrix beside a vector, element by element: entry by entry, or every pair?
  case columnMeetsVector
  /// They would fit if two sizes were equal, of which one is unknown, or a name beside a number.
  case mustAgree(Dimension, Dimension)
}

/// How shapes meet, for values, whose sizes are numbers, and for formulas, whose sizes may be names.
extension ExpressionShape {
  /// The shape of two operands joined element by element. A vector joins a matrix as a row; other shapes are
  /// aligned at their last sizes, and sizes of 1 are repeated.
  package func joined(with other: ExpressionShape) throws(ShapeMismatch) -> ExpressionShape {
    switch (self, other) {
    case (_, .scalar): return self
    case (.scalar, _): return other
    case (.vector(let n), .vector(let m)):
      try n.requireEqual(m)
      return self
    case (.vector(let n), .matrix(let m, let k)), (.matrix(let m, let k), .vector(let n)):
      if m.isOne { throw .rowMeetsVector }
      if k.stretches, !n.stretches, m != .number(0), n != .number(0) { throw .columnMeetsVector }
      if !n.stretches { try k.requireEqual(n) }
      return .matrix(m, k)
    default:
      let (a, b) = (dimensions, other.dimensions)
      var sizes = a.count < b.count ? b : a
      for place in 1...min(a.count, b.count) {
        let (p, q) = (a[a.count - place], b[b.count - place])
        if !p.stretches, !q.stretches { try p.requireEqual(q) }
        sizes[sizes.count - place] = p.stretches ? q : p
      }
      return ExpressionShape(sizes)
    }
  }

  /// The shape of a @ b: matrices m×k and k×n → m×n; matrix and vector; vector and matrix (the vector as a
  /// row); two vectors: the dot product; vector and row: the outer product; scalars scale.
  package func product(with other: ExpressionShape) throws(ShapeMismatch) -> ExpressionShape {
    switch (self, other) {
    case (_, .scalar): return self
    case (.scalar, _): return other
    case (.vector(let n), .vector(let m)):
      try n.requireEqual(m)
      return .scalar
    case (.matrix(let m, let k), .vector(let n)):
      try k.requireEqual(n)
      return m.isOne ? .scalar : .vector(m)
    case (.vector(let n), .matrix(let m, let k)):
      if m.isOne { return .matrix(n, k) }
      try n.requireEqual(m)
      return .vector(k)
    case (.matrix(let m, let k), .matrix(let l, let n)):
      try k.requireEqual(l)
      return .matrix(m, n)
    default: throw .sizes
    }
  }
}

extension Dimension {
  func requireEqual(_ other: Dimension) throws(ShapeMismatch) {
    guard self != other, !(stretches && other.stretches) else { return }
    switch (self, other) {
    // A declared n that meets a vector of 3 is 3.
    case (.unknown, _), (.name, .number): throw .mustAgree(self, other)
    case (_, .unknown), (.number, .name): throw .mustAgree(other, self)
    case (.made, _), (_, .made):
      guard Dimension.solved(self, other) != nil else { throw .sizes }
      throw .mustAgree(self, other)
    default: throw .sizes
    }
  }
}

extension CalculusError {
  /// The error of an operation on expressions whose shapes do not fit.
  init(
    _ mismatch: ShapeMismatch, _ operation: String, _ left: ExpressionShape,
    _ right: ExpressionShape
  ) {
    self =
      switch mismatch {
      case .sizes, .rowMeetsVector:
        .shapeMismatch(operation: operation, left: left, right: right)
      case .columnMeetsVector: .columnMeetsVector
      case .mustAgree(let first, let second): .sizesMustAgree(first, second)
      }
  }
}
