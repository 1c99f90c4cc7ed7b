extension SymbolText {
  /// Plain text in Unicode: `w₁₃^[2]`, `∂L/∂W^[2]`, `(A^[1])ᵀ`.
  package var text: String {
    var result = ""
    writeText(to: &result)
    return result
  }

  private func writeText(to output: inout String) {
    switch self {
    case .words(let text), .variable(let text): output += text
    case .scripted(let base, let lower, let upper):
      base.writeText(to: &output, bracketed: upper != nil && base.endsInSuperscript)
      if let lower { output += Self.lowered(lower.text) }
      if let upper { output += upper.raisedText }
    case .partial(let quantity, let variable):
      output += "∂"
      quantity.writeText(to: &output, bracketed: quantity.isCompound)
      output += "/∂"
      variable.writeText(to: &output, bracketed: variable.isCompound)
    case .fraction(let numerator, let denominator):
      numerator.writeText(to: &output, bracketed: numerator.isCompound)
      output += "/"
      denominator.writeText(to: &output, bracketed: denominator.isCompound)
    case .bold(let base): base.writeText(to: &output)
    case .primed(let base, let count):
      base.writeText(to: &output, bracketed: base.isCompound)
      output += String(repeating: "′", count: max(count, 1))
    case .transposed(let base):
      base.writeText(to: &output, bracketed: base.isCompound || base.endsInSuperscript)
      output += "ᵀ"
    case .enclosed(let content, let bracket):
      output += bracket.open
      content.writeText(to: &output)
      output += bracket.close
    case .sign(let sign): output += sign.text
    case .sequence(let parts): for part in parts { part.writeText(to: &output) }
    }
  }

  private func writeText(to output: inout String, bracketed: Bool) {
    if bracketed { output += "(" }
    writeText(to: &output)
    if bracketed { output += ")" }
  }

  private static func lowered(_ text: String) -> String {
    ScriptCharacters.subscripted(text) ?? "_" + (text.count == 1 ? text : "{\(text)}")
  }

  private var raisedText: String {
    let text = self.text
    switch self {
    case .enclosed(_, .square): return "^" + text
    case .sequence(let parts): return parts.map(\.raisedText).joined()
    default: break
    }
    return ScriptCharacters.superscripted(text) ?? (text.count == 1 ? "^" + text : "^(\(text))")
  }
}

extension SymbolText {
  /// Whether a sign or word space stands at its top level, so that an operator needs brackets.
  package var isCompound: Bool {
    switch self {
    case .sequence(let parts):
      parts.contains { if case .sign = $0 { true } else { $0.isCompound } }
    case .words(let text): text.utf8.contains(UInt8(ascii: " "))
    case .partial, .fraction: true
    default: false
    }
  }

  /// Whether a further superscript would have to climb on one that is there.
  package var endsInSuperscript: Bool {
    switch self {
    case .scripted(_, _, let upper): upper != nil
    case .transposed: true
    case .sequence(let parts): parts.last?.endsInSuperscript ?? false
    default: false
    }
  }
}
