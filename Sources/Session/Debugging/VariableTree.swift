import Display
import Language
import MatrixEngine
import Syntax

/// A value in a panel of variables, and what is in it.
package struct VariableNode: Sendable {
  /// An expression that gives the value: `net.W[1]`.
  package var name: String
  /// `float`, `bool`, `str`, or for what has no such type its kind and a preview.
  package var type: String
  /// The value on one line.
  package var value: String
  /// How many values are in it.
  package var childCount: Int
}

/// The values of a snapshot as a tree: networks with their layers, records with their members, matrices with
/// their rows, vectors with their entries.
package enum VariableTree {
  /// At most this many values of one are listed.
  package static let mostChildren = 500
  private static let previewLength = 60
  /// Arrays of more than two dimensions are written out up to so many entries.
  private static let mostPreviewed = 1000

  /// All names.
  package static func roots(of snapshot: SymbolSnapshot) -> [VariableNode] {
    snapshot.symbols.map { node($0.name, $0.value, snapshot.settings) }
  }

  /// What is in the value of an expression that a node named; nil when there is no such value.
  package static func children(of name: String, in snapshot: SymbolSnapshot) -> [VariableNode]? {
    guard let value = value(of: name, in: snapshot) else { return nil }
    return children(of: value, name).map { node($0.name, $0.value, snapshot.settings) }
  }

  /// The whole representation of the value of an expression that a node named.
  package static func bundle(of name: String, in snapshot: SymbolSnapshot) -> MIMEBundle? {
    value(of: name, in: snapshot)?.bundle(snapshot.settings)
  }

  // MARK: - Nodes

  private static func node(_ name: String, _ value: Value, _ settings: Settings) -> VariableNode {
    let text = oneLine(value, settings)
    var type = value.description
    for article in ["a ", "an ", "the "] where type.hasPrefix(article) {
      type.removeFirst(article.count)
      break
    }
    switch value {
    case .scalar: type = "float"
    case .boolean: type = "bool"
    case .string: type = "str"
    case .array: type += ": \(shortened(text))"
    case .function(.user(let function)): type = function.text
    case .function(.formula), .function(.unknown): type = shortened(text)
    case .network(let network):
      let sizes = [network.inputs] + network.layers.map(\.outputs)
      type = "network \(sizes.map(String.init).joined(separator: "-")), \(network.updates) updates"
    case .dataset(let dataset): type = DatasetRecord(dataset).outline
    case .nothing: type = text
    default: break
    }
    return VariableNode(
      name: name, type: type, value: text, childCount: children(of: value, name).count)
  }

  private static func oneLine(_ value: Value, _ settings: Settings) -> String {
    let format = settings.numberFormat
    switch value {
    // Not computed, or not there.
    case .nothing: return "—"
    case .scalar(let number): return Interpreter.plain(number)
    case .boolean(let flag): return flag ? "true" : "false"
    case .string(let text): return "\"\(text)\""
    case .array(let array) where array.rank == 1:
      return "[\(list(array.storage, format))]"
    case .array(let array) where array.rank == 2:
      let rows = (0..<min(array.rows, 20)).map { list(array.row($0), format) }
      return "[\(rows.joined(separator: "; "))\(array.rows > 20 ? "; …" : "")]"
    case .array(let array) where array.storage.count <= mostPreviewed:
      // As a cell writes it: [[1, 2; 3, 4], [5, 6; 7, 8]].
      let parts = (0..<min(array.rows, 20)).map { oneLine(Value(array.slice($0)), settings) }
      return "[\(parts.joined(separator: ", "))\(array.rows > 20 ? ", …" : "")]"
    case .function(.user(let function)): return function.text
    case .function(let function): return function.summary
    default: return value.description
    }
  }

  private static func list(_ numbers: some Collection<Double>, _ format: NumberFormat) -> String {
    let shown = numbers.prefix(20).map(format.text)
    return shown.joined(separator: ", ") + (numbers.count > 20 ? ", …" : "")
  }

  private static func shortened(_ text: String) -> String {
    text.count <= previewLength ? text : "\(text.prefix(previewLength - 1))…"
  }

  // MARK: - Children

  private static func children(of value: Value, _ name: String) -> [(name: String, value: Value)] {
    switch value {
    case .nothing, .scalar, .boolean, .string, .function, .expression: return []
    case .array(let array):
      let others = String(repeating: ",:", count: array.rank - 1)
      return (0..<min(array.rows, mostChildren)).map {
        ("\(name)[\($0 + 1)\(others)]", Value(array.slice($0)))
      }
    case .list(let list):
      return list.elements.prefix(mostChildren).enumerated().map {
        ("\(name)[\($0 + list.firstIndex)]", $1)
      }
    case .network, .dataset, .record:
      // The columns of a record's table are not members of its own.
      let names =
        if case .record(let record) = value { record.memberNames } else { value.memberNames }
      return names.flatMap { member -> [(name: String, value: Value)] in
        guard let inner = Members.member(member, of: value), !inner.isFunction else { return [] }
        let path = "\(name).\(member)"
        // Layer by layer, without a step in between.
        if case .list = inner { return children(of: inner, path) }
        return [(path, inner)]
      }
    }
  }

  /// The value of a path such as `net.W[1]` or `v[3]`; nothing else is evaluated.
  private static func value(of name: String, in snapshot: SymbolSnapshot) -> Value? {
    // A stopped pass has names that no cell can write: ∂L/∂W[1].
    let own = snapshot.symbols.filter { $0.name.contains("[") && name.hasPrefix($0.name) }
    guard let symbol = own.max(by: { $0.name.count < $1.name.count }) else {
      return value(of: name) { snapshot[$0]?.value }
    }
    return value(of: "_" + name.dropFirst(symbol.name.count)) { _ in symbol.value }
  }

  private static func value(of path: String, _ lookUp: (String) -> Value?) -> Value? {
    let program = Parser.parse(SourceText(path), layers: [])
    guard program.diagnostics.isEmpty, program.statements.count == 1,
      case .expression(let expression) = program.statements[0].kind
    else { return nil }
    return value(of: expression, lookUp)
  }

  private static func value(of expression: ExpressionSyntax, _ lookUp: (String) -> Value?) -> Value?
  {
    switch expression.kind {
    case .name(let name): return lookUp(name)
    case .member(let base, let name, _):
      return value(of: base, lookUp).flatMap { Members.member(name, of: $0) }
    case .index(let base, let indices):
      guard let base = value(of: base, lookUp), case .expression(let first)? = indices.first,
        case .number(let number, _) = first.kind, let index = Int(exactly: number)
      else { return nil }
      switch base {
      case .array(let array):
        return (0..<array.rows).contains(index - 1) ? Value(array.slice(index - 1)) : nil
      case .list(let list):
        let position = index - list.firstIndex
        return list.elements.indices.contains(position) ? list.elements[position] : nil
      default: return nil
      }
    default: return nil
    }
  }
}
