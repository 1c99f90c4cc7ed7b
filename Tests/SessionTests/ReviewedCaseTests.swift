import Testing

/// Cells that once went wrong in a way no other test looks for.
@Suite("Cases that went wrong once")
struct ReviewedCaseTests {
  @Test("columns of one name are told apart")
  func equalColumnNames() throws {
    let notebook = Notebook("x = [1, 2]")
    #expect(notebook.attempt("table(x, x)").error == nil)
  }

  @Test(
    "a variable named like a function leaves it callable, a definition then hides it, both are said"
  )
  func hiddenTwice() {
    let notebook = Notebook("exp = 3")
    #expect(notebook.attempt("exp(x) = 2").stream(.stdout).contains("now means your function"))
  }
}
