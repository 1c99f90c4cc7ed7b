import Calculus

/// The activations that need no kernel of their own: functions of the calculus.
extension Activation {
  /// x σ(x). Source: Ramachandran, Zoph, Le (2017).
  package static let silu = Activation(.silu, range: "[-0.2785, ∞)", initializer: .he)
  /// x Φ(x), exact. Source: Hendrycks, Gimpel (2016).
  package static let gelu = Activation(.gelu, range: "[-0.17, ∞)", initializer: .he)
  /// α(e^x − 1) below 0. Source: Clevert, Unterthiner, Hochreiter (2015).
  package static let elu = Activation(.elu, range: "(-α, ∞)", initializer: .he)
  /// ln(1 + e^x)
  package static let softplus = Activation(.softplus, range: "(0, ∞)", initializer: .he)
  package static let hardTanh = Activation(.hardTanh, range: "[-1, 1]")
  /// x/(1 + |x|)
  package static let softsign = Activation(.softsign, range: "(-1, 1)")
  /// −1, 0 or 1.
  package static let sign = Activation(.sign, range: "{-1, 0, 1}")
}
