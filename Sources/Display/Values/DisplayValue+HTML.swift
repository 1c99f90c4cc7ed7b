import Notation

extension DisplayValue {
  private static let htmlColumnLimit = 12

  /// The value as HTML: vectors lie in a row, matrices stand between brackets. nil for what is one line of
  /// text, unless it has a label.
  func html(numbers: NumberFormat, label: String? = nil) -> String? {
    switch self {
    case .number, .boolean, .string, .description: if label == nil { return nil }
    case _ where layers?.areSimple == true: if label == nil { return nil }
    case .array, .list: break
    }
    var output = ""
    if let label { output += "<code>\(HTMLText.escaped(label))</code> = " }
    appendHTML(numbers, to: &output)
    return HTMLStyle.container(output)
  }

  private func appendHTML(_ numbers: NumberFormat, to output: inout String) {
    switch self {
    case .number(let number): HTMLNumber.append(numbers.format(number), to: &output)
    case .array(let array) where array.rank < 2:
      HTMLVectorRenderer.append(
        VectorLayout(array.storage, numbers: numbers, limit: Self.entryLimit), to: &output)
    case .array(let array) where array.rank == 2:
      HTMLMatrixRenderer.append(
        MatrixLayout(
          array, numbers: numbers, rowLimit: Self.entryLimit,
          columnLimit: Self.htmlColumnLimit), labelled: true, to: &output)
    default:
      guard let layers, !layers.areSimple else {
        return HTMLText.append(text(numbers: numbers), to: &output)
      }
      let folding = Folding(count: layers.count, limit: Self.entryLimit)
      output += "<table style=\"border-collapse:collapse;margin:0\"><tbody>"
      for position in folding.positions {
        output += "<tr><td class=\"nb-m\" style=\"text-align:right;padding:0.3em 0.8em 0.3em 0;"
        output += "border:none\">"
        guard let position else {
          output += "⋮</td><td style=\"text-align:left;border:none\">"
          output += "\(folding.hidden) more of \(folding.count)</td></tr>"
          continue
        }
        output += "\(layers.index(position))</td>"
        output += "<td style=\"text-align:left;padding:0.3em 0;border:none\">"
        layers.element(position).appendHTML(numbers, to: &output)
        output += "</td></tr>"
      }
      output += "</tbody></table>"
    }
  }
}
