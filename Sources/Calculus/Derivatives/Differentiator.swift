/// Differentiates terms by one entry of one symbol. Every shared part is differentiated once.
final class Differentiator {
  private let symbol: Symbol
  private let indices: [Index]
  private let source: IndexSource
  private var done: [Fingerprint: Term] = [:]

  /// ∂ / ∂ symbol[indices].
  init(by symbol: Symbol, at indices: [Index], _ source: IndexSource) {
    self.symbol = symbol
    self.indices = indices
    self.source = source
  }

  /// The derivative of a term.
  ///
  /// Throws: `CalculusError.noDerivative` through a unit step.
  func derivative(of term: Term) throws(CalculusError) -> Term {
    if let term = done[term.fingerprint] { return term }
    let result: Term
    if case .entry(let name, let at) = term.form {
      // ∂x_i/∂x_j = δ_ij
      result =
        name == symbol ? .multiply(zip(at, indices).map { .delta($0, $1) }) : .zero
    } else {
      result = try DerivativeTable.derivative(of: term, source) {
        part throws(CalculusError) in try derivative(of: part)
      }
    }
    done[term.fingerprint] = result
    return result
  }
}
