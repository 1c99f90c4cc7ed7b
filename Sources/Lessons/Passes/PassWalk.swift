import Language
import MatrixEngine
import Networks
import Syntax

/// The layers of a network's passes, one after the other, for a debugger that stops at the lines of its block: each
/// time with what has been computed so far.
///
/// The engine computes a pass as a whole, with or without a debugger. Here its trace is gone through again, in the
/// order in which it came about, and what a layer has not reached yet is held back.
struct PassWalk {
  private let interpreter: Interpreter
  private let network: Network
  private let observer: any StatementObserver
  private let lines: BlockLines
  /// How many calls such a stop stands in.
  private let depth: Int

  /// nil where nobody would stop there.
  init?(_ network: Network, in interpreter: Interpreter) {
    guard let observer = interpreter.observer, let lines = network.definition.lines,
      !interpreter.frames.isEmpty
    else { return nil }
    depth = interpreter.frames.count
    guard observer.mayStop(in: lines.code, depth: depth) else { return nil }
    self.interpreter = interpreter
    self.network = network
    self.observer = observer
    self.lines = lines
  }

  /// Stops on the way forward, before each layer.
  func forward(_ trace: Trace) {
    for layer in 1...max(trace.layers.count, 1) {
      stop("\(network.name) forward", layer: layer) { Self.values(trace, upTo: layer) }
    }
  }

  /// Stops on the way back, from the last layer to the first.
  func backward(_ trace: Trace, _ gradients: Gradients) {
    for layer in (1...max(trace.layers.count, 1)).reversed() {
      stop("\(network.name) backward", layer: layer) {
        Self.values(trace, upTo: .max) + slopes(gradients, downTo: layer)
      }
    }
  }

  /// Both, for examples and targets whose passes nobody else needs.
  func both(_ x: Matrix<Double>, _ y: Matrix<Double>, penalty: Penalty) {
    guard let trace = try? network.forward(x), !interpreter.interrupt.isRaised else { return }
    forward(trace)
    guard !interpreter.interrupt.isRaised,
      let gradients = try? network.backward(x, y, penalty: penalty)
    else { return }
    backward(trace, gradients)
  }

  private func stop(
    _ pass: String, layer: Int, _ shown: () -> [(name: String, value: Value)]
  ) {
    guard lines.layers.indices.contains(layer - 1), !interpreter.interrupt.isRaised,
      observer.mayStop(in: lines.code, depth: depth)
    else { return }
    var scope = Scope.global
    let shown = shown()
    for (name, value) in shown { scope.bind(name, value) }
    interpreter.inFrame(
      "\(pass), layer \(layer)", line: lines.layers[layer - 1], of: lines.code, scope)
  }

  // MARK: - What is shown

  /// a[0], z[1], a[1], …: what lies behind the layer's input is not there yet.
  private static func values(_ trace: Trace, upTo layer: Int) -> [(name: String, value: Value)] {
    var result = [(name: "a[0]", value: value(trace.input))]
    for (index, quantities) in trace.layers.enumerated() {
      for quantity in quantities {
        result.append(
          (
            "\(quantity.name)[\(index + 1)]",
            index + 1 < layer ? value(quantity.values) : .nothing
          ))
      }
    }
    return result
  }

  /// ∂L/∂a[3], ∂L/∂W[3], …: of the layer itself there is what the layers behind it gave.
  private func slopes(_ gradients: Gradients, downTo layer: Int) -> [(name: String, value: Value)] {
    var result: [(name: String, value: Value)] = []
    for (index, quantities) in gradients.trace.layers.enumerated() {
      let number = index + 1
      for quantity in quantities {
        let isThere = number > layer || (number == layer && quantity.name == Trace.output)
        result.append(
          ("∂L/∂\(quantity.name)[\(number)]", isThere ? Self.value(quantity.values) : .nothing))
      }
      for parameter in gradients.parameters[index] {
        result.append(
          (
            "∂L/∂\(parameter.parameter)[\(number)]",
            number > layer ? Value(parameter.value) : .nothing
          ))
      }
    }
    return result
  }

  /// One example is a vector of units, as in a run's members.
  private static func value(_ matrix: Matrix<Double>) -> Value {
    matrix.rows == 1 ? .vector(matrix.row(0)) : .array(matrix)
  }
}

extension Interpreter {
  /// Stops at the layers of a pass that has been computed, where somebody debugs.
  func walk(_ network: Network, _ trace: Trace) throws(Diagnostic) {
    guard let walk = PassWalk(network, in: self) else { return }
    walk.forward(trace)
    try checkInterrupt()
  }

  /// Stops at the layers of the way forward and the way back.
  func walk(
    _ network: Network, _ x: Matrix<Double>, _ y: Matrix<Double>, penalty: Penalty
  ) throws(Diagnostic) {
    guard let walk = PassWalk(network, in: self) else { return }
    walk.both(x, y, penalty: penalty)
    try checkInterrupt()
  }
}
