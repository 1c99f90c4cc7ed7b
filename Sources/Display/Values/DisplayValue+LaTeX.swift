import MatrixEngine
import Notation

extension DisplayValue {
  /// The value as displayed LaTeX formulas, in the subset that MathJax, KaTeX and LaTeX share. nil for
  /// what is one line of text.
  package func latex(numbers: NumberFormat = .standard) -> String? {
    switch layered {
    case .number, .boolean, .string, .description: return nil
    case .list(let elements, let first):
      guard !elements.allSatisfy(\.isSimple) else { return nil }
      let folding = Folding(count: elements.count, limit: Self.entryLimit)
      return folding.shown.map { position in
        var formula = "$$["
        formula += "\(position + first)] \\quad "
        elements[position].appendFormula(numbers, to: &formula)
        return formula + "$$"
      }.joined(separator: "\n")
    case .array:
      var formula = "$$"
      appendFormula(numbers, to: &formula)
      return formula + "$$"
    }
  }

  private func appendFormula(_ numbers: NumberFormat, to output: inout String) {
    switch layered {
    case .number(let value): LaTeXNumber.append(numbers.format(value), to: &output)
    case .boolean, .string, .description:
      output += "\\text{"
      LaTeXText.append(text(numbers: numbers), to: &output)
      output += "}"
    case .array(let array):
      LaTeXMatrixRenderer.append(
        MatrixLayout(
          array, numbers: numbers, rowLimit: Self.entryLimit,
          columnLimit: LaTeXMatrixRenderer.columnLimit), labelled: true, to: &output)
    case .list(let elements, _):
      output += "\\left["
      for (index, element) in elements.prefix(Self.entryLimit).enumerated() {
        if index > 0 { output += ",\\; " }
        element.appendFormula(numbers, to: &output)
      }
      if elements.count > Self.entryLimit { output += ",\\; \\ldots" }
      output += "\\right]"
    }
  }
}
