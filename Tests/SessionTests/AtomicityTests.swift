import Testing

@Suite("A cell that fails")
struct AtomicityTests {
  private static let network = """
    network N { input 1; dense 2, tanh; dense 1, sigmoid; seed 3 }
    X = [0; 1; 2]; y = [0, 1, 1]
    """

  @Test("leaves the effects of the statements before, and none of the failing one")
  func statements() throws {
    let notebook = Notebook("a = 1")
    let run = notebook.attempt("a = 2\nb = 3\nb\nc = [1] + [1, 2]\na = 4")
    #expect(run.error?.name == "ShapeError")
    #expect(run.texts == ["3"])
    #expect(try notebook.number("a") == 2)
    #expect(try notebook.number("b") == 3)
    #expect(try notebook.error("c").name == "NameError")
  }

  @Test("a failing loop leaves no variable, no setting, no random number and no update")
  func loops() throws {
    let notebook = Notebook(
      Self.network + "\nset seed = 4\nfirst = rand(3)\nset seed = 4\nset digits = 4")
    let weights = try notebook.numbers("N.W[1]")
    _ = try notebook.error(
      """
      for i in 1:3 {
        q = i
        r = rand()
        set digits = 2
        step(N, X, y)
        train(N, X, y, epochs = 2, batch_size = 1)
        N.W[1] = [i, i]
        N.b[2] = i
        if i == 3 { z = [1, 2][i] }
      }
      """)
    #expect(try notebook.error("q").name == "NameError")
    #expect(try notebook.error("i").name == "NameError")
    #expect(try notebook.text("1/3") == "0.3333")
    #expect(try notebook.numbers("N.W[1]") == weights)
    #expect(try notebook.numbers("N.b[2]") == [0])
    #expect(try notebook.number("N.updates") == 0)
    #expect(try notebook.numbers("rand(3)") == notebook.numbers("first"))
    // The random numbers of the network are back too: training goes as it does with a fresh one.
    notebook.run("h = train(N, X, y, epochs = 3, batch_size = 1).loss")
    let fresh = Notebook(Self.network + "\nh = train(N, X, y, epochs = 3, batch_size = 1).loss")
    #expect(try notebook.numbers("h") == fresh.numbers("h"))
  }

  @Test("a failing argument keeps the network from being trained")
  func arguments() throws {
    let notebook = Notebook(Self.network)
    _ = try notebook.error("concat(step(N, X, y).before, sin)")
    _ = try notebook.error("w = [step(N, X, y).before, sin(\"a\")]")
    _ = try notebook.error("reset(N) + 1")
    #expect(try notebook.number("N.updates") == 0)
  }

  @Test("a redefinition that fails leaves the old network")
  func redefinition() throws {
    let notebook = Notebook(Self.network)
    _ = try notebook.error("network N { input 1; dense 2, tanh, W = [1, 2, 3] }")
    #expect(try notebook.number("N.layers") == 2)
  }

  @Test("a failing part of a cell's assignments to entries leaves the vector as it was")
  func entries() throws {
    let notebook = Notebook("v = [1, 2, 3]")
    _ = try notebook.error("for i in 1:4 { v[i] = 0 }")
    #expect(try notebook.numbers("v") == [1, 2, 3])
  }

  @Test("several mistakes are reported together, the first names the error")
  func several() throws {
    let notebook = Notebook()
    let error = try notebook.error("a = 1\nb = aa + 1\nc = bb(2)\nd = a")
    #expect(error.name == "NameError")
    #expect(error.message == "there is no aa (and 1 more mistake)")
    #expect(error.plainText.contains("there is no function bb"))
    #expect(try notebook.number("a") == 1)
    let syntax = try notebook.error("x = 1\ny = (2\nz = 3 4")
    #expect(syntax.name == "SyntaxError")
    #expect(try notebook.error("x").name == "NameError")
    let mixed = try notebook.error("p = [1] + [1, 2]\nq = unknown1")
    #expect(mixed.name == "ShapeError")
    #expect(mixed.plainText.contains("there is no unknown1"))
  }

  @Test("x = x of an unknown name is a NameError; a known one keeps its value")
  func selfAssignment() throws {
    let notebook = Notebook()
    #expect(try notebook.error("x = x").name == "NameError")
    #expect(try notebook.error("x = x + y").message.contains("1 more mistake"))
    notebook.run("x = 2\nx = x\nx = x + x")
    #expect(try notebook.number("x") == 4)
  }

  @Test("the state after a failure is usable: the next cell runs as if nothing had happened")
  func recovery() throws {
    let notebook = Notebook(Self.network)
    for source in [
      "((((", "\"", "network N {", "f(x) = ", "1 +", "}", "for i in 1:3 {", "\u{0}", "x = = 2",
      "∂/∂", "network N { input 0; dense 1 }", String(repeating: "(", count: 10_000),
      String(repeating: "[", count: 10_000), String(repeating: "-", count: 10_000) + "1",
      String(repeating: "f(", count: 10_000), String(repeating: "{", count: 10_000),
      "zeros(1000000, 1000000)", "x = " + String(repeating: "1 + ", count: 100_000),
    ] {
      #expect(notebook.attempt(source).error != nil, "\(source.prefix(30))")
    }
    #expect(try notebook.number("N.layers") == 2)
  }

  @Test("a cell of a megabyte is answered")
  func largeCells() throws {
    let notebook = Notebook()
    notebook.run("x = " + String(repeating: "1 + ", count: 250_000) + "1")
    #expect(try notebook.number("x") == 250_001)
    notebook.run("v = [" + String(repeating: "1, ", count: 300_000) + "1]")
    #expect(try notebook.shape("v") == [300_001])
    notebook.run("# " + String(repeating: "x", count: 1_000_000) + "\ny = 1")
    #expect(try notebook.number("y") == 1)
    let error = try notebook.error("z = " + String(repeating: "a", count: 1_000_000))
    #expect(error.name == "NameError")
  }
}
