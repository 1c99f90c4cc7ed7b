import Calculus
import Language
import MatrixEngine
import Networks

/// What a page computes without a kernel: quantities, each a formula of those before it and of the controls.
///
/// It can be run here too, by the calculus: so it is known which of its numbers are those that are shown.
struct ExploreProgram {
  private enum Step {
    case constant(Tensor<Double>)
    /// A control's setting, or what it stands for.
    case control(Int, numbers: [Double]?)
    /// A quantity with one entry replaced.
    case replacing(Int, place: Int, by: Int)
    case reshaped(Int, [Int])
    /// Entries that follow each other, as an array of some sizes.
    case part(Int, Range<Int>, [Int])
    /// Quantities of one size, each as a row.
    case stacked([Int])
    case formula(Expression, [String: Int], sizes: [String: Int])
    /// The largest magnitude in some quantities.
    case largest([Int])
  }

  private struct Quantity {
    let name: String
    let step: Step
    let start: Tensor<Double>
    /// Whether it depends on a control.
    let moves: Bool
  }

  private let settings: [Double]
  private var printer = JavaScriptPrinter()
  private var quantities: [Quantity] = []

  /// `settings` are those at the start.
  init(at settings: [Double]) { self.settings = settings }

  /// Those that depend on a control.
  var moving: [Int] { quantities.indices.filter { quantities[$0].moves } }

  func start(of quantity: Int) -> Tensor<Double> { quantities[quantity].start }
  func moves(_ quantity: Int) -> Bool { quantities[quantity].moves }

  // MARK: - Making it

  mutating func constant(_ value: Tensor<Double>) -> Int {
    let entries = value.storage.map(\.script).joined(separator: ",")
    let text =
      value.rank == 0
      ? entries : "{s:[\(value.sizes.map(String.init).joined(separator: ","))],d:[\(entries)]}"
    return add(.constant(value), value, moves: false, printer.line(text))
  }

  /// `numbers` are what the positions of a menu stand for.
  mutating func control(_ place: Int, numbers: [Double]? = nil) -> Int {
    let list = numbers.map { $0.map(\.script).joined(separator: ",") }
    let text = list.map { "[\($0)][c[\(place)]]" } ?? "c[\(place)]"
    let step = Step.control(place, numbers: numbers)
    return add(step, .scalar(value(of: step, at: settings)), moves: true, printer.line(text))
  }

  mutating func replacing(_ quantity: Int, place: Int, by other: Int) -> Int {
    let (old, new) = (quantities[quantity], quantities[other])
    var value = old.start
    value.storage[place] = new.start.storage[0]
    let text =
      value.rank == 0
      ? new.name : "{s:\(old.name).s,d:\(old.name).d.map((x,i)=>i===\(place)?\(new.name):x)}"
    return add(
      .replacing(quantity, place: place, by: other), value, moves: true, printer.line(text))
  }

  mutating func reshaped(_ quantity: Int, _ sizes: [Int]) -> Int {
    let old = quantities[quantity]
    guard old.start.sizes != sizes else { return quantity }
    let list = sizes.map(String.init).joined(separator: ",")
    return add(
      .reshaped(quantity, sizes), Tensor(Shape(sizes), old.start.storage), moves: old.moves,
      printer.line("A.reshape([\(list)],\(old.name))"))
  }

  mutating func part(of quantity: Int, _ range: Range<Int>, _ sizes: [Int]) -> Int {
    let old = quantities[quantity]
    let list = sizes.map(String.init).joined(separator: ",")
    let text =
      "{s:[\(range.count)],d:A.data(\(old.name)).slice(\(range.lowerBound),\(range.upperBound))}"
    return add(
      .part(quantity, range, sizes), Tensor(Shape(sizes), Array(old.start.storage[range])),
      moves: old.moves, printer.line("A.reshape([\(list)],\(text))"))
  }

  mutating func stacked(_ parts: [Int]) -> Int {
    let values = parts.map { quantities[$0].start.storage }
    let sizes = [parts.count, values.first?.count ?? 0]
    let names = parts.map { quantities[$0].name }.joined(separator: ",")
    return add(
      .stacked(parts), Tensor(Shape(sizes), values.flatMap { $0 }),
      moves: parts.contains { quantities[$0].moves },
      printer.line("{s:[\(sizes[0]),\(sizes[1])],d:[\(names)].flatMap(A.data)}"))
  }

  mutating func largest(_ parts: [Int]) -> Int {
    let names = parts.map { "...A.data(\(quantities[$0].name)).map(Math.abs)" }
    let value = parts.flatMap { quantities[$0].start.storage }.reduce(0) { max($0, abs($1)) }
    return add(
      .largest(parts), .scalar(value), moves: parts.contains { quantities[$0].moves },
      printer.line("Math.max(0,\(names.joined(separator: ",")))"))
  }

  /// A formula whose symbols are quantities.
  ///
  /// Throws: `CalculusError` for what has no value, or no form in JavaScript.
  mutating func formula(_ formula: Expression, _ symbols: [String: Int]) throws(CalculusError)
    -> Int
  {
    var known = symbols
    for symbol in formula.symbols where symbol.shape == .scalar {
      // One number for all units stands in memory like a vector.
      guard let place = known[symbol.name], quantities[place].start.rank > 0,
        quantities[place].start.storage.count == 1
      else { continue }
      known[symbol.name] = reshaped(place, [])
    }
    let used = formula.symbols.compactMap { known[$0.name] }
    var values: [String: Tensor<Double>] = [:]
    for (name, place) in known { values[name] = quantities[place].start }
    let sizes = formula.symbols.sizes(in: values)
    let value = try formula.value(at: values, sizes: sizes)
    guard used.contains(where: { quantities[$0].moves }) else { return constant(value) }
    let name = try printer.print(
      formula, symbols: known.mapValues { quantities[$0].name }, sizes: sizes)
    return add(.formula(formula, known, sizes: sizes), value, moves: true, name)
  }

  /// The sum of quantities of one shape.
  mutating func sum(_ parts: [Int]) throws(CalculusError) -> Int {
    guard parts.count > 1 else { return parts.first ?? constant(.scalar(0)) }
    let shape = ExpressionShape(start(of: parts[0]).sizes.map { .number($0) })
    let names = parts.indices.map { "part\($0)" }
    return try formula(
      .add(names.map { .symbol($0, shape) }),
      Dictionary(uniqueKeysWithValues: zip(names, parts)))
  }

  private mutating func add(_ step: Step, _ start: Tensor<Double>, moves: Bool, _ name: String)
    -> Int
  {
    quantities.append(Quantity(name: name, step: step, start: start, moves: moves))
    return quantities.count - 1
  }

  private func value(of step: Step, at settings: [Double]) -> Double {
    guard case .control(let place, let numbers) = step else { return .nan }
    return numbers.map { $0[Int(settings[place])] } ?? settings[place]
  }

  // MARK: - Running it

  /// All quantities at a setting of the controls.
  ///
  /// Throws: as the formulas' values.
  func values(at settings: [Double]) throws(CalculusError) -> [Tensor<Double>] {
    var values: [Tensor<Double>] = []
    for quantity in quantities {
      guard quantity.moves else {
        values.append(quantity.start)
        continue
      }
      switch quantity.step {
      case .constant(let value): values.append(value)
      case .control: values.append(.scalar(value(of: quantity.step, at: settings)))
      case .replacing(let old, let place, let other):
        var value = values[old]
        value.storage[place] = values[other].storage[0]
        values.append(value)
      case .reshaped(let old, let sizes):
        values.append(Tensor(Shape(sizes), values[old].storage))
      case .part(let old, let range, let sizes):
        values.append(Tensor(Shape(sizes), Array(values[old].storage[range])))
      case .stacked(let parts):
        values.append(
          Tensor(
            quantities[values.count].start.shape, parts.flatMap { values[$0].storage }))
      case .largest(let parts):
        values.append(
          .scalar(parts.flatMap { values[$0].storage }.reduce(0) { max($0, abs($1)) }))
      case .formula(let formula, let symbols, let sizes):
        values.append(
          try formula.value(at: symbols.mapValues { values[$0] }, sizes: sizes))
      }
    }
    return values
  }

  /// The body of a function in JavaScript of the settings `c`, which returns some entries of quantities.
  func script(_ entries: [(quantity: Int, place: Int)]) -> String {
    var needed: Set<Substring> = []
    var last: [String] = []
    for quantity in Set(entries.map(\.quantity)).sorted() {
      last.append("const d\(quantity)=A.data(\(quantities[quantity].name));")
      needed.insert(quantities[quantity].name[...])
    }
    // Only what the entries need.
    var lines: [String] = []
    for line in printer.lines.reversed() {
      let words = line.split { !$0.isLetter && !$0.isNumber }
      guard words.count > 1, needed.contains(words[1]) else { continue }
      needed.formUnion(words.dropFirst(2))
      lines.append(line)
    }
    let list = entries.map { "d\($0.quantity)[\($0.place)]" }.joined(separator: ",")
    return (lines.reversed() + last).joined(separator: "\n") + "\nreturn [\(list)];"
  }
}

// MARK: - Networks

extension ExploreProgram {
  /// What a pass leaves: the output, and if there are targets the loss and its gradients.
  struct Pass {
    var output: Int
    var loss: Int?
    /// By layer and parameter; nil where there is none.
    var gradients: [[Int?]] = []
  }

  /// The passes of a network, from its layers' lines: every quantity, and ∂L by each.
  ///
  /// Throws: `CalculusError` for lines that have no form in JavaScript.
  mutating func network(_ network: Network, parameters: [[Int]], x: Int, y: Int?)
    throws(CalculusError) -> Pass
  {
    // On a copy, so that nothing is left of what has no such form.
    var trial = self
    if network.isOfVectors,
      let pass = try? trial.rows(network, parameters: parameters, x: x, y: y)
    {
      self = trial
      return pass
    }
    return try arrays(network, parameters: parameters, x: x, y: y)
  }

  /// The passes of all examples at once, an example a row.
  ///
  /// Throws: `CalculusError` for lines that have no such form.
  private mutating func rows(_ network: Network, parameters: [[Int]], x: Int, y: Int?)
    throws(CalculusError) -> Pass
  {
    var inputs = [x]
    var known: [[String: Int]] = []
    var formulas: [LayerFormulas] = []
    for (layer, places) in zip(network.layers, parameters) {
      let lines = try LayerFormulas(layer, y == nil ? .forwardOnly : .short)
      var symbols = [layer.inputName: inputs[inputs.count - 1]]
      for (parameter, place) in zip(layer.parameters, places) { symbols[parameter.name] = place }
      var last = x
      for line in lines.forward {
        last = try formula(line.formula, symbols)
        symbols[line.name] = last
        if y != nil { addSlope(of: line, symbols) }
      }
      inputs.append(last)
      known.append(symbols)
      formulas.append(lines)
    }
    var pass = Pass(output: inputs[inputs.count - 1])
    guard let y else { return pass }
    let netInputs = known[network.layers.count - 1]["z"]
    let end = try addLoss(of: network, netInputs: netInputs, y: y, to: &pass)
    try addGradients(network, formulas, known, end, into: &pass)
    return pass
  }

  /// What the way back begins with: ∂L by the last output, and by the net inputs where the loss gives that directly.
  struct End {
    var output: Int?
    var netInputs: Int?
  }

  /// The loss of a pass, and where its way back begins; `netInputs` are those of a last layer that has some.
  mutating func addLoss(of network: Network, netInputs: Int?, y: Int, to pass: inout Pass)
    throws(CalculusError) -> End
  {
    let activation = network.layers[network.layers.count - 1].activation
    let fusion = netInputs == nil ? nil : network.loss.fusion(with: activation)
    if let stable = network.loss.definition(ofNetInputsOf: activation), let netInputs {
      pass.loss = try formula(stable, ["A": netInputs, "Y": y])
    } else {
      pass.loss = try formula(network.loss.definition, ["A": pass.output, "Y": y])
    }
    let divisor = Expression.number(
      network.loss.divisor(
        examples: start(of: y).rows, outputs: start(of: y).columns))
    func overExamples(_ slope: Expression) throws(CalculusError) -> Expression {
      try .divide(
        slope.byRows(Loss.examples).mapped([
          Symbol("a"): .outputs, Symbol("y"): .targets,
          Symbol("z"): .symbol("Z", Expression.outputs.shape),
          Symbol("s"): .column(.reduce(.sum, .targets, axis: 2)),
        ]), divisor)
    }
    var end = End()
    if let slope = network.loss.slope {
      end.output = try? formula(overExamples(slope), ["A": pass.output, "Y": y])
    }
    if let fusion, let slope = fusion.exactSlope ?? fusion.slopeBySum ?? fusion.slope {
      end.netInputs = try formula(
        overExamples(slope), ["A": pass.output, "Y": y, "Z": netInputs ?? pass.output])
    }
    return end
  }

  /// The derivative of a line that is a function of one quantity, entry by entry, which explanations tell.
  mutating func addSlope(of line: LayerFormulas.Line, _ symbols: [String: Int]) {
    guard let symbol = line.formula.symbols.first, line.formula.symbols.count == 1,
      let slope = try? line.formula.pulledBack(
        by: symbol, gradient: .fill(.one, line.formula.shape))
    else { return }
    _ = try? formula(slope, symbols)
  }

  private mutating func addGradients(
    _ network: Network, _ formulas: [LayerFormulas], _ known: [[String: Int]], _ end: End,
    into pass: inout Pass
  ) throws(CalculusError) {
    pass.gradients = network.layers.map { layer in layer.parameters.map { _ in nil } }
    var upper = end.output
    for place in network.layers.indices.reversed() {
      let fused = place == network.layers.count - 1 ? end.netInputs : nil
      upper = try addGradients(
        of: network.layers[place], formulas[place], known[place], upper: upper, netInputs: fused
      ) { pass.gradients[place][$0] = $1 }
      if upper == nil { return }
    }
  }

  /// The way back through a layer; ∂L by what goes in, nil where there is none.
  mutating func addGradients(
    of layer: any Layer, _ formulas: LayerFormulas, _ known: [String: Int], upper: Int?,
    netInputs: Int?, _ keep: (_ parameter: Int, _ gradient: Int) -> Void
  ) throws(CalculusError) -> Int? {
    guard upper != nil || netInputs != nil else { return nil }
    var symbols = known
    if let upper { symbols[LayerFormulas.gradient(LayerLine.output)] = upper }
    if let netInputs { symbols[LayerFormulas.gradient("z")] = netInputs }
    var lower: Int?
    for line in formulas.backward {
      if netInputs != nil, line.name == "z" { continue }
      let gradient = try formula(line.formula, symbols)
      if let parameter = layer.parameters.firstIndex(where: { $0.name == line.name }) {
        keep(parameter, gradient)
      } else if line.name == layer.inputName {
        lower = gradient
      } else {
        // What is on the way to the operands of a line has its own name.
        symbols[line.within == nil ? LayerFormulas.gradient(line.name) : line.name] = gradient
      }
    }
    addGradientsOfConstants(formulas, symbols)
    return lower
  }

  /// ∂L by quantities that nothing learns from, such as the state at the beginning: they are shown, and go nowhere.
  private mutating func addGradientsOfConstants(
    _ formulas: LayerFormulas, _ symbols: [String: Int]
  ) {
    for line in formulas.forward where symbols[LayerFormulas.gradient(line.name)] == nil {
      var shares: [Int] = []
      for user in formulas.forward {
        guard let symbol = user.formula.symbols.first(where: { $0.name == line.name }),
          let slope = try? user.formula.pulledBack(
            by: symbol,
            gradient: .symbol(LayerFormulas.gradient(user.name), user.formula.shape))
        else { continue }
        if let share = try? formula(slope, symbols) { shares.append(share) }
      }
      _ = try? sum(shares)
    }
  }

  /// The parameters after an update by the optimizer's lines; the rate is a quantity.
  ///
  /// Throws: `CalculusError` for lines that have no form in JavaScript.
  mutating func updated(
    _ parameters: [[Int]], _ gradients: [[Int?]], by optimizer: Optimizer, rate: Int,
    of network: Network
  ) throws(CalculusError) -> [[Int]] {
    var result = parameters
    for (layer, places) in parameters.enumerated() {
      for (number, place) in places.enumerated() {
        guard !network.layers[layer].parameters[number].isFrozen,
          let gradient = gradients[layer][number]
        else { continue }
        let shape = ExpressionShape(start(of: place).sizes.map { .number($0) })
        let gradient2 = reshaped(gradient, start(of: place).sizes)
        var symbols = [Optimizer.parameter.name: place, Optimizer.gradient.name: gradient2]
        symbols[Optimizer.learningRate.name] = rate
        symbols[Optimizer.count.name] = constant(.scalar(1))
        for coefficient in optimizer.coefficients {
          symbols[coefficient.name] = constant(.scalar(coefficient.value))
        }
        var arrays: [Symbol: Expression] = [:]
        func makeArray(_ name: String) { arrays[Symbol(name)] = .symbol(name, shape) }
        makeArray(Optimizer.parameter.name)
        makeArray(Optimizer.gradient.name)
        for line in optimizer.lines where line.isKept {
          makeArray(line.symbol)
          symbols[line.symbol] = constant(
            Tensor(start(of: place).shape, repeating: 0))
        }
        for line in optimizer.lines {
          symbols[line.symbol] = try formula(line.formula.mapped(arrays), symbols)
          makeArray(line.symbol)
        }
        guard let new = symbols[Optimizer.parameter.name] else { continue }
        result[layer][number] = new
        // Pictures of an update show by how much it changes what there is.
        let names = ["new", "old"].map { Expression.symbol($0, shape) }
        _ = try formula(.subtract(names[0], names[1]), ["new": new, "old": place])
      }
    }
    return result
  }
}
