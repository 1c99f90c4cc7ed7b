extension SymbolText {
  /// LaTeX for math mode, without delimiters: `w_{13}^{[2]}`, `\frac{\partial L}{\partial W^{[2]}}`.
  package var latex: String {
    var result = ""
    writeLaTeX(to: &result)
    return result
  }

  /// LaTeX for text: words as they are, mathematics between `$` signs.
  package var latexInText: String { latexInText(LaTeXText.escaped) }

  /// The same beside formulas, in a sentence that MathJax sees as well.
  package var latexInline: String { latexInText(LaTeXText.inline) }

  private func latexInText(_ escaped: (String) -> String) -> String {
    let parts = if case .sequence(let parts) = self { parts } else { [self] }
    var result = ""
    var formula = ""
    func close() {
      if !formula.isEmpty { result += "$\(formula)$" }
      formula = ""
    }
    for part in parts {
      if let text = part.plainWords {
        close()
        result += escaped(text)
      } else {
        part.writeLaTeX(to: &formula)
      }
    }
    close()
    return result
  }

  private func writeLaTeX(to output: inout String) {
    switch self {
    case .words(let text): LaTeXMath.append(words: text, to: &output)
    case .variable(let name): LaTeXMath.append(variable: name, to: &output)
    case .scripted(let base, let lower, let upper):
      base.writeLaTeXBase(to: &output, raised: upper != nil)
      if case .words(let text)? = lower, Self.isIndices(text) {
        output += "_{"
        LaTeXMath.append(indices: text, to: &output)
        output += "}"
      } else if let lower {
        lower.writeLaTeX(to: &output, after: "_{")
      }
      if let upper { upper.writeLaTeX(to: &output, after: "^{") }
    case .partial(let quantity, let variable):
      quantity.writeLaTeX(to: &output, after: "\\frac{\\partial ", bracketed: quantity.isCompound)
      variable.writeLaTeX(to: &output, after: "{\\partial ", bracketed: variable.isCompound)
    case .fraction(let numerator, let denominator):
      numerator.writeLaTeX(to: &output, after: "\\frac{")
      denominator.writeLaTeX(to: &output, after: "{")
    case .bold(let base): base.writeLaTeX(to: &output, after: "\\mathbf{")
    case .primed(let base, let count):
      base.writeLaTeXBase(to: &output, raised: true)
      output += String(repeating: "'", count: max(count, 1))
    case .transposed(let base):
      base.writeLaTeXBase(to: &output, raised: true)
      output += "^{T}"
    case .enclosed(let content, let bracket):
      output += bracket.open
      content.writeLaTeX(to: &output)
      output += bracket.close
    case .sign(let sign): output += sign.latex
    case .sequence(let parts): for part in parts { part.writeLaTeX(to: &output) }
    }
  }

  private func writeLaTeX(to output: inout String, after start: String, bracketed: Bool = false) {
    output += start
    if bracketed { output += "(" }
    writeLaTeX(to: &output)
    if bracketed { output += ")" }
    output += "}"
  }

  /// The base of scripts: in brackets where it is compound or has a superscript, else in a group
  /// where TeX needs one.
  private func writeLaTeXBase(to output: inout String, raised: Bool) {
    switch self {
    case .variable, .words, .bold, .enclosed: writeLaTeX(to: &output)
    case .primed where !isCompound: writeLaTeX(to: &output)
    case _ where isCompound || (raised && endsInSuperscript):
      output += "("
      writeLaTeX(to: &output)
      output += ")"
    default: writeLaTeX(to: &output, after: "{")
    }
  }
}
