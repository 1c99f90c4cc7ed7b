import Language
import Networks
import Syntax

/// What a history knows of the epochs that it went through: `h.at(120)`, `why(h, 120, W[1][2,1])`.
extension HistoryRecord {
  /// `h.at`, a function of an epoch.
  var at: BuiltIn {
    BuiltIn(
      "at", .network, [.init("epoch", .whole(atLeast: 0))],
      summary: "the network as it was after an epoch, bit for bit; epoch 0 is before training",
      gives: .init("a network", members: Members.ofNetworks), example: "h.at(120)"
    ) { (interpreter, call) throws(Diagnostic) in
      let epoch = call.whole("epoch")
      try check(epoch, from: 0, at: call.span(of: "epoch"))
      return .network(
        try interpreter.placed(call.span) { () throws(NetworkError) in
          try history.network(after: epoch, interrupt: interpreter.interrupt)
        })
    }
  }

  /// Throws: a ValueError for an epoch that there was not.
  func check(_ epoch: Int, from first: Int, at span: SourceSpan) throws(Diagnostic) {
    guard epoch < first || epoch > history.wholeEpochs else { return }
    let last = history.wholeEpochs
    var error = Diagnostic(
      .value,
      "epoch \(epoch) is out of range: this training of \(outline.name) went on to epoch \(last)",
      at: span)
    if last >= first { error.label = "valid: \(first) to \(last)" }
    throw error
  }
}

extension HistoryRecord: WithWay {
  /// The states that it keeps, with the last one.
  package var states: [NetworkState] { history.states }
}

/// `why`: what moved a weight.
package enum TimeTravelCommands {
  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "why", .network,
      [
        .init("h", .any), .init("epoch", .whole(atLeast: 1)),
        .init("parameter", .expression),
      ],
      summary:
        "what moved a weight in an epoch of a training: the examples that pushed most, and the optimizer's terms",
      formula: "∂L/∂w = 1/m Σᵢ ∂Lᵢ/∂w",
      gives: .init(
        "a Why: the weight before and after the epoch, and what every example adds to its gradient",
        members: WhyRecord.members, columns: WhyRecord.columns),
      example: "why(h, 120, W[2][1,3])",
      behind: "h = train(copy(Lecture), x, y, epochs = 120)"
    ) { (interpreter, call) throws(Diagnostic) in .record(try interpreter.why(call)) }
  ]
}

extension Interpreter {
  fileprivate func why(_ call: Call) throws(Diagnostic) -> WhyRecord {
    guard let record = call.value("h").asked(for: HistoryRecord.self) else {
      throw Diagnostic(
        .type, "why asks the history of a training, not \(call.value("h").description)",
        at: call.span(of: "h"), help: "h = train(net, X, Y), then why(h, 120, W[1][2,1])")
    }
    let epoch = call.whole("epoch")
    try record.check(epoch, from: 1, at: call.span(of: "epoch"))
    let history = record.history
    let entry = try self.entry(call, of: history.start)
    let (old, new) = try placed(call.span) { () throws(NetworkError) in
      (
        try history.network(after: epoch - 1, interrupt: interrupt),
        try history.network(after: epoch, interrupt: interrupt)
      )
    }
    let parts = try placed(call.span) { () throws(NetworkError) in
      try history.updates(in: epoch, interrupt: interrupt).map { (each) throws(NetworkError) in
        let change = each.update.changes[entry]
        return WhyRecord.Part(
          update: each.update, change: change,
          shares: Array(
            zip(each.examples, try each.gradients(of: change, interrupt: interrupt))))
      }
    }
    guard let place = parts.first?.change.place else {
      throw Diagnostic(.value, "there was no update in epoch \(epoch)", at: call.span)
    }
    return WhyRecord(
      outline: record.outline, epoch: epoch, parts: parts, place: place,
      old: old.parameter(at: entry), new: new.parameter(at: entry))
  }

  /// Which of all numbers of a network a path means: it is read of a network that has these as its parameters.
  private func entry(_ call: Call, of network: NetworkState) throws(Diagnostic) -> Int {
    let help = "name one number of \(network.name), such as W[1][2,1] or b[1][2]"
    guard let path = call["parameter"]?.syntax, path.isPath else {
      throw Diagnostic(
        .type, "why tells of a weight, and this is none", at: call.span(of: "parameter"),
        help: help)
    }
    let parts = ParametersOfCopy(Network(network).numbered(), self)
    defer { parts.end() }
    let value = try parts.value(path)
    guard let number = value.number, let entry = Int(exactly: number) else {
      throw Diagnostic(
        .type, "why tells of one number, and this is \(value.description)", at: path.span,
        help: help)
    }
    return entry
  }
}

extension ExpressionSyntax {
  /// Whether it is written as a part of something: `W[1][2,1]`, `net.W[1][2,1]`.
  fileprivate var isPath: Bool {
    if case .index = kind { true } else { false }
  }
}
