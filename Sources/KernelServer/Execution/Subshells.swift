import JupyterProtocol
import Synchronization

/// The shells of a kernel: the main one, and the subshells that clients make for work beside it.
///
/// Source: JEP 91.
final class Subshells: Sendable {
  let main: Shell
  private let makeShell: @Sendable (_ identity: String?, _ number: Int) -> Shell
  /// The subshells, in the order they were made.
  private let subshells = Mutex<[(identity: String, shell: Shell)]>([])
  private let count = Atomic<Int>(1)

  init(makeShell: @escaping @Sendable (_ identity: String?, _ number: Int) -> Shell) {
    self.makeShell = makeShell
    main = makeShell(nil, 1)
  }

  /// The shell of that identity, or nil; the main shell for nil.
  subscript(identity: String?) -> Shell? {
    guard let identity else { return main }
    return subshells.withLock { $0.first { $0.identity == identity }?.shell }
  }

  var identities: [String] { subshells.withLock { $0.map(\.identity) } }

  private var all: [Shell] { [main] + subshells.withLock { $0.map(\.shell) } }

  /// Each has a thread of its own, and the system's are not without end.
  static let most = 100

  /// Why there is no further subshell.
  struct Refusal: Error {
    let reason: String
  }

  /// Makes and starts a subshell; returns its identity.
  func create() throws(Refusal) -> String {
    let identity = String(UInt128.random(in: 0 ... .max), radix: 16)
    return try subshells.withLock { subshells throws(Refusal) in
      guard subshells.count < Self.most else {
        throw Refusal(reason: "there are \(Self.most) subshells already")
      }
      // Its own, and some for what else comes at the same time.
      guard WakeSignal.areAvailable(count: 16) else {
        throw Refusal(reason: "the system has no file descriptors left for another subshell")
      }
      let number = count.wrappingAdd(1, ordering: .relaxed).newValue
      let shell = makeShell(identity, number)
      guard shell.start() else {
        throw Refusal(reason: "the system has no room for another thread")
      }
      subshells.append((identity, shell))
      return identity
    }
  }

  /// Ends a subshell, and the cell that runs there; false when there is none of that identity.
  func delete(_ identity: String) -> Bool {
    let shell = subshells.withLock { subshells in
      subshells.firstIndex { $0.identity == identity }.map { subshells.remove(at: $0).shell }
    }
    guard let shell else { return false }
    shell.close()
    return true
  }

  /// Stops what runs in any of the shells.
  func interrupt() { for shell in all { shell.interrupts.interrupt() } }

  /// Hands a line to the shell that waits for it; false when none does.
  ///
  /// The client says which by the prompt that it answers, or by the subshell; else the one that has asked it.
  func receive(_ reply: InputReply, _ message: ReceivedMessage) -> Bool {
    let desks = all.map(\.inputs)
    if let prompt = message.parentID {
      if let desk = desks.first(where: { $0.prompt == prompt }) {
        return desk.receive(reply, from: message.identities)
      }
      // A prompt that nobody waits at any more.
      if desks.contains(where: { $0.hasAsked(prompt) }) { return false }
    }
    if let identity = message.header.subshellID ?? message.parentSubshellID {
      return self[identity]?.inputs.receive(reply, from: message.identities) ?? false
    }
    return desks.contains { $0.receive(reply, from: message.identities) }
  }

  /// Lets those who wait for input look whether their client is still there.
  func reconsider() { for shell in all { shell.inputs.reconsider() } }

  /// Lets nothing more in, stops what runs and waits a moment for it to end.
  func stop() {
    let all = all
    for shell in all { shell.close() }
    for shell in all { shell.join(milliseconds: 100) }
  }
}
