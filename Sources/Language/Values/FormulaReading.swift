import Calculus
import Syntax

/// A formula while it is evaluated: what its names mean, the symbols that were met, the sizes as far as they are known.
///
/// A scope that has one gives expressions for numbers and names, so that everything made of them is a formula too.
package final class FormulaReading {
  /// What an unknown name means.
  package enum UnknownNames {
    /// A symbol, as under `∂(…)`: of its value's kind, else a number.
    case symbols
    /// A mistake, as everywhere else.
    case mistakes
  }

  let unknownNames: UnknownNames
  /// Names that are symbols whatever they are elsewhere: `e` in `∂(e^2)/∂e`.
  let variables: Set<String>
  /// The point at which it is evaluated, where that decides what is computed; nil: the formula is of all points.
  let point: PointValues?
  /// Shared with the formula that this one is a part of.
  package let sizes: SizeInference
  /// The calls that were being evaluated when it began: in deeper ones free names are no symbols by themselves.
  let callDepth: Int
  /// Every symbol met, in order of appearance.
  package private(set) var symbols: [Symbol] = []
  /// The names of parameters of formulas that are part of this one.
  private(set) var bound: Set<String> = []
  /// The names that mean parameters, whatever variables there are.
  var parameters: Set<String>
  /// Indices in use, so that a function's `i` is another one than the cell's.
  private var indices: Set<String>
  /// The layer whose lines are read; nil for any other formula.
  let layer: LayerReading?
  /// Whether brackets around matrices may make an array of more dimensions: in lines of layers, and where a formula is
  /// read to be compared.
  let mayHaveArrays: Bool

  init(
    unknownNames: UnknownNames, variables: Set<String>, parameters: Set<String>, callDepth: Int,
    in outer: FormulaReading?, at point: PointValues? = nil, layer: LayerReading? = nil,
    mayHaveArrays: Bool = false
  ) {
    self.unknownNames = unknownNames
    self.variables = variables
    self.parameters = parameters
    self.callDepth = callDepth
    self.point = point ?? outer?.point
    sizes = outer?.sizes ?? SizeInference()
    indices = outer?.indices ?? []
    self.layer = layer ?? outer?.layer
    self.mayHaveArrays = mayHaveArrays || layer != nil || outer?.mayHaveArrays ?? false
  }

  /// A symbol that occurs in the formula.
  @discardableResult
  package func add(_ symbol: Symbol) -> Expression {
    if !symbols.contains(symbol) { symbols.append(symbol) }
    return .symbol(symbol)
  }

  /// A parameter that a call leaves open.
  @discardableResult
  func addBound(_ symbol: Symbol) -> Expression {
    bound.insert(symbol.name)
    return add(symbol)
  }

  /// Makes a generator's variable an index; one that is in use already gets another name.
  func withIndex<Result>(
    _ name: String, _ work: (String) throws(Diagnostic) -> Result
  ) throws(Diagnostic) -> Result {
    var index = name
    var number = 1
    while !indices.insert(index).inserted {
      index = "\(name)\(number)"
      number += 1
    }
    defer { indices.remove(index) }
    return try work(index)
  }

  /// The symbols with their sizes as they have become known.
  var resolvedSymbols: [Symbol] {
    var result: [Symbol] = []
    for symbol in symbols.map({ sizes.resolve($0) }) where !result.contains(symbol) {
      result.append(symbol)
    }
    return result
  }
}

/// What was read as a formula.
package struct ReadFormula {
  /// In order of appearance.
  package let symbols: [Symbol]
  package let expression: Expression
  /// The names of parameters of formulas in it: these stay parameters, whatever values the names have.
  let bound: Set<String>

  /// The symbols that the whole is a function of: those that `isOpen`, and the parameters of formulas in it.
  package func parameters(_ isOpen: (String) -> Bool) -> [Symbol] {
    symbols.filter { bound.contains($0.name) || isOpen($0.name) }
  }
}
