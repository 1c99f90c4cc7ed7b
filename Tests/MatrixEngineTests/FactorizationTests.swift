import MatrixEngine
import Testing

@Suite("Determinants, solutions, rank and the pseudoinverse")
struct FactorizationTests {
  private static func matrix(_ rows: Int, _ columns: Int, _ entries: [Double]) -> Matrix<Double> {
    Matrix(rows: rows, columns: columns, storage: entries)
  }

  private static func distance(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
    zip(a.storage, b.storage).map { abs($0 - $1) }.max() ?? 0
  }

  @Test(
    "determinants that are known",
    arguments: [
      (1, [-3.0], -3), (2, [1, 2, 3, 4], -2), (2, [0, 1, 1, 0], -1),
      (3, [2, 0, 1, 1, 3, 2, 1, 1, 1], 0), (3, [6, 1, 1, 4, -2, 5, 2, 8, 7], -306),
      (3, [1, 2, 3, 4, 5, 6, 7, 8, 9], 0), (3, [0, 0, 1, 0, 1, 0, 1, 0, 0], -1), (0, [], 1),
    ])
  func determinants(_ n: Int, _ entries: [Double], _ expected: Double) throws {
    #expect(abs(try Self.matrix(n, n, entries).determinant() - expected) < 1e-12)
  }

  @Test("det(AB) = det A · det B", arguments: [2, 5, 9])
  func product(_ n: Int) throws {
    let (a, b): (Matrix<Double>, Matrix<Double>) = (
      ProductTests.random(n, n, seed: n), ProductTests.random(n, n, seed: n + 40)
    )
    let both = try a.product(b).determinant()
    #expect(abs(both - (try a.determinant() * b.determinant())) < 1e-12 * max(1, abs(both)))
  }

  @Test("A times the solution is the right side", arguments: [(1, 1), (4, 1), (7, 3)])
  func solutions(_ n: Int, _ k: Int) throws {
    let a: Matrix<Double> = ProductTests.random(n, n, seed: n)
    let b: Matrix<Double> = ProductTests.random(n, k, seed: n + 9)
    #expect(Self.distance(try a.product(a.solved(for: b)), b) < 1e-11)
    #expect(throws: MatrixError.self) { try a.solved(for: ProductTests.random(n + 1, k, seed: 1)) }
  }

  @Test("a singular matrix has no solutions and the determinant 0")
  func singular() throws {
    let a = Self.matrix(2, 2, [0.1, 0.2, 0.3, 0.6])
    #expect(try a.determinant() == 0)
    #expect(throws: MatrixError.singular(operation: "solve")) { try a.solved(for: a) }
    #expect(try Self.matrix(1, 1, [.nan]).determinant().isNaN)
  }

  @Test("the rank of a product of m×r and r×n", arguments: [(5, 4, 2), (3, 6, 3), (6, 6, 1)])
  func ranks(_ m: Int, _ n: Int, _ r: Int) throws {
    let left: Matrix<Double> = ProductTests.random(m, r, seed: m)
    let product = try left.product(ProductTests.random(r, n, seed: n + 7))
    #expect(try product.rank() == r)
    #expect(try Matrix<Double>(rows: m, columns: n, repeating: 0).rank() == 0)
  }

  @Test(
    "the four equations of Penrose", arguments: [(4, 2, 2), (2, 4, 2), (5, 5, 3), (3, 3, 3)])
  func pseudoinverse(_ m: Int, _ n: Int, _ r: Int) throws {
    let left: Matrix<Double> = ProductTests.random(m, r, seed: m + r)
    let a = try left.product(ProductTests.random(r, n, seed: n + 3))
    let p = try a.pseudoinverse()
    #expect(p.sizes == [n, m])
    let (ap, pa) = (try a.product(p), try p.product(a))
    #expect(Self.distance(try ap.product(a), a) < 1e-11)
    #expect(Self.distance(try pa.product(p), p) < 1e-10)
    #expect(Self.distance(ap, ap.transposed()) < 1e-11)
    #expect(Self.distance(pa, pa.transposed()) < 1e-11)
  }

  @Test("an interrupt ends each")
  func interrupts() {
    let a: Matrix<Double> = ProductTests.random(3, 3, seed: 2)
    let flag = InterruptFlag()
    flag.raise()
    #expect(throws: MatrixError.interrupted(operation: "det")) {
      try a.determinant(interrupt: flag)
    }
    #expect(throws: MatrixError.interrupted(operation: "pinv")) {
      try a.pseudoinverse(interrupt: flag)
    }
    #expect(throws: MatrixError.interrupted(operation: "rank")) { try a.rank(interrupt: flag) }
  }
}
