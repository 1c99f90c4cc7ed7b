import Calculus
import Language
import MatrixEngine
import Networks

/// Networks whose layers make more than vectors, or with sums around layers: example by example.
extension ExploreProgram {
  /// More examples than these are not written out.
  private static let mostExamples = 8

  /// What an example has come to behind some layers.
  private struct Example {
    /// What goes into each layer, and what comes out of the last.
    var inputs: [Int]
    /// The quantities of each layer by their names.
    var known: [[String: Int]] = []
  }

  /// The passes of a network, from its layers' lines for one example.
  ///
  /// Throws: `CalculusError` for lines that have no form in JavaScript, or are of all examples.
  mutating func arrays(_ network: Network, parameters: [[Int]], x: Int, y: Int?)
    throws(CalculusError) -> Pass
  {
    let count = start(of: x).rows
    // What a pass in training does otherwise is known to the kernel alone.
    guard count <= Self.mostExamples,
      !network.layers.contains(where: { $0.seesWholeBatch || $0.linesInTraining != nil }),
      network.outputSizes.count == 1, start(of: x).columns == network.inputs
    else { throw .unsupported("the network has no form in JavaScript") }
    let formulas = try network.layers.map2 { (layer) throws(CalculusError) in
      try LayerFormulas(layer, isBatch: false, y == nil ? .forwardOnly : .steps)
    }
    let constants = network.layers.map { layer in layer.constants.mapValues { constant($0) } }
    var examples: [Example] = []
    for row in 0..<count {
      let columns = row * network.inputs..<(row + 1) * network.inputs
      var example = Example(inputs: [part(of: x, columns, network.inputSizes)])
      for (place, layer) in network.layers.enumerated() {
        try pass(
          network, place, formulas[place], constants[place], parameters[place],
          isTold: y != nil, &example)
        guard start(of: example.inputs[place + 1]).storage.count == layer.outputs else {
          throw .unsupported("\(layer.kind) has no form in JavaScript")
        }
      }
      examples.append(example)
    }
    var pass = Pass(output: stacked(examples.map { $0.inputs[network.layers.count] }))
    guard let y else { return pass }
    let isSum = network.state.residuals.contains { $0.upperBound == network.layers.count }
    let netInputs = isSum ? [] : examples.compactMap { $0.known[network.layers.count - 1]["z"] }
    let end = try addLoss(
      of: network, netInputs: netInputs.count == count ? stacked(netInputs) : nil, y: y,
      to: &pass)
    pass.gradients = network.layers.map { layer in layer.parameters.map { _ in nil } }
    for (row, example) in examples.enumerated() {
      try addGradients(network, formulas, example, row: row, end, to: &pass)
    }
    return pass
  }

  /// One layer forward, and what is added behind it.
  private mutating func pass(
    _ network: Network, _ place: Int, _ formulas: LayerFormulas, _ constants: [String: Int],
    _ parameters: [Int], isTold: Bool, _ example: inout Example
  ) throws(CalculusError) {
    let layer = network.layers[place]
    var symbols = constants
    symbols[layer.inputName] = reshaped(example.inputs[place], layer.inputSizes)
    for (parameter, value) in zip(layer.parameters, parameters) { symbols[parameter.name] = value }
    var last = example.inputs[place]
    for line in formulas.forward {
      last = try formula(line.formula, symbols)
      symbols[line.name] = last
      if isTold { addSlope(of: line, symbols) }
    }
    example.known.append(symbols)
    for residual in network.state.residuals where residual.upperBound == place + 1 {
      let entering = example.inputs[residual.lowerBound - 1]
      last = try sum([last, reshaped(entering, start(of: last).sizes)])
    }
    example.inputs.append(last)
  }

  /// The way back of one example; ∂L by parameters is added to what others have given.
  private mutating func addGradients(
    _ network: Network, _ formulas: [LayerFormulas], _ example: Example, row: Int, _ end: End,
    to pass: inout Pass
  ) throws(CalculusError) {
    let count = network.outputs
    func ofRow(_ quantity: Int?, _ program: inout ExploreProgram) -> Int? {
      quantity.map { program.part(of: $0, row * count..<(row + 1) * count, network.outputSizes) }
    }
    var upper = ofRow(end.output, &self)
    let fused = ofRow(end.netInputs, &self)
    // By the layer into which something goes that is added further up.
    var added: [Int: [Int]] = [:]
    for place in network.layers.indices.reversed() {
      for residual in network.state.residuals where residual.upperBound == place + 1 {
        guard let upper else { return }
        added[residual.lowerBound - 1, default: []].append(upper)
      }
      var found: [(parameter: Int, gradient: Int)] = []
      let isLast = place == network.layers.count - 1
      let sizes = network.layers[place].outputSizes
      upper = try addGradients(
        of: network.layers[place], formulas[place], example.known[place],
        upper: upper.map { reshaped($0, sizes) }, netInputs: isLast ? fused : nil
      ) { found.append(($0, $1)) }
      for (parameter, gradient) in found {
        let before = pass.gradients[place][parameter]
        pass.gradients[place][parameter] = try sum([before, gradient].compactMap { $0 })
      }
      guard let own = upper else { return }
      let shape = start(of: own).sizes
      upper = try sum([own] + (added[place] ?? []).map { reshaped($0, shape) })
    }
  }
}
