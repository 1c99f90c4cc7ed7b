import Calculus
import MatrixEngine
import Networks
import Notation
import Syntax

/// `network` and `perceptron` blocks: from what was written to a checked network.
extension Interpreter {
  func makeNetwork(_ syntax: NetworkSyntax) throws(Diagnostic) -> Network {
    let (given, names) = try inputs(syntax.input)
    let (input, layers) = try layersOfInput(syntax, given)
    var definition = NetworkDefinition(
      name: syntax.name, inputs: input.reduce(1, *), sizes: input, inputNames: names,
      layers: layers)
    if given.contains(nil) {
      definition.freeInput = FreeInput(
        sizes: given, origin: NetworkOrigin(syntax: syntax, source: source, cell: cell))
    }
    definition.residuals = syntax.residuals
    definition.lines = BlockLines(
      code: source.sent, layers: syntax.flatLayers.map { source.line(at: $0.span.start) })
    if let loss = syntax.loss { definition.loss = try self.loss(loss) }
    if let seed = syntax.seed { definition.seed = try whole(seed, "seed", atLeast: 0) }
    if let precision = syntax.precision {
      let words = Precision.allCases.map(\.rawValue)
      guard case .name(let word) = precision.kind, let choice = Precision(rawValue: word) else {
        throw Diagnostic(
          .value, "precision is \(words.joined(separator: " or ")), not \(written(precision.span))",
          at: precision.span)
      }
      definition.precision = choice
    }
    do throws(NetworkError) {
      let network = try Network(definition, catalog: vocabulary.catalog)
      if let other = try? self.layers(syntax, input.map { $0 + 1 }, where: given) {
        // Tried on a copy: parameters must be the same for all lengths.
        try network.copy().resize(to: other.sizes, other.layers)
      }
      return network
    } catch {
      throw Diagnostic(error, at: place(of: error, in: syntax))
    }
  }

  func makePerceptron(_ syntax: PerceptronSyntax) throws(Diagnostic) -> Network {
    let (given, names) = try inputs(syntax.input)
    let input = given.compactMap { $0 }
    let kind = LayerKind.dense
    var arguments = LayerArguments()
    try read(syntax.options, of: "a perceptron", kind, layer: 1, into: &arguments)
    let outputs = try syntax.outputs.map2 { (output) throws(Diagnostic) in
      try number(output, .global)
    }
    if outputs.count == 2, !(outputs[0] < outputs[1]) {
      throw Diagnostic(
        .value, "the outputs of a perceptron are a lower and a higher number",
        at: syntax.outputs[0].span.joined(with: syntax.outputs[1].span), help: "outputs -1, 1")
    }
    let threshold = Threshold(
      try syntax.threshold.map2 { (value) throws(Diagnostic) in try number(value, .global) } ?? 0,
      isStrict: syntax.isStrict, low: outputs.first ?? 0, high: outputs.last ?? 1)
    arguments["units"] = .number(1)
    arguments["activation"] = .activation(.unitStep(threshold))
    if arguments["init"] == nil { arguments["init"] = .initializer(.zeros) }
    do {
      return try Network(
        NetworkDefinition(
          name: syntax.name, inputs: input.reduce(1, *), inputNames: names,
          layers: [kind.define(arguments)]), catalog: vocabulary.catalog)
    } catch {
      throw Diagnostic(
        error, at: value(of: error.parameter, in: syntax.options, kind)?.span ?? syntax.span)
    }
  }

  /// What the options give for an argument.
  private func value(of name: String?, in options: [ArgumentSyntax], _ kind: LayerKind?)
    -> ExpressionSyntax?
  {
    for case .keyword(let given, _, let value) in options
    where name != nil && kind?.arguments[given]?.name == name {
      return value
    }
    return nil
  }

  /// Where in the block a mistake is: the value of the layer's W or b, the layer, or the name.
  private func place(of error: NetworkError, in syntax: NetworkSyntax) -> SourceSpan {
    let layers = syntax.flatLayers
    guard let number = error.layer, layers.indices.contains(number - 1) else {
      return syntax.nameSpan
    }
    let layer = layers[number - 1]
    let kind = vocabulary.catalog.layers[layer.word]
    return value(of: error.parameter, in: layer.options, kind)?.span ?? layer.span
  }

  /// The sizes of an example, nil for one that comes with the examples, and the names of its values.
  private func inputs(_ input: NetworkSyntax.Input) throws(Diagnostic) -> ([Int?], [String]?) {
    switch input {
    case .size(let expression, _):
      if let sizes = try exampleSizes(expression) {
        try checkExtent(sizes.map { $0 ?? 1 }, expression.span)
        return (sizes, nil)
      }
      // One word is the name of the only input, unless it is a variable that holds the number.
      if case .name(let name) = expression.kind, memory[name]?.number == nil {
        return ([1], [name])
      }
      let count = try whole(expression, "input", atLeast: 1)
      try checkExtent([count], expression.span)
      return ([count], nil)
    case .names(let names, let span):
      for (index, name) in names.enumerated() where names[..<index].contains(name) {
        throw Diagnostic(.value, "two inputs are named \(name)", at: span)
      }
      return ([names.count], names)
    }
  }

  /// `vector(4)`, `matrix(3, 4)`, `array(1, 5, 5)`: the sizes, of `matrix(T, 4)` the first is free; nil for what is none
  /// of these.
  private func exampleSizes(_ expression: ExpressionSyntax) throws(Diagnostic) -> [Int?]? {
    guard case .call(let callee, let arguments) = expression.kind,
      case .name(let word) = callee.kind,
      let kind = LayerSyntax.Input.Kind(rawValue: word), kind != .batch
    else { return nil }
    guard kind.sizeCounts.contains(arguments.count) else {
      throw Diagnostic(
        .syntax, "the input is a \(word), but has \(arguments.count.counted("size"))",
        at: expression.span, help: "input matrix(3, 4), or input array(1, 5, 5)")
    }
    return try arguments.map2 { (argument) throws(Diagnostic) -> Int? in
      guard case .positional(let size) = argument else {
        throw Diagnostic(.syntax, "a size is a number", at: argument.span)
      }
      if case .name(let name) = size.kind, kind != .vector, memory[name] == nil,
        Constants.value(named: name) == nil
      {
        return nil
      }
      return try whole(size, "a size of the input", atLeast: 1)
    }
  }

  private func whole(_ expression: ExpressionSyntax, _ what: String, atLeast least: Int)
    throws(Diagnostic) -> Int
  {
    let number = try self.number(expression, .global)
    guard let whole = Int(exactly: number), whole >= least else {
      throw Diagnostic(
        .value, "\(what) is a whole number of at least \(least), not \(plain(number))",
        at: expression.span)
    }
    return whole
  }

  // MARK: - Layers

  /// The layers one after the other, each of what the one before gives.
  func layers(_ syntax: NetworkSyntax, _ input: [Int]) throws(Diagnostic)
    -> [any LayerDefinition]
  {
    try checkExtent(input, syntax.nameSpan)
    var sizes = input
    var made: [any LayerDefinition] = []
    var starts: [[Int]] = []
    let residuals = syntax.residuals
    for line in syntax.flatLayers {
      let number = made.count + 1
      starts.append(sizes)
      let definition = try layerDefinition(line, sizes: sizes, number: number)
      made.append(definition)
      let layer: any Layer
      do {
        layer = try definition.layer(sizes: sizes, number: number)
      } catch {
        throw Diagnostic(error, at: place(of: error, in: syntax))
      }
      sizes = layer.outputSizes
      try checkExtent(sizes, line.span)
      for residual in residuals where residual.upperBound == number {
        let before = starts[residual.lowerBound - 1]
        guard before == sizes else {
          throw Diagnostic(
            .shape,
            "residual adds what goes in, \(Shape(before).phrase), to what comes out of layer \(number), \(Shape(sizes).phrase)",
            at: line.span, help: "let its last layer give what its first one takes")
        }
      }
    }
    return made
  }

  /// A line as a layer: of the cells', the shipped ones, the engine's kinds, or a function of one number.
  private func layerDefinition(_ line: NetworkSyntax.Layer, sizes: [Int], number: Int)
    throws(Diagnostic) -> any LayerDefinition
  {
    let written = layers(named: line.word)
    if !written.isEmpty {
      return ResolvedLayer(try layer(written, line, sizes: sizes, number: number))
    }
    if vocabulary.catalog.layers[line.word] == nil {
      let activation = try self.activation(ExpressionSyntax(.name(line.word), line.wordSpan))
      return ResolvedLayer(try layer(activation, line, sizes: sizes))
    }
    return try self.layer(line, number: number)
  }

  /// A function of one number, of every value that comes in.
  private func layer(_ activation: Activation, _ line: NetworkSyntax.Layer, sizes: [Int])
    throws(Diagnostic) -> FormulaLayer
  {
    var name: String?
    for case .keyword(let keyword, let span, let value) in line.options {
      guard keyword == LayerArgument.name.name,
        case .string(let text) = try evaluate(value, .global)
      else {
        throw Diagnostic(
          .name, "the layer \(line.word) has no keyword \(keyword)", at: span,
          help: "a function of one number has a name only: name = \"…\"")
      }
      name = text
    }
    do throws(CalculusError) {
      let x = Expression.symbol(
        LayerLine.input, ExpressionShape(sizes.map { .declared($0) }))
      var made = try FormulaLayer(
        kind: activation.name, name: name, inputName: LayerLine.input, inputSizes: sizes,
        parameters: [], lines: [LayerLine(LayerLine.output, try activation.expression(x))],
        activation: activation)
      made.written = WrittenLayer(word: activation.notation, arguments: [], definitions: [])
      return made
    } catch {
      throw Diagnostic(error, at: line.span)
    }
  }

  private func layer(_ syntax: NetworkSyntax.Layer, number: Int) throws(Diagnostic)
    -> any LayerDefinition
  {
    guard let kind = vocabulary.catalog.layers[syntax.word] else {
      throw unknownWord(
        syntax.word, "layer", vocabulary.catalog.layers.names,
        "the layers are \(vocabulary.catalog.layers.map(\.name).joined(separator: ", "))",
        syntax.wordSpan)
    }
    var arguments = LayerArguments()
    for (argument, value) in zip(kind.positional, syntax.values) {
      arguments[argument.name] = try self.value(value, of: argument, layer: number)
    }
    try read(syntax.options, of: "a layer", kind, layer: number, into: &arguments)
    for argument in kind.arguments where argument.isRequired && arguments[argument.name] == nil {
      throw Diagnostic(
        .type, "\(kind.name) needs \(argument.summary)", at: syntax.wordSpan,
        help: "write for example \(kind.usage)")
    }
    return kind.define(arguments)
  }

  /// What is given by name.
  private func read(
    _ options: [ArgumentSyntax], of owner: String, _ kind: LayerKind, layer number: Int,
    into arguments: inout LayerArguments
  ) throws(Diagnostic) {
    for option in options {
      guard case .keyword(let name, let nameSpan, let value) = option else { continue }
      guard let argument = kind.arguments[name], !argument.isPositional || owner == "a layer" else {
        let known = kind.keywords.map(\.name)
        let meant = Self.networkHabits[name].flatMap { kind.arguments[$0] }
        throw Diagnostic(
          .name, "\(owner) has no keyword \(name)", at: nameSpan,
          label: meant.map { Spelling.question($0.name) } ?? Spelling.question(name, in: known),
          help: meant.map { "\($0.name) is \($0.summary)" }
            ?? "its keywords are \(known.joined(separator: ", "))")
      }
      guard arguments[argument.name] == nil else {
        throw Diagnostic(.syntax, "\(name) is given twice in layer \(number)", at: nameSpan)
      }
      arguments[argument.name] = try self.value(value, of: argument, layer: number)
    }
  }

  private func value(_ expression: ExpressionSyntax, of argument: LayerArgument, layer: Int)
    throws(Diagnostic) -> LayerArguments.Value
  {
    switch argument.kind {
    case .whole: return .number(Double(try whole(expression, argument.summary, atLeast: 1)))
    case .number: return .number(try number(expression, .global))
    case .activation: return .activation(try activation(expression))
    case .initializer: return .initializer(try initializer(expression))
    case .numbers:
      return .numbers(try numeric(expression, "\(argument.name) of layer \(layer)"))
    case .biases: return .biases(try biases(expression, layer: layer))
    case .parameters(let known): return .parameters(try parameters(expression, of: known))
    case .text:
      guard case .string(let text) = try evaluate(expression, .global) else {
        throw Diagnostic(
          .type, "a layer's name is a text in double quotes", at: expression.span,
          help: "name = \"hidden\"")
      }
      return .text(text)
    }
  }

  /// `none`, `shared(0.35)`, or numbers.
  private func biases(_ expression: ExpressionSyntax, layer: Int) throws(Diagnostic) -> Biases {
    switch expression.kind {
    case .name("none"): return .none
    case .name("shared"): return .shared(0)
    case .boolean(false), .name("None"), .name("False"):
      throw Diagnostic(
        .value, "b of layer \(layer) is not \(written(expression.span))", at: expression.span,
        help: "write b = none for a layer without biases")
    case .call(let callee, let arguments):
      guard case .name("shared") = callee.kind else { break }
      guard arguments.count <= 1 else {
        throw Diagnostic(
          .type, "shared takes one number, the bias of all units", at: expression.span,
          help: "write b = shared(0.35)")
      }
      switch arguments.first {
      case .positional(let value), .keyword(_, _, let value):
        return .shared(try number(value, .global))
      default: return .shared(0)
      }
    default: break
    }
    return .each(try numeric(expression, "b of layer \(layer)"))
  }

  /// Names of parameters, in brackets where they are several, or `all`.
  func parameters(_ expression: ExpressionSyntax, of known: [String]) throws(Diagnostic)
    -> Set<String>
  {
    var parts = [expression]
    if case .brackets(let rows) = expression.kind { parts = rows.flatMap { $0 } }
    var names: Set<String> = []
    for part in parts {
      guard case .name(let name) = part.kind, name == "all" || known.contains(name) else {
        throw Diagnostic(
          .name, "frozen is \(known.joined(separator: ", ")) or all, not \(written(part.span))",
          at: part.span, help: "write for example frozen = \(known[0])")
      }
      names.formUnion(name == "all" ? known : [name])
    }
    return names
  }

  private func numeric(_ expression: ExpressionSyntax, _ what: String) throws(Diagnostic)
    -> Tensor<Double>
  {
    let value = try evaluate(expression, .global)
    guard let numeric = value.tensor else {
      throw Diagnostic(
        .type, "\(what) must be numbers, not \(value.description)", at: expression.span)
    }
    return numeric
  }

  /// A word with an optional number: `relu`, `leaky_relu(0.2)`, `normal(0.1)`. Layers keep the built-in names.
  private func word(_ expression: ExpressionSyntax, _ what: String, help: String)
    throws(Diagnostic) -> (name: String, parameter: Double?)
  {
    switch expression.kind {
    case .name(let name): return (name, nil)
    case .string(let name): return (name, nil)
    case .call(let callee, let arguments):
      guard case .name(let name) = callee.kind else { break }
      switch arguments.first {
      case nil: return (name, nil)
      case .positional(let value), .keyword(_, _, let value):
        guard arguments.count == 1 else { break }
        return (name, try number(value, .global))
      default: break
      }
    default: break
    }
    throw Diagnostic(
      .type, "\(what) is a name, not \(written(expression.span))", at: expression.span, help: help)
  }

  package func activation(_ expression: ExpressionSyntax) throws(Diagnostic) -> Activation {
    let activations = vocabulary.catalog.activations
    if let function = try ownFunction(expression, activations.names, "activation") {
      return chosen(
        try activation(of: function, expression.span), of: activations, "activation",
        formula: \.definition)
    }
    try requireName(
      expression, "an activation",
      help: "write a function of your own: f(z) = z*sigmoid(z), then dense 8, f")
    return try entry(
      expression, of: activations, "activation", "an activation", \.name,
      { $0.with(parameter: $1) }, refusal: ("in a layer takes no number", "write "))
  }

  func initializer(_ expression: ExpressionSyntax) throws(Diagnostic) -> Initializer {
    try entry(
      expression, of: vocabulary.catalog.initializers, "initializer", "init", \.notation,
      { $0.with(parameter: $1) }, refusal: ("takes no number", "write init = "))
  }

  private func loss(_ expression: ExpressionSyntax) throws(Diagnostic) -> Loss {
    let losses = vocabulary.catalog.losses
    if let function = try ownFunction(expression, losses.names, "loss") {
      return chosen(
        try loss(of: function, expression.span), of: losses, "loss", formula: \.part)
    }
    try requireName(
      expression, "a loss",
      help: "write loss half_squared_error for ½Σ(a − y)², or a function of your own: "
        + "f(y, a) = (y - a)^2/2, then loss f")
    let (word, isPerEntry) = try withoutDivisor(expression)
    let loss = try entry(
      word, of: losses, "loss", "a loss", \.notation, { $0.with(parameter: $1) },
      refusal: ("takes no number", "write loss "))
    if let parameter = loss.parameter, parameter.range.excludes(parameter.value) {
      throw Diagnostic(
        .value,
        "the \(parameter.name) of \(loss.name) is a number \(parameter.range.words), not \(plain(parameter.value))",
        at: word.span)
    }
    return isPerEntry ? loss.perEntry ?? loss : loss
  }

  /// Throws: a TypeError for a formula where a name stands, or a call of one.
  private func requireName(_ expression: ExpressionSyntax, _ what: String, help: String)
    throws(Diagnostic)
  {
    switch expression.kind {
    case .name, .string, .call: return
    default:
      throw Diagnostic(
        .type, "\(what) is a name or a function, not \(written(expression.span))",
        at: expression.span, help: help)
    }
  }

  /// A loss without its `per = entry`, and whether that was there.
  private func withoutDivisor(_ expression: ExpressionSyntax) throws(Diagnostic)
    -> (ExpressionSyntax, isPerEntry: Bool)
  {
    guard case .call(let callee, var arguments) = expression.kind,
      let place = arguments.firstIndex(where: {
        if case .keyword("per", _, _) = $0 { true } else { false }
      }), case .keyword(_, _, let value) = arguments.remove(at: place)
    else { return (expression, false) }
    guard case .name(let word) = value.kind, word == "entry" || word == "example" else {
      throw Diagnostic(
        .value, "per is entry or example, not \(written(value.span))", at: value.span,
        help: "a loss is a mean over the examples; with per = entry also over the outputs")
    }
    return (
      arguments.isEmpty ? callee : ExpressionSyntax(.call(callee, arguments), expression.span),
      word == "entry"
    )
  }

  /// The entry of a registry that a word names, with the number behind it for its parameter.
  private func entry<Entry: Named>(
    _ expression: ExpressionSyntax, of entries: Registry<Entry>, _ kind: String, _ asked: String,
    _ notation: (Entry) -> String, _ changing: (Entry, Double) -> Entry?,
    refusal: (message: String, help: String)
  ) throws(Diagnostic) -> Entry {
    let help = "the \(kind.plural) are \(entries.map(notation).joined(separator: ", "))"
    let (name, parameter) = try word(expression, asked, help: help)
    guard let entry = entries[name] else {
      throw unknownWord(name, kind, entries.names, help, expression.span)
    }
    guard let parameter else { return entry }
    guard let changed = changing(entry, parameter) else {
      throw Diagnostic(
        .type, "\(name) \(refusal.message)", at: expression.span, help: refusal.help + name)
    }
    return changed
  }

  private func unknownWord(
    _ name: String, _ what: String, _ known: [String], _ help: String, _ span: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      .name, "there is no \(what) \(name)", at: span,
      label: Spelling.question(name, in: known, otherwise: "unknown name"),
      help: help)
  }
}
