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
        [
          .net, .x, .y, .learningRate(catalog.optimizers), .optimizer(catalog.optimizers), .l2,
          .l1, .clip,
        ],
        summary:
          "one update of every parameter, by gradient descent or another optimizer, line by line",
        formula: "w − η ∂L/∂w",
        gives: .init(
          "an Update: losses before and after, the old and the new network; it changes the network",
          members: UpdateRecord.members, columns: UpdateRecord.columns),
        example: "step(net, x, y, learning_rate = 0.1)"
      ) { (interpreter, call) throws(Diagnostic) in
        let (examples, y) = try interpreter.examplesAndTargets(call)
        let network = examples.network
        let options = try interpreter.updateOptions(call, network, catalog.optimizers)
        try interpreter.walk(network, examples.x, y, penalty: options.penalty)
        try interpreter.willChange(network, call.span)
        let update = try interpreter.placed(call) { () throws(NetworkError) in
          try network.step(examples.x, y, options, interrupt: interpreter.interrupt)
        }
        return .record(UpdateRecord(outline: NetworkOutline(network), update: update))
      }.having(effect: .changesTheNetwork),
      BuiltIn(
        "train", .network,
        [
          .net, .x, .y,
          .init(
            "epochs", .whole(atLeast: 0),
            default: .depending(
              Double(TrainingOptions.usual.epochs),
              exceptions: [ofPerceptrons(Double(PerceptronHistory.usualEpochs))])
          ).written(as: "epochs = 100"),
          .learningRate(
            catalog.optimizers, ofPerceptrons(PerceptronHistory.usualLearningRate)),
          .init("batch_size", .wholeOrWord(atLeast: 1, word: "all"), default: .word("all")),
          .optimizer(catalog.optimizers),
          .init("shuffle", .boolean, default: .truth(TrainingOptions.usual.shuffle)),
          .init("every", .whole(atLeast: 1), default: .whole(TrainingOptions.usual.every)),
          .init("rule", .word(["perceptron", "gradient"]), default: .word("gradient")),
          .l2, .l1, .clip, .validation, .patience, .keep, .watch, .pace,
        ],
        summary:
          "many updates: loss and accuracy after each epoch; rule = perceptron trains a perceptron",
        gives: .init(
          "a History, whose row 0 is before training; h.at(e) is the network after epoch e, bit for bit; it changes the network",
          members: HistoryRecord.members, columns: HistoryRecord.columns),
        example: "train(net, X, Y, epochs = 50, optimizer = adam, every = 25)"
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
    if let (network, mixed) = try interpreter.mixedExamples(call) {
      return try gradientDescent(interpreter, call, optimizers, network, mixed)
    }
    var (examples, y) = try interpreter.examplesAndTargets(call)
    let network = examples.network
    var options = try trainingOptions(interpreter, call, network, optimizers)
    if call.has("validation") {
      let parts = try interpreter.validation(call, of: network, examples.x, y)
      (examples.x, y) = parts.training
      options.validation = parts.validation
    }
    let (x, targets, chosen) = (examples.x, y, options)
    let live = try interpreter.liveTraining(
      call, chosen, examples: x.rows,
      pictures: interpreter.watchedPictures(call, network, x, targets))
    try interpreter.willChange(network, call.span)
    let walk = PassWalk(network, in: interpreter)
    let history = try interpreter.placed(call) { () throws(NetworkError) in
      try network.train(
        x, targets, chosen, interrupt: interpreter.interrupt,
        observer: interpreter.host?.trainingObserver ?? live,
        beforeStep: walk.map { walk in { walk.both($0, $1, penalty: chosen.penalty) } })
    }
    return ended(history, of: network, interpreter, call)
  }

  private static func trainingOptions(
    _ interpreter: Interpreter, _ call: Call, _ network: Network, _ optimizers: Registry<Optimizer>
  ) throws(Diagnostic) -> TrainingOptions {
    var options = try interpreter.updateOptions(call, network, optimizers)
    options.epochs = call.whole("epochs")
    options.batchSize = call.text("batch_size") == nil ? call.whole("batch_size") : nil
    options.shuffle = call.boolean("shuffle")
    options.every = call.whole("every")
    options.patience = call.has("patience") ? call.whole("patience") : nil
    options.keep = call.has("keep") ? call.whole("keep") : nil
    return options
  }

  /// The same on a list that mixes lengths, of which nothing is looked at on the way.
  private static func gradientDescent(
    _ interpreter: Interpreter, _ call: Call, _ optimizers: Registry<Optimizer>, _ network: Network,
    _ examples: MixedExamples
  ) throws(Diagnostic) -> Value {
    for name in ["validation", "watch"] where call.has(name) {
      throw Diagnostic(
        .type, "\(name) goes with examples of one length, and X has several",
        at: call.span(of: name),
        help: name == "watch" ? nil : "evaluate(\(network.name), Xv, Yv) behind the training")
    }
    let options = try trainingOptions(interpreter, call, network, optimizers)
    let live = try interpreter.liveTraining(call, options, examples: examples.count, pictures: [])
    try interpreter.willChange(network, call.span)
    let history = try interpreter.placed(call) { () throws(NetworkError) in
      try network.train(
        examples, options, interrupt: interpreter.interrupt,
        observer: interpreter.host?.trainingObserver ?? live)
    }
    return ended(history, of: network, interpreter, call)
  }

  /// A training is over: what a note says of it, and what it returns.
  private static func ended(
    _ history: TrainingHistory, of network: Network, _ interpreter: Interpreter, _ call: Call
  ) -> Value {
    switch history.outcome {
    case .completed: break
    case .early(let epoch):
      interpreter.note(
        "stopped after epoch \(epoch): the \(history.validationLoss.isEmpty ? "" : "validation ")loss had not fallen for \(call.whole("patience").counted("epoch")); the network keeps the weights of epoch \(history.best ?? epoch)"
      )
    case .stopped(let epoch):
      interpreter.note(
        "stopped in epoch \(epoch), as was asked; the network keeps what it has learnt")
    case .interrupted(let epoch):
      interpreter.keepTraining(
        of: network,
        interrupted(
          network, epoch, loss: epoch == history.epochs.last ? history.loss.last : nil,
          at: call.span))
    case .notFinite(let epoch, let loss):
      interpreter.note(
        epoch == 0
          ? "nothing was trained: the loss is \(Interpreter.plain(loss)) at the start"
          : "stopped in epoch \(epoch): the loss became \(Interpreter.plain(loss)); the network keeps the last finite weights. A smaller learning_rate may help"
      )
    }
    return .record(HistoryRecord(outline: NetworkOutline(network), history: history))
  }

  private static func interrupted(
    _ network: Network, _ epoch: Int, loss: Double? = nil, at span: SourceSpan
  ) -> Diagnostic {
    var error = Diagnostic.interrupted(at: span)
    let reached = loss.map { ", with the loss \(Interpreter.plain($0))" } ?? ""
    error.help =
      "\(network.name) keeps the weights after epoch \(epoch), its last whole one\(reached), and the history up to there"
    return error
  }

  private static func ofPerceptrons(_ number: Double) -> BuiltIn.Default.Exception {
    .init(parameter: "rule", words: ["perceptron"], number: number)
  }

  private static func perceptronRule(_ interpreter: Interpreter, _ call: Call) throws(Diagnostic)
    -> PerceptronHistoryRecord
  {
    let others = [
      "batch_size", "optimizer", "shuffle", "every", "l2", "l1", "clip", "validation", "patience",
      "keep", "watch", "pace",
    ]
    for name in others where call.has(name) {
      throw Diagnostic(
        .type, "\(name) does not go with rule = perceptron", at: call.span(of: name),
        help: "the perceptron rule takes the examples one by one, in order")
    }
    if call.has("learning_rate"), call.value("learning_rate").number == nil {
      throw Diagnostic(
        .type, "the perceptron rule takes one number as learning_rate",
        at: call.span(of: "learning_rate"))
    }
    let (examples, y) = try interpreter.examplesAndTargets(call)
    try interpreter.willChange(examples.network, call.span)
    let start = examples.network.state
    let history = try interpreter.placed(call) { () throws(NetworkError) in
      try examples.network.trainPerceptron(
        examples.x, y, epochs: call.whole("epochs"), learningRate: call.scalar("learning_rate"),
        interrupt: interpreter.interrupt)
    }
    if case .interrupted(let epoch) = history.outcome {
      let network = examples.network
      interpreter.keepTraining(of: network, interrupted(network, epoch, at: call.span))
    }
    return PerceptronHistoryRecord(
      outline: NetworkOutline(examples.network), history: history, start: start, x: examples.x)
  }
}
