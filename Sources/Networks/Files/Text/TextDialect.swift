/// How the lines of a text are divided and its numbers written.
package struct TextDialect: Sendable, Equatable {
  /// What stands between fields; a blank stands for any number of blanks and tabs.
  var separator: UInt8
  var decimalSign: UInt8
  /// Whether the decimal sign was said; otherwise a comma that cannot separate is read as one too.
  var decimalIsGiven = false

  static let separators: [UInt8] = Array(",;\t| ".utf8)

  var separatesByBlanks: Bool { separator == UInt8(ascii: " ") }

  /// A sign that may stand in numbers in place of the decimal sign; nil where there is none.
  var otherDecimalSign: UInt8? {
    guard !decimalIsGiven else { return nil }
    let other = decimalSign == UInt8(ascii: ".") ? UInt8(ascii: ",") : UInt8(ascii: ".")
    return other == separator ? nil : other
  }

  /// Whether a byte is nothing beside a field.
  @inline(__always)
  func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") && separator != UInt8(ascii: "\t")
  }

  /// A separator as a reader is told.
  static func name(_ separator: UInt8) -> String {
    switch separator {
    case UInt8(ascii: " "): "blanks"
    case UInt8(ascii: "\t"): "tabs"
    default: String(Unicode.Scalar(separator))
    }
  }
}

extension TextDialect {
  /// What a caller says of a text; what it leaves open is found out.
  package struct Options: Sendable {
    package var separator: UInt8?
    package var decimalSign: UInt8?

    package init() {}

    /// Throws: `DataError.option` for what can be neither.
    package init(separator: String?, decimal: String?) throws(DataError) {
      if let separator {
        let byte = separator == "tab" ? UInt8(ascii: "\t") : separator.utf8.first
        guard let byte, separator.utf8.count == 1 || separator == "tab",
          TextDialect.canSeparate(byte)
        else {
          throw .option(
            name: "separator", value: "\"\(separator)\"",
            expected: "one sign that is in no number, such as \",\" \";\" \"|\" \"tab\" \" \"")
        }
        self.separator = byte
      }
      if let decimal {
        guard decimal == "." || decimal == "," else {
          throw .option(name: "decimal", value: "\"\(decimal)\"", expected: "\".\" or \",\"")
        }
        decimalSign = decimal.utf8.first
      }
    }
  }

  private static func canSeparate(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "+"), UInt8(ascii: "\""), UInt8(ascii: "#"):
      false
    default: byte == 9 || 0x20..<0x7F ~= byte
    }
  }

  /// The dialect of a text by its first lines: the separator that divides all of them alike and leaves the most
  /// numbers; commas in numbers are decimal where no number has a point.
  init(of sample: TextSample, _ options: Options) {
    let candidates = options.separator.map { [$0] } ?? TextDialect.separators
    var best: (dialect: TextDialect, rank: (Bool, Double, Double))?
    for separator in candidates {
      let dialect = TextDialect(
        separator: separator, decimalSign: options.decimalSign ?? UInt8(ascii: "."),
        decimalIsGiven: options.decimalSign != nil)
      let records = sample.records(dialect)
      guard let first = records.first, first.fields.count > 1 || options.separator != nil else {
        continue
      }
      let count = first.usedCount
      let even = Double(records.count { $0.usedCount == count }) / Double(records.count)
      let numbers = dialect.shareOfNumbers(records)
      guard separator != UInt8(ascii: " ") || even == 1 && numbers > 0 else { continue }
      let rank = (even == 1, even == 1 ? numbers : even, numbers)
      if let old = best?.rank {
        guard (rank.0 ? 1 : 0, rank.1, rank.2) > (old.0 ? 1 : 0, old.1, old.2) else { continue }
      }
      best = (dialect, rank)
    }
    // No line is divided: a single column. Its commas are decimal, if any.
    self =
      best?.dialect
      ?? TextDialect(
        separator: UInt8(ascii: ";"), decimalSign: options.decimalSign ?? UInt8(ascii: "."),
        decimalIsGiven: options.decimalSign != nil)
    if !decimalIsGiven { decimalSign = decimalSign(in: sample.records(self)) }
  }

  /// How many of the fields behind the first line are numbers.
  private func shareOfNumbers(_ records: [TextSample.Record]) -> Double {
    let fields = records.dropFirst(records.count > 1 ? 1 : 0).flatMap(\.fields)
    let numbers = fields.count { FieldText.number($0.text, self) != nil }
    return Double(numbers) / Double(max(1, fields.count))
  }

  private func decimalSign(in records: [TextSample.Record]) -> UInt8 {
    guard let other = otherDecimalSign else { return decimalSign }
    let signs = records.flatMap(\.fields).compactMap { FieldText.number($0.text, self)?.sign }
    return signs.contains(other) && !signs.contains(decimalSign) ? other : decimalSign
  }
}

/// What the text of a field may be.
enum FieldText {
  /// What stands for a value that is missing, in small letters.
  private static let holes: Set<String> = [
    "", "na", "n/a", "#n/a", "<na>", "null", "?",
  ]
  /// What does so among numbers, but may be a class among texts.
  private static let holesAmongNumbers: Set<String> = ["none", "nil", "missing", "-", "--", "."]

  static func isHole(_ text: String) -> Bool {
    text.utf8.count <= 4 && holes.contains(text.lowercased())
  }

  static func isHoleAmongNumbers(_ text: String) -> Bool {
    text.utf8.count <= 7 && holesAmongNumbers.contains(text.lowercased())
  }

  /// The number that a text is, and the decimal sign that it has, if any; nil of other texts.
  static func number(_ text: String, _ dialect: TextDialect) -> (value: Double, sign: UInt8?)? {
    guard text.utf8.count < 400 else { return nil }
    var plain = text
    // A minus sign of typesetters.
    if plain.unicodeScalars.first == "\u{2212}" { plain = "-" + plain.dropFirst() }
    var sign: UInt8?
    var bytes = Array(plain.utf8)
    for (place, byte) in bytes.enumerated()
    where byte == dialect.decimalSign || byte == dialect.otherDecimalSign {
      guard sign == nil else { return nil }
      sign = byte
      bytes[place] = UInt8(ascii: ".")
    }
    guard isDecimal(bytes) else { return nil }
    return Double(String(decoding: bytes, as: UTF8.self)).map { ($0, sign) }
  }

  /// Whether bytes are digits with a sign, a point and an exponent, or inf or nan.
  private static func isDecimal(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    func dropSign() {
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    }
    func dropDigits() -> Int {
      let count = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }.count
      rest.removeFirst(count)
      return count
    }
    dropSign()
    if let byte = rest.first, byte | 0x20 == UInt8(ascii: "i") || byte | 0x20 == UInt8(ascii: "n") {
      return ["inf", "infinity", "nan"].contains(String(decoding: rest, as: UTF8.self).lowercased())
    }
    var digits = dropDigits()
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      digits += dropDigits()
    }
    guard digits > 0 else { return false }
    guard let byte = rest.first else { return true }
    guard byte | 0x20 == UInt8(ascii: "e") else { return false }
    rest.removeFirst()
    dropSign()
    return dropDigits() > 0 && rest.isEmpty
  }
}
