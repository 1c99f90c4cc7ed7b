import Assistance
import Language
import Lessons
import Session
import Testing

@Suite("Records: members and columns")
struct RecordTests {
  private static let setUp =
    lectureCell + """

      perceptron P { input 2 }
      network N { input 4; dense 3, softmax }
      """

  @Test(
    "set digits reaches captions and notes as well as cells",
    arguments: ["backward(Lecture, x, y)", "step(copy(Lecture), x, y)"], ["neuron", "matrix"])
  func digits(_ call: String, _ view: String) throws {
    let notebook = Notebook(Self.setUp + "\nset view = \(view)\nset digits = 7")
    let caption = try #require(notebook.text(call).split(separator: "\n").first)
    #expect(caption.contains("0.2563062"), "\(caption)")
    notebook.run("set digits = 2")
    let short = try #require(notebook.text(call).split(separator: "\n").first)
    #expect(short.contains("0.256"), "\(short)")
    #expect(!short.contains("0.2563"))
    let note = try #require(notebook.text("backward(Lecture, x, y)").split(separator: "\n").last)
    #expect(note.contains("0.00855 in layer 1, 0.0360 times"), "\(note)")
  }

  /// An expression for every kind of record, with the members of the contract.
  private static let records: [(expression: String, members: [String])] = [
    ("summary(Lecture)", []),
    ("forward(Lecture, x)", ["z", "a", "output"]),
    ("forward(Lecture, [1; 2])", ["z", "a", "output"]),
    (
      "backward(Lecture, x, y)",
      ["W", "b", "z", "a", "b_per_example", "loss", "norms", "dead", "saturated"]
    ),
    ("step(Lecture, x, y)", ["before", "after", "old", "new", "largest", "smallest"]),
    ("step(Lecture, x, y).largest", ["layer", "gradient"]),
    ("train(Lecture, x, y, epochs = 3)", ["loss", "accuracy", "epochs"]),
    ("train(P, dataset(and), rule = perceptron)", ["errors", "converged"]),
    ("gradcheck(Lecture, x, y)", ["worst"]),
    ("evaluate(N, dataset(iris))", ["loss", "accuracy", "confusion"]),
    ("compare(0.5, 0.50)", ["holds"]),
    ("check(0.5, 0.50)", ["holds"]),
    ("split(dataset(iris))", ["train", "test"]),
    ("table(x, y)", ["x", "y"]),
  ]

  @Test(
    "a record has its members, and the columns of its table", arguments: records.map(\.expression))
  func members(_ expression: String) throws {
    let notebook = Notebook(Self.setUp)
    let expected = try #require(Self.records.first { $0.expression == expression })
    notebook.run("r = \(expression)")
    let completions = LanguageService.complete("r.", at: 2, in: notebook.session.snapshot)
      .matches.map(\.text)
    for member in expected.members + (try notebook.columns("r")) {
      #expect(completions.contains(member), "\(member)")
      notebook.run("r.\(member)")
    }
    #expect(Set(completions).count == completions.count)
    let error = try notebook.error("r.nosuch")
    #expect(error.name == "NameError" && error.plainText.contains("its members are ."))
  }

  @Test("a record is no number, no function and no matrix")
  func misuse() throws {
    let notebook = Notebook(Self.setUp + "\nr = forward(Lecture, x)")
    for source in ["r + 1", "r(2)", "r[1]", "r'", "-r", "sum(r)", "[1, r]", "r == 1", "r.z = 3"] {
      #expect(try notebook.error(source).name == "TypeError", "\(source)")
    }
    #expect(try notebook.error("r + 1").plainText.contains(".z .a .output"))
  }

  @Test("the state after a cell costs no table, however large the records are")
  func snapshotCost() {
    let notebook = Notebook(
      "network W { input 64; dense 300, relu; dense 10, softmax }\nd = dataset(digits)")
    notebook.run("r = forward(W, d); g = backward(W, d)")
    let clock = ContinuousClock()
    let time = clock.measure { for _ in 0..<20 { _ = notebook.session.snapshot } }
    #expect(time < .milliseconds(400))
  }
}
