import Networks
import Testing

@Suite("step, train, the perceptron rule, gradcheck, evaluate")
struct TrainingCommandTests {
  @Test(
    "every activation with every loss in both precisions: the gradients are those of differences",
    arguments: NetworkCatalog.standard.activations.map(\.name),
    NetworkCatalog.standard.losses.map(\.name))
  func gradients(_ activation: String, _ loss: String) throws {
    let notebook = Notebook()
    let isEntropy = loss.hasSuffix("cross_entropy")
    let inside = isEntropy ? "sigmoid" : activation
    let last = loss == "categorical_cross_entropy" ? "softmax" : inside
    let targets =
      isEntropy ? "[1, 0; 0, 1]" : loss == "hinge" ? "[1, -1; -1, 1]" : "[1, -2; 0.5, 3]"
    notebook.run(
      """
      network N { input 2; dense 3, \(activation); dense 2, \(last); loss \(loss); seed 11 }
      network S { input 2; dense 3, \(activation); dense 2, \(last); loss \(loss); seed 11
                  precision float32 }
      X = [0.5, -1; 2, 0.25]; Y = \(targets)
      """)
    if activation == "unit_step" || activation == "sign" {
      for call in ["backward", "step", "train", "gradcheck"] {
        let error = try notebook.error("\(call)(N, X, Y)")
        #expect(error.name == "GradientError")
        #expect(error.plainText.contains("perceptron"), "\(error.plainText)")
      }
      return
    }
    #expect(try notebook.text("gradcheck(N, X, Y).holds") == "true")
    #expect(try notebook.number("gradcheck(N, X, Y).worst") <= 1e-6)
    notebook.run("g = backward(N, X, Y); h = backward(S, X, Y)")
    for layer in 1...2 {
      let exact = try notebook.numbers("g.W[\(layer)]")
      let single = try notebook.numbers("h.W[\(layer)]")
      #expect(zip(exact, single).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($0)) })
      // float32 computes in float32: its numbers are not those of float64.
      #expect(single.allSatisfy { Double(Float($0)) == $0 })
    }
    notebook.run("u = step(N, X, Y, 0.05)")
    #expect(try notebook.number("u.after") < notebook.number("u.before"))
    #expect(try notebook.text("train(S, X, Y, epochs = 3)").contains("epoch"))
  }

  @Test(
    "every optimizer lowers the loss, with its own default learning rate",
    arguments: NetworkCatalog.standard.optimizers.map(\.name))
  func optimizers(_ name: String) throws {
    let notebook = Notebook(
      "network N { input 2; dense 4, tanh; dense 1, sigmoid }\nd = dataset(and)")
    notebook.run("h = train(N, d, epochs = 50, optimizer = \(name))")
    #expect(try notebook.number("h.loss[51]") < notebook.number("h.loss[1]"))
    let rate =
      ["adagrad": "0.01", "rmsprop": "0.001", "adam": "0.001", "adamw": "0.001"][name] ?? "0.1"
    #expect(try notebook.text("h").contains("with \(name), η = \(rate):"))
  }

  @Test("every keyword of the learning rate is the same keyword")
  func learningRates() throws {
    var losses: Set<Double> = []
    for keyword in ["learning_rate", "η", "α", "lr", "eta", "alpha"] {
      let notebook = Notebook(lectureCell)
      losses.insert(try notebook.number("step(Lecture, x, y, \(keyword) = 0.5).after"))
      losses.insert(
        try notebook.number("train(Lecture, x, y, epochs = 1, \(keyword) = 0.5).loss[2]"))
    }
    #expect(losses.count == 1)
  }

  @Test("history: epochs 0…n, every so many rows and the last")
  func history() throws {
    let notebook = Notebook(
      "network N { input 2; dense 2, tanh; dense 1, sigmoid }\nd = dataset(or)")
    #expect(try notebook.columns("train(N, d, epochs = 2)") == ["epoch", "loss", "accuracy"])
    #expect(try notebook.numbers("train(N, d, epochs = 7, every = 3).epochs") == [0, 3, 6, 7])
    #expect(try notebook.numbers("train(N, d, epochs = 6, every = 3).epochs") == [0, 3, 6])
    #expect(try notebook.numbers("train(N, d, epochs = 3, every = 100).epochs") == [0, 3])
    #expect(try notebook.numbers("train(N, d, epochs = 0).epochs") == [0])
    notebook.run("h = train(N, d, epochs = 5, batch_size = 3, every = 2)")
    #expect(try notebook.numbers("h.epochs") == [0, 2, 4, 5])
    #expect(try notebook.number("h.loss[4]") == notebook.number("loss(N, d)"))
    #expect(try notebook.shape("h.accuracy") == [4])
    #expect(try notebook.numbers("table(h).loss") == notebook.numbers("h.loss"))
  }

  @Test("a batch larger than the data is the data; a last short batch counts")
  func batches() throws {
    let setUp = "network N { input 2; dense 2, tanh; dense 1, sigmoid }\nd = dataset(or)"
    let whole = Notebook(setUp)
    let large = Notebook(setUp)
    let short = Notebook(setUp)
    whole.run("h = train(N, d, epochs = 3)")
    large.run("h = train(N, d, epochs = 3, batch_size = 1000)")
    short.run("h = train(N, d, epochs = 3, batch_size = 3)")
    #expect(try whole.numbers("h.loss") == large.numbers("h.loss"))
    #expect(try whole.number("N.updates") == 3)
    #expect(try short.number("N.updates") == 6)
  }

  @Test("shuffle = false takes the examples in order")
  func order() throws {
    let notebook = Notebook(
      "network N { input 2; dense 1, identity, W = [0, 0] }\nX = [1, 0; 0, 1]; y = [1, 2]")
    notebook.run(
      "train(N, X, y, epochs = 1, batch_size = 1, shuffle = false, learning_rate = 0.25)")
    notebook.run("network M { input 2; dense 1, identity, W = [0, 0] }")
    notebook.run("step(M, X[1,:], 1, 0.25); step(M, X[2,:], 2, 0.25)")
    #expect(try notebook.numbers("N.W[1]") == notebook.numbers("M.W[1]"))
  }

  @Test("training stops at a loss that is not finite, keeps finite weights and says so")
  func divergence() throws {
    let notebook = Notebook("network N { input 1; dense 1, identity, W = 1 }")
    let run = notebook.run("h = train(N, [1000; 2000], [1, 2], learning_rate = 10, epochs = 500)")
    #expect(run.stream(.stdout).contains("note: stopped in epoch"))
    #expect(try notebook.numbers("N.W[1]").allSatisfy(\.isFinite))
    #expect(try notebook.numbers("h.loss").allSatisfy(\.isFinite))
    #expect(
      try notebook.text("train(N, [1e200; 2e200], [1, 2], epochs = 5)").contains(
        "note: nothing was trained"))
  }

  @Test(
    "options that make no sense are refused",
    arguments: [
      ("epochs = -1", "ValueError"), ("epochs = 1.5", "ValueError"), ("epochs = nan", "ValueError"),
      ("epochs = \"many\"", "TypeError"), ("every = 0", "ValueError"),
      ("batch_size = 0", "ValueError"), ("batch_size = 2.5", "ValueError"),
      ("batch_size = [1, 2]", "TypeError"), ("learning_rate = nan", "ValueError"),
      ("learning_rate = inf", "ValueError"), ("learning_rate = [1]", "ShapeError"),
      ("optimizer = adm", "NameError"), ("optimizer = 3", "TypeError"),
      ("rule = delta", "NameError"),
      ("epochs = 1, epochs = 2", "SyntaxError"), ("lr = 1, η = 1", "SyntaxError"),
      ("epocs = 3", "NameError"), ("epochs = 1e18", "LimitError"), ("epochs = 1e300", "ValueError"),
    ])
  func options(_ option: String, _ name: String) throws {
    let notebook = Notebook(lectureCell)
    let error = try notebook.error("train(Lecture, x, y, \(option))")
    #expect(error.name == name, "\(error.plainText)")
    #expect(try notebook.number("Lecture.updates") == 0)
  }

  @Test("the perceptron rule: its trace, its errors, its end")
  func perceptron() throws {
    let notebook = Notebook("perceptron P { input 2; threshold 0 }\nd = dataset(and)")
    notebook.run("h = train(P, d.X, d.Y, rule = perceptron, epochs = 20, learning_rate = 1)")
    #expect(
      try notebook.columns("h")
        == ["epoch", "example", "z", "output", "target", "error", "b", "w1", "w2"])
    #expect(try notebook.text("h.converged") == "true")
    let errors = try notebook.numbers("h.errors")
    #expect(errors.last == 0 && errors.dropLast().allSatisfy { $0 > 0 })
    #expect(try notebook.numbers("predict(P, d)") == notebook.numbers("d.Y"))
    // The first example (0, 0) → 0: z = 0 ≥ 0 fires, so b becomes −1.
    #expect(try notebook.column("z", of: "h")[0] == 0)
    #expect(try notebook.column("error", of: "h")[0] == -1)
    #expect(try notebook.column("b", of: "h")[0] == -1)
    let last = try notebook.column("w1", of: "h").last
    #expect(last == (try notebook.numbers("P.W[1]")[0]))
    notebook.run("perceptron Q { input 2 }\nx = dataset(xor)")
    notebook.run("k = train(Q, x, rule = perceptron, epochs = 6)")
    #expect(try notebook.text("k.converged") == "false")
    #expect(try notebook.numbers("k.errors").count == 6)
  }

  @Test(
    "the perceptron rule on what it does not fit",
    arguments: [
      ("train(N, [1, 1], 1, rule = perceptron)", "ValueError"),
      ("train(P, [1, 1], 1, rule = perceptron, optimizer = adam)", "TypeError"),
      ("train(P, [1, 1], 1, rule = perceptron, batch_size = 1)", "TypeError"),
      ("train(P, [1, 1], 1)", "GradientError"), ("backward(P, [1, 1], 1)", "GradientError"),
      ("train(P, [1, 1], 2, rule = perceptron)", "ValueError"),
    ])
  func perceptronMistakes(_ source: String, _ name: String) throws {
    let notebook = Notebook("perceptron P { input 2 }\nnetwork N { input 2; dense 1, sigmoid }")
    let error = try notebook.error(source)
    #expect(error.name == name, "\(error.plainText)")
  }

  @Test("gradcheck: columns, worst, and kinks are marked")
  func gradcheck() throws {
    let notebook = Notebook(lectureCell)
    #expect(
      try notebook.columns("gradcheck(Lecture, x, y)") == [
        "layer", "parameter", "input", "neuron", "analytic", "numeric", "relative_error",
      ])
    #expect(try notebook.number("gradcheck(Lecture, x, y).worst") <= 1e-8)
    #expect(try notebook.number("Lecture.updates") == 0)
    notebook.run("network R { input 1; dense 1, relu, W = 1, b = 0; loss mse }")
    #expect(try notebook.text("gradcheck(R, 0, 1)").contains("kink"))
  }

  @Test("evaluate: loss, accuracy and the confusion matrix, rows true, columns predicted")
  func evaluate() throws {
    let notebook = Notebook(
      "network N { input 1; dense 1, sigmoid, W = 1, b = 0 }\nX = [-1; -2; 1; 2; 3]; y = [0, 1, 1, 1, 0]"
    )
    notebook.run("e = evaluate(N, X, y)")
    #expect(try notebook.number("e.loss") == notebook.number("loss(N, X, y)"))
    #expect(try notebook.number("e.accuracy") == 0.6)
    #expect(try notebook.numbers("e.confusion") == [1, 1, 1, 2])
    notebook.run("network M { input 1; dense 2, softmax, W = [1, -1] }")
    #expect(try notebook.numbers("evaluate(M, X, [1, 2, 1, 1, 2]).confusion") == [2, 1, 1, 1])
    notebook.run("network R { input 1; dense 1 }")
    #expect(try notebook.text("evaluate(R, X, y)").contains("accuracy —"))
    #expect(try notebook.text("evaluate(N, X, [0.2, 0.4, 1, 1, 0])").contains("accuracy —"))
  }

  @Test("dead and saturated units are named")
  func units() throws {
    let notebook = Notebook(
      """
      network D { input 1; dense 2, relu, W = [1, -1]; dense 1, identity, W = [1, 1]; loss mse }
      network S { input 1; dense 2, sigmoid, W = [100, 1]; dense 1, sigmoid, W = [1, 1] }
      """)
    notebook.run("g = backward(D, [1; 2], [1, 2]); s = backward(S, 5, 1)")
    #expect(try notebook.numbers("g.dead[1]") == [2])
    #expect(try notebook.numbers("s.saturated[1]") == [1])
    #expect(try notebook.shape("g.norms") == [2])
    #expect(try notebook.text("g").contains("dead"))
  }

  @Test(
    "a layer that is nothing but an activation is as dead as its inputs",
    arguments: [
      ("input 3; relu; dense 1, W = [1; 1; 1]", 1, "[1, 2, 3]", "dead", []),
      ("input 3; relu; dense 1, W = [1; 1; 1]", 1, "[1, -2, 3]", "dead", [2]),
      ("input 2; tanh; dense 1, W = [1; 1]", 1, "[9, 0]", "saturated", [1]),
      ("input 1; dense 2, W = [1, -1]; relu; dense 1, W = [1; 1]", 2, "[1; 2]", "dead", [2]),
      (
        "input 2; residual { relu }; residual { relu }; dense 1, W = [1; 1]", 2, "[1, -1]", "dead",
        [2]
      ),
    ])
  func bareActivations(
    _ lines: String, _ layer: Int, _ x: String, _ list: String, _ units: [Double]
  ) throws {
    let notebook = Notebook("network N { \(lines) }")
    let y = x.contains(";") ? "[1; 1]" : "[1]"
    #expect(try notebook.numbers("backward(N, \(x), \(y)).\(list)[\(layer)]") == units)
  }

  @Test("only layers with parameters are asked whether the gradient fades")
  func fading() throws {
    let notebook = Notebook("network N { input 3; relu; dense 1, W = [1; 1; 1], b = [0] }")
    #expect(try !notebook.text("backward(N, [1, 2, 3], [1])").contains("fades"))
    notebook.run(
      "network M { input 1; relu; dense 1, W = [1], b = [0]; relu; dense 1, W = [1/1000], b = [0] }"
    )
    #expect(
      try notebook.text("backward(M, [1], [1])").contains(
        "in layer 2, 0.00100 times that of layer 4")
    )
  }
}
