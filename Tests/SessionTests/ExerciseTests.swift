import FoundationEssentials
import Glibc
import Networks
import Testing

/// Explanations with gaps, answers that are judged, networks to practise on.
@Suite("Exercises are set, marked and stay short")
struct ExerciseTests {
  private static let lecture = """
    \(lectureCell)
    X = [0, 1; 1, 0.5; 1, 1]
    network Small { input 2; dense 2, tanh; dense 2, softmax }
    d = dataset(and)
    perceptron P { input 2; threshold 0 }
    f(t) = sin(t^2)*exp(t)
    """

  @Test(
    "gaps stand in the order of the lines, and no answer stands beside them",
    arguments: [
      "forward(Lecture, x)", "backward(Lecture, x, y)", "step(Lecture, x, y, optimizer = adam)",
      "train(P, d.X, d.Y, rule = perceptron, epochs = 4)", "backward(Small, X, [1, 2, 1])",
    ])
  func gaps(call: String) throws {
    let notebook = Notebook(Self.lecture)
    let text = notebook.run(
      "e = exercise \(call), blanks = 5, seed = 3\nexercise \(call), blanks = 5, seed = 3"
    ).texts[0]
    let signs = ["①", "②", "③", "④", "⑤"]
    let places = signs.compactMap { sign in text.firstIndex(of: Character(sign)) }
    #expect(places.count == signs.count)
    #expect(places == places.sorted())
    #expect(try notebook.numbers("e.key").count == 5)
    #expect(try notebook.number("mark(e, e.key).points") == 5)
    #expect(try notebook.number("mark(e, [nan, nan, nan, nan, nan]).points") == 0)
  }

  @Test("a seed may be a text, and decides")
  func seeds() throws {
    let notebook = Notebook(Self.lecture)
    func text(_ seed: String) -> String {
      notebook.run("exercise backward(Lecture, x, y), seed = \(seed)").texts[0]
    }
    #expect(text("\"Ada\"") == text("\"Ada\""))
    #expect(Set(["\"Ada\"", "\"Alan\"", "1", "2", "3"].map(text)).count == 5)
  }

  @Test("an answer that follows from a wrong one earns its point")
  func carried() throws {
    let notebook = Notebook(Self.lecture)
    notebook.run("e = exercise forward(Lecture, x), blanks = 12, seed = 1")
    let key = try notebook.numbers("e.key")
    #expect(key.count == 12)
    // z₁^[1] = 0.45 instead of 0.3, and a₁^[1] = sigmoid(0.45).
    notebook.run(
      "m = mark(e, [0.45, 0.4, 0.6106, \(key[3...].map { String($0) }.joined(separator: ", "))])")
    #expect(
      try notebook.texts("verdict", of: "m").prefix(4) == [
        "wrong", "right", "follows from a wrong answer", "right",
      ])
    #expect(try notebook.number("m.points") == 11)
    #expect(try notebook.number("m.first_wrong") == 1)
    #expect(try notebook.error("check(m.holds)").name == "ValueError")
  }

  @Test("answers are judged by compare's rule, the reference being compare itself")
  func agreesWithCompare() throws {
    let notebook = Notebook(Self.lecture)
    notebook.run("e = exercise step(Lecture, x, y), blanks = 10, seed = 5")
    let key = try notebook.numbers("e.key")
    for round in 0..<8 {
      let answers = key.enumerated().map { place, value -> String in
        let unit = [0.0, 0.4, 0.9, 1.4, 2.2, -0.6, -1.3, -3][(place + round) % 8]
        let scaled = ((value + unit * 0.0001) * 10_000).rounded()
        let digits = String(Int(abs(scaled)))
        let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return "\(scaled < 0 ? "-" : "")\(padded.dropLast(4)).\(padded.suffix(4))"
      }
      notebook.run("m = mark(e, [\(answers.joined(separator: ", "))])\nk = e.key")
      let verdicts = try notebook.texts("verdict", of: "m")
      for (place, verdict) in verdicts.enumerated() where verdict != "follows from a wrong answer" {
        let expected = try notebook.texts(
          "verdict", of: "compare(k[\(place + 1)], \(answers[place]))")
        #expect(["right": "✓", "close": "≈", "wrong": "✗"][verdict] == expected[0])
      }
    }
  }

  @Test("an answer needs four decimals, or three digits that count")
  func digits() throws {
    let notebook = Notebook(Self.lecture)
    notebook.run("e = exercise forward(Lecture, x), blanks = 12, seed = 1")
    // z = 0.3 and 0.4, a = 0.5744 and 0.5987, z^[2] = 0.4748, …
    let key = try notebook.numbers("e.key")
    #expect(near(key[2], 0.574442516811659))
    func verdict(_ answer: String) throws -> String {
      notebook.run(
        "m = mark(e, [nan, nan, \(answer), nan, nan, nan, nan, nan, nan, nan, nan, nan])")
      return try notebook.texts("verdict", of: "m")[2]
    }
    for right in ["0.574", "0.5744", "0.57444", "0.574442516811659"] {
      #expect(try verdict(right) == "right", "\(right)")
    }
    for close in ["0.575", "0.573", "0.5743"] { #expect(try verdict(close) == "close", "\(close)") }
    for wrong in ["0", "1", "0.6", "0.57", "0.58", "0.5742", "0.57442"] {
      #expect(try verdict(wrong) == "wrong", "\(wrong)")
    }
  }

  @Test(
    "numbers of practice stay short",
    arguments: [
      ("2, 3, 1", "relu"), ("2, 2, 1", "identity"), ("3, 2, 2", "relu"), ("1, 2, 2, 1", "relu"),
      ("2, 3, 1", "unit_step"), ("2, 2, 1", "leaky_relu"), ("2, 3, 1", "hard_tanh"),
      ("2, 1", "sign"),
    ])
  func short(sizes: String, activation: String) throws {
    let notebook = Notebook()
    for seed in 0..<12 {
      notebook.run("p = practice(\(sizes), activation = \(activation), seed = \(seed))")
      notebook.run("n = p.net; f = forward(n, p.x)")
      var numbers = try notebook.column("z", of: "f") + notebook.column("a", of: "f")
      if !["unit_step", "sign"].contains(activation) {
        notebook.run("g = backward(n, p.x, p.y); u = step(n, p.x, p.y)")
        numbers += try notebook.column("gradient", of: "g") + notebook.column("new", of: "u")
        numbers += try notebook.numbers("[u.before, u.after]")
      }
      #expect(
        numbers.allSatisfy { abs($0 * 10_000 - ($0 * 10_000).rounded()) < 1e-6 },
        "\(seed): \(numbers)")
    }
  }

  /// How many networks of each kind: some, or with NABLA_SWEEP=yes (./Tests/run sheets) a thousand.
  private static let seeds =
    ProcessInfo.processInfo.environment["NABLA_SWEEP"] == "yes" ? 1000 : 3

  @Test(
    "all numbers of a solution have four decimals at most",
    arguments: NetworkCatalog.standard.activations.map(\.name))
  func solutions(activation: String) throws {
    let notebook = Notebook()
    for sizes in ["2, 1", "2, 3, 1", "3, 2, 2", "1, 2, 2, 1"] {
      var short = 0
      for seed in 0..<Self.seeds {
        let run = notebook.run(
          "set carry = off\np = practice(\(sizes), activation = \(activation), seed = \(seed))\nn = p.net"
        )
        // Where the function has no short values, it is calculated with four decimals, as slides do; of small numbers
        // that leaves three digits.
        let isRounded = run.stream(.stdout).contains("no short numbers")
        if isRounded { notebook.run("set carry = 4") } else { short += 1 }
        var calls = ["forward(n, p.x)"]
        if notebook.attempt("backward(n, p.x, p.y);").error == nil {
          calls += ["loss(n, p.x, p.y)", "backward(n, p.x, p.y)", "step(n, p.x, p.y)"]
        }
        for call in calls {
          notebook.run("told = explain \(call)")
          let long = try notebook.column("value", of: "told").filter { value in
            guard !value.isNaN, value != 0 else { return false }
            // Written with an exponent, it has four decimals before that.
            let decimals = abs(value) < 1e-4 ? 4 : 2
            let third = decimals - Int(log10(abs(value)).rounded(.down))
            let scaled = value * pow(10, Double(isRounded ? max(4, third) : 4))
            return abs(scaled - scaled.rounded()) > 1e-6
          }
          #expect(long.isEmpty, "\(activation), \(sizes), seed \(seed), \(call): \(long)")
        }
      }
      print("practice(\(sizes), activation = \(activation)): \(short) of \(Self.seeds) short")
    }
  }

  @Test("two seeds practise on two networks, of a seed it is always the same")
  func practiceSeeds() throws {
    let notebook = Notebook()
    func numbers(_ seed: String) throws -> [Double] {
      try notebook.column("value", of: "practice(2, 3, 1, seed = \(seed))")
    }
    #expect(try numbers("4") == numbers("4"))
    #expect(try numbers("\"Ada\"") != numbers("\"Alan\""))
  }
}
