import Display
import Language
import Session
import Testing

/// What `plot`, `image`, `landscape` and `graph` make of vectors, datasets, matrices and networks.
@Suite("Plots, images and landscapes")
struct PlotTests {
  private let notebook = Notebook(
    """
    network N { input 2; dense 2, tanh; dense 1, sigmoid }
    network L { input 1; dense 1, W = 0.5 }
    m = dataset(moons); d = dataset(digits)
    step_at_one(t) = if t > 1 { 3 } else { -2 }
    hole(t) = if t == 0 { 2 } else { 0 }
    line(t) = 2t + 1
    f(x: vector, A: matrix) = sum((A @ x)^2)
    s = 2
    v = [3, 1, 2]
    """)

  @Test(
    "text says what is drawn over what",
    arguments: [
      ("plot([0, 1, 3], [5, 6, 4])", "[5, 6, 4] by x", "5 at 0 to 4 at 3"),
      ("plot(linspace(0, 1, 5), linspace(0, 1, 5)^2)", "by linspace(0, 1, 5)", "1 at 1"),
      ("plot([3, 1, 2])", "by index", "3 at 1 to 2 at 3"),
      ("plot([1, 2], [3, 4; 5, 6])", "value by x", "6 at 2"),
      ("plot(column([1, 2]), column([4, 5]))", "by column([1, 2])", "5 at 2"),
      ("plot(m)", "x2 by x1", "y = 1: 100 points"),
      ("plot(dataset(iris))", "versicolor: 50 points", "The first two of 4 inputs are drawn"),
      (
        "plot([1, 2], [3, 4], title = \"T\", xlabel = \"u\", ylabel = \"v\")", "T: v by u",
        "2 points"
      ),
      ("plot(train(N, m, epochs = 2), xlabel = \"pass\")", "loss by pass", "3 points"),
      ("plot(step_at_one)", "-2 at -4 to 3 at 4", "jumps at 1 (-2 to 3)"),
      ("plot(hole)", "hole(t) by t", "jumps at 0 (0 to 0, there 2)"),
      ("plot(relu')", "relu'(x) by x", "jumps at 0 (0 to 1)"),
      ("plot(line)", "line(t) by t", "401 points"),
      ("plot(line, sin)", "line(t), sin(x) by x", "401 points"),
      ("plot(v)", "v[i] by i", "3 at 1 to 2 at 3"),
      ("plot([1, 2, 3, 4], [1, 40, 1600, 64000])", "by x", "logarithmic"),
      ("plot([1, 5], [3, 11], line, points = true)", "line: 401 points", "3 at 1 to 11 at 5"),
      ("image(d.X[1:20, :], 8, 8)", "20 images of 8×8 pixels", "White is 0, black 16"),
      ("image([1, 2; 3, 4], title = \"M\")", "M: 2×2 pixels", "black 4"),
      ("image([1, 2, 3, 4], 2, 2)", "2×2 pixels", "White is 1"),
      ("image(N.W[1], 1, 2)", "2 images of 1×2 pixels", "White is"),
      ("image(d, 8, 8)", "1797 images of 8×8 pixels", "The first 100"),
      ("image([[1, 2; 3, 4], [5, 6; 7, 8]])", "2 images of 2×2 pixels", "black 8"),
      (
        "graph(f, x = [1, 2], A = [1, -2; 0.5, 3])", "x (a vector of 2) = [1, 2]; ∂ [0.5000, 51]",
        "sum = 51.2500"
      ),
      ("graph(f)", "@ (vector of m)  from A, x (A)", "5 nodes"),
    ])
  func drawn(source: String, first: String, second: String) throws {
    let text = try notebook.text(source)
    #expect(text.contains(first), "\(text)")
    #expect(text.contains(second), "\(text)")
    #expect(try notebook.bundle(source).data[MIMEType.svg]?.stringValue?.hasPrefix("<svg") == true)
  }

  @Test("a linear decision has a straight border, also where the output is a step")
  func straight() throws {
    for layer in ["unit_step", "sigmoid", "tanh", "linear"] {
      let notebook = Notebook(
        """
        network P { input 2; dense 1, \(layer), W = [3; 5], b = [-4.1] }
        """)
      let svg = try #require(
        try notebook.bundle("boundary(P, dataset(and))").data[MIMEType.svg]?.stringValue)
      let line = try #require(
        svg.split(separator: "\n").first {
          $0.contains("stroke-width=\"2.4\"") && $0.contains("<path")
        })
      #expect(line.count { $0 == "L" } == 1, "\(layer): \(line)")
    }
  }

  @Test("a training that explodes shows it, whatever rows were asked for, on a logarithmic axis")
  func explosion() throws {
    let notebook = Notebook(
      """
      network D { input 1; dense 1, W = 1; loss mse }
      h = train(D, [1; 2], [1; 2.5], epochs = 5000, every = 1000, learning_rate = 3)
      """)
    #expect(try notebook.text("sum(h.epochs > 0) > 20") == "true")
    #expect(try notebook.text("plot(h)").contains("logarithmic"))
  }

  @Test(
    "a steep line, a pole and a kink are no jumps",
    arguments: [
      "steep(t) = tanh(1e4*t)", "pole(t) = 1/t", "kink(t) = abs(t - 0.3)", "fast(t) = sin(90t)",
    ])
  func continuous(definition: String) throws {
    let notebook = Notebook(definition)
    let name = definition.prefix { $0 != "(" }
    #expect(!(try notebook.text("plot(\(name))")).contains("jumps"))
  }

  @Test("a landscape has its least loss where the fit is, and a way where an update went")
  func landscapes() throws {
    notebook.run(
      "X = [0; 1; 2]; Y = [1, 3, 5]; u = [step(L, X, Y, learning_rate = 0.1) for i in 1:4];")
    let text = try notebook.text("landscape(L, X, Y, W[1][1,1], b[1][1], u, span = 3)")
    #expect(text.contains("4 updates from w₁₁^[1] = 0.5000, b₁^[1] = 0"), "\(text)")
    // 2x + 1 fits: the least loss on the grid lies by (2, 1).
    let least = try #require(text.split(separator: "\n").first { $0.contains("least loss") })
    #expect(least.contains("at w₁₁^[1] = 2.") || least.contains("at w₁₁^[1] = 1.9"), "\(least)")
    let before = try notebook.numbers("L.W[1]")
    let alone = try notebook.text("landscape(L, X, Y, L.W[1][1,1], b[1][1])")
    #expect(alone.contains("the network is at"), "\(alone)")
    #expect(try notebook.numbers("L.W[1]") == before)
    #expect(
      try notebook.text("landscape(N, m, W[1][1,2], b[2][1], step(N, m))").contains("1 update"))
  }

  @Test(
    "what cannot be drawn says what would have been",
    arguments: [
      ("plot(sin(s))", "TypeError", "plot(sin) draws the function itself"),
      ("plot(s^2 + 1)", "TypeError", "f(x) = s^2 + 1, then plot(f)"),
      ("plot([1, 2, 3], [1, 2])", "ShapeError", "both need one length"),
      ("plot(N)", "TypeError", "datasets and histories"),
      ("image(sin)", "TypeError", "image(d.X[1, :], 8, 8)"),
      ("image([1, 2, 3])", "TypeError", "the height and the width"),
      ("image([1, 2, 3], 8)", "TypeError", "width is missing"),
      ("image([1, 2, 3], 2, 2)", "ShapeError", "height times width has to be 3"),
      ("image([1, 2, 3; 4, 5, 6], 2, 2)", "ShapeError", "each row, or each column"),
      ("image([1, 0/0; 2, 3])", "ValueError", "row 1, column 2"),
      ("image([1, 2], 4000000000, 4000000000)", "ValueError", "pixel"),
      ("landscape(N, m)", "TypeError", "landscape(net, X, Y, W[1][1,1], W[2][1,1])"),
      ("landscape(N, m, W[1], W[2])", "TypeError", "this is a 2×2 matrix"),
      ("landscape(N, m, W[1][1,1], W[9][1,1])", "ValueError", "9"),
      ("landscape(N, m, W[1][1,1], b[1][1], 5)", "TypeError", "keep them: landscape(…, h)"),
      ("landscape(N, m, W[1][1,1], b[1][1], span = 0)", "ValueError", "positive"),
      ("landscape(N, m.X, m.Y, W[1][1,1], b[1][1], 1, 2)", "TypeError", "at most"),
      ("graph(f, x = \"a\")", "TypeError", "numbers"),
      ("graph(f, x = [1, 2, 3], A = eye(2))", "ShapeError", "2 and 3"),
      ("train(N, m, batch = 3)", "NameError", "did you mean batch_size?"),
      ("train(N, m, n_epochs = 3)", "NameError", "it is called epochs here"),
      ("train(N, m, loss_fn = 3)", "NameError", "a network has its own loss"),
      ("plot(sin, xmin = 0)", "NameError", "did you mean from?"),
      ("plot(sin, color = 1)", "NameError", "choose their colours"),
      ("split(m, test_size = 0.2)", "NameError", "did you mean test?"),
      ("check(1, 2, tol = 1)", "NameError", "did you mean tolerance?"),
    ])
  func refused(source: String, name: String, part: String) throws {
    let error = try notebook.error(source)
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }
}
