extension Lexer {
  /// `1`, `2.0`, `.5`, `1e-3`: a point needs a digit after it, and so does an exponent's `e`.
  mutating func readNumber() {
    var end = digits(from: index)
    if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
      let after = end + 1 < bytes.count ? bytes[end + 1] : 0
      if CharacterClass.isDigit(after) {
        end = digits(from: end + 1)
      } else if !Self.belongsToSign(after) {
        reportPoint(end: end)
        append(.number, length: end - index)
        index += 1
        return
      }
    }
    if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
      var digit = end + 1
      if digit < bytes.count, bytes[digit] == UInt8(ascii: "-") || bytes[digit] == UInt8(ascii: "+")
      {
        digit += 1
      }
      if digit < bytes.count, CharacterClass.isDigit(bytes[digit]) { end = digits(from: digit) }
    }
    let start = index
    append(.number, length: end - index)
    if byte() == UInt8(ascii: "."), CharacterClass.isDigit(byte(1)) {
      while byte() == UInt8(ascii: "."), CharacterClass.isDigit(byte(1)) {
        index = digits(from: index + 1)
      }
      report(
        "a number has one decimal point", at: SourceSpan(start, index),
        label: "more than one point, or digits after a power of ten")
    } else if byte() == UInt8(ascii: "_"), CharacterClass.isDigit(byte(1)) {
      while byte() == UInt8(ascii: "_") || CharacterClass.isDigit(byte()) { index += 1 }
      let plain = source[SourceSpan(start, index)].filter { $0 != "_" }
      report(
        "`_` can't stand in a number", at: SourceSpan(start, index), label: "digits only",
        help: "write `\(plain.prefix(24))`")
    }
  }

  private func digits(from start: Int) -> Int {
    var end = start
    while end < bytes.count, CharacterClass.isDigit(bytes[end]) { end += 1 }
    return end
  }

  /// Whether a point before this byte begins a sign such as `.*`, `.^` or `..`.
  private static func belongsToSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "^"), UInt8(ascii: "'"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  private mutating func reportPoint(end: Int) {
    let number = source[SourceSpan(index, end)]
    report(
      "a decimal point needs a digit after it", at: SourceSpan(index, end + 1),
      label: "nothing after the point",
      help: "write `\(number.prefix(24)).0`, or leave the point out"
    )
  }

  /// `..` and `...`: ranges and line continuations of other languages.
  mutating func readDots() {
    let start = index
    while byte() == UInt8(ascii: ".") { index += 1 }
    let span = SourceSpan(start, index)
    var ahead = index
    while ahead < bytes.count, bytes[ahead] == UInt8(ascii: " ") { ahead += 1 }
    let endsLine = ahead >= bytes.count || [10, 13, 35, 37].contains(bytes[ahead])
    if endsLine {
      report(
        "a line is not continued by `...`", at: span, label: "remove it",
        help: "a statement goes on after an operator or a comma, and inside ( ) and [ ]")
      skipLine()
      if byte() == UInt8(ascii: "\r") { index += 1 }
      if byte() == UInt8(ascii: "\n") { index += 1 }
    } else {
      report(
        "`\(source[span].prefix(3))` is not an operator here", at: span,
        label: "a range is written with `:`", help: "write `1:5`; both ends are included")
      index = start
      append(.colon, length: span.end - start)
    }
  }
}
