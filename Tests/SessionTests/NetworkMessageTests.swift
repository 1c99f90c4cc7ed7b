import Assistance
import Display
import Session
import Testing

/// What is said of networks that were written in another book's manner, and what pictures, help and completion make
/// of what is one's own.
@Suite("Networks in other books' manners: messages, pictures, words")
struct NetworkMessageTests {
  @Test(
    "a layer or a loss that is not written so here gets the way out",
    arguments: [
      ("dense 2, relu, b = 0.35", "b = shared(0.35)"),
      ("dense 2, relu, b = None", "write b = none"),
      ("dense 2, relu, b = false", "write b = none"),
      ("dense 2, step", "there is no activation step"),
      ("dense 2, x^2", "f(z) = z*sigmoid(z), then dense 8, f"),
      ("dense 2, relu; loss (y - a)^2", "then loss f"),
      ("dense 2, relu; loss huber(0)", "the delta of huber is a number above 0, not 0"),
    ])
  func definition(lines: String, message: String) throws {
    let text = try Notebook().error("network N { input 2; \(lines) }").plainText
    #expect(text.contains(message), "\(text)")
  }

  @Test(
    "targets that a perceptron does not give are named where they stand, with the block that gives them"
  )
  func perceptronTargets() throws {
    let notebook = Notebook("perceptron P { input 1 }\nperceptron S { input 1; outputs -1, 1 }")
    for (call, caret, help) in [
      ("train(P, [1; 2], [1, -1], rule = perceptron)", "[1, -1]", "outputs -1, 1"),
      ("train(S, [1; 2], [1, 0], rule = perceptron)", "[1, 0]", "outputs 0, 1"),
    ] {
      let text = try notebook.error(call).plainText
      #expect(text.hasPrefix("ValueError") && text.contains(help), "\(text)")
      let lines = text.split(separator: "\n").map(String.init)
      #expect(lines[2].count { $0 == "^" } == caret.count, "\(text)")
    }
  }

  @Test("weights that return say nothing of lines where a threshold is fixed: AND has one")
  func circles() throws {
    let notebook = Notebook(
      """
      perceptron P { input 2; W = [0.3, -0.1]; b = none; threshold 0.2; strict; outputs -1, 1 }
      h = train(P, dataset(and).X, 2*dataset(and).Y - 1, rule = perceptron, learning_rate = 0.1)
      """)
    let text = try notebook.text("h")
    #expect(text.contains("in a circle, for ever") && !text.contains("separable"), "\(text)")
  }

  @Test("a boundary of signs lies at 0, and is named by them")
  func signs() throws {
    let notebook = Notebook(
      """
      network N { input 2; dense 1, tanh, W = [1; 1], b = -0.5 }
      X = [1, 1; -1, -1; 1, -0.2]
      """)
    for loss in ["", "loss hinge"] {
      notebook.run("network N { input 2; dense 1, tanh, W = [1; 1], b = -0.5; \(loss) }")
      let text = try notebook.text("boundary(N, X, [1, -1, 1])")
      #expect(text.contains("y = -1: ") && !text.contains("wrong side"), "\(text)")
    }
    notebook.run("network N { input 2; dense 1, tanh, W = [1; 1], b = -0.5; loss hinge }")
    #expect(try notebook.text("boundary(N, X, [1, 1, 1])").contains("1 of 3 examples"))
    notebook.run("network N { input 2; dense 1, sigmoid }")
    #expect(try notebook.text("boundary(N, dataset(xor))").contains("y = 0: "))
  }

  @Test("without biases there is no row of them; a landscape needs two parameters")
  func noBiases() throws {
    let notebook = Notebook("network N { input 1; dense 1, sigmoid, b = none }")
    #expect(
      try notebook.texts("operation", of: "scalar_vs_vectorized(N, [1; 2], [0, 1])")
        == ["affine transformation", "activation", "loss", "gradient W"])
    let text = try notebook.error("landscape(N, [1; 2], [0, 1], W[1][1,1], W[1][1,1])").plainText
    #expect(text.contains("these are one"), "\(text)")
  }

  @Test("a graph keeps the names of a function's parts")
  func graph() throws {
    let notebook = Notebook("f(x, y, z) = { q = x + y; q*z }")
    let text = try notebook.text("graph(f, x = -2, y = 5, z = -4)")
    #expect(text.contains("q: + = 3") && text.contains("z (q = 3)"), "\(text)")
  }

  @Test("a loss with a number is shown with it; `b = shared` alone is shared(0)")
  func notation() throws {
    let notebook = Notebook("network N { input 2; dense 3, relu, b = shared; loss huber(0.5) }")
    #expect(try notebook.text("N").contains("loss huber(0.5)"))
    #expect(try notebook.numbers("N.b[1]") == [0])
  }

  @Test(
    "help has every word of a layer, and what an option does",
    arguments: [
      ("b", "the biases"), ("shared", "b = shared(0.35)"), ("none", "the biases"),
      ("frozen", "frozen = all"), ("per", "loss mse(per = entry)"), ("l2", "½λΣW²"),
      ("l1", "λΣ|W|"), ("clip", "the norm of all gradients"), ("validation", "(Xv, Yv)"),
      ("patience", "has not fallen"), ("adamw", "w ← w - η*λ*w"), ("adam", "ε = 1e-8"),
    ])
  func help(word: String, part: String) throws {
    let text = try #require(
      Notebook().attempt("help(\(word))").bundles.first?.data[MIMEType.plain]?.stringValue)
    #expect(text.contains(part), "\(text)")
  }

  @Test("one's own functions are offered where a layer's activation and a loss stand")
  func completion() {
    let notebook = Notebook("bent(z) = z^3\nmiss(y, a) = (y - a)^4")
    func offered(_ text: String) -> [String] {
      LanguageService.complete(
        text, at: text.unicodeScalars.count, in: notebook.session.snapshot
      ).matches.map(\.text)
    }
    #expect(offered("network N {\n input 2\n dense 8, ").first == "bent")
    #expect(offered("network N {\n input 2\n dense 8, be") == ["bent"])
    #expect(offered("network N {\n input 2\n loss ").first == "miss")
    #expect(!offered("network N {\n input 2\n dense 8, ").contains("miss"))
    #expect(offered("network N {\n input 2\n dense 8, relu, frozen = ").contains("all"))
  }
}
