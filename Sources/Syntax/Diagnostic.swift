/// A mistake that is reported to the user, in the manner of LANGUAGE.md §8.
///
/// One line of message, the source line with a caret and a remark under it, and a line of help.
package struct Diagnostic: Error, Sendable, Equatable {
  /// The names that errors have in the language.
  package enum Name: String, Sendable, CaseIterable {
    case syntax = "SyntaxError"
    case name = "NameError"
    case shape = "ShapeError"
    case type = "TypeError"
    case value = "ValueError"
    case domain = "DomainError"
    case gradient = "GradientError"
    case file = "FileError"
    case limit = "LimitError"
    case interrupt = "InterruptError"
  }

  package var name: Name
  /// One line, beginning with what is wrong: "W of layer 3 is 3×1, but layer 2 gives it 2 values".
  package var message: String
  /// Where; nil when there is no place in the source.
  package var span: SourceSpan?
  /// The remark beside the carets: "3 rows, so it expects 3 inputs".
  package var label: String
  /// What the user can do about it, or nil.
  package var help: String?

  package init(
    _ name: Name, _ message: String, at span: SourceSpan? = nil, label: String = "",
    help: String? = nil
  ) {
    self.name = name
    self.message = message
    self.span = span
    self.label = label
    self.help = help
  }
}
