/// Numbers in HTML: a true minus, powers of ten as such, and the decimal point where its column has it.
enum HTMLNumber {
  /// A number by itself.
  static func text(_ number: FormattedNumber) -> String {
    var result = ""
    append(number, to: &result)
    return result
  }

  static func append(_ number: FormattedNumber, to output: inout String) {
    if let mark = number.mark {
      NumberMark.append(mark.value, style: mark.style, room: 0, to: &output) {
        append(number.unmarked, to: &$0)
      }
      return
    }
    if number.isNegative { output += "−" }
    switch number.kind {
    case .notANumber: output += "nan"
    case .infinite: output += "∞"
    case .finite:
      output += number.integer
      appendTail(number, to: &output)
    }
  }

  /// A number in a column of right-aligned cells. Figure and punctuation spaces, as wide as a digit and
  /// a point, take the room of digits that it lacks; where powers of ten stand in the column, all that
  /// follows the units gets a box of one width instead. `letters` is markup that follows the digits; it
  /// must be of no width.
  static func append(
    _ number: FormattedNumber, in room: NumberAlignment, mark letters: String = "",
    to output: inout String
  ) {
    if let mark = number.mark {
      // A power of ten that comes and goes would move the column: here it stands beside the digits.
      NumberMark.append(mark.value, style: mark.style, room: room.fraction, to: &output) {
        append(number.unmarked, to: &$0)
        guard number.exponent == nil else { return }
        appendPadding(after: number.fraction.utf8.count, in: room, to: &$0)
      }
      output += letters
      return
    }
    guard room.exponent == 0 else {
      if number.isNegative { output += "−" }
      output += number.kind == .finite ? number.integer : number.kind == .infinite ? "∞" : "nan"
      output += "<span style=\"\(boxStyle(room))\">"
      appendTail(number, to: &output)
      if !letters.isEmpty {
        // Or it would read as a part of the exponent.
        output += "\u{2009}"
        output += letters
      }
      output += "</span>"
      return
    }
    append(number, to: &output)
    output += letters
    appendPadding(after: number.fraction.utf8.count, in: room, to: &output)
  }

  /// A sign in the place of a number.
  static func append(
    placeholder: String, in room: NumberAlignment, mark: String, to output: inout String
  ) {
    output += placeholder
    output += mark
    if room.exponent > 0 {
      output += "<span style=\"\(boxStyle(room))\"></span>"
    } else {
      appendPadding(after: 0, in: room, to: &output)
    }
  }

  private static func appendTail(_ number: FormattedNumber, to output: inout String) {
    if !number.fraction.isEmpty {
      output += "."
      output += number.fraction
    }
    guard let exponent = number.exponent else { return }
    output += "\u{2009}×\u{2009}10<sup>"
    if exponent < 0 { output += "−" }
    output += String(exponent.magnitude)
    output += "</sup>"
  }

  private static func appendPadding(
    after decimals: Int, in room: NumberAlignment, to output: inout String
  ) {
    guard decimals < room.fraction else { return }
    if decimals == 0 { output += "\u{2008}" }
    for _ in decimals..<room.fraction { output += "\u{2007}" }
  }

  /// Wide enough for the point, the digits and the power of ten in usual fonts.
  private static func boxStyle(_ room: NumberAlignment) -> String {
    let digits = Double(room.fraction) * 0.64 + (room.fraction > 0 ? 0.32 : 0)
    let width = digits + 2.5 + Double(room.exponent) * 0.46
    return "display:inline-block;min-width:\((width * 10).rounded() / 10)em;text-align:left"
  }
}
