import Display
import JSONText
import Networks

/// The two text streams of a cell.
package enum StreamName: String, Sendable { case stdout, stderr }

/// What a running cell emits, in order.
package enum CellOutput: Sendable, Equatable {
  case stream(StreamName, String)
  /// A `display_data`; with an identity it replaces the display of that identity, where one is shown, and a later
  /// `updateDisplay` replaces it.
  case display(MIMEBundle, identity: String?)
  case updateDisplay(MIMEBundle, identity: String)
  /// The `execute_result`: at most one, the last.
  case result(MIMEBundle)
  case clear(wait: Bool)
  /// Text for the front end's pager: a payload with source `page` in the reply.
  case page(MIMEBundle)

  /// The same, a result as a display.
  var withoutResult: CellOutput {
    if case .result(let bundle) = self { .display(bundle, identity: nil) } else { self }
  }
}

/// Where a running cell sends its outputs and asks for input. Called on the evaluation thread.
package protocol CellHost: AnyObject {
  func emit(_ output: CellOutput)

  /// Asks the user for a line. Returns nil when the cell was interrupted while it waited.
  ///
  /// Throws: `InputUnavailable` when the front end does not allow input.
  func readLine(prompt: String) throws(InputUnavailable) -> String?

  /// Shows something that is to change; nil where that cannot be shown.
  func openDisplay(_ bundle: MIMEBundle) -> (any OpenDisplay)?

  /// Shows something for the time being, in the place of what was shown so before; it goes when anything else is shown
  /// or the cell ends. False where it cannot be shown.
  func showMeanwhile(_ bundle: MIMEBundle) -> Bool

  /// Opens a comm to a target in the front end, whose messages `handler` is to answer; nil where there is none.
  func openComm(to target: String, _ content: CommContent, handler: @escaping CommHandler)
    -> (any OpenComm)?

  /// Who is to look on while a network is trained.
  var trainingObserver: (any TrainingObserver)? { get }

  /// What waits already of the comm whose message is being answered, in its order.
  var waitingMessages: [JSONObject] { get }
}

/// A host is free to show results only.
extension CellHost {
  package func openDisplay(_ bundle: MIMEBundle) -> (any OpenDisplay)? { nil }

  package func showMeanwhile(_ bundle: MIMEBundle) -> Bool { false }

  package func openComm(
    to target: String, _ content: CommContent, handler: @escaping CommHandler
  ) -> (any OpenComm)? { nil }

  package var trainingObserver: (any TrainingObserver)? { nil }

  package var waitingMessages: [JSONObject] { [] }
}

/// The front end does not allow input (`allow_stdin` is false).
package struct InputUnavailable: Error {
  package init() {}
}

/// How a cell ended.
package enum CellResult: Sendable, Equatable {
  case success
  case failure(ErrorReport)
}

/// The content of an `error` message and of a failed `execute_reply`.
package struct ErrorReport: Sendable, Equatable {
  /// One of the names of LANGUAGE.md §8, such as `ShapeError`.
  package var name: String
  /// One line.
  package var message: String
  /// Message first, then source line, caret and hint; with ANSI colours. One element a line block.
  package var traceback: [String]

  package init(name: String, message: String, traceback: [String]) {
    self.name = name
    self.message = message
    self.traceback = traceback
  }
}
