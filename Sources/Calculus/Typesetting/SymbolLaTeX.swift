import Notation

/// Functions' names in LaTeX, as their formulas have them.
package enum SymbolLaTeX {
  /// The name of a function: σ for `sigmoid`, ReLU for `relu`, as in its formula.
  package static func function(_ name: String, of formula: Expression) -> String {
    if let call = formula.node.call, call.name == name { return call.sign }
    return ElementFunction.named(name)?.spelling.sign ?? Quantity(name: name).latex()
  }
}
