import Notation

/// Labels of ticks, made from whole numbers so that 0.3 is never 0.30000000000000004.
///
/// A tick is `count · mantissa · 10^power`; all labels of an axis have the same decimals and either
/// all are plain or all are written with one power of ten.
struct TickLabels: Sendable {
  let mantissa: Int
  let power: Int
  /// The power of ten that the labels share, or nil where they are plain.
  private let shared: Int?

  /// The powers of ten between which a label is plain.
  private static let plainPowers = -4...5

  init(mantissa: Int, power: Int, largest: Double) {
    self.mantissa = mantissa
    self.power = power
    let leading = largest > 0 ? TickMath.leadingPower(of: largest) : power
    let isPlain = leading < Self.plainPowers.upperBound && leading >= Self.plainPowers.lowerBound
    shared = isPlain ? nil : leading
  }

  /// The value of a tick: the double nearest to its label.
  func value(_ count: Int) -> Double {
    TickMath.scaled(Double(count * mantissa), byPower: power)
  }

  func label(_ count: Int) -> SymbolText {
    let figures = count * mantissa
    guard figures != 0 else { return "0" }
    let sign = figures < 0 ? "−" : ""
    guard let shared else {
      return .words(sign + Self.decimal(figures.magnitude, decimals: -power))
    }
    let digits = Self.decimal(figures.magnitude, decimals: shared - power)
    if digits == "1" { return .words(sign) + .powerOfTen(shared) }
    return .words(sign + digits + "\u{2009}×\u{2009}") + .powerOfTen(shared)
  }

  /// The digits of `figures · 10^−decimals`, with exactly that many decimals.
  private static func decimal(_ figures: UInt, decimals: Int) -> String {
    let digits = String(figures)
    guard decimals > 0 else {
      return digits + String(repeating: "0", count: min(-decimals, 20))
    }
    let padded =
      String(repeating: "0", count: max(decimals + 1 - digits.utf8.count, 0)) + digits
    let point = padded.index(padded.endIndex, offsetBy: -decimals)
    return padded[..<point] + "." + padded[point...]
  }
}
