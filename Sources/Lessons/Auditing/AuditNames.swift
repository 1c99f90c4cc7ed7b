import Calculus
import Language
import MatrixEngine
import Syntax

/// What the names of an audit mean: their kinds, what they are defined as, their numbers in a run.
///
/// Beside the truth stands what the wrong lines have made of it, so that an error carried forward is known as one.
struct AuditNames {
  /// By name; the kind of a number is the usual one.
  var symbols: [String: Symbol] = [:]
  /// What a name is defined as, by the explanation, by a line, or as a derivative of what is.
  var formulas: [String: Expression] = [:]
  /// What an explanation says besides: the same before it was simplified.
  var alternatives: [String: [Expression]] = [:]
  /// The run's numbers.
  var values: [String: Tensor<Double>] = [:]
  /// The numbers in parts of an explanation that have their own: a presentation of the perceptron rule.
  var valuesByStep: [String: [String: Tensor<Double>]] = [:]
  /// The formulas of a section of an explanation that has several, by its title.
  var formulasBySection: [String: [String: Expression]] = [:]
  /// The names of changes, d(…), by their texts without spaces.
  var differentials: [String: String] = [:]
  /// What wrong lines have made of names.
  var carriedFormulas: [String: Expression] = [:]
  var carriedValues: [String: Tensor<Double>] = [:]
  /// Names as their lines printed them, rounded.
  var printedValues: [String: Tensor<Double>] = [:]
  /// What lines like `f(x) = x^2` define.
  var definitions: [String: Definition] = [:]
  var bounds: [String: OpenInterval] = [:]
  /// Rounded numbers, which stand as symbols so that they can be varied.
  var literals: [String: PrintedNumber] = [:]
  /// Names that are called without being functions of the session.
  var functions: Set<String> = []
  /// The names in whose number of turns a sum ends: the n of `sum(i for i in 1:n)`.
  var turns: Set<String> = []

  /// A function that a line defines.
  struct Definition {
    let parameters: [Symbol]
    let formula: Expression
  }

  func isKnown(_ name: String) -> Bool {
    symbols[name] != nil || values[name] != nil || formulas[name] != nil
  }

  /// Whether it is known what a name is.
  func isDefined(_ name: String) -> Bool { values[name] != nil || formulas[name] != nil }

  /// The symbol of a name; an unknown one is a number.
  func symbol(_ name: String) -> Symbol { symbols[name] ?? Symbol(name) }

  /// The sizes that occur in the kinds of names, and the numbers of turns of sums.
  var sizeNames: Set<String> {
    var names = turns
    for case .name(let name) in symbols.values.flatMap(\.shape.dimensions).flatMap(\.atoms) {
      names.insert(name)
    }
    return names
  }

  func formula(_ name: String, carried: Bool) -> Expression? {
    carried ? carriedFormulas[name] ?? formulas[name] : formulas[name]
  }

  func value(_ name: String, carried: Bool) -> Tensor<Double>? {
    carried ? carriedValues[name] ?? values[name] : values[name]
  }

  /// The symbols that nothing defines, behind those of an expression; rounded numbers are left out.
  func bases(of expressions: [Expression], carried: Bool = false) -> [Symbol] {
    var found: [Symbol] = []
    var seen: Set<String> = []
    func visit(_ expression: Expression) {
      for symbol in expression.symbols where seen.insert(symbol.name).inserted {
        if let formula = formula(symbol.name, carried: carried) {
          visit(formula)
        } else if literals[symbol.name] == nil {
          found.append(symbol)
        }
      }
    }
    expressions.forEach(visit)
    return found
  }

  /// The names that choose entries in an expression, or in what its names are defined as.
  func indices(of expressions: [Expression]) -> Set<Symbol> {
    var found: Set<Symbol> = []
    var seen: Set<String> = []
    func visit(_ expression: Expression) {
      found.formUnion(expression.indexSymbols)
      for symbol in expression.symbols where seen.insert(symbol.name).inserted {
        formulas[symbol.name].map(visit)
      }
    }
    expressions.forEach(visit)
    return found
  }

  /// The rounded numbers behind an expression.
  func literals(of expression: Expression, carried: Bool, prefersValues: Bool) -> [String] {
    var found: [String] = []
    var seen: Set<String> = []
    func visit(_ expression: Expression) {
      for symbol in expression.symbols where seen.insert(symbol.name).inserted {
        if literals[symbol.name] != nil {
          found.append(symbol.name)
        } else if prefersValues, value(symbol.name, carried: carried) != nil {
          continue
        } else if let formula = formula(symbol.name, carried: carried) {
          visit(formula)
        }
      }
    }
    visit(expression)
    return found
  }

  /// How the value of an expression is found: from a point, and for names that are not in it from the run's
  /// numbers, or from what they are defined as.
  struct Point {
    var values: [String: Tensor<Double>] = [:]
    var sizes: [String: Int] = [:]
    var prefersValues = false
    var carried = false
    /// Whether names have the rounded numbers that their lines end in.
    var prefersPrinted = false
  }

  /// nil where a name has no value, or the expression none there.
  func value(of expression: Expression, at point: Point) -> Tensor<Double>? {
    var known = point.values
    var open: Set<String> = []
    func value(_ expression: Expression) -> Tensor<Double>? {
      for symbol in expression.symbols where known[symbol.name] == nil {
        let name = symbol.name
        if let literal = literals[name] {
          known[name] = .scalar(literal.value)
        } else if point.prefersPrinted, let printed = printedValues[name] {
          known[name] = printed
        } else if point.prefersValues, let run = self.value(name, carried: point.carried) {
          known[name] = run
        } else if let formula = formula(name, carried: point.carried), open.insert(name).inserted {
          known[name] = value(formula)
          open.remove(name)
        }
        guard known[name] != nil else { return nil }
      }
      return try? expression.value(at: known, sizes: point.sizes)
    }
    return value(expression)
  }
}
