import Display
import MatrixEngine
import Notation

extension SampleFigures {
  static func networks() throws -> [Sample] {
    [
      ("network-shape", try lecture(.shape)), ("network-forward", try lecture(.forward)),
      ("network-backward", try lecture(.backward)), ("network-update", try lecture(.update)),
      ("network-names", try perceptron()), ("network-wide", try wide()),
      ("network-medium", try medium()), ("network-neuron", try closeUp()),
      ("network-arrays", try arrays()), ("network-recurrence", try recurrence()),
      (
        "network-lines",
        try LineDiagram(
          title: "Layer 1",
          lines: [
            .init(.variable("Q"), "X @ Wq", sizes: "3×2"),
            .init(.variable("A"), "softmax(Q @ K' / sqrt(2))", sizes: "3×3"),
          ])
      ),
    ]
  }

  /// Images, filters, one number.
  private static func arrays() throws -> NetworkDiagram {
    func connection(_ shapes: [SymbolText], _ count: Int, norm: Double?)
      -> NetworkDiagram.Connection
    {
      var connection = NetworkDiagram.Connection(
        .init(weights: Matrix(rows: 0, columns: 0, storage: [])), hasValues: false, shapes: shapes)
      connection.count = count
      connection.gradientNorms = norm.map { [.init(.variable("K"), $0)] } ?? []
      return connection
    }
    return try NetworkDiagram(
      title: "Gradients of C",
      layers: [
        .init("Input", caption: "1×8×8", nodes: [], sizes: [1, 8, 8], maps: [wave(8, 8)]),
        .init(
          "Layer 1", caption: "conv2d, 9×6×6", nodes: [], sizes: [9, 6, 6],
          maps: Array(repeating: wave(6, 6), count: 9)),
        .init("Layer 2", caption: "max pool, 9×3×3", nodes: [], sizes: [9, 3, 3]),
        .init("Output", caption: "1 neuron", nodes: [.init("a", values: [.init("a", 0.25)])]),
      ],
      connections: [
        connection(["K 9×1×3×3", "b 9"], 90, norm: 0.7222), connection([], 0, norm: nil),
        connection(["W 81×1", "b 1"], 82, norm: nil),
      ], loss: .init("L", 0.5))
  }

  /// More steps than are drawn.
  private static func recurrence() throws -> RecurrenceDiagram {
    func name(_ base: String, _ index: Int) -> SymbolText {
      .scripted(.variable(base), subscript: .words("\(index)"), superscript: nil)
    }
    return try RecurrenceDiagram(
      title: "Layer 1 of R", word: "lstm",
      start: [.init(name("h", 0), [0, 0, 0]), .init(name("c", 0), [0, 0, 0])],
      steps: (1...10).map { step in
        RecurrenceDiagram.Step(
          input: .init(name("x", step), [Double(step % 2)]),
          states: [
            .init(name("h", step), [0.1, -0.5, 0.25], gradient: 0.1 * Double(step)),
            .init(name("c", step), [0.4, -0.7, 0]),
          ], output: step == 10 ? .init(.variable("a"), []) : nil)
      })
  }

  private enum Part { case shape, forward, backward, update }

  static let lectureParameters: [NetworkDiagram.Parameters] = [
    .init(weights: Matrix(rows: 1, columns: 2, storage: [0.1, 0.1]), bias: [0.1, 0.2]),
    .init(
      weights: Matrix(rows: 2, columns: 3, storage: [0.2, 0.3, 0.1, 0.1, 0.2, 0.3]),
      bias: [0.3, 0.1, 0.2]),
    .init(weights: Matrix(rows: 3, columns: 1, storage: [0.4, 0.2, 0.6]), bias: [0.5]),
  ]

  private static let lectureGradients: [NetworkDiagram.Parameters] = [
    .init(
      weights: Matrix(rows: 1, columns: 2, storage: [-0.005268188887307804, -0.00673590710477625]),
      bias: [-0.002634094443653902, -0.003367953552388125]),
    .init(
      weights: Matrix(
        rows: 2, columns: 3,
        storage: [
          -0.012282653791064807, -0.006250627983300892, -0.018580308752039046,
          -0.012801060233072705, -0.006514444408338881, -0.01936451645791445,
        ]),
      bias: [-0.02138186751781099, -0.010881207084033213, -0.03234494002144156]),
    .init(
      weights: Matrix(
        rows: 3, columns: 1,
        storage: [-0.13938967354872137, -0.13492923850714883, -0.13736542026980644]),
      bias: [-0.22609507205584806]),
  ]

  private static func updated(
    _ parameters: NetworkDiagram.Parameters, _ gradients: NetworkDiagram.Parameters
  ) -> NetworkDiagram.Parameters {
    func step(_ old: [Double], _ gradient: [Double]) -> [Double] {
      zip(old, gradient).map { $0 - 0.1 * $1 }
    }
    let weights = parameters.weights
    return .init(
      weights: Matrix(
        rows: weights.rows, columns: weights.columns,
        storage: step(weights.storage, gradients.weights.storage)),
      bias: step(parameters.bias ?? [], gradients.bias ?? []))
  }

  /// The worked example of the lecture.
  private static func lecture(_ part: Part) throws -> NetworkDiagram {
    let layers = (0...3).map { layer -> NetworkDiagram.Layer in
      let nodes = (0..<[1, 2, 3, 1][layer]).map { neuron -> NetworkDiagram.Node in
        let index = "\(neuron + 1)"
        guard layer > 0 else {
          let name = SymbolText.scripted(.variable("x"), subscript: "1", superscript: nil)
          return .init(name, values: part == .shape ? [] : [.init(name, 2)])
        }
        let a = SymbolText.layered("a", layer, subscript: index)
        let values: [NetworkDiagram.Value] =
          switch part {
          case .shape: []
          case .forward:
            [
              .init(.variable("z"), SampleTables.z[layer - 1][neuron]),
              .init(.variable("a"), SampleTables.a[layer - 1][neuron]),
            ]
          case .backward, .update: [.init(a, SampleTables.a[layer - 1][neuron])]
          }
        return .init(
          a, values: values,
          gradient: part == .backward ? lectureGradients[layer - 1].bias?[neuron] : nil)
      }
      return .init(
        layer == 0 ? "Input" : .words("Layer \(layer)"),
        caption: .words(
          layer == 0 ? "1 value" : "\(nodes.count) \(nodes.count == 1 ? "unit" : "units"), sigmoid"),
        nodes: nodes)
    }
    let connections = zip(lectureParameters, lectureGradients).map { parameters, gradients in
      NetworkDiagram.Connection(
        parameters, gradients: part == .backward ? gradients : nil,
        new: part == .update ? updated(parameters, gradients) : nil)
    }
    let loss = NetworkDiagram.Loss(
      .variable("L"), 0.2563, newValue: part == .update ? 0.2455 : nil,
      note: .variable("y") + .sign(.equals) + "1")
    return try NetworkDiagram(
      title: part == .shape ? "" : "Lecture", layers: layers, connections: connections,
      loss: part == .shape ? nil : loss)
  }

  /// Names on the lines, a negative and a zero weight.
  private static func perceptron() throws -> NetworkDiagram {
    let inputs = (1...3).map {
      NetworkDiagram.Node(.scripted(.variable("x"), subscript: .words("\($0)"), superscript: nil))
    }
    let names = [1, 2, 3, 0].map {
      SymbolText.scripted(.variable("w"), subscript: .words("\($0)"), superscript: nil)
    }
    return try NetworkDiagram(
      title: "Perceptron P",
      layers: [
        .init("Input", nodes: inputs),
        .init("Output", caption: "unit step", nodes: [.init(.variable("o"))]),
      ],
      connections: [
        .init(
          .init(weights: Matrix(rows: 3, columns: 1, storage: [1, -2.5, 0]), bias: [-0.5]),
          names: names)
      ])
  }

  private static func layer(_ title: String, _ count: Int, _ name: String, _ index: Int)
    -> NetworkDiagram.Layer
  {
    .init(
      .words(title), caption: .words("\(count) units, relu"),
      nodes: (1...count).map { .init(.layered(name, index, subscript: "\($0)")) })
  }

  private static func wide() throws -> NetworkDiagram {
    try NetworkDiagram(
      title: "Digits",
      layers: [
        layer("Input", 64, "x", 0), layer("hidden", 16, "a", 1), layer("Output", 10, "a", 2),
      ],
      connections: [.init(.init(weights: wave(64, 16))), .init(.init(weights: wave(16, 10)))],
      loss: .init(.variable("L"), 2.3026))
  }

  private static func medium() throws -> NetworkDiagram {
    try NetworkDiagram(
      layers: [
        layer("Input", 4, "x", 0), layer("Layer 1", 4, "a", 1), layer("Layer 2", 8, "a", 2),
        layer("Output", 3, "a", 3),
      ],
      connections: [
        .init(.init(weights: wave(4, 4), bias: [0.1, -0.2, 0, 0.3])),
        .init(.init(weights: wave(4, 8))), .init(.init(weights: wave(8, 3))),
      ])
  }

  /// The first neuron of the worked example's second layer.
  static func closeUp() throws -> NeuronDiagram {
    func parameter(_ input: Int, _ value: Double, _ gradient: Double) -> NeuronDiagram.Parameter {
      .init(
        .quantity(.parameter(from: input, to: 1, layer: 2, biasIsWeight: false)), value,
        gradient: gradient)
    }
    let gradient = -0.02138186751781099
    return try NeuronDiagram(
      title: "Neuron 1 of layer 2 of Lecture",
      inputs: [
        .init(
          .init(.layered("a", 1, subscript: "1"), SampleTables.a[0][0]),
          weight: parameter(1, 0.2, -0.012282653791064807)),
        .init(
          .init(.layered("a", 1, subscript: "2"), SampleTables.a[0][1]),
          weight: parameter(2, 0.1, -0.012801060233072705)),
      ], bias: parameter(0, 0.3, gradient),
      sum: .init(.layered("z", 2, subscript: "1"), SampleTables.z[1][0], gradient: gradient),
      output: .init(.layered("a", 2, subscript: "1"), SampleTables.a[1][0], gradient: -0.0904),
      activation: .init(
        "sigmoid",
        curve: .init(values: [0.02, 0.05, 0.12, 0.27, 0.5, 0.73, 0.88, 0.95, 0.98], isStep: false),
        applied: { .variable("σ") + .enclosed($0, .round) }))
  }
}
