import Assistance
import Language
import Lessons
import Networks
import Session
import Testing

@Suite("Built-in functions")
struct BuiltInTests {
  @Test(
    "values",
    arguments: [
      ("exp(1)", [2.718281828459045]), ("ln(e)", [1]), ("log(e^2)", [2]), ("log10(1000)", [3]),
      ("sqrt(2)^2", [2]), ("abs([-2, 3])", [2, 3]), ("sin(pi/6)", [0.5]), ("cos(0)", [1]),
      ("tan(0)", [0]), ("tanh(0.5)", [0.46211715726000975]), ("sigmoid(0)", [0.5]), ("σ(0)", [0.5]),
      ("relu([-1, 2])", [0, 2]), ("leaky_relu(-1)", [-0.01]),
      ("leaky_relu(-1, slope = 0.2)", [-0.2]),
      ("unit_step([-1, 0, 1])", [0, 1, 1]), ("heaviside(0.4)", [1]),
      ("unit_step([0.4, 0.5], threshold = 0.5)", [0, 1]), ("identity(3)", [3]), ("linear(3)", [3]),
      ("softmax([1, 1])", [0.5, 0.5]), ("softmax([1, 1; 0, 0])", [0.5, 0.5, 0.5, 0.5]),
      ("softmax([1000, 1000])", [0.5, 0.5]), ("round([0.5, -0.5, 2.4])", [1, -1, 2]),
      ("max([3, 1, 2])", [3]), ("min([3, 1; 2, 0])", [0]), ("max(0, [-1, 2])", [0, 2]),
      ("max([1, 2; 3, 4], axis = 1)", [3, 4]), ("min([1, 2; 3, 4], axis = 2)", [1, 3]),
      ("sum([1, 2; 3, 4])", [10]), ("sum([1, 2; 3, 4], axis = 1)", [4, 6]),
      ("sum([1, 2; 3, 4], axis = 2)", [3, 7]), ("mean([1, 2; 3, 4], axis = 1)", [2, 3]),
      ("mean(5)", [5]), ("norm([3, 4])", [5]), ("norm([1, 1; 1, 1])", [2]),
      ("norm([3, 4], axis = 1)", []),
      ("dot([1, 2], [3, 4])", [11]), ("diag([1, 2])", [1, 0, 0, 2]),
      ("diag([1, 2; 3, 4])", [1, 4]),
      ("transpose([1, 2; 3, 4])", [1, 3, 2, 4]), ("shape([1, 2; 3, 4])", [2, 2]),
      ("shape([1, 2])", [2]),
      ("zeros(2)", [0, 0]), ("zeros(1, 2)", [0, 0]), ("ones(2)", [1, 1]), ("eye(2)", [1, 0, 0, 1]),
      ("argmax([1, 3, 3])", [2]), ("argmax([1, 2; 5, 4])", [2, 1]),
      ("one_hot([2, 1])", [0, 1, 1, 0]),
      ("one_hot(1, 3)", [1, 0, 0]), ("column([1, 2])", [1, 2]), ("concat(1, [2, 3])", [1, 2, 3]),
      ("min(3, 2)", [2]), ("norm([1e200, 1e200])", [1.414213562373095e200]),
    ] as [(String, [Double])])
  func values(_ expression: String, _ values: [Double]) throws {
    let notebook = Notebook()
    if values.isEmpty {
      #expect(try notebook.error(expression).name == "ValueError")
      return
    }
    #expect(near(try notebook.numbers(expression), values, 1e-15), "\(expression)")
  }

  @Test(
    "wrong arguments",
    arguments: [
      ("sin()", "TypeError", "x is missing"), ("sin(1, 2)", "TypeError", "one too many"),
      ("sin(\"a\")", "TypeError", "x of sin must be numbers"),
      ("sin(y = 2)", "NameError", "no keyword y"),
      ("zeros(-1)", "ValueError", "at least 0, not -1"), ("zeros(2.5)", "ValueError", "not 2.5"),
      ("zeros(\"a\")", "TypeError", "a whole number"), ("eye(0)", "ValueError", "at least 1"),
      ("sum([1, 2], axis = 1)", "ValueError", "axis belongs to a matrix"),
      ("sum([1, 2; 3, 4], axis = 3)", "ValueError", "axis is 1"),
      ("dot([1], 2)", "TypeError", "a vector"),
      ("dot([1, 2], [1])", "ShapeError", "vector of 2"),
      ("max(1, 2, axis = 1)", "TypeError", "one argument"),
      ("one_hot([0, 1])", "ValueError", "whole numbers from 1"),
      ("one_hot([3], 2)", "ValueError", "beyond k = 2"),
      ("one_hot([nan])", "ValueError", "whole numbers from 1"),
      ("one_hot([1e300])", "LimitError", ""),
      ("column([1, 2; 3, 4])", "ShapeError", "A[:,1]"), ("shape(sin)", "TypeError", "has no shape"),
      ("linspace(0, 1, 0)", "ValueError", "at least 1"), ("linspace(0, 1, 1e12)", "LimitError", ""),
      ("sin(x = 1, x = 2)", "SyntaxError", "given twice"),
      ("sin(1, x = 2)", "SyntaxError", "x is given twice"),
      ("diag(ones(20000))", "LimitError", ""),
      ("kron(ones(5000, 5000), ones(50, 50))", "LimitError", ""),
      ("ones(10000, 100) @ ones(100, 10000)", "LimitError", ""), ("eye(1e9)", "LimitError", ""),
      ("column(ones(40000000)) + ones(40000000)'", "LimitError", ""),
    ] as [(String, String, String)])
  func mistakes(_ source: String, _ name: String, _ part: String) throws {
    let error = try Notebook().error(source)
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test("the example of every built-in runs", arguments: Vocabulary.standard.builtIns.map(\.name))
  func examples(_ name: String) throws {
    let builtIn = try #require(Vocabulary.standard.builtIn(named: name))
    let notebook = Notebook(LanguageReference.setUp)
    // Files that examples name in the working folder go where nobody minds.
    let path = "/tmp/nabla-example-\(UInt64.random(in: 0...UInt64.max))-"
    let elsewhere = { (lines: String) in
      ["flowers.csv", "forward.csv", "net.onnx"].reduce(lines) {
        $0.replacing("\"\($1)", with: "\"\(path)\($1)")
      }
    }
    notebook.run(elsewhere(builtIn.setUp))
    guard elsewhere(builtIn.example) == builtIn.example else {
      notebook.run(elsewhere(builtIn.example))
      return
    }
    notebook.run(builtIn.example, input: ["Ada"])
    // What help and completion say of its result.
    var call = builtIn.example.replacing("old = ", with: "")
    if call.hasPrefix("exercise ") {
      // A statement with a value of its own.
      notebook.run("result = \(call)")
      call = "result"
    }
    for member in builtIn.result.members { _ = try notebook.bundle("\(call).\(member)") }
    if !builtIn.result.columns.isEmpty {
      let resource = try notebook.bundle(call).data["application/vnd.dataresource+json"]
      let fields = resource?["schema"]?["fields"]?.arrayValue ?? []
      #expect(fields.compactMap { $0["name"]?.stringValue } == builtIn.result.columns)
    }
  }

  @Test(
    "every built-in has a summary, a signature and a help page",
    arguments: Vocabulary.standard.builtIns.map(\.name))
  func help(_ name: String) throws {
    let builtIn = try #require(Vocabulary.standard.builtIn(named: name))
    #expect(builtIn.summary.count > 8 && !builtIn.summary.hasSuffix("."))
    #expect(builtIn.signature.hasPrefix("\(name)("))
    let notebook = Notebook()
    for spelling in [name] + builtIn.aliases {
      let run = notebook.run("help(\(spelling))")
      guard case .display(let page, nil)? = run.outputs.first else {
        Issue.record("no page for \(spelling)")
        continue
      }
      #expect(notebook.run("\(spelling)?").outputs == [.page(page)])
      let text = page.data["text/plain"]?.stringValue ?? ""
      #expect(text.contains(builtIn.summary) && text.contains("example: \(builtIn.example)"))
      for parameter in builtIn.parameters { #expect(text.contains(parameter.name)) }
      #expect(!text.contains("= of the") && !text.contains("()  "), "\(text)")
    }
  }

  @Test("names and aliases are unique, parameters too")
  func uniqueness() {
    let names = Vocabulary.standard.builtIns.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
    for builtIn in Vocabulary.standard.builtIns {
      let parameters = builtIn.parameters.flatMap { [$0.name] + $0.aliases }
      #expect(Set(parameters).count == parameters.count, "\(builtIn.name)")
    }
  }

  @Test(
    "every activation is a function with the layer's values",
    arguments: NetworkCatalog.standard.activations.map(\.name))
  func activations(_ name: String) throws {
    let notebook = Notebook("network N { input 2; dense 2, \(name), W = eye(2) }\nx = [0.3, -0.7]")
    #expect(near(try notebook.numbers("\(name)(x)"), try notebook.numbers("predict(N, x)")))
  }

  @Test("the derivatives of functions are those of differences")
  func derivatives() throws {
    let notebook = Notebook("h = 1e-6; x = [0.3, 1.7]")
    for name in [
      "exp", "ln", "log10", "sqrt", "abs", "sin", "cos", "tan", "sigmoid", "tanh", "relu",
      "leaky_relu", "identity",
    ] {
      let exact = try notebook.numbers("\(name)'(x)")
      let numeric = try notebook.numbers("(\(name)(x + h) - \(name)(x - h))/(2h)")
      #expect(near(exact, numeric, 1e-6), "\(name)")
    }
  }
}
