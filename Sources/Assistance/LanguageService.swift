import Display
import Language
import Syntax

/// Completion, inspection and `is_complete`: functions of a text and a snapshot, for the language thread.
///
/// All positions count Unicode scalars, as the wire protocol does; a position beyond the text is clamped.
package enum LanguageService {
  package enum Completeness: Sendable, Equatable {
    case complete
    case incomplete(indent: String)
    case invalid
  }

  /// What can stand at a position of a text.
  package static func complete(_ source: String, at position: Int, in snapshot: SymbolSnapshot)
    -> Completion
  {
    Completion(CodePosition(source, at: position), in: snapshot)
  }

  /// The bundle that Shift-Tab shows, or nil when there is nothing to say. `detail` is 0 or 1.
  package static func inspect(
    _ source: String, at position: Int, detail: Int, in snapshot: SymbolSnapshot
  ) -> MIMEBundle? {
    HelpPage.page(at: CodePosition(source, at: position), in: snapshot)?.bundle(
      isDetailed: detail > 0)
  }

  /// The page of a name, a word or a sign, nil when nothing is known of it; of no name the list of all.
  package static func help(_ name: String?, in snapshot: SymbolSnapshot) -> MIMEBundle? {
    guard let name else { return HelpPage.overview(snapshot.vocabulary) }
    return HelpPage.bundle(HelpPage.pages(for: name, in: snapshot))
  }

  /// Whether a text can be run as it is, lacks an ending, or is wrong.
  package static func isComplete(_ source: String, in snapshot: SymbolSnapshot) -> Completeness {
    let program = Parser.parse(SourceText(source), layers: snapshot.layerWords)
    if program.isIncomplete { return .incomplete(indent: program.indentation) }
    return program.diagnostics.isEmpty ? .complete : .invalid
  }

  /// A mistake in a text that is being typed.
  package struct Finding: Sendable {
    package var diagnostic: Diagnostic
    package var start: Int
    package var end: Int
  }

  /// The mistakes of a text that can be seen without running it.
  package static func findings(_ source: String, in snapshot: SymbolSnapshot) -> [Finding] {
    let text = SourceText(source)
    return Parser.parse(text, layers: snapshot.layerWords).diagnostics.map { diagnostic in
      let span = diagnostic.span ?? SourceSpan(0, 0)
      return Finding(
        diagnostic: diagnostic, start: text.scalar(ofOffset: span.start),
        end: text.scalar(ofOffset: span.end))
    }
  }

  /// A text laid out.
  ///
  /// Throws: the first mistake of a text that cannot be read.
  package static func formatted(_ source: String, in snapshot: SymbolSnapshot) throws(Diagnostic)
    -> String
  {
    try SourceFormatter.formatted(source, layers: snapshot.layerWords)
  }
}
