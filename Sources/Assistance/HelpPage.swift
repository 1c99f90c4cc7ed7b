import Display
import Language
import Networks
import Notation
import Syntax

/// What `help(name)`, `name?` and Shift-Tab say of a name.
package struct HelpPage {
  /// The name, or how it is called.
  var title: String
  /// `network`, `activation`, `argument`…
  package var kind: String
  /// One sentence.
  package var summary: String
  /// What it computes, in input notation.
  package var formula: String?
  package var parameters: [(name: String, text: String)] = []
  /// What a call gives.
  package var result: String?
  /// The names after the dot.
  package var members: [String] = []
  /// The columns of its table.
  package var columns: [String] = []
  package var example: String?
  /// How the value is shown.
  package var preview: MIMEBundle?

  /// A line with its label: text to read, or code to type.
  private enum Line {
    case words(String, String)
    case code(String, String)
  }

  private var linesBeforePreview: [Line] {
    var lines: [Line] = []
    if let result { lines.append(.words("gives", result)) }
    if !members.isEmpty {
      lines.append(.code("members", members.map { ".\($0)" }.joined(separator: " ")))
    }
    if !columns.isEmpty { lines.append(.code("columns", columns.joined(separator: ", "))) }
    return lines
  }

  private var previewText: String? {
    guard let text = preview?.data[MIMEType.plain]?.stringValue, text != summary else { return nil }
    return text
  }

  /// How many lines of a value a tooltip has room for.
  private static let tooltipLines = 14

  private func plain(isDetailed: Bool) -> String {
    var lines = ["\(title) — \(kind)", "  \(summary)"]
    if let formula { lines.append("  formula: \(formula)") }
    let width = parameters.map(\.name.count).max() ?? 0
    for parameter in parameters {
      let padding = String(repeating: " ", count: width - parameter.name.count)
      lines.append("  \(parameter.name)\(padding)  \(parameter.text)")
    }
    for case .words(let label, let text) in linesBeforePreview {
      lines.append("  \(label): \(text)")
    }
    for case .code(let label, let text) in linesBeforePreview {
      lines.append("  \(label): \(text)")
    }
    if let previewText {
      let all = previewText.split(separator: "\n", omittingEmptySubsequences: false)
      let shown = isDetailed ? all[...] : all.prefix(Self.tooltipLines)
      lines += shown.map { "  \($0)" }
      if shown.count < all.count { lines.append("  … \(all.count - shown.count) more lines") }
    }
    if let example { lines.append("  example: \(example)") }
    return lines.joined(separator: "\n")
  }

  private var html: String {
    func code(_ text: String) -> String { "<code>\(HTMLText.escaped(text))</code>" }
    func lines(_ text: String) -> String { "<pre>\(HTMLText.escapedLines(text))</pre>" }
    var html = "<div class=\"nabla-help\"><p><b>\(code(title))</b> "
    html += "<i>\(HTMLText.escaped(kind))</i><br/>\(HTMLText.escaped(summary))</p>"
    if let formula {
      html += formula.contains("\n") ? lines(formula) : "<p>\(code(formula))</p>"
    }
    if !parameters.isEmpty {
      let rows = parameters.map { parameter in
        "<tr><td style=\"text-align: left\">\(code(parameter.name))</td>"
          + "<td style=\"text-align: left\">\(HTMLText.escaped(parameter.text))</td></tr>"
      }
      html += "<table>\(rows.joined())</table>"
    }
    for line in linesBeforePreview {
      switch line {
      case .words(let label, let text): html += "<p>\(label): \(HTMLText.escaped(text))</p>"
      case .code(let label, let text): html += "<p>\(label): \(code(text))</p>"
      }
    }
    if let rich = preview?.data[MIMEType.html]?.stringValue {
      html += rich
    } else if let previewText {
      html += lines(previewText)
    }
    if let example { html += "<p>example: \(code(example))</p>" }
    return html + "</div>"
  }

  /// `isDetailed` leaves nothing out; a tooltip has room for less.
  package func bundle(isDetailed: Bool = true) -> MIMEBundle {
    MIMEBundle(data: [
      MIMEType.plain: .string(plain(isDetailed: isDetailed)), MIMEType.html: .string(html),
    ])
  }

  /// Pages below each other; nil for none.
  static func bundle(_ pages: [HelpPage]) -> MIMEBundle? {
    guard !pages.isEmpty else { return nil }
    let plain = pages.map { $0.plain(isDetailed: true) }.joined(separator: "\n\n")
    return MIMEBundle(data: [
      MIMEType.plain: .string(plain), MIMEType.html: .string(pages.map(\.html).joined()),
    ])
  }

  /// Everything that there is, group by group, a line each.
  static func overview(_ vocabulary: Vocabulary) -> MIMEBundle {
    let groups = groups(vocabulary).filter { !$0.entries.isEmpty }
    let width = groups.flatMap(\.entries).map(\.name.count).max() ?? 0
    let plain = groups.map { group in
      let lines = group.entries.map { name, summary in
        "  \(name)\(String(repeating: " ", count: width - name.count))  \(summary)"
      }
      return ([group.title] + lines).joined(separator: "\n")
    }
    let html = groups.map { group in
      let rows = group.entries.map { name, summary in
        "<tr><td style=\"text-align: left\"><code>\(HTMLText.escaped(name))</code></td>"
          + "<td style=\"text-align: left\">\(HTMLText.escaped(summary))</td></tr>"
      }
      return "<p><b>\(HTMLText.escaped(group.title))</b></p><table>\(rows.joined())</table>"
    }
    return MIMEBundle(data: [
      MIMEType.plain: .string(
        plain.joined(separator: "\n") + "\nhelp(name) tells more of each"),
      MIMEType.html: .string(html.joined() + "<p><code>help(name)</code> tells more of each</p>"),
    ])
  }

  private typealias Group = (title: String, entries: [(name: String, summary: String)])

  private static func groups(_ vocabulary: Vocabulary) -> [Group] {
    let (catalog, layers) = (vocabulary.catalog, Set(vocabulary.catalog.layers.map(\.name)))
    let keywords = vocabulary.keywords { _ in true }
    func words(_ isWanted: (Vocabulary.KeywordEntry) -> Bool) -> [(name: String, summary: String)] {
      keywords.filter(isWanted).map { ($0.name, $0.summary) }
    }
    func isOnlyInBlocks(_ entry: Vocabulary.KeywordEntry) -> Bool {
      Keyword(rawValue: entry.name)?.isOnlyInBlocks == true
    }
    var groups: [Group] = [
      ("statements and words", words { !isOnlyInBlocks($0) && !layers.contains($0.name) })
    ]
    groups += BuiltIn.Group.allCases.map { group in
      let members = vocabulary.builtIns.filter { $0.group == group }
      return (group.rawValue, members.map { ($0.name, $0.summary) })
    }
    groups.append(("lines of a network", words { isOnlyInBlocks($0) || layers.contains($0.name) }))
    for type in ["loss", "initializer"] {
      let entries = catalog.layerWords.filter { $0.type == type }
      groups.append(("\(type) of a network", entries.map { ($0.name, $0.summary) }))
    }
    return groups + [
      ("optimizers", catalog.optimizers.map { ($0.name, $0.formula) }),
      ("datasets", catalog.datasets.map { ($0.name, $0.summary) }),
      ("settings", Settings.names.map { ($0, Settings.meaning(of: $0)) }),
      ("constants", Constants.all.map { ($0.name, $0.summary) }),
      (
        "operators, tightest first",
        OperatorEntry.all.filter { !$0.symbol.isEmpty }.map { ($0.symbol, $0.summary) }
      ),
    ]
  }
}
