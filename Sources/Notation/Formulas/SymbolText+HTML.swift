extension SymbolText {
  /// HTML that is valid XML: `<var>` for variables, `<sub>` and `<sup>` for scripts. Where both
  /// stand at one base they are wrapped in `<span class="nb-s">`, which `HTMLStyle` stacks.
  package var html: String {
    var result = ""
    writeHTML(to: &result)
    return result
  }

  package func writeHTML(to output: inout String) {
    switch onLine {
    case .words(let text): HTMLText.append(text, to: &output)
    case .variable(let name):
      let isLetter = name.utf8.count == 1 || name.count == 1
      output += isLetter ? "<var>" : "<span>"
      HTMLText.append(name, to: &output)
      output += isLetter ? "</var>" : "</span>"
    case .scripted(let base, let lower, let upper):
      base.writeHTML(to: &output)
      let isStacked = lower != nil && upper != nil
      if isStacked { output += "<span class=\"nb-s\">" }
      if let lower {
        output += "<sub>"
        lower.writeIndicesHTML(to: &output)
        output += "</sub>"
      }
      if let upper {
        output += "<sup>"
        upper.writeHTML(to: &output)
        output += "</sup>"
      }
      if isStacked { output += "</span>" }
    case .bold(let base):
      output += "<b>"
      base.writeHTML(to: &output)
      output += "</b>"
    case .sequence(let parts): for part in parts { part.writeHTML(to: &output) }
    default: break
    }
  }

  /// Words as indices, whose letters are variables.
  private func writeIndicesHTML(to output: inout String) {
    guard case .words(let text) = self, Self.isIndices(text) else {
      return writeHTML(to: &output)
    }
    guard text.utf8.contains(where: { $0 >= UInt8(ascii: "A") }) else {
      return HTMLText.append(text, to: &output)
    }
    for character in text {
      if character.isLetter {
        output += "<var>\(character)</var>"
      } else {
        HTMLText.append(String(character), to: &output)
      }
    }
  }
}
