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
  @usableFromInline
  func runLibrary(interrupt: InterruptFlag?) -> Bool {
    let work = m * n * k
    guard interrupt != nil, work > ProductCall.multiplicationsPerPoll, m > 1 else {
      runPanel()
      return !(interrupt?.isRaised ?? false)
    }
    // Panels of rows of op(A) and C. Of a transposed A the rows are columns of what is stored,
    // which the routine could only take with its leading dimension: panels of k instead.
    if isATransposed { return runInnerPanels(interrupt: interrupt) }
    let height = max(1, ProductCall.multiplicationsPerPoll / (n * k))
    var row = 0
    while row < m {
      if let interrupt, interrupt.isRaised { return false }
      var panel = self
      panel.m = min(height, m - row)
      panel.a = a + row * k
      panel.c = c + row * n
      panel.runPanel()
      row += height
    }
    return true
  }

  /// Panels of the summation index: A stored `[k, m]` and B stored `[k, n]` split by rows.
  private func runInnerPanels(interrupt: InterruptFlag?) -> Bool {
    guard !isBTransposed else {
      runPanel()
      return !(interrupt?.isRaised ?? false)
    }
    let depth = max(1, ProductCall.multiplicationsPerPoll / (m * n))
    var start = 0
    while start < k {
      if let interrupt, interrupt.isRaised { return false }
      var panel = self
      panel.k = min(depth, k - start)
      panel.a = a + start * m
      panel.b = b + start * n
      panel.accumulates = accumulates || start > 0
      panel.runPanel()
      start += depth
    }
    return true
  }

  private func runPanel() {
    if !Scalar.blasProduct(self) { runLoops() }
  }

  /// The product by loops whose innermost runs along rows in memory.
  @inlinable
  func runLoops() {
    if !accumulates { c.update(repeating: 0, count: m * n) }
    switch (isATransposed, isBTransposed) {
    case (false, false):
      for i in 0..<m {
        let row = c + i * n
        for p in 0..<k {
          let factor = a[i * k + p]
          let other = b + p * n
          for j in 0..<n { row[j] += factor * other[j] }
        }
      }
    case (true, false):
      for p in 0..<k {
        let other = b + p * n
        for i in 0..<m {
          let factor = a[p * m + i]
          let row = c + i * n
          for j in 0..<n { row[j] += factor * other[j] }
        }
      }
    case (false, true):
      for i in 0..<m {
        let row = a + i * k
        for j in 0..<n {
          let other = b + j * k
          var total: Scalar = 0
          for p in 0..<k { total += row[p] * other[p] }
          c[i * n + j] += total
        }
      }
    case (true, true):
      for i in 0..<m {
        for j in 0..<n {
          var total: Scalar = 0
          for p in 0..<k { total += a[p * m + i] * b[j * k + p] }
          c[i * n + j] += total
        }
      }
    }
  }
}
