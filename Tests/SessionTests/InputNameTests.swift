import Testing

@Suite("The inputs of a network")
struct InputNameTests {
  @Test("one word is the name of the only input")
  func name() throws {
    let notebook = Notebook("network N { input x1; dense 1, sigmoid }")
    #expect(try notebook.numbers("N.W[1]").count == 1)
  }

  @Test("a variable that holds a number is the number of inputs")
  func number() throws {
    let notebook = Notebook("n = 3\nnetwork N { input n; dense 1, sigmoid }")
    #expect(try notebook.numbers("N.W[1]").count == 3)
  }
}
