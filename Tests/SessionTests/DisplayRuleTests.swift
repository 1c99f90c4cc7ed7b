import Display
import JSONText
import Testing

@Suite("What a cell displays")
struct DisplayRuleTests {
  @Test("expressions are displayed, the last as the result; ; suppresses")
  func order() {
    let run = Notebook().run("1\nx = 2\n3; 4\n5")
    #expect(run.kinds == ["display", "display", "result"])
    #expect(run.texts == ["1", "4", "5"])
    #expect(Notebook().run("1\n2;").texts == ["1"])
    #expect(Notebook().run("1;").outputs.isEmpty)
    #expect(Notebook().run("").outputs.isEmpty)
    #expect(Notebook().run("# nothing").outputs.isEmpty)
    #expect(Notebook().run("x = 1").outputs.isEmpty)
    #expect(Notebook().run("f(x) = x").outputs.isEmpty)
  }

  @Test("a grader finds no result in a cell that fails, nor before a check that is not shown")
  func noResultBeforeFailures() {
    #expect(Notebook().attempt("check(1, 1)\ncheck(1, 2)").kinds == ["display"])
    #expect(Notebook().attempt("check(1, 1)\ncheck(1, 2);").kinds == ["display"])
    #expect(Notebook().attempt("7\ncheck(1, 2);").kinds == ["display"])
    #expect(Notebook().run("check(1, 1)\ncheck(2, 2);").kinds == ["display"])
    #expect(Notebook().run("check(1, 1)\ncheck(2, 2)").kinds == ["display", "result"])
    #expect(Notebook().run("check(1, 1);").outputs.isEmpty)
  }

  @Test("an assignment at the end does not take the result away")
  func assignmentLast() {
    #expect(Notebook().run("1\nx = 2").kinds == ["result"])
  }

  @Test("a print at the end leaves the expression before as the result")
  func printLast() {
    let run = Notebook().run("5\nprint(6)")
    #expect(run.kinds == ["result", "stdout"])
  }

  @Test("a cell that ends in a network block shows its summary; elsewhere the block shows nothing")
  func networks() {
    let block = "network N { input 2; dense 1, sigmoid }"
    let run = Notebook().run(block)
    #expect(run.kinds == ["result"])
    #expect(run.texts[0].contains("3 parameters"))
    #expect(Notebook().run(block + ";").outputs.isEmpty)
    #expect(Notebook().run(block + "\nx = 1").outputs.isEmpty)
    #expect(Notebook().run("perceptron P { input 2 }").kinds == ["result"])
  }

  @Test(
    "several values in a cell are labelled with their expressions; one value, and a literal, is not"
  )
  func labels() throws {
    let notebook = Notebook("w = 0.3; v = [1, 2]; M = [1, 2; 3, 4]; f(x) = x^2")
    let run = notebook.run("w\nv\nnorm(v)\nv[1] < w\nM\n\"a\"\n∂f/∂x")
    #expect(
      run.texts == [
        "w = 0.3000", "v = [1, 2]", "norm(v) = 2.2361", "(v[1] < w) = false",
        "M = 2×2 matrix\n  1  2\n  3  4", "\"a\"", "2*x",
      ])
    #expect(
      run.bundles[0].data[MIMEType.html]?.stringValue?.contains("<code>w</code> = 0.3000") == true)
    #expect(run.bundles[1].data[MIMEType.html]?.stringValue?.contains("<code>v</code> = ") == true)
    #expect(notebook.run("w").texts == ["0.3000"])
    #expect(notebook.run("w;\nv").texts == ["[1, 2]"])
    #expect(notebook.run("table([1, 2]); w").texts.last == "0.3000")
  }

  @Test("a label that is too long is cut, and stands above what has no room beside it")
  func longLabels() throws {
    let notebook = Notebook("value_with_a_long_name = [0.12345, 0.5, 0.25]; x = linspace(0, 1, 20)")
    let sum = "sum(value_with_a_long_name + value_with_a_long_name + value_with_a_long_name)"
    let run = notebook.run("\(sum)\nx")
    #expect(
      run.texts[0].hasPrefix("sum(value_with_a_long_name + value_with_a_long_name + value_… = "))
    #expect(run.texts[1].hasPrefix("x =\n[0, 0.0526,"))
    #expect(run.texts[1].split(separator: "\n").allSatisfy { $0.count <= 90 })
  }

  @Test("a check that holds is seen where there is nothing else to see, or where that is asked for")
  func quietChecks() throws {
    let notebook = Notebook("x = 3")
    #expect(notebook.run("check(x, 3)").texts == ["✓ x = 3"])
    #expect(notebook.run("check(x, 3)\ncheck(x > 2)").kinds == ["display", "result"])
    #expect(notebook.run("check(x, 3)\nx").texts == ["3"])
    #expect(notebook.run("x\ncheck(x, 3)").texts == ["3"])
    #expect(notebook.run("print(x)\ncheck(x, 3)").kinds == ["stdout"])
    #expect(notebook.run("x\ndisplay(check(x, 3))").texts == ["3", "✓ x = 3"])
    let failed = notebook.attempt("check(x, 3)\ncheck(x, 4)")
    #expect(failed.texts == ["✓ x = 3"])
    #expect(failed.error?.name == "ValueError")
  }

  @Test("a vector lies in a row in every format; latex shows what can be copied")
  func rows() throws {
    let notebook = Notebook("v = linspace(0, 1, 20)")
    let bundle = try notebook.bundle("v")
    let html = try #require(bundle.data[MIMEType.html]?.stringValue)
    #expect(!html.contains("<td") && html.contains("0.0526,"))
    let latex = try #require(bundle.data[MIMEType.latex]?.stringValue)
    #expect(!latex.contains("bmatrix") && latex.contains(#"\begin{aligned}"#))
    let shown = notebook.run("latex([1, 2; 3, 4])").bundles[0]
    #expect(shown.data[MIMEType.plain]?.stringValue?.hasPrefix(#"$$\begin{bmatrix} 1"#) == true)
    #expect(shown.data[MIMEType.latex] == nil)
    let page = try #require(shown.data[MIMEType.html]?.stringValue)
    #expect(page.contains("<pre") && page.contains(#"<div>$$\begin{bmatrix}"#))
    #expect(try notebook.text("latex([1, 2])").hasPrefix("\""))
  }

  @Test("a silent cell shows nothing and has its effects")
  func silent() throws {
    let notebook = Notebook()
    let run = notebook.attempt("x = 5\nx\nprint(x)", silent: true)
    #expect(run.outputs.isEmpty)
    #expect(run.error == nil)
    #expect(try notebook.number("x") == 5)
  }

  @Test("numbers show 4 decimals, whole numbers none; set digits changes that, not the value")
  func digits() throws {
    let notebook = Notebook()
    #expect(try notebook.text("1/3") == "0.3333")
    #expect(try notebook.text("2.0") == "2")
    #expect(try notebook.text("0.00012345") == "0.000123")
    notebook.run("set digits = 6")
    #expect(try notebook.text("1/3") == "0.333333")
    #expect(try notebook.number("1/3") == 1.0 / 3)
    #expect(try notebook.error("set digits = 99").name == "ValueError")
    #expect(try notebook.error("set digits = 2.5").name == "ValueError")
    #expect(try notebook.error("set digits = \"a\"").name == "TypeError")
  }

  @Test(
    "every value has text/plain; values with numbers carry them at full precision",
    arguments: [
      ("1/3", ["value"]), ("[1, 2]", ["index", "value"]),
      ("[1, 2; 3, 4]", ["row", "column", "value"]), ("true", ["value"]),
      ("table([1, 2])", ["[1, 2]"]), ("dataset(xor)", ["x1", "x2", "y"]),
    ] as [(String, [String])])
  func dataResources(_ expression: String, _ columns: [String]) throws {
    let notebook = Notebook()
    #expect(try !notebook.text(expression).isEmpty)
    #expect(try notebook.columns(expression) == columns)
  }

  @Test("tables come as html and LaTeX too")
  func formats() throws {
    let notebook = Notebook("network N { input 2; dense 1, sigmoid }")
    for expression in [
      "forward(N, [1, 2])", "backward(N, [1, 2], 1)", "summary(N)", "N", "dataset(xor)",
      "compare(0.5, 0.50)", "gradcheck(N, [1, 2], 1)", "evaluate(N, [1, 2], 1)", "table([1, 2])",
    ] {
      let names = try notebook.bundle(expression).data.members.map(\.name)
      #expect(names.contains(MIMEType.plain) && names.contains(MIMEType.html), "\(expression)")
      #expect(names.contains(MIMEType.latex), "\(expression)")
      #expect(names.contains(MIMEType.dataResource), "\(expression)")
    }
  }

  @Test(
    "what only LaTeX's text knows is a formula in a remark; what was typed is not its own equal")
  func remarks() throws {
    let notebook = Notebook("symbols w, v: vector(n)")
    notebook.run("J(W: matrix(n, K), Y: one_hot(m, K), X: matrix(m, n)) = sum(Y*(X @ W))")
    func latex(_ expression: String) throws -> String {
      try #require(notebook.bundle(expression).data[MIMEType.latex]?.stringValue)
    }
    #expect(try latex("∂J/∂W").contains("one$\\_$hot"))
    #expect(try latex("w ⊗ v").contains("$$\\mathbf{w} \\otimes \\mathbf{v}$$"))
    #expect(try latex("w ⊗ v + w ⊗ v").contains("= 2"))
  }

  @Test("a table of many columns leaves some out, and says so")
  func wideTables() throws {
    let text = try Notebook().text("dataset(digits)")
    #expect(text.split(separator: "\n").allSatisfy { $0.count < 250 }, "\(text)")
    #expect(text.contains("columns"), "\(text)")
  }

  @Test("above 20,000 rows the numbers stay out")
  func largeTables() throws {
    let notebook = Notebook()
    #expect(try notebook.bundle("zeros(20001)").data[MIMEType.dataResource] == nil)
    #expect(try notebook.bundle("zeros(20000)").data[MIMEType.dataResource] != nil)
    #expect(try notebook.text("zeros(1000000)").utf8.count < 10_000)
    #expect(try notebook.text("zeros(2000, 2000)").utf8.count < 100_000)
  }

  @Test("user expressions are values without effects")
  func userExpressions() throws {
    let notebook = Notebook("x = 3\nnetwork N { input 1; dense 1, sigmoid }\nset seed = 1")
    #expect(try notebook.text("x + 1") == "4")
    _ = try notebook.bundle("step(N, 1, 1)")
    #expect(try notebook.number("N.updates") == 0)
    let draw = try notebook.number("rand()")
    #expect(try notebook.number("rand()") == draw)
    for source in ["x = 4", "1 +", "1; 2", "", "nosuch", "f(x) = x"] {
      if case .success = notebook.session.evaluate(userExpression: source) {
        Issue.record("no error in \(source)")
      }
    }
    #expect(try notebook.number("x") == 3)
  }
}
