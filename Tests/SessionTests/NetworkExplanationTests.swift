import Assistance
import Display
import Language
import Lessons
import Session
import Testing

/// `explain` of runs of networks: what it says, and that every line is true.
@Suite("Explanations of networks")
struct NetworkExplanationTests {
  private func explanation(_ source: String, _ setUp: String = "") throws -> String {
    let notebook = Notebook(lectureCell)
    if !setUp.isEmpty { notebook.run(setUp) }
    notebook.run("d = explain \(source)")
    return try notebook.text("d")
  }

  /// The LaTeX of an explanation.
  private func latex(_ source: String, _ setUp: String = "") throws -> String {
    let notebook = Notebook(lectureCell)
    if !setUp.isEmpty { notebook.run(setUp) }
    notebook.run("d = explain \(source)")
    return try #require(notebook.bundle("d").data[MIMEType.latex]?.stringValue)
  }

  @Test("new values of an update are named by a subscript, not by letters in an exponent")
  func newNames() throws {
    let latex = try latex("step(Lecture, x, y, learning_rate = 0.1)")
    #expect(latex.contains(#"b_{1,\text{new}}^{[3]} &= b_{1}^{[3]}"#))
    #expect(latex.contains(#"w_{13,\text{new}}^{[2]} &="#))
    #expect(latex.contains(#"\Delta L &= L_{\text{new}} - L_{\text{old}}"#))
    #expect(!latex.contains("_new"))
  }

  @Test("a bias gradient of 1×k is set as a row")
  func biasRows() throws {
    let setUp = "set view = matrix\nnetwork B { input 1; dense 2, W = [1, 2], b = [0, 1] }"
    let call = "backward(B, [1; 2], [0, 0; 1, 1])"
    #expect(try latex(call, setUp).contains(#"= \begin{bmatrix} 2 & 7 \end{bmatrix} "#))
    #expect(try explanation(call, setUp).contains("∂L/∂b^[1] = sum(∂L/∂Z^[1], axis = 1)"))
    let single = try latex("backward(Lecture, x, y)", "set view = matrix")
    #expect(single.contains(#"\begin{bmatrix} -0.0214 & -0.0109 & -0.0323 \end{bmatrix} \qquad"#))
  }

  @Test("a perceptron's output is its step function of z")
  func perceptronStep() throws {
    let setUp = "perceptron P { input 2; threshold 0 }\nperceptron Q { input 1; threshold 0.5 }"
    let text = try explanation("train(P, [0, 0; 1, 1], [0, 1], rule = perceptron)", setUp)
    #expect(text.contains("o = unit_step(z) = unit_step(0) = 1"))
    #expect(
      try explanation("train(Q, [0], [1], rule = perceptron)", setUp)
        .contains("o = unit_step(z, threshold = 0.5) = unit_step(0, threshold = 0.5) = 0"))
    #expect(
      try latex("train(P, [0, 0], [0], rule = perceptron)", setUp)
        .contains(
          #"o &= \operatorname{step}\left(z\right) = \operatorname{step}\left(0\right) = 1"#))
  }

  @Test(
    "the lecture's steps, with its numbers",
    arguments: [
      ("forward(Lecture, x)", "z₁^[2] = b₁^[2] + w₁₁^[2]*a₁^[1] + w₂₁^[2]*a₂^[1]"),
      ("forward(Lecture, x)", "= 0.3 + 0.2*0.5744 + 0.1*0.5987"),
      ("forward(Lecture, x)", "a₁^[3] = sigmoid(z₁^[3]) = sigmoid(1.2305) = 0.7739"),
      ("loss(Lecture, x, y)", "L = -(y*ln(a₁^[3]) + (1 - y)*ln(1 - a₁^[3]))"),
      ("loss(Lecture, x, y)", "= 0.2563"), ("backward(Lecture, x, y)", "1. output layer gradient"),
      (
        "backward(Lecture, x, y)",
        "∂a₁^[3]/∂z₁^[3] = a₁^[3]*(1 - a₁^[3]) = 0.7739*(1 - 0.7739) = 0.1750"
      ),
      ("backward(Lecture, x, y)", "which is a₁^[3] - y: the factors cancel"),
      ("backward(Lecture, x, y)", "∂L/∂w₁₁^[3] = ∂L/∂z₁^[3]*a₁^[2] = -0.2261*0.6165 = -0.1394"),
      (
        "backward(Lecture, x, y)",
        "∂L/∂z₁^[2] = ∂L/∂a₁^[2]*∂a₁^[2]/∂z₁^[2] = -0.0904*0.2364 = -0.0214"
      ),
      ("backward(Lecture, x, y)", "8. layer 1 weight gradients"),
      (
        "step(Lecture, x, y)",
        "w₁₁^[3]_new = w₁₁^[3] - η*∂L/∂w₁₁^[3] = 0.4 - 0.1*(-0.1394) = 0.4139"
      ),
      ("step(Lecture, x, y)", "worked on a copy"), ("step(Lecture, x, y)", "the loss falls"),
      ("backward(Lecture, x, y), layer = 2, neuron = 1", "∂L/∂w₂₁^[2]"),
      ("backward(Lecture, [1; 2; 3], [1, 0, 1])", "∂L/∂Z^[2] = h'(Z^[2])*∂L/∂A^[2]"),
      ("backward(Lecture, [1; 2; 3], [1, 0, 1])", "∂L/∂W^[2] = (A^[1])' @ ∂L/∂Z^[2]"),
      ("backward(Lecture, [1; 2; 3], [1, 0, 1])", "m × k summed over the examples to 1 × k"),
      ("backward(Lecture, [1; 2; 3], [1, 0, 1]), example = 3", "∂L/∂a₁^[2]⁽³⁾"),
      ("train(P, [0,0;0,1;1,0;1,1], [0,0,0,1], rule = perceptron)", "e = t - o"),
      (
        "train(P, [0,0;0,1;1,0;1,1], [0,0,0,1], rule = perceptron)", "more presentations are folded"
      ),
    ])
  func lines(source: String, part: String) throws {
    let text = try explanation(source, "perceptron P { input 2 }")
    #expect(text.contains(part), "\(text)")
  }

  @Test("a copy is worked on, records are explained, settings are followed")
  func settings() throws {
    let notebook = Notebook(lectureCell)
    notebook.run("explain step(Lecture, x, y)")
    #expect(try notebook.numbers("Lecture.W[3]") == [0.4, 0.2, 0.6])
    notebook.run("run = forward(Lecture, x); g = backward(Lecture, x, y); u = step(Lecture, x, y)")
    notebook.run("a = explain run; b = explain g; c = explain u")
    #expect(try notebook.text("a").contains("sigmoid(1.2305) = 0.7739"))
    #expect(try notebook.text("b").contains("-0.0904*0.2364 = -0.0214"))
    #expect(try notebook.text("c").contains("w₁₁^[3]_new"))
    notebook.run("set bias = w0; reset(Lecture); d = explain forward(Lecture, x)")
    #expect(try notebook.text("d").contains("w₀₁^[2]"))
    // The slides' carried digits: −0.0904 × 0.2364.
    notebook.run("set carry = 4; e1 = explain backward(Lecture, x, y), layer = 2, neuron = 1")
    #expect(try notebook.text("e1").contains("-0.0904*0.2364 = -0.0214"))
    #expect(near(try notebook.number("backward(Lecture, x, y).loss"), 0.256306245050391))
  }

  @Test(
    "what cannot be explained",
    arguments: [
      ("summary(Lecture)", "GradientError", "explain takes forward"),
      ("train(Lecture, x, y)", "GradientError", "explain step"),
      ("backward(Lecture, x, y), layer = 4", "ValueError", "layers 1 to 3"),
      ("backward(Lecture, x, y), neuron = 9", "ValueError", "no neuron 9"),
      ("backward(Lecture, x, y), exmple = 1", "NameError", "did you mean example?"),
      ("forward(Lecture, [1, 2])", "ShapeError", ""),
    ])
  func mistakes(source: String, name: String, part: String) throws {
    let error = try Notebook(lectureCell).error("explain \(source)")
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test(
    "every printed formula, calculated again from its printed numbers, is the run's value",
    arguments: 0..<100)
  func recomputed(seed: Int) throws {
    var state = UInt64(seed) &* 2_862_933_555_777_941_757 &+ 3_037_000_493
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let activations = ["sigmoid", "tanh", "relu", "leaky_relu", "identity"]
    let layers = (0..<random(3)).map { _ in "dense \(1 + random(4)), \(activations[random(5)])" }
    let last = random(4)
    let outputs = last == 1 ? 2 + random(2) : 1 + random(3)
    let output = [
      "dense \(outputs), sigmoid; loss bce", "dense \(outputs), softmax; loss cce",
      "dense \(outputs), tanh; loss mse", "dense \(outputs), softmax; loss mse",
    ][last]
    let (inputs, examples) = (1 + random(3), 1 + random(3))
    let notebook = Notebook(
      """
      network N { input \(inputs); \((layers + [output]).joined(separator: "; ")); seed \(seed) }
      set seed = \(seed)
      X = randn(\(examples), \(inputs))
      Y = one_hot([\((0..<examples).map { _ in "1" }.joined(separator: ", "))], \(outputs))
      """)
    for view in ["neuron", "matrix"] {
      for call in ["forward(N, X)", "loss(N, X, Y)", "backward(N, X, Y)", "step(N, X, Y)"] {
        let choice = view == "neuron" && !call.hasPrefix("step") ? ", example = \(examples)" : ""
        notebook.run("set view = \(view); d = explain \(call)\(choice)")
        try check(notebook, "\(view) \(call)")
      }
    }
  }

  @Test(
    "LaTeX balances: braces, environments, formulas",
    arguments: [
      "forward(Lecture, x)", "backward(Lecture, x, y)", "step(Lecture, x, y)",
      "loss(Lecture, x, y)",
      "backward(Lecture, [1; 2; 3], [1, 0, 1])", "backward(Lecture, [1; 2], [1, 0]), example = 2",
      "∂f/∂x, x = 2", "∂C/∂w", "∂C/∂w, form = scalar", "hessian(f, x)",
      "total_derivative(h, x, u1 = x^2)",
      "train(P, [0,0;0,1;1,0;1,1], [0,0,0,1], rule = perceptron)",
    ])
  func balance(source: String) throws {
    let notebook = Notebook(lectureCell)
    notebook.run(
      """
      perceptron P { input 2 }
      f(x) = sin(x^2); h(x, u1) = x + u1
      C(w: vector, b, X: matrix, y: vector) = mean((y - max(0, X @ w + b))^2)
      d = explain \(source)
      """)
    let latex = try #require(try notebook.bundle("d").data["text/latex"]?.stringValue)
    var depth = 0
    for character in latex.replacing("\\{", with: "").replacing("\\}", with: "") {
      depth += character == "{" ? 1 : character == "}" ? -1 : 0
      #expect(depth >= 0)
    }
    #expect(depth == 0)
    #expect(latex.count { $0 == "$" }.isMultiple(of: 2))
    func count(_ part: String) -> Int {
      latex.split(separator: part, omittingEmptySubsequences: false).count
    }
    #expect(count("\\begin{") == count("\\end{"))
    #expect(count("\\left") == count("\\right"))
    #expect(!latex.contains("\\textasciicircum"))
  }

  /// Calculates the numbers of every line in the language.
  private func check(_ notebook: Notebook, _ call: String) throws {
    let substituted = try notebook.texts("substituted", of: "d")
    let quantities = try notebook.texts("quantity", of: "d")
    let values = try notebook.column("value", of: "d")
    #expect(!values.isEmpty)
    var calculated: [String: [Double]] = [:]
    var position = 0
    for (index, formula) in substituted.enumerated() where formula != "—" {
      // The rows of an array have one formula, and follow each other.
      let isSame =
        index > 0 && substituted[index - 1] == formula
        && quantities[index].hasSuffix("]") && quantities[index - 1].hasSuffix("]")
      position = isSame ? position + 1 : 0
      let all = try calculated[formula] ?? notebook.entries(formula)
      calculated[formula] = all
      guard position < all.count, all[position].isFinite, values[index].isFinite else { continue }
      let scale = max(1, all[position].magnitude)
      #expect(
        (all[position] - values[index]).magnitude < 1e-12 * scale,
        "\(call): \(quantities[index]) = \(formula)")
    }
  }
}

extension Notebook {
  /// The entries of a number, vector or matrix.
  fileprivate func entries(_ expression: String) throws -> [Double] {
    run("recomputed = \(expression)")
    return try column("value", of: "recomputed")
  }
}
