import Calculus
import Language

/// How a formula came about, by the lecture's method.
extension Formula {
  /// Throws: as the derivative that it explains, and as `Expression.value(at:)` for the numbers.
  package func derivation(at numbers: Derivation.Numbers, form: FormulaForm) throws(CalculusError)
    -> Derivation
  {
    switch origin {
    case .symbol(let symbol):
      return try .value(of: expression, named: symbol.name, at: numbers)
    case .expression(let subject):
      if form == .scalar {
        return try .value(
          of: expression.simplified(form: .scalar), named: subject.shownName, at: numbers)
      }
      return try .value(of: subject.expression, named: subject.shownName, at: numbers)
    case .derivative(let subject, let variables):
      let (formula, name) = (subject.expression, subject.shownName)
      if variables.count == 1 {
        let (symbol, entry) = (variables[0].symbol, variables[0].entry)
        return entry.isEmpty
          ? try .derivative(of: formula, named: name, by: symbol, at: numbers, form: form)
          : try .derivative(of: formula, named: name, by: symbol, entry: entry, at: numbers)
      }
      guard variables.allSatisfy({ $0.entry.isEmpty }) else {
        throw .unsupported(
          "a higher derivative by entries has no derivation of its own; explain one derivative at a time"
        )
      }
      return try .higherDerivative(
        of: formula, named: name, by: variables.map(\.symbol), at: numbers, form: form)
    case .total(let subject, let symbol, let intermediates):
      return try .totalDerivative(
        of: subject.expression, named: subject.shownName, by: symbol, through: intermediates,
        at: numbers)
    case .gradient(let subject, let symbols):
      return try .gradient(
        of: subject.expression, named: subject.shownName, by: symbols, at: numbers, form: form)
    case .jacobian(let subjects, let symbols):
      return try .jacobian(
        of: subjects.enumerated().map { number, subject in
          let name = subject.name ?? (subjects.count == 1 ? "f" : "f\(number + 1)")
          return (subject.expression, name)
        }, by: symbols, at: numbers, form: form)
    case .hessian(let subject, let symbols):
      return try .hessian(
        of: subject.expression, named: subject.shownName, by: symbols, at: numbers, form: form)
    }
  }
}

extension Formula.Subject {
  /// Its name; an expression without one is y, or another letter that it does not use itself.
  var shownName: String {
    if let name { return name }
    let taken = Set(expression.symbols.map(\.name)).union(expression.functionNames)
    return ["y", "f", "g", "h"].first { !taken.contains($0) } ?? "y"
  }
}
