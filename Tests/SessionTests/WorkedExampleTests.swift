import FoundationEssentials
import JSONText
import Testing

@Suite("The lecture's worked example, cell by cell")
struct WorkedExampleTests {
  private let notebook = Notebook(lectureCell)
  private let fixture: JSONValue

  init() throws { fixture = try loadFixture("worked-example") }

  @Test("forward, loss, backward and step agree to 1e-14", arguments: 0..<3)
  func steps(_ index: Int) throws {
    let step = try #require(fixture["steps"]?.arrayValue?[index])
    for _ in 0..<index { notebook.run("step(Lecture, x, y, learning_rate = 0.1);") }
    notebook.run("run = forward(Lecture, x); g = backward(Lecture, x, y)")
    try expectParameters(of: "Lecture", step)
    #expect(try notebook.number("Lecture.updates") == Double(index))
    #expect(try notebook.numbers("run.a[0]") == [2])
    for layer in 1...3 {
      try expect("run.z[\(layer)]", step["z"], layer)
      try expect("run.a[\(layer)]", step["a"], layer)
      try expect("g.W[\(layer)]", step["dW"], layer)
      try expect("g.b[\(layer)]", step["db"], layer)
      try expect("g.b_per_example[\(layer)]", step["db"], layer)
      try expect("g.z[\(layer)]", step["dz"], layer)
      try expect("g.a[\(layer)]", step["da"], layer)
      try expect("sigmoid'(run.z[\(layer)])", step["dadz"], layer)
    }
    try expect("run.output", [step["yhat"]])
    try expect("predict(Lecture, x)", [step["yhat"]])
    try expect("loss(Lecture, x, y)", [step["loss"]])
    try expect("g.loss", [step["loss"]])
    try expect("g.a[0]", [step["dx"]])
    // The slides' chain: ∂L/∂ŷ · ∂ŷ/∂z, and its simplified form ŷ − y.
    #expect(
      near(try notebook.numbers("g.a[3] ⊙ sigmoid'(run.z[3])"), try notebook.numbers("g.z[3]")))
    #expect(near(try notebook.numbers("run.output - y"), try notebook.numbers("g.z[3]")))
  }

  @Test("the tables hold the same numbers as the members")
  func tables() throws {
    let step = try #require(fixture["steps"]?.arrayValue?[0])
    let forward = "forward(Lecture, x)"
    #expect(try notebook.columns(forward) == ["layer", "neuron", "example", "z", "a"])
    #expect(near(try notebook.column("z", of: forward), flat(step["z"])))
    #expect(near(try notebook.column("a", of: forward), flat(step["a"])))
    #expect(try notebook.column("layer", of: forward) == [1, 1, 2, 2, 2, 3])
    #expect(try notebook.column("neuron", of: forward) == [1, 2, 1, 2, 3, 1])
    let backward = "backward(Lecture, x, y)"
    #expect(
      try notebook.columns(backward) == [
        "layer", "parameter", "input", "neuron", "example", "gradient",
      ])
    let parameters = try notebook.texts("parameter", of: backward)
    let gradients = try notebook.column("gradient", of: backward)
    func only(_ name: String) -> [Double] {
      zip(parameters, gradients).filter { $0.0 == name }.map(\.1)
    }
    #expect(near(only("W"), flat(step["dW"])))
    #expect(near(only("b"), flat(step["db"])))
    #expect(near(only("z"), flat(step["dz"])))
    #expect(near(only("a"), [try #require(step["dx"]?.numberValue)] + flat(step["da"])))
  }

  @Test("a step's table is old, gradient and new of every parameter; its members are the losses")
  func update() throws {
    notebook.run("u = step(Lecture, x, y)")
    #expect(
      try notebook.columns("u") == [
        "layer", "parameter", "input", "neuron", "old", "gradient", "new",
      ])
    let steps = try #require(fixture["steps"]?.arrayValue)
    func parameters(_ step: JSONValue, _ w: String, _ b: String) -> [Double] {
      (0..<3).flatMap { flat(step[w]?.arrayValue?[$0]) + flat(step[b]?.arrayValue?[$0]) }
    }
    #expect(near(try notebook.column("old", of: "u"), parameters(steps[0], "W", "b")))
    #expect(near(try notebook.column("gradient", of: "u"), parameters(steps[0], "dW", "db")))
    #expect(near(try notebook.column("new", of: "u"), parameters(steps[1], "W", "b")))
    #expect(
      try notebook.column("input", of: "u") == [1, 1, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 0, 1, 2, 3, 0])
    try expect("u.before", [steps[0]["loss"]])
    try expect("u.after", [steps[1]["loss"]])
    // 12 digits are left of a difference of two near numbers.
    #expect(
      near(
        try notebook.number("u.before - u.after"),
        try #require(fixture["delta_loss"]?.numberValue), 1e-12))
    #expect(
      near(
        try notebook.number("100(u.before - u.after)/u.before"),
        try #require(fixture["percent_reduction"]?.numberValue), 1e-12))
    #expect(try notebook.numbers("u.old.W[2]") == flat(steps[0]["W"]?.arrayValue?[1]))
    #expect(try notebook.texts("parameter", of: "u.largest") == ["b"])
    #expect(try notebook.number("u.largest.layer") == 3)
    #expect(try notebook.number("u.smallest.layer") == 1)
    notebook.run("step(Lecture, x, y); step(Lecture, x, y)")
    try expectParameters(of: "Lecture", try #require(fixture["after_step_3"]))
  }

  @Test("training gives the losses and weights of 1000 epochs")
  func training() throws {
    let losses = try #require(fixture["loss_after_epochs"]?.objectValue)
    notebook.run("h = train(Lecture, x, y, epochs = 1000)")
    for (epoch, value) in losses.members {
      let row = try #require(Int(epoch))
      let loss = try #require(value["loss"]?.numberValue)
      // Rounding adds up over the updates; NumPy and PyTorch stray as far.
      let tolerance = row <= 5 ? 1e-14 : 1e-13
      #expect(near(try notebook.number("h.loss[\(row + 1)]"), loss, tolerance))
    }
    #expect(try notebook.number("h.epochs[1]") == 0)
    let weights = try #require(fixture["weights_after_epochs"]?.objectValue)
    for (epoch, value) in weights.members {
      notebook.run("reset(Lecture); train(Lecture, x, y, epochs = \(epoch), every = 1000);")
      try expectParameters(of: "Lecture", value, 1e-12)
      let predicted = losses[epoch]?["yhat"]?.numberValue ?? .nan
      #expect(near(try notebook.number("predict(Lecture, x)[1]"), predicted, 1e-13))
    }
  }

  @Test("the printed numbers: ✓ where they are right, ✗ where the slides err")
  func printed() throws {
    notebook.run("old = forward(Lecture, x).output; step(Lecture, x, y)")
    func verdicts(_ comparison: String) throws -> [String] {
      try notebook.texts("verdict", of: comparison)
    }
    #expect(try verdicts("compare(old, 0.7739)") == ["✓"])
    #expect(try verdicts("compare(old, 0.7740)") == ["≈"])
    #expect(try verdicts("compare(forward(Lecture, x).output, 0.7823)") == ["✓"])
    #expect(try verdicts("compare(forward(Lecture, x).output, 0.7862)") == ["✗"])
    #expect(try verdicts("compare(ln(0.7740), -0.2563)") == ["✗"])
    #expect(try verdicts("compare(ln(0.7740), -0.2562)") == ["✓"])
    #expect(try verdicts("compare(-1/0.7740, -1.2921)") == ["✗"])
  }

  // MARK: - Comparing

  private func expect(
    _ expression: String, _ layers: JSONValue?, _ layer: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let wanted = flat(try #require(layers?.arrayValue?[layer - 1]))
    let found = try notebook.numbers(expression, sourceLocation: sourceLocation)
    #expect(
      !wanted.isEmpty && near(found, wanted), "\(expression): \(found), not \(wanted)",
      sourceLocation: sourceLocation)
  }

  private func expect(
    _ expression: String, _ wanted: [JSONValue?], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let wanted = try wanted.map { try #require($0?.numberValue) }
    let found = try notebook.numbers(expression, sourceLocation: sourceLocation)
    #expect(
      near(found, wanted), "\(expression): \(found), not \(wanted)", sourceLocation: sourceLocation)
  }

  private func expectParameters(
    of network: String, _ wanted: JSONValue, _ tolerance: Double = 1e-14,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for name in ["W", "b"] {
      for layer in 1...3 {
        let numbers = flat(try #require(wanted[name]?.arrayValue?[layer - 1]))
        let found = try notebook.numbers("\(network).\(name)[\(layer)]")
        #expect(
          near(found, numbers, tolerance), "\(name)[\(layer)]: \(found), not \(numbers)",
          sourceLocation: sourceLocation)
      }
    }
  }
}

/// The network of the lecture with its example, as the first cell of the notebook has it.
let lectureCell = """
  # the lecture's worked example
  network Lecture {
      input 1
      dense 2, sigmoid, W = [0.1, 0.1],                     b = [0.1, 0.2]
      dense 3, sigmoid, W = [0.2, 0.3, 0.1; 0.1, 0.2, 0.3], b = [0.3, 0.1, 0.2]
      dense 1, sigmoid, W = [0.4; 0.2; 0.6],                b = [0.5]
      loss binary_cross_entropy
  }
  x = [2.0]
  y = [1]
  """

/// All numbers of a JSON value, in order.
func flat(_ value: JSONValue?) -> [Double] {
  if let number = value?.numberValue { return [number] }
  return (value?.arrayValue ?? []).flatMap(flat)
}

/// A file of the folder `Fixtures`.
func loadFixture(_ name: String) throws -> JSONValue {
  let folder = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
  let data = try Data(contentsOf: URL(filePath: "\(folder)/Fixtures/\(name).json"))
  return try JSONParser.parse(Array(data))
}
