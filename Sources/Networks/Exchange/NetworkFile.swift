import Calculus
import MatrixEngine

/// Networks in files; the ending chooses the format.
package enum NetworkFile {
  /// A format that networks are written in, or read from.
  package enum Format: String, CaseIterable {
    case onnx, safetensors
    /// A script for PyTorch.
    case python = "py"
    /// A cell of the language.
    case nabla

    /// Whether a network can be had back from it by `load`; a cell is run instead.
    package var isReadable: Bool { self == .onnx || self == .safetensors }
  }

  package static func format(of path: String) -> Format? {
    Format(rawValue: DataFile.ending(of: path))
  }

  /// A function that a file names and this kernel's catalog lacks, from its name and formula.
  package typealias MakeActivation = (_ name: String, _ formula: String) -> Activation?

  /// What was read: a network, or named arrays of a file that says no more.
  package enum Content {
    case network(Network)
    case arrays([DataFile.NamedArray])
  }

  /// What `export` writes beside the network: examples for a script to compute.
  package struct Options {
    /// Shape: `[m, inputs]`.
    package var x: Matrix<Double>?

    package init(x: Matrix<Double>? = nil) { self.x = x }
  }

  /// Files of more bytes than these hold no network that can be had: two copies of the most parameters.
  private static let largestFile = 16 * NetworkPlan.mostParameters

  /// How a parameter is called among those of the whole network: `W1`.
  static func tensorName(_ parameter: LayerParameter, layer: Int) -> String {
    "\(parameter.name)\(layer)"
  }

  /// The numbers of a parameter, in the shape in which files have it: what all units share is one number.
  static func tensor(_ parameter: LayerParameter, _ value: ParameterValue) -> Tensor<Double> {
    parameter.naming == .sharedBias ? .scalar(value.value.storage.first ?? 0) : value.value
  }

  // MARK: - Writing

  /// Throws: `DataError.unknownFormat`; `.notStorable` for what the format has no form of; `.file`, `.interrupted`.
  package static func export(
    _ network: Network, to path: String, _ options: Options = Options(),
    catalog: NetworkCatalog, interrupt: InterruptFlag? = nil
  ) throws(DataError) {
    guard let format = format(of: path) else { throw .unknownFormat(path: path) }
    if format != .nabla, format != .safetensors { try checkExamples(network, path) }
    let state = network.state
    let bytes: [UInt8]
    switch format {
    case .onnx: bytes = try onnx(state, path).bytes
    case .safetensors: bytes = Safetensors.bytes(entries(of: state), NetworkCard(state).entries)
    case .python: bytes = Array(try script(network, options, path).text(path).utf8)
    case .nabla: bytes = Array(try NablaCell(network: state, catalog: catalog).text(path).utf8)
    }
    try FileWriter.replace(path, interrupt: interrupt) { writer throws(DataError) in
      try writer.append(bytes)
    }
  }

  /// A cell that defines the network with the weights that it has now.
  ///
  /// Throws: `DataError.notStorable` for a layer that no line writes.
  package static func cell(of network: Network, catalog: NetworkCatalog) throws(DataError) -> String
  {
    try NablaCell(network: network.state, catalog: catalog).text(network.name)
  }

  /// Throws: `DataError.notStorable` for a network that looks at several examples at once in prediction too.
  private static func checkExamples(_ network: Network, _ path: String) throws(DataError) {
    guard network.layers.contains(where: \.seesWholeBatch) else { return }
    let x = someExamples(network.inputs)
    let alone = (0..<x.rows).flatMap { (try? network.predict(.row(x.row($0))).storage) ?? [] }
    guard let together = try? network.predict(x).storage, together.count == alone.count,
      zip(together, alone).allSatisfy({ abs($0 - $1) <= 1e-6 * max(1, abs($0)) })
    else {
      throw .notStorable(
        path: path, reason: "what it gives for an example depends on the others beside it")
    }
  }

  private static func onnx(_ network: NetworkState, _ path: String) throws(DataError) -> ONNXModel {
    let code: ONNXTensor.ElementCode = network.definition.precision == .float32 ? .float : .double
    var writer = ONNXFormulaWriter(code)
    let sizes = (network.definition.inputSizes, network.outputSizes)
    var input = network.isOfVectors ? "x" : writer.reshaped("x", [network.definition.inputs])
    // What goes on from each layer, 0 the input.
    var passed = [input]
    var isNamed = false
    let values = network.parameterValues
    for (place, layer) in network.layers.enumerated() {
      writer.beginLayer()
      writer.tensors[LayerLine.input] = input
      defer { passed.append(input) }
      for (parameter, value) in zip(layer.parameters, values[place]) {
        let name = tensorName(parameter, layer: place + 1)
        writer.tensors[parameter.name] = name
        writer.add(
          ONNXTensor(
            name: name, sizes: tensor(parameter, value).sizes, code: code,
            values: value.value.storage))
      }
      let isLast = place == network.layers.count - 1 && network.isOfVectors
      // Where the lines have a short form of all examples; else as their program does it, example by example.
      if let (after, output) = written(layer, place, isLast: isLast, writer) {
        (writer, input) = (after, output)
        isNamed = isLast
      } else {
        input = try programmed(layer, place, input, &writer, path)
      }
      for residual in network.residuals where residual.upperBound == place + 1 {
        input = writer.node("Add", [input, passed[residual.lowerBound - 1]])
      }
    }
    if !isNamed { _ = writer.reshaped(input, sizes.1, named: "y") }
    var model = ONNXModel()
    model.graph = ONNXGraph(
      name: network.name, nodes: writer.nodes, initializers: writer.initializers,
      inputs: [ONNXValue(name: "x", elementType: code, sizes: sizes.0)],
      outputs: [ONNXValue(name: "y", elementType: code, sizes: sizes.1)])
    model.metadata = NetworkCard(network).entries
    return model
  }

  /// The nodes of a layer of vectors by its formulas, and what they give; nil where these have no form there.
  private static func written(
    _ layer: any Layer, _ place: Int, isLast: Bool, _ before: ONNXFormulaWriter
  ) -> (writer: ONNXFormulaWriter, output: String)? {
    guard layer.isOfVectors, let lines = try? LayerFormulas(layer, .forwardOnly).forward else {
      return nil
    }
    var (writer, output) = (before, "")
    for (number, line) in lines.enumerated() {
      let name = isLast && number == lines.count - 1 ? "y" : "\(line.name)\(place + 1)"
      guard let tensor = try? writer.tensor(line.formula, named: name) else { return nil }
      writer.tensors[line.name] = tensor
      output = tensor
    }
    return (writer, output)
  }

  /// The nodes of a layer that are made of its program.
  private static func programmed(
    _ layer: any Layer, _ place: Int, _ input: String, _ writer: inout ONNXFormulaWriter,
    _ path: String
  ) throws(DataError) -> String {
    do throws(UnwritableFormula) {
      let parameters = layer.parameters.map {
        writer.reshaped(tensorName($0, layer: place + 1), [$0.count])
      }
      return try ProgramWriter.output(
        of: layer, input: input, parameters: parameters, to: &writer)
    } catch {
      throw .notStorable(
        path: path, reason: "layer \(place + 1): ONNX has no form of \(error.part)")
    }
  }

  private static func entries(of network: NetworkState) -> [Safetensors.Entry] {
    let type: ElementType =
      network.definition.precision == .float32
      ? ElementType(kind: .floating, size: 4, isBigEndian: false) : .double
    return zip(network.layers, network.parameterValues).enumerated().flatMap { place, layer in
      zip(layer.0.parameters, layer.1).map { parameter, value in
        Safetensors.Entry(
          name: tensorName(parameter, layer: place + 1), value: tensor(parameter, value), type: type
        )
      }
    }
  }

  private static func script(_ network: Network, _ options: Options, _ path: String)
    throws(DataError) -> PyTorchScript
  {
    let x = options.x ?? someExamples(network.inputs)
    do {
      return PyTorchScript(network: network.state, x: x, outputs: try network.predict(x))
    } catch {
      throw .notStorable(path: path, reason: "\(error)")
    }
  }

  /// Three examples of small numbers, for a script that is given none.
  private static func someExamples(_ inputs: Int) -> Matrix<Double> {
    Matrix(
      rows: 3, columns: inputs,
      storage: (0..<3 * inputs).map { Double((7 * $0 + 3) % 11 - 5) / 4 })
  }

  // MARK: - Reading

  /// Throws: `DataError.file`, `.malformed`, naming what is not known; `.tooLarge`, `.tooMany`, `.interrupted`.
  package static func load(
    _ path: String, catalog: NetworkCatalog, interrupt: InterruptFlag? = nil,
    making makeActivation: MakeActivation
  ) throws(DataError) -> (content: Content, assumptions: [String]) {
    let source = try ByteSource(path: path, interrupt: interrupt)
    guard source.count <= largestFile else { throw .tooLarge(path: path, bytes: source.count) }
    switch format(of: path) {
    case .onnx:
      let model = try ONNXFile(source).model()
      let card = NetworkCard(model.metadata)
      let (inputs, layers, precision) = try ONNXNetworkReader.layers(
        of: model, path: path, catalog: catalog, card: card)
      let (network, remarks) = try self.network(card, inputs, layers, precision, path, catalog)
      return (.network(network), remarks)
    case .safetensors:
      let (entries, metadata) = try Safetensors.read(source)
      let card = NetworkCard(metadata)
      guard let count = card.layerCount else {
        return (
          .arrays(entries.map { DataFile.NamedArray(name: $0.name, value: $0.value) }),
          ["it says nothing of layers, so these are its arrays"]
        )
      }
      let layers = try layers(count, entries, card, path, catalog, makeActivation)
      let precision: Precision = entries.contains { $0.type == .double } ? .float64 : .float32
      let (network, remarks) = try self.network(
        card, layers[0].weights?.rows ?? 0, layers, precision, path, catalog)
      return (.network(network), remarks)
    case .python, .nabla, nil: throw .unknownFormat(path: path)
    }
  }

  private static func network(
    _ card: NetworkCard, _ inputs: Int, _ layers: [Dense], _ precision: Precision, _ path: String,
    _ catalog: NetworkCatalog
  ) throws(DataError) -> (Network, [String]) {
    let (loss, remark) = card.loss(catalog)
    let definition = NetworkDefinition(
      name: card.name(otherwise: DataFile.baseName(path)), inputs: inputs,
      inputNames: card.inputNames(inputs), layers: layers, loss: loss, precision: precision)
    do throws(NetworkError) {
      return (try Network(definition, catalog: catalog), remark.map { [$0] } ?? [])
    } catch {
      throw ArrayBuilder.malformed(path, "\(error)")
    }
  }

  /// The dense layers that arrays are the weights of, by what the file says of them.
  private static func layers(
    _ count: Int, _ entries: [Safetensors.Entry], _ card: NetworkCard, _ path: String,
    _ catalog: NetworkCatalog, _ makeActivation: MakeActivation
  ) throws(DataError) -> [Dense] {
    func malformed(_ reason: String) -> DataError { ArrayBuilder.malformed(path, reason) }
    guard count >= 1, count <= entries.count else {
      throw malformed("it has \(entries.count) arrays for \(count) layers")
    }
    var layers: [Dense] = []
    for number in 1...count {
      func array(_ name: String) -> Tensor<Double>? {
        entries.last { $0.name == "\(name)\(number)" }?.value
      }
      guard card.kind(number) == LayerKind.dense.name else {
        throw malformed("layer \(number), \(card.kind(number) ?? "of no kind"), is not known here")
      }
      guard let weights = array("W"), weights.rank == 2 else {
        throw malformed("layer \(number) has no weights W\(number)")
      }
      let notation = card.activation(number) ?? ""
      guard
        let activation = catalog.activation(written: notation)
          ?? card.formula(number).flatMap({ makeActivation(notation, $0) })
      else { throw malformed("the activation \(notation) of layer \(number) is not known here") }
      let bias: Biases =
        switch array("b") {
        case nil: .none
        case let bias? where bias.rank > 0 && bias.storage.count == weights.columns:
          .each(.vector(bias.storage))
        case let bias? where bias.storage.count == 1: .shared(bias.storage[0])
        case let bias?:
          throw malformed(
            "layer \(number) has \(bias.storage.count) biases for \(weights.columns) units")
        }
      layers.append(
        Dense(
          units: weights.columns, activation: activation, name: card.layerName(number),
          weights: weights, biases: bias, frozen: card.frozen(number)))
    }
    return layers
  }
}
