import FoundationEssentials
import JSONText
import Testing

/// Exercises on paper and as notebooks: `export(e, …)`, `key = true`.
@Suite("Exercises are handed out, and come with a key")
struct ExerciseHandoutTests {
  private let folder: String

  init() throws {
    folder =
      FileManager.default.temporaryDirectory.path
      + "/nabla-handouts-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private static let setUp = """
    \(lectureCell)
    d = dataset(or)
    perceptron P { input x1, x2; threshold 0.5; strict; outputs -1, 1 }
    perceptron Plain { input 2; threshold 0 }
    p = practice(2, 3, 1, seed = "Ada")
    inner(t) = t^2
    f(t) = sin(inner(t))*exp(t)
    rate = 0.5
    """

  static let calls = [
    "forward(Lecture, x)", "backward(Lecture, x, y)", "step(Lecture, x, y, optimizer = adam)",
    "step(Lecture, x, y, learning_rate = rate)", "loss(Lecture, x, y)",
    "train(Plain, d.X, d.Y, rule = perceptron, epochs = 2)", "backward(p.net, p.x, p.y)",
    "∂f/∂t, t = 2", "forward(Lecture, [1; 2; 3])",
  ]

  private func exported(_ notebook: Notebook, _ file: String, _ options: String = "") throws
    -> String
  {
    notebook.run("export(e, \"\(folder)/\(file)\"\(options))")
    return try String(
      decoding: Data(contentsOf: URL(filePath: "\(folder)/\(file)")), as: UTF8.self)
  }

  private func cells(_ text: String) throws -> [JSONValue] {
    try #require(try JSONParser.parse(Array(text.utf8))["cells"]?.arrayValue)
  }

  private func source(_ cell: JSONValue) -> String { cell["source"]?.stringValue ?? "" }

  @Test("a notebook makes the same exercise anew, and marks it", arguments: calls)
  func notebooks(call: String) throws {
    let notebook = Notebook(Self.setUp)
    // A loss is one number.
    let blanks = call.hasPrefix("loss") ? 1 : 2
    notebook.run("e = exercise \(call), blanks = \(blanks), seed = \"Ada\"")
    let shown = try notebook.text("e")
    for isKey in [false, true] {
      let cells = try cells(
        exported(notebook, "\(isKey).ipynb", isKey ? ", key = true" : ""))
      let code = cells.filter { $0["cell_type"]?.stringValue == "code" }
      #expect(code.count == 3)
      #expect(
        code.compactMap { $0["metadata"]?["nbgrader"]?["grade_id"]?.stringValue } == [
          "sheet", "answers", "points",
        ])
      #expect(code[2]["metadata"]?["nbgrader"]?["points"]?.integerValue == blanks)
      let other = Notebook()
      // The same gaps, with nothing of the session that made them.
      let title = shown.prefix { $0 != "\n" }
      let again = other.run(source(code[0])).texts.last ?? ""
      #expect(again.drop { $0 != "\n" } == shown.drop { $0 != "\n" }, "\(title)\n\(again)")
      other.run(source(code[1]))
      #expect(other.run(source(code[2])).texts == [isKey ? "\(blanks)" : "0"])
      #expect(cells.contains { source($0).contains("| carries on |") } == isKey)
      #expect(source(code[1]).contains("BEGIN SOLUTION") == isKey)
    }
  }

  @Test("a sheet has no answers, a key has them all, with what each is worked out from")
  func pages() throws {
    let notebook = Notebook(Self.setUp)
    notebook.run("e = exercise forward(Lecture, x), blanks = 12, seed = 1")
    for ending in ["html", "tex"] {
      let sheet = try exported(notebook, "sheet.\(ending)")
      let key = try exported(notebook, "key.\(ending)", ", key = true")
      #expect(sheet.contains("Exercise: forward(Lecture, x)") && !sheet.contains("0.7739"))
      #expect(key.contains("Key: forward(Lecture, x)") && key.contains("0.7739"))
      #expect(key.contains("12 in all"))
      let sign = ending == "html" ? "①, ②" : "$\\boxed{1}$, $\\boxed{2}$"
      // z₁^[2] … z₃^[2] are worked out from a₁^[1] and a₂^[1], which are ③ and ④.
      let sources = ending == "html" ? "③, ④" : "$\\boxed{3}$, $\\boxed{4}$"
      #expect(key.contains(sources) && !key.contains(sign), "\(key)")
    }
    let tex = try exported(notebook, "key.tex", ", key = true")
    #expect(tex.unicodeScalars.allSatisfy { $0.value < 0x2460 || $0.value > 0x32BF })
  }

  @Test("what is no exercise has no key and makes no notebook")
  func others() throws {
    let notebook = Notebook(Self.setUp)
    let key = try notebook.error("export(forward(Lecture, x), \"a.html\", key = true)")
    #expect(key.name == "TypeError" && key.plainText.contains("has no key"))
    let page = try notebook.error("export(forward(Lecture, x), \"a.ipynb\")")
    #expect(page.name == "TypeError" && page.plainText.contains("makes no notebook"))
  }

  @Test("what has no lines is handed out all the same")
  func withoutLines() throws {
    let notebook = Notebook(
      "network N { input 2; dense 1, W = [1; 2], b = [0] }\ndata = dataset(xor)")
    notebook.run("e = exercise forward(N, data), blanks = 1")
    let cells = try cells(exported(notebook, "n.ipynb"))
    #expect(cells.map(source).contains { $0.contains("\\boxed{1}") })
    #expect(cells.map(source).contains { $0.contains("answers = [nan]") })
  }

  @Test("a network of arrays is handed out with its definition")
  func arrays() throws {
    let notebook = Notebook(
      "network N { input matrix(2, 2); flatten; dense 1, W = [1; 2; 3; 4], b = [0] }")
    notebook.run("e = exercise forward(N, [1, 2; 3, 4]), blanks = 1")
    let cells = try cells(exported(notebook, "n.ipynb"))
    #expect(cells.map(source).contains { $0.contains("input matrix(2, 2)") })
    #expect(cells.map(source).contains { $0.contains("answers = [nan]") })
  }
}
