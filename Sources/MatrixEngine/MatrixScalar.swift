/// The element types of a matrix: `Double` and `Float`.
package protocol MatrixScalar: BinaryFloatingPoint, SIMDScalar, Sendable {}

extension Double: MatrixScalar {}
extension Float: MatrixScalar {}
