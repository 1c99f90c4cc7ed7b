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

  /// How many multiplications fit between two looks at the interrupt flag: some 10 ms.
  static var multiplicationsPerPoll: Int { 1 << 29 }

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
  /// The longest side is cut: BLAS rearranges both operands in every piece, and cutting m would have it
  /// rearrange all of B again, cutting n all of A, cutting k would have it read all of C again.
  @usableFromInline
  func runLibrary(interrupt: InterruptFlag?) -> Bool {
    guard let interrupt, m * n * k > ProductCall.multiplicationsPerPoll else {
      runPanel()
      return !(interrupt?.isRaised ?? false)
    }
    let longest = max(m, n, k)
    let length = max(1, ProductCall.multiplicationsPerPoll / (m * n * k / longest))
    var start = 0
    while start < longest {
      if interrupt.isRaised { return false }
      let count = min(length, longest - start)
      var panel = self
      if n == longest {
        panel.n = count
        panel.b = b + start * (isBTransposed ? bStride : 1)
        panel.c = c + start
      } else if m == longest {
        panel.m = count
        panel.a = a + start * (isATransposed ? 1 : aStride)
        panel.c = c + start * cStride
      } else {
        panel.k = count
        panel.a = a + start * (isATransposed ? aStride : 1)
        panel.b = b + start * (isBTransposed ? 1 : bStride)
        panel.accumulates = accumulates || start > 0
      }
      panel.runPanel()
      start += count
    }
    return !interrupt.isRaised
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
