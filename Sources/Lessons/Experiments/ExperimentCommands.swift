import Language
import MatrixEngine
import Networks
import Syntax

/// Experiments that leave a network as it is: `whatif`, `scalar_vs_vectorized`.
package enum ExperimentCommands {
  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "whatif", .network, [.net, .x, .y], furtherNames: .paths,
      summary: "what a change of parameters changes downstream; the network itself is left alone",
      gives: .init(
        "a WhatIf: losses before and after, and every z and a that changes",
        members: WhatIfRecord.members, columns: WhatIfRecord.columns),
      example: "whatif(Lecture, x, y, W[2][1,3] = 0.9)"
    ) { (interpreter, call) throws(Diagnostic) in
      .record(try interpreter.whatIf(call))
    },
    BuiltIn(
      "scalar_vs_vectorized", .network, [.net, .x, .y],
      summary:
        "the lecture's five operations, each by loops and by matrices: equal, and how long each takes",
      gives: .init(
        "a Vectorization: one row an operation", members: ["equal"],
        columns: VectorizationRecord.columns),
      example: "scalar_vs_vectorized(Lecture, x, y)"
    ) { (interpreter, call) throws(Diagnostic) in
      .record(try interpreter.vectorization(call))
    },
  ]
}

extension Interpreter {
  // MARK: - What if

  fileprivate func whatIf(_ call: Call) throws(Diagnostic) -> WhatIfRecord {
    let (examples, y) = try examplesAndTargets(call)
    guard !call.paths.isEmpty else {
      throw Diagnostic(
        .type, "whatif needs a change", at: call.span, help: "whatif(net, X, Y, W[2][1,3] = 0.9)")
    }
    let network = examples.network
    let copy = network.copy()
    let parts = ParametersOfCopy(copy, self)
    defer { parts.end() }
    for (path, value) in call.paths { try parts.assign(path, value.value, value.span) }
    let (before, after) = try placed(call.span) { () throws(NetworkError) in
      (
        (
          try network.forward(examples.x, interrupt: interrupt),
          try network.loss(examples.x, y, interrupt: interrupt)
        ),
        (
          try copy.forward(examples.x, interrupt: interrupt),
          try copy.loss(examples.x, y, interrupt: interrupt)
        )
      )
    }
    var rows: [WhatIfRecord.Row] = []
    for (index, quantities) in before.0.layers.enumerated() {
      for (old, changed) in zip(quantities, after.0.layers[index]) {
        let (old, new, name) = (old.values, changed.values, old.name)
        for neuron in 0..<old.columns {
          for example in 0..<old.rows where old[example, neuron] != new[example, neuron] {
            rows.append(
              .init(
                quantity: name, layer: index + 1, neuron: neuron + 1, example: example + 1,
                before: old[example, neuron], after: new[example, neuron]))
          }
        }
      }
    }
    rows.append(
      .init(
        quantity: "loss", layer: nil, neuron: nil, example: nil, before: before.1, after: after.1))
    return WhatIfRecord(
      network: network.name,
      changes: call.paths.map { "\(oneLine($0.path.span)) = \(oneLine($0.argument.span))" },
      rows: rows, examples: examples.x.rows)
  }

  // MARK: - Loops and matrices

  fileprivate func vectorization(_ call: Call) throws(Diagnostic) -> VectorizationRecord {
    let (examples, y) = try examplesAndTargets(call)
    let network = examples.network
    guard let layers = network.layers as? [DenseLayer] else {
      throw Diagnostic(
        .type, "scalar_vs_vectorized compares what dense layers compute", at: call.span(of: "net"),
        help: "give it a network of dense layers")
    }
    let (pass, gradients) = try placed(call.span) { () throws(NetworkError) in
      (
        try network.forward(examples.x, interrupt: interrupt),
        try network.backward(examples.x, y, interrupt: interrupt)
      )
    }
    let comparison = LoopComparison(layers, network.state, pass, gradients, y, interrupt: interrupt)
    let rows = try placed(call.span) { () throws(NetworkError) in try comparison.rows() }
    // Its loops end early.
    try checkInterrupt(call.span)
    return VectorizationRecord(network: network.name, examples: examples.x.rows, rows: rows)
  }
}

/// The five operations of the lecture's last table, twice each; without biases four.
private struct LoopComparison {
  private let weights: [Matrix<Double>]
  private let biases: [[Double]]
  private let hasBiases: Bool
  private let activations: [Activation]
  private let loss: Loss
  private let pass: Trace
  /// Z of every layer, and ∂L by it.
  private let netInputs: [Matrix<Double>]
  private let deltas: [Matrix<Double>]
  private let y: Matrix<Double>
  private let interrupt: InterruptFlag

  init(
    _ layers: [DenseLayer], _ state: NetworkState, _ pass: Trace, _ gradients: Gradients,
    _ y: Matrix<Double>, interrupt: InterruptFlag
  ) {
    weights = state.parameterValues.map { $0[0].matrix }
    hasBiases = state.parameterValues.contains { $0.count > 1 }
    biases = zip(layers, state.parameterValues).map { layer, values in
      let own = values.dropFirst().first?.value.storage ?? [0]
      return own.count == layer.outputs
        ? own : Array(repeating: own[0], count: layer.outputs)
    }
    activations = layers.map { $0.activation ?? .identity }
    loss = state.loss
    self.pass = pass
    netInputs = layers.indices.compactMap { pass["z", $0 + 1] }
    deltas = layers.indices.compactMap { gradients.trace["z", $0 + 1] }
    self.y = y
    self.interrupt = interrupt
  }

  ///
  /// Throws: `NetworkError.prediction` for an output that the loss has no value for; `.matrix`.
  func rows() throws(NetworkError) -> [VectorizationRecord.Row] {
    var rows = [
      try row("affine transformation", loops: affineByLoops, matrices: affineByMatrices),
      try row("activation", loops: activationByLoops, matrices: activationByMatrices),
      try row("loss", loops: lossByLoops, matrices: lossByMatrices),
      try row("gradient W", loops: weightsByLoops, matrices: weightsByMatrices),
    ]
    if hasBiases {
      rows.append(try row("gradient b", loops: biasesByLoops, matrices: biasesByMatrices))
    }
    return rows
  }

  private func row(
    _ operation: String, loops: () throws(NetworkError) -> [Double],
    matrices: () throws(NetworkError) -> [Double]
  ) throws(NetworkError) -> VectorizationRecord.Row {
    let (a, scalar) = try timed(loops)
    let (b, vectorized) = try timed(matrices)
    var difference = 0.0
    for place in 0..<min(a.count, b.count) {
      if place & 0xFFFF == 0, interrupt.isRaised { throw .interrupted }
      difference = max(difference, (a[place] - b[place]).magnitude)
    }
    return .init(
      operation: operation, scalarMicroseconds: scalar, vectorizedMicroseconds: vectorized,
      maxDifference: a.count == b.count ? difference : .infinity)
  }

  /// The result, and the shortest time of several runs in microseconds.
  private func timed(_ work: () throws(NetworkError) -> [Double]) throws(NetworkError)
    -> ([Double], Double)
  {
    let clock = ContinuousClock()
    var result: [Double] = []
    var shortest = Double.infinity
    var total = 0.0
    for _ in 0..<20 {
      guard !interrupt.isRaised, total < 100_000 else { break }
      let start = clock.now
      result = try work()
      let elapsed = start.duration(to: clock.now)
      let microseconds =
        Double(elapsed.components.seconds) * 1e6 + Double(elapsed.components.attoseconds) / 1e12
      shortest = min(shortest, max(microseconds, 1e-3))
      total += microseconds
    }
    return (result, shortest)
  }

  private func affineByLoops() -> [Double] {
    var result: [Double] = []
    for (layer, w) in weights.enumerated() {
      let a = pass.output(of: layer)
      for example in 0..<a.rows where !interrupt.isRaised {
        for neuron in 0..<w.columns {
          var z = biases[layer][neuron]
          for input in 0..<w.rows { z += a[example, input] * w[input, neuron] }
          result.append(z)
        }
      }
    }
    return result
  }

  private func affineByMatrices() throws(NetworkError) -> [Double] {
    var result: [Double] = []
    for (layer, w) in weights.enumerated() {
      result += try engine { () throws(MatrixError) in
        try pass.output(of: layer).product(w, interrupt: interrupt)
          .adding(.row(biases[layer]), interrupt: interrupt).storage
      }
    }
    return result
  }

  private func engine(_ work: () throws(MatrixError) -> [Double]) throws(NetworkError) -> [Double] {
    do { return try work() } catch { throw .matrix(error) }
  }

  private func activationByLoops() -> [Double] {
    var result: [Double] = []
    for (layer, z) in netInputs.enumerated() {
      let activation = activations[layer]
      for example in 0..<z.rows where !interrupt.isRaised {
        if activation.isElementwise {
          for neuron in 0..<z.columns {
            result.append(activation.value(z[example, neuron]))
          }
        } else {
          result +=
            activation.value(Matrix(rows: 1, columns: z.columns, storage: z.row(example))).storage
        }
      }
    }
    return result
  }

  private func activationByMatrices() -> [Double] {
    var result: [Double] = []
    for (layer, z) in netInputs.enumerated() {
      result += activations[layer].value(z).storage
    }
    return result
  }

  private func lossByLoops() throws(NetworkError) -> [Double] {
    var total = 0.0
    for example in 0..<y.rows where !interrupt.isRaised {
      total += try loss(
        of: .row(netInputs[netInputs.count - 1].row(example)), .row(pass.output.row(example)),
        .row(y.row(example)))
    }
    return [total / Double(y.rows)]
  }

  /// From the net inputs where loss and activation belong together, as the network computes it.
  private func loss(
    of z: Matrix<Double>, _ a: Matrix<Double>, _ y: Matrix<Double>
  ) throws(NetworkError) -> Double {
    if loss.fusion(with: activations.last) != nil,
      let value = try loss.value(netInputs: z, targets: y)
    {
      return value
    }
    return try loss.value(predictions: a, targets: y)
  }

  private func lossByMatrices() throws(NetworkError) -> [Double] {
    [try loss(of: netInputs[netInputs.count - 1], pass.output, y)]
  }

  private func weightsByLoops() -> [Double] {
    var result: [Double] = []
    for (layer, w) in weights.enumerated() {
      let (a, delta) = (pass.output(of: layer), deltas[layer])
      for input in 0..<w.rows where !interrupt.isRaised {
        for neuron in 0..<w.columns where !interrupt.isRaised {
          var sum = 0.0
          for example in 0..<a.rows { sum += a[example, input] * delta[example, neuron] }
          result.append(sum)
        }
      }
    }
    return result
  }

  private func weightsByMatrices() throws(NetworkError) -> [Double] {
    var result: [Double] = []
    for layer in weights.indices {
      result += try engine { () throws(MatrixError) in
        try pass.output(of: layer).transposedProduct(deltas[layer], interrupt: interrupt).storage
      }
    }
    return result
  }

  private func biasesByLoops() -> [Double] {
    var result: [Double] = []
    for delta in deltas {
      for neuron in 0..<delta.columns where !interrupt.isRaised {
        var sum = 0.0
        for example in 0..<delta.rows { sum += delta[example, neuron] }
        result.append(sum)
      }
    }
    return result
  }

  private func biasesByMatrices() throws(NetworkError) -> [Double] {
    var result: [Double] = []
    for delta in deltas {
      result += try engine { () throws(MatrixError) in
        try delta.reduced(by: .sum, axis: 0).storage
      }
    }
    return result
  }
}
