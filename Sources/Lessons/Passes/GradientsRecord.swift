import Display
import Language
import MatrixEngine
import Networks
import Notation

/// What `backward` returns: the derivatives of the mean loss by everything in the network.
package struct GradientsRecord: Record {
  package let outline: NetworkOutline
  /// The network as it was, and what it was given.
  package let network: NetworkState
  package let x: Matrix<Double>
  package let y: Matrix<Double>
  package let gradients: Gradients
  /// Whether X was a vector: then the quantities of a layer are vectors.
  let isSingle: Bool

  init(
    network: NetworkState, x: Matrix<Double>, y: Matrix<Double>, gradients: Gradients,
    isSingle: Bool
  ) {
    outline = NetworkOutline(network)
    self.network = network
    self.x = x
    self.y = y
    self.gradients = gradients
    self.isSingle = isSingle
  }

  package var kindName: String { "Gradients" }
  package var description: String { "the gradients of \(outline.name)" }
  private static let ofAll = ["loss", "norms", "dead", "saturated"]
  /// Of a network of dense layers.
  package static let members = ["W", "b", "z", "a", "b_per_example"] + ofAll
  package static let columns = ["layer", "parameter", "input", "neuron", "example", "gradient"]
  package var memberNames: [String] {
    outline.layers.learnedNames + trace.memberNames + summands.map(Self.perExample) + Self.ofAll
  }

  private var trace: Trace { gradients.trace }

  /// The parameters whose gradients there are example by example too.
  private var summands: [String] {
    outline.layers.parameterNames.filter {
      outline.layers.parameter(named: $0)?.summand != nil
    }
  }

  private static func perExample(_ parameter: String) -> String { "\(parameter)_per_example" }

  package func member(_ name: String) -> Value? {
    if let parameter = outline.layers.parameter(named: name)?.name,
      !(outline.layers.parameter(named: name)?.isAverage ?? false)
    {
      return .list(ListValue(parameters: gradients.parameters, named: parameter))
    }
    if let list = ListValue(trace, named: name, isSingle: isSingle) { return .list(list) }
    if let parameter = summands.first(where: { Self.perExample($0) == name }) {
      return .list(
        ListValue(
          outline.layers.enumerated().map { index, layer in
            layer.parameter(named: parameter)?.summand.flatMap { trace[$0, index + 1] }
              .map { .array($0) } ?? .nothing
          }, elementName: "layer"))
    }
    return switch name {
    case "loss": .scalar(gradients.loss)
    case "norms": .vector(gradients.norms)
    case "dead": units(gradients.dead)
    case "saturated": units(gradients.saturated)
    default: nil
    }
  }

  private func units(_ lists: [[Int]]) -> Value {
    .list(ListValue(lists.map { .vector($0.map(Double.init)) }, elementName: "layer"))
  }

  package var columnNames: [String] { Self.columns }
  package var rowCount: Int {
    let parameters = gradients.parameters.joined().reduce(0) { $0 + $1.value.storage.count }
    let quantities = trace.layers.joined().reduce(0) { $0 + $1.values.storage.count }
    return trace.input.storage.count + parameters + quantities
  }

  /// Layer by layer: the parameters row by row, then the quantities by neuron and example; a of layer 0 is ∂L/∂x.
  package var tidy: TidyTable {
    var layers: [Int] = []
    var parameters: [String] = []
    var inputs: [Int?] = []
    var neurons: [Int?] = []
    var exampleColumn: [Int?] = []
    var values: [Double] = []
    func append(
      _ layer: Int, _ parameter: String, _ input: Int?, _ neuron: Int?, _ example: Int?,
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
    // Of entries of more than two indices, by their rows.
    var indices: [Int: String] = [:]
    append(0, Trace.output, trace.input)
    for (index, layer) in outline.layers.enumerated() {
      for (parameter, gradient) in zip(layer.parameters, gradients.parameters[index])
      where !parameter.isAverage {
        for (offset, value) in gradient.value.storage.enumerated() {
          let place = parameter.place(offset, layer: index + 1)
          let isPlain = place.index.isEmpty
          append(
            index + 1, parameter.name, isPlain ? place.input : nil, isPlain ? place.neuron : nil,
            nil, value)
          if let text = place.indexText { indices[values.count - 1] = text }
        }
      }
      for quantity in trace.layers[index] { append(index + 1, quantity.name, quantity.values) }
    }
    let column =
      indices.isEmpty
      ? [] : [TidyColumn("index", .optionalStrings(values.indices.map { indices[$0] }))]
    return TidyTable(
      [
        TidyColumn("layer", integers: layers),
        TidyColumn("parameter", strings: parameters),
        TidyColumn("input", .optionalIntegers(inputs)),
        TidyColumn(
          "neuron",
          neurons.contains(nil) ? .optionalIntegers(neurons) : .integers(neurons.compactMap { $0 })),
      ] + column + [
        TidyColumn("example", .optionalIntegers(exampleColumn)),
        TidyColumn("gradient", numbers: values),
      ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let table =
      outline.showsNeurons(settings, examples: trace.examples)
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
    // The first layer with parameters learns slowest where the gradient fades on its way back.
    let norms = gradients.norms
    let learning = norms.indices.filter { !gradients.parameters[$0].isEmpty }
    if let first = learning.first, let last = learning.last, first != last, norms[last] > 0,
      norms[first] / norms[last] < Self.vanishing
    {
      let format = settings.numberFormat
      notes.append(
        TableNote(
          .words(
            "the gradient fades on its way back: its norm is \(format.text(norms[first])) in layer \(first + 1), \(format.text(norms[first] / norms[last])) times that of layer \(last + 1)"
          )))
    }
    return notes
  }

  /// A first layer whose gradient is smaller than this part of the last one's is said to be vanishing.
  private static let vanishing = 0.1

  /// More weights of a neuron than these are left to the data.
  private static let shownWeights = 10

  /// The slides' order: from the output back. A row a neuron, with the derivative by its quantities, its bias, each
  /// of its weights, and its entries of other parameters.
  private func neuronView(_ settings: Settings) -> Table {
    let widest = min(weightInputs, Self.shownWeights)
    var names: [SymbolText] = []
    var examples: [TableCell] = []
    var cells: [[TableCell]] = []
    var groups: [RowGroup] = []
    for index in outline.layers.indices.reversed() {
      let neurons = max(trace.layers[index].widest, 1)
      for neuron in 0..<neurons {
        for example in 0..<trace.examples {
          names.append(.words("neuron \(neuron + 1)"))
          examples.append(.integer(example + 1))
          cells.append(columns(widest).map { cell($0, index, neuron, example) })
        }
      }
      let shared = gradients.parameters[index].first { $0.naming == .sharedBias }
      if let shared {
        names.append("all neurons")
        examples.append(.text(""))
        cells.append(
          columns(widest).map { column in
            if case .bias(shared.parameter) = column {
              .number(shared.matrix[0, 0])
            } else {
              .text("")
            }
          })
      }
      groups.append(
        RowGroup(
          outline.title(layer: index + 1),
          rowCount: neurons * trace.examples + (shared == nil ? 0 : 1)))
    }
    var table = [TableColumn("", symbols: names)]
    if trace.examples > 1 { table.append(TableColumn("example", cells: examples)) }
    for (place, column) in columns(widest).enumerated() {
      table.append(
        TableColumn(
          head(column, settings), cells: cells.map { $0[place] }, alignment: .decimal))
    }
    let elided =
      widest == weightInputs
      ? [] : [TableNote(.words("of \(weightInputs) weights a neuron, \(widest) are shown"))]
    return Table(
      caption: caption(settings), columns: table, groups: groups, notes: notes(settings) + elided)
  }

  /// A column of the neuron view.
  private enum Column {
    case quantity(String)
    case bias(String)
    case weight(String, input: Int)
    case entry(String)
  }

  /// How many weights a neuron has at most.
  private var weightInputs: Int {
    outline.layers.flatMap(\.parameters).filter { $0.naming == .weight }.map(\.shape.rows).max()
      ?? 0
  }

  private func columns(_ widest: Int) -> [Column] {
    let parameters = outline.layers.parameterNames.compactMap {
      outline.layers.parameter(named: $0)
    }
    return trace.names.reversed().map(Column.quantity)
      + parameters.filter { $0.naming == .bias || $0.naming == .sharedBias }.map { .bias($0.name) }
      + parameters.filter { $0.naming == .weight }.flatMap { parameter in
        (0..<widest).map { .weight(parameter.name, input: $0) }
      }
      // A matrix of a layer's own is left to the data.
      + parameters.filter { $0.naming == .plain && $0.sizes.count < 2 }.map { .entry($0.name) }
  }

  private func cell(_ column: Column, _ layer: Int, _ neuron: Int, _ example: Int) -> TableCell {
    func entry(_ name: String, _ input: Int) -> TableCell {
      // Parameters belong to the neuron, not to one of its examples.
      guard example == 0, let value = gradients[parameter: name, layer + 1],
        case let matrix = value.matrix, value.naming != .sharedBias, input < matrix.rows,
        neuron < matrix.columns
      else { return .text("") }
      return .number(matrix[input, neuron])
    }
    return switch column {
    case .quantity(let name):
      trace.layers[layer].entry(name, example, neuron).map { .number($0) } ?? .text("")
    case .bias(let name), .entry(let name): entry(name, 0)
    case .weight(let name, let input): entry(name, input)
    }
  }

  private func head(_ column: Column, _ settings: Settings) -> SymbolText {
    func head(_ name: String, _ subscripts: String) -> SymbolText {
      .quantity(Quantity(name, index: subscripts).derivative())
    }
    return switch column {
    case .quantity(let name), .entry(let name): head(name, "j")
    case .bias(let name): settings.bias == .b ? head(name, "j") : head("w", "0j")
    case .weight(_, let input): head("w", input >= 9 ? "\(input + 1),j" : "\(input + 1)j")
    }
  }

  /// The matrix note's order: for each layer from the last, ∂(l), then by its quantities and its parameters.
  private func matrixView(_ settings: Settings) -> Table {
    var view = MatrixView()
    let last = outline.layers.count
    view.append(
      NetworkSymbol.partial(outline.symbol(Trace.output, layer: last)), outline.lossFormula(),
      trace.output)
    for number in stride(from: last, to: 0, by: -1) {
      // Of a single example arrays have formulas too.
      let layer = outline.layers[number - 1]
      let formulas =
        (try? LayerFormulas(layer))
        ?? (trace.examples == 1 ? try? LayerFormulas(layer, isBatch: false) : nil)
      func formula(_ name: String) -> SymbolText {
        outline.gradientFormula(of: name, layer: number, formulas)
      }
      for quantity in trace.layers[number - 1].dropLast().reversed() {
        view.append(
          NetworkSymbol.partial(outline.symbol(quantity.name, layer: number)),
          formula(quantity.name), quantity.shown)
      }
      let learned = outline.layers[number - 1].parameters.filter { !$0.isAverage }.map(\.name)
      for gradient in gradients.parameters[number - 1] where learned.contains(gradient.parameter) {
        view.append(
          NetworkSymbol.partial(
            NetworkSymbol.parameter(gradient.parameter, isMatrix: gradient.isMatrix, number)),
          formula(gradient.parameter), gradient.matrix)
      }
      view.append(
        NetworkSymbol.partial(outline.symbol(Trace.output, layer: number - 1)),
        formula(outline.layers[number - 1].inputName),
        trace.quantity(Trace.output, layer: number - 1)?.shown ?? trace.output(of: number - 1))
    }
    return view.table(caption: caption(settings), notes: notes(settings))
  }
}
