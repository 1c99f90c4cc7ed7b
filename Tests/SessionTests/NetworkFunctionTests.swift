import Testing

@Suite("Functions of one's own in networks; biases; examples from textbooks")
struct NetworkFunctionTests {
  /// The 2-2-2 network of Mazur's "step by step backpropagation example".
  private static let mazur = """
    network M {
        input 2
        dense 2, sigmoid, W = [0.15, 0.25; 0.20, 0.30], b = shared(0.35), frozen = b
        dense 2, sigmoid, W = [0.40, 0.50; 0.45, 0.55], b = shared(0.60), frozen = b
        loss E
    }
    x = [0.05, 0.10]; t = [0.01, 0.99]
    """

  @Test(
    "A01, F01, F02, F06, F07: every number of the page",
    arguments: ["E(a, y) = 1/2*(a - y)^2\n", "E(target, out) = (target - out)^2/2\n", ""])
  func mazur(_ definition: String) throws {
    let notebook = Notebook()
    notebook.run(
      definition
        + (definition.isEmpty
          ? Self.mazur.replacing("loss E", with: "loss half_squared_error") : Self.mazur))
    notebook.run("run = forward(M, x); g = backward(M, x, t); u = step(M, x, t, 0.5)")
    for check in [
      "run.z[1][1], 0.3775", "run.a[1][1], 0.593269992", "run.a[1][2], 0.596884378",
      "run.z[2][1], 1.105905967", "run.a[2][1], 0.75136507", "run.a[2][2], 0.772928465",
      "u.before, 0.298371109", "g.a[2][1], 0.74136507", "g.W[2][1,1], 0.082167041",
      "g.a[1][1], 0.036350306", "g.W[1][1,1], 0.000438568",
      "u.new.W[2], [0.35891648, 0.511301270; 0.408666186, 0.561370121]",
      "u.new.W[1], [0.149780716, 0.24975114; 0.19956143, 0.29950229]", "u.after, 0.29103",
      "u.new.b[1], [0.35]", "u.new.b[2], [0.60]",
    ] {
      #expect(try notebook.text("check(\(check))").contains("✓"), "\(check)")
    }
    // Another function of the name changes nothing.
    notebook.run("E(a, y) = 7")
    #expect(try notebook.text("check(loss(M, x, t), 0.29103)").contains("✓"))
    notebook.run("reset(M)")
    #expect(try notebook.text("check(loss(copy(M), x, t), 0.298371109)").contains("✓"))
  }

  @Test("A19: Negnevitsky's step on XOR")
  func exclusiveOr() throws {
    let notebook = Notebook(
      """
      network G {
          input 2
          dense 2, sigmoid, W = [0.5, 0.9; 0.4, 1.0], b = [-0.8, 0.1]
          dense 1, sigmoid, W = [-1.2; 1.1], b = -0.3
          loss half_squared_error
      }
      u = step(G, [1, 1], 0, learning_rate = 0.1)
      """)
    for check in [
      "u.new.W[1], [0.5038, 0.8985; 0.4038, 0.9985]", "u.new.b[1], [-0.7962, 0.0985]",
      "u.new.W[2], [-1.2067; 1.0888]", "u.new.b[2], [-0.3127]",
    ] {
      #expect(try notebook.text("check(\(check))").contains("✓"), "\(check)")
    }
  }

  @Test("A22, F05: a linear network without biases")
  func linear() throws {
    let notebook = Notebook(
      """
      network L {
          input 2
          dense 2, identity, W = [0.11, 0.12; 0.21, 0.08], b = none
          dense 1, identity, W = [0.14; 0.15], b = none
          loss half_squared_error
      }
      """)
    #expect(try notebook.text("check(predict(L, [2, 3])[1], 0.191)").contains("✓"))
    notebook.run("u = step(L, [2, 3], 1, learning_rate = 0.05)")
    #expect(try notebook.text("check(predict(L, [2, 3])[1], 0.26)").contains("✓"))
    #expect(try notebook.text("summary(L).parameters_total") == "6")
    #expect(try notebook.error("L.b").name == "NameError")
    #expect(try notebook.error("u.new.b[1]").name == "NameError")
    #expect(!(try notebook.text("u")).contains("b₁"))
    #expect(!(try notebook.text("explain backward(L, [2, 3], 1)")).contains("∂L/∂b"))
  }

  @Test(
    "F03, F04: named losses and activations are their formulas",
    arguments: [
      ("hinge", "max(0, 1 - y*a)"), ("absolute_error", "abs(a - y)"),
      ("huber(0.5)", "if abs(a - y) <= 0.5 { (a - y)^2/2 } else { 0.5*abs(a - y) - 0.125 }"),
      ("half_squared_error", "(a - y)^2/2"), ("mse(per = entry)", "(a - y)^2/2"),
    ],
    [
      ("swish", "z*sigmoid(z)"), ("softplus", "ln(1 + exp(z))"),
      ("gelu", "z*(1 + erf(z/sqrt(2)))/2"),
      ("elu(2)", "if z > 0 { z } else { 2*(exp(z) - 1) }"), ("softsign", "z/(1 + abs(z))"),
      ("hard_tanh", "max(-1, min(1, z))"),
    ])
  func named(_ loss: (String, String), _ activation: (String, String)) throws {
    let notebook = Notebook(
      """
      h(z) = \(activation.1)
      e(y, a) = \(loss.1)
      network A { input 2; dense 3, \(activation.0), init = xavier; dense 2, identity; loss \(loss.0) }
      network B { input 2; dense 3, h; dense 2, identity; loss e }
      X = [0.5, -1; 2, 0.25; -3, 1]; Y = [1, -1; -1, 1; 1, 1]
      """)
    #expect(
      try abs(notebook.number("loss(A, X, Y)") - notebook.number("loss(B, X, Y)")) < 1e-12)
    for layer in 1...2 {
      let own = try notebook.numbers("backward(B, X, Y).W[\(layer)]")
      for (a, b) in zip(try notebook.numbers("backward(A, X, Y).W[\(layer)]"), own) {
        #expect(abs(a - b) < 1e-12)
      }
    }
    #expect(try notebook.text("gradcheck(B, X, Y).holds") == "true")
    notebook.run("step(A, X, Y); train(B, X, Y, epochs = 3); explain backward(B, [1, 2], [1, -1])")
  }

  @Test(
    "functions with bodies, of other functions, with outer names: as they are at the definition")
  func bodies() throws {
    let notebook = Notebook(
      """
      β = 1.5
      gate(z) = sigmoid(β*z)
      act(z) = { q = gate(z); if z > 2 { z } else { z*q } }
      e(y: vector, ŷ: vector) = norm(y - ŷ)^2
      network N { input 1; dense 1, act, W = 1; loss e }
      """)
    let before = try notebook.number("predict(N, 1)[1]")
    #expect(abs(before - 0.8175744761936437) < 1e-14)
    notebook.run("β = 9; gate(z) = 0; act(z) = 5")
    #expect(try notebook.number("predict(N, 1)[1]") == before)
    #expect(try notebook.number("predict(copy(N), 1)[1]") == before)
    notebook.run("train(N, 1, 0, epochs = 4); reset(N)")
    #expect(try notebook.number("predict(N, 1)[1]") == before)
    notebook.run("network N { input 1; dense 1, act, W = 1 }")
    #expect(try notebook.number("predict(N, 1)[1]") == 5)
    #expect(try notebook.numbers("backward(N, 1, 0).W[1]") == [0])
  }

  @Test(
    "a bias that all units share: one entry, one row, the sum of what they would give their own")
  func shared() throws {
    let notebook = Notebook(
      """
      network S { input 2; dense 3, tanh, b = shared(0.5); dense 1, sigmoid, b = none; seed 4 }
      network E { input 2; dense 3, tanh, b = [0.5, 0.5, 0.5]; dense 1, sigmoid; seed 4 }
      X = [1, 2; -1, 0.5]; Y = [1, 0]
      g = backward(S, X, Y); h = backward(E, X, Y)
      """)
    #expect(try notebook.numbers("g.b[1]") == [notebook.number("sum(h.b[1])")])
    #expect(try notebook.numbers("g.W[1]") == notebook.numbers("h.W[1]"))
    #expect(try notebook.text("gradcheck(S, X, Y).holds") == "true")
    #expect(try notebook.text("summary(S).parameters_total") == "10")
    #expect(try notebook.error("S.b[2]").name == "ValueError")
    notebook.run("S.b[1] = 0.75")
    #expect(try notebook.numbers("S.b[1]") == [0.75])
    notebook.run("set bias = w0")
    #expect(try notebook.text("explain step(S, [1, 2], 1)").contains("w₀^[1]_new = w₀^[1] - η"))
  }

  @Test(
    "frozen parameters are kept by every optimizer, and shown as kept",
    arguments: [
      "sgd", "momentum", "rmsprop", "adam", "adamw",
    ])
  func frozen(_ optimizer: String) throws {
    let notebook = Notebook(
      """
      network F { input 2; dense 3, tanh, frozen = all; dense 1, sigmoid, frozen = b }
      d = dataset(xor); A = F.W[1]; c = F.W[2]
      train(F, d, epochs = 5, optimizer = \(optimizer), batch_size = 2)
      """)
    #expect(try notebook.numbers("F.W[1] - A").allSatisfy { $0 == 0 })
    #expect(try notebook.numbers("F.b[2]") == [0])
    #expect(try notebook.numbers("F.W[2] - c").allSatisfy { $0 != 0 })
    #expect(try notebook.text("summary(F)").contains("frozen, so kept: W^[1], b^[1], b^[2]"))
    #expect(try notebook.text("step(F, d)").contains("frozen, so kept"))
    #expect(try notebook.text("explain step(F, [1, 0], 1)").contains("# frozen: it stays"))
  }

  @Test(
    "what an activation or a loss cannot be is said",
    arguments: [
      ("dense 1, two", "TypeError", "two has 2 parameters"),
      ("dense 1, k", "TypeError", "the activation k is a number"),
      ("dense 1, total", "ShapeError", "total makes a scalar of a vector(n)"),
      ("dense 1, recursive", "GradientError", "calls itself"),
      ("dense 1, b = none, frozen = c", "NameError", "frozen is W, b or all"),
      ("dense 2, b = 0.5", "ShapeError", "b = shared(0.5)"),
      ("dense 2, bias = false", "NameError", "did you mean b?"),
      ("dense 1; loss two2", "TypeError", "two2 has 3 parameters"),
      ("dense 1; loss differences", "ShapeError", "gives a vector"),
      ("dense 1; loss mixed", "TypeError", "takes two numbers or two vectors"),
      ("dense 1; loss sums", "TypeError", "sums(y: vector, a: vector)"),
      ("dense 1; loss 1/2 mse", "SyntaxError", "half_squared_error"),
      ("dense 1; loss mse/2", "TypeError", "half_squared_error"),
      ("dense 1; loss mse(per = output)", "ValueError", "per is entry or example"),
    ])
  func errors(_ lines: String, _ name: String, _ text: String) throws {
    let notebook = Notebook(
      """
      k = 3; two(z, q) = z*q; total(z: vector) = sum(z)
      recursive(n) = if n < 1 { 1 } else { recursive(n - 1) }
      two2(y, a, q) = y; differences(y: vector, a: vector) = y - a
      mixed(y: vector, a) = a*sum(y); sums(y, a) = sum((y - a)^2)
      """)
    let error = try notebook.error("network N { input 1; \(lines) }")
    #expect(error.name == name)
    #expect(error.plainText.contains(text), "\(error.plainText)")
  }

  @Test(
    "gradients are refused where there are none",
    arguments: [
      "g(z) = if z >= 0 { 1 } else { 0 }\nnetwork N { input 1; dense 1, g }",
      "network N { input 1; dense 1, sign }",
      "e(y, a) = if (a > 0.5) == y { 0 } else { 1 }\nnetwork N { input 1; dense 1; loss e }",
    ])
  func refusals(_ block: String) throws {
    let notebook = Notebook(block)
    notebook.run("predict(N, 1); loss(N, 1, 1)")
    #expect(try notebook.error("backward(N, 1, 1)").name == "GradientError")
    #expect(try notebook.error("train(N, 1, 1)").name == "GradientError")
  }

  @Test("binary cross entropy at saturation keeps its digits")
  func saturation() throws {
    let notebook = Notebook("network N { input 1; dense 1, sigmoid, W = 1; loss bce }")
    #expect(try notebook.number("backward(N, 40, 1).z[1][1]") == -4.248354255291589e-18)
    #expect(try notebook.text("explain backward(N, 40, 1)").contains("sigmoid(-z₁^[1])"))
  }
}
