import Display
import Language
import MatrixEngine
import Networks
import Notation

/// What `forward` returns: the quantities of every layer.
package struct ForwardRecord: Record {
  package let outline: NetworkOutline
  /// The network as it was.
  package let network: NetworkState
  package let trace: Trace
  /// Whether X was a vector: then the quantities of a layer and `.output` are vectors.
  package let isSingle: Bool
  /// Whether it was a pass in training.
  let isTraining: Bool

  package init(network: NetworkState, trace: Trace, isSingle: Bool, isTraining: Bool = false) {
    outline = NetworkOutline(network)
    self.isTraining = isTraining
    self.network = network
    self.trace = trace
    self.isSingle = isSingle
  }

  package var kindName: String { "Forward" }
  package var description: String { "a forward run of \(outline.name)" }
  /// Of a network of dense layers.
  package static let members = ["z", "a", "output"]
  package static let columns = ["layer", "neuron", "example", "z", "a"]
  package var memberNames: [String] { trace.memberNames + ["output"] }

  package func member(_ name: String) -> Value? {
    if name == "output" { return Value(trace.output, trace.outputSizes, isSingle: isSingle) }
    return ListValue(trace, named: name, isSingle: isSingle).map(Value.list)
  }

  package var columnNames: [String] { ["layer", "neuron", "example"] + trace.names }
  package var rowCount: Int { trace.layers.reduce(0) { $0 + $1.widest * trace.examples } }

  package var tidy: TidyTable {
    var rows = LayerRows()
    var columns = trace.names.map { _ in [Double?]() }
    for (index, quantities) in trace.layers.enumerated() {
      for neuron in 0..<quantities.widest {
        for example in 0..<trace.examples {
          rows.append(index + 1, neuron + 1, example + 1)
          for (place, name) in trace.names.enumerated() {
            columns[place].append(quantities.entry(name, example, neuron))
          }
        }
      }
    }
    return TidyTable(
      rows.columns + zip(trace.names, columns).map { TidyColumn($0, TidyValues($1)) })
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let table =
      outline.showsNeurons(settings, examples: trace.examples) ? neuronView : matrixView
    return table.bundle(tidy: tidy, numbers: settings.numberFormat)
  }

  private var caption: SymbolText {
    .words("Forward pass of \(outline.name), \(outline.updatesText)")
  }

  /// A row a neuron, with the symbol and the value of each quantity.
  private var neuronView: Table {
    let names = trace.names
    var symbols = names.map { _ in [SymbolText]() }
    var values = names.map { _ in [TableCell]() }
    var examples: [Int] = []
    var groups: [RowGroup] = []
    for (index, quantities) in trace.layers.enumerated() {
      for neuron in 0..<quantities.widest {
        for example in 0..<trace.examples {
          examples.append(example + 1)
          for (place, name) in names.enumerated() {
            let value = quantities.entry(name, example, neuron)
            symbols[place].append(
              value == nil ? "" : NetworkSymbol.neuron(name, index + 1, neuron + 1))
            values[place].append(value.map { .number($0) } ?? .text(""))
          }
        }
      }
      groups.append(
        RowGroup(
          outline.title(layer: index + 1), rowCount: quantities.widest * trace.examples))
    }
    var columns: [TableColumn] = []
    var spanners: [ColumnSpanner] = []
    for (place, name) in names.enumerated() {
      let start = columns.count
      columns.append(
        TableColumn(place == 0 ? "neuron" : "", symbols: symbols[place], isStub: place == 0))
      if place == 0, trace.examples > 1 {
        columns.append(TableColumn("example", integers: examples))
      }
      columns.append(
        TableColumn(.words(name), cells: values[place], alignment: .decimal))
      spanners.append(
        ColumnSpanner(.words(outline.title(of: name)), columns: start..<columns.count))
    }
    return Table(caption: caption, columns: columns, spanners: spanners, groups: groups)
  }

  private var matrixView: Table {
    var view = MatrixView()
    view.append(
      NetworkSymbol.matrix(Trace.output, 0), .variable("X"),
      Trace.Quantity(Trace.output, trace.input, sizes: trace.inputSizes).shown)
    for (index, quantities) in trace.layers.enumerated() {
      for (line, quantity) in zip(outline.layers[index].lines, quantities) {
        view.append(
          outline.symbol(quantity.name, layer: index + 1),
          outline.formula(of: line, layer: index + 1), quantity.shown)
      }
    }
    return view.table(caption: caption)
  }
}

extension NetworkOutline {
  /// What a quantity is called: by the first layer that has it.
  fileprivate func title(of quantity: String) -> String {
    layers.flatMap(\.lines).first { $0.quantity == quantity }?.title ?? quantity
  }
}

extension Trace.Quantity {
  /// As tables show it: of one example a matrix is as it is, else there is an example a row.
  var shown: Matrix<Double> {
    sizes.count == 2 && values.rows == 1 ? Tensor(Shape(sizes), values.storage) : values
  }
}

extension [Trace.Quantity] {
  /// How many entries the largest quantity has for an example.
  var widest: Int { map(\.values.columns).max() ?? 0 }

  /// An entry of a quantity, from 0; nil where there is none.
  func entry(_ name: String, _ example: Int, _ neuron: Int) -> Double? {
    guard let values = first(where: { $0.name == name })?.values, neuron < values.columns else {
      return nil
    }
    return values[values.rows == 1 ? 0 : example, neuron]
  }
}

extension TidyValues {
  /// Numbers, some of which may be missing.
  init(_ numbers: [Double?]) {
    let present = numbers.compactMap { $0 }
    self = present.count == numbers.count ? .numbers(present) : .optionalNumbers(numbers)
  }
}

extension Value {
  /// Numbers of examples of some sizes: of a single example as it is.
  init(_ values: Matrix<Double>, _ sizes: [Int], isSingle: Bool) {
    self.init(Tensor(Shape((isSingle ? [] : [values.rows]) + sizes), values.storage))
  }
}

extension ListValue {
  /// A quantity of a run by its layers; the output of layer 0 is the input. nil where no layer has it.
  init?(_ trace: Trace, named name: String, isSingle: Bool) {
    guard trace.memberNames.contains(name) else { return nil }
    let first = name == Trace.output ? 0 : 1
    self.init(
      (first...trace.layers.count).map { layer in
        if let quantity = trace.quantity(name, layer: layer) {
          return Value(quantity.array(isSingle: isSingle))
        }
        let family = trace.family(name, layer: layer)
        return family.isEmpty ? .nothing : .list(ListValue(family, isSingle: isSingle))
      }, firstIndex: first, elementName: "layer")
  }

  /// The members of a family by their indices; nothing where there is none between.
  private init(_ family: [Trace.Quantity], isSingle: Bool) {
    var values: [Int: Value] = [:]
    for quantity in family {
      values[quantity.member?.index ?? 0] = Value(quantity.array(isSingle: isSingle))
    }
    let (first, last) = (values.keys.min() ?? 0, values.keys.max() ?? 0)
    self.init(
      (first...last).map { values[$0] ?? .nothing }, firstIndex: first, elementName: "index")
  }
}

/// The columns that locate a neuron: layer, neuron, example.
package struct LayerRows {
  private var layers: [Int] = []
  private var neurons: [Int] = []
  private var examples: [Int] = []

  package mutating func append(_ layer: Int, _ neuron: Int, _ example: Int) {
    layers.append(layer)
    neurons.append(neuron)
    examples.append(example)
  }

  package var columns: [TidyColumn] {
    [
      TidyColumn("layer", integers: layers), TidyColumn("neuron", integers: neurons),
      TidyColumn("example", integers: examples),
    ]
  }
}

/// The matrix view: one row a quantity, with symbol, formula, dimensions and value.
package struct MatrixView {
  private var symbols: [SymbolText] = []
  private var formulas: [SymbolText] = []
  private var dimensions: [SymbolText] = []
  private var values: [TableCell] = []

  package mutating func append(
    _ symbol: SymbolText, _ formula: SymbolText, _ value: Matrix<Double>?
  ) {
    symbols.append(symbol)
    formulas.append(formula)
    dimensions.append(value.map { NetworkSymbol.dimensions($0.rows, $0.columns) } ?? "—")
    values.append(value.map(TableCell.array) ?? .missing)
  }

  package func table(caption: SymbolText, notes: [TableNote] = []) -> Table {
    Table(
      caption: caption,
      columns: [
        TableColumn("quantity", symbols: symbols),
        TableColumn("formula", symbols: formulas, isStub: false),
        TableColumn("dimensions", symbols: dimensions, isStub: false),
        TableColumn("value", cells: values),
      ], notes: notes)
  }
}
