import Notation

extension Expression {
  /// The formula in both notations.
  package func written(_ style: FormulaStyle = .exact) -> Written {
    Written(text: text(style), latex: latex(style))
  }
}

extension Written {
  static let plus = Written(text: " + ", latex: " + ")
}
