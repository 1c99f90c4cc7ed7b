import Display
import Networks
import Testing

/// The two-layer network of the best-known worked example of backpropagation.
private let mazur = """
  network M { input 2
    dense 2, sigmoid, W = [0.15, 0.25; 0.20, 0.30], b = shared(0.35), frozen = b
    dense 2, sigmoid, W = [0.40, 0.50; 0.45, 0.55], b = shared(0.60), frozen = b
    loss half_squared_error }
  x = [0.05, 0.10]; t = [0.01, 0.99]
  """

@Suite("step and train as books have them: optimizers, penalties, rates, validation")
struct UpdateCommandTests {
  private static let columns = ["layer", "parameter", "input", "neuron", "old", "gradient"]

  @Test("the page's numbers: loss, new weights")
  func workedExample() throws {
    let notebook = Notebook(mazur)
    notebook.run("u = step(M, x, t, learning_rate = 0.5)")
    for comparison in [
      "compare(u.before, 0.298371109)",
      "compare(u.new.W[2], [0.35891648, 0.511301270; 0.408666186, 0.561370121])",
      "compare(u.new.W[1], [0.149780716, 0.24975114; 0.19956143, 0.29950229])",
    ] {
      let text = try notebook.text(comparison)
      #expect(text.contains("✓") && !text.contains("≈") && !text.contains("✗"), "\(text)")
    }
  }

  @Test(
    "the table has the columns of the optimizer behind the gradient",
    arguments: [
      ("sgd", []), ("momentum", ["v"]), ("nesterov", ["v"]), ("adagrad", ["v"]),
      ("rmsprop", ["v"]), ("adam", ["m", "v", "m_hat", "v_hat", "t"]),
      ("adamw", ["m", "v", "m_hat", "v_hat", "t"]),
    ])
  func columns(_ optimizer: String, _ state: [String]) throws {
    for view in ["neuron", "matrix"] {
      let notebook = Notebook(lectureCell + "\nset view = \(view)")
      notebook.run("u = step(Lecture, x, y, optimizer = \(optimizer))")
      #expect(try notebook.columns("u") == Self.columns + state + ["new"])
      let text = try notebook.text("u")
      #expect(text.contains("v̂") == state.contains("v_hat"), "\(text)")
      for column in state { #expect(try notebook.numbers("u.\(column)").allSatisfy(\.isFinite)) }
    }
  }

  @Test("the columns are the formulas of their neighbours, step after step")
  func state() throws {
    let notebook = Notebook(lectureCell)
    notebook.run("u = step(Lecture, x, y, optimizer = adam, η = 0.01)")
    notebook.run("w = step(Lecture, x, y, optimizer = adam, η = 0.01)")
    #expect(try notebook.numbers("w.t") == Array(repeating: 2, count: 17))
    for check in [
      "check(w.m, 0.9*u.m + 0.1*w.gradient, tolerance = 1e-15)",
      "check(w.v, 0.999*u.v + 0.001*w.gradient^2, tolerance = 1e-15)",
      "check(w.m_hat, w.m/(1 - 0.9^2), tolerance = 1e-15)",
      "check(table(w).new, table(w).old - 0.01*w.m_hat/(sqrt(w.v_hat) + 1e-8), tolerance = 1e-14)",
    ] { notebook.run(check) }
    notebook.run("reset(Lecture)")
    #expect(try notebook.numbers("step(Lecture, x, y, optimizer = adam).t")[0] == 1)
    notebook.run("train(Lecture, x, y, optimizer = adam, epochs = 5)")
    #expect(try notebook.numbers("step(Lecture, x, y, optimizer = adam).t")[0] == 6)
    notebook.run("train(Lecture, x, y, optimizer = adam, epochs = 5); q = copy(Lecture)")
    notebook.run("c = step(q, x, y, optimizer = adam)")
    #expect(try notebook.numbers("c.t")[0] == 6)
    notebook.run("c = step(q, x, y, optimizer = adam(0.8))")
    #expect(try notebook.numbers("c.t")[0] == 1)
    #expect(try notebook.numbers("u.old.W[1]") == [0.1, 0.1])
  }

  @Test("a failing statement takes the state back too")
  func failing() throws {
    let notebook = Notebook(lectureCell)
    notebook.run("step(Lecture, x, y, optimizer = adam)")
    _ = notebook.attempt("for i in 1:3 { step(Lecture, x, y, optimizer = adam); check(i, 1) }")
    #expect(try notebook.numbers("step(Lecture, x, y, optimizer = adam).t")[0] == 2)
  }

  @Test("explain tells the optimizer line by line, with numbers")
  func explanation() throws {
    let notebook = Notebook(mazur)
    let adam = try notebook.text(
      "explain step(M, x, t, optimizer = adam), layer = 2, neuron = 1")
    for line in [
      "m₁₁^[2]_new = β₁*m₁₁^[2] + (1 - β₁)*∂L/∂w₁₁^[2]", "= 0.9*0 + (1 - 0.9)*0.0822",
      "v₁₁^[2]_new = β₂*v₁₁^[2] + (1 - β₂)*(∂L/∂w₁₁^[2])^2",
      "m̂₁₁^[2] = m₁₁^[2]_new/(1 - β₁^t)", "v̂₁₁^[2] = v₁₁^[2]_new/(1 - β₂^t)",
      "Δ₁₁^[2] = η*m̂₁₁^[2]/(sqrt(v̂₁₁^[2]) + ε)", "w₁₁^[2]_new = w₁₁^[2] - Δ₁₁^[2]",
      "frozen: it stays", "M is as it was",
    ] { #expect(adam.contains(line), "\(line) in \(adam)") }
    let decayed = try notebook.text("explain step(M, x, t, optimizer = adamw), layer = 1")
    #expect(decayed.contains("w₁₁^[1]_decayed = w₁₁^[1] - η*λ*w₁₁^[1]"), "\(decayed)")
    let latex = try #require(
      notebook.run("explain step(M, x, t, optimizer = adam), layer = 2").bundles.last?
        .data[MIMEType.latex]?.stringValue)
    #expect(latex.contains("\\hat{m}_{11}^{[2]}") && latex.contains("\\sqrt{"), "\(latex)")
  }

  @Test("explain shows the terms of penalties and the bound")
  func penaltyExplanation() throws {
    let notebook = Notebook(mazur)
    let step = try notebook.text(
      "explain step(M, x, t, l2 = 0.1, clip = 0.01), layer = 2, neuron = 1")
    for line in [
      "s = c/G = 0.01/", "∂J/∂w₁₁^[2] = ∂L/∂w₁₁^[2] + λ*w₁₁^[2] = 0.0822 + 0.1*0.4",
      "w₁₁^[2]_new = w₁₁^[2] - η*(s*∂J/∂w₁₁^[2])",
    ] { #expect(step.contains(line), "\(line) in \(step)") }
    let loss = try notebook.text("explain loss(M, x, t, l2 = 0.1)")
    #expect(loss.contains("J = L + R = 0.2984 +"), "\(loss)")
    let backward = try notebook.text("explain backward(M, x, t, l1 = 0.1), layer = 2")
    #expect(backward.contains("∂J/∂w₁₁^[2] = ∂L/∂w₁₁^[2] + λ*"), "\(backward)")
    notebook.run("set view = matrix")
    let matrices = try notebook.text("explain backward(M, x, t, l2 = 0.1), layer = 2")
    #expect(matrices.contains("∂J/∂W^[2] = ∂L/∂W^[2] + λ*W^[2]"), "\(matrices)")
  }

  @Test("l2 and l1 are in the loss, the gradients, an update's losses and a History's")
  func penalties() throws {
    let notebook = Notebook(mazur)
    notebook.run(
      "R = 0.05*(sum(M.W[1]^2) + sum(M.W[2]^2)) + 0.3*(sum(abs(M.W[1])) + sum(abs(M.W[2])))")
    notebook.run("J = loss(M, x, t) + R")
    for check in [
      "check(loss(M, x, t, l2 = 0.1, l1 = 0.3), J)",
      "check(backward(M, x, t, l2 = 0.1, l1 = 0.3).W[2], backward(M, x, t).W[2] + 0.1*M.W[2] + 0.3)",
      "check(step(copy(M), x, t, l2 = 0.1, l1 = 0.3).before, J)",
      "check(train(copy(M), x, t, epochs = 1, l2 = 0.1, l1 = 0.3).loss[1], J)",
      "check(train(copy(M), x, t, epochs = 1, l2 = 0.1, validation = (x, t)).validation_loss[1], loss(M, x, t))",
      "check(gradcheck(M, x, t, l2 = 0.1, l1 = 0.3).holds, true)",
    ] { notebook.run(check) }
    notebook.run("network K { input 1; dense 1, identity, W = 2, b = 1; loss mse }")
    notebook.run("u = step(K, 3, 1, η = 1, clip = 0.05)")
    #expect(abs(try notebook.number("norm(u.gradient)") - 0.05) < 1e-12)
    #expect(try notebook.text("u").contains("the norm of all gradients is bounded"))
  }

  @Test("a learning rate is a number, one a layer, or a function of the epochs so far")
  func rates() throws {
    let notebook = Notebook(mazur + "\nη(t) = 0.5/(1 + t)")
    notebook.run("A = copy(M); B = copy(M)")
    notebook.run("h = train(A, x, t, epochs = 3, learning_rate = η)")
    notebook.run("for i in 0:2 { step(B, x, t, learning_rate = 0.5/(1 + i)) }")
    #expect(try notebook.numbers("A.W[1]") == notebook.numbers("B.W[1]"))
    #expect(try notebook.text("h").contains("η = 0.5/(1 + t)"))
    notebook.run("C = copy(M); step(C, x, t, learning_rate = η)")
    #expect(try notebook.number("step(C, x, t, learning_rate = η).learning_rate") == 0.25)
    notebook.run("u = step(M, x, t, learning_rate = [0, 0.5])")
    #expect(try notebook.numbers("u.learning_rate") == [0, 0.5])
    #expect(try notebook.numbers("u.new.W[1]") == notebook.numbers("u.old.W[1]"))
    #expect(try notebook.numbers("u.new.W[2]") != notebook.numbers("u.old.W[2]"))
    #expect(try notebook.text("explain step(M, x, t, η = [0.1, 0.5]), layer = 2").contains("η^[2]"))
  }

  @Test("validation is given, or a share of the examples as split takes it")
  func validation() throws {
    let notebook = Notebook(
      """
      network N { input 4; dense 5, tanh; dense 3, softmax }
      d = dataset(iris); s = split(d, test = 0.2)
      """)
    notebook.run("A = copy(N); B = copy(N); C = copy(N)")
    notebook.run("h = train(A, d, epochs = 5, validation = 0.2)")
    notebook.run("k = train(B, s.train, epochs = 5, validation = s.test)")
    notebook.run("l = train(C, s.train, epochs = 5, validation = (s.test.X, s.test.Y))")
    #expect(
      try notebook.columns("h")
        == ["epoch", "loss", "accuracy", "validation_loss", "validation_accuracy"])
    for record in ["k", "l"] {
      #expect(
        try notebook.numbers("h.validation_loss") == notebook.numbers("\(record).validation_loss"))
      #expect(try notebook.numbers("h.loss") == notebook.numbers("\(record).loss"))
    }
    #expect(try notebook.number("h.validation_loss[6]") == notebook.number("loss(B, s.test)"))
    #expect(
      try notebook.number("h.validation_accuracy[6]")
        == notebook.number("evaluate(B, s.test).accuracy"))
    #expect(try notebook.text("plot(h)").contains("validation"))
    notebook.run(
      "e = train(N, d, epochs = 3000, learning_rate = 1, validation = 0.3, patience = 4)")
    let best = try notebook.number("e.best")
    #expect(try notebook.numbers("e.epochs").last == best + 4)
    #expect(try notebook.text("e").contains("the best"))
  }

  @Test(
    "what makes no sense is said",
    arguments: [
      ("weight_decay = 0.1", "NameError", "it is called l2 here"),
      ("momentum = 0.9", "NameError", "optimizer = momentum(0.9)"),
      ("validation_split = 0.2", "NameError", "validation = 0.2"),
      ("early_stopping = 3", "NameError", "patience = 10"),
      ("clipnorm = 1", "NameError", "clip = 1"),
      ("optimizer = momentum(1.5)", "ValueError", "from 0 to below 1"),
      ("optimizer = adam(gamma = 1)", "NameError", "its numbers are β₁, β₂, ε"),
      ("optimizer = sgd(1)", "ValueError", "takes no numbers"),
      ("optimizer = adam(0.9, 0.9, 0.1, 1)", "ValueError", "adam(0.9, 0.999, 1e-8)"),
      ("optimizer = nadam", "NameError", "did you mean"),
      ("l2 = -1", "ValueError", "0 or more"), ("l1 = nan", "ValueError", "0 or more"),
      ("clip = 0", "ValueError", "above 0"), ("patience = 0", "ValueError", "at least 1"),
      ("validation = 0", "ValueError", "between 0 and 1"),
      ("validation = 1", "ValueError", "between 0 and 1"),
      ("validation = \"x\"", "TypeError", "(Xv, Yv)"),
      ("validation = (x, t, t)", "TypeError", "(Xv, Yv)"),
      ("validation = (t, [1, 2, 3])", "ShapeError", "Y is"),
      ("learning_rate = [1, 2, 3]", "ShapeError", "the network has 2 layers"),
      ("learning_rate = loss", "TypeError", "a function of the epochs so far"),
      ("learning_rate = \"slow\"", "TypeError", "must be a number"),
      ("learning_rate = pole", "ValueError", "at t = 1"),
    ])
  func mistakes(_ option: String, _ name: String, _ part: String) throws {
    let notebook = Notebook(mazur + "\npole(t) = 1/(1 - t)")
    let error = try notebook.error("train(M, x, t, \(option))")
    #expect(error.name == name && error.plainText.contains(part), "\(error.plainText)")
    #expect(try notebook.number("M.updates") == 0)
  }

  @Test("help names every optimizer with its lines and numbers")
  func help() throws {
    let notebook = Notebook()
    for optimizer in NetworkCatalog.standard.optimizers {
      let text =
        notebook.run("help(\(optimizer.name))").texts.joined()
        + notebook.run("help(\(optimizer.name))").stream(.stdout)
      #expect(text.contains(optimizer.formula), "\(text)")
      for coefficient in optimizer.coefficients { #expect(text.contains("\(coefficient.name) = ")) }
    }
  }
}
