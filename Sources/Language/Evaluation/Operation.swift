import Glibc
import Syntax

/// An operation on two values, whichever way it was written: `3x`, `x²` and `a * b` meet here.
package enum Operation {
  case add, subtract, multiply, hadamard, divide, power, product

  package init(_ written: BinaryOperator) {
    self =
      switch written {
      case .add: .add
      case .subtract: .subtract
      case .multiply: .multiply
      case .hadamard, .hadamardTimes: .hadamard
      case .divide, .hadamardDivide: .divide
      case .matrixProduct, .dotProduct: .product
      }
  }

  /// The result for two numbers.
  package func apply(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply, .hadamard, .product: a * b
    case .divide: a / b
    case .power: b == 2 ? a * a : pow(a, b)
    }
  }

  /// The result for two numbers where it is finite and needs no second look; nil otherwise.
  @inline(__always)
  func quick(_ a: Double, _ b: Double) -> Double? {
    let result = apply(a, b)
    return result.isFinite ? result : nil
  }

  /// As messages write it.
  package var text: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .hadamard: "⊙"
    case .divide: "/"
    case .power: "^"
    case .product: "@"
    }
  }

  /// What it does, for "cannot add …".
  var verb: String {
    switch self {
    case .add: "add"
    case .subtract: "subtract"
    case .multiply, .hadamard: "multiply"
    case .divide: "divide"
    case .power: "raise to a power"
    case .product: "multiply"
    }
  }
}
