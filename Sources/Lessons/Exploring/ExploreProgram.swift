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
    guard network.isOfVectors else {
      throw .unsupported("a network of arrays, averages or sums has no form in JavaScript")
    }
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
    let end = network.layers.count - 1
    let netInputs = known[end]["z"]
    let fusion = netInputs == nil ? nil : network.loss.fusion(with: network.layers[end].activation)
    let stable = network.loss.definition(ofNetInputsOf: network.layers[end].activation)
    if let stable, let netInputs {
      pass.loss = try formula(stable, ["A": netInputs, "Y": y])
    } else {
      pass.loss = try formula(network.loss.definition, ["A": pass.output, "Y": y])
    }
    try addGradients(
      network, formulas, &known, fusion: fusion, inputs: inputs, y: y, into: &pass)
    return pass
  }

  /// The derivative of a line that is a function of one quantity, entry by entry, which explanations tell.
  private mutating func addSlope(of line: LayerFormulas.Line, _ symbols: [String: Int]) {
    guard let symbol = line.formula.symbols.first, line.formula.symbols.count == 1,
      let slope = try? line.formula.pulledBack(
        by: symbol, gradient: .fill(.one, line.formula.shape))
    else { return }
    _ = try? formula(slope, symbols)
  }

  private mutating func addGradients(
    _ network: Network, _ formulas: [LayerFormulas], _ known: inout [[String: Int]],
    fusion: LossFusion?, inputs: [Int], y: Int, into pass: inout Pass
  ) throws(CalculusError) {
    let end = network.layers.count - 1
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
    pass.gradients = network.layers.map { layer in layer.parameters.map { _ in nil } }
    var upper: Int?
    if let slope = network.loss.slope {
      upper = try? formula(overExamples(slope), ["A": pass.output, "Y": y])
    }
    for place in network.layers.indices.reversed() {
      let layer = network.layers[place]
      var symbols = known[place]
      if let upper { symbols[LayerFormulas.gradient(LayerLine.output)] = upper }
      let isFused = place == end && fusion != nil
      if isFused, let fusion,
        let slope = fusion.exactSlope ?? fusion.slopeBySum ?? fusion.slope
      {
        symbols[LayerFormulas.gradient("z")] = try formula(
          overExamples(slope),
          ["A": pass.output, "Y": y, "Z": known[place]["z"] ?? pass.output])
      } else if upper == nil {
        return
      }
      upper = nil
      for line in formulas[place].backward {
        if isFused, line.name == "z" { continue }
        let gradient = try formula(line.formula, symbols)
        if let parameter = layer.parameters.firstIndex(where: { $0.name == line.name }) {
          pass.gradients[place][parameter] = gradient
        } else if line.name == layer.inputName {
          upper = gradient
        } else {
          symbols[LayerFormulas.gradient(line.name)] = gradient
        }
      }
      if upper == nil { return }
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
