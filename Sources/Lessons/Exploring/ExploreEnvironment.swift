import Language
import Networks
import Syntax

/// The values of the names that explored expressions depend on, as they were when the exploration began.
///
/// Later cells may change these names: the exploration, like the page that is stored of it, stays what it was.
struct ExploreEnvironment: Sendable {
  /// Every name that is read, also in the functions that are called.
  private(set) var reads: Set<String>
  private var values: [(name: String, value: SharedValue)] = []
  private var networks: [NetworkIdentity: NetworkState] = [:]
  let settings: Settings

  init(of expressions: [ExpressionSyntax], in interpreter: Interpreter) {
    let statements = expressions.map { StatementSyntax(.expression($0), $0.span) }
    reads = interpreter.dependencies(of: statements).reads
    settings = interpreter.settings
    for name in reads.sorted() { take(name, of: interpreter) }
  }

  /// Adds the value of one more name.
  mutating func include(_ name: String, of interpreter: Interpreter) {
    guard !values.contains(where: { $0.name == name }) else { return }
    take(name, of: interpreter)
  }

  private mutating func take(_ name: String, of interpreter: Interpreter) {
    guard let value = interpreter.memory[name] else { return }
    let shared = SharedValue(value) { networks[$0.identity] = $0.state }
    values.append((name, shared))
  }

  /// The names that hold networks.
  var networkNames: [String] {
    values.compactMap { if case .network = $0.value { $0.name } else { nil } }
  }

  /// Gives the names these values, with networks of their own.
  func bind(in interpreter: Interpreter) {
    var copies: [NetworkIdentity: Network] = [:]
    for (name, value) in values {
      interpreter.memory[name] = value.value { identity in
        if let copy = copies[identity] { return copy }
        guard let state = networks[identity] else { return nil }
        let copy = Network(state)
        copies[identity] = copy
        return copy
      }
    }
    interpreter.settings = settings
  }
}
