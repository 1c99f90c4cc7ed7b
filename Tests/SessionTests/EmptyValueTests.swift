import Testing

@Suite("Empty vectors and matrices")
struct EmptyValueTests {
  @Test(
    "calculating with nothing gives nothing",
    arguments: [
      "[] + 1", "[] + []", "2 * []", "concat([], [])", "zeros(0)", "sigmoid([])", "1:0",
      "[i for i in []]", "max(0, [])", "diag(zeros(0, 0))", "zeros(0, 3)[:,1]", "[][1:0]",
      "mean(zeros(3, 0), axis = 1)", "argmax(zeros(0, 3))", "[] > 1", "round([])",
    ])
  func empties(_ expression: String) throws {
    #expect(try Notebook().shape(expression) == [0])
  }

  @Test(
    "sums of nothing are 0",
    arguments: [
      "sum([])", "norm([])", "[] @ []", "sum(zeros(0, 3))", "sum(i for i in [])", "dot([], [])",
    ])
  func sums(_ expression: String) throws {
    #expect(try Notebook().number(expression) == 0)
  }

  @Test(
    "what needs an entry says so",
    arguments: [
      "max([])", "min([])", "mean([])", "argmax([])", "softmax([])", "mean(zeros(0, 3), axis = 1)",
      "max(zeros(0, 3), axis = 1)", "softmax(zeros(0, 3))", "standardize([])",
      "max(i for i in [])",
    ])
  func nothingToTake(_ expression: String) throws {
    let error = try Notebook().error(expression)
    #expect(error.name == "ValueError")
    #expect(error.message.contains("needs at least one number"), "\(error.message)")
  }

  @Test("shapes with a side of 0 keep the other side")
  func shapes() throws {
    let notebook = Notebook()
    #expect(try notebook.shape("zeros(0, 3)'") == [3, 0])
    #expect(try notebook.numbers("zeros(2, 0) @ zeros(0, 2)") == [0, 0, 0, 0])
    #expect(try notebook.shape("zeros(0, 3) + [1, 2, 3]") == [0, 3])
    #expect(try notebook.shape("column([])") == [0, 1])
    #expect(try notebook.numbers("sum(zeros(0, 3), axis = 1)") == [0, 0, 0])
    #expect(try notebook.numbers("shape([])") == [0])
  }

  @Test("a loop over nothing does not turn")
  func loops() throws {
    let run = Notebook().run(
      "i = 5\nfor i in [] { print(i) }\nfor r in zeros(0, 2) { print(r) }\ni")
    #expect(run.texts == ["5"])
    #expect(run.stream(.stdout).isEmpty)
  }

  @Test("a network refuses to run on nothing")
  func networks() throws {
    let notebook = Notebook("network N { input 2\n dense 1, sigmoid }")
    #expect(try notebook.error("forward(N, zeros(0, 2))").message.contains("no examples"))
    #expect(try notebook.error("forward(N, [])").name == "ShapeError")
    #expect(try notebook.error("loss(N, zeros(0, 2), [])").name == "ValueError")
    #expect(try notebook.error("train(N, zeros(0, 2), [])").name == "ValueError")
  }
}
