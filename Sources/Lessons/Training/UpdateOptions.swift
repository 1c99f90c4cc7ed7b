import Display
import Language
import MatrixEngine
import Networks
import Syntax

/// How a call says that parameters are to be moved.
extension BuiltIn.Parameter {
  /// A number, one a layer, or a function of the epochs; by default the optimizer's own.
  static func learningRate(
    _ optimizers: Registry<Optimizer>, _ others: BuiltIn.Default.Exception...
  ) -> BuiltIn.Parameter {
    let usual = TrainingOptions.usual.optimizer.defaultLearningRate
    var rates: [Double] = []
    for rate in optimizers.map(\.defaultLearningRate)
    where rate != usual && !rates.contains(rate) {
      rates.append(rate)
    }
    let exceptions = rates.map { rate in
      BuiltIn.Default.Exception(
        parameter: "optimizer",
        words: optimizers.filter { $0.defaultLearningRate == rate }.map(\.name), number: rate)
    }
    return BuiltIn.Parameter(
      "learning_rate", .rates, default: .depending(usual, exceptions: exceptions + others),
      aliases: ["η", "α", "lr", "eta", "alpha"]
    ).written(as: "learning_rate = 0.1, or a function of the epochs so far: η(t) = 0.1/(1 + t)")
  }

  static func optimizer(_ optimizers: Registry<Optimizer>) -> BuiltIn.Parameter {
    BuiltIn.Parameter(
      "optimizer", .wordWithNumbers(optimizers.map(\.name)),
      default: .word(TrainingOptions.usual.optimizer.name)
    ).written(as: "optimizer = momentum(0.9), or adam(0.9, 0.999)")
  }

  static let l2 = BuiltIn.Parameter("l2", .scalar, default: .number(0), isKeywordOnly: true)
    .written(
      as:
        "l2 = 0.01, which adds ½λΣW² to the loss; adamw(0.9, 0.999, 1e-8, 0.01) decays all parameters"
    )

  static let l1 = BuiltIn.Parameter("l1", .scalar, default: .number(0), isKeywordOnly: true)
    .written(as: "l1 = 0.01, which adds λΣ|W| to the loss")

  static let clip = BuiltIn.Parameter(
    "clip", .scalar, default: .described("no bound"), isKeywordOnly: true
  ).written(as: "clip = 1, which bounds the norm of all gradients")

  static let validation = BuiltIn.Parameter(
    "validation", .any, default: .described("none"), isKeywordOnly: true
  ).written(as: "validation = (Xv, Yv), or a share: validation = 0.2")

  static let patience = BuiltIn.Parameter(
    "patience", .whole(atLeast: 1), default: .described("never ends early"), isKeywordOnly: true
  ).written(as: "patience = 10, which ends a training whose loss has not fallen for 10 epochs")
}

/// What a call of `train` says besides.
extension BuiltIn.Parameter {
  static let keep = BuiltIn.Parameter(
    "keep", .whole(atLeast: 1), default: .described("as often as there is room for"),
    isKeywordOnly: true
  ).written(
    as:
      "keep = 10, which keeps the weights of every 10th epoch; without it about a hundred states are kept, fewer of large networks, and h.at(e) runs again what lies between"
  )

  static let watch = BuiltIn.Parameter(
    "watch", .words(WatchedPicture.Subject.allCases.map(\.rawValue)),
    default: .described("progress alone"), isKeywordOnly: true
  ).written(as: "watch = [boundary, weights], which shows these pictures while it trains")

  static let pace = BuiltIn.Parameter(
    "pace", .scalar, default: .described("as fast as it can"), isKeywordOnly: true
  ).written(as: "pace = 0.2, which shows every epoch and waits so many seconds")
}

extension Call {
  /// What the call adds to the loss.
  var penalty: Penalty { Penalty(l2: scalar("l2"), l1: scalar("l1")) }
}

extension Interpreter {
  /// The options of a call that say how parameters move.
  ///
  /// Throws: a NameError, TypeError or ValueError at the argument.
  func updateOptions(_ call: Call, _ network: Network, _ optimizers: Registry<Optimizer>)
    throws(Diagnostic) -> TrainingOptions
  {
    var options = TrainingOptions(
      optimizer: try optimizer(call, optimizers), penalty: call.penalty,
      clip: call.has("clip") ? call.scalar("clip") : nil)
    options.learningRate = try learningRate(call, network, options.optimizer)
    return options
  }

  /// `adam`, or `adam(0.9, ε = 1e-6)`.
  private func optimizer(_ call: Call, _ optimizers: Registry<Optimizer>) throws(Diagnostic)
    -> Optimizer
  {
    let optimizer =
      call.text("optimizer").flatMap { optimizers[$0] } ?? TrainingOptions.usual.optimizer
    guard let numbers = call["optimizer"]?.numbers, !numbers.isEmpty else { return optimizer }
    let known = optimizer.coefficients
    var values = [Double?](repeating: nil, count: max(known.count, numbers.count))
    for (position, number) in numbers.enumerated() {
      guard let name = number.name else {
        values[position] = number.value
        continue
      }
      guard let place = known.firstIndex(where: { $0.names.contains(name) }) else {
        throw Diagnostic(
          .name, "\(optimizer.name) has no number \(name)", at: number.span,
          label: Spelling.question(name, in: known.flatMap(\.names)),
          help: known.isEmpty
            ? "\(optimizer.name) takes no numbers"
            : "its numbers are \(known.map(\.name).joined(separator: ", "))")
      }
      values[place] = number.value
    }
    let given = values
    return try placed(call.span(of: "optimizer")) { () throws(NetworkError) in
      try optimizer.with(coefficients: given)
    }
  }

  /// The learning rate of a call, nil for the optimizer's own. A function is asked for every epoch, or in a single
  /// update for the steps so far.
  private func learningRate(_ call: Call, _ network: Network, _ optimizer: Optimizer)
    throws(Diagnostic) -> LearningRate?
  {
    guard let argument = call["learning_rate"] else { return nil }
    if let rate = argument.value.number { return .constant(rate) }
    if let rates = argument.value.vector { return .layers(rates) }
    guard case .function(let function) = argument.value else { return nil }
    guard function.takesOneNumber else {
      throw Diagnostic(
        .type, "learning_rate is a function of the epochs so far, and \(function.name) is not one",
        at: argument.span, help: "η(t) = 0.1/(1 + t), then learning_rate = η")
    }
    guard call.builtIn.parameter(named: "epochs") != nil else {
      let count = Double(network.updates(of: optimizer))
      return .constant(try rate(function, at: count, call))
    }
    let epochs = call.whole("epochs")
    guard epochs <= Self.mostScheduled else {
      throw Diagnostic(
        .limit, "a learning rate for each of \(epochs) epochs is too much", at: argument.span,
        help: "give one number")
    }
    var rates: [Double] = []
    for epoch in 0..<max(epochs, 1) {
      try checkInterrupt(call.span)
      rates.append(try rate(function, at: Double(epoch), call))
    }
    return .epochs(rates, formula: function.bodyText)
  }

  /// The most epochs for which a function gives the learning rate.
  private static let mostScheduled = 1 << 22

  private func rate(_ function: FunctionValue, at t: Double, _ call: Call) throws(Diagnostic)
    -> Double
  {
    let span = call.span(of: "learning_rate")
    let value = try value(of: function, at: t, span, call.scope)
    guard let rate = value.number else {
      throw Diagnostic(
        .type,
        "\(function.name)(\(plain(t))) is \(value.description), and a learning rate a number",
        at: span)
    }
    return rate
  }

  /// What is trained on and what is only looked at: given as `(X, Y)`, as a dataset, or as a share of the examples,
  /// which is then taken as `split` does.
  func validation(_ call: Call, of network: Network, _ x: Matrix<Double>, _ y: Matrix<Double>)
    throws(Diagnostic) -> (
      training: (Matrix<Double>, Matrix<Double>), validation: (Matrix<Double>, Matrix<Double>)
    )
  {
    let (value, span) = (call.value("validation"), call.span(of: "validation"))
    if let share = value.number {
      let all = Dataset(
        name: network.name, x: x, y: y.columns == 1 ? .vector(y.storage) : y, names: [])
      guard share > 0, share < 1, let parts = try? all.split(test: share), parts.test.count > 0,
        parts.train.count > 0
      else {
        throw Diagnostic(
          .value, "validation = \(plain(share)) leaves nothing to train on or to look at", at: span,
          help: "a share of the examples between 0 and 1, such as 0.2")
      }
      func pair(_ part: Dataset) -> (Matrix<Double>, Matrix<Double>) {
        (part.x, Matrix(rows: part.count, columns: y.columns, storage: part.y?.storage ?? []))
      }
      return (pair(parts.train), pair(parts.test))
    }
    var pair: (x: Tensor<Double>, y: Tensor<Double>)?
    if case .dataset(let dataset) = value {
      pair = (dataset.x, DatasetRecord(dataset).targets)
    } else if case .list(let list) = value, list.elements.count == 2,
      let x = list.elements[0].tensor, let y = list.elements[1].tensor
    {
      pair = (x, y)
    }
    guard let pair else {
      throw Diagnostic(
        .type, "validation is examples with targets, not \(value.description)", at: span,
        help: "validation = (Xv, Yv), a dataset, or a share such as 0.2")
    }
    return try placed(span) { () throws(NetworkError) in
      let rows = try network.examples(from: pair.x)
      let targets = try network.targets(
        from: pair.y, examples: rows.rows, isSingle: pair.x.rank < 2)
      return ((x, y), (rows, targets))
    }
  }
}

extension FunctionValue {
  fileprivate var takesOneNumber: Bool {
    switch self {
    case .user(let function): function.syntax.parameters.count == 1
    case .formula(let formula): formula.parameters.count == 1
    case .builtIn(let builtIn): builtIn.isElementwise || builtIn.positional.count == 1
    case .unknown: false
    }
  }

  /// What it gives, as it was written; else its name.
  fileprivate var bodyText: String {
    if case .user(let function) = self { function.bodyLine } else { "\(name)(t)" }
  }
}

extension LearningRate {
  /// As captions say it: 0.1, [0.1, 0.5], 0.1/(1 + t).
  var text: String {
    switch self {
    case .constant(let rate): Interpreter.plain(rate)
    case .layers(let rates): "[\(rates.map(Interpreter.plain).joined(separator: ", "))]"
    case .epochs(_, let formula): formula
    }
  }

  /// The same where another number may take its place.
  func text(_ format: NumberFormat) -> String {
    if format.marks, case .constant(let rate) = self { format.text(rate) } else { text }
  }
}

extension Penalty {
  /// As captions say it behind the learning rate: ", l2 = 0.01, clip = 1".
  func words(clip: Double?) -> String {
    [("l2", l2), ("l1", l1), ("clip", clip ?? 0)].filter { $1 != 0 }
      .map { ", \($0) = \(Interpreter.plain($1))" }.joined()
  }
}
