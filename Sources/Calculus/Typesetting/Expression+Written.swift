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

extension Expression {
  /// Of a row of I, one_hot(place, size): where its 1 is, and how long it is.
  var oneHot: (place: Expression, size: Dimension)? {
    guard case .entry(let whole, let indices) = node, case .identity(let size) = whole.node,
      case .value(let place) = indices[0], case .all = indices[1]
    else { return nil }
    return (place, size)
  }
}
