extension SymbolText {
  /// Plain text in Unicode: `w₁₃^[2]`, `∂L/∂W^[2]`, `(A^[1])ᵀ`.
  package var text: String {
    var result = ""
    writeText(to: &result)
    return result
  }

  private func writeText(to output: inout String) {
    switch onLine {
    case .words(let text), .variable(let text): output += text
    case .scripted(let base, let lower, let upper):
      base.writeText(to: &output)
      if let lower { output += Self.lowered(lower.text) }
      if let upper { output += upper.raisedText }
    case .bold(let base): base.writeText(to: &output)
    case .sequence(let parts): for part in parts { part.writeText(to: &output) }
    default: break
    }
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
