/// A number of names and orders in Unicode's small digits: u₁₂, ∂², ⁽³⁾.
package enum ScriptDigits {
  /// 12 → "₁₂". Only the digits of `number` are written.
  package static func low(_ number: Int) -> String { written(number, lowDigits) }

  /// 12 → "¹²". Only the digits of `number` are written.
  package static func high(_ number: Int) -> String { written(number, highDigits) }

  private static let lowDigits = Array("₀₁₂₃₄₅₆₇₈₉")
  private static let highDigits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")

  private static func written(_ number: Int, _ digits: [Character]) -> String {
    String(String(number).compactMap(\.wholeNumberValue).map { digits[$0] })
  }
}
