extension Double {
  /// The number as a program in JavaScript reads it back.
  package var script: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
    if let whole = Int(exactly: self), abs(whole) < 1_000_000, sign == .plus || whole != 0 {
      return "\(whole)"
    }
    return "\(self)"
  }
}
