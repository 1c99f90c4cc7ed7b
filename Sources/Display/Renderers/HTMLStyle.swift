/// The style of tables and matrices in notebooks.
///
/// What a reader must have stands as literal inline styles, which survive in untrusted notebooks: the
/// alignment of cells, the three rules, the brackets of a matrix. The `<style>` block adds what is only
/// finer. Rules take the colour of the text, so they are right in light and in dark themes.
enum HTMLStyle {
  /// The classes of the element around everything; the latter two keep typesetters out.
  static let containerClasses = "nabla-table mathjax_ignore tex2jax_ignore"

  /// What is shown, in an element of its own, with the rules that it needs.
  static func container(_ body: String) -> String {
    let names = classNames(in: body)
    let style = rules.filter { rule in rule.name.map(names.contains) ?? true }
      .map(\.text).joined()
    return "<div class=\"\(containerClasses)\"><style>\(style)</style>\(body)</div>"
  }

  /// The names that begin with `nb-`.
  private static func classNames(in body: String) -> Set<String> {
    var names: Set<String> = []
    let quote = UInt8(ascii: "\"")
    for part in body.utf8.split(separator: quote) where part.starts(with: "nb-".utf8) {
      names.insert(String(decoding: part, as: UTF8.self))
    }
    return names
  }

  private static let formulaFonts =
    "\"STIX Two Text\",\"STIX Two Math\",\"Latin Modern Math\",\"Cambria Math\",Cambria,"
    + "\"Libertinus Serif\",\"Times New Roman\",Times,serif"

  /// A rule, and the class without which nothing follows it.
  private static let rules: [(name: String?, text: String)] =
    [
      (nil, ".nabla-table{overflow-x:auto}"),
      (
        nil,
        ".nabla-table table{font-variant-numeric:tabular-nums lining-nums;table-layout:auto;"
          + "font-size:var(--jp-content-font-size1,1em);color:var(--jp-content-font-color1,inherit)}"
      ),
      (nil, ".nabla-table figcaption{line-height:1.4}"),
      (
        nil,
        ".nabla-table tbody tr,.nabla-table tbody tr:nth-child(odd),"
          + ".nabla-table tbody tr:nth-child(even){background:none}"
      ),
      ("nb-r", ".nabla-table tbody tr.nb-r:hover{background:rgba(128,128,128,0.12)}"),
      (nil, ".nabla-table td,.nabla-table th{white-space:nowrap;line-height:1.35}"),
      (
        "nb-f",
        ".nabla-table .nb-f{font-family:\(formulaFonts);font-size:1.1em;font-weight:normal;"
          + "line-height:1;white-space:nowrap}"
      ),
      (nil, ".nabla-table sub,.nabla-table sup{font-size:0.7em;line-height:1}"),
      (
        "nb-s",
        ".nabla-table .nb-s{display:inline-flex;flex-direction:column-reverse;vertical-align:middle;"
          + "text-align:left;line-height:1;padding-left:0.06em}"
          + ".nabla-table .nb-s sub,.nabla-table .nb-s sup{position:static;vertical-align:baseline;"
          + "line-height:1.05}"
      ),
      (
        "nb-m",
        ".nabla-table .nb-m{font-size:0.75em;color:var(--jp-content-font-color2,inherit)}"
      ),
    ] + VerdictMark.allCases.map { (className($0), verdict($0)) }

  /// The colours of a verdict.
  private static func verdict(_ mark: VerdictMark) -> String {
    let name = ".nabla-table .\(className(mark))"
    return "\(name){color:\(mark.colors.light)}"
      + "[data-jp-theme-light=\"false\"] \(name),.vscode-dark \(name){color:\(mark.colors.dark)}"
  }

  /// What gives a verdict its colour where styles are trusted; elsewhere it has that of the text.
  static func className(_ mark: VerdictMark) -> String { "nb-\(mark.rawValue)" }

  static func text(_ alignment: ColumnAlignment) -> String {
    switch alignment {
    case .left: "text-align:left"
    case .center: "text-align:center"
    case .right, .decimal: "text-align:right"
    }
  }

  /// How close the cells of a table stand, so that all of its columns are seen on a projector.
  enum Density {
    case usual, close, closest
    /// As close as that, and texts go on in the next line.
    case wrapping

    /// By the characters that stand side by side and the number of columns.
    init(width: Int, columns: Int) {
      self =
        [Density.usual, .close, .closest].first {
          (Double(width) * 0.62 + Double(columns) * 2 * $0.padding) * $0.size <= Self.pageWidth
        } ?? .wrapping
    }

    /// What a page of a projector has room for, in sizes of the type.
    private static let pageWidth = 48.0

    /// On either side of a cell.
    private var padding: Double { self == .usual ? 0.8 : 0.4 }
    /// Of the type, as a part of what it is elsewhere.
    private var size: Double { self == .closest || self == .wrapping ? 0.85 : 1 }

    var cellPadding: String { "padding:0.25em \(padding)em" }
    /// What a table's style says of it.
    var tableStyle: String { size == 1 ? "" : ";font-size:\(Int(size * 100))%" }
  }

  static let heavyRule = "2px solid"
  static let lightRule = "1px solid"
}

extension VerdictMark {
  /// Colours that stand out from a light page and from a dark one; the mark's form says the same.
  package var colors: (light: String, dark: String) {
    switch self {
    case .holds: ("#1a7f37", "#4ac26b")
    case .close: ("#8a6100", "#d9a514")
    case .fails: ("#c02a20", "#ff7b72")
    }
  }
}
