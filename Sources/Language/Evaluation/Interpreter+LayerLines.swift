import Calculus
import MatrixEngine
import Networks
import Notation
import Syntax

/// The lines of layers: what they come to for sizes and options, and the words that only layers have.
extension Interpreter {
  /// What the lines of a layer have come to.
  struct ReadLines {
    let lines: [LayerLine]
    let parameters: [LayerParameter]
    let mindsTraining: Bool
    let masks: [LayerMask]
    let scope: Scope
  }

  /// The lines of a layer for examples of some sizes, with the names that they give written out.
  ///
  /// Throws: a `Diagnostic` that names the line.
  func lines(
    of layer: UserLayer, _ options: [String: Value], _ gifts: LayerGifts, sizes: [Int],
    _ number: Int, isTraining: Bool
  ) throws(Diagnostic) -> ReadLines {
    let syntax = layer.syntax
    let own = LayerReading(
      number: number, name: layer.name, input: syntax.input.name, isTraining: isTraining,
      given: gifts)
    own.announced = syntax.body.familyNames
    let reading = FormulaReading(
      unknownNames: .mistakes, variables: [], parameters: [syntax.input.name],
      callDepth: callDepth, in: nil, layer: own)
    var scope = Scope.global
    let shape = bindSizes(of: syntax.input, sizes, &scope)
    scope.bind(Self.training, .boolean(isTraining))
    let outer = (source: source, cell: cell)
    (source, cell) = (layer.source, layer.cell)
    defer { (source, cell) = outer }
    for option in syntax.options where option.drawn == nil {
      let value =
        if let given = options[option.name] { given } else if let fallback = option.fallback {
          try evaluate(fallback, scope)
        } else { Value.nothing }
      scope.bind(option.name, value)
    }
    scope.reading = reading
    try bindMasks(of: syntax, options, sizes, own, reading, &scope)
    scope.bind(
      syntax.input.name, .expression(reading.add(Symbol(syntax.input.name, shape))))
    formulaDepth += 1
    layersInside.append(layer.name)
    defer {
      formulaDepth -= 1
      layersInside.removeLast()
    }
    let output: Expression
    do throws(Diagnostic) {
      output = try evaluateLines(syntax.body, scope)
    } catch {
      throw placed(error, own)
    }
    let mentions = syntax.body.mentions(Self.training)
    do throws(CalculusError) {
      return ReadLines(
        lines: try own.finished(output), parameters: own.parameters,
        mindsTraining: own.mindsTraining || mentions, masks: own.masks, scope: scope)
    } catch {
      throw Diagnostic(error, at: syntax.body.result.span)
    }
  }

  /// An option that begins as `kept(1 - p)` is drawn for each pass, or given: for all examples, or an example a row.
  private func bindMasks(
    of syntax: LayerSyntax, _ options: [String: Value], _ sizes: [Int], _ layer: LayerReading,
    _ reading: FormulaReading, _ scope: inout Scope
  ) throws(Diagnostic) {
    for option in syntax.options {
      guard let drawn = option.drawn else { continue }
      let given = options[option.name]?.tensor
      if let given, given.sizes == sizes {
        scope.bind(option.name, .array(given))
        continue
      }
      let share = try number(drawn, scope.ofValuesAlone)
      guard share > 0, share <= 1 else {
        throw Diagnostic(
          .value,
          "the share of what is kept is a number above 0 and at most 1, not \(plain(share))",
          at: drawn.span)
      }
      if let given, Array(given.sizes.dropFirst()) != sizes {
        throw Diagnostic(
          .shape,
          "\(option.name) of layer \(layer.number) is \(Shape(given.sizes).phrase), but an example there is \(Shape(sizes).phrase)",
          at: drawn.span)
      }
      layer.masks.append(
        LayerMask(option.name, sizes: sizes, share: share, given: given, layer: layer.number))
      reading.parameters.insert(option.name)
      scope.bind(
        option.name,
        .expression(
          reading.add(
            Symbol(option.name, ExpressionShape(sizes.map { .declared($0) }), role: .local))))
    }
  }

  /// The name that says in a layer's lines whether it is trained.
  static let training = "training"

  /// A mistake in a line says which, and of which layer.
  private func placed(_ error: Diagnostic, _ layer: LayerReading) -> Diagnostic {
    guard error.name != .interrupt, let line = layer.current else { return error }
    var error = error
    error.message += ", in `\(source.oneLine(line))` of layer \(layer.number), \(layer.name)"
    return error
  }

  /// The sizes that the head names, and the shape of what comes in.
  private func bindSizes(
    of input: LayerSyntax.Input, _ sizes: [Int], _ scope: inout Scope
  ) -> ExpressionShape {
    var dimensions = input.read(sizes).map { Dimension.declared($0) }
    if input.kind == .batch { dimensions.insert(LayerLine.batch, at: 0) }
    for (size, dimension) in zip(input.sizes, dimensions) {
      guard case .name(let name) = size else { continue }
      scope.bind(
        name,
        dimension.count.map { .scalar(Double($0)) } ?? .expression(.size(dimension)))
    }
    return ExpressionShape(dimensions)
  }

  /// The numbers that lines know by a name: options, and variables of the cells.
  func constants(
    of lines: [LayerLine], _ layer: UserLayer, _ options: [String: Value], _ read: ReadLines,
    _ span: SourceSpan
  ) throws(Diagnostic) -> [String: Tensor<Double>] {
    var known = Set(lines.map(\.quantity)).union(read.parameters.map(\.symbolName))
    known.insert(layer.syntax.input.name)
    known.formUnion(read.masks.map(\.name))
    var constants: [String: Tensor<Double>] = [:]
    for symbol in lines.flatMap(\.formula.symbols) where !known.contains(symbol.name) {
      guard let value = (read.scope[symbol.name] ?? memory[symbol.name])?.tensor else {
        throw Diagnostic(
          .name, "\(symbol.name) in \(layer.name) has no value", at: span,
          help: "give it one with \(symbol.name) = …")
      }
      constants[symbol.name] = value
    }
    return constants
  }

  // MARK: - What only layers have

  /// `parameter W: matrix(d, k) = …`
  func declare(_ parameters: [LayerParameterSyntax], _ scope: inout Scope) throws(Diagnostic) {
    guard let reading = scope.reading, let layer = reading.layer else { return }
    for parameter in parameters {
      let sizes = try parameter.sizes.map2 { (size) throws(Diagnostic) in
        try wholeSize(size, scope, reading)
      }
      let start = try self.start(of: parameter, sizes, layer, scope)
      let made = LayerParameter(
        parameter.name, aliases: GreekLetters.twins(of: parameter.name), sizes: sizes,
        naming: .plain, start: start, isFrozen: layer.given.frozen.contains(parameter.name))
      if case .given(let numbers) = start, layer.given.starts[parameter.name] == nil {
        try placed(parameter.start?.span ?? parameter.nameSpan) { () throws(NetworkError) in
          try made.check(numbers, layer: layer.number)
        }
      }
      layer.add(made)
      reading.parameters.insert(parameter.name)
      scope.bind(
        parameter.name,
        .expression(
          reading.add(Symbol(parameter.name, ExpressionShape(sizes.map { .declared($0) })))))
    }
  }

  private func wholeSize(_ size: ExpressionSyntax, _ scope: Scope, _ reading: FormulaReading)
    throws(Diagnostic) -> Int
  {
    let formula = try operand(evaluate(size, scope), size.span, reading)
    guard let number = formula.number?.value ?? value(of: formula, reading),
      let whole = Int(exactly: number), whole >= 1
    else {
      throw Diagnostic(
        .value, "a size is a whole number of at least 1, not \(formula.text)", at: size.span)
    }
    return whole
  }

  private func start(
    of parameter: LayerParameterSyntax, _ sizes: [Int], _ layer: LayerReading, _ scope: Scope
  ) throws(Diagnostic) -> LayerParameter.Start {
    if let given = layer.given.starts[parameter.name]?.value.tensor { return .given(given) }
    if let start = parameter.start {
      if case .name(let word) = start.kind, let constant = ["ones": 1.0, "zeros": 0][word] {
        return .constant(constant)
      }
      let word: String? =
        switch start.kind {
        case .name(let name): name
        case .call(let callee, _): if case .name(let name) = callee.kind { name } else { nil }
        default: nil
        }
      if let word, scope[word] == nil, vocabulary.catalog.initializers[word] != nil {
        return .drawn(try initializer(start))
      }
      var values = scope.ofValues
      values.reading = nil
      let value = try evaluate(start, values)
      guard let tensor = value.tensor else {
        throw Diagnostic(
          .type, "\(parameter.name) begins with numbers, not with \(value.description)",
          at: start.span)
      }
      return tensor.rank == 0 ? .constant(tensor.storage[0]) : .given(tensor)
    }
    if sizes.count > 1 { return .drawn(layer.given.initializer ?? .xavier) }
    return .constant(0)
  }

  /// `running μ = 0, v = 1`: in training the line's value counts, in prediction the average stands for it.
  func declare(_ quantities: [RunningSyntax], _ scope: inout Scope) throws(Diagnostic) {
    guard let reading = scope.reading, let layer = reading.layer else { return }
    layer.mindsTraining = true
    for quantity in quantities {
      guard let line = layer.lineOf(quantity.name), line.member == nil else {
        throw Diagnostic(
          .name, "there is no line for \(quantity.name) before", at: quantity.nameSpan,
          help:
            "a running average is of a quantity: \(quantity.name) = …, then running \(quantity.name) = 0"
        )
      }
      var start = 0.0
      if let given = quantity.start { start = try number(given, scope.ofValuesAlone) }
      let shape = line.formula.shape
      guard shape.dimensions.allSatisfy({ $0.count != nil }) else {
        throw Diagnostic(
          .shape, "\(quantity.name) has an entry an example, so it has no average",
          at: quantity.nameSpan)
      }
      let given = layer.given.starts[quantity.name]?.value.tensor
      layer.add(
        LayerParameter(
          quantity.name, aliases: GreekLetters.twins(of: quantity.name),
          sizes: shape.dimensions.compactMap(\.count),
          start: given.map { .given($0) } ?? .constant(start), isAverage: true))
      if !layer.isTraining {
        layer.replace(
          line, by: .symbol(LayerParameter.average(of: quantity.name), shape))
      }
    }
  }

  /// A member of a family, `h[t - 1]`.
  func familyMember(
    _ name: String, _ indices: [IndexSyntax], _ span: SourceSpan, _ scope: Scope,
    _ reading: FormulaReading
  ) throws(Diagnostic) -> Value {
    let index = try familyIndex(name, indices, span, scope, reading)
    guard let member = scope[LayerReading.key(name, index)] else {
      throw Diagnostic(
        .value, "\(name)[\(index)] has no value yet", at: span,
        help: "a line before gives it one: \(name)[\(index)] = …")
    }
    return member
  }

  /// The number that stands in `h[t]`.
  func familyIndex(
    _ name: String, _ indices: [IndexSyntax], _ span: SourceSpan, _ scope: Scope,
    _ reading: FormulaReading
  ) throws(Diagnostic) -> Int {
    guard indices.count == 1, case .expression(let syntax) = indices[0] else {
      throw Diagnostic(
        .syntax, "\(name) is a family: it has one whole number as its index", at: span,
        help: "\(name)[t]")
    }
    let formula = try operand(evaluate(syntax, scope), syntax.span, reading)
    guard let number = formula.number?.value ?? value(of: formula, reading),
      let index = Int(exactly: number)
    else {
      throw Diagnostic(
        .value, "the index of the family \(name) is not known before the layer runs",
        at: syntax.span, help: "it counts in a `for`: \(name)[t]")
    }
    return index
  }
}

extension Scope {
  /// The numbers of a scope, outside of a formula.
  fileprivate var ofValuesAlone: Scope {
    var scope = ofValues
    scope.reading = nil
    return scope
  }
}

extension BodySyntax {
  /// The names that are given a value in an entry and never as a whole.
  fileprivate var familyNames: Set<String> {
    var (whole, members) = (Set<String>(), Set<String>())
    for given in assignments {
      if given.isEntry { members.insert(given.name) } else { whole.insert(given.name) }
    }
    return members.subtracting(whole)
  }

  /// Whether a name is read anywhere in it.
  func mentions(_ name: String) -> Bool {
    var found = false
    forEachExpression { expression in
      found = found || expression.firstName(where: { $0 == name }) != nil
    }
    return found
  }
}
