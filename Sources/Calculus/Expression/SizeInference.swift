/// Finds the sizes of symbols that were declared without them: `C(w: vector, X: matrix) = X @ w`.
///
/// Build the expression with symbols whose unknown sizes are `Dimension.unknown`; each time a
/// constructor throws `CalculusError.sizesMustAgree`, tell `agree` and build again with `resolve`d shapes.
package struct SizeInference: Sendable {
  private var known: [Int: Dimension] = [:]
  private var named: [String: Dimension] = [:]

  package init() {}

  /// Makes an unknown size equal to another size, or a named one to a number.
  package mutating func agree(_ unknown: Dimension, _ other: Dimension) {
    guard resolve(other) != unknown else { return }
    switch unknown {
    case .unknown(let id): known[id] = other
    case .name(let name): named[name] = other
    case .number: break
    }
  }

  /// The size as far as it is known.
  package func resolve(_ size: Dimension) -> Dimension {
    var size = size
    while case .unknown(let id) = size, let next = known[id] { size = next }
    if case .name(let name) = size, let next = named[name] { return next }
    return size
  }

  package func resolve(_ shape: ExpressionShape) -> ExpressionShape {
    ExpressionShape(shape.dimensions.map(resolve))
  }

  /// Names the sizes of symbols that are still unknown n, m, k, …; false when there were none.
  ///
  /// In order of appearance, a matrix's rows m, its columns n first; no name of a symbol is taken.
  package mutating func nameRest(of symbols: [Symbol]) -> Bool {
    var used = Set(symbols.map(\.name))
    for symbol in symbols {
      for case .name(let name) in resolve(symbol.shape).dimensions { used.insert(name) }
    }
    func take(_ wanted: [String]) -> Dimension {
      let candidates = wanted + ["n", "m", "k", "p", "q", "r", "s"] + (1...99).map { "n\($0)" }
      let name = candidates.first { !used.contains($0) } ?? "n"
      used.insert(name)
      return .name(name)
    }
    var isChanged = false
    for symbol in symbols {
      let sizes = symbol.shape.dimensions
      for (axis, size) in sizes.enumerated() {
        guard case .unknown(let id) = resolve(size) else { continue }
        known[id] = take(sizes.count == 2 && axis == 0 ? ["m"] : ["n"])
        isChanged = true
      }
    }
    return isChanged
  }

  /// Builds an expression over symbols with unknown sizes; `build` is called again each time sizes turn
  /// out to be equal, with the symbols as they are then known.
  ///
  /// Throws: what `build` throws.
  package static func infer(
    _ symbols: [Symbol], _ build: ([Symbol]) throws(CalculusError) -> Expression
  ) throws(CalculusError) -> (symbols: [Symbol], expression: Expression) {
    var sizes = SizeInference()
    while true {
      let resolved = symbols.map { Symbol($0.quantity, sizes.resolve($0.shape)) }
      do {
        let expression = try build(resolved)
        if !sizes.nameRest(of: symbols) { return (resolved, expression) }
      } catch .sizesMustAgree(let unknown, let other) {
        sizes.agree(unknown, other)
      }
    }
  }
}
