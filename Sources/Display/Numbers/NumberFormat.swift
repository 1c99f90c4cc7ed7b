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
