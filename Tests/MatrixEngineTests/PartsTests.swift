import MatrixEngine
import Testing

@Suite("Parts of matrices, and matrices of parts")
struct PartsTests {
  static let matrix = Matrix<Double>(rows: 2, columns: 3, storage: [1, 2, 3, 4, 5, 6])

  @Test("transposing twice is the matrix", arguments: [(1, 5), (5, 1), (2, 3), (70, 45), (0, 3)])
  func transposes(_ rows: Int, _ columns: Int) {
    let a = Matrix<Double>(
      rows: rows, columns: columns, storage: (0..<(rows * columns)).map { Double($0) })
    let b = a.transposed()
    #expect(b.shape == a.shape.transposed)
    for i in 0..<rows { for j in 0..<columns { #expect(b[j, i] == a[i, j]) } }
    #expect(b.transposed() == a)
  }

  @Test("rows, columns, diagonal")
  func extraction() throws {
    let a = PartsTests.matrix
    #expect(a.row(1) == [4, 5, 6])
    #expect(a.column(2) == [3, 6])
    #expect(a.diagonalElements == [1, 5])
    #expect(
      try a.selecting(rows: [1, 0], columns: [0, 2])
        == Matrix(rows: 2, columns: 2, storage: [4, 6, 1, 3]))
    #expect(try a.selecting(rows: nil, columns: [1]).storage == [2, 5])
    #expect(throws: MatrixError.outOfRange(operation: "index", axis: .row, index: 3, count: 2)) {
      try a.selecting(rows: [2], columns: nil)
    }
    #expect(throws: MatrixError.outOfRange(operation: "index", axis: .column, index: 0, count: 3)) {
      try a.selecting(rows: nil, columns: [-1])
    }
  }

  @Test("assignment fills or replaces, and changes nothing on error")
  func assignment() throws {
    var a = PartsTests.matrix
    try a.assign(.row([7, 8, 9]), rows: [0], columns: nil)
    #expect(a.storage == [7, 8, 9, 4, 5, 6])
    try a.assign(Matrix(rows: 1, columns: 1, storage: [0]), rows: nil, columns: [1])
    #expect(a.storage == [7, 0, 9, 4, 0, 6])
    let before = a
    #expect(
      throws: MatrixError.shapeMismatch(
        operation: "assign", left: Shape(2, 1), right: Shape(1, 2))
    ) { try a.assign(.row([1, 2]), rows: nil, columns: [0]) }
    #expect(throws: MatrixError.self) {
      try a.assign(Matrix(rows: 1, columns: 1, storage: [1]), rows: [5], columns: nil)
    }
    #expect(a == before)
  }

  @Test("the Kronecker product is blocks of the second operand")
  func kronecker() throws {
    let a = Matrix<Double>(rows: 1, columns: 2, storage: [1, 2])
    let b = Matrix<Double>(rows: 2, columns: 1, storage: [3, 4])
    #expect(try a.kronecker(b) == Matrix(rows: 2, columns: 2, storage: [3, 6, 4, 8]))
    let long = Matrix<Double>(rows: 1 << 16, columns: 1, repeating: 1)
    #expect(throws: MatrixError.self) { try long.kronecker(long) }
  }

  @Test("stacking and joining")
  func concatenation() throws {
    let a = PartsTests.matrix
    #expect(try Matrix.stackedRows([a, .row([7, 8, 9])]).row(2) == [7, 8, 9])
    #expect(try Matrix.joinedColumns([a, .column([0, 1])]).row(1) == [4, 5, 6, 1])
    #expect(
      throws: MatrixError.shapeMismatch(operation: "concat", left: Shape(2, 3), right: Shape(1, 2))
    ) { try Matrix.stackedRows([a, .row([1, 2])]) }
    #expect(throws: MatrixError.self) { try Matrix.joinedColumns([a, .row([1, 2])]) }
  }

  @Test("identity, diagonal, rows of a literal, other precision")
  func creation() throws {
    #expect(try Matrix<Double>.identity(2).storage == [1, 0, 0, 1])
    #expect(try Matrix<Double>.diagonal([2, 3]).storage == [2, 0, 0, 3])
    #expect(Matrix<Double>(rows: [[1, 2], [3]]) == nil)
    #expect(Matrix<Double>(rows: [[1, 2], [3, 4]])?.shape == Shape(2, 2))
    let single = Matrix<Float>(PartsTests.matrix)
    #expect(Matrix<Double>(single) == PartsTests.matrix)
  }

  @Test(
    "impossible sizes are errors, without overflow",
    arguments: [Shape(1_000_000, 1_000_000), Shape(Int.max, 2), Shape(Int.max, Int.max)])
  func limits(_ shape: Shape) {
    #expect(
      throws: MatrixError.tooLarge(operation: "zeros", rows: shape.rows, columns: shape.columns)
    ) { try Matrix<Double>.filled(shape, with: 0, operation: "zeros") }
  }

  @Test("negative sizes are errors")
  func negativeSizes() {
    #expect(throws: MatrixError.negativeSize(operation: "zeros", rows: -1, columns: 2)) {
      try Matrix<Double>.filled(Shape(-1, 2), with: 0, operation: "zeros")
    }
    #expect(throws: MatrixError.self) { try Matrix<Double>.filled(Shape(Int.min, 2), with: 0) }
  }

  @Test("messages count from 1 and name shapes")
  func messages() {
    #expect(
      MatrixError.shapeMismatch(operation: "+", left: Shape(2, 3), right: Shape(3, 2)).description
        == "+: the shapes 2×3 and 3×2 do not fit")
    #expect(
      MatrixError.outOfRange(operation: "index", axis: .row, index: 3, count: 2).description
        == "index: row 3 does not exist, valid are 1 to 2")
  }
}
