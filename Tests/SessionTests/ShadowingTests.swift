import Testing

@Suite("Shadowing built-in names")
struct ShadowingTests {
  private static let network = "network N { input 1; dense 1, sigmoid }\nx = [1]; y = [1]"

  @Test("a variable with a built-in's name is noticed once; calls still find the function")
  func variables() throws {
    let notebook = Notebook(Self.network)
    let first = notebook.run("loss = loss(N, x, y)")
    #expect(
      first.stream(.stdout) == "note: loss now means your value; loss(…) still calls the built-in\n"
    )
    let value = try notebook.number("loss")
    #expect(notebook.run("loss = loss(N, x, y)").outputs.isEmpty)
    #expect(try notebook.number("loss") == value)
    notebook.run("e = 5\npi = 3\nσ = 2; sum = sum([1, 2])\nforward = forward(N, x)")
    #expect(try notebook.number("e + pi + sum") == 11)
    #expect(try notebook.number("σ(0)") == 0.5)
    #expect(try notebook.numbers("forward.output") == notebook.numbers("predict(N, x)"))
  }

  @Test("a function with a built-in's name replaces it, in networks defined from then on too")
  func functions() throws {
    let notebook = Notebook(Self.network)
    let run = notebook.run("sigmoid(x) = 2x")
    #expect(run.stream(.stdout).contains("the built-in sigmoid is hidden"))
    #expect(try notebook.number("sigmoid(3)") == 6)
    let block = "network M { input 1; dense 1, sigmoid, W = 3 }"
    let notice = "the activation sigmoid is your function, not the built-in one"
    #expect(notebook.run(block).stream(.stdout).contains(notice))
    #expect(try notebook.numbers("predict(M, 1)") == [6])
    #expect(!notebook.run(block).stream(.stdout).contains(notice))
    // The built-in one written out is the built-in one, with all that is known of it.
    notebook.run("sigmoid(x) = 1/(1 + e^(-x))")
    #expect(!notebook.run(block).stream(.stdout).contains(notice))
    #expect(try notebook.text("summary(M).loss").contains("binary_cross_entropy"))
    notebook.run("relu = 3\nnetwork K { input 1; dense 1, relu, W = 1 }")
    #expect(try notebook.numbers("predict(K, -1)") == [0])
  }

  @Test("networks may be named like built-ins and commands")
  func networks() throws {
    let notebook = Notebook(
      "network train { input 1; dense 1, identity, W = 2 }\nnetwork sum { input 1; dense 1, identity, W = 3 }"
    )
    notebook.run("h = train(train, [1; 2], [2, 4], epochs = 1)")
    #expect(try notebook.number("sum([1, 2])") == 3)
    #expect(try notebook.numbers("predict(sum, 2)") == [6])
    notebook.run("sum = 5")
    #expect(try notebook.number("sum") == 5)
    #expect(try notebook.error("predict(sum, 2)").name == "TypeError")
  }

  @Test("words in keyword positions are words, whatever variables there are")
  func words() throws {
    let notebook = Notebook(Self.network)
    notebook.run("adam = 5; xor = 7; matrix = 3; perceptron = 2; all = 1; off = 4; mse = 1")
    notebook.run("train(N, x, y, epochs = 1, optimizer = adam, batch_size = all)")
    notebook.run("train(N, x, y, epochs = 1, optimizer = \"adam\")")
    #expect(try notebook.shape("dataset(xor).X") == [4, 2])
    notebook.run("set view = matrix\nset view = auto\nset carry = off\nset bias = w0")
    notebook.run("network M { input 1; dense 1, sigmoid; loss mse }")
    notebook.run("n = 1\ntrain(N, x, y, epochs = n, batch_size = n)")
    notebook.run("z = 1\ntable(forward(N, x), sort = z)")
  }

  @Test("a parameter that is no function is skipped in a call")
  func parameters() throws {
    let notebook = Notebook("f(sum, x: vector) = sum + sum(x)\ng(h) = h(2)\nh(x) = 10x")
    #expect(try notebook.number("f(1, [1, 2])") == 4)
    #expect(try notebook.number("g(sqrt)^2") != 20)
    #expect(try notebook.number("g(3)") == 20)
  }

  @Test("a value is not called: the help says how to multiply or to index")
  func values() throws {
    let notebook = Notebook("x = 3\nv = [1, 2]")
    #expect(try notebook.error("x(1 + 2)").plainText.contains("x*(1 + 2) multiplies"))
    #expect(try notebook.error("v(1)").plainText.contains("v[1] takes an entry"))
    #expect(try notebook.error("pi(2)").plainText.contains("pi*(2)"))
    #expect(try notebook.error("\"a\"(2)").name != "")
  }

  @Test("cells can be run again, in any order")
  func reruns() throws {
    let notebook = Notebook()
    let cells = [
      "f(x) = x + a", "a = 1", Self.network, "h = train(N, x, y, epochs = 2)", "reset(N)",
      "r = f(2)",
    ]
    for _ in 0..<3 { for cell in cells { notebook.run(cell) } }
    #expect(try notebook.number("r") == 3)
    notebook.run("f = 5\nf(x) = 2x\nf = 6")
    #expect(try notebook.number("f") == 6)
  }
}
