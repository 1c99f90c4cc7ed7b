import Display
import Language
import MatrixEngine
import Networks
import Syntax

/// The examples and targets that a command was given, as one example a row.
package struct Examples {
  package var network: Network
  package var x: Matrix<Double>
  /// Whether X was a vector or a number: one example, whose results are vectors.
  var isSingle: Bool
}

extension Interpreter {
  /// `net, X`: a vector is one example, a matrix one example a row, a Dataset its X.
  package func examples(_ call: Call) throws(Diagnostic) -> Examples {
    try examples(call, of: network(call))
  }

  /// `X` as examples of a network.
  func examples(_ call: Call, of network: Network) throws(Diagnostic) -> Examples {
    let span = call.span(of: "X")
    let value = call.value("X")
    if case .dataset(let dataset) = value {
      try fit(network, to: dataset.x.sizes, span)
      return Examples(
        network: network,
        x: try placed(span) { () throws(NetworkError) in
          try network.examples(from: dataset.x)
        }, isSingle: false)
    }
    guard let numeric = try stacked(value, span) else {
      throw Diagnostic(
        .type, "X must be numbers or a dataset, not \(value.description)", at: span,
        help: call.builtIn.signature)
    }
    try fit(network, to: numeric.sizes, span)
    let isSingle = network.isSingle(numeric)
    return Examples(
      network: network,
      x: try placed(span) { () throws(NetworkError) in try network.examples(from: numeric) },
      isSingle: isSingle)
  }

  /// `net, X, Y`: the targets in the shape m×k. A Dataset stands for both.
  func examplesAndTargets(_ call: Call) throws(Diagnostic) -> (Examples, y: Matrix<Double>) {
    let examples = try examples(call)
    let numeric: Tensor<Double>
    let span: SourceSpan
    if case .dataset(let dataset) = call.value("X") {
      guard !call.has("Y") else {
        throw Diagnostic(
          .type, "a dataset brings its own Y", at: call.span(of: "Y"), label: "one too many")
      }
      numeric = DatasetRecord(dataset).targets
      span = call.span(of: "X")
    } else {
      let y = try givenTargets(call)
      if case .dataset(let dataset) = y.value {
        numeric = DatasetRecord(dataset).targets
      } else if let value = try stacked(y.value, y.span) {
        numeric = value
      } else {
        throw needsNumbers(y, call)
      }
      span = y.span
    }
    let y = try placed(span) { () throws(NetworkError) in
      try examples.network.targets(
        from: numeric, examples: examples.x.rows, isSingle: examples.isSingle)
    }
    return (examples, y)
  }

  /// Numbers, or a list of arrays of one shape as an array with a first index more; nil for what is neither.
  private func stacked(_ value: Value, _ span: SourceSpan) throws(Diagnostic) -> Tensor<Double>? {
    guard case .list(let list) = value else { return value.tensor }
    let parts = list.elements.compactMap(\.tensor)
    guard let first = parts.first, parts.count == list.elements.count else { return nil }
    for (number, part) in parts.enumerated() where part.sizes != first.sizes {
      throw Diagnostic(
        .shape,
        "the examples of a list have one shape here, but the first is \(first.shapeDescription), number \(number + 1) \(part.shapeDescription)",
        at: span,
        help: "take those of one length together; train, evaluate, predict and loss take several")
    }
    do { return try Tensor.stacked(parts) } catch { throw Diagnostic(error, at: span) }
  }

  /// The examples of a list that mixes lengths, for a network whose input has a free size; nil for anything else.
  private func mixed(_ call: Call, _ network: Network) -> [Tensor<Double>]? {
    guard network.definition.freeInput != nil, case .list(let list) = call.value("X") else {
      return nil
    }
    let parts = list.elements.compactMap(\.tensor)
    guard parts.count == list.elements.count, Set(parts.map(\.sizes)).count > 1 else { return nil }
    return parts
  }

  /// What the network gives for each example of a list that mixes lengths: one a row, or a list where these have several
  /// sizes too; nil for anything else.
  func predictMixed(_ call: Call) throws(Diagnostic) -> Value? {
    let network = try network(call)
    guard let parts = mixed(call, network) else { return nil }
    var outputs: [(sizes: [Int], values: [Double])] = []
    for part in parts {
      try fit(network, to: part.sizes, call.span(of: "X"))
      let values = try placed(call.span(of: "X")) { () throws(NetworkError) in
        try network.predict(network.examples(from: part), interrupt: interrupt).storage
      }
      outputs.append((network.outputSizes, values))
    }
    guard let sizes = outputs.first?.sizes, outputs.allSatisfy({ $0.sizes == sizes }) else {
      return .list(ListValue(outputs.map { Value(Tensor(Shape($0.sizes), $0.values)) }))
    }
    return Value(Tensor(Shape([outputs.count] + sizes), outputs.flatMap(\.values)))
  }

  /// `net, X, Y` where X is a list that mixes lengths; nil for anything else.
  func mixedExamples(_ call: Call) throws(Diagnostic) -> (network: Network, MixedExamples)? {
    let network = try network(call)
    guard let examples = mixed(call, network) else { return nil }
    let y = try givenTargets(call)
    let targets = try targets(y, of: examples.count, call)
    var parts: [MixedExamples.Part] = []
    for sizes in Set(examples.map(\.sizes)).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let numbers = examples.indices.filter { examples[$0].sizes == sizes }
      let laidOut = network.copy()
      try fit(laidOut, to: sizes, call.span(of: "X"))
      let x = try placed(call.span(of: "X")) { () throws(NetworkError) in
        try laidOut.examples(from: stacked(numbers.map { examples[$0] }))
      }
      let own = try placed(y.span) { () throws(NetworkError) in
        try laidOut.targets(
          from: stacked(numbers.map { targets[$0] }), examples: numbers.count, isSingle: false)
      }
      parts.append(MixedExamples.Part(laidOut, numbers: numbers, x: x, y: own))
    }
    return (network, try placed(call.span) { () throws(NetworkError) in try MixedExamples(parts) })
  }

  private func stacked(_ arrays: [Tensor<Double>]) throws(NetworkError) -> Tensor<Double> {
    do { return try Tensor.stacked(arrays) } catch { throw .matrix(error) }
  }

  /// The target of each of so many examples: the parts of an array along its first index, or the elements of a list.
  private func targets(_ y: Call.Argument, of count: Int, _ call: Call) throws(Diagnostic)
    -> [Tensor<Double>]
  {
    var targets: [Tensor<Double>] = []
    if case .list(let list) = y.value {
      targets = list.elements.compactMap(\.tensor)
      guard targets.count == list.elements.count else { throw needsNumbers(y, call) }
    } else if let array = y.value.tensor {
      targets = array.rank > 0 ? (0..<array.rows).map(array.slice) : [array]
    } else {
      throw needsNumbers(y, call)
    }
    guard targets.count == count else {
      throw Diagnostic(
        .shape, "Y has \(targets.count.counted("target")) for \(count.counted("example"))",
        at: y.span)
    }
    return targets
  }

  private func needsNumbers(_ y: Call.Argument, _ call: Call) -> Diagnostic {
    Diagnostic(
      .type, "Y must be numbers, not \(y.value.description)", at: y.span,
      help: call.builtIn.signature)
  }

  /// What a call has for Y. Throws: a TypeError where that is missing.
  private func givenTargets(_ call: Call) throws(Diagnostic) -> Call.Argument {
    guard let y = call["Y"] else {
      throw Diagnostic(
        .type, "\(call.builtIn.name) needs Y", at: call.span, label: "Y is missing",
        help: call.builtIn.signature)
    }
    return y
  }

  package func network(_ call: Call) throws(Diagnostic) -> Network {
    guard case .network(let network) = call.value("net") else {
      throw Diagnostic(.type, "\(call.builtIn.name) needs a network", at: call.span)
    }
    return network
  }
}

extension Interpreter {
  /// Rounds as `set carry` says.
  var carrying: (@Sendable (Double) -> Double)? {
    settings.carry.map { digits in
      let format = NumberFormat(digits: digits)
      return { number in number.isFinite ? Double(format.text(number)) ?? number : number }
    }
  }
}

extension BuiltIn.Parameter {
  /// The parameters that most commands on networks share.
  package static let net = BuiltIn.Parameter("net", .network)
  package static let x = BuiltIn.Parameter("X", .examples)
  package static let y = BuiltIn.Parameter("Y", .targets, default: .described(""))
}
