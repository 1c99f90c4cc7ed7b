import MatrixEngine
import Testing

@Suite("Element-wise operations with broadcasting")
struct BroadcastingTests {
  static let shapes = [Shape(1, 1), Shape(1, 4), Shape(3, 1), Shape(3, 4)]
  static let pairs = shapes.flatMap { a in shapes.map { (a, $0) } }

  static func numbered(_ shape: Shape, from start: Double) -> Matrix<Double> {
    Matrix(
      rows: shape.rows, columns: shape.columns,
      storage: (0..<shape.count).map { start + Double($0) })
  }

  @Test("every pair of stretching shapes equals the definition", arguments: pairs)
  func definition(_ left: Shape, _ right: Shape) throws {
    let a = BroadcastingTests.numbered(left, from: 1)
    let b = BroadcastingTests.numbered(right, from: 10)
    let shape = Shape(max(left.rows, right.rows), max(left.columns, right.columns))
    let operations: [(Matrix<Double>, (Double, Double) -> Double)] = [
      (try a.adding(b), { $0 + $1 }), (try a.subtracting(b), { $0 - $1 }),
      (try a.combined(with: b, operation: "/") { $0 / $1 }, { $0 / $1 }),
    ]
    for (result, function) in operations {
      #expect(result.shape == shape)
      for i in 0..<shape.rows {
        for j in 0..<shape.columns {
          let x = a[left.rows == 1 ? 0 : i, left.columns == 1 ? 0 : j]
          let y = b[right.rows == 1 ? 0 : i, right.columns == 1 ? 0 : j]
          #expect(result[i, j] == function(x, y))
        }
      }
    }
  }

  @Test(
    "other shapes are refused with both named",
    arguments: [(Shape(2, 3), Shape(3, 2)), (Shape(2, 3), Shape(1, 2)), (Shape(3, 1), Shape(2, 4))])
  func mismatches(_ left: Shape, _ right: Shape) {
    let a = BroadcastingTests.numbered(left, from: 0)
    let b = BroadcastingTests.numbered(right, from: 0)
    #expect(throws: MatrixError.shapeMismatch(operation: "+", left: left, right: right)) {
      try a.adding(b)
    }
  }

  @Test("a column and a row too long together are refused")
  func limit() {
    let column = Matrix<Float>(rows: 100_000, columns: 1, repeating: 1)
    #expect(throws: MatrixError.tooLarge(operation: "+", shape: Shape(100_000, 100_000))) {
      try column.adding(column.transposed())
    }
  }

  @Test("long maps and combinations look at the interrupt flag")
  func interrupts() {
    let long = Matrix<Double>(rows: 1000, columns: 1000, repeating: 1)
    let flag = InterruptFlag()
    flag.raise()
    #expect(throws: MatrixError.interrupted(operation: "exp")) {
      try long.map(operation: "exp", interrupt: flag) { Double.exp($0) }
    }
    #expect(throws: MatrixError.interrupted(operation: "+")) {
      try long.adding(long, interrupt: flag)
    }
    let row = Matrix<Double>(rows: 1, columns: 1000, repeating: 1)
    #expect(throws: MatrixError.interrupted(operation: "+")) {
      try long.adding(row, interrupt: flag)
    }
  }

  @Test("powers and scaling")
  func powers() throws {
    let a = Matrix<Float>(rows: 1, columns: 3, storage: [1, 2, 3])
    let squares = try a.combined(with: .scalar(2), operation: "^") { Float.pow($0, $1) }
    #expect(squares.storage == [1, 4, 9])
    #expect(a.scaled(by: 2).storage == [2, 4, 6])
    #expect(try a.map { -$0 }.storage == [-1, -2, -3])
  }
}
