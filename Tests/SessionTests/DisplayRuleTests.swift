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
