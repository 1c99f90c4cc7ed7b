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
      return Examples(
        network: network,
        x: try placed(span) { () throws(NetworkError) in
          try network.examples(from: dataset.x)
        }, isSingle: false)
    }
    guard let numeric = value.tensor else {
      throw Diagnostic(
        .type, "X must be numbers or a dataset, not \(value.description)", at: span,
        help: call.builtIn.signature)
    }
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
      guard let y = call["Y"] else {
        throw Diagnostic(
          .type, "\(call.builtIn.name) needs Y", at: call.span, label: "Y is missing",
          help: call.builtIn.signature)
      }
      if case .dataset(let dataset) = y.value {
        numeric = DatasetRecord(dataset).targets
      } else if let value = y.value.tensor {
        numeric = value
      } else {
        throw Diagnostic(
          .type, "Y must be numbers, not \(y.value.description)", at: y.span,
          help: call.builtIn.signature)
      }
      span = y.span
    }
    let y = try placed(span) { () throws(NetworkError) in
      try examples.network.targets(
        from: numeric, examples: examples.x.rows, isSingle: examples.isSingle)
    }
    return (examples, y)
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
