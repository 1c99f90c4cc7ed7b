import Notation

/// How far something is that takes a while: a bar, what it is, and some facts.
package struct ProgressView {
  private let title: String
  /// From 0 to 1.
  private let share: Double
  private let facts: [String]

  package init(title: String, share: Double, facts: [String]) {
    self.title = title
    self.share = share
    self.facts = facts
  }

  private var percent: String { "\(Int(share * 100)) %" }

  /// `Training N: epoch 42 of 100`, and below it `[========            ] 42 %  loss 0.1, 3.5 s left`.
  package var text: String {
    let filled = Int(share * 20)
    let bar =
      String(repeating: "=", count: filled) + String(repeating: " ", count: 20 - filled)
    return "\(title)\n[\(bar)] \(percent)  \(facts.joined(separator: ", "))"
  }

  /// With literal inline styles, and grey that is seen on white and black.
  package var html: String {
    let width = Int((share * 1000).rounded())
    let numbers = "font-variant-numeric:tabular-nums;"
    return """
      <div style="max-width:640px;\(numbers)"><div>\(HTMLText.escaped(title))</div>\
      <div style="background:rgba(128,128,128,0.3);border-radius:4px;height:8px;margin:4px 0;">\
      <div style="background:#3b78c4;border-radius:4px;height:8px;width:\(width / 10).\(width % 10)%;">\
      </div></div><div>\(percent) · \(HTMLText.escaped(facts.joined(separator: " · ")))</div></div>
      """
  }

  /// With pictures below it, each as SVG and in words.
  package func bundle(_ pictures: [(svg: String, text: String)] = []) -> MIMEBundle {
    var bundle = MIMEBundle(plain: ([text] + pictures.map(\.text)).joined(separator: "\n\n"))
    // As wide as there is room for, next to each other.
    let shown = pictures.map {
      "<div style=\"flex:1 1 300px;max-width:520px;\">"
        + "<svg style=\"max-width:100%;height:auto;\"\($0.svg.dropFirst(4))</div>"
    }
    let row =
      shown.isEmpty
      ? ""
      : "<div style=\"display:flex;flex-wrap:wrap;gap:8px;\">\(shown.joined())</div>"
    bundle.data[MIMEType.html] = .string(html + row)
    return bundle
  }
}
