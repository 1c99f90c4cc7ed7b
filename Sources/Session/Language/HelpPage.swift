import Display
import Syntax

/// What `help(name)`, `name?` and Shift-Tab say of a name.
struct HelpPage {
  var title: String
  var kind: String
  var summary: String
  var formula: String?
  var parameters: [(name: String, text: String)]
  /// The names after the dot.
  var members: [String]
  var example: String?
  /// How the value is shown.
  var preview: MIMEBundle?

  /// The page of a session's name, a built-in or a constant; nil for unknown names.
  static func page(for name: String, in snapshot: SymbolSnapshot) -> HelpPage? {
    if let symbol = snapshot[name] {
      return HelpPage(
        title: symbol.kind == "function" ? symbol.summary : symbol.name, kind: symbol.kind,
        summary: symbol.summary, formula: nil,
        parameters: [],
        members: symbol.members, example: nil, preview: snapshot.bundle(of: symbol))
    }
    if let builtIn = BuiltInRegistry.builtIn(named: name) {
      return HelpPage(
        title: builtIn.signature, kind: builtIn.group.rawValue, summary: builtIn.summary,
        formula: builtIn.formula, parameters: builtIn.parameters.map { ($0.name, $0.text) },
        members: [], example: builtIn.example, preview: nil)
    }
    if let constant = Constants.all.first(where: { $0.name == name }) {
      return HelpPage(
        title: constant.name, kind: "constant", summary: constant.summary, formula: nil,
        parameters: [], members: [], example: nil, preview: MIMEBundle(plain: "\(constant.value)"))
    }
    return nil
  }

  /// All functions and commands, group by group.
  static var overview: MIMEBundle {
    let groups = BuiltIn.Group.allCases.map { group in
      let names = BuiltInRegistry.all.filter { $0.group == group }.map(\.name)
      return (title: group.rawValue, names: names.joined(separator: ", "))
    }
    let plain = groups.map { "\($0.title)\n  \($0.names)" }.joined(separator: "\n")
    let html = groups.map {
      "<p><b>\(HTMLText.escaped($0.title))</b><br/><code>\(HTMLText.escaped($0.names))</code></p>"
    }
    return MIMEBundle(data: [
      MIMEType.plain: .string(plain + "\nhelp(name) tells more of each"),
      MIMEType.html: .string(html.joined() + "<p><code>help(name)</code> tells more of each</p>"),
    ])
  }

  private var memberText: String { members.map { ".\($0)" }.joined(separator: " ") }

  var plain: String {
    var lines = [title, "  \(summary)"]
    if let formula { lines.append("  formula: \(formula)") }
    let width = parameters.map(\.name.count).max() ?? 0
    for parameter in parameters {
      let padding = String(repeating: " ", count: width - parameter.name.count)
      lines.append("  \(parameter.name)\(padding)  \(parameter.text)")
    }
    if !members.isEmpty { lines.append("  members: \(memberText)") }
    if let text = preview?.data[MIMEType.plain]?.stringValue, text != summary {
      lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    }
    if let example { lines.append("  example: \(example)") }
    return lines.joined(separator: "\n")
  }

  var bundle: MIMEBundle {
    var html = "<div class=\"nabla-help\"><p><b><code>\(HTMLText.escaped(title))</code></b> "
    html += "<i>\(HTMLText.escaped(kind))</i><br/>\(HTMLText.escaped(summary))</p>"
    if let formula { html += "<p><code>\(HTMLText.escaped(formula))</code></p>" }
    if !parameters.isEmpty {
      let rows = parameters.map { parameter in
        "<tr><td style=\"text-align: left\"><code>\(HTMLText.escaped(parameter.name))</code></td>"
          + "<td style=\"text-align: left\">\(HTMLText.escaped(parameter.text))</td></tr>"
      }
      html += "<table>\(rows.joined())</table>"
    }
    if !members.isEmpty {
      html += "<p>members: <code>\(HTMLText.escaped(memberText))</code></p>"
    }
    if let rich = preview?.data[MIMEType.html]?.stringValue {
      html += rich
    } else if let text = preview?.data[MIMEType.plain]?.stringValue, text != summary {
      html += "<pre>\(HTMLText.escaped(text))</pre>"
    }
    if let example { html += "<p>example: <code>\(HTMLText.escaped(example))</code></p>" }
    html += "</div>"
    return MIMEBundle(data: [MIMEType.plain: .string(plain), MIMEType.html: .string(html)])
  }
}

extension BuiltIn.Parameter {
  /// What an argument may be, in a few words.
  package var text: String {
    let kindText =
      switch kind {
      case .any: "a value"
      case .scalar: "a number"
      case .whole(let least): "a whole number from \(least)"
      case .wholeOrWord(let least, let word): "a whole number from \(least), or \(word)"
      case .numbers: "a number, vector or matrix"
      case .examples: "a vector for one example, a matrix with one example a row, or a dataset"
      case .targets: "the targets, one example a row; left out when X is a dataset"
      case .vector: "a vector"
      case .matrix: "a matrix"
      case .text: "a text"
      case .boolean: "true or false"
      case .network: "a network"
      case .word(let words): words.joined(separator: " | ")
      case .expression: "an expression"
      }
    var text = kindText
    if let defaultText, !defaultText.isEmpty { text += "; default \(defaultText)" }
    if !aliases.isEmpty { text += "; also \(aliases.joined(separator: ", "))" }
    return text
  }
}

extension Session {
  /// Shows a name's page in the pager.
  func showHelp(_ name: String, _ span: SourceSpan) throws(Diagnostic) {
    guard let page = HelpPage.page(for: name, in: snapshot) else {
      throw unknownName(name, span, .global)
    }
    host?.emit(.page(page.bundle))
  }
}
