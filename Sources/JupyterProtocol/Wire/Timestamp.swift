import Glibc

/// A moment, in microseconds since 1970 in UTC, as the `date` of a header tells it.
package struct Timestamp: Sendable, Comparable {
  package let microseconds: Int
  /// How much later it may have been, in microseconds: what the digits of its text leave open.
  package let uncertainty: Int

  package init(microseconds: Int) {
    self.microseconds = microseconds
    uncertainty = 0
  }

  package static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: time.tv_sec * 1_000_000 + time.tv_nsec / 1_000)
  }

  package static func == (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds == right.microseconds
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds < right.microseconds
  }

  /// `2026-01-31T08:15:30.123456Z`; strict clients refuse a date without offset.
  package var iso8601: String {
    var bytes: [UInt8] = []
    appendISO8601(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the date as `iso8601` writes it.
  func appendISO8601(to bytes: inout [UInt8]) {
    let seconds = microseconds / 1_000_000
    let (year, month, day) = Self.date(days: seconds / 86_400)
    let time = seconds % 86_400
    func append(_ number: Int, digits: Int) {
      var divisor = 1
      for _ in 1..<digits { divisor *= 10 }
      while divisor > 0 {
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
        divisor /= 10
      }
    }
    append(year, digits: 4)
    bytes.append(UInt8(ascii: "-"))
    append(month, digits: 2)
    bytes.append(UInt8(ascii: "-"))
    append(day, digits: 2)
    bytes.append(UInt8(ascii: "T"))
    append(time / 3_600, digits: 2)
    bytes.append(UInt8(ascii: ":"))
    append(time / 60 % 60, digits: 2)
    bytes.append(UInt8(ascii: ":"))
    append(time % 60, digits: 2)
    bytes.append(UInt8(ascii: "."))
    append(microseconds % 1_000_000, digits: 6)
    bytes.append(UInt8(ascii: "Z"))
  }

  /// A date in the form `YYYY-MM-DDThh:mm:ss[.fraction](Z|±hh[:]mm)`; one without offset is taken as UTC.
  package init?(iso8601 text: String) {
    var reader = DigitReader(bytes: Array(text.utf8))
    guard let year = reader.number(digits: 4), reader.skip("-"),
      let month = reader.number(digits: 2), (1...12).contains(month), reader.skip("-"),
      let day = reader.number(digits: 2), (1...31).contains(day),
      reader.skip("T") || reader.skip(" "),
      let hour = reader.number(digits: 2), reader.skip(":"),
      let minute = reader.number(digits: 2), reader.skip(":"),
      let second = reader.number(digits: 2)
    else { return nil }
    let (fraction, unit) = reader.skip(".") ? reader.microseconds() : (0, 1_000_000)
    var offset = 0
    if !reader.skip("Z"), !reader.isAtEnd {
      let sign: Int
      if reader.skip("+") { sign = 1 } else if reader.skip("-") { sign = -1 } else { return nil }
      guard let hours = reader.number(digits: 2) else { return nil }
      _ = reader.skip(":")
      offset = sign * (hours * 60 + (reader.number(digits: 2) ?? 0)) * 60
    }
    guard reader.isAtEnd else { return nil }
    let days = Self.days(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
    microseconds = seconds * 1_000_000 + fraction
    uncertainty = unit
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar.
  ///
  /// A year is taken to begin in March, so that the leap day comes last:
  /// `365 y + ⌊y/4⌋ − ⌊y/100⌋ + ⌊y/400⌋ + ⌊(153 m + 2)/5⌋ + d`, counted from 0000-03-01.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let shiftedYear = month > 2 ? year : year - 1
    let shiftedMonth = (month + 9) % 12
    let leapDays = shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400
    return 365 * shiftedYear + leapDays + (153 * shiftedMonth + 2) / 5 + day - 1 - 719_468
  }

  /// The inverse of `days(year:month:day:)`, for days from 1970 on.
  private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    // Days since 0000-03-01; 146,097 make four centuries, whose last day is a leap day.
    let shifted = days + 719_468
    let (centuries, dayOfCenturies) = shifted.quotientAndRemainder(dividingBy: 146_097)
    let leapDays = dayOfCenturies / 1_460 - dayOfCenturies / 36_524 + dayOfCenturies / 146_096
    let yearOfCenturies = (dayOfCenturies - leapDays) / 365
    let dayOfYear =
      dayOfCenturies - (365 * yearOfCenturies + yearOfCenturies / 4 - yearOfCenturies / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = 400 * centuries + yearOfCenturies + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

/// Reads fixed numbers of decimal digits.
private struct DigitReader {
  let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { index == bytes.count }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard index < bytes.count, UInt32(bytes[index]) == character.value else { return false }
    index += 1
    return true
  }

  mutating func number(digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// The digits of a fraction of a second, and what the last of them is worth; those beyond the sixth are
  /// passed over.
  mutating func microseconds() -> (value: Int, unit: Int) {
    var value = 0
    var unit = 1_000_000
    while let digit = digit() {
      unit /= 10
      value += digit * unit
    }
    return (value, max(unit, 1))
  }

  private mutating func digit() -> Int? {
    guard index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else {
      return nil
    }
    defer { index += 1 }
    return Int(bytes[index] - UInt8(ascii: "0"))
  }
}
