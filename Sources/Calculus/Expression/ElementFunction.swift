import Glibc

/// A function of one number that maps over the entries of vectors and matrices.
///
/// Its symbolic derivative stands in `DerivativeTable`; `slope` here is the number that forward-mode
/// differentiation uses, written independently of it.
package struct ElementFunction: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case exp, ln, log10, sqrt, abs, sin, cos, tan, tanh, sigmoid, relu
    case leakyRelu = "leaky_relu"
    case unitStep = "unit_step"
    /// −1, 0 or 1: the derivative of `abs`. It has no name in the language: `(x > 0) - (x < 0)`.
    case sign
  }

  package let kind: Kind
  /// The slope of `leaky_relu` below 0, the threshold of `unit_step`; nil for the others.
  package let parameter: Number?

  package init(_ kind: Kind, parameter: Number? = nil) {
    self.kind = kind
    self.parameter =
      switch kind {
      case .leakyRelu: parameter ?? Number(0.01)
      case .unitStep: parameter ?? .zero
      default: nil
      }
  }

  /// Its name in the language.
  package var name: String { kind.rawValue }

  /// The name of `parameter` as a keyword, and the value that is left out, or nil.
  var keyword: (name: String, defaultValue: Number)? {
    switch kind {
    case .leakyRelu: ("slope", Number(0.01))
    case .unitStep: ("threshold", .zero)
    default: nil
    }
  }

  /// f(x).
  package func value(_ x: Double) -> Double {
    switch kind {
    case .exp: Glibc.exp(x)
    case .ln: Glibc.log(x)
    case .log10: Glibc.log10(x)
    case .sqrt: x.squareRoot()
    case .abs: x.magnitude
    case .sin: Glibc.sin(x)
    case .cos: Glibc.cos(x)
    case .tan: Glibc.tan(x)
    case .tanh: Glibc.tanh(x)
    case .sigmoid: ElementFunction.sigmoid(x)
    case .relu: x < 0 ? 0 : x
    case .leakyRelu: x < 0 ? (parameter?.value ?? 0) * x : x
    case .unitStep: x >= (parameter?.value ?? 0) ? 1 : 0
    case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
    }
  }

  /// f′(x) as a number, with the conventions at kinks; nil where there is none (a step).
  package func slope(_ x: Double) -> Double? {
    switch kind {
    case .exp: return Glibc.exp(x)
    case .ln: return 1 / x
    case .log10: return 1 / (x * Glibc.log(10))
    case .sqrt: return 0.5 / x.squareRoot()
    case .abs: return x > 0 ? 1 : x < 0 ? -1 : 0
    case .sin: return Glibc.cos(x)
    case .cos: return -Glibc.sin(x)
    case .tan:
      let c = Glibc.cos(x)
      return 1 / (c * c)
    case .tanh:
      let c = Glibc.cosh(x)
      return 1 / (c * c)
    case .sigmoid: return ElementFunction.sigmoid(x) * ElementFunction.sigmoid(-x)
    case .relu: return x > 0 ? 1 : 0
    case .leakyRelu: return x > 0 ? 1 : parameter?.value ?? 0
    case .unitStep: return nil
    case .sign: return 0
    }
  }

  /// Where its derivative jumps, or nil.
  package var kink: Double? {
    switch kind {
    case .abs, .relu, .leakyRelu, .sign: 0
    case .unitStep: parameter?.value ?? 0
    default: nil
    }
  }

  private static func sigmoid(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + Glibc.exp(-x)) }
    let e = Glibc.exp(x)
    return e / (1 + e)
  }

  func mix(into mixer: inout FingerprintMixer) {
    mixer.mix(name)
    if let parameter { parameter.mix(into: &mixer) }
  }
}

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

/// A reduction of many entries to one.
package enum ExpressionReduction: String, CaseIterable, Sendable { case sum, mean, max, min, norm }

/// π and e, which stay names.
package enum NamedConstant: String, CaseIterable, Sendable {
  case pi, e

  package var value: Double { self == .pi ? .pi : 2.718281828459045 }
}
