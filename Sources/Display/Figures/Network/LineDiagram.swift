import Notation

/// The lines of a layer as boxes in their order, each with its formula and the sizes of what it gives.
package struct LineDiagram: Figure {
  package struct Line: Sendable, Hashable {
    package var name: SymbolText
    package var formula: SymbolText
    /// "3×4"; empty for a number.
    package var sizes: String

    package init(_ name: SymbolText, _ formula: SymbolText, sizes: String) {
      self.name = name
      self.formula = formula
      self.sizes = sizes
    }
  }

  package let title: SymbolText
  package let lines: [Line]

  /// Throws: `FigureError` if there is no line.
  package init(title: SymbolText, lines: [Line]) throws(FigureError) {
    guard !lines.isEmpty else { throw .empty("the layer") }
    self.title = title
    self.lines = lines
  }

  package func text(numbers: NumberFormat) -> String {
    let heading = title.isEmpty ? "Layer" : title.text
    let rows = lines.map { line in
      "  \(line.name.text) = \(line.formula.text)\(line.sizes.isEmpty ? "" : "  (\(line.sizes))")"
    }
    return ([heading] + rows).joined(separator: "\n")
  }

  package func drawing(numbers: NumberFormat) -> Drawing {
    var contents = lines.map { line in
      BlockChain.Content(
        title: line.name,
        lines: [.plain(line.formula)] + (line.sizes.isEmpty ? [] : [.muted(.words(line.sizes))]),
        units: 0)
    }
    if let shown = BlockChain.shown(contents) {
      let gap = BlockChain.Content(
        title: .words("… \(contents.count - shown.count + 1) more lines"), lines: [], units: 0)
      contents = shown.map { $0 ?? gap }
    }
    let heading = Heading(title)
    let chain = BlockChain(contents, top: heading.height)
    var canvas = SVGCanvas()
    heading.draw(on: &canvas)
    for link in chain.links { link.draw(isBackward: false, part: nil, on: &canvas) }
    for block in chain.blocks { block.draw(on: &canvas) }
    return canvas.document(
      width: max(chain.width, heading.width), height: chain.bottom + 16,
      title: title.isEmpty ? "Layer" : title.text, description: text(numbers: numbers))
  }
}
