import FoundationEssentials
import Testing

/// The text form of the main tables, as files that anybody can open.
///
/// With NABLA_RECORD_SNAPSHOTS=1 in the environment they are written anew, and the run fails.
@Suite("Tables as they are shown")
struct SnapshotTests {
  /// A file's name, the cells before, and the expression that it shows.
  private static let cases: [(name: String, setUp: String, expression: String)] = [
    ("forward-neurons", lectureCell, "forward(Lecture, x)"),
    ("forward-matrices", lectureCell + "\nset view = matrix", "forward(Lecture, x)"),
    ("forward-examples", lectureCell + "\nset view = neuron", "forward(Lecture, [1; 2])"),
    ("backward-neurons", lectureCell, "backward(Lecture, x, y)"),
    (
      "backward-slide-biases", lectureCell + "\nset bias = w0\nset digits = 5",
      "backward(Lecture, x, y)"
    ),
    ("backward-matrices", lectureCell, "backward(Lecture, [1; 2; 3], [1, 0, 1])"),
    ("step-neurons", lectureCell, "step(Lecture, x, y, learning_rate = 0.1)"),
    ("step-matrices", lectureCell + "\nset view = matrix", "step(Lecture, x, y)"),
    ("step-second", lectureCell + "\nstep(Lecture, x, y);", "step(Lecture, x, y)"),
    ("largest-update", lectureCell, "step(Lecture, x, y).largest"),
    ("train", lectureCell, "train(Lecture, x, y, epochs = 1000, every = 200)"),
    ("train-long", lectureCell, "train(Lecture, x, y, epochs = 300)"),
    ("train-no-accuracy", "network R { input 1; dense 1; seed 1 }", "train(R, 1, 2, epochs = 2)"),
    (
      "train-stopped", "network R { input 1; dense 1, W = 1 }",
      "train(R, [1e200; 2e200], [1, 2], epochs = 5)"
    ),
    (
      "perceptron", "perceptron P { input 2; threshold 0 }",
      "train(P, dataset(and), rule = perceptron)"
    ),
    (
      "perceptron-unfinished", "perceptron P { input 2 }",
      "train(P, dataset(xor), rule = perceptron, epochs = 2)"
    ),
    ("gradcheck", lectureCell, "gradcheck(Lecture, x, y)"),
    (
      "gradcheck-kink", "network R { input 1; dense 1, relu, W = 1; loss mse }",
      "gradcheck(R, 0, 1)"
    ),
    (
      "compare", lectureCell + "\nold = forward(Lecture, x).output; step(Lecture, x, y);",
      "compare(old, 0.7740, forward(Lecture, x).output, 0.7862, Lecture.W[3][1,1], 0.4139)"
    ),
    ("check", lectureCell, "check(forward(Lecture, x).output, 0.7739)"),
    ("summary", lectureCell, "summary(Lecture)"),
    (
      "summary-names",
      "network Named { input height, weight; dense 3, relu, name = \"hidden\"; dense 2, softmax; precision float32 }",
      "Named"
    ),
    ("evaluate", lectureCell, "evaluate(Lecture, [1; 2; 3], [1, 0, 1])"),
    (
      "evaluate-classes", "network I { input 4; dense 3, softmax, W = zeros(4, 3) }",
      "evaluate(I, dataset(iris))"
    ),
    ("dataset-xor", "", "dataset(xor)"),
    ("dataset-iris", "", "dataset(iris)"),
    ("split", "", "split(dataset(iris), test = 0.2)"),
    ("table", "x = [3, 1, 2]", "table(x, x^2, root = sqrt(x), sort = x)"),
    ("network-weights", lectureCell, "Lecture.W"),
    ("wide-network", "network Wide { input 8; dense 8, relu; dense 3, softmax }", "Wide"),
    ("notes", "", "[1, 0] / [0, 0]"),
  ]

  @Test("each is as it was when somebody last looked at it", arguments: cases.map(\.name))
  func snapshots(_ name: String) throws {
    let (_, setUp, expression) = try #require(Self.cases.first { $0.name == name })
    let notebook = Notebook(setUp)
    var text = "\(expression)\n\n\(try notebook.text(expression))\n"
    // The last digits of a difference quotient are noise, which may differ from processor to processor.
    if expression.hasPrefix("gradcheck") { text = Self.withoutNoise(text) }
    let path = "\(Self.folder)/\(name).txt"
    if Self.isRecording {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name)")
      return
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test("no file is left over")
  func leftovers() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
    #expect(Set(files) == Set(Self.cases.map { "\($0.name).txt" }))
  }

  private static func withoutNoise(_ text: String) -> String {
    text.replacing(/\ *[0-9.]+e-[0-9]+/, with: " (small)").replacing(/(ᵃ)? +✓/, with: " ✓")
      .replacing(/─+/, with: "──")
  }

  private static let folder =
    #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Snapshots"

  private static let isRecording =
    ProcessInfo.processInfo.environment["NABLA_RECORD_SNAPSHOTS"] == "1"
}
