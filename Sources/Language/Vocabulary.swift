import Display
import Networks
import Syntax

/// The words that a session lends the language: its functions and commands, what networks are made of, and who
/// explains and helps.
///
/// The language itself names none of them; `Session` joins the lists, and a test may add its own.
package final class Vocabulary: Sendable {
  /// Explains an expression, with the options behind it: `explain f(2), form = scalar`.
  package typealias Explaining =
    @Sendable (Interpreter, ExpressionSyntax, [ArgumentSyntax], Scope) throws(Diagnostic) -> Value
  /// Judges the lines of an audit.
  package typealias Auditing =
    @Sendable (Interpreter, AuditSyntax, SourceSpan, Scope) throws(Diagnostic) -> Value
  /// The help page of a name, a word or a sign; of nil the list of all names. Returns nil for what is unknown.
  package typealias Helping = @Sendable (String?, SymbolSnapshot) -> MIMEBundle?

  /// What networks can be made of and trained with.
  package let catalog: NetworkCatalog
  /// The same layers, as the parser needs to know them.
  package let layerWords: [LayerWord]
  /// In the order of the reference.
  package let builtIns: [BuiltIn]
  /// All names and twins, for completion and for "did you mean".
  package let names: [String]
  package let explain: Explaining?
  package let audit: Auditing?
  package let help: Helping?
  private let byName: [String: BuiltIn]

  package init(
    _ builtIns: [BuiltIn], catalog: NetworkCatalog = .standard,
    explain: Explaining? = nil, audit: Auditing? = nil, help: Helping? = nil
  ) {
    self.catalog = catalog
    layerWords =
      catalog.layers.flatMap(LayerWord.words)
      + NamedLayers.words.filter { catalog.layers[$0.name] == nil }
      + catalog.activations.flatMap(\.names).map { LayerWord.activation($0) }
    self.builtIns = builtIns
    self.explain = explain
    self.audit = audit
    self.help = help
    byName = Dictionary(
      builtIns.flatMap { builtIn in ([builtIn.name] + builtIn.aliases).map { ($0, builtIn) } },
      uniquingKeysWith: { first, _ in first })
    names = byName.keys.sorted()
  }

  /// These words and more.
  package func adding(_ more: [BuiltIn]) -> Vocabulary {
    Vocabulary(
      builtIns + more, catalog: catalog, explain: explain, audit: audit, help: help)
  }

  /// The layers that are written in the language.
  package var namedLayers: [UserLayer] {
    NamedLayers.all.filter { catalog.layers[$0.name] == nil }
  }

  /// Those of one name; the others need not be read for that.
  package func namedLayers(_ name: String) -> [UserLayer] {
    NamedLayers.words.contains { $0.name == name } ? namedLayers.filter { $0.name == name } : []
  }

  /// The names that records of networks have for something of their own, beside what layers have.
  package var reservedQuantities: Set<String> {
    let records = builtIns.filter {
      $0.group == .network && $0.parameters.first?.kind == .network
    }.map(\.result)
    let taken = Set(records.flatMap { $0.members + $0.columns } + Members.ofNetworks)
    return taken.subtracting(Members.ofDense)
  }

  package func builtIn(named name: String) -> BuiltIn? { byName[name] }
}

extension LayerWord {
  /// A kind of layer under each of its names.
  fileprivate static func words(_ kind: LayerKind) -> [LayerWord] {
    kind.names.map { name in
      LayerWord(
        name: name, usage: kind.usage, form: kind.form,
        positions: kind.positional.map { "the \($0.name)" },
        required: kind.positional.count(where: \.isRequired),
        options: kind.keywords.map(\.usage))
    }
  }
}
