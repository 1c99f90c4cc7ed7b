import Calculus
import MatrixEngine
import Networks
import Notation
import Syntax

/// Layers written in the language: from a line of a network to the lines of the layer in its place.
extension Interpreter {
  /// What may begin a line of a network: the kinds of layers, those of the cells, and functions of one number.
  package var layerWords: [LayerWord] {
    vocabulary.layerWords
      + memory.names.sorted().compactMap { name in
        switch memory[name] {
        case .function(.user(let function)) where function.syntax.parameters.count == 1:
          .activation(name)
        case let value?: value.layer?.syntax.word
        case nil: nil
        }
      }
  }

  /// The layer that a word means; nil for the kinds that the engine brings. Several of one name are for inputs of
  /// several kinds.
  func layers(named word: String) -> [UserLayer] {
    if let own = memory[word]?.layer { return [own] }
    return vocabulary.namedLayers(word)
  }

  func define(_ layer: LayerSyntax) throws(Diagnostic) {
    try checkNames(of: layer)
    noticeShadowing(layer.name)
    if memory[layer.name]?.layer == nil,
      vocabulary.layerWords.contains(where: { $0.name == layer.name }),
      noticed.insert("layer \(layer.name)").inserted
    {
      host?.emit(
        .stream(
          .stdout,
          "note: \(layer.name) now means your layer in networks; the layer \(layer.name) that was there is hidden\n"
        ))
    }
    memory[layer.name] = .record(LayerRecord(UserLayer(layer, source: source, cell: cell)))
  }

  /// Throws: a ValueError for names that the records of a network have for something else, or that are there twice.
  private func checkNames(of layer: LayerSyntax) throws(Diagnostic) {
    // What comes out is `a`; z, W and b a layer may have as dense has them.
    let reserved = vocabulary.reservedQuantities.union([LayerLine.output])
    var seen: [String: String] = [layer.input.name: "what comes in"]
    func check(_ name: String, _ span: SourceSpan) throws(Diagnostic) {
      guard reserved.contains(name) else { return }
      throw Diagnostic(
        .name, "\(name) is a name that records of networks use", at: span,
        label: "not for a quantity of \(layer.name)", help: "give it another name")
    }
    for option in layer.options { seen[option.name] = "an option" }
    for line in layer.body.lines {
      guard case .parameters(let parameters) = line.kind else { continue }
      for parameter in parameters {
        try check(parameter.name, parameter.nameSpan)
        if let other = seen[parameter.name] {
          throw Diagnostic(
            .name, "\(parameter.name) of \(layer.name) is \(other) already", at: parameter.nameSpan,
            help: "give the parameter another name")
        }
        seen[parameter.name] = "a parameter"
      }
    }
    for given in layer.body.assignments {
      try check(given.name, given.span)
      if seen[given.name] == "a parameter" {
        throw Diagnostic(
          .name, "\(given.name) of \(layer.name) is a parameter, which its lines cannot change",
          at: given.span, help: "give the quantity another name")
      }
    }
  }

  /// A line of a network as the layer that it is, where examples have these sizes.
  func layer(
    _ layers: [UserLayer], _ line: NetworkSyntax.Layer, sizes: [Int], number: Int
  ) throws(Diagnostic) -> FormulaLayer {
    let layer = layers.first { $0.syntax.input.takes(sizes) } ?? layers[0]
    guard layer.syntax.input.takes(sizes) else {
      throw Diagnostic(
        .shape,
        "\(layer.name) takes a \(layer.syntax.input.written), but \(number == 1 ? "the input is" : "layer \(number - 1) gives") \(Shape(sizes).phrase)",
        at: line.span, label: "layer \(number)", help: layer.head)
    }
    guard !layersInside.contains(layer.name) else {
      throw Diagnostic(.value, "the layer \(layer.name) uses itself", at: line.span)
    }
    let (options, gifts) = try arguments(of: layer, line, number)
    if let refusal = NamedLayers.refusal(of: layer, options, sizes: sizes) {
      throw Diagnostic(
        .value, refusal.message,
        at: line.span(of: refusal.argument, among: layer.syntax.options) ?? line.span,
        label: "in layer \(number)", help: layer.head)
    }
    do throws(Diagnostic) {
      let read = try lines(of: layer, options, gifts, sizes: sizes, number, isTraining: false)
      var inTraining: (lines: [LayerLine], parameters: [LayerParameter])?
      if read.mindsTraining {
        let trained = try lines(of: layer, options, gifts, sizes: sizes, number, isTraining: true)
        inTraining = (trained.lines, trained.parameters)
      }
      try checkGifts(gifts, of: layer, read.parameters, number)
      try checkExamples(of: layer, read.lines)
      let all = read.lines + (inTraining?.lines ?? [])
      let constants = try constants(of: all, layer, options, read, line.span)
      do throws(CalculusError) {
        var made = try FormulaLayer(
          kind: layer.name, name: gifts.name, inputName: layer.syntax.input.name,
          inputSizes: layer.syntax.input.read(sizes), parameters: read.parameters,
          lines: read.lines, linesInTraining: inTraining?.lines, constants: constants,
          seesWholeBatch: layer.syntax.input.kind == .batch, masks: read.masks)
        made.written = written(layer, options, constants)
        return made
      } catch {
        throw Diagnostic(error, at: nil)
      }
    } catch {
      throw moved(error, of: layer, line, number)
    }
  }

  /// How a network's line asks for a layer with these options; nil for an option that has no text.
  private func written(
    _ layer: UserLayer, _ options: [String: Value], _ constants: [String: Tensor<Double>]
  ) -> WrittenLayer? {
    var arguments: [String] = []
    for option in layer.syntax.options {
      guard let value = options[option.name] else { continue }
      guard let text = value.literal else { return nil }
      arguments.append("\(option.name) = \(text)")
    }
    var definitions: [String] = []
    if memory[layer.name]?.layer === layer {
      for (name, value) in constants.sorted(by: { $0.key < $1.key })
      where !layer.syntax.options.contains(where: { $0.name == name }) {
        guard let text = Value(value).literal else { return nil }
        definitions.append("\(name) = \(text)")
      }
      definitions.append(layer.text)
    }
    return WrittenLayer(word: layer.name, arguments: arguments, definitions: definitions)
  }

  /// A mistake in the lines of a layer, at the network's line where these stand in another text.
  private func moved(
    _ error: Diagnostic, of layer: UserLayer, _ line: NetworkSyntax.Layer, _ number: Int
  ) -> Diagnostic {
    var moved = error
    guard error.name != .interrupt else { return error }
    guard layer.cell != cell || error.span == nil else { return error }
    moved.span = line.span
    if moved.label.isEmpty || layer.cell != cell {
      if moved.help == nil, !error.label.isEmpty { moved.help = error.label }
      moved.label = "in layer \(number), \(layer.name)"
    }
    return moved
  }

  // MARK: - Arguments

  private func arguments(of layer: UserLayer, _ line: NetworkSyntax.Layer, _ number: Int)
    throws(Diagnostic) -> (options: [String: Value], gifts: LayerGifts)
  {
    let syntax = layer.syntax
    var options: [String: Value] = [:]
    var gifts = LayerGifts()
    for (option, value) in zip(syntax.options, line.values) {
      options[option.name] = try argument(value)
    }
    // An average may be given too: where training has left it.
    let parameters = syntax.body.lines.flatMap { line -> [String] in
      switch line.kind {
      case .parameters(let found): found.map(\.name)
      case .running(let found): found.map(\.name)
      default: []
      }
    }
    for case .keyword(let written, let nameSpan, let value) in line.options {
      let name = GreekLetters.twin(of: written, among: syntax.options.map(\.name) + parameters)
      if syntax.options.contains(where: { $0.name == name }) {
        guard options[name] == nil else {
          throw Diagnostic(.syntax, "\(name) is given twice in layer \(number)", at: nameSpan)
        }
        options[name] = try argument(value)
      } else if parameters.contains(name) {
        if case .name("none") = value.kind, memory["none"] == nil {
          throw Diagnostic(
            .value, "\(layer.name) is nothing without its \(written)", at: value.span,
            help: "frozen = \(written) keeps it as it begins: biases at 0")
        }
        gifts.starts[name] = (try evaluate(value, .global), value.span)
      } else if name == LayerArgument.name.name {
        guard case .string(let text) = try evaluate(value, .global) else {
          throw Diagnostic(
            .type, "a layer's name is a text in double quotes", at: value.span,
            help: "name = \"hidden\"")
        }
        gifts.name = text
      } else if name == LayerArgument.initializer.name {
        gifts.initializer = try initializer(value)
      } else if name == LayerArgument.frozen([]).name, !parameters.isEmpty {
        gifts.frozen = try self.parameters(value, of: parameters)
      } else {
        let known = syntax.options.map(\.name) + parameters + ["init", "frozen", "name"]
        throw Diagnostic(
          .name, "\(layer.name) has no keyword \(written)", at: nameSpan,
          label: Spelling.question(written, in: known),
          help: "its keywords are \(known.joined(separator: ", "))")
      }
    }
    for option in syntax.options where options[option.name] == nil {
      guard option.fallback != nil else {
        throw Diagnostic(
          .type, "\(layer.name) needs \(option.name)", at: line.span, label: "layer \(number)",
          help: layer.head)
      }
    }
    return (options, gifts)
  }

  private func argument(_ expression: ExpressionSyntax) throws(Diagnostic) -> Value {
    try evaluate(expression, .global)
  }

  private func checkGifts(
    _ gifts: LayerGifts, of layer: UserLayer, _ parameters: [LayerParameter], _ number: Int
  ) throws(Diagnostic) {
    for (name, given) in gifts.starts {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        throw Diagnostic(
          .value, "\(name) is no parameter of layer \(number), as its options are", at: given.span)
      }
      guard let tensor = given.value.tensor else {
        throw Diagnostic(
          .type, "\(name) of layer \(number) must be numbers, not \(given.value.description)",
          at: given.span)
      }
      try placed(given.span) { () throws(NetworkError) in
        try parameter.check(tensor, layer: number)
      }
    }
  }

  /// Throws: a ShapeError for a layer of all examples that does not give a row, or what else there is, for each of them.
  private func checkExamples(of layer: UserLayer, _ lines: [LayerLine]) throws(Diagnostic) {
    let syntax = layer.syntax
    guard syntax.input.kind == .batch, let shape = lines.last?.formula.shape,
      shape.dimensions.first != LayerLine.batch
    else { return }
    let given = shape == .scalar ? "a number" : "\(shape)"
    throw Diagnostic(
      .shape,
      "\(layer.name) gives \(given), but of a \(syntax.input.written) each example must come out again",
      at: syntax.body.result.span,
      help: "let the first size of what it gives be the number of examples")
  }
}

extension LayerSyntax.Option {
  /// The share of `kept(1 - p)`, where it begins so.
  var drawn: ExpressionSyntax? {
    guard case .call(let callee, let arguments)? = fallback?.kind, case .name("kept") = callee.kind,
      case .positional(let share)? = arguments.first
    else { return nil }
    return share
  }
}

extension LayerSyntax.Input {
  /// Whether examples of these sizes may come in.
  func takes(_ sizes: [Int]) -> Bool {
    switch kind {
    case nil: true
    case .vector: sizes.count == 1 && agrees(sizes)
    case .matrix: sizes.count == 2 && agrees(sizes)
    // Sizes of 1 at the front may be left out.
    case .array:
      sizes.count >= 1 && (self.sizes.isEmpty || sizes.count <= self.sizes.count)
        && agrees(read(sizes))
    case .batch:
      self.sizes.isEmpty || sizes.count == self.sizes.count - 1 && agrees([0] + sizes, from: 1)
    }
  }

  private func agrees(_ found: [Int], from start: Int = 0) -> Bool {
    guard !sizes.isEmpty else { return true }
    for (size, count) in zip(sizes, found).dropFirst(start) {
      if case .number(let number) = size, number != count { return false }
    }
    return true
  }

  /// The sizes as the lines have them.
  func read(_ sizes: [Int]) -> [Int] {
    guard kind == .array, !self.sizes.isEmpty else { return sizes }
    return Array(repeating: 1, count: max(0, self.sizes.count - sizes.count)) + sizes
  }

  /// `matrix(t, d)`
  var written: String {
    guard let kind else { return "value" }
    let names = sizes.map { size in
      switch size {
      case .name(let name): name
      case .number(let number): "\(number)"
      }
    }
    return names.isEmpty ? kind.rawValue : "\(kind.rawValue)(\(names.joined(separator: ", ")))"
  }
}
