import Notation

/// How numbers are shown to people; values inside stay unrounded.
///
/// A number shows `digits` decimals, more where it needs them for `significantDigits`, and none when
/// it is whole. Numbers too large or too small for that are written with a power of ten.
///
/// **Rounding** is half away from zero on the shortest decimal that reads back as the same double.
/// That is the exact binary value rounded to nearest, except that a number which a person would
/// write as a tie (0.00005, 2.675) counts as that tie: a decimal between the exact value and its
/// shortest form, with no more digits than the tie, would itself be the shortest form.
/// Source: LANGUAGE.md §6, Numbers.
package struct NumberFormat: Sendable, Hashable {
  /// The decimals of a number that is not whole: 0…15, as `set digits = n` sets it.
  package let digits: Int
  /// A small number keeps at least so many significant digits.
  package let significantDigits: Int

  /// Whether what is written keeps the numbers beside their digits; see `MarkedText`.
  package var marks = false

  package static let digitRange = 0...15

  /// A format; `digits` outside `digitRange` takes the nearest end.
  package init(digits: Int = 4, significantDigits: Int = 3) {
    self.digits = min(max(digits, Self.digitRange.lowerBound), Self.digitRange.upperBound)
    self.significantDigits = min(max(significantDigits, 1), 15)
  }

  package static let standard = NumberFormat()
}

/// How one column's numbers depart from the session's `NumberFormat`.
package enum NumberStyle: Sendable, Hashable {
  /// Each number by itself, by the rule of `NumberFormat`; points stand below each other.
  case standard
  /// All numbers that are not whole with as many decimals as the most demanding one.
  case equalDecimals
  /// Every number with that many decimals, whole ones too: percentages, times.
  case decimals(Int)
  /// Every number with a power of ten and that many decimals: relative errors.
  case scientific(decimals: Int)
}

extension NumberFormat {
  /// The number without zeros at its end, where it is no more than that but for rounding: 0.1 + 0.1*2 is 0.3.
  package func shortText(_ number: Double) -> String {
    let text = text(number)
    guard text.contains("."), !text.contains("e"), let written = Double(text),
      abs(written - number) <= 4 * number.ulp
    else { return text }
    let trimmed = text.reversed().drop { $0 == "0" }
    return String((trimmed.first == "." ? trimmed.dropFirst() : trimmed).reversed())
  }

  /// The same in a formula, with the sign that its place asks for; where numbers are marked, the place as well.
  package func formulaText(_ number: Double, at place: SignPlace) -> String {
    var format = self
    format.marks = false
    let short = format.shortText(number)
    let (isNegative, size) =
      short.hasPrefix("-") ? (true, String(short.dropFirst())) : (false, short)
    let text =
      switch place {
      case .alone: short
      case .operand: isNegative ? "(\(short))" : short
      case .term: "\(isNegative ? "-" : "+") \(size)"
      case .opening: isNegative ? "(\(short)" : short
      case .closing: isNegative ? ")" : ""
      }
    guard marks else { return text }
    var marked = ""
    NumberMark.append(number, at: place, to: &marked) { $0 += text }
    return marked
  }
}
