/// Finds the sizes of parameters that were declared without them: `C(w: vector, X: matrix) = X @ w`.
package enum SizeInference {
  /// Builds an expression whose symbols may have unknown sizes, making sizes equal as its operations
  /// need, and names what is left n, m, k, …
  ///
  /// `build` is called again each time two sizes turn out to be equal, with the symbols as they are
  /// then known. Sizes are named in order of appearance, a matrix's rows m, its columns n first.
  ///
  /// Throws: what `build` throws.
  package static func infer(
    _ symbols: [Symbol], _ build: ([Symbol]) throws(CalculusError) -> Expression
  ) throws(CalculusError) -> (symbols: [Symbol], expression: Expression) {
    var symbols = symbols
    while true {
      do {
        let expression = try build(symbols)
        let named = name(symbols)
        return named == symbols ? (symbols, expression) : (named, try build(named))
      } catch .sizesMustAgree(let unknown, let other) {
        symbols = symbols.map { replace(unknown, other, in: $0) }
      }
    }
  }

  private static func replace(_ old: Dimension, _ new: Dimension, in symbol: Symbol) -> Symbol {
    Symbol(symbol.name, ExpressionShape(symbol.shape.dimensions.map { $0 == old ? new : $0 }))
  }

  private static func name(_ symbols: [Symbol]) -> [Symbol] {
    var used = Set(symbols.map(\.name))
    for symbol in symbols {
      for case .name(let name) in symbol.shape.dimensions { used.insert(name) }
    }
    func take(_ wanted: [String]) -> Dimension {
      let candidates = wanted + ["n", "m", "k", "p", "q", "r", "s"] + (1...99).map { "n\($0)" }
      let name = candidates.first { !used.contains($0) } ?? "n"
      used.insert(name)
      return .name(name)
    }
    var result = symbols
    for i in result.indices {
      let sizes = result[i].shape.dimensions
      for (axis, size) in sizes.enumerated() {
        guard case .unknown = size else { continue }
        let name = take(sizes.count == 2 && axis == 0 ? ["m"] : ["n"])
        result = result.map { replace(size, name, in: $0) }
      }
    }
    return result
  }
}
