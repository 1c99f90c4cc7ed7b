import Networks
import Syntax

/// The session's part in what the shells have in common; see `Namespace`.
extension Interpreter {
  private var identity: ObjectIdentifier { ObjectIdentifier(self) }

  /// Takes over what other sessions have changed.
  package func synchronize() {
    guard let news = namespace.news(since: version) else { return }
    for (identity, state) in news.networks {
      if let replica = replicas[identity] {
        replica.restore(from: state)
      } else {
        replicas[identity] = Network(state, identity: identity)
      }
    }
    for (name, value) in news.names {
      memory.adopt(value?.value { replicas[$0] }, as: name)
    }
    if let settings = news.settings { memory.settings = settings }
    if let random = news.random { memory.random = random }
    version = news.version
  }

  /// Hands over what a statement has changed since `mark`.
  func handOver(since mark: Memory.Mark) {
    let (names, changed) = memory.settle()
    var changes = Namespace.Changes()
    for name in names {
      let value = memory[name].map { value in
        SharedValue(value) { network in
          changes.referenced[network.identity] = network.state
          guard replicas[network.identity] == nil else { return }
          replicas[network.identity] = network
          changes.networks[network.identity] = network.state
        }
      }
      changes.names.append((name, value))
    }
    // A network that no name leads to is nobody else's business.
    for network in changed where replicas[network.identity] != nil {
      changes.networks[network.identity] = network.state
    }
    if memory.settings != mark.settings { changes.settings = memory.settings }
    if memory.random != mark.random { changes.random = memory.random }
    if !changes.isEmpty {
      let receipt = namespace.handOver(changes, since: version)
      version = receipt.version
      if let known = receipt.known { replicas = replicas.filter { known.contains($0.key) } }
    }
    if !changed.isEmpty { namespace.release(identity) }
  }

  /// Takes a statement back.
  package func rollBack(to mark: Memory.Mark) {
    memory.rollBack(to: mark)
    namespace.release(identity)
  }

  /// To be called before a command changes a network, so that a failing statement can take it back.
  ///
  /// Throws: a ValueError when a statement of another shell is changing it.
  package func willChange(_ network: Network, _ span: SourceSpan) throws(Diagnostic) {
    switch namespace.claim(network.identity, for: identity, since: version) {
    case .refused:
      throw Diagnostic(
        .value, "\(network.name) is being changed by a cell that runs in another shell", at: span,
        help: "wait for that cell, or work on copy(\(network.name))")
    case .granted(let newer):
      if let newer { network.restore(from: newer) }
      memory.willChange(network)
    }
  }
}
