import CKernels

/// A function of one number that the kernels compute of many at once.
///
/// Accurate to an ulp (exp, ln) or two over the whole range, denormals, infinities and NaN included.
@usableFromInline package struct VectorFunction: Sendable, Equatable {
  let code: nabla_function
  let parameter: Double

  private init(_ code: nabla_function, _ parameter: Double = 0) {
    (self.code, self.parameter) = (code, parameter)
  }

  package static let identity = VectorFunction(nabla_function_identity)
  package static let exp = VectorFunction(nabla_function_exp)
  package static let ln = VectorFunction(nabla_function_ln)
  /// ln(1 + x) and e^x − 1, exact near 0.
  package static let lnOnePlus = VectorFunction(nabla_function_ln_one_plus)
  package static let expMinusOne = VectorFunction(nabla_function_exp_minus_one)
  package static let tanh = VectorFunction(nabla_function_tanh)
  package static let sigmoid = VectorFunction(nabla_function_sigmoid)
  package static let erf = VectorFunction(nabla_function_erf)
  package static let sin = VectorFunction(nabla_function_sin)
  package static let cos = VectorFunction(nabla_function_cos)
  package static let sqrt = VectorFunction(nabla_function_sqrt)
  package static let abs = VectorFunction(nabla_function_abs)
  /// max(x, 0); NaN goes through.
  package static let relu = VectorFunction(nabla_function_relu)
  /// x above 0, slope · x elsewhere.
  package static func leakyReLU(slope: Double) -> VectorFunction {
    VectorFunction(nabla_function_leaky_relu, slope)
  }
}

extension Buffer {
  /// result[i] = f(self[i]); the result may be this buffer.
  @inlinable
  package func map(_ function: VectorFunction, into result: Buffer) {
    precondition(result.count >= count)
    Scalar.map(function, base, result.base, count)
  }

  /// result[i] = self[i] · f′(z[i]), given a = f(z) too: of identity, exp, tanh, sigmoid and the two that are bent at
  /// 0; of others NaN.
  @inlinable
  package func pullBack(_ function: VectorFunction, z: Buffer, a: Buffer, into result: Buffer) {
    precondition(z.count >= count && a.count >= count && result.count >= count)
    Scalar.pullBack(function, z.base, a.base, base, result.base, count)
  }
}
