import FoundationEssentials
import JSONText
import Testing

/// Networks written for other programs, and read from files of theirs.
@Suite struct NetworkFileTests {
  private let notebook = Notebook()
  private let folder: String

  init() throws {
    let path =
      FileManager.default.temporaryDirectory.path
      + "/nabla-tests-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    folder = path
  }

  private static let fixtures =
    #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Fixtures/pytorch"

  private static let own = """
    set seed = 3
    leaky(z) = if z > 0.25 { z } else { 0.2*z + 0.1/(1 + z^2) }
    shares(z: vector) = exp(2z)/sum(exp(2z))
    distance(y, a) = abs(y - a)^3
    """

  /// Blocks of many kinds.
  static let blocks = [
    "input 3; dense 4, relu; dense 2, softmax",
    "input a, b; dense 3, tanh, name = \"first\"; dense 1, sigmoid; loss binary_cross_entropy",
    "input 2; dense 5, leaky_relu(0.2), b = none; dense 3, elu(0.7), b = shared(0.35); dense 1, identity; loss huber(2)",
    "input 2; dense 3, softplus, frozen = W; dense 3, softsign; dense 2, hard_tanh; loss mse(per = entry)",
    "input 3; dense 4, gelu; dense 4, silu; dense 3, sign; precision float32",
    "input 1; dense 1, unit_step(0.5), b = shared(-1)",
    "input 3; dense 4, leaky; dense 3, shares; loss distance",
    "input 2; dense 2, cosh; dense 2, atan; dense 1, tanh; loss absolute_error",
  ]

  private func define(_ block: String) {
    notebook.run(Self.own)
    notebook.run(
      "network N { \(block) }\nX = 2*randn(20, N.input)".replacing(
        "N.input", with: "\(inputs(block))"))
  }

  private func inputs(_ block: String) -> Int {
    let first = block.prefix { $0 != ";" }.dropFirst("input ".count)
    return Int(first) ?? first.split(separator: ",").count
  }

  /// Layers that are formulas: of arrays, families, averages, several at once.
  static let layered = [
    (
      "input array(1, 4, 4); conv2d 2, 3, 3, relu, padding = 1; max_pool 2; flatten; dense 2",
      "1, 4, 4"
    ),
    ("input matrix(3, 2); lstm 3, sequence = true; gru 2; dense 1", "3, 2"),
    ("input matrix(T, 2); rnn 2; dense 1", "3, 2"),
    (
      "input matrix(3, 4); residual { layer_norm; attention 4, heads = 2; dense 4 }; flatten; dense 1",
      "3, 4"
    ),
    ("input 3; dense 4; batch_norm; relu; dropout 0.5; dense 1", "3"),
    ("input 3; Scaled factor = 2; dense 1", "3"),
  ]

  @Test("layers come back from a cell, trained, bit for bit", arguments: layered)
  func layersRoundTrip(_ block: String, _ sizes: String) throws {
    notebook.run(
      "shift = 0.25\nlayer Scaled(x, factor) { parameter s = 1\ny = factor*s*x\ny + shift }")
    notebook.run("network N { \(block) }\nX = randn(6, \(sizes))")
    notebook.run(
      "t = train(N, X, 0.5*ones(6, count(predict(N, X)[1, :] > -inf)), epochs = 3, lr = 0.1);")
    let before = try notebook.numbers("predict(N, X)")
    for ending in ["nabla", "py", "onnx", "safetensors"] {
      notebook.run("export(N, \"\(folder)/n.\(ending)\")")
    }
    let cell = try String(contentsOfFile: "\(folder)/n.nabla", encoding: .utf8)
    let other = Notebook()
    other.run(cell)
    other.run("set seed = 1")
    notebook.run("save(X, \"\(folder)/x.npy\")")
    other.run("X = load(\"\(folder)/x.npy\")")
    #expect(try other.numbers("predict(N, X)") == before)
  }

  @Test(
    "a network comes back from ONNX and safetensors bit for bit", arguments: blocks,
    ["onnx", "safetensors"])
  func roundTrip(_ block: String, _ ending: String) throws {
    define(block)
    notebook.run("export(N, \"\(folder)/n.\(ending)\"); M = load(\"\(folder)/n.\(ending)\")")
    for layer in 1...3 where !(notebook.attempt("N.W[\(layer)]").error != nil) {
      #expect(try notebook.numbers("M.W[\(layer)]") == notebook.numbers("N.W[\(layer)]"))
      let bias = notebook.attempt("N.b[\(layer)]").error == nil
      #expect((notebook.attempt("M.b[\(layer)]").error == nil) == bias)
      if bias {
        #expect(try notebook.numbers("M.b[\(layer)]") == notebook.numbers("N.b[\(layer)]"))
      }
    }
    let (own, other) = try (notebook.numbers("predict(N, X)"), notebook.numbers("predict(M, X)"))
    let furthest = zip(own, other).map { abs($0 - $1) / max(1, abs($0)) }.max() ?? 1
    #expect(furthest < 1e-12, "\(furthest)")
    // The names of everything, and the loss.
    if !block.contains("distance") {
      #expect(
        try notebook.text("M").replacing("M", with: "N")
          == notebook.text("N").replacing("M", with: "N"))
    }
  }

  @Test("a cell defines the network again, bit for bit", arguments: blocks)
  func cell(_ block: String) throws {
    define(block)
    notebook.run("export(N, \"\(folder)/n.nabla\")")
    let text = try String(contentsOfFile: "\(folder)/n.nabla", encoding: .utf8)
    let fresh = Notebook(text)
    for layer in 1...3 where notebook.attempt("N.W[\(layer)]").error == nil {
      #expect(try fresh.numbers("N.W[\(layer)]") == notebook.numbers("N.W[\(layer)]"))
    }
    fresh.run("set seed = 3; X = 2*randn(20, \(inputs(block)))")
    #expect(try fresh.numbers("predict(N, X)") == notebook.numbers("predict(N, X)"))
    #expect(try fresh.text("N") == notebook.text("N"))
  }

  @Test("trained weights go along, and a perceptron stays one")
  func trained() throws {
    notebook.run(
      """
      perceptron P { input 2; W = [0.3, -0.1]; b = none; threshold 0.2; strict; outputs -1, 1 }
      d = dataset(and)
      train(P, d.X, 2*d.Y - 1, rule = perceptron, epochs = 3, learning_rate = 0.1);
      export(P, "\(folder)/p.nabla")
      """)
    let text = try String(contentsOfFile: "\(folder)/p.nabla", encoding: .utf8)
    #expect(text.contains("perceptron P {"), "\(text)")
    let fresh = Notebook(text)
    #expect(try fresh.numbers("P.W[1]") == notebook.numbers("P.W[1]"))
    #expect(
      try fresh.numbers("predict(P, [0, 0; 1, 0; 1, 1])")
        == notebook.numbers("predict(P, [0, 0; 1, 0; 1, 1])"))
  }

  @Test("files of PyTorch's exporters give what PyTorch gives")
  func pytorch() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(Self.fixtures)/expected.json")))
    for (name, expected) in try JSONParser.parse(bytes).objectValue?.members ?? [] {
      notebook.run("M = load(\"\(Self.fixtures)/\(name).onnx\"); explain forward(M, [1, 2, 3]);")
      let x = try #require(expected["x"]).encoded
      let y = (expected["y"]?.arrayValue ?? []).flatMap {
        ($0.arrayValue ?? []).compactMap(\.numberValue)
      }
      let own = try notebook.numbers("predict(M, \(String(decoding: x, as: UTF8.self)))")
      #expect(own.count == y.count && !y.isEmpty, "\(name)")
      let tolerance = name == "float64" ? 1e-12 : 2e-6
      #expect(
        zip(own, y).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) },
        "\(name): \(own) \(y)")
    }
    // Known activations are the language's own.
    notebook.run("M = load(\"\(Self.fixtures)/leaky-elu-gelu-silu.onnx\")")
    let summary = try notebook.text("M")
    for word in ["leaky_relu(0.2)", "elu", "gelu", "silu"] {
      #expect(summary.contains(word), "\(summary)")
    }
    notebook.run("M = load(\"\(Self.fixtures)/softplus-clip-softsign.onnx\")")
    for word in ["softplus", "hard_tanh", "softsign"] {
      #expect(try notebook.text("M").contains(word))
    }
  }

  @Test("the first operator that is not known is named")
  func refusal() throws {
    let error = try notebook.error("load(\"\(Self.fixtures)/convolution.onnx\")")
    #expect(error.name == "FileError" && error.message.contains("Conv"), "\(error.plainText)")
  }

  @Test("damaged files are FileErrors", arguments: ["onnx", "safetensors"])
  func damaged(_ ending: String) throws {
    define(Self.blocks[6])
    let path = "\(folder)/n.\(ending)"
    notebook.run("export(N, \"\(path)\")")
    let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var random = SystemRandomNumberGenerator()
    for turn in 0..<150 {
      var bytes = whole
      if turn < 50 { bytes.removeLast(whole.count * (turn + 1) / 51) }
      for _ in 0..<(turn < 50 ? 0 : 1 + turn % 4) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      try Data(bytes).write(to: URL(filePath: path))
      // A byte of a weight or a name may be another one without harm.
      if let error = notebook.attempt("load(\"\(path)\");").error {
        #expect(["FileError", "LimitError"].contains(error.name), "\(error.plainText)")
      }
    }
    try Data([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]).write(to: URL(filePath: path))
    #expect(try notebook.error("load(\"\(path)\")").name == "FileError")
  }

  @Test("a script for PyTorch holds the lines of the layers and the outputs of examples")
  func script() throws {
    notebook.run(
      """
      network N { input 2; dense 2, relu, W = [1, 2; 3, 4], b = [0.5, -1]; dense 1, sigmoid, W = [1; -1], b = none }
      export(N, "\(folder)/n.py", X = [1, 2; -1, 0.5])
      """)
    let text = try String(contentsOfFile: "\(folder)/n.py", encoding: .utf8)
    #expect(text.contains("z1 = x @ self.W1 + self.b1"), "\(text)")
    #expect(text.contains("a1 = torch.relu(z1)") && text.contains("a2 = torch.sigmoid(z2)"))
    #expect(text.contains("self.W1 = nn.Parameter(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))"))
    #expect(text.contains("x = torch.tensor([[1.0, 2.0], [-1.0, 0.5]])"))
  }

  @Test("an explanation's sheet computes: changed inputs change what follows")
  func spreadsheet() throws {
    notebook.run(
      """
      network N { input 2; dense 1, sigmoid, W = [0.5; -0.25], b = [0.1] }
      export(explain forward(N, [2, 4]), "\(folder)/page.xlsx")
      """)
    let sheet = String(
      decoding: [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/page.xlsx"))), as: UTF8.self)
    // Given are b, w₁, x₁, w₂, x₂ in D4 to D8; z is in D11, a in D12.
    #expect(sheet.contains("<f>D4+D5*D6+D7*D8</f><v>0.1"), "\(sheet)")
    #expect(sheet.contains("<f>1/(1+EXP(-D11))</f>"))
    notebook.run(
      """
      f(x: vector) = sum(x^2)
      export((explain ∂f/∂x, x = [1, 2]), "\(folder)/f.xlsx")
      """)
    let other = String(
      decoding: [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/f.xlsx"))), as: UTF8.self)
    #expect(other.contains("<f>2*D4</f>") && other.contains("<f>2*E4</f>"), "\(other)")
  }

  @Test("pages in LaTeX and HTML stand by themselves")
  func pages() throws {
    notebook.run(
      "f(x) = sin(x^2); export(explain ∂f/∂x, \"\(folder)/f.tex\"); export(table(x = [1, 2]), \"\(folder)/t.html\")"
    )
    let tex = try String(contentsOfFile: "\(folder)/f.tex", encoding: .utf8)
    #expect(tex.contains("\\begin{document}") && tex.contains("\\cos"))
    let html = try String(contentsOfFile: "\(folder)/t.html", encoding: .utf8)
    #expect(html.contains("<table") && html.hasSuffix("</html>\n"))
  }

  @Test("what does not go to a format is told")
  func mistakes() throws {
    notebook.run("network N { input 1; dense 1 }")
    #expect(try notebook.error("export(N, \"\(folder)/n.zip\")").plainText.contains(".onnx"))
    #expect(try notebook.error("export([1, 2], \"\(folder)/n.onnx\")").name == "TypeError")
    #expect(try notebook.error("export(N, \"\(folder)/none/n.onnx\")").name == "FileError")
    notebook.run("g(z) = mod(z, 2); network M { input 1; dense 1, g }")
    #expect(try notebook.error("export(M, \"\(folder)/n.onnx\")").message.contains("layer 1"))
  }
}
