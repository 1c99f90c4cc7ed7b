/// One format that a table is written in.
protocol TableRenderer: Sendable {
  var mimeType: String { get }
  func render(_ layout: TableLayout) -> String
}

/// Every format of a table, in the order of a bundle's members.
let tableRenderers: [any TableRenderer] = [
  TextTableRenderer(), HTMLTableRenderer(), LaTeXTableRenderer(),
]

extension Table {
  /// The table in every format, and its data for programs.
  package func bundle(tidy: TidyTable? = nil, numbers: NumberFormat = .standard) -> MIMEBundle {
    let resource = tidy?.dataResource
    let isLeftOut = tidy != nil && resource == nil
    let layout = TableLayout(
      isLeftOut ? adding(.dataLeftOut) : self, numbers: numbers)
    var bundle = MIMEBundle()
    for renderer in tableRenderers {
      bundle.data[renderer.mimeType] = .string(renderer.render(layout))
    }
    if let resource { bundle.data[MIMEType.dataResource] = resource }
    return bundle
  }

  private func adding(_ note: TableNote) -> Table {
    Table(
      caption: caption, columns: columns, spanners: spanners, groups: groups, notes: notes + [note],
      visibleRows: visibleRows)
  }

  /// The table as plain text only, for `print`.
  package func text(numbers: NumberFormat = .standard) -> String {
    TextTableRenderer().render(TableLayout(self, numbers: numbers))
  }
}
