import Networks
import Testing

@Suite("Network and perceptron blocks")
struct NetworkDefinitionTests {
  @Test("the defaults: identity, the loss by the last activation, seed 0, zero biases")
  func defaults() throws {
    let notebook = Notebook(
      """
      network A { input 3; dense 2 }
      network B { input 3; dense 1, sigmoid }
      network C { input 3; dense 2, softmax }
      network D { input 3; dense 2, tanh; dense 1, relu }
      """)
    #expect(try notebook.text("summary(A).loss") == "\"mean_squared_error\"")
    #expect(try notebook.text("summary(B).loss") == "\"binary_cross_entropy\"")
    #expect(try notebook.text("summary(C).loss") == "\"categorical_cross_entropy\"")
    #expect(try notebook.text("summary(D).loss") == "\"mean_squared_error\"")
    #expect(try notebook.texts("activation", of: "A") == ["identity"])
    #expect(try notebook.numbers("A.b[1]") == [0, 0])
    #expect(try notebook.number("max(abs(A.W[1]))") <= (6.0 / 5).squareRoot())
    notebook.run("network E { input 3; dense 2; seed 0 }\nnetwork F { input 3; dense 2; seed 1 }")
    #expect(try notebook.numbers("A.W[1]") == notebook.numbers("E.W[1]"))
    #expect(try notebook.numbers("A.W[1]") != notebook.numbers("F.W[1]"))
  }

  @Test("every option: input names, layer names, W, b, init, activation with a number, precision")
  func options() throws {
    let notebook = Notebook(
      """
      n = 2
      network N {
          input height, weight          # two named inputs
          dense n + 1, leaky_relu(0.2), name = "hidden", init = normal(0.1)
          dense 2, unit_step(0.5), init = zeros, b = [1, 2]
          dense 1, identity, init = uniform(0.5)
          loss mse; seed 7; precision float32
      }
      """)
    #expect(
      try notebook.columns("N")
        == ["layer", "name", "units", "activation", "W_shape", "b_shape", "parameters"])
    #expect(try notebook.column("units", of: "summary(N)") == [3, 2, 1])
    #expect(try notebook.texts("name", of: "N") == ["hidden", "—", "—"])
    #expect(try notebook.texts("W_shape", of: "N") == ["2×3", "3×2", "2×1"])
    #expect(try notebook.texts("b_shape", of: "N") == ["1×3", "1×2", "1×1"])
    #expect(try notebook.column("parameters", of: "N") == [9, 8, 3])
    #expect(try notebook.number("summary(N).parameters_total") == 20)
    #expect(try notebook.numbers("N.W[2]") == [0, 0, 0, 0, 0, 0])
    #expect(try notebook.numbers("N.b[2]") == [1, 2])
    #expect(try notebook.number("max(abs(N.W[3]))") <= 0.5)
    #expect(try notebook.text("summary(N)").contains("height, weight"))
    #expect(try notebook.text("summary(N)").contains("float32"))
  }

  @Test("W may be a vector where the layer has one input or one unit, a number for one entry")
  func shorthands() throws {
    let notebook = Notebook(
      """
      network A { input 1; dense 2, tanh, W = [1, 2], b = [3, 4]; dense 1, W = [5, 6], b = 7 }
      network B { input 1; dense 1, W = 2, b = [3] }
      network C { input 2; dense 1, W = [1; 2] }
      """)
    #expect(try notebook.shape("A.W[1]") == [1, 2])
    #expect(try notebook.shape("A.W[2]") == [2, 1])
    #expect(try notebook.numbers("predict(B, 5)") == [13])
    #expect(try notebook.numbers("predict(C, [1, 1])") == [3])
  }

  @Test(
    "mistakes are found when the network is defined, and named with layer, shapes and the fix",
    arguments: [
      (
        "input 1; dense 2; dense 3; dense 1, W = [0.4; 0.2]", "ShapeError",
        "layer 2 has 3 units; give W 3 rows, or layer 2 2 units"
      ),
      ("input 2; dense 2, W = [1, 2, 3; 4, 5, 6]", "ShapeError", "give W 2 columns"),
      ("input 2; dense 3, W = [1, 2; 3, 4; 5, 6]", "ShapeError", "to transpose it"),
      ("input 2; dense 2, W = [1, 2]", "ShapeError", "2×2"),
      ("input 2; dense 2, W = 5", "ShapeError", "2×2"),
      ("input 2; dense 2, b = [1, 2, 3]", "ShapeError", "give b 2 values"),
      ("input 2; dense 2, W = \"a\"", "TypeError", "W of layer 1 must be numbers"),
      ("input 2; dense 0", "ValueError", "at least 1, not 0"),
      ("input 0; dense 1", "ValueError", "at least 1, not 0"),
      ("input 2.5; dense 1", "ValueError", "not 2.5"),
      ("input 2; dense 1.5", "ValueError", "not 1.5"),
      ("input 2; dense 2, sigmod", "NameError", "did you mean sigmoid?"),
      ("input 2; dense 2, relu(3)", "TypeError", "takes no number"),
      ("input 2; dense 2, tanh, size = 3", "NameError", "a layer has no keyword size"),
      ("input 2; dense 2, init = xaver", "NameError", "did you mean xavier?"),
      ("input 2; dense 2, init = zeros(3)", "TypeError", "takes no number"),
      ("input 2; dense 2, name = 5", "TypeError", "name = \"hidden\""),
      ("input 2; dense 2; loss focal", "NameError", "the losses are"),
      ("input 2; dense 2; seed -1", "ValueError", "seed is a whole number"),
      ("input 2; dense 2; precision double", "ValueError", "float64 or float32"),
      ("input a, a; dense 2", "SyntaxError", "two inputs are called"),
      ("input 100000; dense 100000", "LimitError", "100000×100000"),
      ("input 2; dense 2, W = [1, 2; 3, undefined1]", "NameError", "undefined1"),
    ])
  func mistakes(_ body: String, _ name: String, _ part: String) throws {
    let error = try Notebook().error("network N { \(body) }")
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
    #expect(error.plainText.contains("^"))
  }

  @Test("a perceptron has one unit_step neuron with weights 0")
  func perceptron() throws {
    let notebook = Notebook(
      "perceptron P { input 2; threshold 0 }\nperceptron Q { input x1, x2; threshold 0.5 }")
    #expect(try notebook.numbers("P.W[1]") == [0, 0])
    #expect(try notebook.numbers("predict(P, [0; 1] @ [[1, 1]])") == [1, 1])
    #expect(try notebook.numbers("predict(Q, [0, 0])") == [0])
    #expect(try notebook.texts("activation", of: "Q") == ["unit_step(0.5)"])
  }

  @Test("every activation and initializer of the registries can be written in a layer")
  func registries() throws {
    for activation in NetworkCatalog.standard.activations {
      for name in [activation.name] + activation.aliases {
        Notebook().run("network N { input 2; dense 3, \(name) }")
      }
    }
    for initializer in NetworkCatalog.standard.initializers {
      Notebook().run("network N { input 2; dense 3, init = \(initializer.name) }")
    }
    for loss in NetworkCatalog.standard.losses {
      for name in [loss.name] + loss.aliases {
        Notebook().run("network N { input 2; dense 3, sigmoid; loss \(name) }")
      }
    }
  }
}
