import Notation

extension FormattedNumber {
  /// The number as figures show it: a true minus, powers of ten as such, ∞.
  var symbol: SymbolText {
    if let mark {
      // In one run, whatever it becomes.
      var text = ""
      NumberMark.append(mark.value, style: mark.style, room: 0, to: &text) { $0 += line }
      return .words(text)
    }
    let sign = isNegative ? "−" : ""
    switch kind {
    case .notANumber: return "nan"
    case .infinite: return .words(sign + "∞")
    case .finite: break
    }
    let digits = sign + integer + (fraction.isEmpty ? "" : "." + fraction)
    guard let exponent else { return .words(digits) }
    return .sequence([
      .words(digits + "\u{2009}×\u{2009}"), .powerOfTen(exponent),
    ])
  }
}

extension FormattedNumber {
  /// The number in characters of one line: 1.5 × 10⁻⁷.
  private var line: String {
    let sign = isNegative ? "−" : ""
    switch kind {
    case .notANumber: return "nan"
    case .infinite: return sign + "∞"
    case .finite: break
    }
    let digits = sign + integer + (fraction.isEmpty ? "" : "." + fraction)
    guard let exponent else { return digits }
    let minus = exponent < 0 ? "⁻" : ""
    return digits + "\u{2009}×\u{2009}10" + minus + ScriptCharacters.high(abs(exponent))
  }
}

extension NumberFormat {
  /// A number as figures show it.
  func symbol(_ value: Double) -> SymbolText { format(value).symbol }
}

extension SymbolText {
  /// 10ⁿ.
  static func powerOfTen(_ exponent: Int) -> SymbolText {
    let power = exponent < 0 ? "−\(exponent.magnitude)" : "\(exponent)"
    return .scripted("10", subscript: nil, superscript: .words(power))
  }
}
