import Notation

extension Explanation {
  /// The steps one inside the other in `<details>`, so that each click shows one more. In slides, where everything is
  /// open, each is a fragment that the next key shows.
  ///
  /// It needs no script, and what an untrusted notebook takes away is the look of slides alone. Formulas are set by
  /// the page's typesetter, as everywhere in HTML.
  package var revealingHTML: String {
    var html = "<style>\(Self.slideRules)</style><div class=\"nabla-explanation\">"
    for section in sections {
      if let title = shownTitle(section) {
        html += "<div class=\"fragment\">\(HTMLText.formulas(title))</div>"
      }
      let steps = section.revealed
      for (number, step) in steps.enumerated() {
        html += "<details class=\"nabla-step\" style=\"margin: 0.3em 0\">"
        html +=
          "<summary style=\"cursor: pointer\"><b>\(HTMLText.escaped(step.heading))</b></summary>"
        html += "<div class=\"fragment\"><div class=\"nabla-heading\" style=\"display: none\">"
        html += "<b>\(HTMLText.escaped(step.heading))</b></div>"
        html += "\(HTMLText.formulas(Self.formulas(step.lines)))</div>"
        if number + 1 == steps.count || number % Self.deepest == Self.deepest - 1 {
          html += String(repeating: "</details>", count: number % Self.deepest + 1)
        }
      }
    }
    html += notes.map { "<div>note: \(HTMLText.escaped($0))</div>" }.joined()
    return html + "</div>"
  }

  /// Browsers allow elements to stand in some hundreds of others.
  private static let deepest = 50

  /// In slides steps are open, without what is clicked.
  private static let slideRules = """
    @supports selector(details::details-content){\
    .reveal .nabla-step>summary{display:none}\
    .reveal .nabla-step .nabla-heading{display:block!important}\
    .reveal .nabla-step::details-content{content-visibility:visible;block-size:auto}}
    """
}

extension Explanation.Section {
  /// What one click shows: a step; the lines one by one where there is one step alone.
  fileprivate var revealed: [(heading: String, lines: [Explanation.Line])] {
    let steps = steps
    let named = steps.enumerated().map { number, step in
      (heading: "\(number + 1). \(Explanation.heading(step.name))", lines: step.lines)
    }
    guard steps.count == 1, steps[0].lines.count > 1 else { return named }
    return steps[0].lines.enumerated().map { number, line in
      (heading: "\(Explanation.heading(line.step)), line \(number + 1)", lines: [line])
    }
  }
}
