import Display

/// The names of a session at one moment, with what completion and inspection say of them.
package struct SymbolSnapshot: Sendable {
  package init() {}
}

/// Completion, inspection and `is_complete`: functions of a text and a snapshot, for the language thread.
///
/// All positions count Unicode scalars, as the wire protocol does; a position beyond the text is clamped.
package enum LanguageService {
  package struct Completion: Sendable {
    package struct Match: Sendable {
      package var text: String
      /// `function`, `variable`, `network`, `keyword`, `member`, `file`, `column`, `character`…
      package var type: String
      package var signature: String
    }
    package var matches: [Match]
    package var start: Int
    package var end: Int
  }

  package enum Completeness: Sendable, Equatable {
    case complete
    case incomplete(indent: String)
    case invalid
  }

  package static func complete(_ source: String, at position: Int, in snapshot: SymbolSnapshot)
    -> Completion
  {
    Completion(matches: [], start: position, end: position)
  }

  /// The bundle that Shift-Tab shows, or nil when there is nothing to say. `detail` is 0 or 1.
  package static func inspect(
    _ source: String, at position: Int, detail: Int, in snapshot: SymbolSnapshot
  ) -> MIMEBundle? { nil }

  package static func isComplete(_ source: String) -> Completeness { .complete }
}
