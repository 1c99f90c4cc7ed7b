import Display
import MatrixEngine
import Notation

/// Tables as the commands make them, from the numbers of the worked example of the lecture.
enum SampleTables {
  static let z: [[Double]] = [
    [0.3, 0.4], [0.474757269373577, 0.3920702870659881, 0.4370505497149015], [1.2304934503039746],
  ]
  static let a: [[Double]] = [
    [0.574442516811659, 0.598687660112452],
    [0.616509118404361, 0.5967809792591136, 0.6075560118173458], [0.7739049279441519],
  ]

  /// Neuron view of a forward pass, with groups, spanners and a stub.
  static var forward: (Table, TidyTable) {
    var names: [SymbolText] = []
    var activations: [SymbolText] = []
    var layers: [Int] = []
    var neurons: [Int] = []
    for layer in z.indices {
      for neuron in z[layer].indices {
        names.append(.layered("z", layer + 1, subscript: "\(neuron + 1)"))
        activations.append(.layered("a", layer + 1, subscript: "\(neuron + 1)"))
        layers.append(layer + 1)
        neurons.append(neuron + 1)
      }
    }
    let zs = z.flatMap { $0 }
    let table = Table(
      caption: "Forward pass of Lecture, " + .variable("x") + " = 2",
      columns: [
        TableColumn("neuron", symbols: names), TableColumn(.variable("z"), numbers: zs),
        TableColumn("", symbols: activations, isStub: false),
        TableColumn(.variable("a"), numbers: a.flatMap { $0 }),
      ],
      spanners: [
        ColumnSpanner("net input", columns: 0..<2), ColumnSpanner("activation", columns: 2..<4),
      ],
      groups: z.indices.map {
        RowGroup("Layer \($0 + 1): " + "sigmoid", rowCount: z[$0].count)
      })
    return (
      table,
      TidyTable([
        TidyColumn("layer", integers: layers), TidyColumn("neuron", integers: neurons),
        TidyColumn("example", integers: layers.map { _ in 1 }), TidyColumn("z", numbers: zs),
        TidyColumn("a", numbers: a.flatMap { $0 }),
      ])
    )
  }

  /// The 17 parameters of the worked example before and after one step.
  static var update: (Table, TidyTable) {
    let names: [SymbolText] =
      (0...3).map { .weight(from: $0, to: 1, layer: 3) }
      + (1...3).flatMap { neuron in (0...2).map { .weight(from: $0, to: neuron, layer: 2) } }
      + (1...2).flatMap { neuron in (0...1).map { .weight(from: $0, to: neuron, layer: 1) } }
    let old = [
      0.5, 0.4, 0.2, 0.6, 0.3, 0.2, 0.1, 0.1, 0.3, 0.2, 0.2, 0.1, 0.3, 0.1, 0.1, 0.2, 0.1,
    ]
    let gradient = [
      -0.22609507205584806, -0.13938967354872137, -0.13492923850714883, -0.13736542026980644,
      -0.02138186751781099, -0.012282653791064807, -0.012801060233072705,
      -0.010881207084033213, -0.006250627983300892, -0.006514444408338881,
      -0.03234494002144156, -0.018580308752039046, -0.01936451645791445,
      -0.002634094443653902, -0.005268188887307804, -0.003367953552388125,
      -0.00673590710477625,
    ]
    let new = zip(old, gradient).map { $0 - 0.1 * $1 }
    let layers = [3, 3, 3, 3] + Array(repeating: 2, count: 9) + [1, 1, 1, 1]
    let table = Table(
      caption: "Update 1 of Lecture with η = 0.1: loss 0.2563 → 0.2455",
      columns: [
        TableColumn("parameter", symbols: names), TableColumn("old", numbers: old),
        TableColumn(.partial(.variable("L"), by: .variable("w")), numbers: gradient),
        TableColumn("new", numbers: new),
      ],
      groups: [
        RowGroup("Layer 3: sigmoid", rowCount: 4), RowGroup("Layer 2: sigmoid", rowCount: 9),
        RowGroup("Layer 1: sigmoid", rowCount: 4),
      ],
      notes: [TableNote("reset(Lecture) goes back to the weights of its definition")])
    return (
      table,
      TidyTable([
        TidyColumn("layer", integers: layers),
        TidyColumn("parameter", strings: names.map { $0.text.contains("₀") ? "b" : "W" }),
        TidyColumn("old", numbers: old), TidyColumn("gradient", numbers: gradient),
        TidyColumn("new", numbers: new),
      ])
    )
  }

  /// Matrix view: symbol, formula, dimensions, value.
  static var matrixView: (Table, TidyTable?) {
    let delta: SymbolText = .sequence([
      .primed(.variable("h"), count: 1), .enclosed(.layered("Z", 2), .round), .sign(.times),
      .variable("∂"), .enclosed("2", .round),
    ])
    func dimensions(_ rows: String, _ columns: String) -> SymbolText {
      .sequence([.variable(rows), .sign(.times), .variable(columns)])
    }
    return (
      Table(
        caption: "Gradients of Lecture",
        columns: [
          TableColumn(
            "quantity",
            symbols: [
              .partial(.variable("L"), by: .layered("Z", 2)),
              .partial(.variable("L"), by: .layered("W", 2)),
              .partial(
                .variable("L"),
                by: Quantity("b", layer: 2).symbol(isBold: true)),
              .layered("A", 1),
            ]),
          TableColumn(
            "formula",
            symbols: [
              delta,
              .sequence([
                .transposed(.enclosed(.layered("A", 1), .round)), .sign(.dot),
                .enclosed(delta, .square),
              ]),
              .sequence([
                .transposed(.bold("1")), .sign(.dot), .enclosed(delta, .square),
              ]),
              .sequence([.variable("h"), .enclosed(.layered("Z", 1), .round)]),
            ], isStub: false),
          TableColumn(
            "dimensions",
            symbols: [
              dimensions("m", "k"), dimensions("n", "k"), dimensions("1", "k"),
              dimensions("m", "n"),
            ], isStub: false),
          TableColumn(
            "value",
            cells: [
              .array(
                Matrix(
                  rows: 1, columns: 3,
                  storage: [-0.02138186751781099, -0.010881207084033213, -0.03234494002144156])),
              .array(
                Matrix(
                  rows: 2, columns: 3,
                  storage: [
                    -0.012282653791064807, -0.006250627983300892, -0.018580308752039046,
                    -0.012801060233072705, -0.006514444408338881, -0.01936451645791445,
                  ])),
              .array(.vector([-0.02138186751781099, 2, 1e-9])),
              .missing,
            ]),
        ]), nil
    )
  }

  /// A training history that is folded and can be unfolded.
  static func history(epochs: Int) -> (Table, TidyTable) {
    let losses = (0...epochs).map { 0.7 / (1 + Double($0) * 0.13) }
    let accuracy = (0...epochs).map { $0 < 2 ? nil : min(1, 0.5 + Double($0) / 100) }
    let tidy = TidyTable([
      TidyColumn("epoch", integers: Array(0...epochs)), TidyColumn("loss", numbers: losses),
      TidyColumn("accuracy", .optionalNumbers(accuracy)),
    ])
    return (Table(tidy, caption: "Training of Net: sgd, η = 0.1"), tidy)
  }

  /// Verdicts, powers of ten, a footnote and text that needs every escape.
  static var checks: (Table, TidyTable) {
    let quantities = [
      "forward(Lecture, x).output", "<b>&\"quoted\" 'text'</b>", "$x$ and $y$ \\ {a_1^2} ~50% #",
      "名前 ∂L/∂x₁", "line\nbreak\u{1}",
    ]
    let computed = [0.7823447021832643, 1.5e-9, 12, .nan, -.infinity]
    let errors = [3.85e-3, 1.23456e-10, 0, 2.5, -1e-300]
    let tidy = TidyTable([
      TidyColumn("quantity", strings: quantities), TidyColumn("computed", numbers: computed),
      TidyColumn("error", numbers: errors),
      TidyColumn("holds", .optionalBooleans([true, false, nil, true, false])),
    ])
    return (
      Table(
        columns: [
          TableColumn("quantity", texts: quantities, isStub: true),
          TableColumn("computed", numbers: computed),
          TableColumn("error", cells: errors.map { $0 == 0 ? .missing : .number($0) }),
          TableColumn(
            "holds",
            cells: tidy.columns[3].values.count == 5
              ? [.boolean(true), .boolean(false), .missing, .boolean(true), .boolean(false)] : []),
          TableColumn(
            "", cells: [.mark(.fails), .mark(.close), .mark(.holds), .missing, .mark(.holds)]),
        ],
        groups: [RowGroup("numbers & words", rowCount: 3)],
        notes: [
          TableNote("the worst entry", at: [.cell(row: 0, column: 1)]),
          TableNote(
            "h = " + .variable("ε") + "^⅓", at: [.head(column: 2), .cell(row: 3, column: 0)]),
          TableNote("a general remark"),
        ]), tidy
    )
  }

  static let large = Matrix(
    rows: 40, columns: 30, storage: (0..<1200).map { Double($0 % 37) - 18.5 + Double($0 % 2) / 2 })
}

/// Samples' short names for quantities.
extension SymbolText {
  static func layered(_ name: String, _ layer: Int, subscript index: String? = nil) -> SymbolText {
    .quantity(Quantity(name, index: index, layer: layer))
  }

  static func weight(from input: Int, to neuron: Int, layer: Int) -> SymbolText {
    .quantity(.weight(from: input, to: neuron, layer: layer))
  }
}
