import Calculus
import Language
import Networks
import Syntax

extension UpdateRecord: Explainable {
  package var explained: (network: NetworkState, examples: Int) { (update.old, 1) }

  package func lines(_ choice: NetworkChoice, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> (lines: [Derivation.Line], notes: [String])
  {
    var derivation = UpdateDerivation(
      update, choice, usesW0: interpreter.settings.bias == .w0, round: interpreter.carrying)
    do throws(CalculusError) {
      try derivation.add()
    } catch {
      throw Diagnostic(error, at: span)
    }
    return (derivation.lines, [])
  }
}

extension PerceptronHistoryRecord: Explainable {
  package var explained: (network: NetworkState, examples: Int) { (start, x.rows) }

  package func lines(_ choice: NetworkChoice, in interpreter: Interpreter, at span: SourceSpan)
    throws(Diagnostic) -> (lines: [Derivation.Line], notes: [String])
  {
    let parameters = start.parameterValues[0]
    var derivation = PerceptronDerivation(
      history, x,
      from: (
        parameters[0].value.storage,
        parameters.count > 1 ? parameters[1].value.storage.first : nil
      ), choice,
      usesW0: interpreter.settings.bias == .w0, round: interpreter.carrying)
    do throws(CalculusError) {
      try derivation.add(start.layers[0].activation ?? .unitStep)
    } catch {
      throw Diagnostic(error, at: span)
    }
    return (derivation.lines, derivation.folded.map { [$0] } ?? [])
  }
}
