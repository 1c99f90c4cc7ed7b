import Calculus
import Language
import Networks
import Syntax

/// What is told of a pass.
enum ToldPart { case forward, loss, backward }

extension NetworkRun {
  /// A part of the run, neuron by neuron where that can be read, else in matrix form.
  func lines(
    of part: ToldPart, _ choice: NetworkChoice, in interpreter: Interpreter, at span: SourceSpan
  ) throws(Diagnostic) -> (lines: [Derivation.Line], notes: [String]) {
    let settings = interpreter.settings
    let showsNeurons =
      !isOfArrays
      && (NetworkOutline(network).showsNeurons(settings, examples: examples)
        || choice.neuron != nil || choice.example != nil && settings.view != .matrix)
    do throws(CalculusError) {
      let penalized = try penaltyLines(
        of: part, choice, usesW0: settings.bias == .w0, isByNeuron: showsNeurons,
        round: interpreter.carrying)
      let others =
        examples > 1 && choice.example == nil
        ? ["example 1 of \(examples); example = … takes another"] : []
      let round = interpreter.carrying
      if isOfArrays || !showsNeurons && !isToldAtOnce(choice) {
        let told = try told(part, choice, round != nil) {
          ExampleDerivation(self, $0, round: round)
        }
        return (told.lines + penalized, others)
      }
      guard showsNeurons else {
        let told = try told(part, choice, round != nil) {
          MatrixDerivation(self, $0, round: round)
        }
        return (
          told.lines + penalized,
          ["layer = …, neuron = …, example = … show single neurons with their numbers"]
        )
      }
      let told = try told(part, choice, round != nil) {
        NeuronDerivation(self, $0, usesW0: settings.bias == .w0, round: round)
      }
      return (told.lines + penalized, (told.folded.map { [$0] } ?? []) + others)
    } catch {
      throw Diagnostic(error, at: span)
    }
  }
}

/// A pass as it is told in one of its forms.
protocol PassDerivation {
  var lines: [Derivation.Line] { get }
  /// What the lines know of quantities.
  var writer: LineWriter { get set }
  mutating func addForward() throws(CalculusError)
  mutating func addLoss() throws(CalculusError)
  mutating func addBackward() throws(CalculusError)
}

extension ExampleDerivation: PassDerivation {}
extension MatrixDerivation: PassDerivation {}
extension NeuronDerivation: PassDerivation {}

extension NetworkRun {
  /// A part told in a form. Where numbers are rounded on the way, loss and backward pass go on with those that the
  /// forward pass has come to.
  private func told<Form: PassDerivation>(
    _ part: ToldPart, _ choice: NetworkChoice, _ isRounded: Bool,
    _ form: (NetworkChoice) -> Form
  ) throws(CalculusError) -> Form {
    var told = form(choice)
    if isRounded, part != .forward {
      var whole = NetworkChoice()
      whole.example = choice.example
      var forward = form(whole)
      try forward.addForward()
      told.writer.values.merge(forward.writer.values) { $1 }
    }
    switch part {
    case .forward: try told.addForward()
    case .loss: try told.addLoss()
    case .backward: try told.addBackward()
    }
    return told
  }

  /// What a penalty adds to the lines of a part.
  private func penaltyLines(
    of part: ToldPart, _ choice: NetworkChoice, usesW0: Bool, isByNeuron: Bool,
    round: (@Sendable (Double) -> Double)?
  ) throws(CalculusError) -> [Derivation.Line] {
    guard let penalized else { return [] }
    var derivation = PenaltyDerivation(
      network, penalized, choice, usesW0: usesW0, isByNeuron: isByNeuron, round: round)
    switch part {
    case .forward: break
    case .loss: try derivation.addLoss()
    case .backward: try derivation.addBackward()
    }
    return derivation.lines
  }
}

extension ForwardRecord: Explainable {
  package var explained: (network: NetworkState, examples: Int) { (network, trace.examples) }

  package func lines(_ choice: NetworkChoice, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> (lines: [Derivation.Line], notes: [String])
  {
    try NetworkRun(network: network, forward: trace, isTraining: isTraining)
      .lines(of: .forward, choice, in: interpreter, at: span)
  }
}

extension GradientsRecord: Explainable {
  package var explained: (network: NetworkState, examples: Int) { (network, x.rows) }

  package func lines(_ choice: NetworkChoice, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> (lines: [Derivation.Line], notes: [String])
  {
    try run(in: interpreter, at: span).lines(of: .backward, choice, in: interpreter, at: span)
  }

  /// The pass that the gradients are of.
  func run(in interpreter: Interpreter, at span: SourceSpan, isTraining: Bool = true)
    throws(Diagnostic) -> NetworkRun
  {
    let forward = try interpreter.placed(span) { () throws(NetworkError) in
      try Network(network).forward(x, isTraining: isTraining, interrupt: interpreter.interrupt)
    }
    return NetworkRun(
      network: network, forward: forward, isTraining: isTraining, targets: y,
      gradients: gradients.withoutPenalty,
      penalized: gradients)
  }
}

/// The loss of a pass, as `explain loss(…)` tells it.
struct LossExplanation: Explainable {
  let gradients: GradientsRecord

  var explained: (network: NetworkState, examples: Int) { gradients.explained }

  func lines(_ choice: NetworkChoice, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> (lines: [Derivation.Line], notes: [String])
  {
    var run = try gradients.run(in: interpreter, at: span, isTraining: false)
    // The gradients' loss is that of training.
    if run.network.layers.contains(where: { $0.linesInTraining != nil }) { run.gradients = nil }
    return try run.lines(of: .loss, choice, in: interpreter, at: span)
  }
}
