import Testing

@Suite("Perceptrons as books have them")
struct PerceptronBlockTests {
  @Test("AND with weights 0.3 and −0.1, threshold 0.2, rate 0.1: the book's table, row by row")
  func bookTable() throws {
    let notebook = Notebook("perceptron P { input 2; W = [0.3, -0.1]; b = none; threshold 0.2 }")
    notebook.run(
      "h = train(P, [0, 0; 0, 1; 1, 0; 1, 1], [0, 0, 0, 1], rule = perceptron, learning_rate = 0.1)"
    )
    #expect(
      try notebook.columns("h")
        == ["epoch", "example", "z", "output", "target", "error", "w1", "w2"])
    let rows: [(output: Double, error: Double, w1: Double, w2: Double)] = [
      (0, 0, 0.3, -0.1), (0, 0, 0.3, -0.1), (1, -1, 0.2, -0.1), (0, 1, 0.3, 0),
      (0, 0, 0.3, 0), (0, 0, 0.3, 0), (1, -1, 0.2, 0), (1, 0, 0.2, 0),
      (0, 0, 0.2, 0), (0, 0, 0.2, 0), (1, -1, 0.1, 0), (0, 1, 0.2, 0.1),
      (0, 0, 0.2, 0.1), (0, 0, 0.2, 0.1), (1, -1, 0.1, 0.1), (1, 0, 0.1, 0.1),
      (0, 0, 0.1, 0.1), (0, 0, 0.1, 0.1), (0, 0, 0.1, 0.1), (1, 0, 0.1, 0.1),
    ]
    #expect(try notebook.column("output", of: "h") == rows.map(\.output))
    #expect(try notebook.column("error", of: "h") == rows.map(\.error))
    for (column, expected) in [("w1", rows.map(\.w1)), ("w2", rows.map(\.w2))] {
      let actual = try notebook.column(column, of: "h").compactMap { $0 }
      #expect(zip(actual, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(actual)")
    }
    #expect(try notebook.text("h").contains("but for rounding, and counts as on it"))
    #expect(try notebook.text("h.converged") == "true")
    #expect(try notebook.error("P.b[1]").plainText.contains("there is no member b"))
  }

  @Test("OR with a third input of −1 in place of a bias")
  func biasInput() throws {
    let notebook = Notebook("perceptron P { input 3; b = none; threshold 0 }")
    notebook.run(
      "train(P, [0,0,-1; 0,1,-1; 1,0,-1; 1,1,-1], [0,1,1,1], rule = perceptron, learning_rate = 0.5)"
    )
    #expect(try notebook.numbers("P.W[1]") == [0.5, 0.5, 0.5])
  }

  @Test("NAND, strictly above the threshold 0.5")
  func strict() throws {
    let notebook = Notebook("perceptron P { input 3; b = none; threshold 0.5; strict }")
    notebook.run(
      "h = train(P, [1,0,0; 1,0,1; 1,1,0; 1,1,1], [1,1,1,0], rule = perceptron, learning_rate = 0.1)"
    )
    let weights = try notebook.numbers("P.W[1]")
    #expect(zip(weights, [0.8, -0.2, -0.1]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(try notebook.text("h.converged") == "true")
    #expect(try notebook.text("P").contains("unit_step(0.5), strict"))
    notebook.run("perceptron Z { input 2; threshold 0; strict }\nperceptron Y { input 2 }")
    #expect(try notebook.numbers("predict(Z, [0, 0])") == [0])
    #expect(try notebook.numbers("predict(Y, [0, 0])") == [1])
  }

  @Test("own weights: three examples, once")
  func ownWeights() throws {
    let notebook = Notebook("perceptron P { input 2; W = [1; -0.8]; b = none }")
    notebook.run("train(P, [1,2; -1,2; 0,-1], [1,0,0], rule = perceptron, epochs = 1)")
    let weights = try notebook.numbers("P.W[1]")
    #expect(weights[0] == 3 && abs(weights[1] - 0.2) < 1e-12)
    notebook.run("perceptron Q { input 2; W = [1, -0.8]; b = 0 }")
    #expect(try notebook.numbers("Q.b[1]") == [0])
    #expect(try notebook.numbers("Q.W[1]") == [1, -0.8])
    notebook.run("perceptron R { input 2; W = [1, -0.8]; b = 0.5; frozen = W }")
    notebook.run("train(R, [1, 2], 1, rule = perceptron, epochs = 1)")
    #expect(try notebook.numbers("R.W[1]") == [1, -0.8])
    #expect(try notebook.numbers("R.b[1]") == [1.5])
  }

  @Test("signs as outputs: targets, error, accuracy")
  func signs() throws {
    let notebook = Notebook("perceptron P { input 2; strict; outputs -1, 1 }")
    notebook.run("X = [0,0; 0,1; 1,0; 1,1]; y = [-1, -1, -1, 1]")
    notebook.run("h = train(P, X, y, rule = perceptron)")
    #expect(try notebook.text("h.converged") == "true")
    #expect(try notebook.numbers("predict(P, X)") == [-1, -1, -1, 1])
    #expect(Set(try notebook.column("error", of: "h").compactMap { $0 }) == [-2, 0, 2])
    #expect(try notebook.number("evaluate(P, X, y).accuracy") == 1)
    #expect(try notebook.numbers("evaluate(P, X, y).confusion") == [3, 0, 0, 1])
    let error = try notebook.error("train(P, X, [0, 0, 0, 1], rule = perceptron)")
    #expect(error.plainText.contains("-1 or 1"), "\(error.plainText)")
    let told = try notebook.text(
      "explain train(P, X, y, rule = perceptron, epochs = 1), example = 1")
    #expect(told.contains("z > 0") || told.contains("z ≤ 0"), "\(told)")
  }

  @Test("a tie that only rounding breaks counts as one, in a layer too, and is noted")
  func ties() throws {
    let notebook = Notebook(
      """
      network T { input 2; dense 1, unit_step(0.2), W = [0.3, -0.1], b = none }
      network S { input 2; dense 1, unit_step(0.2), W = [0.3, -0.1], b = none; precision float32 }
      network F { input 2; dense 1, unit_step(0.2), W = [0.3, -0.10000000001], b = none }
      """)
    #expect(try notebook.number("0.3 - 0.1") < 0.2)
    for call in ["predict(T, [1, 1])", "forward(T, [1, 1])"] {
      let text = try notebook.text(call)
      #expect(text.contains("note: z of neuron 1 in layer 1 for example 1 is its threshold 0.2"))
    }
    #expect(try notebook.number("forward(T, [1, 1]).z[1][1]") == 0.2)
    #expect(try notebook.numbers("forward(S, [1, 1]).a[1]") == [1])
    #expect(try notebook.numbers("forward(F, [1, 1]).a[1]") == [0])
    #expect(!(try notebook.text("predict(F, [1, 1])").contains("note")))
  }

  @Test("explain has no bias where there is none")
  func explanation() throws {
    let notebook = Notebook("perceptron P { input 2; W = [0.3, -0.1]; b = none; threshold 0.2 }")
    let text = try notebook.text("explain train(P, [1, 1], 0, rule = perceptron, epochs = 1)")
    #expect(text.contains("z = w₁*x₁ + w₂*x₂"), "\(text)")
    #expect(text.contains("on the threshold, but for rounding") && text.contains("z ≥ 0.2"))
    #expect(text.contains("w₁_new = w₁ + η*e*x₁ = 0.3 + 1*(-1)*1 = -0.7"), "\(text)")
    #expect(!text.contains("b_new"), "\(text)")
  }

  @Test(
    "what makes no sense is said",
    arguments: [
      ("W = [1, 2, 3]", "ShapeError", "the input gives it 2"),
      ("c = 1", "NameError", "a perceptron has no keyword c"),
      ("outputs 1", "SyntaxError", "outputs -1, 1"), ("outputs 1, -1", "ValueError", "lower"),
      ("strict 1", "SyntaxError", ""), ("threshold = 1", "SyntaxError", "takes no `=`"),
      ("strict; strict", "SyntaxError", "given twice"),
      ("W = 1, W = 2", "SyntaxError", ""), ("W = 1; W = 2", "SyntaxError", "given twice"),
      ("activation = relu", "NameError", "no keyword activation"),
    ])
  func mistakes(_ items: String, _ name: String, _ part: String) throws {
    let error = try Notebook().error("perceptron P { input 2; \(items) }")
    #expect(error.name == name && error.plainText.contains(part), "\(error.plainText)")
  }
}
