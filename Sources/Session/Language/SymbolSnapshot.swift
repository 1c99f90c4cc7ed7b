import Display

/// The names of a session at one moment, with what completion and inspection say of them.
///
/// Made after every cell, so it only refers to values; what is shown of them is written when it is asked for.
package struct SymbolSnapshot: Sendable {
  /// A name that a cell has defined.
  package struct Symbol: Sendable {
    package var name: String
    /// `scalar`, `matrix`, `network`, `function`…
    package var kind: String
    /// One line: a signature, a shape, a number.
    package var summary: String
    /// The names after the dot, in order.
    package var members: [String]
    /// What `bundle` shows.
    var content: Content
  }

  enum Content: Sendable {
    case value(DisplayValue)
    case text(String)
    case network(SummaryRecord)
  }

  package var symbols: [Symbol]
  var settings: Settings

  package init() { self.init(symbols: [], settings: Settings()) }

  init(symbols: [Symbol], settings: Settings) {
    self.symbols = symbols
    self.settings = settings
  }

  package subscript(name: String) -> Symbol? { symbols.first { $0.name == name } }

  /// How a symbol's value is shown, large ones in part.
  func bundle(of symbol: Symbol) -> MIMEBundle {
    switch symbol.content {
    case .value(let value): value.bundle(numbers: settings.numberFormat)
    case .text(let text): MIMEBundle(plain: text)
    case .network(let summary): summary.render(settings)
    }
  }
}

extension Session {
  /// What completion, inspection and `is_complete` need to know now, in the order of the names.
  package var snapshot: SymbolSnapshot {
    SymbolSnapshot(
      symbols: memory.names.sorted().compactMap { name in
        guard let value = memory[name] else { return nil }
        return SymbolSnapshot.Symbol(
          name: name, kind: value.kindName, summary: summary(of: value),
          members: Members.names(of: value), content: content(of: value))
      }, settings: settings)
  }

  private func summary(of value: Value) -> String {
    switch value {
    case .scalar(let number): plain(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .string(let text): "\"\(text.prefix(60))\""
    case .function(.user(let function)): function.signature
    case .function(.builtIn(let builtIn)): builtIn.signature
    default: value.description
    }
  }

  private func content(of value: Value) -> SymbolSnapshot.Content {
    switch value {
    case .scalar, .boolean, .vector, .matrix: .value(displayValue(value))
    case .function(.user(let function)): .text(function.text)
    case .network(let network): .network(SummaryRecord(network))
    default: .text(value.description)
    }
  }
}
