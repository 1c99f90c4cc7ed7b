/// The larger or the smaller.
package enum Extremum: String, Sendable { case max, min }

/// A comparison, element by element; its value counts as 0 or 1.
package enum Comparison: String, CaseIterable, Sendable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="

  package func holds(_ a: Double, _ b: Double) -> Bool {
    switch self {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .equal: a == b
    case .notEqual: a != b
    }
  }

  /// The comparison that holds exactly where this one does not (of numbers).
  package var negated: Comparison {
    switch self {
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    case .equal: .notEqual
    case .notEqual: .equal
    }
  }

  /// The comparison with its operands exchanged.
  var mirrored: Comparison {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: self
    }
  }
}

/// A reduction of many entries to one; the divisor of a variance is their number.
package enum ExpressionReduction: String, CaseIterable, Sendable {
  case sum, mean, max, min, norm, prod
  case variance = "var"
  case deviation = "std"
}

/// A function of a whole matrix, by its name in the language.
package enum MatrixFunction: String, CaseIterable, Sendable {
  case determinant = "det"
  case trace
  case inverse = "inv"
  /// Of Moore and Penrose.
  case pseudoinverse = "pinv"
}

/// π and e, which stay names.
package enum NamedConstant: String, CaseIterable, Sendable {
  case pi, e

  package var value: Double { self == .pi ? .pi : 2.718281828459045 }
}
