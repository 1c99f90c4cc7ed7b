import Display
import Syntax

/// The words that a session lends the language: its functions and commands, and who explains and helps.
///
/// The language itself names none of them; `Session` joins the lists, and a test may add its own.
package final class Vocabulary: Sendable {
  /// Explains an expression, with the options behind it: `explain f(2), form = scalar`.
  package typealias Explaining =
    @Sendable (Interpreter, ExpressionSyntax, [ArgumentSyntax], Scope) throws(Diagnostic) -> Value
  /// The help page of a name, a word or a sign; of nil the list of all names. Returns nil for what is unknown.
  package typealias Helping = @Sendable (String?, SymbolSnapshot) -> MIMEBundle?

  /// In the order of the reference.
  package let builtIns: [BuiltIn]
  /// All names and twins, for completion and for "did you mean".
  package let names: [String]
  package let explain: Explaining?
  package let help: Helping?
  private let byName: [String: BuiltIn]

  package init(_ builtIns: [BuiltIn], explain: Explaining? = nil, help: Helping? = nil) {
    self.builtIns = builtIns
    self.explain = explain
    self.help = help
    byName = Dictionary(
      builtIns.flatMap { builtIn in ([builtIn.name] + builtIn.aliases).map { ($0, builtIn) } },
      uniquingKeysWith: { first, _ in first })
    names = byName.keys.sorted()
  }

  /// These words and more.
  package func adding(_ more: [BuiltIn]) -> Vocabulary {
    Vocabulary(builtIns + more, explain: explain, help: help)
  }

  package func builtIn(named name: String) -> BuiltIn? { byName[name] }
}
