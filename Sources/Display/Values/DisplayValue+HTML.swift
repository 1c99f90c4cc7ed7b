import Notation

extension DisplayValue {
  private static let htmlColumnLimit = 12

  /// The value as HTML: vectors as columns and matrices between brackets. nil for what is one line of
  /// text.
  func html(numbers: NumberFormat) -> String? {
    switch self {
    case .number, .boolean, .string, .description: return nil
    case _ where layers?.areSimple == true: return nil
    case .array, .list: break
    }
    var output = "<div class=\"\(HTMLStyle.containerClasses)\">\(HTMLStyle.block)"
    appendHTML(numbers, to: &output)
    output += "</div>"
    return output
  }

  private func appendHTML(_ numbers: NumberFormat, to output: inout String) {
    switch self {
    case .array(let array) where array.rank <= 2:
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
