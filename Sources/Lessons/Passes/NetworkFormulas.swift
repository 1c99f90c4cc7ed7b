import Calculus
import Language
import Networks
import Notation

/// The formulas that stand beside the quantities of a network in the matrix view.
///
/// They are those of the layers' lines and of the way back that the calculus finds for them; a layer with a
/// notation of its own writes its own.
extension NetworkOutline {
  /// A quantity of a layer for all examples: Z^[2]. What a layer gives keeps its small letter where a quantity of its own
  /// has the capital: a^[1] beside attention's A^[1].
  func symbol(_ quantity: String, layer number: Int) -> SymbolText {
    let capital = NetworkSymbol.matrixName(quantity)
    let isTaken =
      quantity == Trace.output && number > 0
      && layers[number - 1].lines.contains { $0.quantity == capital }
    return isTaken
      ? .quantity(Quantity(quantity, layer: number)) : NetworkSymbol.matrix(quantity, number)
  }

  /// What a layer's line says, in the symbols of the network: A^[1] · W^[2] + **b**^[2].
  func formula(of line: LayerLine, layer number: Int) -> SymbolText {
    if let (function, quantity) = line.applied {
      return NetworkSymbol.activated(function, symbol(quantity, layer: number))
    }
    return SymbolText(line.formula) { name($0, layer: number) }
  }

  /// ∂L by something of a layer, by the layer's own notation or from its lines; `name` is a quantity, a parameter or
  /// `x`.
  func gradientFormula(of name: String, layer number: Int, _ formulas: LayerFormulas?)
    -> SymbolText
  {
    if let written = layers[number - 1] as? any WritesGradients {
      return written.gradientFormula(of: name, layer: number, in: self)
    }
    guard let line = formulas?.backward.first(where: { $0.name == name }) else { return "" }
    // What is longer than a table is wide is told by `explain`.
    let text = SymbolText(line.formula) { self.name($0, layer: number) }
    return text.text.count <= Self.longestFormula ? text : ""
  }

  private static var longestFormula: Int { 90 }

  /// A symbol of a layer's lines as the network's tables write it.
  private func name(_ symbol: Symbol, layer number: Int) -> SymbolText {
    let layer = layers[number - 1]
    func named(_ name: String) -> SymbolText {
      if name == layer.inputName { return self.symbol(Trace.output, layer: number - 1) }
      if let parameter = layer.parameter(named: name) {
        return NetworkSymbol.parameter(name, isMatrix: parameter.sizes.count > 1, number)
      }
      return self.symbol(name, layer: number)
    }
    let gradients = layer.lines.map(\.quantity)
    if let quantity = gradients.first(where: { LayerFormulas.gradient($0) == symbol.name }) {
      return NetworkSymbol.partial(named(quantity))
    }
    return named(symbol.name)
  }

  /// ∂(l): what the loss changes by with the output of layer l.
  func upper(_ layer: Int) -> SymbolText {
    .sequence([.variable("∂"), .enclosed(.words("\(layer)"), .round)])
  }

  /// ∂(L): the derivative of the loss by the outputs, over m.
  func lossFormula() -> SymbolText {
    guard let slope = loss.slope else {
      return byM(
        "1", .partial(.variable("L"), by: symbol(Trace.output, layer: layers.count)))
    }
    return overExamples(slope)
  }

  /// A formula of an output a and its target y for all examples, over m: a number in front of it stands over the m.
  func overExamples(_ formula: Expression) -> SymbolText {
    let (number, rest) = formula.leadingNumber
    let text = SymbolText(rest) { symbol in
      symbol.name == "y"
        ? .variable("Y") : self.symbol(symbol.name, layer: layers.count)
    }
    let inner: SymbolText = .enclosed(text, .round)
    let isNegative = number.value < 0
    let size = Number(abs(number.value))
    return isNegative ? "−" + byM(size.text, inner) : byM(size.text, inner)
  }

  private func byM(_ numerator: String, _ inner: SymbolText) -> SymbolText {
    // By the number of outputs too where the loss is a mean over entries.
    let count: SymbolText = loss.isPerEntry ? .variable("m") + .variable("k") : .variable("m")
    return .sequence([.fraction(.words(numerator), over: count), .sign(.dot), inner])
  }
}

/// A layer whose gradients have a notation of their own, beside what follows from its lines.
protocol WritesGradients: Layer {
  /// ∂L by a quantity, a parameter or `x` of layer `number`.
  func gradientFormula(of name: String, layer number: Int, in network: NetworkOutline) -> SymbolText
}

extension DenseLayer: WritesGradients {
  /// As in the matrix note: everything by ∂(l) and h′(Z).
  func gradientFormula(of name: String, layer number: Int, in network: NetworkOutline) -> SymbolText
  {
    let delta = delta(number, in: network)
    switch name {
    case "z": return delta
    case "W":
      return .sequence([
        .transposed(.enclosed(network.symbol(Trace.output, layer: number - 1), .round)),
        .sign(.dot),
        .enclosed(delta, .square),
      ])
    case "b":
      // One bias for all units sums over these too.
      let ones = SymbolText.bold(.words("1"))
      return .sequence(
        [.transposed(ones), .sign(.dot), .enclosed(delta, .square)]
          + (bias?.naming == .sharedBias ? [.sign(.dot), ones] : []))
    default:
      return .sequence([
        .enclosed(delta, .square), .sign(.dot),
        .transposed(.enclosed(NetworkSymbol.matrix("W", number), .round)),
      ])
    }
  }

  /// ∂L/∂Z^[l]: element by element h′(Z^[l]) × ∂(l); of a function of all net inputs by its Jacobian J, unless the
  /// loss cancels it.
  private func delta(_ number: Int, in network: NetworkOutline) -> SymbolText {
    let z = NetworkSymbol.matrix("z", number)
    guard activation?.isElementwise == false else {
      return .sequence([
        .primed(.variable("h"), count: 1), .enclosed(z, .round), .sign(.times),
        network.upper(number),
      ])
    }
    if number == network.layers.count, let slope = network.loss.fusion(with: activation)?.slope {
      return network.overExamples(slope)
    }
    return .sequence([
      .variable("J"), .enclosed(z, .round), .sign(.dot), network.upper(number),
    ])
  }
}
