import Networks
import Syntax

/// The names of a namespace at one moment, with what completion, inspection and the variable panel say of them.
///
/// It only holds values; what is said of them is worked out when it is asked for, by whichever thread asks.
package struct SymbolSnapshot: Sendable {
  /// A name that a cell has defined.
  package struct Symbol: Sendable {
    package let name: String
    package let shared: SharedValue
    fileprivate let networks: [NetworkIdentity: NetworkState]

    /// `scalar`, `matrix`, `network`, `function`…
    package var kind: String {
      if case .network = shared { "network" } else { outline.kindName }
    }

    /// One line: a signature, a shape, a number.
    package var summary: String {
      switch shared {
      case .network(let identity): "the network \(networks[identity]?.name ?? name)"
      default: outline.summary
      }
    }

    /// The names after the dot, in order.
    package var members: [String] {
      if case .network(let identity) = shared {
        Members.names(of: networks[identity]?.layers ?? [])
      } else {
        Members.names(of: outline)
      }
    }

    /// The parameters of a function of one's own.
    package var parameters: [ParameterSyntax]? {
      if case .function(.user(let function)) = shared { function.syntax.parameters } else { nil }
    }

    /// The value, but for the networks in it, whose making would take time.
    private var outline: Value { shared.value { _ in nil } }

    /// The value itself, with networks of its own.
    package var value: Value {
      shared.value { identity in
        networks[identity].map { Network($0, identity: identity) }
      }
    }
  }

  /// What may begin a line of a network.
  package var layerWords: [LayerWord] {
    vocabulary.layerWords
      + symbols.compactMap { symbol in
        if let parameters = symbol.parameters {
          return parameters.count == 1 ? .activation(symbol.name) : nil
        }
        return symbol.kind == "layer" ? symbol.value.layer?.syntax.word : nil
      }
  }

  /// In the order of their names.
  package let symbols: [Symbol]
  package let settings: Settings
  /// The functions and commands that there are besides.
  package let vocabulary: Vocabulary

  package init(_ vocabulary: Vocabulary) {
    self.init(names: [], networks: [:], settings: Settings(), vocabulary: vocabulary)
  }

  package init(
    names: [(name: String, value: SharedValue)], networks: [NetworkIdentity: NetworkState],
    settings: Settings, vocabulary: Vocabulary
  ) {
    self.vocabulary = vocabulary
    symbols = names.sorted { $0.name < $1.name }.map {
      Symbol(name: $0.name, shared: $0.value, networks: networks)
    }
    self.settings = settings
  }

  package subscript(name: String) -> Symbol? { symbols.first { $0.name == name } }

  /// The value of a name, or of a member of a member…: `u.new`.
  package func value(_ path: [String]) -> Value? {
    guard let name = path.first, let symbol = self[name] else { return nil }
    var value = symbol.value
    for name in path.dropFirst() {
      guard let member = Members.member(name, of: value) else { return nil }
      value = member
    }
    return value
  }
}

extension Interpreter {
  /// The names that this session shares, after its last statement.
  package var snapshot: SymbolSnapshot { namespace.snapshot }
}

extension Value {
  package var memberNames: [String] { Members.names(of: self) }

  /// The names of the columns of its table; nil for what has none.
  package var columnNames: [String]? {
    switch self {
    case .record(let record): record.columnNames
    case .dataset(let dataset): DatasetRecord(dataset).columnNames
    default: nil
    }
  }

  /// One line for lists of names: a signature, a shape, a number.
  package var summary: String {
    switch self {
    case .scalar(let number): Interpreter.plain(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .string(let text): "\"\(text.prefix(60))\""
    case .function(let function): function.summary
    default: description
    }
  }
}
