import MatrixEngine
import Testing

@Suite("The inverse of a matrix")
struct InverseTests {
  @Test("A⁻¹·A is the identity", arguments: [1, 2, 3, 7, 20])
  func identity(_ n: Int) throws {
    let a: Matrix<Double> = ProductTests.random(n, n, seed: n)
    let product = try a.inverse().product(a)
    for i in 0..<n {
      for j in 0..<n { #expect(abs(product[i, j] - (i == j ? 1 : 0)) < 1e-10) }
    }
  }

  @Test("a 0 on the diagonal asks for another row")
  func pivots() throws {
    let swap = Matrix<Double>(rows: 2, columns: 2, storage: [0, 1, 1, 0])
    #expect(try swap.inverse() == swap)
    let a = Matrix<Double>(rows: 2, columns: 2, storage: [2, 1, 1, 1])
    #expect(try a.inverse().storage == [1, -1, -1, 2])
  }

  @Test(
    "a singular matrix is refused, also one that only rounding keeps from it",
    arguments: [
      [1, 2, 2, 4], [0, 0, 0, 0], [0.1, 0.2, 0.3, 0.6], [1e-300, 2e-300, 2e-300, 4e-300],
    ])
  func singular(_ entries: [Double]) {
    #expect(throws: MatrixError.singular(operation: "inv")) {
      try Matrix(rows: 2, columns: 2, storage: entries).inverse()
    }
  }

  @Test("other shapes are refused; an interrupt ends it")
  func refusals() {
    #expect(throws: MatrixError.self) {
      try Matrix<Double>(rows: 2, columns: 3, repeating: 1).inverse()
    }
    let flag = InterruptFlag()
    flag.raise()
    #expect(throws: MatrixError.interrupted(operation: "inv")) {
      try Matrix<Double>(rows: 1, columns: 1, repeating: 1).inverse(interrupt: flag)
    }
  }
}
