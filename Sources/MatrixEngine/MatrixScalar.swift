/// The element types of a matrix: `Double` and `Float`.
///
/// Each brings the C library's functions in its own precision, and its matrix product.
@usableFromInline package protocol MatrixScalar: BinaryFloatingPoint, Sendable {
  static func exp(_ x: Self) -> Self
  /// e^x − 1, exact near 0.
  static func expMinusOne(_ x: Self) -> Self
  /// The natural logarithm: −∞ at 0, NaN below.
  static func log(_ x: Self) -> Self
  /// ln(1 + x), exact near 0.
  static func log(onePlus x: Self) -> Self
  static func log10(_ x: Self) -> Self
  static func sin(_ x: Self) -> Self
  static func cos(_ x: Self) -> Self
  static func tan(_ x: Self) -> Self
  static func tanh(_ x: Self) -> Self
  static func pow(_ x: Self, _ y: Self) -> Self

  /// C = op(A)·op(B), or C + op(A)·op(B), by BLAS; false when there is no BLAS library.
  static func blasProduct(_ call: ProductCall<Self>) -> Bool
}
