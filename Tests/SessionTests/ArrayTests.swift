import Testing

@Suite("Arrays of three dimensions and more")
struct ArrayTests {
  /// ∂(Ax)/∂A: entry (i, j, k) is δᵢⱼ·x_k.
  private let notebook = Notebook(
    "h(A: matrix, x: vector) = A @ x\ng = ∂h/∂A\nd = g(A = [1, 2; 3, 4], x = [5, 6])")

  @Test("an index a dimension chooses, and one index the parts")
  func selection() throws {
    #expect(try notebook.numbers("shape(d)") == [2, 2, 2])
    #expect(try notebook.numbers("d") == [5, 6, 0, 0, 0, 0, 5, 6])
    #expect(try notebook.number("d[2,2,1]") == 5)
    #expect(try notebook.numbers("d[1]") == [5, 6, 0, 0])
    #expect(try notebook.numbers("d[1,:,2]") == [6, 0])
    #expect(try notebook.shape("d[:,1,:]") == [2, 2])
    notebook.run("d[1,1,:] = [7, 8]; d[2,1,1] = 1")
    #expect(try notebook.numbers("d") == [7, 8, 0, 0, 1, 0, 5, 6])
  }

  @Test("element by element, and reductions along an axis")
  func arithmetic() throws {
    #expect(try notebook.numbers("2*d + 1") == [11, 13, 1, 1, 1, 1, 11, 13])
    #expect(try notebook.numbers("d ⊙ d[1]") == [25, 36, 0, 0, 0, 0, 0, 0])
    #expect(try notebook.number("sum(d)") == 22)
    #expect(try notebook.numbers("sum(d, axis = 1)") == [5, 6, 5, 6])
    #expect(try notebook.numbers("sum(d, axis = 3)") == [11, 0, 0, 11])
    #expect(try notebook.numbers("[sum(a) for a in d]") == [11, 11])
  }

  @Test("shown as its parts, each with its index; data with an axis a dimension")
  func display() throws {
    #expect(try notebook.text("d").hasPrefix("[1] 2×2 matrix\n      5  6\n      0  0\n[2]"))
    #expect(try notebook.columns("d") == ["axis1", "axis2", "axis3", "value"])
  }

  @Test(
    "what takes vectors and matrices names the array",
    arguments: ["d @ d", "diag(d)", "d'", "sum(d, axis = 4)"])
  func refusals(_ expression: String) throws {
    #expect(try notebook.error(expression).message.contains("a 2×2×2 array"))
  }
}
