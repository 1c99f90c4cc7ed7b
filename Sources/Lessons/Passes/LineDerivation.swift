import Calculus
import Language
import MatrixEngine
import Networks
import Notation

/// A layer that tells its part of a run in its own way, beside what follows from its lines.
protocol TellsItself: Layer {
  /// Adds the way forward, or back, of layer `number` to an explanation, neuron by neuron or in matrices.
  func tellForward(_ number: Int, in derivation: inout NeuronDerivation) throws(CalculusError)
  func tellBackward(_ number: Int, in derivation: inout NeuronDerivation) throws(CalculusError)
  func tellForward(_ number: Int, in derivation: inout MatrixDerivation) throws(CalculusError)
  func tellBackward(_ number: Int, in derivation: inout MatrixDerivation) throws(CalculusError)
}

extension DenseLayer: TellsItself {
  func tellForward(_ number: Int, in derivation: inout NeuronDerivation) throws(CalculusError) {
    try derivation.addNeurons(number, activation ?? .identity)
  }

  func tellBackward(_ number: Int, in derivation: inout NeuronDerivation) throws(CalculusError) {
    try derivation.addGradients(number, activation ?? .identity)
  }

  func tellForward(_ number: Int, in derivation: inout MatrixDerivation) throws(CalculusError) {
    try derivation.addNeurons(number, activation ?? .identity)
  }

  func tellBackward(_ number: Int, in derivation: inout MatrixDerivation) throws(CalculusError) {
    try derivation.addNeuronGradients(number, activation ?? .identity)
  }
}

/// A layer's part of a run, told by its lines and by the way back that the calculus finds for them.
///
/// Of one example the quantities are as they are, a^[2]; of several vectors they are matrices with an example a row,
/// A^[2]; of several arrays one example is told.
struct LineDerivation {
  private let run: NetworkRun
  private let number: Int
  private let layer: any Layer
  private let choice: NetworkChoice
  /// Whether all examples are told at once.
  private let isBatch: Bool
  /// The example that is told otherwise, from 1.
  private let example: Int
  /// Whether the layers around tell one example.
  private let isAlone: Bool
  /// The members of families by their names, ∂L by quantities, and what lies within a quantity's line.
  private let members: [String: FamilyMember]
  private let gradients: [String: String]
  private let inners: [String: String]

  /// Of a layer that lets see one example at a time where `isAlone`.
  init(_ run: NetworkRun, _ number: Int, _ choice: NetworkChoice, isAlone: Bool = false) {
    self.run = run
    self.number = number
    self.choice = choice
    example = choice.example ?? 1
    self.isAlone = isAlone
    layer = run.layer(number)
    var (members, gradients) = ([String: FamilyMember](), [String: String]())
    var inners: [String: String] = [:]
    for found in run.forward.layers[number - 1]
    where gradients[LayerFormulas.gradient(found.name)] == nil {
      members[found.name] = found.member
      gradients[LayerFormulas.gradient(found.name)] = found.name
      for place in 1...Self.mostInner {
        inners[LayerFormulas.inner(found.name, place)] = found.name
      }
    }
    (self.members, self.gradients, self.inners) = (members, gradients, inners)
    isBatch =
      run.examples > 1 && !isAlone && choice.example == nil && run.hasBatchForm(number)
  }

  /// Throws: as the formulas' values.
  func addForward(to writer: inout LineWriter) throws(CalculusError) {
    let title = layer.name.map { " (\($0))" } ?? ""
    let step = Derivation.Step("layer \(number)\(title): \(layer.title)")
    noteInputs(in: &writer)
    if number > 1 { try appendBatch(step, quantity(layer.inputName), to: &writer) }
    let lines = try formulas(.forwardOnly).forward
    let told = folding(lines)
    for line in lines {
      let value = value(run.forward, line.name)
      guard told.includes(line.name) else {
        writer.values[quantity(line.name)] = value
        continue
      }
      try append(
        step, line, quantity(line.name), value, reason: told.remark(behind: line.name),
        to: &writer)
      try appendEntries(step, line, quantity(line.name), lines, to: &writer)
    }
    try appendExample(
      step, Quantity(Trace.output, layer: number), of: quantity(Trace.output), to: &writer)
  }

  /// Throws: as the formulas' values.
  func addBackward(to writer: inout LineWriter) throws(CalculusError) {
    guard let gradients = run.gradients else { return }
    let step = Derivation.Step("back through layer \(number)")
    noteInputs(in: &writer)
    for found in run.forward.layers[number - 1]
    where !writer.rounds || writer.values[quantity(found.name)] == nil {
      writer.values[quantity(found.name)] = value(run.forward, found.name)
    }
    let byOutput = partial(Trace.output)
    writer.values[byOutput] = writer.values[byOutput] ?? value(gradients.trace, Trace.output)
    try appendBatch(step, byOutput, to: &writer)
    let formulas = try formulas(.steps)
    let told = folding(formulas.forward)
    for line in seen(in: formulas) {
      try append(
        step, line, quantity(line.name), value(run.forward, line.name),
        reason: "what the windows have seen", to: &writer)
    }
    for line in formulas.backward {
      let name = partial(line)
      let known = known(line, gradients)
      guard told.includes(line.within ?? line.name) else {
        if let known {
          writer.values[name] = known
        } else {
          try writer.note(Symbol(name, line.formula.shape), try inNames(line.formula))
        }
        continue
      }
      let whole = sharesBatch ? line : try addingResiduals(line, gradients, to: &writer)
      try append(
        step, whole, name, known,
        reason: Self.joined(reason(line), told.remark(before: line.name)), to: &writer)
      try appendEntries(step, whole, name, formulas.forward, to: &writer)
    }
    try appendExample(
      step, run.passedName(number - 1).derivative(), of: partial(layer.inputName),
      adding: residuals(gradients, to: &writer), to: &writer)
  }

  /// The lines that are windows over something and nothing else, and that the way back uses.
  private func seen(in formulas: LayerFormulas) -> [LayerFormulas.Line] {
    let used = Set(formulas.backward.flatMap { $0.formula.symbols.map(\.name) })
    return formulas.forward.filter { $0.formula.isWindows && used.contains($0.name) }
  }

  /// What the run knows of a line of the way back: nil where it is to be calculated.
  private func known(_ line: LayerFormulas.Line, _ gradients: Gradients) -> Tensor<Double>? {
    guard line.within == nil else { return nil }
    if line.name == layer.inputName {
      // With what residuals add, which is told of the example alone.
      if sharesBatch, run.residuals.contains(where: { $0.lowerBound == number }) { return nil }
      return numbers(
        gradients.trace.quantity(Trace.output, layer: number - 1)
          ?? Trace.Quantity(Trace.output, gradients.trace.input, sizes: gradients.trace.inputSizes))
    }
    if isLearned(line.name), let found = gradients[parameter: line.name, number] {
      return isShare ? nil : found.value
    }
    return value(gradients.trace, line.name)
  }

  /// Where residuals begin, what their sums hand back adds to ∂L by what goes in.
  private func addingResiduals(
    _ line: LayerFormulas.Line, _ gradients: Gradients, to writer: inout LineWriter
  ) throws(CalculusError) -> LayerFormulas.Line {
    guard line.name == layer.inputName else { return line }
    var formula = line.formula
    if !isBatch, !layer.seesWholeBatch, passed.sizes.count < formula.shape.dimensions.count {
      formula = try formula.reshaped(to: ExpressionShape(passed.sizes.map { .declared($0) }))
    }
    return line.with(try adding(residuals(gradients, to: &writer), to: formula))
  }

  /// ∂L by the sums of the residuals that begin here, of the example that is told.
  private func residuals(_ gradients: Gradients, to writer: inout LineWriter) -> [Quantity] {
    run.residuals.filter { $0.lowerBound == number }.map { residual in
      let name = run.passedName(residual.upperBound).derivative()
      writer.values[name] = gradients.trace.quantity(Trace.output, layer: residual.upperBound)
        .map(ofExample)
      return name
    }
  }

  private func adding(_ names: [Quantity], to formula: Expression) throws(CalculusError)
    -> Expression
  {
    names.isEmpty
      ? formula : try .add([formula] + names.map { .symbol($0, formula.shape) })
  }

  /// Whether the told example has a part in the gradient of a parameter only.
  private var isShare: Bool { run.examples > 1 && !isBatch && !layer.seesWholeBatch }

  private func reason(_ line: LayerFormulas.Line) -> SymbolText {
    var words: [SymbolText] = []
    if line.name == layer.inputName {
      words.append(
        number == 1 ? "by the inputs" : .words("from layer \(number) to layer \(number - 1)"))
    } else if isLearned(line.name) {
      if isBatch { words.append("summed over the examples") }
      if isShare {
        words.append(
          .words(
            "the share of example \(example); the gradient is the sum over all \(run.examples)"))
      }
    }
    if case .add(let parts) = line.formula.node, line.within == nil, line.shares > 1 {
      words.append(.words("the sum of its \(parts.count) uses"))
    }
    if number == run.layers, line.name == "z", !run.isSum(number), !isBatch,
      let slope = run.network.loss.fusion(with: layer.activation)?.slope
    {
      let text = SymbolText(slope.text, setting: Quantity(Trace.output, layer: number))
      words.append(
        run.divisor == 1
          ? "which is " + text + ": the factors cancel"
          : "which is (" + text + .words(")/\(run.divisor): the factors cancel"))
    }
    return words.dropFirst().reduce(words.first ?? "") { $0 + "; " + $1 }
  }

  private static func joined(_ first: SymbolText, _ second: SymbolText) -> SymbolText {
    first.isEmpty || second.isEmpty ? first + second : first + "; " + second
  }

  private func formulas(_ way: LayerFormulas.Way) throws(CalculusError) -> LayerFormulas {
    try LayerFormulas(
      layer, isBatch: isBatch, isTraining: run.isTraining, rows: run.examples, way)
  }

  /// Formulas of more places than these are left to their first lines.
  private static let mostShares = 12

  private func append(
    _ step: Derivation.Step, _ line: LayerFormulas.Line, _ name: Quantity,
    _ value: Tensor<Double>?, reason: SymbolText = "", to writer: inout LineWriter
  ) throws(CalculusError) {
    let named = try inNames(line.formula)
    let sizes = value?.sizes ?? named.shape.dimensions.compactMap(\.count)
    var reason = reason
    for why in named.transposeReasons { reason = Self.joined(reason, why) }
    let isLong = line.shares > Self.mostShares
    var known = writer.rounds && !isLong ? nil : value
    if isLong, known == nil { known = try writer.value(of: named) }
    let result = try writer.append(
      step, .name(Symbol(name, named.shape)), last: isLong ? .symbol(name, named.shape) : named,
      reason: reason,
      dimensions: sizes.count < 2 ? "" : sizes.map(String.init).joined(separator: "×"),
      known: known)
    writer.values[name] = result ?? value
  }

  /// A formula of the lines by the names of the run.
  private func inNames(_ formula: Expression) throws(CalculusError) -> Expression {
    let resized = try formula.resized { size in
      size == LayerLine.batch ? .declared(run.examples) : size
    }
    return try resized.substituting(names(in: resized))
  }

  private func noteInputs(in writer: inout LineWriter) {
    let input = quantity(layer.inputName)
    writer.values[input] = writer.values[input] ?? numbers(passed)
    for (parameter, value) in zip(layer.parameters, run.network.parameterValues[number - 1]) {
      writer.values[parameterName(parameter)] = value.value
    }
    for (name, value) in layer.constants { writer.values[Quantity(name, layer: number)] = value }
    for mask in layer.masks {
      writer.values[Quantity(mask.name, layer: number)] = mask.value(
        of: example, draw: run.network.updates)
    }
  }

  // MARK: - Entries

  /// Formulas of more parts than these are not taken apart, nor arrays of more entries told entry by entry.
  private static let (mostParts, mostEntries) = (80.0, 12)

  /// Which entries a window brings together, behind a line that goes through windows: of all entries where they are
  /// few, else of the one that is asked for, or the first.
  private func appendEntries(
    _ step: Derivation.Step, _ line: LayerFormulas.Line, _ name: Quantity,
    _ lines: [LayerFormulas.Line], to writer: inout LineWriter
  ) throws(CalculusError) {
    var seen: [Symbol: Expression] = [:]
    for other in lines where other.formula.isWindows {
      seen[Symbol(Quantity(name: other.name), other.formula.shape)] = other.formula
    }
    guard let substituted = try? line.formula.substituting(seen),
      line.formula.goesThroughWindows || substituted != line.formula,
      let whole = try? inNames(substituted)
    else { return }
    // What a window sees is told by the line itself.
    if case .arranged = line.formula.node, lines.contains(where: { $0.name == line.name }),
      line.formula.goesThroughWindows
    {
      return
    }
    let sizes = whole.shape.dimensions.compactMap(\.count)
    let count = sizes.reduce(1, *)
    guard !sizes.isEmpty, sizes.count == whole.shape.dimensions.count, count > 0 else { return }
    let asked = choice.neuron.map { [$0 - 1] } ?? Array(0..<count)
    // Few entries are told whole, the longest among them too.
    let most = asked.count <= Self.mostEntries ? 3 * Self.mostParts : Self.mostParts
    var told: [(flat: Int, place: [Int], formula: Expression)] = []
    let values = writer.values[name]?.storage ?? []
    for flat in asked where flat < count {
      let place = Expression.position(flat, in: sizes)
      guard let formula = try? whole.entryForm(at: place), formula.treeSize <= most
      else { continue }
      told.append((flat, place, formula))
    }
    if told.count > Self.mostEntries {
      // The first of those that most comes together in.
      let most = told.map(\.formula.treeSize).max() ?? 0
      told = Array(told.filter { $0.formula.treeSize == most }.prefix(1))
    }
    for (flat, place, formula) in told {
      try writer.append(
        step, .entry(of: Symbol(name, whole.shape), place.map(String.init)), last: formula,
        reason: told.count < asked.count
          ? .words(
            "\(told.count == 1 ? "one" : "\(told.count)") of \(count) entries; neuron = … takes another"
          ) : "",
        known: values.count == count ? .scalar(values[flat]) : nil)
    }
  }

  // MARK: - One example of a batch

  /// Whether one example is told while the lines see all of them.
  private var sharesBatch: Bool { isAlone && layer.seesWholeBatch }

  /// The values of all examples, where what is told so far is of one.
  private func appendBatch(_ step: Derivation.Step, _ name: Quantity, to writer: inout LineWriter)
    throws(CalculusError)
  {
    guard sharesBatch, let value = writer.values[name] else { return }
    let all = Expression.symbol(name, ExpressionShape(value.sizes.map { .declared($0) }))
    try writer.note(Symbol(name, all.shape), all)
    try writer.append(
      step, Symbol(name, all.shape), last: all, reason: "of all examples, each found likewise",
      dimensions: value.sizes.map(String.init).joined(separator: "×"), known: value)
  }

  /// The part of the told example in what the lines have given for all of them, and what is added to it.
  private func appendExample(
    _ step: Derivation.Step, _ name: Quantity, of all: Quantity, adding others: [Quantity] = [],
    to writer: inout LineWriter
  ) throws(CalculusError) {
    guard sharesBatch, let value = writer.values[all] else { return }
    let whole = Expression.symbol(all, ExpressionShape(value.sizes.map { .declared($0) }))
    let own = try whole.slice(example)
    try writer.append(
      step, Symbol(name, own.shape), last: adding(others, to: own),
      reason: .words("example \(example)"),
      dimensions: value.sizes.count < 3
        ? "" : value.sizes.dropFirst().map(String.init).joined(separator: "×"))
  }

  // MARK: - Long recurrences

  /// Which members of families are told where there are many.
  private struct Folding {
    /// The members that are not told, by name, and those in front of and behind a gap.
    var hidden: Set<String> = []
    var gap = 0...0
    var edges: [String: Int] = [:]

    func includes(_ name: String) -> Bool { !hidden.contains(name) }

    /// Behind the last member in front of the gap.
    func remark(behind name: String) -> SymbolText {
      edges[name] == gap.lowerBound - 1 && !hidden.isEmpty ? remark : ""
    }

    func remark(before name: String) -> SymbolText {
      edges[name] == gap.upperBound + 1 && !hidden.isEmpty ? remark : ""
    }

    private var remark: SymbolText {
      .words("\(gap.lowerBound) … \(gap.upperBound) go likewise")
    }
  }

  /// More members of a family than these are told in part.
  private static let mostMembers = 6

  private func folding(_ lines: [LayerFormulas.Line]) -> Folding {
    var folding = Folding()
    let members = run.forward.layers[number - 1].compactMap { quantity in
      quantity.member.map { (quantity.name, $0) }
    }
    guard let last = members.map(\.1.index).max(), last > Self.mostMembers else { return folding }
    folding.gap = 3...(last - 2)
    for (name, member) in members {
      if folding.gap.contains(member.index) {
        folding.hidden.insert(name)
      } else {
        folding.edges[name] = member.index
      }
    }
    return folding
  }

  // MARK: - Names

  /// Of a quantity of this layer, or of its input, what the layer before gives.
  private func quantity(_ name: String) -> Quantity {
    let isInput = name == layer.inputName
    if isInput, !isBatch, !layer.seesWholeBatch { return run.passedName(number - 1) }
    // Of all examples at once it is a matrix, or an array of more indices.
    if layer.seesWholeBatch, isInput || name == Trace.output {
      return Quantity(
        NetworkSymbol.matrixName(Trace.output), layer: isInput ? number - 1 : number)
    }
    let layer = isInput ? number - 1 : number
    if let member = member(name), !isInput {
      return Quantity(member.family, index: "\(member.index)", layer: layer)
    }
    let letter = isInput ? Trace.output : name
    return Quantity(isBatch ? NetworkSymbol.matrixName(letter) : letter, layer: layer)
  }

  /// Of a parameter, or of the average that stands for a quantity.
  private func parameterName(_ parameter: LayerParameter) -> Quantity {
    Quantity(parameter.isAverage ? "\(parameter.name)_average" : parameter.name, layer: number)
  }

  private func member(_ name: String) -> FamilyMember? {
    members[name]
  }

  private func partial(_ name: String) -> Quantity {
    isLearned(name) ? Quantity(name, layer: number).derivative() : quantity(name).derivative()
  }

  /// Whether a parameter goes by the name; an average has that of the quantity it is of.
  private func isLearned(_ name: String) -> Bool {
    layer.parameter(named: name)?.isAverage == false
  }

  /// What a line of the way back is of.
  private func partial(_ line: LayerFormulas.Line) -> Quantity {
    line.within.map { inner(line.name, of: $0) } ?? partial(line.name)
  }

  /// δh₂ of a line of h₂.
  private func inner(_ name: String, of line: String) -> Quantity {
    guard let member = member(line) else { return Quantity(name, layer: number) }
    return Quantity(
      LayerFormulas.inner(member.family, 1),
      index: name.hasSuffix(line) ? "\(member.index)" : "\(member.index),\(name.suffix(1))",
      layer: number)
  }

  /// The symbols of a formula, by what they are called here.
  private func names(in formula: Expression) -> [Symbol: Expression] {
    var names: [Symbol: Expression] = [:]
    let parameters = Dictionary(
      uniqueKeysWithValues: layer.parameters.map { ($0.symbolName, parameterName($0)) })
    let given = Set(layer.constants.keys).union(layer.masks.map(\.name))
    for symbol in formula.symbols {
      if symbol.name == layer.inputName {
        names[symbol] = input(symbol.shape)
        continue
      }
      let name =
        if let parameter = parameters[symbol.name] {
          parameter
        } else if given.contains(symbol.name) {
          Quantity(symbol.name, layer: number)
        } else if let quantity = gradients[symbol.name] {
          partial(quantity)
        } else if symbol.quantity.isLayered {
          symbol.quantity
        } else {
          inners[symbol.name].map { inner(symbol.name, of: $0) } ?? quantity(symbol.name)
        }
      names[symbol] = .symbol(name, symbol.shape)
    }
    return names
  }

  private var passed: Trace.Quantity { run.passedOn(number - 1) }

  /// What comes in, in the shape that the lines see: a vector may be a single channel.
  private func input(_ shape: ExpressionShape) -> Expression {
    let name = quantity(layer.inputName)
    guard !isBatch, !layer.seesWholeBatch, passed.sizes.count < shape.dimensions.count else {
      return .symbol(name, shape)
    }
    let own = Expression.symbol(
      name, ExpressionShape(passed.sizes.map { .declared($0) }))
    return (try? .arranged(.reshape(shape), [own])) ?? .symbol(name, shape)
  }

  /// A line goes back through no more functions of several quantities than these.
  private static let mostInner = 4

  private func value(_ trace: Trace, _ name: String) -> Tensor<Double>? {
    trace.quantity(name, layer: number).map(numbers)
  }

  /// Of the examples that are told.
  private func numbers(_ quantity: Trace.Quantity) -> Tensor<Double> {
    if isBatch || layer.seesWholeBatch {
      return quantity.array(isSingle: !isBatch && quantity.isShared)
    }
    return ofExample(quantity)
  }

  private func ofExample(_ quantity: Trace.Quantity) -> Tensor<Double> {
    let row = quantity.values.rows > 1 ? example - 1 : 0
    return Tensor(Shape(quantity.sizes), quantity.values.row(row))
  }
}
