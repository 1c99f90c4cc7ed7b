import MatrixEngine
import Testing

@Suite("Reductions")
struct ReductionTests {
  static let matrix = Matrix<Double>(rows: 2, columns: 3, storage: [1, 5, -3, 4, 2, 6])

  @Test("of all entries")
  func all() throws {
    let a = ReductionTests.matrix
    #expect(try a.reduced(by: .sum) == 15)
    #expect(try a.reduced(by: .mean) == 2.5)
    #expect(try a.reduced(by: .max) == 6)
    #expect(try a.reduced(by: .min) == -3)
    #expect(try abs(a.reduced(by: .norm) - 91.0.squareRoot()) < 1e-14)
  }

  @Test("a reduction down the columns gives one number a column")
  func downColumns() throws {
    let a = ReductionTests.matrix
    let sum = try a.reduced(by: .sum, axis: 0)
    #expect(sum == .vector([5, 7, 3]))
    #expect(try a.reduced(by: .max, axis: 0).storage == [4, 5, 6])
    #expect(try a.reduced(by: .mean, axis: 0).storage == [2.5, 3.5, 1.5])
  }

  @Test("a reduction along the rows gives one number a row")
  func alongRows() throws {
    let a = ReductionTests.matrix
    let sum = try a.reduced(by: .sum, axis: 1)
    #expect(sum == .vector([3, 12]))
    #expect(try a.reduced(by: .min, axis: 1).storage == [-3, 2])
  }

  @Test(
    "nothing sums to 0, multiplies to 1, and has no mean, max, min or median",
    arguments: Reduction.allCases)
  func empty(_ reduction: Reduction) throws {
    let none = Matrix<Double>(rows: 0, columns: 3, storage: [])
    if reduction.allowsEmpty {
      let expected = reduction == .prod ? 1.0 : 0
      #expect(try none.reduced(by: reduction) == expected)
      #expect(try none.reduced(by: reduction, axis: 0).storage == [expected, expected, expected])
    } else {
      #expect(throws: MatrixError.empty(operation: reduction.name, shape: Shape(0, 3))) {
        try none.reduced(by: reduction)
      }
    }
  }

  @Test("a NaN spreads", arguments: Reduction.allCases.filter { $0 != .count }, 0..<4)
  func notANumber(_ reduction: Reduction, _ position: Int) throws {
    var a = Matrix<Double>(rows: 2, columns: 2, repeating: 1)
    a.storage[position] = .nan
    #expect(try a.reduced(by: reduction).isNaN)
  }

  @Test("the norm neither overflows nor vanishes early")
  func norms() throws {
    let large = Matrix<Double>(rows: 1, columns: 2, storage: [3e200, 4e200])
    #expect(try abs(large.reduced(by: .norm) / 5e200 - 1) < 1e-14)
    let small = Matrix<Double>(rows: 1, columns: 2, storage: [3e-200, 4e-200])
    #expect(try abs(small.reduced(by: .norm) / 5e-200 - 1) < 1e-14)
    let infinite = Matrix<Double>(rows: 1, columns: 2, storage: [.infinity, 1])
    #expect(try infinite.reduced(by: .norm) == .infinity)
  }

  @Test("a long sum keeps its digits")
  func accuracy() throws {
    let tenths = Matrix<Double>(rows: 1000, columns: 1000, repeating: 0.1)
    #expect(try abs(tenths.reduced(by: .sum) - 100_000) < 1e-8)
    let floats = Matrix<Float>(rows: 1000, columns: 1000, repeating: 0.1)
    #expect(try abs(floats.reduced(by: .sum) - 100_000) < 1)
  }

  @Test("argmax goes by row and takes the first at ties")
  func argmax() throws {
    let a = Matrix<Double>(rows: 3, columns: 3, storage: [1, 3, 3, 7, 2, 7, 0, .nan, 9])
    #expect(try a.argmaxByRow() == [1, 0, 1])
    #expect(throws: MatrixError.self) {
      try Matrix<Double>(rows: 2, columns: 0, storage: []).argmaxByRow()
    }
  }

  @Test("softmax rows sum to 1, whatever is added to a row, and do not overflow")
  func softmax() {
    let a = Matrix<Double>(rows: 2, columns: 3, storage: [1, 2, 3, 1001, 1002, 1003])
    let shares = a.softmaxByRow()
    #expect(shares.shape == a.shape)
    for i in 0..<2 { #expect(abs(shares.row(i).reduce(0, +) - 1) < 1e-15) }
    for j in 0..<3 { #expect(abs(shares[0, j] - shares[1, j]) < 1e-15) }
  }
}
