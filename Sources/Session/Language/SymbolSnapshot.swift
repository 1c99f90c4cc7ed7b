/// The names of a session at one moment, with what completion and inspection say of them.
package struct SymbolSnapshot: Sendable {
  /// A name that a cell has defined.
  package struct Symbol: Sendable {
    package var name: String
    /// `scalar`, `matrix`, `network`, `function`…
    package var kind: String
    /// One line: a signature, a shape, a number.
    package var summary: String
    /// A few lines that show the value.
    package var preview: String
    /// The names after the dot, each with one line.
    package var members: [(name: String, summary: String)]
  }

  package var symbols: [Symbol]

  package init(symbols: [Symbol] = []) { self.symbols = symbols }

  package subscript(name: String) -> Symbol? { symbols.first { $0.name == name } }
}

extension Session {
  /// What completion, inspection and `is_complete` need to know now, in the order of the names.
  package var snapshot: SymbolSnapshot {
    SymbolSnapshot(
      symbols: globals.sorted { $0.key < $1.key }.map { name, value in
        SymbolSnapshot.Symbol(
          name: name, kind: value.kindName, summary: summary(of: value),
          preview: preview(of: value),
          members: Members.names(of: value).map { member in
            (member, memberSummary(member, of: value))
          })
      })
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

  /// Enough of the value to recognise it; large values are not formatted whole.
  private func preview(of value: Value) -> String {
    switch value {
    case .function(.user(let function)): function.text
    case .vector(let entries) where entries.count > 50:
      plainText(.vector(Array(entries.prefix(10)))) + "\n… \(entries.count) entries"
    case .matrix(let matrix) where matrix.storage.count > 200: value.description
    case .scalar, .boolean, .vector, .matrix: plainText(value)
    default: value.description
    }
  }

  private func memberSummary(_ member: String, of value: Value) -> String {
    // Members of records are computed on demand; their kind alone would cost a computation each.
    switch value {
    case .network:
      ["W": "weights, one matrix a layer", "b": "biases, one vector a layer"][member] ?? ""
    default: ""
    }
  }
}
