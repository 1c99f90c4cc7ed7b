import Display
import Session
import Testing

@Suite("Brackets: vectors, matrices, arrays; lists")
struct StackingTests {
  private let notebook = Notebook("X = [1,2;3,4;5,6]; v = [1,2,3]")

  @Test(
    "parts of one shape stack",
    arguments: [
      ("[X, X]", [2, 3, 2]), ("[X]", [1, 3, 2]), ("[[X, X], [X, X]]", [2, 2, 3, 2]),
      ("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]", [2, 2, 2]), ("[v', v']", [2, 3]),
      ("[v; v]", [2, 3]), ("[v]", [1, 3]), ("[X + i for i in 1:4]", [4, 3, 2]),
      ("zeros(2, 3, 4)", [2, 3, 4]), ("ones(1, 2, 3, 4)", [1, 2, 3, 4]),
      ("rand(2, 2, 2)", [2, 2, 2]),
      ("randn(3, 1, 2)", [3, 1, 2]), ("zeros(2, 0, 3)", [2, 0, 3]),
      ("[ones(0, 2), ones(0, 2)]", [2, 0, 2]),
    ] as [(String, [Double])])
  func shapes(_ expression: String, _ shape: [Double]) throws {
    #expect(try notebook.shape(expression) == shape)
  }

  @Test(
    "parts that do not stack are refused",
    arguments: [
      ("[ones(3), X]", "ShapeError", "hstack(ones(3), X)"),
      ("[X, ones(2, 2)]", "ShapeError", "list(X, ones(2, 2))"),
      ("[X; X]", "ShapeError", "vstack(X, X)"), ("[1, X]", "TypeError", "hstack(1, X)"),
      ("[1, v]", "TypeError", "concat(a, b)"), ("[v, [1, 2]]", "ShapeError", "2 instead of 3"),
      ("[X, \"a\"]", "TypeError", "list(X, \"a\")"), ("[sin, v]", "TypeError", "list(sin, v)"),
      ("[[X, X], X]", "ShapeError", "do not stack"), ("[1, \"a\"]", "TypeError", "texts alone"),
      ("zeros(1, 1, 1, 1, 1, 1, 1, 1, 1)", "LimitError", "at most 8 dimensions"),
      ("zeros(0, 1e10, 1e10)", "LimitError", "more than this kernel holds"),
      ("zeros(2, 3, -1)", "ValueError", "at least 0"),
      ("ones(1000, 1000, 1000)", "LimitError", "1000×1000×1000"),
    ])
  func refusals(_ source: String, _ name: String, _ part: String) throws {
    let error = try notebook.error(source)
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test("list keeps what brackets would stack or refuse")
  func lists() throws {
    notebook.run("l = list(ones(3), X, \"a\", sin)")
    #expect(try notebook.numbers("l[2]") == [1, 2, 3, 4, 5, 6])
    #expect(try notebook.shape("list(v, v)") == [2])
    #expect(try notebook.numbers("[sum(M) for M in list(eye(n) for n in 1:3)]") == [1, 2, 3])
    #expect(try notebook.numbers("[x for x in list(i^2 for i in 1:3)]") == [1, 4, 9])
    #expect(try notebook.shape("[ones(n, 2) for n in 1:3]") == [3])
    #expect(try notebook.text("list()") == "[]")
    #expect(try notebook.text("list(i for i in [])") == "[]")
    #expect(try notebook.text("concat(i for i in [])") == "[]")
    #expect(try notebook.numbers("concat(i*ones(2) for i in 1:2)") == [1, 1, 2, 2])
  }

  @Test("arrays calculate, reduce and are chosen from like matrices")
  func arithmetic() throws {
    notebook.run(
      "A = zeros(2, 3, 4); for i in 1:2 { for j in 1:3 { for k in 1:4 { A[i,j,k] = 12*(i-1) + 4*(j-1) + k - 1 } } }"
    )
    #expect(try notebook.numbers("sum(A, axis = 2)") == [12, 15, 18, 21, 48, 51, 54, 57])
    #expect(try notebook.numbers("mean(A, axis = 3)") == [1.5, 5.5, 9.5, 13.5, 17.5, 21.5])
    #expect(try notebook.numbers("std(A, axis = 1)") == Array(repeating: 6, count: 12))
    #expect(try notebook.numbers("median(A, axis = 2)") == [4, 5, 6, 7, 16, 17, 18, 19])
    #expect(try notebook.numbers("A[2, :, 1]") == [12, 16, 20])
    #expect(try notebook.numbers("A[:, 2, 2:3]") == [5, 6, 17, 18])
    #expect(try notebook.numbers("(A + ones(4))[1, 1, :]") == [1, 2, 3, 4])
    #expect(try notebook.numbers("(A ⊙ column([1, 10, 100]))[2, :, 1]") == [12, 160, 2000])
    #expect(try notebook.number("max(A)") == 23)
    notebook.run("A[1, :, :] = 0; A[2, 3, 4] = -1; check(A, A); check(sum(A[1, :, :]), 0)")
    #expect(try notebook.error("check(A, A + 1)").message.contains("entry [1, 1, 1]"))
    #expect(try notebook.error("A[1, 2]").message.contains("needs 3 indices, not 2"))
    #expect(try notebook.error("A[1, 2, 9]").message.contains("4 places along dimension 3"))
    #expect(try notebook.error("A + ones(3)").message.contains("2×3×4"))
    #expect(try notebook.error("A @ v").name == "TypeError")
  }

  @Test("shown as matrices, each with its index")
  func display() throws {
    notebook.run("A = [[X, 2*X], [3*X, 4*X]]")
    #expect(
      try notebook.text("A").hasPrefix(
        "[1,1] 3×2 matrix\n        1  2\n        3  4\n        5  6\n[1,2] 3×2 matrix\n"))
    #expect(try notebook.text("zeros(2, 0, 3)") == "2×0×3 array")
    let bundle = try notebook.bundle("A")
    let html = try #require(bundle.data[MIMEType.html]?.stringValue)
    #expect(html.contains("[2,1]</td>"))
    let latex = try #require(bundle.data[MIMEType.latex]?.stringValue)
    #expect(latex.split(separator: "\n").count == 4 && latex.contains("$$[2,2] \\quad "))
    #expect(
      try notebook.columns("A") == ["axis1", "axis2", "axis3", "axis4", "value"])
    #expect(try notebook.column("axis2", of: "A[:, :, 1, 1]").isEmpty == false)
    #expect(try notebook.columns("compare([X, X], [X, X])").first == "quantity")
  }

  @Test("in the panel of variables as a cell writes them, part by part")
  func variables() throws {
    notebook.run("A = [[1, 2; 3, 4], [5, 6; 7, 8]]; m = [1, 2] > 1")
    let snapshot = notebook.session.snapshot
    let roots = VariableTree.roots(of: snapshot)
    #expect(roots.first { $0.name == "A" }?.value == "[[1, 2; 3, 4], [5, 6; 7, 8]]")
    #expect(roots.first { $0.name == "m" }?.value == "[0, 1]")
    let parts = try #require(VariableTree.children(of: "A[2,:,:]", in: snapshot))
    #expect(parts.map(\.name) == ["A[2,:,:][1,:]", "A[2,:,:][2,:]"])
    #expect(parts.map(\.value) == ["[5, 6]", "[7, 8]"])
  }

  @Test("arrays go to NumPy's files and come back")
  func files() throws {
    let path = "/tmp/nabla-array-\(UInt64.random(in: 0...UInt64.max))"
    notebook.run("A = [X, 10*X]; save(A, \"\(path).npy\"); B = load(\"\(path).npy\")")
    #expect(try notebook.shape("B") == [2, 3, 2])
    notebook.run("check(A, B)")
    #expect(try notebook.error("save(A, \"\(path).csv\")").message.contains("needs .npy or .npz"))
  }
}
