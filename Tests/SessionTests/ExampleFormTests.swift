import Testing

@Suite("Forms of X and Y")
struct ExampleFormTests {
  private let notebook = Notebook(
    """
    network One { input 1; dense 2, tanh; dense 1, sigmoid }
    network Two { input 2; dense 3, tanh; dense 2, sigmoid }
    network Three { input 2; dense 3, softmax }
    network Reg { input 2; dense 1 }
    """)

  @Test("a vector is one example, a matrix one a row; results have the form of X")
  func forms() throws {
    #expect(try notebook.shape("forward(Two, [1, 2]).output") == [2])
    #expect(try notebook.shape("forward(Two, [1, 2]).z[1]") == [3])
    #expect(try notebook.shape("forward(Two, [1, 2]).a[0]") == [2])
    #expect(try notebook.shape("predict(Two, [1, 2])") == [2])
    #expect(try notebook.shape("forward(Two, [1, 2; 3, 4; 5, 6]).output") == [3, 2])
    #expect(try notebook.shape("forward(Two, [1, 2; 3, 4; 5, 6]).a[1]") == [3, 3])
    #expect(try notebook.shape("forward(Two, [[1, 2]]).output") == [1, 2])
    #expect(try notebook.shape("predict(One, 5)") == [1])
    #expect(try notebook.shape("predict(One, [5])") == [1])
    #expect(try notebook.shape("predict(One, column([5, 6]))") == [2, 1])
    #expect(try notebook.shape("backward(Two, [1, 2], [0, 1]).z[1]") == [3])
    #expect(try notebook.shape("backward(Two, [1, 2; 3, 4], [0, 1; 1, 0]).z[1]") == [2, 3])
    #expect(try notebook.shape("backward(Two, [1, 2], [0, 1]).b[2]") == [2])
    #expect(
      try notebook.shape("backward(Two, [1, 2; 3, 4], [0, 1; 1, 0]).b_per_example[1]") == [2, 3])
    #expect(try notebook.shape("backward(Two, [1, 2; 3, 4], [0, 1; 1, 0]).a[0]") == [2, 2])
  }

  @Test("Y: k for one example, m where k = 1, m×k, class numbers with cce, a number for one entry")
  func targets() throws {
    let m = "[1, 2; 3, 4; 5, 6]"
    #expect(try notebook.number("loss(One, 2, 1)") == notebook.number("loss(One, [2], [1])"))
    #expect(
      try notebook.number("loss(One, [1; 2], [0, 1])")
        == notebook.number("loss(One, [1; 2], [0; 1])"))
    _ = try notebook.number("loss(Two, [1, 2], [0, 1])")
    _ = try notebook.number("loss(Two, [1, 2], [[0, 1]])")
    #expect(
      try notebook.number("loss(Three, \(m), [1, 3, 2])")
        == notebook.number("loss(Three, \(m), [1, 0, 0; 0, 0, 1; 0, 1, 0])"))
    #expect(
      try notebook.number("loss(Three, \(m), [1; 3; 2])")
        == notebook.number("loss(Three, \(m), one_hot([1, 3, 2]))"))
    #expect(
      try notebook.number("loss(Three, [1, 2], 3)")
        == notebook.number("loss(Three, [1, 2], [0, 0, 1])"))
    // A vector of k for one example is a distribution, not class numbers.
    #expect(
      try notebook.number("loss(Three, [1, 2], [0.2, 0.3, 0.5])")
        > notebook.number("0"))
  }

  @Test("a Dataset stands for X, Y wherever they are asked for")
  func datasets() throws {
    notebook.run("d = dataset(xor)\nnetwork N { input 2; dense 2, tanh; dense 1, sigmoid }")
    for call in [
      "forward(N, d)", "predict(N, d)", "loss(N, d)", "backward(N, d)", "step(N, d)",
      "train(N, d, epochs = 1)", "evaluate(N, d)", "gradcheck(N, d)", "loss(N, d.X, d)",
    ] { notebook.run(call) }
    #expect(try notebook.number("loss(N, d)") == notebook.number("loss(N, d.X, d.Y)"))
    #expect(try notebook.error("loss(N, d, d.Y)").message.contains("brings its own Y"))
    notebook.run("i = dataset(iris)\nnetwork I { input 4; dense 3, softmax }")
    #expect(try notebook.number("loss(I, i)") == notebook.number("loss(I, i.X, one_hot(i.Y))"))
    #expect(try notebook.shape("evaluate(I, i).confusion") == [3, 3])
    #expect(try notebook.texts("true", of: "evaluate(I, i)")[2] == "setosa")
  }

  @Test(
    "a wrong shape is an error that names it, and offers column(X) where that was meant",
    arguments: [
      ("forward(One, [1, 2])", "write column(X)"),
      ("forward(Two, [1, 2, 3])", "one value an input"),
      ("forward(Two, [1; 2])", "write X'"), ("forward(Two, ones(3, 4))", "X needs 2 columns"),
      ("forward(Two, 5)", "X is a number"), ("loss(One, [1; 2], [1])", "give Y 2 values"),
      ("loss(One, [1; 2], [[0, 1]])", "write Y'"), ("loss(One, [1; 2], 1)", "Y is a number"),
      ("loss(Two, [1, 2], [1])", "give Y 2 values"),
      ("loss(Two, [1, 2; 3, 4], [1, 0])", "give Y one row an example"),
      ("loss(Three, [1, 2; 3, 4], [1, 2, 3])", "2 examples"),
      ("loss(Two, [1, 2; 3, 4], [1, 0, 1; 0, 1, 0])", "2×3"),
      ("train(Reg, [1, 2; 3, 4], [1, 2, 3])", "give Y 2 values"),
    ])
  func wrongShapes(_ source: String, _ part: String) throws {
    let error = try notebook.error(source)
    #expect(error.name == "ShapeError", "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test(
    "class numbers, kinds and missing arguments",
    arguments: [
      ("loss(Three, [1, 2], 0)", "ValueError", "classes count from 1"),
      ("loss(Three, [1, 2; 3, 4], [1, 4])", "ValueError", "4"),
      ("loss(Three, [1, 2; 3, 4], [1, 1.5])", "ValueError", "1.5"),
      ("loss(One, 1)", "TypeError", "Y is missing"),
      ("loss(One)", "TypeError", "X is missing"),
      ("loss()", "TypeError", "net is missing"),
      ("loss(1, 2, 3)", "TypeError", "must be a network"),
      ("forward(One, \"a\")", "TypeError", "X must be numbers or a dataset"),
      ("loss(One, 1, \"a\")", "TypeError", "Y must be numbers"),
      ("loss(One, 1, sin)", "TypeError", "Y must be numbers"),
      ("loss(One, 1, 1, 1)", "TypeError", "one too many"),
    ])
  func otherMistakes(_ source: String, _ name: String, _ part: String) throws {
    let error = try notebook.error(source)
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test(
    "targets and predictions outside what a loss is defined for are DomainErrors",
    arguments: [
      "loss(One, 1, 2)", "loss(One, 1, -0.1)", "loss(One, 1, nan)", "backward(One, 1, 1.5)",
      "train(One, 1, 2)", "loss(Three, [1, 2], [0.5, 0.6, -0.1])", "evaluate(One, 1, inf)",
      "loss(B, [1, 2], 1)", "backward(B, [1, 2], 1)", "train(B, [1, 2], 1)",
    ])
  func domains(_ source: String) throws {
    notebook.run("network B { input 2; dense 1, identity, W = [1, 1]; loss bce }")
    let error = try notebook.error(source)
    #expect(error.name == "DomainError", "\(error.plainText)")
  }
}
