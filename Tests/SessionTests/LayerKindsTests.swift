import JSONText
import Testing

/// What lines of layers may do beyond what the named layers need.
@Suite struct LayerKindsTests {
  private let notebook = Notebook()

  private func define(_ layer: String, input: Int = 2) {
    notebook.run(layer)
    notebook.run("network N { input \(input); L }")
  }

  @Test("what comes in may be given another value, or other entries")
  func reassignedInput() throws {
    define("layer L(x: vector(n)) {\n  x = 2*x\n  x[1] = x[1] + 1\n  x + 1\n}")
    #expect(try notebook.numbers("predict(N, [1, 2])") == [4, 5])
    #expect(try notebook.numbers("backward(N, [1, 2], [4, 5.5]).a[0]") == [0, -2])
  }

  @Test("a name has its Greek twin in lines and in records")
  func twins() throws {
    define("layer L(x: vector(n)) {\n  parameter β: vector(n) = ones\n  γ = 2*x\n  gamma*beta\n}")
    #expect(try notebook.numbers("predict(N, [1, 2])") == [2, 4])
    #expect(try notebook.numbers("forward(N, [1, 2]).gamma[1]") == [2, 4])
  }

  @Test("a sum of vectors is a vector, in a cell and in a layer")
  func sumOfVectors() throws {
    #expect(try notebook.numbers("sum([1, 2]*i for i in 1:3)") == [6, 12])
    #expect(try notebook.numbers("sum([i, j] for i in 1:2, j in 1:2)") == [6, 6])
    #expect(try notebook.number("sum(i*j for i in 1:2, j in 1:2)") == 9)
    notebook.run(
      "layer L(X: matrix(t, n)) {\n  w = softmax(X[:, 1])\n  sum(w[i]*X[i, :] for i in 1:t)\n}")
    notebook.run("network N { input matrix(2, 2); L }")
    #expect(try notebook.numbers("predict(N, [1, 2; 1, 4])") == [1, 3])
  }

  @Test("the square of a norm has a gradient where the norm has none")
  func squaredNorm() throws {
    define(
      "layer L(x: vector(n)) {\n  parameter c: vector(n) = ones\n  [norm(x - c)^2, norm(x - c)]\n}")
    #expect(try notebook.numbers("backward(N, [1, 1], [1, 1]).c[1]") == [0, 0])
  }

  @Test("a layer of one example moves its averages by the mean over the examples")
  func averages() throws {
    define("layer L(x: vector(n)) {\n  μ = mean(x)\n  running μ = 0\n  x - μ\n}")
    notebook.run("step(N, [1, 2; 3, 4; 5, 6], zeros(3, 2), lr = 0.1);")
    let average = try notebook.number("N.μ[1]")
    #expect(abs(average - 0.35) < 1e-12)
  }

  @Test("an average has no gradient in an update's table, and is not called frozen")
  func averagesInUpdates() {
    notebook.run("network N { input 2; batch_norm; dense 1 }")
    let text = notebook.run("step(N, [1, 2; 3, 5], [1, 2], lr = 0.1)").texts.joined()
    #expect(text.contains("averages, which no gradient moves") && !text.contains("frozen"))
    #expect(text.split(separator: "\n").contains { $0.hasPrefix("μ₁^[1]") && $0.contains("—") })
  }

  @Test("a number that a layer gives has the loss's derivation")
  func numberGiven() {
    define("layer L(x: vector(n)) {\n  parameter w: vector(n) = ones\n  x @ w\n}")
    let text = notebook.run("explain backward(N, [1, 2], [1])").texts.joined()
    #expect(text.contains("2*(a^[1] - y) = 2*(3 - 1) = 4"))
    #expect(
      notebook.run("explain backward(N, [1, 2; 3, 4], [1, 2])").texts.joined().contains("∂L/∂w^[1]")
    )
  }

  @Test("numbers are put in where an example has one value")
  func singleValues() {
    notebook.run("network R { input matrix(2, 1); rnn 1, Wx = [0.5], Wh = [0.8], b = [0.1] }")
    let text = notebook.run("explain forward(R, [1; 0.3])").texts.joined()
    #expect(text.contains("tanh(1*[0.5] + 0*[0.8] + [0.1])"))
  }

  @Test("rounded values of the forward pass are those of the way back")
  func carried() {
    notebook.run(
      "network C { input 1; dense 1, sigmoid, W = [0.4], b = [0.6]; dense 1, sigmoid, W = [0.5], b = [0.3] }"
    )
    notebook.run("set carry = 2")
    let text = notebook.run("explain backward(C, [0.5], [1])").texts.joined()
    let forward = notebook.run("explain forward(C, [0.5])").texts.joined()
    let value = forward.split(separator: "\n").first { $0.contains("a₁^[1] =") }
      .flatMap { $0.split(separator: " ").last }.map(String.init)
    #expect(value.map { text.contains("(1 - \($0))") } ?? false)
  }

  @Test("entries of more than two indices have these in tables")
  func indices() throws {
    notebook.run("network A { input array(1, 3, 3); conv2d 2, 2, 2; flatten; dense 1 }")
    notebook.run(
      "g = backward(A, reshape(1:9, 1, 3, 3), [1])\nu = step(A, reshape(1:9, 1, 3, 3), [1]);")
    for record in ["g", "u"] {
      let rows = try notebook.rows(record).filter { $0["parameter"]?.stringValue == "K" }
      #expect(rows.count == 8 && rows[5]["index"]?.stringValue == "2,1,1,2")
      #expect(rows[5]["input"]?.integerValue == nil)
    }
  }

  @Test("a size of the input may come with the examples")
  func freeSize() throws {
    notebook.run("network R { input matrix(T, 1); rnn 2; dense 1; seed 4 }")
    notebook.run("network S { input matrix(5, 1); rnn 2; dense 1; seed 4 }")
    let x = "[0.1; 0.2; 0.3; 0.4; 0.5]"
    #expect(try notebook.numbers("predict(R, \(x))") == notebook.numbers("predict(S, \(x))"))
    #expect(try notebook.numbers("predict(R, list([0.1; 0.2], [0.3; 0.4]))").count == 2)
    notebook.run("t = train(R, list([0.1; 0.2], [0.3; 0.4]), [1; 0], epochs = 3, lr = 0.1);")
    #expect(try notebook.numbers("predict(t.at(3), \(x))") == notebook.numbers("predict(R, \(x))"))
    #expect(try notebook.numbers("predict(t.at(0), \(x))") == notebook.numbers("predict(S, \(x))"))
    let mixed = "list([0.1; 0.2], \(x))"
    #expect(
      try notebook.numbers("predict(R, \(mixed))")
        == notebook.numbers("predict(R, [0.1; 0.2])") + notebook.numbers("predict(R, \(x))"))
    #expect(
      try abs(
        notebook.number("loss(R, \(mixed), [1; 0])")
          - notebook.number("(loss(R, [0.1; 0.2], [1]) + loss(R, \(x), [0]))/2")) < 1e-12)
    #expect(
      notebook.attempt("network F { input matrix(T, 2); flatten; dense 1 }").error?.name
        == "ShapeError")
  }

  @Test(
    "a training on a list that mixes lengths takes the mean of the examples' gradients",
    arguments: ["float64", "float32"])
  func mixedLengths(precision: String) throws {
    let tolerance = precision == "float64" ? 1e-14 : 1e-6
    let outputs = ["dense 3, softmax; loss cce", "dense 1"]
    for (end, targets) in zip(outputs, ["[1, 2, 3, 1]", "[1, -1, 0.5, 0]"]) {
      notebook.run(
        """
        network M { input matrix(T, 2); lstm 3; \(end); seed 5; precision \(precision) }
        X = list([1, 0; 0, 1], [0.5, 1; 1, 0; 1, 1], [[0.2, -1]], [0, 1; 1, 1])
        y = \(targets)
        before = M.Wx[1]
        g = (backward(M, X[1], y[1]).Wx[1] + backward(M, X[2], y[2]).Wx[1]
             + backward(M, X[3], y[3]).Wx[1] + backward(M, X[4], y[4]).Wx[1])/4
        l = loss(M, X, y)
        h = train(M, X, y, epochs = 3, learning_rate = 0.5);
        """)
      #expect(
        try notebook.number("max(abs(h.at(1).Wx[1] - (before - 0.5*g)))") < tolerance, "\(end)")
      #expect(try notebook.number("h.loss[1]") == notebook.number("l"))
      #expect(try notebook.number("max(abs(h.at(3).Wx[1] - M.Wx[1]))") == 0)
      #expect(try notebook.number("evaluate(M, X, y).loss - loss(M, X, y)") == 0)
      // In batches, whose order comes back too.
      notebook.run("k = train(M, X, y, epochs = 4, batch_size = 3, optimizer = adam);")
      #expect(try notebook.number("max(abs(k.at(4).Wx[1] - M.Wx[1]))") == 0)
    }
    notebook.run(
      """
      network P { input matrix(T, 2); rnn 2, sequence = true; dense 3, softmax; loss cce; seed 3 }
      X = list([1, 0; 0, 1], [0, 1; 1, 0; 1, 1])
      Y = list([1, 2], [2, 1, 3])
      """)
    #expect(
      try abs(
        notebook.number("loss(P, X, Y)")
          - notebook.number("(loss(P, X[1], Y[1]) + loss(P, X[2], Y[2]))/2")) < 1e-14)
    #expect(try notebook.number("sum(evaluate(P, X, Y).confusion)") == 5)
  }
}
