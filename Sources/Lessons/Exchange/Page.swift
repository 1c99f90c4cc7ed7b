import Display
import Language
import Notation

/// A value as a page of its own, in LaTeX or HTML.
enum Page {
  /// A document that LaTeX sets by itself.
  static func latex(_ bundle: MIMEBundle) -> String {
    let body = bundle.data[MIMEType.latex]?.stringValue
    let plain = bundle.data[MIMEType.plain]?.stringValue ?? ""
    return """
      \\documentclass{article}
      \\usepackage[a4paper,margin=2cm]{geometry}
      \\usepackage{amsmath,amssymb,booktabs,longtable,array}
      \\usepackage{iftex}
      \\ifPDFTeX\\usepackage[T1]{fontenc}\\usepackage[utf8]{inputenc}\\else\\usepackage{fontspec}\\fi
      \\allowdisplaybreaks
      \\setlength{\\parindent}{0pt}
      \\begin{document}
      \(body ?? "\\begin{verbatim}\n\(plain)\n\\end{verbatim}")
      \\end{document}

      """
  }

  /// A page that needs nothing but itself: tables and pictures as they are shown, formulas as text.
  static func html(_ bundle: MIMEBundle, title: String) -> String {
    let text = HTMLText.escapedLines(bundle.data[MIMEType.plain]?.stringValue ?? "")
    let body =
      bundle.data[MIMEType.svg]?.stringValue ?? bundle.data[MIMEType.html]?.stringValue
      ?? "<pre>\(text)</pre>"
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
      \(body)
      </body>
      </html>

      """
  }
}
