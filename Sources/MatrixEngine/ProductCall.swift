/// One product of row-by-row matrices in memory: C = op(A)·op(B), added to C if asked.
///
/// Shape: `op(A): [m, k]`, `op(B): [k, n]`, `C: [m, n]`, `bias: [n]`; an operand marked transposed is stored
/// the other way round, `A: [k, m]`, `B: [n, k]`.
/// Invariant: the blocks hold these numbers of elements, and C overlaps no operand.
@usableFromInline package struct ProductCall<Scalar: MatrixScalar> {
  @usableFromInline let m: Int
  @usableFromInline let k: Int
  @usableFromInline let n: Int
  @usableFromInline let a: UnsafePointer<Scalar>
  @usableFromInline let isATransposed: Bool
  @usableFromInline let b: UnsafePointer<Scalar>
  @usableFromInline let isBTransposed: Bool
  @usableFromInline let c: UnsafeMutablePointer<Scalar>
  @usableFromInline let accumulates: Bool
  /// What every row of C starts from, where nothing is added to.
  @usableFromInline let bias: UnsafePointer<Scalar>?
  /// How far the rows lie apart, of A and B as they are stored.
  @usableFromInline var aDistance: Int
  @usableFromInline var bDistance: Int
  @usableFromInline var cDistance: Int

  @inlinable
  init(
    m: Int, k: Int, n: Int, a: UnsafePointer<Scalar>, isATransposed: Bool,
    b: UnsafePointer<Scalar>, isBTransposed: Bool, c: UnsafeMutablePointer<Scalar>,
    accumulates: Bool, bias: UnsafePointer<Scalar>? = nil
  ) {
    self.m = m
    self.k = k
    self.n = n
    self.a = a
    self.isATransposed = isATransposed
    self.b = b
    self.isBTransposed = isBTransposed
    self.c = c
    self.accumulates = accumulates
    self.bias = bias
    aDistance = isATransposed ? m : k
    bDistance = isBTransposed ? k : n
    cDistance = n
  }

  /// Up to this number of multiplications loops on the spot beat the call of a kernel.
  @inlinable static var loopLimit: Int { 16 }

  /// From how many multiplications on a product looks at the interrupt flag on its way.
  static var multiplicationsPerPoll: Int { 1 << 22 }

  /// Computes the product; false when the interrupt flag was raised (C is then half written).
  @inlinable
  func run(interrupt: InterruptFlag? = nil) -> Bool {
    if m * n * k <= ProductCall.loopLimit {
      runLoops()
      return true
    }
    return Scalar.multiply(self, interrupt: interrupt)
  }

  /// The product entry by entry, each sum in order.
  @inlinable
  func runLoops() {
    let (aRow, aColumn) = isATransposed ? (1, aDistance) : (aDistance, 1)
    let (bRow, bColumn) = isBTransposed ? (1, bDistance) : (bDistance, 1)
    for i in 0..<m {
      for j in 0..<n {
        var total: Scalar = accumulates ? c[i * cDistance + j] : bias?[j] ?? 0
        for p in 0..<k { total += a[i * aRow + p * aColumn] * b[p * bRow + j * bColumn] }
        c[i * cDistance + j] = total
      }
    }
  }
}
