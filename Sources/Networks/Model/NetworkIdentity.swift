import Synchronization

/// Tells networks apart, also where several threads hold replicas of one network.
package struct NetworkIdentity: Sendable, Hashable {
  private static let count = Atomic<Int>(0)

  private let number: Int

  /// A new one.
  package init() { number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue }
}
