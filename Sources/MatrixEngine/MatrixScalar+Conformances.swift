import Glibc

extension Double: MatrixScalar {
  @inlinable package static func exp(_ x: Double) -> Double { Glibc.exp(x) }
  @inlinable package static func expMinusOne(_ x: Double) -> Double { Glibc.expm1(x) }
  @inlinable package static func log(_ x: Double) -> Double { Glibc.log(x) }
  @inlinable package static func log(onePlus x: Double) -> Double { Glibc.log1p(x) }
  @inlinable package static func log10(_ x: Double) -> Double { Glibc.log10(x) }
  @inlinable package static func sin(_ x: Double) -> Double { Glibc.sin(x) }
  @inlinable package static func cos(_ x: Double) -> Double { Glibc.cos(x) }
  @inlinable package static func tan(_ x: Double) -> Double { Glibc.tan(x) }
  @inlinable package static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
  @inlinable package static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
}

extension Float: MatrixScalar {
  @inlinable package static func exp(_ x: Float) -> Float { Glibc.expf(x) }
  @inlinable package static func expMinusOne(_ x: Float) -> Float { Glibc.expm1f(x) }
  @inlinable package static func log(_ x: Float) -> Float { Glibc.logf(x) }
  @inlinable package static func log(onePlus x: Float) -> Float { Glibc.log1pf(x) }
  @inlinable package static func log10(_ x: Float) -> Float { Glibc.log10f(x) }
  @inlinable package static func sin(_ x: Float) -> Float { Glibc.sinf(x) }
  @inlinable package static func cos(_ x: Float) -> Float { Glibc.cosf(x) }
  @inlinable package static func tan(_ x: Float) -> Float { Glibc.tanf(x) }
  @inlinable package static func tanh(_ x: Float) -> Float { Glibc.tanhf(x) }
  @inlinable package static func pow(_ x: Float, _ y: Float) -> Float { Glibc.powf(x, y) }
}
