import Language
import MatrixEngine
import Networks
import Syntax

/// The commands that look at a network without training it, and those that copy and reset it.
package enum NetworkCommands {
  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "summary", .network, [.net], summary: "layers, shapes and numbers of parameters",
      gives: .init(
        "a Summary", members: ["parameters_total", "loss"],
        columns: ["layer", "name", "units", "activation", "W_shape", "b_shape", "parameters"]),
      example: "summary(Lecture)"
    ) { (interpreter, call) throws(Diagnostic) in
      .record(SummaryRecord(try interpreter.network(call)))
    },
    BuiltIn(
      "forward", .network,
      [.net, .x, .init("training", .boolean, default: .truth(false), isKeywordOnly: true)],
      summary: "the forward pass: net input z and activation a of every neuron",
      formula: "Z = A · W + b, A = h(Z)",
      gives: .init(
        "a Forward: z[l] and a[l] of every layer, a[0] is the input; one row an example",
        members: ForwardRecord.members, columns: ForwardRecord.columns),
      example: "forward(Lecture, x)"
    ) { (interpreter, call) throws(Diagnostic) in
      let record = try interpreter.forward(call)
      interpreter.noteNonFinite(record.trace, record.outline.layers)
      try interpreter.noteTies(call)
      return .record(record)
    },
    BuiltIn(
      "predict", .network, [.net, .x],
      summary: "the output of the network: m×k, or a vector of k for one example",
      gives: .init("a matrix m×k, or a vector of k for one example"),
      example: "predict(Lecture, x)"
    ) { (interpreter, call) throws(Diagnostic) in
      if let mixed = try interpreter.predictMixed(call) { return mixed }
      let examples = try interpreter.examples(call)
      let output = try interpreter.placed(call.span) { () throws(NetworkError) in
        try examples.network.predict(examples.x, interrupt: interpreter.interrupt)
      }
      try interpreter.noteTies(call)
      return Value(output, examples.network.outputSizes, isSingle: examples.isSingle)
    }.explained { (interpreter, call) throws(Diagnostic) in try interpreter.forward(call) },
    BuiltIn(
      "loss", .network, [.net, .x, .y, .l2, .l1], summary: "the mean loss over the examples",
      gives: .init("a number"),
      example: "loss(Lecture, x, y)"
    ) { (interpreter, call) throws(Diagnostic) in
      let (penalty, interrupt) = (call.penalty, interpreter.interrupt)
      let loss: Double
      if let (network, mixed) = try interpreter.mixedExamples(call) {
        loss = try interpreter.placed(call.span) { () throws(NetworkError) in
          try network.loss(mixed, penalty: penalty, interrupt: interrupt)
        }
      } else {
        let (examples, y) = try interpreter.examplesAndTargets(call)
        loss = try interpreter.placed(call.span) { () throws(NetworkError) in
          try examples.network.loss(examples.x, y, penalty: penalty, interrupt: interrupt)
        }
      }
      if !loss.isFinite { interpreter.note("the loss is \(Interpreter.plain(loss))") }
      return .scalar(loss)
    }.explained { (interpreter, call) throws(Diagnostic) in
      LossExplanation(gradients: try interpreter.backward(call))
    },
    BuiltIn(
      "backward", .network, [.net, .x, .y, .l2, .l1],
      summary: "the backward pass: the gradient of the mean loss by everything in the network",
      gives: .init(
        "Gradients: W[l] and b[l] in the shape of the parameter, z[l] and a[l] m×k; a[0] is ∂L/∂x",
        members: GradientsRecord.members, columns: GradientsRecord.columns),
      example: "backward(Lecture, x, y)"
    ) { (interpreter, call) throws(Diagnostic) in .record(try interpreter.backward(call)) },
    BuiltIn(
      "evaluate", .network, [.net, .x, .y],
      summary: "loss, accuracy and the confusion matrix (rows true, columns predicted)",
      gives: .init(
        "an Evaluation", members: ["loss", "accuracy", "confusion"],
        columns: ["quantity", "true", "predicted", "value"]),
      example: "evaluate(Flowers, data.test)",
      behind: "network Flowers { input 4; dense 3, softmax }\ndata = split(dataset(iris))"
    ) { (interpreter, call) throws(Diagnostic) in
      let evaluation: Evaluation
      if let (network, mixed) = try interpreter.mixedExamples(call) {
        evaluation = try interpreter.placed(call.span) { () throws(NetworkError) in
          try network.evaluate(mixed, interrupt: interpreter.interrupt)
        }
      } else {
        let (examples, y) = try interpreter.examplesAndTargets(call)
        evaluation = try interpreter.placed(call.span) { () throws(NetworkError) in
          try examples.network.evaluate(examples.x, y, interrupt: interpreter.interrupt)
        }
        try interpreter.noteTies(call)
      }
      if !evaluation.loss.isFinite {
        interpreter.note("the loss is \(Interpreter.plain(evaluation.loss))")
      }
      var classes: [String]?
      for name in ["X", "Y"] {
        if case .dataset(let dataset) = call.value(name) { classes = dataset.classes }
      }
      return .record(
        EvaluationRecord(
          outline: NetworkOutline(try interpreter.network(call)), evaluation: evaluation,
          classes: classes))
    },
    BuiltIn(
      "copy", .network, [.net], summary: "an independent copy of a network",
      gives: .init("a network", members: Members.ofNetworks),
      example: "old = copy(Lecture)"
    ) { (interpreter, call) throws(Diagnostic) in .network(try interpreter.network(call).copy()) },
    BuiltIn(
      "reset", .network, [.net],
      summary: "back to the weights and the random state of the definition",
      gives: .init("nothing; it changes the network"),
      example: "reset(Lecture)"
    ) { (interpreter, call) throws(Diagnostic) in
      let network = try interpreter.network(call)
      try interpreter.willChange(network, call.span)
      network.reset()
      return .nothing
    }.having(effect: .changesTheNetwork),
  ]
}

extension Interpreter {
  fileprivate func forward(_ call: Call) throws(Diagnostic) -> ForwardRecord {
    let examples = try examples(call)
    let isTraining = call.boolean("training")
    let pass = try placed(call.span) { () throws(NetworkError) in
      try examples.network.forward(examples.x, isTraining: isTraining, interrupt: interrupt)
    }
    try walk(examples.network, pass)
    return ForwardRecord(
      network: examples.network.state, trace: pass, isSingle: examples.isSingle,
      isTraining: isTraining)
  }

  fileprivate func backward(_ call: Call) throws(Diagnostic) -> GradientsRecord {
    let (examples, y) = try examplesAndTargets(call)
    let gradients = try placed(call.span) { () throws(NetworkError) in
      try examples.network.backward(
        examples.x, y, penalty: call.penalty, interrupt: interrupt)
    }
    try walk(examples.network, examples.x, y, penalty: call.penalty)
    return GradientsRecord(
      network: examples.network.state, x: examples.x, y: y, gradients: gradients,
      isSingle: examples.isSingle)
  }

  /// Notes net inputs that count as on their threshold.
  fileprivate func noteTies(_ call: Call) throws(Diagnostic) {
    guard try network(call).hasThresholds else { return }
    let examples = try examples(call)
    let ties = try placed(call.span) { () throws(NetworkError) in
      try examples.network.roundedTies(examples.x, interrupt: interrupt)
    }
    guard let ties else { return }
    let more = ties.count > 1 ? " (and \(ties.count - 1) more)" : ""
    note(
      "z of neuron \(ties.neuron) in layer \(ties.layer) for example \(ties.example)\(more) is its threshold \(plain(ties.threshold)) but for rounding, and counts as on it"
    )
  }

  /// Notes the first neuron whose value is not finite, but for what a layer's lines set so themselves, as a mask.
  fileprivate func noteNonFinite(_ pass: Trace, _ layers: [any Layer]) {
    for (index, quantities) in pass.layers.enumerated()
    where !quantities.allSatisfy({ $0.values.storage.allSatisfy(\.isFinite) }) {
      for (quantity, line) in zip(quantities, layers[index].lines)
      where !line.formula.symbols.isEmpty {
        let (letter, matrix) = (quantity.name, quantity.values)
        guard let place = matrix.storage.firstIndex(where: { !$0.isFinite }) else { continue }
        note(
          "\(letter) of neuron \(place % matrix.columns + 1) in layer \(index + 1) is \(plain(matrix.storage[place])) for example \(place / matrix.columns + 1)"
        )
        return
      }
    }
  }
}
