import Testing

@Suite("Infinities, nan and domains")
struct ArithmeticNoteTests {
  @Test(
    "a result that is not finite says which entry and why",
    arguments: [
      ("1/0", "1 / 0 is inf: division by 0"), ("-1/0", "-1 / 0 is -inf: division by 0"),
      ("0/0", "0 / 0 is nan: division by 0"), ("[2, 1]/[1, 0]", "entry [2]: 1 / 0 is inf"),
      ("[1, 2; 3, 4] / [1, 1; 1, 0]", "entry [2, 2]: 4 / 0 is inf"), ("ln(0)", "ln(0) is -inf"),
      ("log10([1, 0])", "entry [2]: log10(0) is -inf"), ("exp(1000)", "exp(1000) is inf"),
      ("2^10000", "beyond the largest number"), ("1e308 * 10", "beyond the largest number"),
      ("0^-1", "0 ^ -1 is inf: division by 0"), ("inf - inf", "inf - inf is nan"),
      ("0*inf", "0 * inf is nan"), ("[1e200, 1] @ [1e200, 1]", "the product is inf"),
      ("sum([1e308, 1e308])", "the sum is inf"), ("sum([inf, -inf])", "the sum is nan"),
      ("1e308 + 1e308", "1e+308 + 1e+308 is inf"), ("5e400", ""),
    ])
  func notes(_ source: String, _ note: String) throws {
    let run = Notebook().attempt(source)
    if note.isEmpty { return }
    #expect(run.texts.count == 1)
    #expect(
      run.texts.first?.contains("\nnote: ") == true && run.texts[0].contains(note), "\(run.texts)")
  }

  @Test(
    "what was infinite or nan before needs no note",
    arguments: [
      "inf", "nan", "nan + 1", "inf + 1", "2*inf", "max(nan, 1)", "[nan, 1] + 1", "exp(-inf)",
    ])
  func noNotes(_ source: String) throws {
    #expect(try !Notebook().text(source).contains("note"))
  }

  @Test("an assignment's note goes to the output; a ; hides it with the value")
  func assignments() {
    #expect(Notebook().run("x = 1/0").stream(.stdout) == "note: 1 / 0 is inf: division by 0\n")
    #expect(Notebook().run("1/0;").outputs.isEmpty)
    let loop = Notebook().run("for i in 1:100 { x = i/0; y = 1/0 }")
    #expect(loop.stream(.stdout).split(separator: "\n").count <= 4)
    let shown = Notebook().run("x = 1\nfor i in 1:2 { z = 1/0; display(i) }\nx")
    #expect(shown.texts == ["1", "2", "1"])
  }

  @Test("nan spreads through max, min, sum, mean and norm")
  func nan() throws {
    for name in ["max", "min", "sum", "mean", "norm"] {
      #expect(try Notebook().number("\(name)([1, nan, 3])").isNaN)
    }
    #expect(try Notebook().number("max(1, nan)").isNaN)
    #expect(try Notebook().number("argmax([1, nan, 3])") == 2)
  }

  @Test(
    "outside their domain functions are DomainErrors",
    arguments: [
      ("ln(-1)", "ln of -1 is not a real number"), ("sqrt(-4)", "sqrt of -4"),
      ("log10([1, -2])", "entry [2]"), ("log(-1)", "ln(x) needs x >= 0"),
      ("(-8)^(1/3)", "needs a whole exponent"),
      ("[-8, 1]^0.5", "-8 to the power 0.5"),
      ("[1, 2]^[0.5, 0.5] + (-1)^[0.5, 2]", "-1 to the power 0.5"),
      ("ln'(0)", "ln'(x) needs x > 0"), ("sqrt'(0)", "sqrt'(x) needs x > 0"),
      ("ln'(-1)", "needs x > 0"),
    ])
  func domains(_ source: String, _ part: String) throws {
    let error = try Notebook().error(source)
    #expect(error.name == "DomainError", "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test("forward names the neuron that is not finite, gradients too come out as they are")
  func networks() throws {
    let notebook = Notebook("network N { input 1; dense 1, identity, W = 1 }")
    #expect(
      try notebook.text("forward(N, inf)").contains(
        "note: z of neuron 1 in layer 1 is inf for example 1"))
    #expect(try notebook.text("loss(N, 1e200, 0)").contains("note: the loss is inf"))
  }

  @Test("bce from a sigmoid stays finite where the slide's factors fail")
  func stability() throws {
    let notebook = Notebook("network N { input 1; dense 1, sigmoid, W = 1, b = 0 }")
    #expect(try notebook.number("loss(N, 40, 0)") == 40)
    #expect(try notebook.numbers("backward(N, 40, 0).z[1]") == [1])
    #expect(try notebook.number("loss(N, 800, 0)") == 800)
    #expect(near(try notebook.number("loss(N, 40, 1)"), 4.248354255291589e-18, 1e-12))
  }

  @Test("kinks are pinned: relu′(0) = 0, leaky_relu′(0) = slope, |x|′(0) = 0")
  func kinks() throws {
    let notebook = Notebook()
    #expect(try notebook.numbers("relu'([-1, 0, 1])") == [0, 0, 1])
    #expect(try notebook.numbers("leaky_relu'([-1, 0, 1])") == [0.01, 0.01, 1])
    #expect(try notebook.numbers("abs'([-2, 0, 2])") == [-1, 0, 1])
    for source in ["unit_step'(1)", "unit_step'", "round'(1)"] {
      #expect(try notebook.error(source).name == "GradientError")
    }
  }
}
