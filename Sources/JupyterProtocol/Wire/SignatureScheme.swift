import Crypto

/// How messages are signed: HMAC with a hash function, named as Python's hashlib names it.
///
/// Source: Jupyter's messaging protocol, "The wire protocol", `hmac-{hash}`.
package enum SignatureScheme: String, Sendable, CaseIterable {
  case sha256 = "hmac-sha256"
  case sha384 = "hmac-sha384"
  case sha512 = "hmac-sha512"
  case sha3of256 = "hmac-sha3_256"
  case sha3of384 = "hmac-sha3_384"
  case sha3of512 = "hmac-sha3_512"
  case sha1 = "hmac-sha1"
  case md5 = "hmac-md5"

  /// The code of messages by a key.
  func code(key: [UInt8]) -> any MessageCode {
    switch self {
    case .sha256: KeyedHash<SHA256>(key: key)
    case .sha384: KeyedHash<SHA384>(key: key)
    case .sha512: KeyedHash<SHA512>(key: key)
    case .sha3of256: KeyedHash<SHA3_256>(key: key)
    case .sha3of384: KeyedHash<SHA3_384>(key: key)
    case .sha3of512: KeyedHash<SHA3_512>(key: key)
    // Old, but as part of an HMAC still hard to forge.
    case .sha1: KeyedHash<Insecure.SHA1>(key: key)
    case .md5: KeyedHash<Insecure.MD5>(key: key)
    }
  }
}
