/// A laid-out vector as a line of HTML that the page breaks between entries.
enum HTMLVectorRenderer {
  static func append(_ layout: VectorLayout, to output: inout String) {
    output += "<span style=\"font-variant-numeric:tabular-nums lining-nums\">["
    for (place, entry) in layout.entries.enumerated() {
      output += place == 0 ? "" : " "
      output += "<span style=\"white-space:nowrap\">"
      if let entry { HTMLNumber.append(entry, to: &output) } else { output += "…" }
      output += "\(place + 1 < layout.entries.count ? "," : "]")</span>"
    }
    if layout.entries.isEmpty { output += "]" }
    output += "</span>"
    if let label = layout.label {
      output += " <span class=\"nb-m\" style=\"font-size:75%\">\(label)</span>"
    }
  }
}
