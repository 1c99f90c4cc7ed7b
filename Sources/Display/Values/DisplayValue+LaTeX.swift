import MatrixEngine
import Notation

extension DisplayValue {
  /// The value as displayed LaTeX formulas, in the subset that MathJax, KaTeX and LaTeX share. nil for
  /// what is one line of text.
  package func latex(numbers: NumberFormat = .standard) -> String? {
    switch self {
    case .number, .boolean, .string, .description: return nil
    case .list, .array:
      guard let layers else {
        var formula = "$$"
        appendFormula(numbers, to: &formula)
        return formula + "$$"
      }
      guard !layers.areSimple else { return nil }
      return Folding(count: layers.count, limit: Self.entryLimit).shown.map { position in
        var formula = "$$\(layers.index(position)) \\quad "
        layers.element(position).appendFormula(numbers, to: &formula)
        return formula + "$$"
      }.joined(separator: "\n")
    }
  }

  private func appendFormula(_ numbers: NumberFormat, to output: inout String) {
    switch self {
    case .number(let value): LaTeXNumber.append(numbers.format(value), to: &output)
    case .boolean, .string, .description:
      output += "\\text{"
      LaTeXText.append(text(numbers: numbers), to: &output)
      output += "}"
    case .array(let array) where array.rank < 2:
      LaTeXVectorRenderer.append(
        VectorLayout(array.storage, numbers: numbers, limit: Self.entryLimit), to: &output)
    case .array(let array) where array.rank == 2:
      LaTeXMatrixRenderer.append(
        MatrixLayout(
          array, numbers: numbers, rowLimit: Self.entryLimit,
          columnLimit: LaTeXMatrixRenderer.columnLimit), labelled: true, to: &output)
    case .array, .list:
      guard let layers else { return }
      output += "\\left["
      for index in 0..<min(layers.count, Self.entryLimit) {
        if index > 0 { output += ",\\; " }
        layers.element(index).appendFormula(numbers, to: &output)
      }
      if layers.count > Self.entryLimit { output += ",\\; \\ldots" }
      output += "\\right]"
    }
  }
}
