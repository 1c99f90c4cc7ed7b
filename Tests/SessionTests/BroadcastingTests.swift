import Testing

@Suite("Broadcasting and products")
struct BroadcastingTests {
  private let notebook = Notebook(
    "v = [1, 2, 3]\nw = [4, 5, 6]\nA = [1, 2, 3; 4, 5, 6]\nr = v'\nc = column([10, 20])")

  @Test("a vector is a column: v' is a row, v'' an n×1 matrix again")
  func rows() throws {
    #expect(try notebook.shape("v") == [3])
    #expect(try notebook.shape("v'") == [1, 3])
    #expect(try notebook.shape("v''") == [3, 1])
    #expect(try notebook.shape("A'") == [3, 2])
    #expect(try notebook.number("5'") == 5)
  }

  @Test("products: row @ vector, vector @ row, vector @ vector, v @ W, W @ v, W @ W")
  func products() throws {
    #expect(try notebook.number("v' @ w") == 32)
    #expect(try notebook.number("v @ w") == 32)
    #expect(try notebook.number("v · w") == 32)
    #expect(try notebook.shape("v @ w'") == [3, 3])
    #expect(try notebook.numbers("(v @ w')[2,:]") == [8, 10, 12])
    #expect(try notebook.numbers("A @ v") == [14, 32])
    #expect(try notebook.shape("A @ v") == [2])
    #expect(try notebook.numbers("[1, 2] @ A") == [9, 12, 15])
    #expect(try notebook.shape("[1, 2] @ A") == [3])
    #expect(try notebook.shape("A @ A'") == [2, 2])
    #expect(try notebook.numbers("A @ A'") == [14, 32, 32, 77])
    #expect(try notebook.numbers("2 @ v · 3") == [6, 12, 18])
    #expect(try notebook.numbers("(2/4) · (v - w)") == [-1.5, -1.5, -1.5])
  }

  @Test("element by element, a vector joins a matrix as a row")
  func vectorAndMatrix() throws {
    #expect(try notebook.numbers("A + v") == [2, 4, 6, 5, 7, 9])
    #expect(try notebook.numbers("v + A") == [2, 4, 6, 5, 7, 9])
    #expect(try notebook.numbers("A ⊙ v") == [1, 4, 9, 4, 10, 18])
    #expect(try notebook.numbers("A ⊗ v") == [1, 4, 9, 4, 10, 18])
    #expect(try notebook.numbers("A - c") == [-9, -8, -7, -16, -15, -14])
    #expect(try notebook.numbers("A ⊘ v") == [1, 1, 1, 4, 2.5, 2])
    #expect(try notebook.numbers("A^v") == [1, 4, 27, 4, 25, 216])
    #expect(try notebook.shape("c + r") == [2, 3])
    #expect(try notebook.numbers("A * A") == [1, 4, 9, 16, 25, 36])
    #expect(try notebook.numbers("v * w") == [4, 10, 18])
  }

  @Test("scalars join everything")
  func scalars() throws {
    #expect(try notebook.numbers("2v") == [2, 4, 6])
    #expect(try notebook.numbers("v / 2") == [0.5, 1, 1.5])
    #expect(try notebook.numbers("1 - A") == [0, -1, -2, -3, -4, -5])
    #expect(try notebook.numbers("-A[1,:]") == [-1, -2, -3])
  }

  @Test(
    "what does not fit is a ShapeError that names both operands and both shapes",
    arguments: [
      ("v + [1, 2]", ["v", "[1, 2]", "vector of 3", "vector of 2"]),
      ("A + [1, 2]", ["2×3", "vector of 2", "column([1, 2])"]),
      ("A @ A", ["2×3", "3 columns meet 2 rows", "A @ A' is 2×2"]),
      ("A @ [1, 2; 3, 4]", ["2×3", "2×2", "A' @ [1, 2; 3, 4] is 3×2"]),
      ("A @ [1, 2]", ["2×3", "vector of 2"]),
      ("v @ A", ["vector of 3", "2×3", "A @ v"]),
      ("v @ [1, 2]", ["vector of 3", "vector of 2"]),
      ("A * v", ["A @ v", "A ⊙ v"]),
      ("v * A", ["v @ A", "v ⊙ A"]),
      ("r + v", ["row", "r + v'"]),
      ("v ⊙ r", ["row", "v' ⊙ r"]),
      ("v == r", ["row"]),
      ("A < [1, 2]", ["2×3", "vector of 2"]),
      ("max(v, [1, 2])", ["vector of 3", "vector of 2"]),
    ] as [(String, [String])])
  func mismatches(_ source: String, _ parts: [String]) throws {
    let error = try notebook.error(source)
    #expect(error.name == "ShapeError")
    for part in parts { #expect(error.plainText.contains(part), "\(error.plainText)") }
  }

  @Test("what is no number does not calculate")
  func kinds() throws {
    #expect(try notebook.error("sin + 1").plainText.contains("write sin(…)"))
    #expect(try notebook.error("\"a\" + \"b\"").name == "TypeError")
    #expect(try notebook.error("-\"a\"").name == "TypeError")
    #expect(try notebook.error("\"a\"'").name == "TypeError")
  }

  @Test("the Kronecker product has a function of its own")
  func kronecker() throws {
    #expect(try notebook.shape("kron(A, ones(2, 2))") == [4, 6])
    #expect(try notebook.numbers("kron([1, 2], [1, 10])") == [1, 10, 2, 20])
  }
}
