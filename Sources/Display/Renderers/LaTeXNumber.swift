/// Numbers in LaTeX's math mode, aligned at the decimal point by invisible figures.
enum LaTeXNumber {
  /// A number without alignment and without delimiters: `-0.2261`, `1.2346 \times 10^{-7}`.
  ///
  /// Something may precede it in the formula; then a minus must not be set as an operator.
  static func append(
    _ number: FormattedNumber, isSpaced: Bool = false, to output: inout String
  ) {
    if number.isNegative { output += isSpaced ? "{-}" : "-" }
    switch number.kind {
    case .notANumber: output += "\\mathrm{nan}"
    case .infinite: output += "\\infty"
    case .finite:
      output += number.integer
      if !number.fraction.isEmpty {
        output += "."
        output += number.fraction
      }
      if let exponent = number.exponent { output += " \\times 10^{\(exponent)}" }
    }
  }

  /// A number in a right-aligned column.
  static func append(
    _ number: FormattedNumber, in room: NumberAlignment, to output: inout String
  ) {
    append(number, to: &output)
    appendPadding(after: number.fraction, exponent: number.exponent, in: room, to: &output)
  }

  /// A sign in the place of a number in a right-aligned column.
  static func append(placeholder: String, in room: NumberAlignment, to output: inout String) {
    output += placeholder
    appendPadding(after: "", exponent: nil, in: room, to: &output)
  }

  /// A number in a centred column: with room at its left, too, for digits and the sign.
  static func appendCentred(
    _ number: FormattedNumber, in room: NumberAlignment, to output: inout String
  ) {
    let lacking = room.head - number.headWidth
    if lacking > 0, number.kind == .finite {
      // Where all that is longer is a sign, the phantom is one as well.
      let isSign = lacking == 1 && !number.isNegative && room.hasNegative
      output += isSign ? "\\phantom{-}" : "\\phantom{\(String(repeating: "0", count: lacking))}"
    }
    append(number, isSpaced: lacking > 0, to: &output)
    appendPadding(after: number.fraction, exponent: number.exponent, in: room, to: &output)
  }

  private static func appendPadding(
    after fraction: String, exponent: Int?, in room: NumberAlignment, to output: inout String
  ) {
    let decimals = fraction.utf8.count
    var hidden = ""
    if decimals < room.fraction {
      hidden = decimals == 0 ? "." : ""
      hidden += String(repeating: "0", count: room.fraction - decimals)
    }
    if room.exponent > 0, exponent == nil {
      hidden += " \\times 10^{\(String(repeating: "0", count: room.exponent))}"
    } else if room.exponent > 0, !hidden.isEmpty {
      // Digits cannot be hidden behind a power of ten without tearing it off.
      return
    }
    if !hidden.isEmpty { output += "\\phantom{\(hidden)}" }
  }
}
