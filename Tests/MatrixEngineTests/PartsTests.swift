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
      a.selecting(.several([1, 0]), .several([0, 2]))
        == Matrix(rows: 2, columns: 2, storage: [4, 6, 1, 3]))
    #expect(a.selecting(.all, .several([1])) == .column([2, 5]))
    #expect(a.selecting(.all, .one(1)) == .vector([2, 5]))
    #expect(a.selecting(.one(1), .one(0)) == .scalar(4))
    #expect(a.slice(1) == .vector([4, 5, 6]))
    #expect(a.slice(1).slice(2) == .scalar(6))
  }

  @Test("the Kronecker product is blocks of the second operand")
  func kronecker() throws {
    let a = Matrix<Double>(rows: 1, columns: 2, storage: [1, 2])
    let b = Matrix<Double>(rows: 2, columns: 1, storage: [3, 4])
    #expect(try a.kronecker(b) == Matrix(rows: 2, columns: 2, storage: [3, 6, 4, 8]))
    let long = Matrix<Double>(rows: 1 << 16, columns: 1, repeating: 1)
    #expect(throws: MatrixError.self) { try long.kronecker(long) }
  }

  @Test("identity, diagonal, other precision")
  func creation() throws {
    #expect(try Matrix<Double>.identity(2).storage == [1, 0, 0, 1])
    #expect(try Matrix<Double>.diagonal([2, 3]).storage == [2, 0, 0, 3])
    let single = Matrix<Float>(PartsTests.matrix)
    #expect(Matrix<Double>(single) == PartsTests.matrix)
  }

  @Test(
    "impossible sizes are errors, without overflow",
    arguments: [Shape(1_000_000, 1_000_000), Shape(Int.max, 2), Shape(Int.max, Int.max)])
  func limits(_ shape: Shape) {
    #expect(
      throws: MatrixError.tooLarge(operation: "zeros", shape: shape)
    ) { try Matrix<Double>.filled(shape, with: 0, operation: "zeros") }
  }

  @Test("negative sizes are errors")
  func negativeSizes() {
    #expect(throws: MatrixError.negativeSize(operation: "zeros", shape: Shape(-1, 2))) {
      try Matrix<Double>.filled(Shape(-1, 2), with: 0, operation: "zeros")
    }
    #expect(throws: MatrixError.self) { try Matrix<Double>.filled(Shape(Int.min, 2), with: 0) }
  }

  @Test("messages count from 1 and name shapes")
  func messages() {
    #expect(
      MatrixError.shapeMismatch(operation: "+", left: Shape(2, 3), right: Shape(3, 2)).description
        == "+: the shapes 2×3 and 3×2 do not fit")
  }
}
