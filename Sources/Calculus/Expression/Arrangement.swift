/// What makes an array of others by placing their entries, multiplied or added up.
package enum Arrangement: Hashable, Sendable {
  /// Numbers and vectors one behind the other.
  case concat
  /// Matrices below, beside each other.
  case vstack, hstack
  /// The same entries, row by row, in another shape.
  case reshape(ExpressionShape)
  /// The Kronecker product.
  case kron
  /// The product of two vectors of three.
  case cross
  /// Every entry with those before it; of a matrix down (1) or along (2).
  case cumsum(axis: Int?)
  /// What a window sees at each of its places, a row each.
  case windows(Windows)
  /// An array of this shape of what windows see: every entry is the sum of its appearances in them.
  case overlap(Windows, ExpressionShape)

  /// Its name in the language.
  package var name: String {
    switch self {
    case .concat: "concat"
    case .vstack: "vstack"
    case .hstack: "hstack"
    case .reshape(.vector): "flatten"
    case .reshape: "reshape"
    case .kron: "kron"
    case .cross: "cross"
    case .cumsum: "cumsum"
    case .windows: "windows"
    case .overlap: "overlap"
    }
  }

  /// Whether it multiplies its operands; the others only move or add up entries.
  var isProduct: Bool { self == .kron || self == .cross }

  func mix(into mixer: inout FingerprintMixer) {
    mixer.mix(name)
    if case .reshape(let shape) = self { shape.mix(into: &mixer) }
    if case .cumsum(let axis) = self { mixer.mix(axis ?? 0) }
    if case .windows(let windows) = self { windows.mix(into: &mixer) }
    if case .overlap(let windows, let shape) = self {
      windows.mix(into: &mixer)
      shape.mix(into: &mixer)
    }
  }
}

extension Expression {
  /// An array made of others. Shape: `concat [n], [], [m] → [n + 1 + m]`; `vstack [m, n], [k, n] → [m + k, n]`, a
  /// vector as a row; `hstack [m, n], [m, k] → [m, n + k]`, a vector as a column; `kron [m, n], [p, q] → [mp, nq]`;
  /// `cross [3], [3] → [3]`; `cumsum` that of its operand; `windows [c, h, w] → [places, c·m·n]`, `overlap` back.
  package static func arranged(_ kind: Arrangement, _ parts: [Expression]) throws(CalculusError)
    -> Expression
  {
    guard let first = parts.first else {
      throw .wrongShape(operation: kind.name, shape: .scalar, expected: "something to join")
    }
    switch kind {
    case .concat:
      if parts.contains(where: \.shape.isMatrix) { return try arranged(.vstack, parts) }
      var count = Dimension.number(0)
      for part in parts { count = count + (part.shape.dimensions.first ?? .number(1)) }
      return Expression(.arranged(kind, parts), .vector(count))
    case .vstack, .hstack: return try stacked(parts, isBeside: kind == .hstack)
    case .reshape(let shape):
      let counts = [first.shape, shape].map { $0.dimensions.reduce(.number(1), *) }
      if counts[0] != counts[1] {
        do {
          try counts[0].requireEqual(counts[1])
        } catch {
          throw CalculusError(error, kind.name, first.shape, shape)
        }
      }
      return first.shape == shape ? first : Expression(.arranged(kind, [first]), shape)
    case .kron:
      let (a, b) = (first.shape.dimensions, parts[1].shape.dimensions)
      if a.isEmpty || b.isEmpty { return try multiply(parts) }
      guard a.count == b.count, a.count < 3 else {
        throw .shapeMismatch(operation: kind.name, left: first.shape, right: parts[1].shape)
      }
      return Expression(.arranged(kind, parts), ExpressionShape(zip(a, b).map { $0 * $1 }))
    case .cross:
      for part in parts {
        guard case .vector(let n) = part.shape else {
          throw .wrongShape(operation: kind.name, shape: part.shape, expected: "vectors of 3")
        }
        do {
          try n.requireEqual(.number(3))
        } catch {
          throw CalculusError(error, kind.name, part.shape, .vector(.number(3)))
        }
      }
      return Expression(.arranged(kind, parts), .vector(.number(3)))
    case .cumsum(let axis):
      guard axis == nil ? first.shape.isVector : first.shape.isMatrix && (1...2).contains(axis ?? 0)
      else {
        throw .wrongShape(
          operation: axis.map { "cumsum with axis = \($0)" } ?? kind.name, shape: first.shape,
          expected: axis == nil ? "a vector, or an axis" : "a matrix, and axis 1 or 2")
      }
      return Expression(.arranged(kind, parts), first.shape)
    case .windows(let windows):
      return Expression(.arranged(kind, parts), try windows.shape(over: first.shape))
    case .overlap(let windows, let shape):
      let seen = try windows.shape(over: shape).dimensions
      guard first.shape.dimensions.map(\.count) == seen.map(\.count) else {
        throw .wrongShape(
          operation: kind.name, shape: first.shape,
          expected: "\(seen.map(\.description).joined(separator: "×")), a row a window")
      }
      return Expression(.arranged(kind, parts), shape)
    }
  }

  private static func stacked(_ parts: [Expression], isBeside: Bool) throws(CalculusError)
    -> Expression
  {
    let kind: Arrangement = isBeside ? .hstack : .vstack
    var matrices: [Expression] = []
    for part in parts {
      switch part.shape {
      case .vector: matrices.append(isBeside ? try .column(part) : try .transpose(part))
      case .matrix: matrices.append(part)
      default:
        throw .wrongShape(
          operation: kind.name, shape: part.shape, expected: "vectors and matrices")
      }
    }
    var count = Dimension.number(0)
    let kept = matrices[0].shape.dimensions[isBeside ? 0 : 1]
    for matrix in matrices {
      let sizes = matrix.shape.dimensions
      try agree(kept, sizes[isBeside ? 0 : 1], kind.name, matrices[0], matrix)
      count = count + sizes[isBeside ? 1 : 0]
    }
    return Expression(
      .arranged(kind, matrices), isBeside ? .matrix(kept, count) : .matrix(count, kept))
  }

  /// What an operand of an arrangement is written as: a vector that stands as a column or a row.
  func writtenOperand(of kind: Arrangement) -> Expression {
    switch (kind, node) {
    case (.hstack, .transpose(let row)):
      if case .transpose(let vector) = row.node, vector.shape.isVector { return vector }
      return self
    case (.vstack, .transpose(let vector)) where vector.shape.isVector: return vector
    default: return self
    }
  }
}
