import Calculus
import Language
import MatrixEngine
import Networks

/// Networks that take and give vectors, all examples at once; and the way back, which those of arrays share.
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
