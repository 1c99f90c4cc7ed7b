import Assistance
import Display
import Language
import Lessons
import Session
import Testing

/// `diagram`, `heatmap`, `plot`, `boundary`, `graph`: what is drawn, and what is refused.
@Suite("Pictures")
struct PictureTests {
  private let notebook = Notebook(
    lectureCell + """

      network N { input 2; dense 4, tanh; dense 1, sigmoid }
      network S { input 2; dense 3, softmax }
      f(x, y) = sin(x^2) + x*y
      bend(t) = sigmoid(2*t)
      h = train(N, dataset(moons), epochs = 3)
      u = step(Lecture, x, y); reset(Lecture)
      """)

  @Test(
    "each is an SVG with words for those who cannot see it",
    arguments: [
      ("diagram(Lecture)", "1 – 2 – 3 – 1"), ("diagram(forward(Lecture, x))", "z 1.2305, a 0.7739"),
      ("diagram(backward(Lecture, x, y))", "∂L/∂z -0.2261"), ("diagram(u)", "L = 0.2563 → 0.2455"),
      ("diagram(forward(S, [1, 2; 3, 4]))", "example 1 of 2"),
      ("diagram(N, detail = blocks)", "2 – 4 – 1"),
      ("diagram(Lecture, neuron = [2, 1])", "= 0.2000·a₁^[1] + 0.1000·a₂^[1] + 0.3000"),
      ("diagram(forward(Lecture, x), neuron = [2, 1])", "+ 0.3000 = 0.4748"),
      ("diagram(backward(Lecture, x, y), neuron = [2, 1])", "∂L/∂w₁₁^[2] = -0.0123"),
      ("diagram(u, neuron = [3, 1])", "w₃₁^[3] = 0.6000 → 0.6137"),
      ("heatmap([1, -2; 3, 0.5])", "least -2 at row 1, column 2"), ("heatmap([1, 2])", "1×2"),
      ("plot(sigmoid, sigmoid', from = -6, to = 6)", "greatest 0.2500 at 0"),
      ("plot(f(y = 1))", "401 points"), ("plot(ln, from = -1, to = 3)", "the line has gaps"),
      ("plot(h)", "loss by epoch"), ("plot(h, h)", "accuracy by epoch"),
      ("plot([1, 4, 9])", "3 points"),
      ("boundary(N, dataset(moons))", "of the area"),
      ("boundary(S, [0, 0; 1, 1; 1, 0], [1, 2, 3])", "class 3"),
      ("graph(f)", "sin  from ^2 (cos(u))"), ("graph(f, x = 2, y = 3)", "∂ is the derivative"),
      ("graph(∂f/∂x)", "+"), ("graph(bend)", "σ(u)(1 − σ(u))"),
    ])
  func drawn(source: String, part: String) throws {
    let bundle = try notebook.bundle(source)
    let svg = try #require(bundle.data["image/svg+xml"]?.stringValue)
    #expect(svg.hasPrefix("<svg"))
    let text = try notebook.text(source)
    #expect(text.contains(part), "\(text)")
  }

  @Test(
    "layers that give arrays are boxes with sizes, parameters and maps; one by itself its lines or its steps",
    arguments: [
      ("diagram(C)", "1×4×4 – 2×3×3 – 18 – 1"), ("diagram(C)", "K 2×1×2×2, b 2: 10 parameters"),
      ("diagram(forward(C, p))", "1 … 16"), ("diagram(backward(C, p, [1]))", "‖∂L/∂K‖"),
      ("diagram(v)", "moves by up to"), ("diagram(C, layer = 1)", "P^[1] = windows(X, 2, 2)"),
      ("diagram(R, layer = 1)", "x₃ → h₃, c₃ → a₃"),
      ("diagram(forward(R, s), layer = 2)", "h₀ = [0, 0]"),
      ("diagram(backward(R, s, [1]), layer = 2)", "‖∂L/∂h₁‖"),
      ("heatmap(C.K[1])", "2 maps of 2×2"), ("heatmap(forward(C, p).a[1])", "2 maps of 3×3"),
      ("heatmap(p, names = tokens(\"abca\"))", "least 1 at row 1"),
      ("heatmap([1, 2], rows = [\"all\"], columns = [5, 6])", "greatest 2"),
      ("image(forward(C, p).a[1])", "2 images of 3×3"), ("image(zeros(2, 3, 4, 4))", "6 images"),
    ])
  func arrays(source: String, part: String) throws {
    notebook.run(
      """
      network C { input array(1, 4, 4); conv2d 2, 2, 2; flatten; dense 1 }
      network R { input matrix(3, 2); lstm 2, sequence = true; rnn 2; dense 1 }
      p = reshape(1:16, 4, 4)
      s = [1, 0; 0, 1; 1, 1]
      v = step(C, p, [1]); reset(C)
      """)
    let bundle = try notebook.bundle(source)
    #expect(try #require(bundle.data["image/svg+xml"]?.stringValue).hasPrefix("<svg"))
    let text = try notebook.text(source)
    #expect(text.contains(part), "\(text)")
  }

  @Test("reverse mode in the graph gives the derivatives")
  func gradients() throws {
    let text = try notebook.text("graph(f, x = 2, y = 3)")
    // ∂f/∂x = 2x cos(x²) + y, ∂f/∂y = x.
    #expect(text.contains("x = 2; ∂ 0.3854"))
    #expect(text.contains("y = 3; ∂ 2"))
    #expect(near(try notebook.number("∂f/∂x(2, 3)"), 0.385425516545552))
  }

  @Test(
    "what cannot be drawn says why",
    arguments: [
      ("heatmap([1, 0/0])", "ValueError", "row 1, column 2"),
      ("heatmap([])", "ValueError", "no entries"),
      ("diagram(3)", "TypeError", "diagram(forward(net, x))"),
      ("heatmap([1, 2], names = [\"a\"])", "ValueError", "the labels"),
      ("heatmap([1, 2], columns = 3)", "TypeError", "columns = [\"a\", \"b\"]"),
      ("heatmap(zeros(1, 1, 1, 1, 1))", "ShapeError", "A[1, :, :, :, :]"),
      ("heatmap(zeros(0, 2, 2))", "ValueError", "no entries"),
      ("diagram(Lecture, layer = 4)", "ValueError", "layer = 1 to 3"),
      ("diagram(Lecture, neuron = [4, 1])", "ValueError", "a layer from 1 to 3"),
      ("diagram(Lecture, neuron = [2, 4])", "ValueError", "no neuron 4"),
      ("diagram(Lecture, neuron = [2])", "ValueError", "neuron = [2, 1]"),
      ("diagram(Lecture, neuron = [0.5, 1])", "ValueError", "whole numbers"),
      ("boundary(Lecture, [1], [1])", "ShapeError", "1 inputs"),
      ("plot(f)", "TypeError", "functions of one number"), ("plot(3)", "TypeError", "plot draws"),
      ("plot(sin, from = 2, to = 1)", "ValueError", "from < to"),
      ("plot(h, sin)", "TypeError", "do not share"),
      ("plot(ln, from = -2, to = -1)", "DomainError", "ln"),
      ("graph(q)", "NameError", "no q"), ("graph(f, t = 2)", "NameError", "has no t"),
    ])
  func refused(source: String, name: String, part: String) throws {
    let error = try notebook.error(source)
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test("gradients of several examples are drawn with the values of the first")
  func severalExamples() throws {
    let notebook = Notebook("network M { input 1; dense 2, tanh, W = [1, 2]; dense 1 }")
    let first =
      try notebook.bundle("diagram(forward(M, [1]))").data[MIMEType.plain]?.stringValue ?? ""
    let all =
      try notebook.bundle("diagram(backward(M, [1; 5], [0; 1]))").data[MIMEType.plain]?.stringValue
      ?? ""
    #expect(first.contains("z 2, a 0.9640"))
    #expect(all.contains("z 2, a 0.9640"))
  }

  @Test("what has no value in a graph is an error, not an empty node")
  func failedNodes() throws {
    let notebook = Notebook("f(a, x) = x^2*a; v = [1, 2]")
    #expect(try notebook.error("graph(v[3]*a, a = 1)").name == "ValueError")
  }
}
