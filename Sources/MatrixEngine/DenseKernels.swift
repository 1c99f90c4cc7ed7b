/// The matrix steps of a dense layer, on buffers.
///
/// Shape: `x: [m, n]`, `w: [n, k]`, `b: [k]`, `z`, `delta: [m, k]`, all row by row.
/// A product ends early, its result half written, when the interrupt flag is raised: who gives one looks at it
/// before using the result.
@usableFromInline package enum DenseKernels<Scalar: MatrixScalar> {
  /// Z = X·W + b, with b on every row.
  @inlinable
  package static func affine(
    _ x: Buffer<Scalar>, _ w: Buffer<Scalar>, _ b: Buffer<Scalar>, into z: Buffer<Scalar>,
    m: Int, n: Int, k: Int, interrupt: InterruptFlag? = nil
  ) {
    precondition(x.count >= m * n && w.count >= n * k && b.count >= k && z.count >= m * k)
    multiply(
      x, false, w, false, into: z, m: m, k: n, n: k, adds: false, bias: b.base, interrupt)
  }

  /// ∂L/∂W = Xᵀ·∂L/∂Z, and ∂L/∂b = the column sums of ∂L/∂Z; added to what is there if asked.
  @inlinable
  package static func parameterGradients(
    _ x: Buffer<Scalar>, _ delta: Buffer<Scalar>, weights: Buffer<Scalar>, biases: Buffer<Scalar>,
    m: Int, n: Int, k: Int, adds: Bool, interrupt: InterruptFlag? = nil
  ) {
    precondition(
      x.count >= m * n && delta.count >= m * k && weights.count >= n * k && biases.count >= k)
    multiply(x, true, delta, false, into: weights, m: n, k: m, n: k, adds: adds, interrupt)
    Scalar.sumColumns(delta.base, m, k, into: biases.base, adds: adds)
  }

  /// ∂L/∂X = ∂L/∂Z·Wᵀ.
  @inlinable
  package static func inputGradient(
    _ delta: Buffer<Scalar>, _ w: Buffer<Scalar>, into x: Buffer<Scalar>, m: Int, n: Int, k: Int,
    interrupt: InterruptFlag? = nil
  ) {
    precondition(delta.count >= m * k && w.count >= n * k && x.count >= m * n)
    multiply(delta, false, w, true, into: x, m: m, k: k, n: n, adds: false, interrupt)
  }

  /// C = op(A)·op(B), added to what is there if asked. Shape: `op(a): [m, k]`, `op(b): [k, n]`, `c: [m, n]`; an operand
  /// marked transposed is stored the other way round.
  package static func product(
    _ a: Buffer<Scalar>, isTransposed isATransposed: Bool = false, _ b: Buffer<Scalar>,
    isTransposed isBTransposed: Bool = false, into c: Buffer<Scalar>, m: Int, k: Int, n: Int,
    adds: Bool
  ) {
    precondition(a.count >= m * k && b.count >= k * n && c.count >= m * n)
    multiply(a, isATransposed, b, isBTransposed, into: c, m: m, k: k, n: n, adds: adds, nil)
  }

  /// C = A·op(B), added to what is there if asked, where rows of A and C lie apart. Shape: `a: [m, k]`,
  /// `op(b): [k, n]`, `c: [m, n]`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package static func product(
    _ a: BufferRows<Scalar>, _ b: Buffer<Scalar>, isTransposed: Bool, into c: BufferRows<Scalar>,
    adds: Bool
  ) {
    precondition(a.rows == c.rows && b.count >= a.columns * c.columns)
    var call = ProductCall(
      m: a.rows, k: a.columns, n: c.columns, a: a.base, isATransposed: false, b: b.base,
      isBTransposed: isTransposed, c: c.base, accumulates: adds)
    (call.aDistance, call.cDistance) = (a.distance, c.distance)
    _ = call.run()
  }

  /// C = Aᵀ·B, added to what is there if asked. Shape: `a: [k, m]`, `b: [k, n]`, `c: [m, n]`.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  package static func product(
    transposed a: BufferRows<Scalar>, _ b: BufferRows<Scalar>, into c: Buffer<Scalar>, adds: Bool
  ) {
    precondition(a.rows == b.rows && c.count >= a.columns * b.columns)
    var call = ProductCall(
      m: a.columns, k: a.rows, n: b.columns, a: a.base, isATransposed: true, b: b.base,
      isBTransposed: false, c: c.base, accumulates: adds)
    (call.aDistance, call.bDistance) = (a.distance, b.distance)
    _ = call.run()
  }

  /// Whether a layer's products of m rows look at an interrupt flag on the way.
  package static func isLong(m: Int, n: Int, k: Int) -> Bool {
    m * n * k > ProductCall<Scalar>.multiplicationsPerPoll
  }

  @inlinable @inline(__always)
  static func multiply(
    _ a: Buffer<Scalar>, _ isATransposed: Bool, _ b: Buffer<Scalar>, _ isBTransposed: Bool,
    into c: Buffer<Scalar>, m: Int, k: Int, n: Int, adds: Bool,
    bias: UnsafePointer<Scalar>? = nil, _ interrupt: InterruptFlag?
  ) {
    _ = ProductCall(
      m: m, k: k, n: n, a: a.base, isATransposed: isATransposed, b: b.base,
      isBTransposed: isBTransposed, c: c.base, accumulates: adds, bias: bias
    ).run(interrupt: interrupt)
  }

  /// Copies the rows of `source` that `indices` names, counted from 0, to the front of `target`.
  @inlinable
  package static func gather(
    _ source: Buffer<Scalar>, rows indices: ArraySlice<Int>, width: Int,
    into target: Buffer<Scalar>
  ) {
    precondition(target.count >= indices.count * width)
    var position = target.base
    for i in indices {
      precondition(i >= 0 && (i + 1) * width <= source.count)
      position.update(from: source.base + i * width, count: width)
      position += width
    }
  }
}
