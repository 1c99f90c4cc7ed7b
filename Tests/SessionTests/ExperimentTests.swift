import Assistance
import Language
import Lessons
import Session
import Testing

/// `whatif`, `scalar_vs_vectorized`, `compare` of formulas, what tables point at.
@Suite("Experiments")
struct ExperimentTests {
  @Test("whatif tells everything downstream, and leaves the network alone")
  func whatIf() throws {
    let notebook = Notebook(lectureCell)
    let call = "whatif(Lecture, x, y, W[2][1,3] = 0.9)"
    #expect(
      try notebook.columns(call)
        == ["quantity", "layer", "neuron", "example", "before", "after", "change"])
    #expect(try notebook.texts("quantity", of: call) == ["z", "a", "z", "a", "loss"])
    #expect(try notebook.column("layer", of: call).prefix(4) == [2, 2, 3, 3])
    #expect(near(try notebook.number("\(call).before"), 0.256306245050391))
    #expect(try notebook.numbers("Lecture.W[2][1,:]") == [0.2, 0.3, 0.1])
    notebook.run("n = copy(Lecture); n.W[2][1,3] = 0.9")
    #expect(near(try notebook.number("\(call).after"), try notebook.number("loss(n, x, y)")))
    #expect(try notebook.error("whatif(Lecture, x, y)").message.contains("needs a change"))
    #expect(try notebook.error("whatif(Lecture, x, y, W[5][1,1] = 2)").name == "ValueError")
    #expect(try notebook.error("forward(Lecture, W[2][1,3] = 2)").name == "SyntaxError")
  }

  @Test("loops and matrices agree", arguments: ["Lecture, x, y", "S, [1, 2; 3, 4], [1, 2]"])
  func vectorization(arguments: String) throws {
    let notebook = Notebook(
      lectureCell + "\nnetwork S { input 2; dense 3, relu; dense 2, softmax }")
    let call = "scalar_vs_vectorized(\(arguments))"
    #expect(try notebook.number("\(call).equal") == 1)
    #expect(
      try notebook.texts("operation", of: call)
        == ["affine transformation", "activation", "loss", "gradient W", "gradient b"])
    #expect(try notebook.column("scalar_us", of: call).allSatisfy { $0 > 0 })
  }

  @Test("compare takes formulas, and never fails")
  func formulas() throws {
    let notebook = Notebook("f(x) = x^2")
    #expect(try notebook.texts("verdict", of: "compare(∂f/∂x, 2*x)") == ["✓"])
    #expect(try notebook.texts("verdict", of: "compare(∂f/∂x, x, f(2), 4)") == ["✗", "✓"])
  }

  @Test("a gradient that fades, and weights that go round in a circle, are named")
  func insight() throws {
    let notebook = Notebook(
      "network V { input 2; dense 3, sigmoid; dense 3, sigmoid; dense 3, sigmoid; dense 1, sigmoid }\nperceptron P { input 2 }"
    )
    #expect(try notebook.text("backward(V, [1, 2], [1])").contains("fades on its way back"))
    #expect(
      try notebook.text("train(P, [0,0;0,1;1,0;1,1], [0,1,1,0], rule = perceptron)").contains(
        "not linearly separable"))
  }

  @Test("a saturated output has its loss by loops and by matrices, as the network computes it")
  func saturated() throws {
    let notebook = Notebook("network N { input 1; dense 1, sigmoid, W = 50 }\nx = [1]\ny = [0]")
    let call = "scalar_vs_vectorized(N, x, y)"
    #expect(try notebook.number("loss(N, x, y)") == 50)
    #expect(try notebook.column("max_difference", of: call).allSatisfy { $0 < 1e-12 })
  }
}
