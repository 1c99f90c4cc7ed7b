import Assistance
import Calculus
import Language
import Lessons
import Session
import Testing

/// `layer` definitions, the layers that ship with the kernel, and networks of arrays.
@Suite("Layers as formulas")
struct LayerTests {
  static let definitions = """
    layer Attention(X: matrix(t, d), k) {
        parameter Wq, Wk, Wv: matrix(d, k)
        Q = X @ Wq
        K = X @ Wk
        V = X @ Wv
        A = softmax(Q @ K' / sqrt(k))
        A @ V
    }
    layer RNN(X: matrix(T, n), k, h0 = 0) {
        parameter Wx: matrix(n, k), Wh: matrix(k, k), b: vector(k)
        h[0] = h0 + zeros(k)
        for t in 1:T { h[t] = tanh(X[t,:] @ Wx + h[t-1] @ Wh + b) }
        h[T]
    }
    layer Scale(x: vector(n)) {
        parameter γ: vector(n) = ones, s = 2
        s * γ ⊙ x
    }
    """

  /// A line of each shipped layer, with the input that it takes.
  static let shipped: [(input: String, line: String)] = [
    ("array(2, 3, 4)", "flatten"), ("12", "reshape 2, 6"), ("matrix(3, 4)", "transpose"),
    ("3", "embedding 4, 2"), ("matrix(3, 4)", "position"), ("matrix(2, 6)", "conv1d 3, 2, tanh"),
    ("6", "conv1d 2, 3, stride = 2, padding = 1"), ("array(2, 4, 4)", "conv2d 3, 3, 2, tanh"),
    ("matrix(4, 5)", "conv2d 1, 2, 2, padding = 1"), ("matrix(4, 5)", "max_pool 2"),
    ("array(2, 4, 5)", "max_pool 3, 2, stride = 1, padding = 1"),
    ("matrix(4, 5)", "average_pool 2"), ("array(2, 4, 5)", "average_pool 2, padding = 1"),
    ("array(2, 3, 3)", "global_average_pool"), ("matrix(2, 3)", "global_average_pool"),
    ("matrix(3, 2)", "rnn 2"), ("matrix(3, 1)", "rnn 1, h0 = 0.5, sequence = true"),
    ("matrix(3, 2)", "lstm 2"), ("matrix(2, 1)", "lstm 1, sequence = true"),
    ("matrix(3, 2)", "gru 2"), ("matrix(3, 4)", "attention 2"),
    ("matrix(3, 4)", "attention 4, heads = 2, causal = true"), ("4", "layer_norm"),
    ("matrix(3, 4)", "layer_norm"), ("array(2, 2, 3)", "layer_norm"), ("3", "batch_norm"),
    ("matrix(2, 3)", "batch_norm"), ("array(2, 2, 2)", "batch_norm"), ("4", "dropout 0.5"),
    ("matrix(2, 2)", "dropout 0.5, mask = [1, 0; 0, 1]"), ("matrix(3, 4)", "dense 2, sigmoid"),
    ("matrix(3, 4)", "softmax"), ("4", "swish"),
  ]

  static func network(_ input: String, _ line: String, precision: String = "float64") -> String {
    let isNumbers = line.hasPrefix("embedding")
    let sizes = input.split { !$0.isNumber }.joined(separator: ", ")
    let x =
      isNumbers
      ? "[1, 2, 2; 4, 3, 1]"
      : "reshape(sin(1:(2*\(sizes.replacing(", ", with: "*")))), 2, \(sizes))"
    return """
      network N { input \(input); \(line); flatten; dense 2, tanh; seed 3; precision \(precision) }
      X = \(x)
      Y = [0.5, -0.5; 0.25, 1]
      """
  }

  @Test("every shipped layer has a line here")
  func names() {
    #expect(NamedLayers.mistakes.isEmpty)
    #expect(NamedLayers.words == NamedLayers.all.map(\.syntax.word))
    let words = Set(Self.shipped.map { $0.line.prefix { $0 != " " } }.map(String.init))
    for layer in NamedLayers.all { #expect(words.contains(layer.name), "\(layer.name)") }
  }

  @Test("gradients of shipped layers are those of differences", arguments: shipped.indices)
  func gradients(_ index: Int) throws {
    let (input, line) = Self.shipped[index]
    let notebook = Notebook(Self.network(input, line))
    #expect(try notebook.text("gradcheck(N, X, Y).holds") == "true", "\(line)")
    // ∂L/∂x by the parts of the layer in front, which is checked likewise.
    guard !line.hasPrefix("embedding") else { return }
    let before = Notebook(
      Self.network(input, line).replacing("; \(line)", with: "; swish; \(line)"))
    #expect(try before.text("gradcheck(N, X, Y).holds") == "true", "\(line)")
  }

  @Test("gradients go through every function of a sum that a parameter has a part in")
  func functions() throws {
    var checked: [String] = []
    // Without those that take a second number.
    for function in ElementFunction.all
    where function.refusal == nil && function.parameter == nil {
      let call = "\(function.name)(s*x + 0.5)"
      let notebook = Notebook(
        """
        layer L(x: vector(n)) { parameter s = 0.3, t: vector(n) = ones; \(call) ⊙ t }
        network N { input 3; L; dense 1; seed 3 }
        X = [0.5, -0.5, 0.25; 1, -1, 0.75]
        """)
      // Those that are not defined there.
      guard notebook.attempt("v = \(function.name)(0.5)").error == nil,
        try notebook.number("v").isFinite
      else { continue }
      #expect(try notebook.text("gradcheck(N, X, [1; 0]).holds") == "true", "\(call)")
      checked.append(function.name)
    }
    #expect(checked.count > 20 && checked.contains("exp"), "\(checked)")
  }

  @Test(
    "both precisions give the same, and training lowers the loss", arguments: shipped.indices)
  func training(_ index: Int) throws {
    let (input, line) = Self.shipped[index]
    let double = Notebook(Self.network(input, line))
    let single = Notebook(Self.network(input, line, precision: "float32"))
    let outputs = try [double, single].map { try $0.numbers("predict(N, X)") }
    #expect(near(outputs[0], outputs[1], 1e-4), "\(line)")
    double.run(
      """
      u = step(N, X, Y, learning_rate = 0.01)
      h = train(N, X, Y, epochs = 3, learning_rate = 0.01, batch_size = 1)
      """)
    #expect(try double.text("u.after < u.before") == "true", "\(line)")
  }

  @Test("records, pictures and explanations show shipped layers", arguments: shipped.indices)
  func records(_ index: Int) throws {
    let (input, line) = Self.shipped[index]
    let notebook = Notebook(Self.network(input, line))
    for call in [
      "N", "forward(N, X)", "backward(N, X, Y)", "step(copy(N), X, Y)", "evaluate(N, X, Y)",
      "explain forward(N, X)", "explain loss(N, X, Y)",
    ] {
      let run = notebook.run(call)
      #expect(run.error == nil && !run.texts.joined().isEmpty, "\(line): \(call)")
    }
  }

  @Test(
    "known numbers",
    arguments: [
      (
        "matrix(3, 3)", "conv2d 1, 2, 2, K = [1, 0; 0, -1], b = 1", "[1, 2, 3; 4, 5, 6; 7, 8, 9]",
        [-3, -3, -3, -3]
      ),
      ("5", "conv1d 1, 3, K = [1, 0, -1]", "[1, 2, 4, 7, 11]", [-3, -5, -7]),
      (
        "5", "conv1d 1, 3, K = [1, 0, -1], padding = 1, stride = 2", "[1, 2, 4, 7, 11]",
        [-2, -5, 7]
      ),
      (
        "matrix(4, 4)", "max_pool 2", "[1, 3, 2, 4; 5, 6, 7, 8; 3, 2, 1, 0; 1, 2, 3, 4]",
        [6, 8, 3, 4]
      ),
      ("matrix(3, 3)", "average_pool 2, stride = 1", "[1, 2, 3; 4, 5, 6; 7, 8, 9]", [3, 4, 6, 7]),
      (
        "matrix(2, 1)", "lstm 1, Wx = [[0.1, 0.2, 0.3, 0.4]], Wh = [[0.5, 0.6, 0.7, 0.8]]",
        "[0.5; -0.3]", [0.0035000231956951694]
      ),
      (
        "matrix(2, 1)",
        "gru 1, Wx = [[0.1, 0.2, 0.3]], Wh = [[0.5, 0.6, 0.7]], b = [0.1, 0.2, 0.3], c = [-0.1, 0, 0.4]",
        "[0.5; -0.3]", [0.34089296011827375]
      ),
      ("3", "layer_norm", "[1, 2, 3]", [-1.2247356859083902, 0, 1.2247356859083902]),
      ("vector(2)", "embedding 3, 2, E = [1, 2; 3, 4; 5, 6]", "[3, 1]", [5, 6, 1, 2]),
      (
        "4", "swish", "[0, 1, -1, 2]",
        [0, 0.7310585786300049, -0.2689414213699951, 1.7615941559557649]
      ),
    ] as [(String, String, String, [Double])])
  func values(_ input: String, _ line: String, _ x: String, _ expected: [Double]) throws {
    let notebook = Notebook("network N { input \(input); \(line) }")
    #expect(near(try notebook.numbers("predict(N, \(x))"), expected, 1e-12), "\(line)")
  }

  @Test("layers of one's own: quantities, families, parameters, gradients")
  func own() throws {
    let notebook = Notebook(
      Self.definitions + """

        network N { input matrix(3, 4); Attention k = 2; flatten; dense 1, sigmoid }
        X = [1, 0, 1, 0; 0, 1, 0, 1; 1, 1, 0, 0]
        run = forward(N, X)
        g = backward(N, X, 1)
        network R { input matrix(3, 2); RNN 2; dense 1 }
        S = [1, 2; 3, 4; 5, 6]/10
        r = forward(R, S)
        s = backward(R, S, 1)
        network G { input 2; Scale gamma = [1, 3]; dense 1 }
        """)
    for claim in [
      "max(abs(run.Q[1] - X @ N.Wq[1])) < 1e-12",
      "max(abs(run.A[1] - softmax(run.Q[1] @ run.K[1]' / sqrt(2)))) < 1e-12",
      "max(abs(run.a[1] - run.A[1] @ run.V[1])) < 1e-12",
      "max(abs(g.V[1] - run.A[1]' @ g.a[1])) < 1e-12",
      "max(abs(g.Wv[1] - X' @ g.V[1])) < 1e-12", "gradcheck(N, X, 1).holds",
      "max(abs(r.h[1][1] - tanh(S[1,:] @ R.Wx[1] + R.b[1]))) < 1e-12",
      "max(abs(r.a[1] - r.h[1][3])) < 1e-12",
      // Its whole derivative, later steps included.
      "max(abs(s.h[1][2] - R.Wh[1] @ (s.h[1][3] ⊙ (1 - r.h[1][3]^2)))) < 1e-12",
      "max(abs(s.h[1][0] - R.Wh[1] @ (s.h[1][1] ⊙ (1 - r.h[1][1]^2)))) < 1e-12",
      "gradcheck(R, S, 1).holds", "max(abs(forward(G, [1, 2]).a[1] - [2, 12])) < 1e-12",
      "max(abs(N.Wq[1] - copy(N).Wq[1])) < 1e-12",
    ] {
      #expect(try notebook.text(claim) == "true", "\(claim)")
    }
    let told = try notebook.text("explain backward(N, X, 1)")
    #expect(told.contains("∂L/∂V^[1] = (A^[1])' @ ∂L/∂a^[1]"), "\(told)")
    #expect(told.contains("∂L/∂Wq^[1] = (x^[0])' @ ∂L/∂Q^[1]"), "\(told)")
  }

  @Test("a residual adds what goes in, and its sum has no number")
  func residuals() throws {
    let notebook = Notebook(
      """
      network N { input 3; residual { layer_norm; dense 3, tanh }; residual { swish }; dense 1 }
      X = [1, 2, 4; 0, 1, -1]
      run = forward(N, X)
      network M { input 2; residual { dense 2, identity, W = [0, 0; 0, 0] } }
      """)
    #expect(
      try notebook.text("max(abs(run.z[4] - ((X + run.a[2]) + run.a[3]) @ N.W[4])) < 1e-12")
        == "true")
    #expect(try notebook.text("gradcheck(N, X, [1; 0]).holds") == "true")
    #expect(try notebook.numbers("predict(M, [3, 4])") == [3, 4])
    #expect(try notebook.numbers("forward(M, [3, 4]).a[1]") == [0, 0])
  }

  @Test("averages move in training, stand for the line in prediction, and go back")
  func averages() throws {
    let notebook = Notebook(
      """
      network N { input 1; batch_norm; loss mse }
      X = [1; 3]
      """)
    #expect(try notebook.numbers("predict(N, X)").map { ($0 * 1000).rounded() } == [1000, 3000])
    #expect(
      near(try notebook.numbers("flatten(forward(N, X, training = true).a[1])"), [-1, 1], 1e-4))
    #expect(try notebook.numbers("N.μ[1]") == [0])
    notebook.run("u = step(N, X, [0; 0])")
    #expect(try notebook.text("u.after < u.before") == "true")
    #expect(near(try notebook.numbers("N.μ[1]"), [0.2], 1e-12))
    #expect(near(try notebook.numbers("N.v[1]"), [1], 1e-12))
    notebook.run("reset(N)")
    #expect(try notebook.numbers("N.mu[1]") == [0])
  }

  @Test("a row of class numbers is a target of a sequence")
  func sequences() throws {
    let notebook = Notebook(
      """
      network N { input matrix(3, 2); rnn 4, sequence = true; dense 3, softmax }
      X = [0.1, 0.2; 0.3, 0.4; 0.5, 0.6]
      P = predict(N, X)
      """)
    #expect(
      try notebook.text(
        "abs(loss(N, X, [1, 3, 2]) + ln(P[1, 1]) + ln(P[2, 3]) + ln(P[3, 2])) < 1e-12") == "true")
    #expect(try notebook.text("gradcheck(N, X, [1, 3, 2]).holds") == "true")
    // Every row is a prediction: two of these three are right.
    notebook.run("k = argmax(P); t = [k[1], k[2], mod(k[3], 3) + 1]; r = evaluate(N, X, t)")
    #expect(near(try notebook.number("r.accuracy"), 2.0 / 3))
    #expect(try notebook.number("sum(r.confusion)") == 3)
    #expect(try notebook.shape("r.confusion") == [3, 3])
  }

  @Test("a mask of a layer's own is no number that went wrong")
  func masks() throws {
    let notebook = Notebook("network N { input matrix(3, 2); attention 2, causal = true }")
    #expect(try notebook.number("forward(N, [1, 2; 3, 4; 5, 6]).A[1][1, 1]") == 1)
    let text = try notebook.text("forward(N, [1, 2; 3, 4; 5, 6])")
    #expect(!text.contains("note:"))
  }

  @Test("help shows the lines of a shipped layer")
  func help() throws {
    let page = LanguageService.help("lstm", in: Notebook().session.snapshot)?
      .data["text/plain"]?.stringValue
    #expect(page?.contains("h[t] = o[t] ⊙ tanh(c[t])") == true)
  }

  @Test("a line that has the formula of another is no user of it")
  func sameFormulas() throws {
    let last = "X/(1 + abs(X)) + exp(X)"
    let notebook = Notebook(
      """
      layer L(X: vector(2)) { q = abs(X); r = reshape(exp(X), 2); s = exp(X)[1:2]; t = sin(X)[2:2]; \(last) + sin(X) }
      layer M(X: vector(2)) { \(last) + sin(X) }
      network N { input 2; L; dense 1; seed 1 }
      network O { input 2; M; dense 1; seed 1 }
      g = backward(N, [0.3, -0.7], [1])
      o = backward(O, [0.3, -0.7], [1])
      """)
    #expect(try notebook.numbers("g.q[1]") == [0, 0])
    #expect(try notebook.numbers("g.r[1]") == [0, 0])
    #expect(try notebook.numbers("g.s[1]") == [0, 0])
    #expect(try notebook.numbers("g.t[1]") == [0])
    #expect(try notebook.number("max(abs(g.a[0]))") > 0)
    #expect(try notebook.number("max(abs(g.a[0] - o.a[0]))") < 1e-15)
  }
}
