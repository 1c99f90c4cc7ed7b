import Testing

@Suite("Indexing and assignment")
struct IndexingTests {
  private let notebook = Notebook("v = [10, 20, 30, 40]\nW = [1, 2, 3; 4, 5, 6]")

  @Test("a single index drops its dimension; a range, : or a vector of indices keeps it")
  func selection() throws {
    #expect(try notebook.number("v[2]") == 20)
    #expect(try notebook.numbers("v[2:4]") == [20, 30, 40])
    #expect(try notebook.numbers("v[4:-1:1]") == [40, 30, 20, 10])
    #expect(try notebook.numbers("v[[3, 1, 3]]") == [30, 10, 30])
    #expect(try notebook.numbers("v[:]") == [10, 20, 30, 40])
    #expect(try notebook.number("W[1,2]") == 2)
    #expect(try notebook.shape("W[1,:]") == [3])
    #expect(try notebook.numbers("W[:,2]") == [2, 5])
    #expect(try notebook.shape("W[1:1,:]") == [1, 3])
    #expect(try notebook.numbers("W[:,2:3]") == [2, 3, 5, 6])
    #expect(try notebook.numbers("W[2,[1, 3]]") == [4, 6])
    #expect(try notebook.shape("v[1:0]") == [0])
    #expect(try notebook.shape("W[1:0,:]") == [0, 3])
  }

  @Test("an entry, a row, a column and a part can be assigned")
  func assignment() throws {
    notebook.run("v[2] = 7; v[3:4] = [8, 9]")
    #expect(try notebook.numbers("v") == [10, 7, 8, 9])
    notebook.run("v[:] = 0")
    #expect(try notebook.numbers("v") == [0, 0, 0, 0])
    notebook.run("W[1,:] = [7, 8, 9]\nW[:,1] = 0\nW[2,3] = -1")
    #expect(try notebook.numbers("W") == [0, 8, 9, 0, 5, -1])
    notebook.run("W[:,2:3] = [1, 2; 3, 4]")
    #expect(try notebook.numbers("W") == [0, 1, 2, 0, 3, 4])
    notebook.run("W[1,2:3] = v[1:2]'")
    #expect(try notebook.numbers("W") == [0, 0, 0, 0, 3, 4])
  }

  @Test("an index may use the variable that is assigned to")
  func selfReference() throws {
    notebook.run("u = [2, 3, 1]\nu[u[1]] = u[3] + 10")
    #expect(try notebook.numbers("u") == [2, 11, 1])
    notebook.run("u[2:3] = u[1:2]")
    #expect(try notebook.numbers("u") == [2, 2, 11])
  }

  @Test("matrices are values: a copy does not change with the original")
  func values() throws {
    notebook.run("a = v; a[1] = 99; B = W; B[1,1] = 99")
    #expect(try notebook.number("v[1]") == 10)
    #expect(try notebook.number("W[1,1]") == 1)
  }

  @Test(
    "out of range is a ValueError with the valid range",
    arguments: [
      ("v[0]", "indices start at 1: v[1] is the first"), ("v[5]", "valid: 1 to 4"),
      ("v[-1]", "the last has index 4"), ("v[1.5]", "whole number, not 1.5"),
      ("v[nan]", "whole number, not nan"), ("v[inf]", "whole number, not inf"),
      ("W[3,1]", "valid: 1 to 2"), ("W[1,4]", "valid: 1 to 3"), ("W[0,:]", "indices start at 1"),
      ("v[2:5]", "valid: 1 to 4"), ("[][1]", "there is none"), ("v[5] = 1", "valid: 1 to 4"),
      ("W[3,:] = 0", "valid: 1 to 2"),
    ])
  func range(_ source: String, _ part: String) throws {
    let error = try notebook.error(source)
    #expect(error.name == "ValueError")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test(
    "what cannot be indexed or assigned says why",
    arguments: [
      ("W[1]", "ShapeError", "W[1,:] is its first row"), ("v[1,2]", "ShapeError", "one index"),
      ("W[1,2,3]", "ShapeError", "two indices"),
      ("x = 5\nx[1]", "TypeError", "is a number"), ("\"ab\"[1]", "SyntaxError", ""),
      ("t = \"ab\"\nt[1]", "TypeError", "no entries"), ("sin[1]", "TypeError", "cannot be indexed"),
      ("v[\"a\"]", "TypeError", "whole number or a range"),
      ("W[1] = 5", "ShapeError", "W[1,:] = …"), ("v[1] = [1, 2]", "ShapeError", "1 entry"),
      ("v[1:2] = [1, 2, 3]", "ShapeError", "2 entries"),
      ("W[:,1:2] = [1, 2, 3, 4]", "", ""),
      ("W[1:2,1:2] = [1, 2, 3, 4; 5, 6, 7, 8]", "ShapeError", "2×2"),
      ("v[1] = \"a\"", "TypeError", "an entry is a number"),
      ("pi[1] = 2", "TypeError", "only variables"), ("f(x) = x\nf[1] = 2", "TypeError", ""),
      ("v.T", "SyntaxError", ""), ("v.shape", "TypeError", "shape(v)"),
      ("v.x = 3", "TypeError", "cannot be assigned"),
    ])
  func refusals(_ source: String, _ name: String, _ part: String) throws {
    guard !name.isEmpty else {
      // Four numbers fill a 2×2 place row by row.
      notebook.run(source)
      #expect(try notebook.numbers("W[:,1:2]") == [1, 2, 3, 4])
      return
    }
    let error = try notebook.error(source)
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test("brackets: vectors, matrices, vectors as rows, lists")
  func brackets() throws {
    #expect(try notebook.shape("[1, 2; 3, 4]") == [2, 2])
    #expect(try notebook.shape("[[1, 2], [3, 4]]") == [2, 2])
    #expect(try notebook.shape("[1; 2]") == [2, 1])
    #expect(try notebook.shape("[[1, 2]]") == [1, 2])
    #expect(try notebook.shape("[v, v]") == [2, 4])
    #expect(try notebook.shape("[v', v']") == [2, 4])
    #expect(try notebook.shape("[]") == [0])
    #expect(try notebook.shape("[\"a\", \"b\", \"c\"]") == [3])
    #expect(try notebook.error("[1, 2; 3]").plainText.contains("row 2 has 1 entry, row 1 has 2"))
    #expect(try notebook.error("[[1, 2], [3]]").plainText.contains("row 2 has 1 entry"))
    #expect(try notebook.error("[1, v]").plainText.contains("concat(a, b)"))
    #expect(try notebook.error("[1, \"a\"]").name == "TypeError")
    #expect(try notebook.error("[1, 2; 3, sin]").name == "TypeError")
  }

  @Test("concat joins numbers and vectors, and matrices below one another")
  func concat() throws {
    #expect(try notebook.numbers("concat(1, v)") == [1, 10, 20, 30, 40])
    #expect(try notebook.numbers("concat([], 1, [])") == [1])
    #expect(try notebook.shape("concat(W, W)") == [4, 3])
    #expect(try notebook.shape("concat(W, [1, 2, 3])") == [3, 3])
    #expect(try notebook.error("concat(W, v)").name == "ShapeError")
    #expect(try notebook.error("concat(v, W)").name == "ShapeError")
    #expect(try notebook.error("concat(\"a\")").name == "TypeError")
  }
}
