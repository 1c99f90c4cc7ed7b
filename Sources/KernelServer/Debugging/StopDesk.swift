import Synchronization

/// Where a shell's thread waits while its cell is stopped.
final class StopDesk: Interruptible {
  enum Command: Sendable {
    /// Go on: to the end, or to the next place where to stop.
    case resume(StepMode)
    /// Evaluate something in the stopped cell, and answer.
    case evaluate(IncomingRequest)
  }

  private struct State {
    var isOccupied = false
    var commands: [Command] = []
    var isCancelled = false
  }

  private let state = Mutex(State())
  private let signal = WakeSignal()

  /// A cell begins: an earlier interrupt is forgotten.
  func begin() { state.withLock { $0 = State() } }

  /// Takes a command for the stopped cell; false when none is stopped here.
  func put(_ command: Command) -> Bool {
    let isTaken = state.withLock { state in
      if state.isOccupied { state.commands.append(command) }
      return state.isOccupied
    }
    if isTaken { signal.raise() }
    return isTaken
  }

  func cancel() {
    state.withLock { $0.isCancelled = true }
    signal.raise()
  }

  /// Waits for commands and hands them over, until one says to go on or an interrupt does.
  func wait(_ evaluate: (IncomingRequest) -> Void) -> StepMode {
    state.withLock { $0.isOccupied = true }
    defer { state.withLock { $0.isOccupied = false } }
    while true {
      signal.clear()
      let (commands, isCancelled) = state.withLock { state in
        defer { state.commands = [] }
        return (state.commands, state.isCancelled)
      }
      for command in commands {
        switch command {
        case .resume(let mode): return mode
        case .evaluate(let request): evaluate(request)
        }
      }
      if isCancelled { return .run }
      if commands.isEmpty { signal.wait() }
    }
  }
}

/// Where a cell that goes on stops next, but for breakpoints. Depths count calls.
enum StepMode: Sendable, Equatable {
  case run
  /// At the next statement or body of a function.
  case into
  /// At the next statement that is not deeper.
  case over(depth: Int)
  /// At the next statement outside of the call.
  case out(depth: Int)
}
