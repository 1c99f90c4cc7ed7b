import MatrixEngine
import Testing

@Suite("Matrix products")
struct ProductTests {
  /// Sizes on both sides of the step from small products to packed ones.
  static let sizes = [
    (1, 1, 1), (1, 5, 3), (4, 1, 4), (7, 3, 2), (16, 16, 16), (17, 16, 16), (40, 60, 30),
    (1, 300, 300), (300, 300, 1), (128, 65, 33),
  ]

  static func random<Scalar: MatrixScalar>(_ rows: Int, _ columns: Int, seed: Int)
    -> Matrix<Scalar>
  {
    var source = RandomSource(seed: seed)
    return Matrix(
      rows: rows, columns: columns,
      storage: (0..<(rows * columns)).map { _ in Scalar(source.uniform(from: -1, to: 1)) })
  }

  static func naive<Scalar: MatrixScalar>(_ a: Matrix<Scalar>, _ b: Matrix<Scalar>) -> [Double] {
    (0..<a.rows).flatMap { i in
      (0..<b.columns).map { j in
        (0..<a.columns).reduce(0.0) { $0 + Double(a[i, $1]) * Double(b[$1, j]) }
      }
    }
  }

  static func check<Scalar: MatrixScalar>(
    _ type: Scalar.Type, _ m: Int, _ k: Int, _ n: Int, tolerance: Double
  ) throws {
    let a: Matrix<Scalar> = random(m, k, seed: 1)
    let b: Matrix<Scalar> = random(k, n, seed: 2)
    let expected = naive(a, b)
    let results = [
      try a.product(b), try a.transposed().transposedProduct(b),
      try a.product(b.transposed(), transposesOther: true),
      try a.product(b, interrupt: InterruptFlag()),
    ]
    for result in results {
      #expect(result.shape == Shape(m, n))
      for (x, y) in zip(result.storage, expected) { #expect(abs(Double(x) - y) < tolerance) }
    }
  }

  @Test("all variants agree with the definition, in both precisions", arguments: sizes)
  func variants(_ m: Int, _ k: Int, _ n: Int) throws {
    try ProductTests.check(Double.self, m, k, n, tolerance: 1e-12)
    try ProductTests.check(Float.self, m, k, n, tolerance: 1e-3)
  }

  @Test("a matrix and vectors on either side")
  func vectors() throws {
    let a = Matrix<Double>(rows: 2, columns: 3, storage: [1, 2, 3, 4, 5, 6])
    let (u, v) = (Tensor<Double>.vector([1, -1]), Tensor<Double>.vector([1, 0, -1]))
    #expect(try a.times(v) == .vector([-2, -2]))
    #expect(try u.times(a) == .vector([-3, -3, -3]))
    #expect(try Tensor<Double>.row([1, 2, 3]).times(v) == .scalar(-2))
    #expect(try v.times(v) == .scalar(2))
    let outer = Matrix<Double>(rows: 2, columns: 3, storage: [3, 4, 5, -3, -4, -5])
    #expect(try u.times(.row([3, 4, 5])) == outer)
    #expect(throws: MatrixError.self) { try u.times(v) }
  }

  @Test("an inner dimension of 0 gives zeros, an outer one nothing")
  func emptySizes() throws {
    let a = Matrix<Double>(rows: 2, columns: 0, storage: [])
    #expect(try a.product(a.transposed()) == Matrix(rows: 2, columns: 2, repeating: 0))
    #expect(try a.transposed().product(a).shape == Shape(0, 0))
  }

  @Test("a mismatch names the operation and both shapes")
  func mismatch() {
    let a = Matrix<Double>(rows: 2, columns: 3, repeating: 1)
    #expect(
      throws: MatrixError.shapeMismatch(operation: "@", left: Shape(2, 3), right: Shape(2, 3))
    ) { try a.product(a) }
  }

  @Test("a result too large is refused before it is allocated")
  func limit() {
    let a = Matrix<Double>(rows: 10_000_000, columns: 1, repeating: 1)
    #expect(
      throws: MatrixError.tooLarge(operation: "@", shape: Shape(10_000_000, 10_000_000))
    ) { try a.product(a, transposesOther: true) }
  }

  @Test("products in pieces, and a raised flag stops them")
  func interrupts() throws {
    let a = Matrix<Double>(rows: 900, columns: 900, repeating: 0.5)
    let flag = InterruptFlag()
    #expect(try a.product(a, interrupt: flag)[899, 899] == 225)
    #expect(try a.transposedProduct(a, interrupt: flag)[0, 899] == 225)
    flag.raise()
    #expect(throws: MatrixError.interrupted(operation: "@")) {
      try a.product(a, interrupt: flag)
    }
  }

  @Test(
    "a product so long that it is cut to be interruptible is the same product",
    arguments: [(1100, 700, 800), (700, 1100, 800), (700, 800, 1100)])
  func cut(_ m: Int, _ k: Int, _ n: Int) throws {
    let a: Matrix<Double> = ProductTests.random(m, k, seed: 1)
    let b: Matrix<Double> = ProductTests.random(k, n, seed: 2)
    let whole = try a.product(b)
    let flag = InterruptFlag()
    for cut in [
      try a.product(b, interrupt: flag),
      try a.transposed().transposedProduct(b, interrupt: flag),
      try a.product(b.transposed(), transposesOther: true, interrupt: flag),
    ] {
      #expect(zip(whole.storage, cut.storage).allSatisfy { abs($0 - $1) < 1e-11 })
    }
    flag.raise()
    #expect(throws: MatrixError.interrupted(operation: "@")) { try a.product(b, interrupt: flag) }
  }
}
