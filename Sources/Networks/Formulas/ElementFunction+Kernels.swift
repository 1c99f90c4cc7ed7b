import Calculus
import MatrixEngine

extension ElementFunction {
  /// What computes it of many numbers at once; nil where nothing does.
  var kernel: VectorFunction? { Self.kernels[self] }

  /// The same, where it knows its slope too.
  var differentiableKernel: VectorFunction? { Self.differentiable.contains(self) ? kernel : nil }

  /// Whether its formula computes it as well as anything does.
  var isExactAsWritten: Bool { Self.exact.contains(name) }

  private static let exact = Set(
    [ElementFunction.silu, .gelu, .hardTanh, .softsign, .leakyRelu, .unitStep].map(\.name))
  private static let kernels: [ElementFunction: VectorFunction] = [
    .tanh: .tanh, .sigmoid: .sigmoid, .relu: .relu, .exp: .exp, .ln: .ln, .erf: .erf, .sin: .sin,
    .cos: .cos, .sqrt: .sqrt, .abs: .abs,
  ]
  private static let differentiable: Set<ElementFunction> = [.tanh, .sigmoid, .relu, .exp]
}
