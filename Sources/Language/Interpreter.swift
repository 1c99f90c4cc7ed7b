import Display
import MatrixEngine
import Networks
import Syntax

/// The evaluator of one notebook: its names, their values and its settings, and what is being evaluated.
///
/// Confined to the evaluation thread, but for `interrupt`, which any thread may raise. It names no command:
/// functions and commands come with the `vocabulary`.
package final class Interpreter {
  package let interrupt: InterruptFlag
  package private(set) lazy var vocabulary = namespace.vocabulary

  package var memory = Memory()
  /// What this interpreter shares with those of other shells, and the version of it that `memory` holds.
  package let namespace: Namespace
  package var version = 0
  /// This interpreter's networks among the shared ones.
  var replicas: [NetworkIdentity: Network] = [:]
  /// Built-in names whose shadowing has been noticed already.
  package var noticed: Set<String> = []
  /// Trainings that the interrupt of the running statement ended, with what their networks keep.
  private var cutTrainings: [(network: Network, state: NetworkState, error: Diagnostic)] = []
  /// Whether the running cell has several values to show, so that each is labelled with its expression.
  package var labelsValues = false
  /// What checks that hold would show: it is shown where the cell shows nothing else. nil where it has.
  var confirmations: [CellOutput]? = []
  /// Remarks for the result of the running statement.
  package var notes: [String] = []

  /// The text that spans refer to now: the cell's, or that of the function whose body is evaluated.
  package var source = SourceText("")
  /// The number of the cell that `source` belongs to.
  package var cell = 0
  private var cellCount = 0
  var callDepth = 0
  /// How often the interrupt flag has been looked at.
  private var looks: UInt = 0
  /// How many formulas are being read, one inside the other.
  var formulaDepth = 0
  /// Whether the formula that was read last has values at points only, since these decide what is computed.
  var needsPoint = false
  /// Whether the running statement, or the function whose body is evaluated, may come upon formulas.
  var mayMeetFormulas = true
  /// What is known of functions' bodies in that respect while a statement runs.
  var mentions: [ObjectIdentifier: Bool] = [:]
  /// Functions whose bodies are being looked through for a formula.
  var detected: Set<ObjectIdentifier> = []
  /// The layers whose lines are being read, one inside the other.
  var layersInside: [String] = []
  package var stack = StackGuard()
  /// The receiver of outputs while a cell runs.
  package var host: (any CellHost)?
  /// Who looks on while cells run, and what it can see: the calls that are being evaluated.
  package var observer: (any StatementObserver)?
  package var frames: [ActiveFrame] = []

  package init(interrupt: InterruptFlag = InterruptFlag(), sharing namespace: Namespace) {
    self.interrupt = interrupt
    self.namespace = namespace
  }

  package var settings: Settings {
    get { memory.settings }
    _modify { yield &memory.settings }
  }

  /// Begins a cell, whose outputs go to the host.
  package func begin(_ text: String, host: (any CellHost)?) {
    cellCount += 1
    cell = cellCount
    source = SourceText(text)
    self.host = host
    callDepth = 0
    formulaDepth = 0
    layersInside = []
    frames =
      observer == nil ? [] : [ActiveFrame(name: "<cell>", source: source, line: 1, scope: .global)]
    stack = stack.current
    notes = []
    labelsValues = false
    confirmations = []
  }

  /// Ends it.
  package func end() {
    host = nil
    notes = []
  }

  /// One statement: all of its effects, or none.
  package func runWhole(_ statement: StatementSyntax, isResult: Bool) throws(Diagnostic) {
    cutTrainings = []
    do throws(Diagnostic) {
      try attempt(statement, isResult: isResult)
    } catch {
      // Whatever else is taken back, the networks keep what they have learnt.
      let kept = cutTrainings
      guard let last = kept.last else { throw error }
      try transact { () throws(Diagnostic) in
        for (network, state, _) in kept {
          try willChange(network, statement.span)
          network.restore(from: state)
        }
      }
      throw last.error
    }
    if let last = cutTrainings.last { throw last.error }
  }

  /// To be called when the interrupt has ended a training: its network keeps what it is now, its statement goes on as
  /// far as it can, and then the cell ends with the error.
  package func keepTraining(of network: Network, _ error: Diagnostic) {
    cutTrainings.append((network, network.state, error))
  }

  private func attempt(_ statement: StatementSyntax, isResult: Bool) throws(Diagnostic) {
    try transact { () throws(Diagnostic) in
      notes = []
      mentions = [:]
      mayMeetFormulas = mentionsFormula(statement)
      defer { (mayMeetFormulas, mentions) = (true, [:]) }
      do throws(Diagnostic) {
        try announce(statement)
        try run(statement, display: isResult ? .result : .display)
        if !statement.isSuppressed { emitNotes() }
      } catch {
        if error.name != .interrupt {
          observer?.didFail(report([error]), line: source.line(at: statement.span.start), in: self)
        }
        throw error
      }
    }
  }

  /// Does something with all of its effects on the names, or none when it fails.
  package func transact(_ work: () throws(Diagnostic) -> Void) throws(Diagnostic) {
    synchronize()
    let mark = memory.mark()
    do {
      try work()
    } catch {
      rollBack(to: mark)
      throw error
    }
    handOver(since: mark)
  }

  /// Ends the cell with an InterruptError when somebody asked for it.
  package func checkInterrupt(_ span: SourceSpan? = nil) throws(Diagnostic) {
    if interrupt.isRaised { throw Diagnostic.interrupted(at: span) }
    // Small things do not ask for memory, but many of them may fill it.
    looks &+= 1
    guard looks & 0xFF == 0 else { return }
    do {
      try MemoryBudget.check()
    } catch { throw Diagnostic(error, at: span) }
  }
}

extension ErrorReport: Error {}

extension Diagnostic {
  /// The running cell was interrupted.
  package static func interrupted(at span: SourceSpan?) -> Diagnostic {
    Diagnostic(
      .interrupt, "the cell was interrupted", at: span, label: "here",
      help: "earlier statements' results are kept; this statement changed nothing")
  }
}
