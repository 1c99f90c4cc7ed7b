/// The local names of a function call or a generator; everything else is looked up in the session.
///
/// Blocks make no scope, so scopes are small: parameters and generator variables.
package struct Scope {
  /// What the scope binds, outer names first.
  package private(set) var names: [String] = []
  private var values: [Value] = []

  package static var global: Scope { Scope() }

  /// Every name with the value that it has here.
  package var bindings: [(name: String, value: Value)] {
    var bindings: [(name: String, value: Value)] = []
    for (name, value) in zip(names, values).reversed()
    where !bindings.contains(where: { $0.name == name }) {
      bindings.append((name, value))
    }
    return bindings.reversed()
  }

  package subscript(name: String) -> Value? {
    guard !names.isEmpty, let index = names.lastIndex(of: name) else { return nil }
    return values[index]
  }

  /// A scope with one more name, which hides an outer one.
  package func adding(_ name: String, _ value: Value) -> Scope {
    var scope = self
    scope.bind(name, value)
    return scope
  }

  package mutating func bind(_ name: String, _ value: Value) {
    names.append(name)
    values.append(value)
  }

  /// Replaces the value bound last: the next turn of a generator.
  mutating func rebindLast(_ value: Value) {
    values[values.count - 1] = value
  }
}
