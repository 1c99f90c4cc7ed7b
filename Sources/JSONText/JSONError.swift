/// Why a text is not JSON, and at which byte.
package struct JSONError: Error, Equatable {
  package enum Reason: Sendable, Equatable {
    case unexpectedEnd
    /// A byte that cannot stand there.
    case unexpectedByte(UInt8)
    /// An escape other than those of RFC 8259 §7.
    case invalidEscape
    /// A control character inside a string, which must be escaped.
    case controlCharacter
    /// A number against the grammar, such as `01`, `1.` or `+1`.
    case malformedNumber
    /// A number beyond the range of a double, such as `1e999`.
    case numberTooLarge
    /// More nested arrays and objects than the limit.
    case tooDeep
    /// Something after the value.
    case trailingText
  }

  package let reason: Reason
  /// The offset of the offending byte.
  package let offset: Int

  package init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}
