/// The element types of a matrix: `Double` and `Float`.
///
/// Each brings the C library's functions in its own precision, and its kernels.
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

  /// C = op(A)·op(B), or C + op(A)·op(B), with the call's bias; false when the flag was raised on the way.
  static func multiply(_ call: ProductCall<Self>, interrupt: InterruptFlag?) -> Bool
  /// y[i] = f(x[i])
  static func map(
    _ function: VectorFunction, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>,
    _ count: Int)
  /// gz[i] = ga[i] · f′(z[i]), given a = f(z) too.
  static func pullBack(
    _ function: VectorFunction, _ z: UnsafePointer<Self>, _ a: UnsafePointer<Self>,
    _ ga: UnsafePointer<Self>, _ gz: UnsafeMutablePointer<Self>, _ count: Int)
  /// result = a op b in each of some rows of `count` entries, which lie `distance` apart.
  static func join(
    _ operation: JoinOperation, rows: Int, count: Int, _ a: JoinOperand<Self>,
    _ b: JoinOperand<Self>, _ result: UnsafeMutablePointer<Self>, _ distance: Int)
  /// target += gradient · ∂(a op b), by a or by b; summed where the target has one entry a row.
  static func pullJoin(
    _ operation: JoinOperation, bySecond: Bool, rows: Int, count: Int, _ a: JoinOperand<Self>,
    _ b: JoinOperand<Self>, _ gradient: JoinOperand<Self>, _ target: UnsafeMutablePointer<Self>,
    _ distance: Int, isSingle: Bool)
  /// result[i] = factor · factors[i] · value[i] of a formula, where there are factors and a result; the sum of the values.
  static func run(
    _ program: ProgramCall, _ inputs: UnsafePointer<UnsafePointer<Self>?>?,
    _ factors: UnsafePointer<Self>?, _ factor: Self, _ result: UnsafeMutablePointer<Self>?,
    _ count: Int
  ) -> Self
  /// The column sums of x, added to what is there if asked. Shape: `x: [m, n]`, `sums: [n]`.
  static func sumColumns(
    _ x: UnsafePointer<Self>, _ m: Int, _ n: Int, into sums: UnsafeMutablePointer<Self>, adds: Bool)
}
