import Assistance
import Calculus
import Display
import JSONText
import Language
import MatrixEngine
import Networks
import Session
import Testing

@Suite("What is added from outside is taken up everywhere")
struct ExtensionTests {
  /// The networks that newcomers stand in, with data that they take.
  static let networks: [(name: String, block: String)] = [
    ("activation", "input 2; dense 3, bent; dense 2, sigmoid"),
    ("row activation", "input 2; dense 3, tanh; dense 3, square_shares"),
    ("row activation inside", "input 2; dense 3, square_shares; dense 2"),
    ("loss", "input 2; dense 3, tanh; dense 2, tanh; loss half_error"),
    ("loss of positive outputs", "input 2; dense 2, sigmoid; loss poisson"),
    (
      "layer",
      "input 2; dense 3, tanh; scale_and_shift γ = [1, 2, -1], β = [0.5, 0, 0.1]; dense 2, sigmoid"
    ),
    ("layer first", "input 2; scale_and_shift gamma = [2, 0.5]; dense 2, softmax"),
    ("layer last", "input 2; dense 2, relu; scale_and_shift name = \"last\""),
    ("layer of two lines", "input 2; gate; dense 2, sigmoid; gate"),
    ("one value", "input 1; dense 1, tanh; scale_and_shift; gate; dense 1"),
  ]

  static func cells(_ block: String, precision: String = "float64") throws -> Cells {
    let inputs = block.contains("input 1") ? 1 : 2
    let outputs = block.hasSuffix("square_shares") ? 3 : inputs
    let rows = { (values: [[Double]], count: Int) in
      "["
        + values.map { $0.prefix(count).map { "\($0)" }.joined(separator: ", ") }
        .joined(separator: "; ") + "]"
    }
    let x = rows([[0.4, -0.7], [0.9, 0.3], [-0.5, 0.8]], inputs)
    let y = rows([[1, 0, 0], [0, 1, 0], [1, 0, 0]], outputs)
    return try Cells(
      """
      network N { \(block); seed 3; precision \(precision) }
      X = \(x)
      Y = \(y)
      """)
  }

  @Test(
    "gradients are those of differences, in both precisions", arguments: networks.map(\.block),
    Precision.allCases)
  func gradients(_ block: String, _ precision: Precision) throws {
    let cells = try Self.cells(block, precision: precision.rawValue)
    let table = try cells.text("gradcheck(N, X, Y)")
    #expect(try cells.text("gradcheck(N, X, Y).holds") == "true", "\(table)")
  }

  @Test(
    "both precisions give the same, and training lowers the loss", arguments: networks.map(\.block))
  func training(_ block: String) throws {
    let double = try Self.cells(block)
    let single = try Self.cells(block, precision: "float32")
    let outputs = try [double, single].map { cells in
      try #require(Double(try cells.text("norm(predict(N, X))")))
    }
    #expect(abs(outputs[0] - outputs[1]) < 1e-4)
    for cells in [double, single] {
      let text = try cells.text(
        """
        before = loss(N, X, Y)
        u = step(N, X, Y, learning_rate = 0.05)
        h = train(N, X, Y, epochs = 5, learning_rate = 0.05, batch_size = 2)
        loss(N, X, Y) < before and u.after < u.before
        """)
      #expect(text == "true")
    }
  }

  @Test("tables, pictures and explanations show every quantity", arguments: networks.map(\.block))
  func records(_ block: String) throws {
    let cells = try Self.cells(block)
    for expression in [
      "N", "forward(N, X)", "forward(N, X[1,:]')", "backward(N, X, Y)",
      "backward(N, X[1,:], Y[1,:])", "step(copy(N), X, Y)", "gradcheck(N, X, Y)",
      "explain forward(N, X)", "explain forward(N, X[1,:])", "explain loss(N, X, Y)",
      "explain backward(N, X, Y)", "explain backward(N, X[1,:], Y[1,:])",
      "explain step(N, X, Y)", "diagram(N)", "diagram(forward(N, X))",
      "diagram(backward(N, X, Y))", "diagram(step(copy(N), X, Y))", "evaluate(N, X, Y)",
    ] {
      let expression = expression.replacing("X[1,:]'", with: "X[1,:]")
      guard let bundle = try cells.bundles(expression).last else {
        Issue.record("\(expression) shows nothing")
        continue
      }
      let text = bundle.data[MIMEType.plain]?.stringValue ?? ""
      #expect(!text.isEmpty && !text.contains("nan"), "\(expression): \(text)")
      #expect(
        bundle.data[MIMEType.latex] != nil || bundle.data[MIMEType.svg] != nil, "\(expression)")
    }
  }

  @Test("the explanation of a layer is its lines, and the calculus's way back")
  func explanation() throws {
    let cells = try Cells(
      "network N { input 2; scale_and_shift γ = [2, 3], β = [1, -1]; loss mse }")
    let forward = try cells.text("explain forward(N, [0.5, 0.25])")
    #expect(forward.contains("a^[1] = γ^[1]*x^[0] + β^[1]"), "\(forward)")
    let backward = try cells.text("explain backward(N, [0.5, 0.25], [1, 0])")
    #expect(backward.contains("∂L/∂γ^[1] = ∂L/∂a^[1]*x^[0]"), "\(backward)")
    #expect(backward.contains("∂L/∂x^[0] = ∂L/∂a^[1]*γ^[1]"), "\(backward)")
    let matrices = try cells.text("explain backward(N, [0.5, 0.25; 1, 2], [1, 0; 0, 1])")
    #expect(matrices.contains("∂L/∂γ^[1]"), "\(matrices)")
  }

  @Test("members go by the names of parameters and quantities")
  func members() throws {
    let cells = try Self.cells(Self.networks[5].block)
    #expect(try cells.text("N.γ[2]") == "[1, 2, -1]")
    #expect(try cells.text("N.gamma[2]") == "[1, 2, -1]")
    #expect(
      try cells.text("forward(N, X).a[2] == forward(N, X).a[1] ⊙ N.γ[2] + N.β[2]").contains("1"))
    #expect(try cells.text("sum(0 * backward(N, X, Y).γ[2] + 1)") == "3")
    #expect(try cells.text("shape(forward(N, X).z[3])") == "[3, 2]")
    #expect(cells.error("forward(N, X).z[2]")?.message.contains("layer 2 has no z") == true)
    #expect(cells.error("N.W[2]")?.name == "ValueError")
    _ = try cells.bundles("N.γ[2] = [4, 5, 6]; N.β[2][1] = 7")
    #expect(try cells.text("N.γ[2] + N.β[2]") == "[11, 5, 6.1000]")
    #expect(cells.error("N.γ[2] = [1, 2]")?.message.contains("the layer needs 3 values") == true)
    let changed = try cells.text("whatif(N, X, Y, γ[2][1] = 0)")
    #expect(changed.contains("a₁^[2]") && !changed.contains("a₁^[1]"), "\(changed)")
    #expect(try cells.text("M = copy(N); reset(N); N.γ[2]") == "[1, 2, -1]")
    #expect(try cells.text("M.γ[2]") == "[4, 5, 6]")
    #expect(try cells.text("forward(N, X).neuron").isEmpty == false)
    #expect(cells.completions("N.").contains("γ"))
  }

  @Test("columns of what a layer does not have are missing, not invented")
  func tidy() throws {
    let cells = try Self.cells(Self.networks[5].block)
    let bundle = try #require(try cells.bundles("summary(N)").last)
    let text = bundle.data[MIMEType.plain]?.stringValue ?? ""
    #expect(text.contains("γ") && text.contains("scale_and_shift") == false)
    #expect(try cells.text("summary(N).parameters") == "[9, 6, 8]")
    #expect(cells.session.snapshot["N"]?.members.prefix(4) == ["W", "b", "γ", "β"])
  }

  @Test("mistakes in a layer's line are told as those of dense")
  func mistakes() throws {
    let cells = try Cells()
    func message(_ line: String) -> String {
      cells.error("network N { input 2; \(line) }")?.message ?? "none"
    }
    #expect(message("scale_and_shift gama = [1, 2]").contains("no keyword gama"))
    #expect(message("scale_and_shift γ = [1, 2, 3]").contains("γ of layer 1 is a vector of 3"))
    #expect(message("scale_and_shift 3").contains("a layer has options by name"))
    #expect(message("scale_an_shift").contains("is not an item of a network"))
    #expect(message("dense 2, swich").contains("there is no activation swich"))
    #expect(
      cells.error(
        "network P { input 1; dense 1, identity, W = [-1]; loss poisson }\nloss(P, 1, 1)")?
        .message.contains("poisson needs predictions of at least 0") == true)
  }

  @Test(
    "completion, help and reference name them",
    arguments: [
      "bent", "bend", "square_shares", "half_error", "hse", "poisson", "scale_and_shift",
      "gate",
      "mean_output", "steps",
    ])
  func assistance(_ name: String) throws {
    let cells = try Cells()
    let isLayer = Newcomers.catalog.layers[name] != nil
    let isLoss = Newcomers.catalog.losses[name] != nil
    let prefix = String(name.prefix(3))
    let places =
      isLayer
      ? ["network N { input 2\n\(prefix)"]
      : isLoss
        ? ["network N { loss \(prefix)"]
        : Newcomers.catalog.activations[name] != nil
          ? ["network N { dense 3, \(prefix)", prefix] : [prefix]
    for place in places { #expect(cells.completions(place).contains(name), "\(place)") }
    #expect(!cells.help(name).isEmpty)
    #expect(LanguageReference.markdown(Newcomers.vocabulary).contains("`\(name)"))
  }

  @Test("a layer's arguments complete, and its help shows its lines")
  func layerAssistance() throws {
    let cells = try Cells()
    #expect(
      cells.completions("network N { scale_and_shift ").prefix(3) == ["γ = ", "β = ", "name = "])
    #expect(cells.help("scale_and_shift").contains("a = γ ⊙ x + β"))
    #expect(cells.help("gamma").contains("the factors"))
  }

  @Test("an activation is a function with a derivative")
  func functions() throws {
    let cells = try Cells()
    #expect(try cells.text("bent(0)") == "0")
    #expect(try cells.text("bent'(0)") == "0.5000")
    #expect(try cells.text("square_shares([1, 2])") == "[0.2000, 0.8000]")
    #expect(try cells.text("f(x) = bent(2x)\n∂f/∂x").contains("sigmoid"))
    #expect(try cells.bundles("plot(bent)").last?.data[MIMEType.svg] != nil)
  }

  @Test("a command and a picture")
  func commands() throws {
    let cells = try Self.cells(Self.networks[0].block)
    #expect(try cells.text("mean_output(N, X) == mean(predict(N, X))") == "true")
    #expect(try cells.bundles("steps([1, 3, 2])").last?.data[MIMEType.svg] != nil)
  }
}

@Suite("Every entry of a catalog, the newcomers too")
struct CatalogTests {
  @Test(
    "a formula is what the kernel computes, in both precisions",
    arguments: Newcomers.catalog.activations)
  func activations(_ activation: Activation) throws {
    for precision in Precision.allCases {
      let network = try Network(
        NetworkDefinition(
          name: "N", inputs: 3,
          layers: [Dense(units: 3, activation: activation, weights: try .identity(3))],
          precision: precision), catalog: Newcomers.catalog)
      let x = Matrix<Double>(rows: 2, columns: 3, storage: [-2, 0.125, 0.75, 1.5, 0.5, -0.25])
      let tolerance = precision == .float64 ? 1e-13 : 1e-6
      let output = try network.predict(x)
      let z = Expression.symbol("Z", .matrix(.number(2), .number(3)))
      let formula = try activation.expression(z).value(at: ["Z": x])
      for (a, b) in zip(output.storage, formula.storage) { #expect(abs(a - b) <= tolerance) }
    }
  }

  @Test("a loss is its formula, in both precisions", arguments: Newcomers.catalog.losses)
  func losses(_ loss: Loss) throws {
    for precision in Precision.allCases {
      let network = try Network(
        NetworkDefinition(
          name: "N", inputs: 2, layers: [Dense(units: 2, activation: .sigmoid)], loss: loss,
          precision: precision), catalog: Newcomers.catalog)
      let x = Matrix<Double>(rows: 2, columns: 2, storage: [-2, 0.125, 0.75, 1.5])
      let y = Matrix<Double>(
        rows: 2, columns: 2, storage: loss.targets == .signs ? [1, -1, -1, 1] : [1, 0, 0.25, 0.75])
      let outputs = try network.predict(x)
      let formula = try loss.definition.value(at: ["A": outputs, "Y": y])
      let tolerance = precision == .float64 ? 1e-13 : 1e-6
      #expect(abs(try network.loss(x, y) - formula.storage[0]) <= tolerance)
    }
  }

  @Test("a registry finds twins, and an entry of a taken name takes its place")
  func registry() {
    let more = NetworkCatalog.standard.activations.adding([
      Activation(name: "relu", definition: .netInput, range: "(-∞, ∞)")
    ])
    #expect(more.count == NetworkCatalog.standard.activations.count)
    #expect(more["relu"]?.isIdentity == true)
    #expect(NetworkCatalog.standard.activations["relu"] == .relu)
    #expect(Newcomers.catalog.activations["bend"]?.name == "bent")
  }
}
