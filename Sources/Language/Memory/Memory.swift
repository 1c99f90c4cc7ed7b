import MatrixEngine
import Networks

/// What the cells of one session have made: values under names, settings, random numbers and the parameters
/// of networks. Every change is noted, so that what fails takes back its own changes and no others.
package struct Memory {
  private struct Entry {
    var value: Value
    /// The generation in which the old value was noted.
    var generation: Int
  }

  /// What was before.
  fileprivate enum Change {
    case name(String, Value?)
    case network(Network, NetworkState)
  }

  /// A moment to which everything can be taken back.
  package struct Mark {
    fileprivate let changes: Int
    package let settings: Settings
    package let random: RandomSource
  }

  package var settings = Settings()
  package var random = RandomSource(seed: 0)
  private var entries: [String: Entry] = [:]
  private var changes: [Change] = []
  /// Grows with every mark: an old value is noted once for each.
  private var generation = 1
  private var lastMark = 0

  // MARK: - Names

  package var names: [String] { Array(entries.keys) }

  /// All values, in no order.
  package var values: [Value] { entries.values.map(\.value) }

  /// The value of a name. Setting nil takes the name away.
  package subscript(name: String) -> Value? {
    get { entries[name]?.value }
    set {
      guard let newValue else {
        if let old = entries.removeValue(forKey: name) { changes.append(.name(name, old.value)) }
        return
      }
      guard let index = entries.index(forKey: name) else {
        changes.append(.name(name, nil))
        entries[name] = Entry(value: newValue, generation: generation)
        return
      }
      note(name, index)
      entries.values[index].value = newValue
    }
  }

  /// Replaces a value by one that is made of it; a loop that fills a vector copies it once, not in every turn.
  mutating func modify(_ name: String, _ body: (consuming Value) -> Value) {
    guard let index = entries.index(forKey: name) else { return }
    note(name, index)
    let value = entries.values[index].value
    // While nothing else holds the value, its storage can be changed where it is.
    entries.values[index].value = .nothing
    entries.values[index].value = body(value)
  }

  private mutating func note(_ name: String, _ index: Dictionary<String, Entry>.Index) {
    guard entries.values[index].generation != generation else { return }
    changes.append(.name(name, entries.values[index].value))
    entries.values[index].generation = generation
  }

  /// To be called before a network changes.
  package mutating func willChange(_ network: Network) {
    // One that changes again and again was noted not long ago.
    let isNoted = changes[lastMark...].reversed().contains { $0.isOf(network) }
    if !isNoted { changes.append(.network(network, network.state)) }
  }

  // MARK: - Marks

  /// The present moment.
  package mutating func mark() -> Mark {
    generation += 1
    lastMark = changes.count
    return Mark(changes: changes.count, settings: settings, random: random)
  }

  /// Takes back all changes since a mark.
  package mutating func rollBack(to mark: Mark) {
    settings = mark.settings
    random = mark.random
    for change in changes[mark.changes...].reversed() {
      switch change {
      case .name(let name, let value):
        // Generation 0: the next change is noted again.
        entries[name] = value.map { Entry(value: $0, generation: 0) }
      case .network(let network, let state): network.restore(from: state)
      }
    }
    changes.removeSubrange(mark.changes...)
    lastMark = min(lastMark, changes.count)
  }

  /// Keeps the changes since a mark, which from now on can be taken back with earlier ones only.
  package mutating func keep(since mark: Mark) {
    let earlier = changes[..<mark.changes]
    let later = changes[mark.changes...].filter { change in
      !earlier.contains { $0.isSame(as: change) }
    }
    changes.replaceSubrange(mark.changes..., with: later)
    lastMark = 0
  }

  // MARK: - The way to other sessions

  /// What has changed since the last call, and keeps it: nothing of it can be taken back any more.
  mutating func settle() -> (names: Set<String>, networks: [Network]) {
    defer {
      changes.removeAll(keepingCapacity: true)
      generation += 1
      lastMark = 0
    }
    guard !changes.isEmpty else { return ([], []) }
    var names: Set<String> = []
    var networks: [Network] = []
    for change in changes {
      switch change {
      case .name(let name, _): names.insert(name)
      case .network(let network, _):
        if !networks.contains(where: { $0 === network }) { networks.append(network) }
      }
    }
    return (names, networks)
  }

  /// Takes a value over from another session, or its absence. No change of this one's.
  mutating func adopt(_ value: Value?, as name: String) {
    entries[name] = value.map { Entry(value: $0, generation: 0) }
  }
}

extension Memory.Change {
  func isOf(_ network: Network) -> Bool {
    if case .network(let other, _) = self { other === network } else { false }
  }

  /// Whether both are changes of one name or one network.
  package func isSame(as other: Self) -> Bool {
    switch (self, other) {
    case (.name(let a, _), .name(let b, _)): a == b
    case (.network(let network, _), _): other.isOf(network)
    default: false
    }
  }
}
