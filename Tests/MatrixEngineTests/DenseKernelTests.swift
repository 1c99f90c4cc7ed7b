import MatrixEngine
import Testing

@Suite("Kernels of a dense layer")
struct DenseKernelTests {
  static func check<Scalar: MatrixScalar>(
    _ type: Scalar.Type, m: Int, n: Int, k: Int, tolerance: Double
  ) throws {
    let arena = Arena<Scalar>()
    defer { arena.keepAlive() }
    let x: Matrix<Double> = ProductTests.random(m, n, seed: 1)
    let w: Matrix<Double> = ProductTests.random(n, k, seed: 2)
    let b: Matrix<Double> = ProductTests.random(1, k, seed: 3)
    let delta: Matrix<Double> = ProductTests.random(m, k, seed: 4)
    func near(_ buffer: Buffer<Scalar>, _ expected: Matrix<Double>) {
      #expect(buffer.count == expected.storage.count)
      for (x, y) in zip(buffer.doubles, expected.storage) { #expect(abs(x - y) < tolerance) }
    }
    let (bx, bw, bb) = (
      arena.allocate(x.storage), arena.allocate(w.storage), arena.allocate(b.storage)
    )
    let bd = arena.allocate(delta.storage)
    let z = arena.allocate(m * k)
    DenseKernels.affine(bx, bw, bb, into: z, m: m, n: n, k: k)
    near(z, try x.product(w).adding(b))
    let (gw, gb) = (arena.allocate(n * k), arena.allocate(k))
    for adds in [false, true] {
      DenseKernels.parameterGradients(
        bx, bd, weights: gw, biases: gb, m: m, n: n, k: k, adds: adds)
      let times: Double = adds ? 2 : 1
      near(gw, try x.transposedProduct(delta).scaled(by: times))
      near(gb, try delta.reduced(by: .sum, axis: 0).scaled(by: times))
    }
    let gx = arena.allocate(m * n)
    DenseKernels.inputGradient(bd, bw, into: gx, m: m, n: n, k: k)
    near(gx, try delta.product(w, transposesOther: true))
  }

  @Test(
    "they equal the matrix formulas, in both precisions",
    arguments: [(1, 1, 2), (1, 2, 3), (4, 2, 1), (5, 30, 40), (64, 50, 20)])
  func formulas(_ m: Int, _ n: Int, _ k: Int) throws {
    try DenseKernelTests.check(Double.self, m: m, n: n, k: k, tolerance: 1e-12)
    try DenseKernelTests.check(Float.self, m: m, n: n, k: k, tolerance: 1e-3)
  }

  @Test("gathering copies rows in the given order")
  func gathering() {
    let arena = Arena<Double>()
    defer { arena.keepAlive() }
    let source = arena.allocate([1, 2, 3, 4, 5, 6])
    let target = arena.allocate(4)
    DenseKernels.gather(source, rows: [2, 0], width: 2, into: target)
    #expect(target.doubles == [5, 6, 1, 2])
  }

  @Test("finite is finite", arguments: [Double.nan, .infinity, -.infinity])
  func finiteness(_ value: Double) {
    let arena = Arena<Double>()
    defer { arena.keepAlive() }
    let buffer = arena.allocate((0..<100).map { Double($0) * 1e300 })
    #expect(buffer.isFinite)
    buffer[71] = value
    #expect(!buffer.isFinite)
  }
}
