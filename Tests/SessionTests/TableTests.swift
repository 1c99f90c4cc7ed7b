import Testing

@Suite("table, its columns and its order")
struct TableTests {
  private let notebook = Notebook("x = [3, 1, 2]\ny = x^2\nM = [1, 2; 3, 4; 5, 6]")

  @Test("columns are named after their expressions, or as given")
  func names() throws {
    #expect(try notebook.columns("table(x, x^2, s = -x)") == ["x", "x^2", "s"])
    #expect(try notebook.columns("table(M)") == ["M[:,1]", "M[:,2]"])
    #expect(try notebook.columns("table(x, x)") == ["x", "x (2)"])
  }

  @Test("a column can be taken by its name")
  func members() throws {
    #expect(try notebook.numbers("table(x, y).y") == [9, 1, 4])
    #expect(try notebook.numbers("table(x, y, sort = x).y") == [1, 4, 9])
    #expect(
      try notebook.text("table(n = [\"b\", \"a\"], v = [1, 2], sort = n).n") == "[\"a\", \"b\"]")
    #expect(try notebook.error("table(x).z").name == "NameError")
  }

  @Test("sort goes up, with a minus down; missing numbers come last; equal rows keep their order")
  func sorting() throws {
    #expect(try notebook.numbers("table(x, y, sort = -x).x") == [3, 2, 1])
    #expect(try notebook.numbers("table(v = [2, nan, 1], sort = v).v").prefix(2) == [1, 2])
    #expect(try notebook.numbers("table(k = [1, 1, 0], i = [1, 2, 3], sort = k).i") == [3, 1, 2])
    #expect(try notebook.numbers("table(x, x^2, sort = \"x^2\").x") == [1, 2, 3])
    #expect(try notebook.error("table(x, sort = nope)").plainText.contains("its columns are x"))
  }

  @Test("numbers and texts repeat; other lengths are refused")
  func lengths() throws {
    #expect(try notebook.numbers("table(x, n = 5).n") == [5, 5, 5])
    #expect(try notebook.text("table(x, n = \"a\").n") == "[\"a\", \"a\", \"a\"]")
    #expect(try notebook.error("table(x, [1, 2])").name == "ShapeError")
    #expect(try notebook.error("table(x, sin)").name == "TypeError")
    #expect(try notebook.error("table()").name == "TypeError")
    #expect(try notebook.error("table(x, [\"a\", sin, \"b\"])").name == "TypeError")
  }

  @Test("a record becomes its tidy table, and is sorted by one of its columns")
  func records() throws {
    notebook.run(lectureCell)
    #expect(
      try notebook.columns("table(forward(Lecture, x))") == [
        "layer", "neuron", "example", "z", "a",
      ])
    let sorted = try notebook.numbers("table(forward(Lecture, x), sort = z).z")
    #expect(sorted == sorted.sorted())
    let falling = try notebook.numbers("table(step(Lecture, x, y), sort = -gradient).gradient")
    #expect(falling == falling.sorted(by: >))
    #expect(try notebook.numbers("forward(Lecture, x).layer") == [1, 1, 2, 2, 2, 3])
    #expect(try notebook.columns("table(dataset(xor))") == ["x1", "x2", "y"])
  }
}
