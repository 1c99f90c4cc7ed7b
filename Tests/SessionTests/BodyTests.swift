import Assistance
import Language
import Lessons
import Session
import Testing

/// `f(x, y, z) = { q = x + y; q*z }`: names of a function's own, then its value.
@Suite("Bodies of several lines")
struct BodyTests {
  private static let definitions = """
    f(x, y, z) = { q = x + y; q*z }
    g(w: vector, x: vector) = {
        s = w · x   # the sum
        p = σ(s)
        t = s*p
        t + p
    }
    """

  @Test(
    "the last line is the value; the names before it are the function's own",
    arguments: [
      ("f(1, 2, 3)", [9]), ("f([1, 2], 2, 3)", [9, 12]),
      ("g([1, 2], [3, -1])", [1.4621171572600098]),
      ("h(4)", [1]), ("h(-4)", [16]), ("twice(3)", [12]), ("q", [100]), ("nested(2)", [25]),
    ])
  func values(_ call: String, _ expected: [Double]) throws {
    let notebook = Notebook(
      Self.definitions + """

        q = 100
        h(x) = { n = 2; y = x^n; if x > 0 { y/y } else { y } }
        twice(x) = { x = 2x; x = 2x; x }
        nested(x) = { a = f(x, 1, 1); b = [f(k, a, 1) for k in 1:2]; a*a + sum(b)*2 - 2 }
        """)
    #expect(near(try notebook.numbers(call), expected, 1e-12), "\(call)")
  }

  @Test(
    "formulas of them are those of the body written out",
    arguments: [
      ("∂f/∂z", "x + y"), ("∂f/∂x", "z"), ("∂k/∂x", "2*x*cos(x^2)"), ("k'", "2*x*cos(x^2)"),
      ("f(u, 1, 2) + 1", "2*u + 3"), ("∂(k(u)*u)/∂u", "2*u^2*cos(u^2) + sin(u^2)"),
      ("∂m/∂x", "2*x'"), ("∂c/∂x", "3*x^2"),
    ])
  func formulas(_ source: String, _ expected: String) throws {
    let notebook = Notebook(
      Self.definitions + """

        symbols u
        k(x) = { u = x^2; v = sin(u); v }
        m(x: vector) = { y = x'; y @ x }
        c(x) = { n = 3; x^n }
        """)
    #expect(try notebook.text(source).split(separator: "\n").first.map(String.init) == expected)
  }

  @Test("explain keeps the names as its intermediate variables, in their order")
  func explanations() throws {
    let notebook = Notebook(Self.definitions)
    notebook.run("d = explain g([1, 2], [3, -1])")
    #expect(try notebook.texts("quantity", of: "d") == ["s", "p", "t", "g"])
    #expect(try notebook.text("d").contains("t = s*p"))
    notebook.run("p(x) = { a = x^2; b = x + 1; b*a }; e1 = explain ∂p/∂x, x = 2")
    #expect(try notebook.texts("quantity", of: "e1").prefix(3) == ["a", "b", "p"])
    #expect(try notebook.column("value", of: "e1").last == 16)
    #expect(try notebook.text("graph(f, x = 1, y = 2, z = 3)").contains("9"))
  }

  @Test("gradcheck, plots and derivatives at points take them like any function")
  func commands() throws {
    let notebook = Notebook(Self.definitions)
    #expect(try notebook.number("gradcheck(g, w = [1, 2], x = [3, -1]).holds") == 1)
    #expect(try notebook.number("(∂f/∂z)(1, 2, 3)") == 3)
    #expect(try notebook.number("f(x = 1)(2, 3)") == 9)
    notebook.run("t(x) = { y = x; y^2 }; plot(t, from = 0, to = 1)")
  }

  @Test("it is shown as it was written, in help in one line")
  func texts() throws {
    let notebook = Notebook(Self.definitions)
    #expect(try notebook.text("f") == "f(x, y, z) = { q = x + y; q*z }")
    #expect(try notebook.text("g").contains("    p = σ(s)\n"))
  }

  @Test(
    "mistakes in a line are shown there, or at the call with the body in one line",
    arguments: [
      ("b(x) = { q = x + 1; q*r }; b(2)", "NameError", "there is no r"),
      ("b(x) = { q = print(x); q }; b(2)", "TypeError", "there is no value to keep in q"),
      ("b(x) = { q = [1, 2] + [1, 2, 3]; q }; b(2)", "ShapeError", "[1, 2] + [1, 2, 3]"),
      ("b(x) = { q = rand(); q*x }; ∂b/∂x", "GradientError", "draws anew"),
      ("f(1, 2, [1, 2; 3, 4]) + later", "NameError", "later"),
    ])
  func mistakes(_ source: String, _ name: String, _ part: String) throws {
    let error = try Notebook(Self.definitions).error(source)
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
    let moved = try Notebook("bad(x) = {\n q = x + 1\n q + later\n}").error("bad(2)")
    #expect(moved.plainText.contains("in bad(x) = { q = x + 1; q + later }, at later"))
  }

  @Test("a variable keeps its name beside a formula, also behind calls and in generators")
  func variables() throws {
    let notebook = Notebook(
      "symbols w; x = 2; f(t) = t*w; d = [w, 2w]; l = [∂(k*t^2)/∂t for k in 1:2]; g(t) = t^2; D = g'"
    )
    for (source, expected) in [
      ("3*x + w", "w + 3*x"), ("3*x + f(2)", "2*w + 3*x"), ("d[1]*x", "w*x"), ("x*2", "4"),
      ("-(w + x)", "-(w + x)"), ("w > x and x > 1", "if w > x { x > 1 } else { 0 }"),
      ("l[1](x)*x", "8"),
      ("(if x > 1 { x } else { w })", "2"), ("sum(w^i*x for i in 1:2)", "w^2*x + w*x"),
      ("x > 3 and w > 0", "false"), ("2*x + D(w)", "2*w + 2*x"), ("f(x) + f(1)", "w*x + w"),
    ] {
      #expect(
        try notebook.text(source).split(separator: "\n").first.map(String.init) == expected,
        "\(source)")
    }
  }
}
