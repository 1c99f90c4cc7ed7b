/// Numbers in SVG: at most two decimals, which is finer than a screen, and always finite.
enum SVGNumber {
  /// The largest coordinate; nothing that is drawn comes near it.
  private static let limit = 100_000.0

  static func text(_ value: Double) -> String {
    guard !value.isNaN else { return "0" }
    let hundredths = Int((min(max(value, -limit), limit) * 100).rounded())
    let whole = hundredths.magnitude / 100
    let rest = hundredths.magnitude % 100
    var result = hundredths < 0 ? "-\(whole)" : "\(whole)"
    if rest > 0 {
      result += rest < 10 ? ".0\(rest)" : ".\(rest % 10 == 0 ? rest / 10 : rest)"
    }
    return result
  }
}
