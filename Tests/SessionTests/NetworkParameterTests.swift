import Testing

@Suite("Parameters of networks: reading, assigning, copying, resetting")
struct NetworkParameterTests {
  private let notebook = Notebook(lectureCell)

  @Test("entries, rows, whole layers and biases can be assigned")
  func assignment() throws {
    notebook.run(
      """
      Lecture.W[2][1,3] = 0.5
      Lecture.W[2][2,:] = [7, 8, 9]
      Lecture.W[3] = [1, 2, 3]
      Lecture.W[1] = [[4, 5]]
      Lecture.b[1] = [1, 2]
      Lecture.b[2][2:3] = [9, 8]
      Lecture.b[3] = 7
      """)
    #expect(try notebook.numbers("Lecture.W[2]") == [0.2, 0.3, 0.5, 7, 8, 9])
    #expect(try notebook.numbers("Lecture.W[3]") == [1, 2, 3])
    #expect(try notebook.shape("Lecture.W[3]") == [3, 1])
    #expect(try notebook.numbers("Lecture.W[1]") == [4, 5])
    #expect(try notebook.numbers("Lecture.b[1]") == [1, 2])
    #expect(try notebook.numbers("Lecture.b[2]") == [0.3, 9, 8])
    #expect(try notebook.numbers("Lecture.b[3]") == [7])
    #expect(try notebook.number("Lecture.updates") == 0)
  }

  @Test(
    "a wrong shape or place is refused and changes nothing",
    arguments: [
      ("Lecture.W[2] = [1, 2, 3]", "ShapeError"), ("Lecture.W[3] = [1, 2]", "ShapeError"),
      ("Lecture.W[2] = [1, 2; 3, 4; 5, 6]", "ShapeError"), ("Lecture.b[2] = [1, 2]", "ShapeError"),
      ("Lecture.W[2] = 5", "ShapeError"), ("Lecture.W[4] = 1", "ValueError"),
      ("Lecture.W[0] = 1", "ValueError"), ("Lecture.W[2][3,1] = 1", "ValueError"),
      ("Lecture.W[2][1] = 1", "ShapeError"), ("Lecture.W[2][1,:] = [1, 2]", "ShapeError"),
      ("Lecture.W[1] = \"a\"", "TypeError"), ("Lecture.W = 1", "SyntaxError"),
      ("Lecture.z[1] = 1", "TypeError"), ("Lecture.W[1,2] = 1", "ShapeError"),
      ("Lecture.W[:] = 1", "TypeError"), ("Lecture.name = \"x\"", "TypeError"),
      ("Lecture[1] = 2", "TypeError"), ("copy(Lecture).W[1] = [1, 2]", "SyntaxError"),
    ])
  func refusals(_ source: String, _ name: String) throws {
    let before = try notebook.numbers("Lecture.W[2]")
    let error = try notebook.error(source)
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains("^"), "\(error.plainText)")
    #expect(try notebook.numbers("Lecture.W[2]") == before)
  }

  @Test("members are copies: changing them does not change the network")
  func members() throws {
    notebook.run("W = Lecture.W[2]; W[1,1] = 99")
    #expect(try notebook.number("Lecture.W[2][1,1]") == 0.2)
    #expect(try notebook.error("Lecture.W[2][1,1] = W").name == "ShapeError")
  }

  @Test("networks are references, copy makes them independent")
  func references() throws {
    notebook.run("same = Lecture; other = copy(Lecture)\nstep(same, x, y);")
    #expect(try notebook.number("Lecture.updates") == 1)
    #expect(try notebook.number("other.updates") == 0)
    #expect(try notebook.number("other.W[3][1,1]") == 0.4)
    #expect(try notebook.text("same == Lecture") == "true")
    #expect(try notebook.text("other == Lecture") == "false")
    #expect(try notebook.text("other != Lecture") == "true")
    notebook.run("train(other, x, y, epochs = 3);")
    #expect(try notebook.number("Lecture.updates") == 1)
  }

  @Test("records stay as they were when the network changes")
  func records() throws {
    notebook.run("run = forward(Lecture, x); g = backward(Lecture, x, y); s = summary(Lecture)")
    notebook.run("u = step(Lecture, x, y)")
    let texts = try ["run", "g", "s", "u"].map { try notebook.text($0) }
    let output = try notebook.numbers("run.output")
    let new = try notebook.numbers("u.new.W[2]")
    notebook.run("train(Lecture, x, y, epochs = 10); Lecture.W[1] = [9, 9]\ntrain(u.new, x, y);")
    #expect(try ["run", "g", "s", "u"].map { try notebook.text($0) } == texts)
    #expect(try notebook.numbers("run.output") == output)
    #expect(try notebook.numbers("u.new.W[2]") == new)
  }

  @Test("reset goes back to the weights and the random state of the definition")
  func reset() throws {
    let notebook = Notebook(
      "network N { input 2; dense 3, tanh; dense 1, sigmoid; seed 5 }\nd = dataset(xor)")
    let weights = try notebook.numbers("N.W[1]")
    let cell = "h = train(N, d, epochs = 4, batch_size = 1)"
    notebook.run(cell)
    let first = try notebook.numbers("h.loss")
    notebook.run(cell)
    #expect(try notebook.numbers("h.loss") != first)
    #expect(try notebook.number("N.updates") == 32)
    notebook.run("N.W[1][1,1] = 100\nreset(N)")
    #expect(try notebook.numbers("N.W[1]") == weights)
    #expect(try notebook.number("N.updates") == 0)
    notebook.run(cell)
    #expect(try notebook.numbers("h.loss") == first)
  }

  @Test("a copy goes on with the random state, and resets to the same definition")
  func copiedState() throws {
    let notebook = Notebook(
      "network N { input 2; dense 2, tanh; dense 1, sigmoid }\nd = dataset(xor)\ntrain(N, d, epochs = 2, batch_size = 1);"
    )
    notebook.run("M = copy(N)")
    notebook.run(
      "a = train(N, d, epochs = 3, batch_size = 1).loss; b = train(M, d, epochs = 3, batch_size = 1).loss"
    )
    #expect(try notebook.numbers("a") == notebook.numbers("b"))
    notebook.run("reset(N); reset(M)")
    #expect(try notebook.numbers("N.W[1]") == notebook.numbers("M.W[1]"))
  }

  @Test("updates in a loop count, also by assignment in between")
  func loops() throws {
    notebook.run("for i in 1:4 { step(Lecture, x, y); Lecture.b[3] = i }")
    #expect(try notebook.number("Lecture.updates") == 4)
    #expect(try notebook.numbers("Lecture.b[3]") == [4])
    #expect(try notebook.text("forward(Lecture, x)").contains("4 updates since its definition"))
    #expect(try notebook.text("forward(Lecture, x)").contains("reset(Lecture)"))
  }
}
