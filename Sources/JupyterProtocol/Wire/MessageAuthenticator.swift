import Synchronization

/// Signs what goes out and verifies what comes in: an HMAC over the four JSON frames.
///
/// One for all sockets of a kernel, so that a message replayed on another channel is rejected as well.
package final class MessageAuthenticator: Sendable {
  /// nil when the key is empty and messages are not signed.
  private let keyed: (any MessageCode)?
  private let seen = Mutex(ReplayGuard())

  package init(key: [UInt8], scheme: SignatureScheme = .sha256) {
    keyed = key.isEmpty ? nil : scheme.code(key: key)
  }

  /// Sets the signature of a message. The buffers are not covered.
  package func sign(_ message: inout RawMessage) {
    guard let code = code(of: message) else {
      message.signature = []
      return
    }
    message.signature = Self.hexadecimal(code)
  }

  /// Throws: `WireError.wrongSignature`, or `replayed` when a message with this signature was verified
  /// before. A digest is remembered only once it has been verified.
  package func verify(_ message: RawMessage) throws(WireError) {
    guard let code = code(of: message) else { return }
    guard let received = Self.bytes(hexadecimal: message.signature),
      Self.areEqual(code, received)
    else {
      throw WireError.wrongSignature
    }
    guard seen.withLock({ $0.admit(received) }) else { throw WireError.replayed }
  }

  /// The signature of bytes that are no message with four JSON frames; empty when nothing is signed.
  package func signature(of bytes: [UInt8]) -> [UInt8] {
    keyed.map { Self.hexadecimal($0.code(of: bytes)) } ?? []
  }

  /// Whether a signature is that of the bytes; always when nothing is signed.
  package func isValid(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
    guard let keyed else { return true }
    guard let received = Self.bytes(hexadecimal: signature) else { return false }
    return Self.areEqual(keyed.code(of: bytes), received)
  }

  /// Takes the same time wherever the first difference is, so that nobody can find a code byte by byte.
  private static func areEqual(_ code: [UInt8], _ received: [UInt8]) -> Bool {
    guard code.count == received.count else { return false }
    var difference: UInt8 = 0
    for index in code.indices { difference |= code[index] ^ received[index] }
    return difference == 0
  }

  private func code(of message: RawMessage) -> [UInt8]? {
    // In one piece: that is faster than four short ones.
    keyed?.code(
      of: message.header + message.parentHeader + message.metadata + message.content)
  }

  private static let digits = Array("0123456789abcdef".utf8)

  private static func hexadecimal(_ code: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(2 * code.count)
    for byte in code {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return text
  }

  /// The bytes of a hexadecimal text no longer than the longest digest's, or nil.
  private static func bytes(hexadecimal text: [UInt8]) -> [UInt8]? {
    guard text.count.isMultiple(of: 2), text.count <= 128 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = value(of: text[index]), let low = value(of: text[index + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// The digests of the last messages, to reject one that comes again.
package struct ReplayGuard {
  /// Digests remembered at most; jupyter_client remembers as many.
  package static let capacity = 65_536

  /// Half of a digest tells verified messages apart: no client can choose it without the key.
  private var known: Set<UInt128> = []
  /// The same, oldest first once it is full; `oldest` is the next to forget.
  private var order: [UInt128] = []
  private var oldest = 0

  package init() {}

  /// Remembers a digest of at least 16 bytes; false when it is known already.
  package mutating func admit(_ digest: [UInt8]) -> Bool {
    let half = digest.prefix(16).reduce(into: UInt128(0)) { $0 = $0 << 8 | UInt128($1) }
    guard known.insert(half).inserted else { return false }
    if order.count < Self.capacity {
      order.append(half)
    } else {
      known.remove(order[oldest])
      order[oldest] = half
      oldest = (oldest + 1) % Self.capacity
    }
    return true
  }
}
