import FoundationEssentials
import JSONText
import Language
import Session
import Syntax
import Testing

@Suite("A text laid out means what it meant")
struct FormatterTests {
  @Test(
    "spaces around signs, indentation and columns",
    arguments: [
      ("x=2 ;y =  3", "x = 2; y = 3"), ("f( x,y )", "f(x, y)"), ("f (x)[ 1 ]", "f(x)[1]"),
      ("a+b-c*d/e @f", "a + b - c*d/e @ f"), ("a *b", "a * b"), ("- x + -y", "-x + -y"),
      ("W[1,2] + W[i+1 , :]", "W[1,2] + W[i+1, :]"), ("1:n-1", "1:n-1"), ("x ^ 2", "x^2"),
      ("a<b==c", "a < b == c"), ("f(w:vector( n ),b)=w*b", "f(w: vector(n), b) = w*b"),
      ("train(n, d, epochs=10)", "train(n, d, epochs = 10)"), ("x=1#one", "x = 1  #one"),
      ("\n\nx = 1   \n\n\n\ny = 2\n\n", "x = 1\n\ny = 2\n"), ("[1,2 ;3, 4]", "[1, 2; 3, 4]"),
      ("for i in 1:3{\nprint(i)\n}", "for i in 1:3 {\n    print(i)\n}"),
      ("if a{\n  b\n    # c\n}\nelse{\n  d\n}", "if a {\n    b\n    # c\n}\nelse {\n    d\n}"),
      ("W=[1, 2;\n   3, 4]", "W = [1, 2;\n     3, 4]"),
      ("f(a,\n  b,\nc\n)", "f(a,\n  b,\n    c\n)"),
      (
        "network N {\ninput 1\n dense 2, W = [1, 2],  b = 1\n dense 30, W = [1, 2], b = 2\n}",
        "network N {\n    input 1\n    dense 2, W = [1, 2],  b = 1\n    dense 30, W = [1, 2], b = 2\n}"
      ),
      ("x = 1     # a\nyy = 22   # b", "x = 1    # a\nyy = 22  # b"),
      ("audit {\n\n\n  a = b+c\n   = d\n}", "audit {\n\n\n    a = b + c\n     = d\n}"),
      ("h = {\r\n\tq = x\r\n\tq }", nil), ("", ""), ("# a comment  ", "# a comment"),
    ])
  func layout(text: String, expected: String?) throws {
    guard let expected else {
      #expect(throws: Diagnostic.self) { try SourceFormatter.formatted(text, layers: [.dense]) }
      return
    }
    #expect(try SourceFormatter.formatted(text, layers: [.dense]) == expected)
    #expect(try SourceFormatter.formatted(expected, layers: [.dense]) == expected)
  }

  @Test("every cell of every notebook and every line of the tests' corpora keeps its tree")
  func corpora() throws {
    let texts = try Self.corpus()
    #expect(texts.count > 1500)
    var read = 0
    var random = SplitMix(state: 7)
    for text in texts where Self.tree(text) != nil {
      read += 1
      check(text)
      // Spaces at the lines' ends go, so what is compared has been laid out.
      let trailing = text.replacing("\n", with: "  \n") + "  "
      let laidOut = try SourceFormatter.formatted(trailing, layers: Self.layers)
      #expect(!laidOut.contains(" \n") && !laidOut.hasSuffix(" "), "\(text)")
      for _ in 0..<3 { check(Self.respaced(text, &random)) }
    }
    #expect(read > 1000)
  }

  /// The same tree, the same comments, and nothing left to lay out.
  private func check(_ text: String) {
    guard let tree = Self.tree(text) else { return }
    do {
      let once = try SourceFormatter.formatted(text, layers: Self.layers)
      #expect(Self.tree(once) == tree, "\(text)")
      #expect(Self.comments(once) == Self.comments(text), "\(text)")
      #expect(try SourceFormatter.formatted(once, layers: Self.layers) == once, "\(text)")
    } catch {
      Issue.record("\(text): \(error)")
    }
  }

  private static let layers = Session().snapshot.layerWords

  /// nil of a text that cannot be read.
  private static func tree(_ text: String) -> String? {
    let program = Parser.parse(SourceText(text), layers: layers)
    guard program.diagnostics.isEmpty else { return nil }
    return SyntaxDump.text(of: program) + program.statements.map(audits).joined()
  }

  /// What audits know of their lines' numbers.
  private static func audits(_ statement: StatementSyntax) -> String {
    var found = ""
    func visit(_ expression: ExpressionSyntax) {
      if case .audit(let audit) = expression.kind {
        for case .chain(let sides) in audit.items { found += sides.map { " \($0.line)" }.joined() }
        found += audit.headings.map { " \($0.line) \($0.text)" }.joined()
      }
      expression.kind.forEachChild(visit)
    }
    statement.forEachExpression(visit)
    return found
  }

  /// Each line's comment, without the spaces at its end.
  private static func comments(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      var isInText = false
      for index in line.indices {
        if line[index] == "\"" { isInText.toggle() }
        if line[index] == "#", !isInText {
          var comment = line[index...]
          while comment.last?.isWhitespace == true { comment.removeLast() }
          return String(comment)
        }
      }
      return nil
    }
  }

  /// The text with more and fewer spaces between its signs; what is a text itself stays.
  private static func respaced(_ text: String, _ random: inout SplitMix) -> String {
    var result = ""
    var isKept = false
    for sign in text {
      if sign == "\"" { isKept.toggle() }
      if sign == "#" { isKept = true }
      if sign.isNewline { isKept = false }
      let chance = random.next() % 8
      if !isKept, sign == " ", chance < 2 { continue }
      if !isKept, chance == 2 || "+-*/=,;:()[]{}".contains(sign) && chance < 5 { result += " " }
      result.append(sign)
    }
    return result
  }

  /// Cells of the notebooks, the chunks of the error tests and their lines, the textbooks' cases.
  private static func corpus() throws -> [String] {
    var texts: [String] = []
    func strings(_ value: JSONValue) -> [String] {
      if let text = value.stringValue { return [text] }
      if let parts = value.arrayValue { return parts.flatMap(strings) }
      return value.objectValue.map { $0.members.flatMap { strings($0.value) } } ?? []
    }
    for file in try files(in: "Notebooks", "ipynb") {
      let notebook = try JSONParser.parse(Array(try contents(file).utf8))
      for cell in notebook["cells"]?.arrayValue ?? [] where cell["cell_type"] == "code" {
        texts.append(cell["source"].map { strings($0).joined() } ?? "")
      }
    }
    for folder in ["Tests/SyntaxTests/Errors", "Tests/SessionTests/Errors"] {
      for file in try files(in: folder, "nabla") {
        for chunk in try contents(file).split(separator: "\n===\n") {
          let cell = String(chunk.split(separator: "\n---\n").first ?? "")
          texts += [cell] + cell.split(separator: "\n").map(String.init)
        }
      }
    }
    let books = try contents("\(root)/Tests/KernelClients/textbook.json")
    return texts + strings(try JSONParser.parse(Array(books.utf8)))
  }

  private static let root =
    #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

  private static func files(in folder: String, _ ending: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")
      .filter { $0.hasSuffix(".\(ending)") }.sorted().map { "\(root)/\(folder)/\($0)" }
  }

  private static func contents(_ file: String) throws -> String {
    try String(contentsOfFile: file, encoding: .utf8)
  }
}
