import Language
import Networks
import Syntax

/// The reference of the language, written from the registries; `reference.md` beside the sources is its text.
package enum LanguageReference {
  package static func markdown(_ vocabulary: Vocabulary) -> String {
    var parts = [
      """
      # Language reference

      Every function, command, keyword and word of the language, as the registries of the kernel hold them.
      What the language means where its description is silent stands in `decisions.md`.
      """
    ]
    for group in BuiltIn.Group.allCases {
      let builtIns = vocabulary.builtIns.filter { $0.group == group }
      guard !builtIns.isEmpty else { continue }
      parts.append("## \(group.rawValue.prefix(1).uppercased() + group.rawValue.dropFirst())")
      parts += builtIns.map(section)
    }
    parts.append("## Words in a network block")
    parts.append(
      table(
        ["word", "kind", "meaning"],
        vocabulary.catalog.layerWords.map { [code($0.name), $0.type, $0.summary] }))
    parts.append("## Optimizers")
    parts.append(
      table(
        ["name", "learning_rate", "update"],
        vocabulary.catalog.optimizers.map {
          [code($0.name), Interpreter.plain($0.defaultLearningRate), $0.formula]
        }))
    parts.append("## Datasets")
    parts.append(
      table(
        ["name", "contents"], vocabulary.catalog.datasets.map { [code($0.name), $0.summary] }))
    parts.append("## Constants")
    parts.append(
      table(["name", "value"], Constants.all.map { [code($0.name), $0.summary] }))
    parts.append("## Keywords")
    parts.append(
      table(
        ["word", "meaning", "as in"],
        vocabulary.keywords { _ in true }.map {
          [code($0.name), $0.summary, code($0.usage)]
        }))
    parts.append("## Operators, tightest first")
    parts.append(
      table(
        ["sign", "also", "meaning", "as in"],
        OperatorEntry.all.map {
          [
            $0.symbol.isEmpty ? "(nothing)" : code($0.symbol),
            $0.alternatives.map(code).joined(separator: " "), escape($0.summary), code($0.usage),
          ]
        }))
    return parts.joined(separator: "\n\n") + "\n"
  }

  static func section(_ builtIn: BuiltIn) -> String {
    var lines = ["### `\(builtIn.signature)`", ""]
    let names =
      builtIn.aliases.isEmpty
      ? "" : " Also \(builtIn.aliases.map(code).joined(separator: ", "))."
    lines.append("\(builtIn.summary.prefix(1).uppercased() + builtIn.summary.dropFirst()).\(names)")
    if let formula = builtIn.formula { lines += ["", "Formula: \(code(formula))"] }
    lines += ["", "Gives \(escape(builtIn.result.text))."]
    if !builtIn.result.members.isEmpty {
      lines[lines.count - 1] +=
        " Members: \(builtIn.result.members.map { code(".\($0)") }.joined(separator: " "))."
    }
    if !builtIn.result.columns.isEmpty {
      lines[lines.count - 1] +=
        " Columns: \(builtIn.result.columns.map(code).joined(separator: ", "))."
    }
    if !builtIn.arguments.isEmpty {
      lines += [
        "", table(["argument", "is"], builtIn.arguments.map { [code($0.name), escape($0.text)] }),
      ]
    }
    lines += ["", "Example: \(code(builtIn.example))"]
    return lines.joined(separator: "\n")
  }

  private static func table(_ heads: [String], _ rows: [[String]]) -> String {
    let lines =
      [heads, heads.map { _ in "---" }] + rows
    return lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  private static func code(_ text: String) -> String { "`\(escape(text))`" }

  private static func escape(_ text: String) -> String {
    text.replacing("|", with: "\\|")
  }
}
