extension Quantity {
  /// The quantity as it stands in tables and pictures, where a bias row is bold.
  package func symbol(isBold: Bool = false) -> SymbolText {
    let parts = parts
    // A name that was typed in another way, such as x_1, is also how its column is called.
    let letter = SymbolText.variable(parts.isSpelled ? text : parts.base)
    let base = isBold ? .bold(letter) : letter
    let upper =
      (parts.layer.map { [SymbolText.enclosed("\($0)", .square)] } ?? [])
      + (parts.example.map { [.enclosed("\($0)", .round)] } ?? [])
    guard !parts.isSpelled else { return base }
    let own: SymbolText =
      parts.indices.isEmpty && upper.isEmpty
      ? base
      : .scripted(
        base, subscript: parts.indices.isEmpty ? nil : .words(parts.indices.joined(separator: ",")),
        superscript: upper.count > 1 ? .sequence(upper) : upper.first)
    return parts.numerator.map { .partial($0.symbol(), by: own) } ?? own
  }
}
