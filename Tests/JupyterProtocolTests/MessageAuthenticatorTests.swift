import Crypto
import JupyterProtocol
import Testing

@Suite("Signatures")
struct MessageAuthenticatorTests {
  private func message(content: String = "{}", buffers: [[UInt8]] = []) -> RawMessage {
    RawMessage(
      identities: [], header: Array("{\"a\":1}".utf8), parentHeader: Array("{}".utf8),
      metadata: Array("{}".utf8), content: Array(content.utf8), buffers: buffers)
  }

  private func signed(
    _ message: RawMessage, by authenticator: MessageAuthenticator
  ) -> RawMessage {
    var message = message
    authenticator.sign(&message)
    return message
  }

  @Test("the signature is HMAC-SHA256 of the four JSON frames")
  func knownSignature() {
    let authenticator = MessageAuthenticator(key: Array("secret".utf8))
    let signature = String(decoding: signed(message(), by: authenticator).signature, as: UTF8.self)
    // hmac.new(b"secret", b'{"a":1}{}{}{}', "sha256").hexdigest()
    #expect(signature == "5439160579203ae5952244a353b0f81b6ca58a3fb44727217799b393ee79601c")
  }

  @Test("signatures are those of swift-crypto's HMAC", arguments: [1, 32, 63, 64, 65, 200])
  func sameAsLibrary(length: Int) throws {
    let key = (0..<length).map { UInt8(truncatingIfNeeded: 7 * $0 + 1) }
    let authenticator = MessageAuthenticator(key: key)
    for size in [0, 1, 100, 1_000] {
      let message = signed(
        message(content: String(repeating: "x", count: size)), by: authenticator)
      let whole = message.header + message.parentHeader + message.metadata + message.content
      let code = HMAC<SHA256>.authenticationCode(for: whole, using: SymmetricKey(data: key))
      let expected = code.map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }.joined()
      #expect(String(decoding: message.signature, as: UTF8.self) == expected)
      try MessageAuthenticator(key: key).verify(message)
    }
  }

  /// hmac.new(b"secret", b'{"a":1}{}{}{}', name).hexdigest()[:16]
  @Test("every scheme signs as Python's hashlib does", arguments: SignatureScheme.allCases)
  func schemes(scheme: SignatureScheme) throws {
    let authenticator = MessageAuthenticator(key: Array("secret".utf8), scheme: scheme)
    let good = signed(message(), by: authenticator)
    let text = String(decoding: good.signature, as: UTF8.self)
    #expect(text.hasPrefix(try #require(Self.beginnings[scheme])))
    try authenticator.verify(good)
    var short = signed(message(content: "[]"), by: authenticator)
    short.signature.removeLast(2)
    #expect(throws: WireError.wrongSignature) { try authenticator.verify(short) }
    let other = MessageAuthenticator(
      key: Array("secret".utf8), scheme: scheme == .sha256 ? .sha512 : .sha256)
    #expect(throws: WireError.wrongSignature) { try other.verify(good) }
  }

  private static let beginnings: [SignatureScheme: String] = [
    .sha256: "5439160579203ae5",
    .sha384: "056ca510ea2a3eeb",
    .sha512: "cd9bb317f350d582",
    .sha3of256: "be34f30eaf99069d",
    .sha3of384: "d77b2369fdc9591f",
    .sha3of512: "c251e67c3319331b",
    .sha1: "37deed4441af92cb",
    .md5: "c3b5ed35e597fc79",
  ]

  @Test("what was changed, or signed by another key, is refused")
  func wrongSignatures() throws {
    let authenticator = MessageAuthenticator(key: [1])
    let good = signed(message(), by: authenticator)
    var changed = good
    changed.content = Array("{ }".utf8)
    #expect(throws: WireError.wrongSignature) { try authenticator.verify(changed) }
    for signature in [[], Array("00".utf8), Array(repeating: UInt8(ascii: "g"), count: 64)] {
      var other = good
      other.signature = signature
      #expect(throws: WireError.wrongSignature) { try authenticator.verify(other) }
    }
    let foreign = signed(message(), by: MessageAuthenticator(key: [2]))
    #expect(throws: WireError.wrongSignature) { try authenticator.verify(foreign) }
    try authenticator.verify(good)
  }

  @Test("the same signature is accepted once, and only a verified one is remembered")
  func replay() throws {
    let authenticator = MessageAuthenticator(key: [1])
    let good = signed(message(), by: authenticator)
    var forged = good
    forged.content = Array("[]".utf8)
    #expect(throws: WireError.wrongSignature) { try authenticator.verify(forged) }
    try authenticator.verify(good)
    #expect(throws: WireError.replayed) { try authenticator.verify(good) }
    var shouting = good
    shouting.signature = Array(String(decoding: good.signature, as: UTF8.self).uppercased().utf8)
    #expect(throws: WireError.replayed) { try authenticator.verify(shouting) }
  }

  @Test("buffers are not covered")
  func buffers() throws {
    let authenticator = MessageAuthenticator(key: [1])
    var message = signed(message(buffers: [[1]]), by: authenticator)
    message.buffers = [[2], [3]]
    try authenticator.verify(message)
  }

  @Test("an empty key means no signatures, and nothing is a replay")
  func emptyKey() throws {
    let authenticator = MessageAuthenticator(key: [])
    let unsigned = signed(message(), by: authenticator)
    #expect(unsigned.signature.isEmpty)
    try authenticator.verify(unsigned)
    try authenticator.verify(unsigned)
  }

  @Test("the oldest digests are forgotten first")
  func guardCapacity() {
    var seen = ReplayGuard()
    func isNew(_ number: Int) -> Bool {
      seen.admit((0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8)) })
    }
    let allAreNew = (0..<ReplayGuard.capacity).allSatisfy(isNew)
    #expect(allAreNew)
    let answers = [isNew(0), isNew(ReplayGuard.capacity), isNew(0), isNew(2)]
    #expect(answers == [false, true, true, false])
  }
}
