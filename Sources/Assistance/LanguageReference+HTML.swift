import Display
import Language

/// The reference as a page of HTML, which front ends open from their Help menu.
extension LanguageReference {
  /// The name of its file among those of the kernelspec, which Jupyter's server serves.
  package static let fileName = "reference.html"

  /// All names with a line each, then the pages of functions, commands and words one below the other.
  package static func html(_ snapshot: SymbolSnapshot) -> String {
    let vocabulary = snapshot.vocabulary
    let names = vocabulary.builtIns.map(\.name) + vocabulary.keywords { _ in true }.map(\.name)
    var seen: Set<String> = []
    let pages = ([nil] + names.filter { seen.insert($0).inserted }).map { name in
      LanguageService.help(name, in: snapshot)?.data[MIMEType.html]?.stringValue ?? ""
    }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Nabla: the language</title><style>
      body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
      :root { color-scheme: light dark }
      td { padding: 0 1em 0 0; vertical-align: top }
      .nabla-help { border-top: 1px solid; margin-top: 1em }
      </style></head><body><h1>Nabla: the language</h1>
      \(pages.joined(separator: "\n"))
      </body></html>

      """
  }
}
