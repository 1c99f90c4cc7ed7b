import Language
import MatrixEngine
import Networks
import Syntax

/// The commands that change a network's parameters: `step` and `train`.
package enum TrainingCommands {
  package static func builtIns(_ catalog: NetworkCatalog) -> [BuiltIn] {
    [
      BuiltIn(
        "step", .network,
        [.net, .x, .y, .learningRate(default: .number(Optimizer.sgd.defaultLearningRate))],
        summary: "one update by gradient descent: old, gradient and new of every parameter",
        formula: "w − η ∂L/∂w",
        gives: .init(
          "an Update: losses before and after, the old and the new network; it changes the network",
          members: UpdateRecord.members, columns: UpdateRecord.columns),
        example: "step(Lecture, x, y, learning_rate = 0.1)"
      ) { (interpreter, call) throws(Diagnostic) in
        let (examples, y) = try interpreter.examplesAndTargets(call)
        try interpreter.willChange(examples.network, call.span)
        let update = try interpreter.placed(call) { () throws(NetworkError) in
          try examples.network.step(
            examples.x, y, learningRate: call.scalar("learning_rate"),
            interrupt: interpreter.interrupt)
        }
        return .record(UpdateRecord(outline: NetworkOutline(examples.network), update: update))
      }.having(effect: .changesTheNetwork),
      BuiltIn(
        "train", .network,
        [
          .net, .x, .y,
          .init(
            "epochs", .whole(atLeast: 0),
            default: .depending(
              Double(TrainingOptions.usual.epochs),
              exceptions: [ofPerceptrons(Double(PerceptronHistory.usualEpochs))])),
          .learningRate(
            default: .depending(
              Optimizer.sgd.defaultLearningRate,
              exceptions: rates(catalog.optimizers) + [
                ofPerceptrons(PerceptronHistory.usualLearningRate)
              ])),
          .init("batch_size", .wholeOrWord(atLeast: 1, word: "all"), default: .word("all")),
          .init(
            "optimizer", .word(catalog.optimizers.map(\.name)),
            default: .word(TrainingOptions.usual.optimizer.name)),
          .init("shuffle", .boolean, default: .truth(TrainingOptions.usual.shuffle)),
          .init("every", .whole(atLeast: 1), default: .whole(TrainingOptions.usual.every)),
          .init("rule", .word(["perceptron", "gradient"]), default: .word("gradient")),
        ],
        summary:
          "many updates: loss and accuracy after each epoch; rule = perceptron trains a perceptron",
        gives: .init(
          "a History, whose row 0 is before training; it changes the network",
          members: HistoryRecord.members, columns: HistoryRecord.columns),
        example: "train(net, X, Y, epochs = 50, optimizer = adam)"
      ) { (interpreter, call) throws(Diagnostic) in
        call.text("rule") == "perceptron"
          ? .record(try perceptronRule(interpreter, call))
          : try gradientDescent(interpreter, call, catalog.optimizers)
      }.explained { (interpreter, call) throws(Diagnostic) in
        guard call.text("rule") == "perceptron" else {
          throw Diagnostic(
            .gradient, "a training of many updates has no single derivation", at: call.span,
            help: "explain step(…) tells one update, train(…, rule = perceptron) the perceptron's")
        }
        return try perceptronRule(interpreter, call)
      }.having(effect: .changesTheNetwork),
    ]
  }

  private static func gradientDescent(
    _ interpreter: Interpreter, _ call: Call, _ optimizers: Registry<Optimizer>
  ) throws(Diagnostic) -> Value {
    let (examples, y) = try interpreter.examplesAndTargets(call)
    let network = examples.network
    let options = TrainingOptions(
      epochs: call.whole("epochs"), learningRate: call.scalar("learning_rate"),
      batchSize: call.text("batch_size") == nil ? call.whole("batch_size") : nil,
      optimizer: call.text("optimizer").flatMap { optimizers[$0] }
        ?? TrainingOptions.usual.optimizer,
      shuffle: call.boolean("shuffle"), every: call.whole("every"))
    try interpreter.willChange(network, call.span)
    let history = try interpreter.placed(call) { () throws(NetworkError) in
      try network.train(
        examples.x, y, options, interrupt: interpreter.interrupt,
        observer: interpreter.host?.trainingObserver)
    }
    switch history.outcome {
    case .completed: break
    case .stopped(let epoch):
      interpreter.note(
        "stopped in epoch \(epoch), as was asked; the network keeps what it has learnt")
    case .interrupted: throw Diagnostic.interrupted(at: call.span)
    case .notFinite(let epoch, let loss):
      interpreter.note(
        epoch == 0
          ? "nothing was trained: the loss is \(Interpreter.plain(loss)) at the start"
          : "stopped in epoch \(epoch): the loss became \(Interpreter.plain(loss)); the network keeps the last finite weights. A smaller learning_rate may help"
      )
    }
    return .record(HistoryRecord(outline: NetworkOutline(network), history: history))
  }

  private static func ofPerceptrons(_ number: Double) -> BuiltIn.Default.Exception {
    .init(parameter: "rule", words: ["perceptron"], number: number)
  }

  /// Optimizers that do not train at the usual rate, by the rate that each has.
  private static func rates(_ optimizers: Registry<Optimizer>) -> [BuiltIn.Default.Exception] {
    var rates: [Double] = []
    for optimizer in optimizers
    where optimizer.defaultLearningRate != Optimizer.sgd.defaultLearningRate {
      if !rates.contains(optimizer.defaultLearningRate) {
        rates.append(optimizer.defaultLearningRate)
      }
    }
    return rates.map { rate in
      .init(
        parameter: "optimizer",
        words: optimizers.filter { $0.defaultLearningRate == rate }.map(\.name), number: rate)
    }
  }

  private static func perceptronRule(_ interpreter: Interpreter, _ call: Call) throws(Diagnostic)
    -> PerceptronHistoryRecord
  {
    for name in ["batch_size", "optimizer", "shuffle", "every"] where call.has(name) {
      throw Diagnostic(
        .type, "\(name) does not go with rule = perceptron", at: call.span(of: name),
        help: "the perceptron rule takes the examples one by one, in order")
    }
    let (examples, y) = try interpreter.examplesAndTargets(call)
    try interpreter.willChange(examples.network, call.span)
    let start = examples.network.state
    let history = try interpreter.placed(call) { () throws(NetworkError) in
      try examples.network.trainPerceptron(
        examples.x, y, epochs: call.whole("epochs"), learningRate: call.scalar("learning_rate"),
        interrupt: interpreter.interrupt)
    }
    if case .interrupted = history.outcome { throw Diagnostic.interrupted(at: call.span) }
    return PerceptronHistoryRecord(
      outline: NetworkOutline(examples.network), history: history, start: start, x: examples.x)
  }
}
