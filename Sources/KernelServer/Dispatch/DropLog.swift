import Logging
import Synchronization

/// Logs messages that are dropped, without letting a flood of them fill the log or stop the kernel: the
/// first hundred, then those whose number is a power of two.
package final class DropLog: Sendable {
  private let logger: Logger
  private let count = Atomic<Int>(0)

  package init(_ logger: Logger) { self.logger = logger }

  package func dropped(_ reason: some CustomStringConvertible, on channel: ClientChannel) {
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    guard number <= 100 || number & (number - 1) == 0 else { return }
    logger.warning("dropped message \(number) on \(channel.rawValue): \(reason)")
  }
}
