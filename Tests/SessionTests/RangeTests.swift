import Testing

@Suite("Ranges and generators")
struct RangeTests {
  @Test("a range holds both ends, also with steps that binary fractions miss")
  func ends() throws {
    let notebook = Notebook()
    #expect(try notebook.numbers("1:5") == [1, 2, 3, 4, 5])
    #expect(try notebook.numbers("5:-2:1") == [5, 3, 1])
    #expect(try notebook.numbers("5:1") == [])
    #expect(try notebook.numbers("2:2") == [2])
    #expect(try notebook.numbers("1:2:6") == [1, 3, 5])
    #expect(try notebook.numbers("0.5:2") == [0.5, 1.5])
    let tenths = try notebook.numbers("0:0.1:0.3")
    #expect(tenths.count == 4 && tenths.last == 0.3)
    #expect(try notebook.numbers("0:0.1:1").count == 11)
    #expect(try notebook.numbers("-1:0.2:1").last == 1)
    #expect(try notebook.numbers("1:-0.1:0").last == 0)
    #expect(try notebook.numbers("0:0.3:1") == [0, 0.3, 0.6, 0.8999999999999999])
  }

  @Test(
    "a range that makes no sense is refused",
    arguments: [
      ("1:0:5", "ValueError"), ("1:inf", "ValueError"), ("nan:5", "ValueError"),
      ("1:nan:5", "ValueError"), ("1:1e18", "LimitError"), ("0:1e-12:1", "LimitError"),
      ("1:[2, 3]", "TypeError"), ("\"a\":3", "TypeError"),
    ])
  func refusals(_ source: String, _ name: String) throws {
    #expect(try Notebook().error(source).name == name)
  }

  @Test("a generator's variable is its own")
  func scope() throws {
    let notebook = Notebook("i = 7\nn = 3\nw = [1, 2, 3]; x = [4, 5, 6]")
    #expect(try notebook.number("sum(w[i]*x[i] for i in 1:n)") == 32)
    #expect(try notebook.numbers("[i^2 for i in 1:5]") == [1, 4, 9, 16, 25])
    #expect(try notebook.number("i") == 7)
    #expect(try notebook.numbers("[sum(i*j for j in 1:i) for i in 1:3]") == [1, 6, 18])
    #expect(try notebook.error("[k for k in 1:3]; k").plainText.contains("there is no k"))
  }

  @Test("a generator of vectors gives a matrix, of texts a list")
  func collecting() throws {
    let notebook = Notebook()
    #expect(try notebook.shape("[[i, i^2] for i in 1:3]") == [3, 2])
    #expect(try notebook.numbers("[sum(r) for r in [1, 2; 3, 4]]") == [3, 7])
    #expect(try notebook.text("[\"x\" for i in 1:2]") == "[\"x\", \"x\"]")
    #expect(try notebook.error("[if i > 1 { [1] } else { 2 } for i in 1:2]").name == "TypeError")
    #expect(try notebook.number("max(i*(4 - i) for i in 1:4)") == 4)
  }

  @Test("a generator is an argument like any other: its kind is checked")
  func arguments() throws {
    let notebook = Notebook("f(v: vector) = v[2]")
    #expect(try notebook.number("f(i^2 for i in 1:3)") == 4)
    for source in [
      "eye(i for i in 1:3)", "dataset(i for i in 1:2)", "load(i for i in 1:2)",
      "zeros(i for i in 1:2)",
      "number(i for i in 1:2)", "loss(i for i in 1:2)", "help(i for i in 1:2)",
      "[print(i) for i in 1:2]", "sum(print(i) for i in 1:2)", "[print(1)]",
      "f(\"a\" for i in 1:2)",
      "sum(i for i in 5)",
    ] { #expect(try notebook.error(source).name == "TypeError", "\(source)") }
    #expect(try notebook.text("table(i^2 for i in 1:3)").contains("i^2 for i in 1:3"))
  }

  @Test("linspace holds both ends exactly")
  func linspace() throws {
    let notebook = Notebook()
    #expect(try notebook.numbers("linspace(0, 1, 5)") == [0, 0.25, 0.5, 0.75, 1])
    #expect(try notebook.numbers("linspace(0, 0.3, 4)").last == 0.3)
    #expect(try notebook.numbers("linspace(3, 4, 1)") == [3])
    #expect(try notebook.shape("linspace(0, 1)") == [50])
  }
}
