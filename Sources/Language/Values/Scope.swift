/// The local names of a function call or a generator; everything else is looked up in the session.
///
/// Blocks make no scope, so scopes are small: parameters and generator variables.
package struct Scope {
  /// What the scope binds, outer names first.
  package private(set) var names: [String] = []
  private var values: [Value] = []
  /// The formula that is evaluated here; nil where values are.
  package var reading: FormulaReading?

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

  /// Gives a name that is known here already another value; an unknown one is bound.
  mutating func assign(_ name: String, _ value: Value) {
    guard let index = names.lastIndex(of: name) else { return bind(name, value) }
    values[index] = value
  }

  /// The scope without those of some names that stand for parts of a formula.
  func hiding(_ hidden: [String]) -> Scope {
    guard hidden.contains(where: names.contains) else { return self }
    var scope = Scope()
    scope.reading = reading
    for (name, value) in zip(names, values) where !hidden.contains(name) || !value.isFormula {
      scope.bind(name, value)
    }
    return scope
  }

  /// The scope of the same names in which values are evaluated: numbers of the formula are numbers.
  var ofValues: Scope {
    var scope = Scope()
    for (name, value) in zip(names, values) {
      if case .expression(let expression) = value {
        if let number = expression.number { scope.bind(name, .scalar(number.value)) }
      } else {
        scope.bind(name, value)
      }
    }
    return scope
  }

  /// Replaces the value bound last: the next turn of a generator.
  mutating func rebindLast(_ value: Value) {
    values[values.count - 1] = value
  }
}
