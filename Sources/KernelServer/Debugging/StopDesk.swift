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
    /// Whether a cell is stopped here, and not yet told to go on.
    var isOccupied = false
    var commands: [Command] = []
    var isCancelled = false
  }

  private let state = Mutex(State())
  private let signal = WakeSignal()

  /// A cell begins: an earlier interrupt is forgotten.
  func begin() { state.withLock { $0 = State() } }

  /// A cell is about to stop: from now on commands are taken for it.
  func occupy() {
    state.withLock { state in
      state.isOccupied = true
      state.commands = []
    }
  }

  /// The cell that was about to stop does not.
  func vacate() { state.withLock { $0.isOccupied = false } }

  /// Takes a command for the stopped cell; false when none is stopped here, or it was told to go on.
  func put(_ command: Command) -> Bool {
    let isTaken = state.withLock { state in
      guard state.isOccupied else { return false }
      state.commands.append(command)
      if case .resume = command { state.isOccupied = false }
      return true
    }
    if isTaken { signal.raise() }
    return isTaken
  }

  func cancel() {
    state.withLock { $0.isCancelled = true }
    signal.raise()
  }

  /// After `occupy`, waits for commands and hands them over, until one says to go on or an interrupt does.
  func wait(_ evaluate: (IncomingRequest) -> Void) -> StepMode {
    while true {
      signal.clear()
      let (commands, isCancelled) = state.withLock { state in
        defer { state.commands = [] }
        if state.isCancelled { state.isOccupied = false }
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
