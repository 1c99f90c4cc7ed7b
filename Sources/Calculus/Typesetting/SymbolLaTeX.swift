import Notation

/// Functions' names in LaTeX, as their formulas have them.
package enum SymbolLaTeX {
  /// The name of a function: σ for `sigmoid`, ReLU for `relu`, as in its formula.
  package static func function(_ name: String) -> String {
    if let function = ElementFunction.all.first(where: { $0.name == name }) {
      return function.spelling.sign
    }
    return name == "softmax" ? "\\operatorname{softmax}" : Quantity(name: name).latex()
  }
}
