import Display
import Language
import Notation

/// A value as a page of its own, in LaTeX or HTML.
enum Page {
  /// A document that LaTeX sets by itself, from top to bottom.
  static func latex(_ parts: [MIMEBundle]) -> String {
    let body = parts.map { part in
      let plain = part.data[MIMEType.plain]?.stringValue ?? ""
      return part.data[MIMEType.latex]?.stringValue
        ?? "\\begin{verbatim}\n\(plain)\n\\end{verbatim}"
    }
    return """
      \\documentclass{article}
      \\usepackage[a4paper,margin=2cm]{geometry}
      \\usepackage{amsmath,amssymb,booktabs,longtable,array}
      \\usepackage{iftex}
      \\ifPDFTeX\\usepackage[T1]{fontenc}\\usepackage[utf8]{inputenc}\\else\\usepackage{fontspec}\\fi
      \\allowdisplaybreaks
      \\setlength{\\parindent}{0pt}
      \\begin{document}
      \(body.joined(separator: "\n\n"))
      \\end{document}

      """
  }

  /// A page that needs nothing but itself: tables and pictures as they are shown, formulas as text.
  static func html(_ parts: [MIMEBundle], title: String) -> String {
    let body = parts.map { part in
      let text = HTMLText.escapedLines(part.data[MIMEType.plain]?.stringValue ?? "")
      return part.data[MIMEType.svg]?.stringValue ?? part.data[MIMEType.html]?.stringValue
        ?? "<pre>\(text)</pre>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(HTMLText.escaped(title))</title>
      <style>
      :root { color-scheme: light dark }
      body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
      pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; line-height: 1.5; overflow-x: auto }
      </style>
      </head>
      <body>
      \(body.joined(separator: "\n"))
      </body>
      </html>

      """
  }
}
