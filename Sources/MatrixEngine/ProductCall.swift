/// One product of row-by-row matrices in memory: C = op(A)·op(B), added to C if asked.
///
/// Shape: `op(A): [m, k]`, `op(B): [k, n]`, `C: [m, n]`; an operand marked transposed is stored
/// the other way round, `A: [k, m]`, `B: [n, k]`.
/// Invariant: the three blocks hold these numbers of elements, and C overlaps neither operand.
@usableFromInline package struct ProductCall<Scalar: MatrixScalar> {
  @usableFromInline var m: Int
  @usableFromInline var k: Int
  @usableFromInline var n: Int
  @usableFromInline var a: UnsafePointer<Scalar>
  @usableFromInline var isATransposed: Bool
  @usableFromInline var b: UnsafePointer<Scalar>
  @usableFromInline var isBTransposed: Bool
  @usableFromInline var c: UnsafeMutablePointer<Scalar>
  @usableFromInline var accumulates: Bool
  /// From one stored row to the next; more than a row has where this is a part of a larger product.
  @usableFromInline var aStride: Int
  @usableFromInline var bStride: Int
  @usableFromInline var cStride: Int

  @inlinable
  init(
    m: Int, k: Int, n: Int, a: UnsafePointer<Scalar>, isATransposed: Bool,
    b: UnsafePointer<Scalar>, isBTransposed: Bool, c: UnsafeMutablePointer<Scalar>,
    accumulates: Bool
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
    aStride = isATransposed ? m : k
    bStride = isBTransposed ? k : n
    cStride = n
  }

  /// Below this number of multiplications plain loops beat the call of a BLAS routine.
  @inlinable static var loopLimit: Int { 4096 }

  /// How many multiplications fit between two looks at the interrupt flag: some 5 to 15 ms.
  static var multiplicationsPerPoll: Int { 1 << 28 }

  /// Computes the product; false when the interrupt flag was raised (C is then half written).
  @inlinable
  func run(interrupt: InterruptFlag? = nil) -> Bool {
    if m * n * k <= ProductCall.loopLimit {
      runLoops()
      return true
    }
    return runLibrary(interrupt: interrupt)
  }

  /// The product by BLAS, in pieces when it is long and may be interrupted.
  ///
  /// The longest side is halved, again and again: BLAS rearranges both operands of every piece, which costs least
  /// beside its multiplications where the sides are alike.
  @usableFromInline
  func runLibrary(interrupt: InterruptFlag?) -> Bool {
    if interrupt?.isRaised ?? false { return false }
    guard interrupt != nil, m * n * k > ProductCall.multiplicationsPerPoll else {
      runPanel()
      return !(interrupt?.isRaised ?? false)
    }
    let longest = max(m, n, k)
    // A whole number of the blocks that BLAS works in.
    let half = min(longest - 1, (longest / 2 + 63) / 64 * 64)
    var (first, second) = (self, self)
    if n == longest {
      (first.n, second.n) = (half, n - half)
      second.b = b + half * (isBTransposed ? bStride : 1)
      second.c = c + half
    } else if m == longest {
      (first.m, second.m) = (half, m - half)
      second.a = a + half * (isATransposed ? 1 : aStride)
      second.c = c + half * cStride
    } else {
      (first.k, second.k) = (half, k - half)
      second.a = a + half * (isATransposed ? aStride : 1)
      second.b = b + half * (isBTransposed ? 1 : bStride)
      second.accumulates = true
    }
    return first.runLibrary(interrupt: interrupt) && second.runLibrary(interrupt: interrupt)
  }

  private func runPanel() {
    if !Scalar.blasProduct(self) { runLoops() }
  }

  /// The product by loops whose innermost runs along rows in memory.
  @inlinable
  func runLoops() {
    let (aStride, bStride, cStride) = (aStride, bStride, cStride)
    if !accumulates {
      if cStride == n {
        c.update(repeating: 0, count: m * n)
      } else {
        for i in 0..<m { (c + i * cStride).update(repeating: 0, count: n) }
      }
    }
    switch (isATransposed, isBTransposed) {
    case (false, false):
      for i in 0..<m {
        let row = c + i * cStride
        for p in 0..<k {
          let factor = a[i * aStride + p]
          let other = b + p * bStride
          for j in 0..<n { row[j] += factor * other[j] }
        }
      }
    case (true, false):
      for p in 0..<k {
        let other = b + p * bStride
        for i in 0..<m {
          let factor = a[p * aStride + i]
          let row = c + i * cStride
          for j in 0..<n { row[j] += factor * other[j] }
        }
      }
    case (false, true):
      for i in 0..<m {
        let row = a + i * aStride
        for j in 0..<n {
          let other = b + j * bStride
          var total: Scalar = 0
          for p in 0..<k { total += row[p] * other[p] }
          c[i * cStride + j] += total
        }
      }
    case (true, true):
      for i in 0..<m {
        for j in 0..<n {
          var total: Scalar = 0
          for p in 0..<k { total += a[p * aStride + i] * b[j * bStride + p] }
          c[i * cStride + j] += total
        }
      }
    }
  }
}
