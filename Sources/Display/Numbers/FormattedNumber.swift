/// A number as it will be written, in parts, so that columns can align it at its point.
package struct FormattedNumber: Sendable, Hashable {
  package enum Kind: Sendable, Hashable { case finite, infinite, notANumber }

  package let kind: Kind
  package let isNegative: Bool
  /// The digits before the point; empty unless finite.
  package let integer: String
  /// The digits after the point, without it.
  package let fraction: String
  /// The power of ten of the scientific form.
  package let exponent: Int?
  /// What it is, where that is to stay beside the digits.
  private(set) var mark: Mark?

  struct Mark: Sendable, Hashable {
    let value: Double
    let style: NumberStyle
  }

  init(
    kind: Kind = .finite, isNegative: Bool, integer: String = "", fraction: String = "",
    exponent: Int? = nil
  ) {
    self.kind = kind
    self.isNegative = isNegative
    self.integer = integer
    self.fraction = fraction
    self.exponent = exponent
  }

  /// As the language reads it back: `-0.2261`, `1.2346e-7`, `inf`, `nan`.
  package var text: String {
    var result = ""
    appendText(to: &result)
    return result
  }

  func appendText(to output: inout String) {
    if let mark {
      NumberMark.append(mark.value, style: mark.style, room: 0, to: &output) { [unmarked] in
        unmarked.appendText(to: &$0)
      }
      return
    }
    if isNegative { output += "-" }
    switch kind {
    case .notANumber: output += "nan"
    case .infinite: output += "inf"
    case .finite:
      output += integer
      if !fraction.isEmpty {
        output += "."
        output += fraction
      }
      if let exponent { output += "e\(exponent)" }
    }
  }
}

extension FormattedNumber {
  fileprivate func marked(_ value: Double, _ style: NumberStyle) -> FormattedNumber {
    var result = self
    result.mark = Mark(value: value, style: style)
    return result
  }

  var unmarked: FormattedNumber {
    var result = self
    result.mark = nil
    return result
  }

  /// A number as it was typed: `0.7740`, `.5`, `1.20e-3`; nil for what is no such number.
  package init?(literal: String, isNegative: Bool) {
    let parts = literal.lowercased().split(separator: "e", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let mantissa = parts.first else { return nil }
    let digits = mantissa.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(digits.count), mantissa.contains(where: \.isNumber),
      digits.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } })
    else { return nil }
    var exponent: Int?
    if parts.count == 2 {
      guard let power = Int(parts[1]) else { return nil }
      exponent = power
    }
    self.init(
      isNegative: isNegative, integer: digits[0],
      fraction: digits.count == 2 ? digits[1] : "", exponent: exponent)
  }
}

extension NumberFormat {
  /// A number with as many digits as another one and one more, to be compared with it.
  package func format(_ value: Double, beside written: FormattedNumber) -> FormattedNumber {
    guard value.isFinite else { return format(value) }
    // 774e-3 stands beside 775.5e-3.
    var decimal = ShortestDecimal(value)
    decimal.scale(byPower: -(written.exponent ?? 0))
    let decimals = min(written.fraction.count + 1, Self.mostDecimals)
    guard decimal.leadingPower < Self.mostFigures else {
      return format(value, style: .scientific(decimals: decimals))
    }
    if written.exponent == nil, let whole = Int(exactly: value) {
      // All digits of a large whole number, also those that no reading needs.
      return FormattedNumber(
        isNegative: whole < 0, integer: String(whole.magnitude),
        fraction: String(repeating: "0", count: decimals))
    }
    let number = fixed(decimal, decimals: decimals)
    return FormattedNumber(
      isNegative: number.isNegative, integer: number.integer, fraction: number.fraction,
      exponent: written.exponent)
  }

  /// More figures than a number has are zeros.
  private static let mostDecimals = 40
  private static let mostFigures = 40

  /// Two numbers in this format, with more digits where these do not tell them apart.
  package func format(_ a: Double, apartFrom b: Double) -> (FormattedNumber, FormattedNumber) {
    let pair = (format(a), format(b))
    guard a != b, pair.0 == pair.1, a.isFinite, b.isFinite else { return pair }
    for decimals in digits...17 {
      let style = NumberStyle.scientific(decimals: decimals)
      let longer =
        pair.0.exponent == nil
        ? (format(a, style: .decimals(decimals)), format(b, style: .decimals(decimals)))
        : (format(a, style: style), format(b, style: style))
      if longer.0 != longer.1 { return longer }
    }
    return pair
  }

  /// Magnitudes from which whole numbers and others are written with a power of ten.
  private static let wholePower = 15
  private static let otherPower = 7

  /// A number by the rule of this format.
  package func format(_ value: Double, style: NumberStyle = .standard) -> FormattedNumber {
    let number = written(value, style)
    return marks ? number.marked(value, style) : number
  }

  private func written(_ value: Double, _ style: NumberStyle) -> FormattedNumber {
    guard value.isFinite else {
      return value.isNaN
        ? FormattedNumber(kind: .notANumber, isNegative: false)
        : FormattedNumber(kind: .infinite, isNegative: value < 0)
    }
    let decimal = ShortestDecimal(value)
    switch style {
    case .standard, .equalDecimals:
      guard let decimals = decimals(of: decimal) else {
        return scientific(decimal, decimals: max(digits, significantDigits - 1), trimmed: true)
      }
      return fixed(decimal, decimals: decimals)
    case .decimals(let decimals):
      guard decimal.leadingPower < Self.wholePower else {
        return scientific(decimal, decimals: decimals, trimmed: false)
      }
      return fixed(decimal, decimals: min(max(decimals, 0), 20))
    case .scientific where decimal.isZero: return FormattedNumber(isNegative: false, integer: "0")
    case .scientific(let decimals):
      return scientific(decimal, decimals: min(max(decimals, 0), 17), trimmed: false)
    }
  }

  /// The numbers of one column. With `equalDecimals`, those that are not whole get as many decimals
  /// as the one that needs most.
  package func format(column values: [Double], style: NumberStyle) -> [FormattedNumber] {
    var result = values.map { format($0, style: style) }
    guard style == .equalDecimals else { return result }
    let decimals =
      result.lazy.filter { $0.exponent == nil }.map(\.fraction.utf8.count).max() ?? 0
    for index in result.indices
    where result[index].exponent == nil && !result[index].fraction.isEmpty {
      result[index] = fixed(ShortestDecimal(values[index]), decimals: decimals)
    }
    return result
  }

  /// A number as text by itself.
  package func text(_ value: Double) -> String { format(value).text }

  /// The decimals that a number is shown with, or nil where it needs a power of ten.
  private func decimals(of decimal: ShortestDecimal) -> Int? {
    if decimal.isZero { return 0 }
    let power = decimal.leadingPower
    if decimal.isWhole { return power < Self.wholePower ? 0 : nil }
    guard power < Self.otherPower else { return nil }
    let kept = decimal.rounded(toPower: power - significantDigits + 1)
    let needed = max(digits, significantDigits - 1 - kept.leadingPower)
    return needed <= max(digits + 2, significantDigits + 3) ? needed : nil
  }

  private func fixed(_ decimal: ShortestDecimal, decimals: Int) -> FormattedNumber {
    let rounded = decimal.rounded(toPower: -decimals)
    let figures = rounded.figures(decimals: decimals)
    return FormattedNumber(
      isNegative: decimal.isNegative && !rounded.isZero, integer: figures.integer,
      fraction: figures.fraction)
  }

  /// The scientific form; `trimmed` leaves out zeros at the end where no digit was dropped.
  private func scientific(
    _ decimal: ShortestDecimal, decimals: Int, trimmed: Bool
  ) -> FormattedNumber {
    let rounded = decimal.rounded(toPower: decimal.leadingPower - decimals)
    let power = rounded.isZero ? 0 : rounded.leadingPower
    let shown = trimmed && rounded == decimal ? rounded.digitCount - 1 : decimals
    let figures = rounded.mantissa.figures(decimals: shown)
    return FormattedNumber(
      isNegative: decimal.isNegative, integer: figures.integer, fraction: figures.fraction,
      exponent: power)
  }
}

extension ShortestDecimal {
  /// The number scaled by a power of ten into 1 ≤ |m| < 10, or 0.
  fileprivate var mantissa: ShortestDecimal {
    var result = self
    result.scale(byPower: isZero ? 0 : -leadingPower)
    return result
  }
}
