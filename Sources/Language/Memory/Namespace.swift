import MatrixEngine
import Networks
import Synchronization

/// The names, settings and networks that the shells of a kernel have in common.
///
/// Every session works on its own copy. Before a statement it takes over what others have changed, and after one
/// that succeeded it hands over what that one changed; so a statement sees the names as they were when it
/// began, and others see all of its effects or none. Of two statements that change one name at the same time,
/// the one that ends last counts; a network is changed by one statement at a time.
package final class Namespace: Sendable {
  fileprivate struct Versioned<Content: Sendable>: Sendable {
    var content: Content
    var version: Int
  }

  fileprivate struct Contents {
    /// Grows with every handing over.
    var version = 0
    /// nil: the name has been taken away.
    var names: [String: Versioned<SharedValue?>] = [:]
    var networks: [NetworkIdentity: Versioned<NetworkState>] = [:]
    var settings = Versioned(content: Settings(), version: 0)
    var random = Versioned(content: RandomSource(seed: 0), version: 0)
    /// The networks that a running statement changes, and the sessions that run them.
    var claims: [NetworkIdentity: ObjectIdentifier] = [:]
    /// Made when it is asked for, and good until the next handing over.
    var snapshot: SymbolSnapshot?
  }

  /// What its sessions understand.
  ///
  /// Made when the first cell asks for it: a kernel that starts has nobody to understand yet.
  package var vocabulary: Vocabulary {
    made.withLock { made in
      if let made { return made }
      let vocabulary = makeVocabulary()
      made = vocabulary
      return vocabulary
    }
  }
  /// The widgets that cells of any session have made.
  package let widgets = WidgetModels()
  private let makeVocabulary: @Sendable () -> Vocabulary
  private let made = Mutex<Vocabulary?>(nil)
  private let contents = Mutex(Contents())

  package init(_ vocabulary: @escaping @Sendable @autoclosure () -> Vocabulary) {
    makeVocabulary = vocabulary
  }

  /// What sessions have handed over since a version.
  package struct News: Sendable {
    package var version: Int
    package var names: [(name: String, value: SharedValue?)]
    package var networks: [NetworkIdentity: NetworkState]
    package var settings: Settings?
    package var random: RandomSource?
  }

  /// nil when there is nothing new.
  package func news(since version: Int) -> News? {
    contents.withLock { contents in
      guard contents.version > version else { return nil }
      return News(
        version: contents.version,
        names: contents.names.compactMap { name, value in
          value.version > version ? (name, value.content) : nil
        },
        networks: contents.networks.filter { $1.version > version }.mapValues(\.content),
        settings: contents.settings.version > version ? contents.settings.content : nil,
        random: contents.random.version > version ? contents.random.content : nil)
    }
  }

  /// What a statement has changed.
  package struct Changes: Sendable {
    package var names: [(name: String, value: SharedValue?)] = []
    package var networks: [NetworkIdentity: NetworkState] = [:]
    /// The networks that the changed names lead to: no other name may lead there any more.
    var referenced: [NetworkIdentity: NetworkState] = [:]
    package var settings: Settings?
    package var random: RandomSource?

    package var isEmpty: Bool {
      names.isEmpty && networks.isEmpty && settings == nil && random == nil
    }
  }

  package struct Receipt: Sendable {
    /// The new version if there was no other since the session's, so that it need not read its own changes.
    package var version: Int
    /// The networks that names still lead to, if some have been forgotten.
    package var known: Set<NetworkIdentity>?
  }

  /// Takes a statement's changes in.
  func handOver(_ changes: Changes, since version: Int) -> Receipt {
    contents.withLock { contents in
      contents.version += 1
      contents.snapshot = nil
      let new = contents.version
      for (name, value) in changes.names {
        contents.names[name] = Versioned(content: value, version: new)
      }
      for (identity, state) in changes.referenced where contents.networks[identity] == nil {
        contents.networks[identity] = Versioned(content: state, version: new)
      }
      for (identity, state) in changes.networks {
        contents.networks[identity] = Versioned(content: state, version: new)
      }
      if let settings = changes.settings {
        contents.settings = Versioned(content: settings, version: new)
      }
      if let random = changes.random {
        contents.random = Versioned(content: random, version: new)
      }
      return Receipt(
        version: version == new - 1 ? new : version,
        known: contents.forgetUnreachableNetworks() ? Set(contents.networks.keys) : nil)
    }
  }

  /// What is common now. May be asked for by any thread.
  package var snapshot: SymbolSnapshot {
    contents.withLock { contents in
      if let snapshot = contents.snapshot { return snapshot }
      let snapshot = SymbolSnapshot(
        names: contents.names.compactMap { name, value in value.content.map { (name, $0) } },
        networks: contents.networks.mapValues(\.content), settings: contents.settings.content,
        vocabulary: vocabulary)
      contents.snapshot = snapshot
      return snapshot
    }
  }

  // MARK: - Claims

  package enum Claim {
    /// The network is the session's until it releases it; the state is newer than the session's, if there is one.
    case granted(NetworkState?)
    /// A statement of another session is changing it.
    case refused
  }

  /// Asks for a network to change it.
  func claim(_ identity: NetworkIdentity, for interpreter: ObjectIdentifier, since version: Int)
    -> Claim
  {
    contents.withLock { contents in
      if let owner = contents.claims[identity], owner != interpreter { return .refused }
      contents.claims[identity] = interpreter
      guard let known = contents.networks[identity], known.version > version else {
        return .granted(nil)
      }
      return .granted(known.content)
    }
  }

  /// The session's statement has ended.
  package func release(_ interpreter: ObjectIdentifier) {
    contents.withLock { contents in
      contents.claims = contents.claims.filter { $0.value != interpreter }
    }
  }

}

extension Namespace.Contents {
  /// False when names lead to all of them.
  fileprivate mutating func forgetUnreachableNetworks() -> Bool {
    guard !networks.isEmpty else { return false }
    var reachable: Set<NetworkIdentity> = []
    for value in names.values { value.content?.collectNetworks(into: &reachable) }
    guard reachable.count < networks.count else { return false }
    networks = networks.filter { reachable.contains($0.key) }
    return true
  }
}
