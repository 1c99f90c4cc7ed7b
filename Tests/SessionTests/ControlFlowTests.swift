import Testing

@Suite("Loops, conditions, try, print and display")
struct ControlFlowTests {
  @Test("a for runs over ranges, vectors, rows and lists; blocks make no scope")
  func loops() throws {
    let notebook = Notebook("s = 0\nfor i in 1:5 { s = s + i; last = i }")
    #expect(try notebook.number("s") == 15)
    #expect(try notebook.number("i") == 5)
    #expect(try notebook.number("last") == 5)
    let run = notebook.run(
      "for r in [1, 2; 3, 4] { print(r) }\nfor x in [\"a\", \"b\"] { print(x) }"
    )
    #expect(run.stream(.stdout) == "[1, 2]\n[3, 4]\na\nb\n")
    #expect(try notebook.error("for k in 7 { print(k) }").plainText.contains("1:7"))
    #expect(try notebook.error("for x in sin { print(x) }").name == "TypeError")
    #expect(try notebook.error("for x in \"abc\" { print(x) }").plainText.contains("1:5"))
  }

  @Test("a loop keeps its turns when the body changes what it runs over")
  func loopOverChangedVariable() throws {
    let notebook = Notebook("v = [1, 2, 3]\nn = 0\nfor x in v { v = [9]; n = n + x }")
    #expect(try notebook.number("n") == 6)
  }

  @Test("a name that a later turn reads may be assigned further down in the body")
  func assignedLater() throws {
    let notebook = Notebook("f = 0\nfor i in 1:3 { if i > 1 { f = f + g }; g = i }")
    #expect(try notebook.number("f") == 3)
  }

  @Test("bodies display only by display and print")
  func bodies() {
    let run = Notebook().run("for i in 1:2 { i; display(i); print(10i) }\nif true { 5 }")
    #expect(run.kinds == ["display", "stdout", "display", "stdout"])
    #expect(run.texts == ["1", "2"])
    #expect(run.stream(.stdout) == "10\n20\n")
  }

  @Test("if as a statement and as an expression")
  func conditions() throws {
    let notebook = Notebook(
      """
      x = 3
      if x > 2 { size = "big" }
      else if x > 1 { size = "middle" }
      else { size = "small" }
      g(z) = if z >= 1 { 1 } else { 0 }
      sign(z) = if z > 0 { 1 } else if z < 0 { -1 } else { 0 }
      """)
    #expect(try notebook.text("size") == "\"big\"")
    #expect(try notebook.numbers("g([0, 1, 2])") == [0, 1, 1])
    #expect(try notebook.numbers("sign([-3, 0, 3])") == [-1, 0, 1])
    #expect(try notebook.number("1 + (if x == 3 { 10 } else { 20 })") == 11)
    #expect(try notebook.error("y = if false { 1 }").name == "TypeError")
  }

  @Test("try shows the value, or the error as a normal output, and goes on")
  func attempts() throws {
    let run = Notebook().run("try 1 + 1\ntry [1, 2] + [1, 2, 3]\ntry nosuch\n7")
    #expect(run.kinds == ["display", "display", "display", "result"])
    #expect(run.texts[0] == "1 + 1 = 2")
    #expect(run.texts[1].hasPrefix("ShapeError: cannot add [1, 2]"))
    #expect(run.texts[1].contains("2 | try [1, 2] + [1, 2, 3]"))
    #expect(run.texts[2].hasPrefix("NameError: there is no nosuch"))
    #expect(run.texts[3] == "7")
    #expect(run.stream(.stderr).isEmpty)
  }

  @Test("a try that fails changes nothing, and a failing statement around it takes all back")
  func attemptsAreAtomic() throws {
    let notebook = Notebook("network N { input 1; dense 1, sigmoid, W = 1 }\nx = [1]; y = [1]")
    notebook.run("try concat(step(N, x, y).before, [1] + [1, 2])")
    #expect(try notebook.number("N.updates") == 0)
    notebook.run("try step(N, x, y)")
    #expect(try notebook.number("N.updates") == 1)
    let before = try notebook.numbers("N.W[1]")
    _ = try notebook.error(
      "for i in 1:2 { step(N, x, y); try step(N, x, y); if i == 2 { v = [1][2] } }")
    #expect(try notebook.number("N.updates") == 1)
    #expect(try notebook.numbers("N.W[1]") == before)
  }

  @Test("print writes values side by side, warn to the error stream, clear_output clears")
  func streams() {
    let run = Notebook().run(
      "print(\"loss\", 0.25, [1, 2], true)\nwarn(\"careful\", 1)\nprint()\nclear_output(wait = true)\nclear_output()"
    )
    #expect(run.kinds == ["stdout", "stderr", "stdout", "clear, waiting", "clear"])
    #expect(run.stream(.stdout) == "loss 0.2500 [1, 2] true\n\n")
    #expect(run.stream(.stderr) == "careful 1\n")
  }

  @Test("a display under a name says so; a pause shows nothing and leaves the result alone")
  func pacing() {
    let run = Notebook().run(
      "1 + 1\nfor i in 1:2 { display(i, id = \"a\"); sleep(0) }\nsleep(0.001)")
    #expect(run.kinds == ["result", "display", "display"])
    #expect(run.texts == ["2", "1", "2"])
    let names = run.outputs.compactMap { output -> String? in
      if case .display(_, let name) = output { name } else { nil }
    }
    #expect(names == ["a", "a"])
  }

  @Test("input asks, number reads")
  func input() throws {
    let notebook = Notebook()
    let run = notebook.run("name = input(\"who? \")\nx = number(input())", input: ["Ada", " 2.5 "])
    #expect(run.error == nil)
    #expect(try notebook.text("name") == "\"Ada\"")
    #expect(try notebook.number("x") == 2.5)
    #expect(try notebook.error("input(\"who?\")").message.contains("does not allow input"))
    #expect(try notebook.error("number(\"two\")").name == "ValueError")
  }

  @Test("name? opens the pager, help(name) shows the same in the cell")
  func help() throws {
    let notebook = Notebook("f(x) = x^2\nx = 3\nnetwork N { input 1; dense 1 }")
    for name in ["train", "x", "f", "pi", "σ", "forward", "N", "adam", "dense", "η", "xor", "for"] {
      let paged = notebook.run("\(name)?")
      let shown = notebook.run("help(\(name))")
      #expect(paged.kinds == ["page"] && shown.kinds == ["display"], "\(name)")
      guard case .page(let page)? = paged.outputs.first else { continue }
      #expect(shown.bundles == [page])
    }
    #expect(notebook.run("help(\"⊗\")").texts[0].contains("Hadamard"))
    #expect(notebook.run("help()").texts[0].contains("activations"))
    #expect(try notebook.error("help(nosuch)").name == "NameError")
    #expect(try notebook.error("help(1 + 1)").name == "TypeError")
  }
}
