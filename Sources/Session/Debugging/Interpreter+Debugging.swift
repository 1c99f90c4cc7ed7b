import Display
import Language
import Networks
import Syntax

/// What a session tells of itself while it is stopped in the middle of a cell.
extension Interpreter {
  /// The calls that are being evaluated, the innermost first.
  package var stoppedFrames: [StoppedFrame] {
    frames.reversed().map { frame in
      StoppedFrame(
        name: frame.name, code: frame.source.sent, line: frame.line,
        locals: snapshot(frame.scope.bindings))
    }
  }

  /// All names with their values at this moment, in the middle of a statement or not.
  package var presentSnapshot: SymbolSnapshot {
    snapshot(memory.names.compactMap { name in memory[name].map { (name, $0) } })
  }

  private func snapshot(_ names: [(name: String, value: Value)]) -> SymbolSnapshot {
    var networks: [NetworkIdentity: NetworkState] = [:]
    let shared = names.map { name, value in
      (name: name, value: SharedValue(value) { networks[$0.identity] = $0.state })
    }
    return SymbolSnapshot(
      names: shared, networks: networks, settings: settings, vocabulary: vocabulary)
  }

  /// Runs a line in a frame of a stopped cell, 0 the innermost: an expression, or statements of the cell's.
  ///
  /// Returns the value's bundle; nil when the line has none.
  package func evaluateWhileStopped(_ text: String, inFrame index: Int) -> Result<
    MIMEBundle?, ErrorReport
  > {
    let outer = (source, notes, observer)
    (source, notes, observer) = (SourceText(text), [], nil)
    defer { (source, notes, observer) = outer }
    let position = frames.count - 1 - index
    let scope = frames.indices.contains(position) ? frames[position].scope : .global
    // What a stopped pass shows has names that no cell can write: ∂L/∂W[1].
    if let value = scope[text] { return .success(render(value)) }
    let program = Parser.parse(source, layers: vocabulary.layerWords)
    guard program.diagnostics.isEmpty else { return .failure(report(program.diagnostics)) }
    var last: MIMEBundle?
    do throws(Diagnostic) {
      for statement in program.statements {
        if case .expression(let expression) = statement.kind {
          let value = try evaluate(expression, scope)
          last = value.isNothing ? nil : render(value)
        } else {
          if case .assignment(let target, _) = statement.kind, case .name(let name) = target.kind,
            scope[name] != nil
          {
            throw Diagnostic(
              .type, "\(name) is an argument of the function here, which stays as it is",
              at: target.span, help: "evaluate it with another argument instead")
          }
          try run(statement, display: .hidden)
          last = nil
        }
      }
    } catch {
      return .failure(report([error]))
    }
    return .success(last)
  }
}
