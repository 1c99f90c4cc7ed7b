import Assistance
import Display
import Glibc
import JSONText
import Language
import Lessons
import Session
import Syntax
import Testing

@Suite("Completion, inspection and is_complete")
struct LanguageServiceTests {
  private let notebook = Notebook(
    lectureCell
      + """

      run = forward(Lecture, x); λ1 = 3; radius(r: vector, s) = r @ r * s; d = dataset(xor)
      u = step(copy(Lecture), x, y); parts = split(dataset(iris)); copy2 = copy
      """)

  /// The matches where `|` stands.
  private func complete(_ text: String) -> [Completion.Match] {
    completion(text).matches
  }

  private func completion(_ text: String) -> Completion {
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
      // Members of members, and of what a call gives
      ("u.new.|", "W", "member"), ("u.largest.gr|", "gradient", "member"),
      ("parts.train.|", "classes", "member"), ("run.|", "neuron", "member"),
      ("forward(Lecture, x).out|", "output", "member"),
      ("backward(Lecture, x, y).|", "b_per_example", "member"),
      ("dataset(iris).na|", "names", "member"), ("W2 = backward(f(1), (2)).W|", "W", "member"),
      // Arguments
      ("radius(|", "s = ", "argument"), ("radius([1, 2], s|", "s = ", "argument"),
      ("train(Lecture, x, y, shuffle = |", "false", "word"),
      ("table(run, sort = n|", "neuron", "column"), ("table(d, sort = |", "x1", "column"),
      ("split(dataset(|", "iris", "word"),
      // Blocks of networks, by place
      ("network N {\n |", "input", "keyword"), ("network N { input 2; |", "precision", "keyword"),
      ("network N {\n input 2\n dense 3, relu, |", "init = ", "argument"),
      ("network N {\n input 2\n dense 3, relu,\n   na|", "name = ", "argument"),
      ("network N {\n input 2\n dense 3, relu, init = |", "xavier", "initializer"),
      ("network N {\n precision |", "float32", "precision"),
      ("network N {\n loss |", "categorical_cross_entropy", "loss"),
      ("network N {\n dense 2, relu, W = zer|", "zeros", "function"),
      ("perceptron P { input 2; th|", "threshold", "keyword"),
      // Characters
      ("\\otimes|", "⊗", "character"), ("y\\hat|", "\u{302}", "character"),
      ("x\\_1|", "₁", "character"), ("A\\^T|", "ᵀ", "character"),
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
    #expect(middle.start == 4 && middle.end == 7)
    let unicode = completion("x = \\sig|")
    #expect(unicode.start == 4 && unicode.end == 8)
  }

  @Test("nothing where nothing fits, no duplicates, and no crash anywhere")
  func robustness() {
    #expect(complete("\"ab|\"").isEmpty)
    #expect(complete("nosuch.a|").isEmpty)
    #expect(complete("nosuch(1).a|").isEmpty)
    #expect(complete("x.new.a|").isEmpty)
    #expect(complete("network N {\n input |").allSatisfy { $0.type != "keyword" })
    #expect(!complete("network N {\n loss |").contains { $0.text == "relu" })
    #expect(!complete("de|").contains { $0.text == "dense" })
    let all = complete("|").map(\.text)
    #expect(Set(all).count == all.count && all.count > 80)
    for text in [
      "(((", "}}}", "network {", "x.", ".", "\\", "\"", "a.b.c.", "f(", "f(x = ", "∂/", "\u{301}",
      ")).", "f(x).y", "load(\"", "load(\"/", "table(run, sort", "load(\"a.csv\", target = \"",
      "network N { dense 1,", "network network {", "{ network", "set set = ", "a=", "\"\\",
    ] {
      for position in -1...(text.unicodeScalars.count + 2) {
        _ = LanguageService.complete(text, at: position, in: notebook.session.snapshot)
        _ = LanguageService.inspect(text, at: position, detail: 0, in: notebook.session.snapshot)
      }
      _ = LanguageService.isComplete(text, in: SymbolSnapshot(.standard))
    }
  }

  @Test("Shift-Tab on every keyword, function and command shows its page, wherever in the word")
  func everyWord() throws {
    let snapshot = Notebook().session.snapshot
    let words =
      Keyword.allCases.map { ($0.rawValue, $0.summary) }
      + Vocabulary.standard.builtIns.map { ($0.name, $0.summary) }
    for (word, _) in words {
      // A word may be a keyword in a block and a function elsewhere.
      let summaries = words.filter { $0.0 == word }.map { $0.1.prefix(20) }
      for position in [0, 1, word.count] {
        let page = LanguageService.inspect("\(word) x", at: position, detail: 0, in: snapshot)
        let text = try #require(page?.data[MIMEType.plain]?.stringValue, "\(word)")
        #expect(text.contains(word), "\(word): \(text)")
        #expect(word == "if" || summaries.contains { text.contains($0) }, "\(text)")
      }
    }
  }

  @Test(
    "inspection says what a name is",
    arguments: [
      ("sigm|oid(2)", ["sigmoid(x)", "1/(1 + exp(-x))"]),
      ("Lecture|", ["network", "Lecture", "17 parameters"]),
      ("radius(|", ["radius(r: vector, s)"]), ("x|", ["x", "[2]"]),
      ("train(Lecture, |", ["optimizer", "adam"]),
      ("pi|", ["3.14159"]), ("run|", ["run", ".output", "columns: layer, neuron"]), ("λ1|", ["3"]),
      ("σ|", ["sigmoid"]), ("run|", ["z₁^[1]", "0.5744"]), ("r|adius", ["r @ r * s", "a vector"]),
      ("u.ne|w", ["u.new", "network", "17 parameters"]), ("run.out|put", ["0.7739"]),
      ("d|", ["xor: 4 examples of 2 inputs", "columns"]), ("x|", ["vector of 1"]),
      ("train(Lecture, x, y, epo|chs = 5)", ["argument of train", "a whole number from 0"]),
      ("radius(r| = [1])", ["argument of radius", "r: vector"]),
      ("forward|", ["gives:", "members: .z .a .output", "columns: layer"]),
      ("η|", ["learning_rate"]),
      ("ad|am", ["optimizer", "0.001"]), ("x @| y", ["matrix or dot product"]),
      ("a ⊗| b", ["Hadamard"]), ("a <|= b", ["less or equal"]), ("bce|", ["loss"]),
      ("for| i in 1:3 { }", ["repeats"]), ("xavier|", ["initializer"]), ("iris|", ["dataset"]),
      ("step(Lecture, |x)", ["vector of 1"]), ("copy2|", ["copy2 is copy"]),
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

  @Test(
    "what stands behind the cursor stays",
    arguments: ["sig|z", "|exp(x)", "plot(sin, fr|om = 1)", "set vi|ew = matrix", "x.|new", "α|β"])
  func cursorEnds(_ text: String) {
    let place = text.unicodeScalars.prefix { $0 != "|" }.count
    #expect(completion(text).end == place)
  }

  @Test("everything that is offered where nothing stands can be typed")
  func typeable() {
    for match in complete("|") {
      // A keyword alone is no statement; but nothing in it is refused as such.
      let isRefused = Parser.parse(SourceText(match.text), layers: []).diagnostics.contains {
        $0.message.contains("is not read") || $0.message.contains("no character")
      }
      #expect(!isRefused, "\(match.text)")
    }
  }

  @Test("files are completed in load and save, columns of files in target")
  func files() throws {
    let folder = "/tmp/nabla-completion-\(getpid())"
    mkdir(folder, 0o755)
    mkdir("\(folder)/more", 0o755)
    defer { for name in ["a.csv", "b.npz", "c.log", "more", ""] { remove("\(folder)/\(name)") } }
    notebook.run(
      """
      save(table(sepal = [1, 2], petal = [3, 4], kind = ["p", "q"]), "\(folder)/a.csv")
      save(d, "\(folder)/b.npz")
      """)
    fclose(try #require(fopen("\(folder)/c.log", "w")))
    func names(_ text: String) -> [String] { complete(text).map(\.text) }
    #expect(names("load(\"\(folder)/|") == ["a.csv", "b.npz", "more/"].map { "\(folder)/\($0)" })
    #expect(names("load(\"\(folder)/b|\")") == ["\(folder)/b.npz"])
    #expect(names("save(run, \"\(folder)/mo|\")") == ["\(folder)/more/"])
    #expect(complete("load(\"\(folder)/|").map(\.type) == ["file", "file", "folder"])
    #expect(names("load(\"\(folder)/a.csv\", target = \"|\")") == ["sepal", "petal", "kind"])
    #expect(names("load(\"\(folder)/a.csv\", target = \"p|") == ["petal"])
    #expect(names("load(\"\(folder)/nosuch.csv\", target = \"|").isEmpty)
    #expect(names("load(\"/nosuch/|").isEmpty)
    let found = completion("load(\"\(folder)/a|.c\")")
    let start = "load(\"".count
    #expect(found.start == start && found.end == start + "\(folder)/a".count)
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
      switch LanguageService.isComplete(source, in: SymbolSnapshot(.standard)) {
      case .complete: "complete"
      case .incomplete: "incomplete"
      case .invalid: "invalid"
      }
    #expect(found == state, "\(source)")
  }
}
