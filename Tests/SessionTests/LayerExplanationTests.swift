import Testing

/// `explain` of the layers that are lines: every formula that is printed gives the value that is printed behind it.
@Suite("Explanations of layers")
struct LayerExplanationTests {
  /// Layers of one's own: what stands in their lines, and the input that they take.
  static let written: [(input: String, layer: String)] = [
    ("3", "layer L(x: vector(n)) { parameter W: matrix(n, n); q = tanh(x @ W); q ⊙ x + q^2 }"),
    (
      "4",
      "layer L(x: vector(n)) { parameter s = 2, t: vector(n) = ones; exp(-s*x^2) ⊙ t / (1 + x^2) }"
    ),
    ("4", "layer L(x: vector(n)) { p = softmax(x); concat(p[1:2] ⊙ x[3:4], [norm(x), sum(p^2)]) }"),
    ("3", "layer L(x: vector(n)) { parameter W: matrix(n, n); W @ (x / norm(x)) - mean(x) }"),
    (
      "3",
      "layer L(x: vector(n)) { parameter A: matrix(n, n), c: vector(n); r = relu(A @ x + c); max(r, x) + min(x, 0.1) }"
    ),
    (
      "matrix(3, 2)",
      "layer L(X: matrix(t, d)) { parameter W: matrix(d, d); G = X @ W @ X'; softmax(G) @ X }"
    ),
    (
      "matrix(3, 2)",
      "layer L(X: matrix(t, d)) { parameter u: vector(d); e = X @ u; w = softmax(e); w @ X }"
    ),
    (
      "matrix(2, 3)",
      "layer L(X: matrix(t, d)) { m = max(X, axis = 1); s = std(X, axis = 2); (X - m)/column(s + 1) }"
    ),
    (
      "matrix(3, 2)",
      "layer L(X: matrix(t, d)) { parameter W: matrix(d, d), U: matrix(d, d); h[0] = zeros(d); for i in 1:t { z[i] = sigmoid(X[i, :] @ W); h[i] = (1 - z[i]) ⊙ h[i - 1] + z[i] ⊙ tanh(h[i - 1] @ U + X[i, :]) }; [h[i] for i in 1:t] }"
    ),
    (
      "array(2, 3, 3)",
      "layer L(X: array(c, h, w)) { parameter k: array(c, 2, 2), b = 0.5; P = windows(X, 2, 2, stride = 1); relu(P @ flatten(k) + b) }"
    ),
    (
      "array(2, 2, 2)",
      "layer L(X: array(c, h, w)) { parameter g: vector(c) = ones; reshape(g, c, 1, 1) ⊙ X / sqrt(mean(X^2) + 0.1) }"
    ),
    (
      "matrix(2, 2)",
      "layer L(X: matrix(t, d)) { parameter M: matrix(d, d) = eye(2); Y1 = hstack(X, X @ M); vstack(Y1, 2*Y1)' }"
    ),
    (
      "matrix(4, 2)",
      "layer L(X: matrix(t, d)) { parameter K: matrix(4, 3); overlap(reshape(X, 2, 4) @ K, 4, window = 3) }"
    ),
  ]

  /// What a network is called by where it has a layer of one's own in front.
  private static func network(_ layer: (input: String, layer: String)) -> String {
    layer.layer + "\n" + LayerTests.network(layer.input, "L")
  }

  /// The names that no line prints, by what they are in the session.
  private static func known(_ notebook: Notebook, _ last: Int) throws -> [(
    name: String, expression: String
  )] {
    var names: [(name: String, expression: String)] = [
      ("x^[0]", "X[1, \(String(repeating: ":, ", count: try notebook.shape("X").count - 2)):]"),
      ("A^[0]", "X"), ("y", "Y[1, :]"), ("Y", "Y"),
    ]
    for layer in 1...last {
      for name in [
        "W", "b", "c", "K", "E", "Wx", "Wh", "Wq", "Wk", "Wv", "γ", "β", "s", "t", "A", "u", "U",
        "k", "g", "M",
      ] {
        let member = "N.\(name)[\(layer)]"
        if notebook.attempt(member + ";").error == nil, try notebook.text(member) != "—" {
          names.append(("\(name)^[\(layer)]", member))
        }
      }
    }
    return names
  }

  private func recalculate(_ notebook: Notebook, _ about: String) throws {
    notebook.run("set digits = 15")
    let count = Int(try notebook.number("N.layers"))
    let known = try Self.known(notebook, count)
    let forward = try #require(
      notebook.run("explain forward(N, X, training = true)").texts.first)
    let backward = try #require(notebook.run("explain backward(N, X, Y)").texts.first)
    let compared = try PrintedLines(forward + "\n" + backward).recalculate(
      in: notebook, known: known, about)
    #expect(compared >= 6, "\(about)")
  }

  @Test("what is printed of shipped layers gives its values", arguments: LayerTests.shipped.indices)
  func shipped(_ index: Int) throws {
    let (input, line) = LayerTests.shipped[index]
    // A row of one number reads as a 1×1 matrix where its sizes are not known to be names.
    guard !input.hasSuffix(", 1)") else { return }
    let notebook = Notebook(LayerTests.network(input, line))
    if line.hasPrefix("dropout"), !line.contains("mask") {
      notebook.run(
        "network N { input \(input); \(line), mask = [1, 0, 1, 1]; flatten; dense 2, tanh }")
    }
    try recalculate(notebook, line)
  }

  @Test("what is printed of layers of one's own gives its values", arguments: written.indices)
  func own(_ index: Int) throws {
    try recalculate(Notebook(Self.network(Self.written[index])), Self.written[index].layer)
  }

  @Test("gradients of layers of one's own are those of differences", arguments: written.indices)
  func gradients(_ index: Int) throws {
    let notebook = Notebook(Self.network(Self.written[index]))
    #expect(try notebook.text("gradcheck(N, X, Y).holds") == "true")
  }

  @Test(
    "explanations of shipped layers are shown, rounded, taken in parts and left out of",
    arguments: LayerTests.shipped.indices)
  func manners(_ index: Int) throws {
    let (input, line) = LayerTests.shipped[index]
    let notebook = Notebook(LayerTests.network(input, line))
    for call in [
      "explain backward(N, X, Y)", "explain forward(N, X, training = true)",
      "explain loss(N, X, Y)",
      "explain step(N, X, Y)", "explain backward(N, X, Y), layer = 1",
      "explain forward(N, X), example = 2",
      "explain backward(N, X, Y), layer = 1, neuron = 1", "exercise backward(N, X, Y), blanks = 3",
      "gradcheck(N, X, Y)", "set carry = 3\nexplain backward(N, X, Y)",
    ] {
      let run = notebook.attempt(call)
      #expect(
        run.error == nil && !run.texts.joined().isEmpty,
        "\(line): \(call)\n\(run.error?.plainText ?? "")")
    }
  }

  @Test(
    "what explain prints of layers, audit reads",
    arguments: [
      "matrix(3, 2); rnn 2", "matrix(3, 4); attention 2", "matrix(2, 3); layer_norm",
      "matrix(2, 2); gru 2",
    ])
  func audits(_ lines: String) throws {
    let sizes = lines.prefix { $0 != ";" }.split { !$0.isNumber }.joined(separator: ", ")
    let notebook = Notebook(
      """
      network N { input \(lines); flatten; dense 1, sigmoid; seed 3 }
      X = reshape(sin(1:\(sizes.replacing(", ", with: "*"))), \(sizes))
      """)
    for call in ["forward(N, X)", "backward(N, X, [1])"] {
      let text = try #require(notebook.run("explain \(call)").texts.first)
      notebook.run("r = audit \(call) {\n\(text)\n}")
      #expect(try notebook.number("r.first_wrong") == 0, "\(lines): \(call)")
    }
  }

  @Test(
    "what explain prints of a batch that goes through shipped layers, audit reads",
    arguments: LayerTests.shipped.indices)
  func auditsBatches(_ index: Int) throws {
    let (input, line) = LayerTests.shipped[index]
    let notebook = Notebook(LayerTests.network(input, line))
    for call in ["forward(N, X, training = true)", "backward(N, X, Y)", "step(copy(N), X, Y)"] {
      let text = try #require(notebook.run("explain \(call)").texts.first)
      let run = notebook.attempt("r = audit \(call) {\n\(text)\n}\nr.first_wrong")
      #expect(run.error == nil, "\(line): \(call)\n\(run.error?.plainText ?? "")")
      #expect(try notebook.number("r.first_wrong") == 0, "\(line): \(call)")
    }
  }

  @Test(
    "rounded numbers are carried on through layers, and audit reads what explain printed of them",
    arguments: [
      ("matrix(3, 2)", "rnn 2"), ("matrix(3, 4)", "attention 2"), ("4", "layer_norm"),
      ("3", "batch_norm"), ("4", "swish"), ("6", "conv1d 2, 3, stride = 2, padding = 1"),
      ("matrix(4, 5)", "average_pool 2"), ("3", "residual { dense 3, tanh }"),
      ("3", "embedding 4, 2"), ("4", "dropout 0.5, mask = [1, 0, 1, 1]"),
    ])
  func carrying(_ input: String, _ line: String) throws {
    let notebook = Notebook(LayerTests.network(input, line))
    notebook.run("set carry = 3")
    for call in ["forward(N, X)", "backward(N, X, Y)", "backward(N, X, Y), example = 2"] {
      let text = try #require(notebook.run("explain \(call)").texts.first)
      notebook.run("r = audit \(call) {\n\(text)\n}")
      #expect(try notebook.number("r.first_wrong") == 0, "\(line): \(call)")
    }
  }

  @Test("a layer that sees the whole batch hands over the part of the example that is told")
  func wholeBatches() throws {
    let notebook = Notebook(
      """
      network N { input 3; dense 3; residual { batch_norm; relu }; dense 1, tanh; seed 3 }
      X = reshape(sin(1:6), 2, 3)
      Y = [0.5; 1]
      """)
    try recalculate(notebook, "residual { batch_norm; relu }")
    let forward = try #require(notebook.run("explain forward(N, X, training = true)").texts.first)
    #expect(forward.contains("a^[2] = (A^[2])[1, :]"), "\(forward)")
    let backward = try #require(notebook.run("explain backward(N, X, Y)").texts.first)
    #expect(backward.contains("∂L/∂a^[1] = (∂L/∂A^[1])[1, :] + ∂L/∂s^[3]"), "\(backward)")
    let other = try #require(
      notebook.run("explain backward(N, X, Y), example = 2, layer = 2").texts.first)
    #expect(other.contains("∂L/∂a^[1] = (∂L/∂A^[1])[2, :] + ∂L/∂s^[3]"), "\(other)")
  }

  @Test("through a convolution every number is told from the windows that it stands in")
  func windows() throws {
    let notebook = Notebook(
      """
      network N { input matrix(3, 3); conv2d 1, 2, 2, K = [1, 2; 3, 4]; flatten; dense 1, W = [1; 1; 1; 1] }
      """)
    let text = try #require(
      notebook.run("explain backward(N, [1, 2, 3; 4, 5, 6; 7, 8, 9], [0])").texts.first)
    #expect(text.contains("∂L/∂x^[0] = overlap(∂L/∂P^[1], 3, 3, window = [2, 2])"), "\(text)")
    #expect(
      text.contains("(∂L/∂x^[0])[1, 2] = (∂L/∂P^[1])[1, 2] + (∂L/∂P^[1])[2, 1]"), "\(text)")
    #expect(text.contains("since the sum runs over"), "\(text)")
  }

  @Test("a recurrence goes back through time, step by step, and a long one in parts")
  func throughTime() throws {
    let notebook = Notebook(
      """
      network N { input matrix(3, 2); rnn 2; dense 1 }
      network M { input matrix(16, 2); rnn 2; dense 1 }
      """)
    let text = try #require(
      notebook.run("explain backward(N, [1, 2; 3, 4; 5, 6]/10, [0])").texts.first)
    #expect(text.contains("δh₂^[1] = ∂L/∂h₂^[1]*(1 - (h₂^[1])^2)"), "\(text)")
    #expect(text.contains("∂L/∂h₁^[1] = Wh^[1] @ δh₂^[1]"), "\(text)")
    #expect(text.contains("h₂^[1] @ (δh₃^[1])' + h₁^[1] @ (δh₂^[1])'"), "\(text)")
    #expect(text.contains("the sum of its 3 uses"), "\(text)")
    let long = try #require(
      notebook.run("explain backward(M, reshape(sin(1:32), 16, 2), [0])").texts.first)
    #expect(long.contains("3 … 14 go likewise") && !long.contains("∂L/∂h₈^[1] ="), "\(long)")
    for layer in ["rnn 2", "lstm 2", "gru 2, sequence = true"] {
      notebook.run("network Long { input matrix(100, 2); \(layer); flatten; dense 1; seed 1 }")
      for call in [
        "forward(Long, reshape(sin(1:200), 100, 2))",
        "backward(Long, reshape(sin(1:200), 100, 2), [0])",
        "backward(Long, reshape(sin(1:400), 2, 100, 2), [0; 1])",
      ] {
        let text = try #require(notebook.run("explain \(call)").texts.first)
        #expect(text.contains("3 … 98 go likewise"), "\(layer): \(call)")
      }
    }
  }

  @Test("a residual's sum is a line forward, and hands its gradient to both")
  func residuals() throws {
    let notebook = Notebook(
      "network N { input 2; residual { dense 2, tanh }; residual { swish }; dense 1 }")
    let forward = try #require(notebook.run("explain forward(N, [1, 2])").texts.first)
    #expect(forward.contains("s^[1] = a^[1] + x^[0]"), "\(forward)")
    #expect(forward.contains("s^[2] = a^[2] + s^[1]"), "\(forward)")
    let backward = try #require(notebook.run("explain backward(N, [1, 2], [1])").texts.first)
    #expect(backward.contains("∂L/∂a^[2] = ∂L/∂s^[2]"), "\(backward)")
    #expect(backward.contains("+ ∂L/∂s^[2]"), "\(backward)")
  }

  @Test("windows are laid back over an array")
  func overlap() throws {
    let notebook = Notebook("P = windows([1, 2, 3; 4, 5, 6], 2, 2)")
    #expect(try notebook.numbers("overlap(P, 2, 3, window = [2, 2])") == [1, 4, 3, 4, 10, 6])
    #expect(
      try notebook.numbers(
        "overlap(windows([1, 2, 3, 4], 2, stride = 2, padding = 1), 4, window = 2, stride = 2, padding = 1)"
      )
        == [1, 2, 3, 4])
    let error = try notebook.error("overlap(P, 3, 3, window = [2, 2])")
    #expect(error.name == "ShapeError")
  }
}
