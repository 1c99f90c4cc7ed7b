import Display
import Testing

@Suite("Names of tidy columns")
struct TidyNameTests {
  @Test("columns of one name are told apart by a number")
  func uniqueNames() {
    let table = TidyTable([
      TidyColumn("x", integers: [1]), TidyColumn("x", integers: [2]),
      TidyColumn("x (2)", integers: [3]), TidyColumn("x", integers: [4]),
    ])
    #expect(table.columns.map(\.name) == ["x", "x (2)", "x (2) (2)", "x (3)"])
  }
}
