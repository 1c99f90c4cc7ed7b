import Display
import JSONText
import Testing

@Suite("Time travel: h.at and why")
struct TimeTravelTests {
  private static let setUp = """
    network N { input 2; dense 3, tanh; dense 1, sigmoid; seed 2 }
    d = dataset(xor)
    h = train(N, d, epochs = 60, learning_rate = 0.5)
    """

  @Test("h.at gives a network of its own, also after reset and later trainings")
  func at() throws {
    let notebook = Notebook(Self.setUp)
    let trained = try notebook.numbers("N.W[1]")
    #expect(try notebook.numbers("h.at(60).W[1]") == trained)
    notebook.run("reset(N)\nM = h.at(30)\nstep(M, d);")
    #expect(try notebook.numbers("h.at(0).W[1]") == notebook.numbers("N.W[1]"))
    #expect(try notebook.number("h.at(30).updates") == 30)
    #expect(try notebook.number("M.updates") == 31)
    #expect(try notebook.numbers("loss(h.at(30), d)") == notebook.numbers("h.loss[31]"))
    notebook.run("train(N, d, epochs = 30, learning_rate = 0.5);")
    #expect(try notebook.numbers("h.at(30).W[2]") == notebook.numbers("N.W[2]"))
  }

  @Test("a step of the past is explained, and a landscape has the way of a history")
  func uses() throws {
    let notebook = Notebook(Self.setUp)
    let run = notebook.run("explain step(h.at(40), d)")
    #expect(run.texts[0].contains("ΔL"))
    #expect(try notebook.number("h.at(40).updates") == 40)
    let picture = try notebook.text("landscape(N, d, W[1][1,1], W[2][1,1], h)")
    #expect(picture.contains("60 updates"), "\(picture)")
  }

  @Test(
    "why tells what every example adds to a weight's gradient", arguments: ["", ", batch_size = 3"])
  func why(options: String) throws {
    let notebook = Notebook(
      "network N { input 2; dense 3, tanh; dense 1, sigmoid; seed 2 }\nd = dataset(moons)")
    notebook.run(
      "h = train(N, d, epochs = 12, learning_rate = 0.5\(options))\nw = why(h, 12, W[1][2,1])")
    #expect(try notebook.number("w.old") == notebook.number("h.at(11).W[1][2,1]"))
    #expect(try notebook.number("w.new") == notebook.number("h.at(12).W[1][2,1]"))
    #expect(near(try notebook.number("sum(w.gradients)"), try notebook.number("w.gradient"), 1e-9))
    #expect(near(try notebook.number("sum(w.pushes)"), try notebook.number("w.change"), 1e-9))
    let pushes = try notebook.numbers("abs(w.pushes)")
    #expect(pushes == pushes.sorted(by: >))
    #expect(try notebook.numbers("sort(w.examples)") == notebook.numbers("1:\(pushes.count)"))
    let text = try notebook.text("w")
    #expect(text.contains("the examples that pushed most") && text.contains("others"), "\(text)")
    let bundle = try notebook.bundle("w")
    #expect(bundle.data[MIMEType.latex] != nil && bundle.data[MIMEType.html] != nil)
    #expect(try notebook.columns("w") == ["update", "example", "gradient", "push"])
    #expect(notebook.run("explain w").texts[0].contains("w₂₁^[1]"))
  }

  @Test("why tells the terms of an optimizer and a penalty's share")
  func terms() throws {
    let notebook = Notebook(
      "network N { input 2; dense 3, tanh; dense 1, sigmoid }\nd = dataset(xor)\nh = train(N, d, epochs = 5, optimizer = adam, l2 = 0.1)\nw = why(h, 3, N.b[1][2])\nv = why(h, 3, W[2][1,1])"
    )
    #expect(try notebook.text("w").contains("adam, update 3"))
    #expect(!(try notebook.text("w").contains("the penalty")))
    #expect(try notebook.text("v").contains("the penalty"))
    #expect(notebook.run("explain v").texts[0].contains("0.9"))
  }

  @Test("a weight that an update keeps was not moved")
  func frozen() throws {
    let notebook = Notebook(
      "network N { input 2; dense 3, tanh, frozen = W; dense 1, sigmoid }\nd = dataset(xor)\nh = train(N, d, epochs = 5)\nw = why(h, 3, W[1][1,1])"
    )
    #expect(try notebook.number("w.change") == 0)
  }

  @Test("an interrupted training says how far it came, and can be travelled in")
  func members() throws {
    let notebook = Notebook(Self.setUp)
    #expect(try notebook.text("h.epochs[61]") == "60")
    let help = notebook.run("help(train)").texts[0]
    #expect(help.contains("keep") && help.contains("h.at(e)") && help.contains("watch"))
  }
}
