import Display
import JSONText
import Session
import Testing

@Suite("Completion, inspection and is_complete")
struct LanguageServiceTests {
  private let notebook = Notebook(
    lectureCell
      + "\nrun = forward(Lecture, x); λ1 = 3\nradius(r: vector, s) = r @ r * s\nd = dataset(xor)")

  /// The matches where `|` stands.
  private func complete(_ text: String) -> [LanguageService.Completion.Match] {
    completion(text).matches
  }

  private func completion(_ text: String) -> LanguageService.Completion {
    let scalars = Array(text.unicodeScalars)
    let position = scalars.firstIndex(of: "|") ?? scalars.count
    let source = String(text.replacing("|", with: ""))
    return LanguageService.complete(source, at: position, in: notebook.session.snapshot)
  }

  @Test(
    "what can stand at the cursor",
    arguments: [
      ("Lec|", "Lecture", "network"), ("rad|", "radius", "function"),
      ("sigm|", "sigmoid", "function"),
      ("run.o|", "output", "member"), ("Lecture.|", "W", "member"), ("d.cl|", "classes", "member"),
      ("\\sigma|", "σ", "character"), ("x = \\par|", "∂", "character"),
      ("\\eta|", "η", "character"),
      ("train(Lecture, x, y, opt|", "optimizer = ", "argument"),
      ("train(Lecture, x, y, optimizer = a|", "adam", "word"),
      ("train(Lecture, x, y, batch_size = a|", "all", "word"), ("dataset(x|", "xor", "word"),
      ("network N {\n  den|", "dense", "keyword"),
      ("network N {\n input 2\n dense 3, rel|", "relu", "activation"),
      ("network N { input 1; loss b|", "bce", "loss"), ("perc|", "perceptron", "keyword"),
      ("p|", "pi", "constant"),
      ("λ|", "λ1", "scalar"), ("step(Lecture, x, y, lear|)", "learning_rate = ", "argument"),
      ("set vi|", "view", "word"), ("set view = ma|", "matrix", "word"),
      ("set bias = w|", "w0", "word"),
    ])
  func completions(_ text: String, _ match: String, _ type: String) {
    #expect(
      complete(text).contains { $0.text == match && $0.type == type }, "\(complete(text).prefix(5))"
    )
  }

  @Test("the cursor counts Unicode scalars; the match replaces the whole word")
  func positions() {
    let found = completion("σσσ = λ|")
    #expect(found.start == 6 && found.end == 7)
    let middle = completion("x = rad|ius + 1")
    #expect(middle.start == 4 && middle.end == 10)
    let unicode = completion("x = \\sig|")
    #expect(unicode.start == 4 && unicode.end == 8)
  }

  @Test("nothing where nothing fits, no duplicates, and no crash anywhere")
  func robustness() {
    #expect(complete("\"ab|\"").isEmpty)
    #expect(complete("nosuch.a|").isEmpty)
    let all = complete("|").map(\.text)
    #expect(Set(all).count == all.count && all.count > 80)
    for text in [
      "(((", "}}}", "network {", "x.", ".", "\\", "\"", "a.b.c.", "f(", "f(x = ", "∂/", "\u{301}",
    ] {
      for position in -1...(text.unicodeScalars.count + 2) {
        _ = LanguageService.complete(text, at: position, in: notebook.session.snapshot)
        _ = LanguageService.inspect(text, at: position, detail: 0, in: notebook.session.snapshot)
      }
      _ = LanguageService.isComplete(text)
    }
  }

  @Test(
    "inspection says what a name is",
    arguments: [
      ("sigm|oid(2)", ["sigmoid(x)", "1/(1 + e^(-x))"]),
      ("Lecture|", ["network", "Lecture", "17 parameters"]),
      ("radius(|", ["radius(r: vector, s)"]), ("x|", ["x", "[2]"]),
      ("train(Lecture, |", ["optimizer", "adam"]),
      ("pi|", ["3.14159"]), ("run|", ["run", ".output"]), ("λ1|", ["3"]), ("σ|", ["sigmoid"]),
    ] as [(String, [String])])
  func inspection(_ text: String, _ parts: [String]) throws {
    let scalars = Array(text.unicodeScalars)
    let position = scalars.firstIndex(of: "|") ?? 0
    let bundle = try #require(
      LanguageService.inspect(
        text.replacing("|", with: ""), at: position, detail: 0, in: notebook.session.snapshot))
    let plain = bundle.data[MIMEType.plain]?.stringValue ?? ""
    for part in parts { #expect(plain.contains(part), "\(plain)") }
    #expect(bundle.data[MIMEType.html] != nil)
  }

  @Test("there is nothing to say of unknown names")
  func unknown() {
    let snapshot = notebook.session.snapshot
    #expect(LanguageService.inspect("nosuch", at: 3, detail: 0, in: snapshot) == nil)
    #expect(LanguageService.inspect("", at: 0, detail: 1, in: snapshot) == nil)
  }

  @Test("a snapshot does not change with the session")
  func snapshots() {
    let snapshot = notebook.session.snapshot
    notebook.run("brandnew = 1\nx = 99")
    #expect(LanguageService.complete("brandn", at: 6, in: snapshot).matches.isEmpty)
    let plain = LanguageService.inspect("x", at: 0, detail: 0, in: snapshot)?.data[MIMEType.plain]
    #expect(plain?.stringValue?.contains("[2]") == true)
  }

  @Test(
    "a cell is complete, incomplete or invalid",
    arguments: [
      ("1 + 1", "complete"), ("x = ", "incomplete"), ("f(1,", "incomplete"),
      ("[1, 2", "incomplete"),
      ("for i in 1:3 {", "incomplete"), ("network N {\n input 1", "incomplete"),
      ("x = 3 4", "invalid"),
      (")", "invalid"), ("", "complete"), ("# only words", "complete"), ("1 +", "incomplete"),
      ("\"abc", "invalid"), ("if x > 1 { 2 }", "complete"),
    ])
  func completeness(_ source: String, _ state: String) {
    let found =
      switch LanguageService.isComplete(source) {
      case .complete: "complete"
      case .incomplete: "incomplete"
      case .invalid: "invalid"
      }
    #expect(found == state, "\(source)")
  }
}
