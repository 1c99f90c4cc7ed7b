import Display
import Language
import MatrixEngine
import Networks

/// What `backward` returns: the derivatives of the mean loss by everything in the network.
package struct GradientsRecord: Record {
  package let outline: NetworkOutline
  /// The network as it was, and what it was given.
  package let network: NetworkState
  package let x: Matrix<Double>
  package let y: Matrix<Double>
  package let gradients: Gradients
  /// Whether X was a vector: then `.z[l]` and `.a[l]` are vectors.
  let isSingle: Bool

  package var kindName: String { "Gradients" }
  package var description: String { "the gradients of \(outline.name)" }
  package static let members = [
    "W", "b", "z", "a", "b_per_example", "loss", "norms", "dead", "saturated",
  ]
  package static let columns = ["layer", "parameter", "input", "neuron", "example", "gradient"]
  package var memberNames: [String] { Self.members }

  private var examples: Int { gradients.a[0].rows }

  package func member(_ name: String) -> Value? {
    switch name {
    case "W":
      .list(ListValue(gradients.weights.map { .matrix($0) }, elementName: "layer"))
    case "b": .list(ListValue(gradients.biases.map { .vector($0) }, elementName: "layer"))
    case "z": .list(ListValue(gradients.z.map(value), elementName: "layer"))
    case "a":
      .list(ListValue(gradients.a.map(value), firstIndex: 0, elementName: "layer"))
    case "b_per_example":
      .list(
        ListValue(gradients.biasesPerExample.map { .matrix($0) }, elementName: "layer"))
    case "loss": .scalar(gradients.loss)
    case "norms": .vector(gradients.norms)
    case "dead": units(gradients.dead)
    case "saturated": units(gradients.saturated)
    default: nil
    }
  }

  private func value(_ matrix: Matrix<Double>) -> Value {
    isSingle ? .vector(matrix.storage) : .matrix(matrix)
  }

  private func units(_ lists: [[Int]]) -> Value {
    .list(ListValue(lists.map { .vector($0.map(Double.init)) }, elementName: "layer"))
  }

  package var columnNames: [String] { Self.columns }
  package var rowCount: Int {
    let matrices = gradients.weights + gradients.z + gradients.a
    return matrices.reduce(gradients.biases.reduce(0) { $0 + $1.count }) { $0 + $1.storage.count }
  }

  /// Layer by layer: W row by row, b, then z and a by neuron and example; a of layer 0 is ∂L/∂x.
  package var tidy: TidyTable {
    var layers: [Int] = []
    var parameters: [String] = []
    var inputs: [Int?] = []
    var neurons: [Int] = []
    var exampleColumn: [Int?] = []
    var values: [Double] = []
    func append(
      _ layer: Int, _ parameter: String, _ input: Int?, _ neuron: Int, _ example: Int?,
      _ value: Double
    ) {
      layers.append(layer)
      parameters.append(parameter)
      inputs.append(input)
      neurons.append(neuron)
      exampleColumn.append(example)
      values.append(value)
    }
    func append(_ layer: Int, _ parameter: String, _ matrix: Matrix<Double>) {
      for neuron in 0..<matrix.columns {
        for example in 0..<matrix.rows {
          append(layer, parameter, nil, neuron + 1, example + 1, matrix[example, neuron])
        }
      }
    }
    append(0, "a", gradients.a[0])
    for index in gradients.weights.indices {
      let weights = gradients.weights[index]
      for input in 0..<weights.rows {
        for neuron in 0..<weights.columns {
          append(index + 1, "W", input + 1, neuron + 1, nil, weights[input, neuron])
        }
      }
      for (neuron, value) in gradients.biases[index].enumerated() {
        append(index + 1, "b", 0, neuron + 1, nil, value)
      }
      append(index + 1, "z", gradients.z[index])
      append(index + 1, "a", gradients.a[index + 1])
    }
    return TidyTable([
      TidyColumn("layer", integers: layers),
      TidyColumn("parameter", strings: parameters),
      TidyColumn("input", .optionalIntegers(inputs)),
      TidyColumn("neuron", integers: neurons),
      TidyColumn("example", .optionalIntegers(exampleColumn)),
      TidyColumn("gradient", numbers: values),
    ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let table =
      outline.showsNeurons(settings, examples: examples)
      ? neuronView(settings) : matrixView(settings)
    return table.bundle(tidy: tidy, numbers: settings.numberFormat)
  }

  private func caption(_ settings: Settings) -> SymbolText {
    .words(
      "Gradients of \(outline.name) at loss \(settings.numberFormat.text(gradients.loss)), \(outline.updatesText)"
    )
  }

  private func notes(_ settings: Settings) -> [TableNote] {
    var notes: [TableNote] = []
    for (lists, word) in [(gradients.dead, "dead"), (gradients.saturated, "saturated")] {
      for (index, units) in lists.enumerated() where !units.isEmpty {
        let names = units.prefix(10).map(String.init).joined(separator: ", ")
        let more = units.count > 10 ? " and \(units.count - 10) more" : ""
        notes.append(
          TableNote(
            .words(
              "layer \(index + 1): neuron\(units.count == 1 ? "" : "s") \(names)\(more) \(units.count == 1 ? "is" : "are") \(word) for every example"
            )))
      }
    }
    // The first layer learns slowest where the gradient fades on its way back.
    let norms = gradients.norms
    if norms.count > 1, let last = norms.last, last > 0, norms[0] / last < Self.vanishing {
      let format = settings.numberFormat
      notes.append(
        TableNote(
          .words(
            "the gradient fades on its way back: its norm is \(format.text(norms[0])) in layer 1, \(format.text(norms[0] / last)) times that of layer \(norms.count)"
          )))
    }
    return notes
  }

  /// A first layer whose gradient is smaller than this part of the last one's is said to be vanishing.
  private static let vanishing = 0.1

  /// More weights of a neuron than these are left to the data.
  private static let shownWeights = 10

  /// The slides' order: from the output back. A row a neuron, with the derivative by its activation, its
  /// net input, its bias and each of its weights.
  private func neuronView(_ settings: Settings) -> Table {
    let inputs = gradients.weights.map(\.rows).max() ?? 0
    let widest = min(inputs, Self.shownWeights)
    var names: [SymbolText] = []
    var exampleColumn: [TableCell] = []
    var byA: [TableCell] = []
    var byZ: [TableCell] = []
    var byBias: [TableCell] = []
    var byWeight = [[TableCell]](repeating: [], count: widest)
    var groups: [RowGroup] = []
    for index in gradients.weights.indices.reversed() {
      let weights = gradients.weights[index]
      for neuron in 0..<weights.columns {
        for example in 0..<examples {
          names.append(.words("neuron \(neuron + 1)"))
          exampleColumn.append(.integer(example + 1))
          byA.append(.number(gradients.a[index + 1][example, neuron]))
          byZ.append(.number(gradients.z[index][example, neuron]))
          // Parameters belong to the neuron, not to one of its examples.
          let isFirst = example == 0
          byBias.append(isFirst ? .number(gradients.biases[index][neuron]) : .text(""))
          for input in 0..<widest {
            byWeight[input].append(
              isFirst && input < weights.rows ? .number(weights[input, neuron]) : .text(""))
          }
        }
      }
      groups.append(
        RowGroup(
          .words("Layer \(index + 1): ") + outline.title(layer: index + 1),
          rowCount: weights.columns * examples))
    }
    func head(_ name: String, _ subscripts: String) -> SymbolText {
      NetworkSymbol.partial(
        .scripted(.variable(name), subscript: .words(subscripts), superscript: nil))
    }
    var columns = [TableColumn("", symbols: names)]
    if examples > 1 { columns.append(TableColumn("example", cells: exampleColumn)) }
    columns.append(TableColumn(head("a", "j"), cells: byA, alignment: .decimal))
    columns.append(TableColumn(head("z", "j"), cells: byZ, alignment: .decimal))
    columns.append(
      TableColumn(
        settings.bias == .b ? head("b", "j") : head("w", "0j"), cells: byBias,
        alignment: .decimal))
    for input in 0..<widest {
      columns.append(
        TableColumn(
          head("w", input >= 9 ? "\(input + 1),j" : "\(input + 1)j"), cells: byWeight[input],
          alignment: .decimal))
    }
    let elided =
      widest == inputs
      ? [] : [TableNote(.words("of \(inputs) weights a neuron, \(widest) are shown"))]
    return Table(
      caption: caption(settings), columns: columns, groups: groups, notes: notes(settings) + elided)
  }

  /// The matrix note's order: for each layer from the last, ∂(l), then by Z, W and b.
  private func matrixView(_ settings: Settings) -> Table {
    var view = MatrixView()
    let last = gradients.weights.count
    view.append(
      NetworkSymbol.partial(NetworkSymbol.matrix("A", last)), lossFormula(last),
      gradients.a[last])
    for layer in stride(from: last, to: 0, by: -1) {
      let delta = delta(layer)
      view.append(
        NetworkSymbol.partial(NetworkSymbol.matrix("Z", layer)), delta, gradients.z[layer - 1])
      view.append(
        NetworkSymbol.partial(NetworkSymbol.matrix("W", layer)),
        .sequence([
          .transposed(.enclosed(NetworkSymbol.matrix("A", layer - 1), .round)), .sign(.dot),
          .enclosed(delta, .square),
        ]), gradients.weights[layer - 1])
      view.append(
        NetworkSymbol.partial(NetworkSymbol.bias(layer)),
        .sequence([
          .transposed(.bold(.words("1"))), .sign(.dot), .enclosed(delta, .square),
        ]), .row(gradients.biases[layer - 1]))
      view.append(
        NetworkSymbol.partial(NetworkSymbol.matrix("A", layer - 1)),
        .sequence([
          .enclosed(delta, .square), .sign(.dot),
          .transposed(.enclosed(NetworkSymbol.matrix("W", layer), .round)),
        ]), gradients.a[layer - 1])
    }
    return view.table(caption: caption(settings), notes: notes(settings))
  }

  /// ∂L/∂Z^[l]: element by element h′(Z^[l]) × ∂(l); for softmax by its Jacobian J, which with
  /// categorical cross-entropy leaves the difference to the targets.
  private func delta(_ layer: Int) -> SymbolText {
    let upper: SymbolText = .sequence([.variable("∂"), .enclosed(.words("\(layer)"), .round)])
    guard !outline.layers[layer - 1].isElementwise else {
      return .sequence([NetworkSymbol.slope(layer), .sign(.times), upper])
    }
    if layer == outline.layers.count, outline.loss == "categorical_cross_entropy" {
      return .sequence([
        .fraction(.words("1"), over: .variable("m")), .sign(.dot),
        .enclosed(
          .sequence([NetworkSymbol.matrix("A", layer), .sign(.minus), .variable("Y")]), .round),
      ])
    }
    return .sequence([
      .variable("J"), .enclosed(NetworkSymbol.matrix("Z", layer), .round), .sign(.dot), upper,
    ])
  }

  /// ∂(L), for the losses whose derivative has a matrix form on one line.
  private func lossFormula(_ layer: Int) -> SymbolText {
    let a = NetworkSymbol.matrix("A", layer)
    let y: SymbolText = .variable("Y")
    let m: SymbolText = .variable("m")
    return switch outline.loss {
    case "mean_squared_error":
      .sequence([
        .fraction(.words("2"), over: m), .sign(.dot),
        .enclosed(.sequence([a, .sign(.minus), y]), .round),
      ])
    case "categorical_cross_entropy":
      .sequence([
        .words("−"), .fraction(.words("1"), over: m), .sign(.dot),
        .enclosed(.sequence([y, .sign(.quotient), a]), .round),
      ])
    case "binary_cross_entropy":
      .sequence([
        .fraction(.words("1"), over: m), .sign(.dot),
        .enclosed(
          .sequence([
            .words("−"), y, .sign(.quotient), a, .sign(.plus),
            .enclosed(.sequence([.words("1"), .sign(.minus), y]), .round), .sign(.quotient),
            .enclosed(.sequence([.words("1"), .sign(.minus), a]), .round),
          ]), .round),
      ])
    default:
      // By the loss's own formula, for one output a and its target y.
      .sequence([
        .fraction(.words("1"), over: m), .sign(.dot),
        Loss.named(outline.loss)?.slopeText.map { .enclosed(.words($0), .round) }
          ?? .partial(.variable("L"), by: a),
      ])
    }
  }
}
