import Crypto

/// HMAC-SHA256 with one key, prepared once: swift-crypto's SHA256 after it has read each padded key.
///
/// `H((K ⊕ opad) ‖ H((K ⊕ ipad) ‖ message))`. swift-crypto's own `HMAC` gives the same, and the tests compare
/// the two; but its generic code, not specialised in another module, takes three times as long, and every
/// request signs or verifies six messages.
///
/// Source: RFC 2104 §2.
struct KeyedHash: Sendable {
  private let inner: SHA256
  private let outer: SHA256

  init(key: [UInt8]) {
    var padded = key.count > SHA256.blockByteCount ? Array(SHA256.hash(data: key)) : key
    padded += Array(repeating: 0, count: SHA256.blockByteCount - padded.count)
    var inner = SHA256()
    inner.update(data: padded.map { $0 ^ 0x36 })
    self.inner = inner
    var outer = SHA256()
    outer.update(data: padded.map { $0 ^ 0x5C })
    self.outer = outer
  }

  /// The code of a message; comparing it with `==` takes the same time wherever the difference is.
  func code(of message: [UInt8]) -> SHA256.Digest {
    var inner = inner
    inner.update(data: message)
    var outer = outer
    outer.update(data: Array(inner.finalize()))
    return outer.finalize()
  }
}
